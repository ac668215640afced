"""Coordinators look after ideas: they hide, sort and merge them, and say whose they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.errors import CommandError, CommonplaceError, FormError, NotAllowedError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.names import settled
from bot.core.finding.permissions import Permissions
from bot.core.messages.common import author_name
from bot.core.model.care import LONGEST_REASON, Cared, CareNote
from bot.core.model.ideas import Filters, Idea, Withdrawal
from bot.core.model.links import without_passwords
from bot.core.model.people import Asker, Keep
from bot.core.model.typed import short
from bot.core.model.vocabulary import command
from bot.core.ports import IdeaStore

_NUMBER: Final = re.compile(r"\s*(?:idea\s*)?#?([0-9]{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Looked:
    """An idea as its coordinator looks after it.

    Attributes:
        parts: the ideas that were merged into it.
        into: the idea that it was merged into.
        last: what was done with it last.
    """

    idea: Idea
    parts: Sequence[Idea] = ()
    into: Idea | None = None
    last: CareNote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Does what coordinators choose to do with an idea. Rights are checked here, each time."""

    store: IdeaStore
    finder: IdeaFinder
    permissions: Permissions

    async def beside(self, asker: Asker, idea: Idea) -> tuple[Looked, bool]:
        """What stands beside an idea that the asker is shown, and whether they look after it."""
        last = await self.store.last_care(idea.id) if idea.withdrawn else None
        parts = await self.store.parts_of(idea.id)
        if parts and not await self.finder.hears_others(asker, idea):
            parts = ()
        looked = Looked(idea, parts, last=last)
        return looked, await self.finder.coordinates(asker, idea)

    async def look(self, asker: Asker, number: int) -> Looked:
        """An idea of a channel that the asker coordinates, also one that is put aside.

        Raises:
            NoSuchIdeaError: there is none, it was withdrawn, or the asker may not see it.
            NotAllowedError: they do not coordinate its channel.
        """
        idea = await self.finder.held(asker, number)
        if not await self.permissions.is_coordinator(asker, idea.channel):
            raise NotAllowedError(
                f"Only coordinators of its channel can look after #{number}. I changed nothing."
            )
        into = None if idea.part_of is None else await self.store.idea_by_id(idea.part_of)
        parts = await self.store.parts_of(idea.id)
        return Looked(idea, parts, into, await self.store.last_care(idea.id))

    async def do(self, asker: Asker, number: int, given: Mapping[str, str]) -> tuple[Looked, Cared]:
        """Do what the form says, and have those told whom it concerns. Raises as `look`.

        Raises:
            FormError: something in it cannot be done; nothing was changed.
        """
        looked = await self.look(asker, number)
        what = given.get("what", "")
        if what not in offered(looked.idea):
            raise FormError({"what": "That cannot be done with it any more. Nothing was changed."})
        done = Cared(what)
        reason = " ".join(without_passwords(given.get("reason", "")).split())[:LONGEST_REASON]
        if not reason:
            raise FormError({"reason": "Please give a reason: its author is told."})
        idea, other, target = looked.idea, None, ""
        try:
            match done:
                case Cared.MERGED:
                    field = "other"
                    idea, other = await self._both(asker, idea, given.get(field, ""))
                case Cared.SORTED:
                    field = "component"
                    target = self._code(idea, given.get(field, ""))
                case Cared.MOVED:
                    field = "whose"
                    target = await self._author(asker, idea, given.get(field, ""))
                case _:
                    field = "what"
        except CommonplaceError as error:
            raise FormError({field: str(error)}) from error
        note = CareNote(
            idea_id=idea.id,
            who=asker.member_id,
            at=self.finder.now(),
            what=done,
            reason=reason,
            other_id=None if other is None else other.id,
        )
        if await self.store.care_for(note, target=target) is None:
            raise FormError({field: f"#{number} was changed meanwhile, so I changed nothing."})
        return Looked(await self._again(idea), (), other), done

    async def _again(self, idea: Idea) -> Idea:
        return await self.store.idea_by_id(idea.id) or idea

    async def _both(self, asker: Asker, idea: Idea, typed: str) -> tuple[Idea, Idea]:
        """The later and the earlier of two ideas; the later becomes part of the earlier."""
        found = _NUMBER.fullmatch(typed)
        if found is None:
            raise CommandError("Which idea is the same? Write its number, for example 12.")
        other = await self.finder.show(asker, int(found[1]))
        if other.id == idea.id:
            raise CommandError(f"That is #{idea.number} itself. Write the number of the other one.")
        if other.channel != idea.channel:
            raise CommandError(
                f"#{other.number} is in another channel, which not everybody here may see. Only "
                "ideas of one channel are merged."
            )
        return (idea, other) if other.number < idea.number else (other, idea)

    def _code(self, idea: Idea, code: str) -> str:
        if code and self.finder.framework.component(code) is None:
            raise CommandError("The framework has no such part. Please choose one of the list.")
        if idea.components == ((code,) if code else ()):
            raise CommandError("It is about that already. Choose another part, or press Cancel.")
        return f"{code} {self.finder.framework.version}"

    async def _author(self, asker: Asker, idea: Idea, typed: str) -> str:
        """The id of the member whose idea it is, who may see what stands in its channel."""
        if not (who := typed.strip().lstrip("@").strip('"')):
            raise CommandError("Whose idea is it? Write the name as the chat shows it.")
        if not await self.store.called(asker.workspace, who):
            raise CommandError(
                f"I know nobody called {short(who)} here. If they have never written here, ask "
                f"them to write `{command('me')}` to me once."
            )
        seen = await self.permissions.visible_to(asker)
        filters = Filters(people=(who,))
        (found,) = (await settled(self.store, asker.workspace, filters, seen.visibility)).people
        member = await self.store.member(asker.workspace, found)
        channel = await self.store.channel(asker.workspace, idea.channel)
        if member is None or member.person.is_bot or channel is None:
            raise CommandError(f"{short(who)} is no member.")
        if found == idea.author.id:
            raise CommandError(f"It is {author_name(idea.author)}’s already.")
        if member.profile.keep is Keep.NOTHING:
            raise CommandError(f"{short(who)} chose that I keep nothing of theirs.")
        if not await self.permissions.may_hear(found, channel):
            raise CommandError(f"{short(who)} may not see what stands in its channel.")
        return found


def offered(idea: Idea) -> Sequence[Cared]:
    """What can be done with an idea now."""
    match idea.withdrawn:
        case Withdrawal.HIDDEN:
            return (Cared.SHOWN,)
        case Withdrawal.MERGED:
            return (Cared.PARTED,)
        case _:
            return (Cared.HIDDEN, Cared.SORTED, Cared.MERGED, Cared.MOVED)
