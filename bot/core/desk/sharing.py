"""What members hand in: ideas, from a command, a button or a form, and their own profile."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.desk.commands import looks_like_command
from bot.core.desk.profiles import Profiles
from bot.core.desk.replies import Answer, OpenForm, Problems, Reply, apology
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    CommandError,
    NotAllowedError,
)
from bot.core.finding.permissions import Permissions
from bot.core.finding.similar import Similar
from bot.core.intake.given import Given, WrongFieldError
from bot.core.intake.reader import typed
from bot.core.intake.share import NOTHING_MORE, Sharer
from bot.core.messages import idea_form
from bot.core.messages import sharing as messages
from bot.core.messages.common import runs, said
from bot.core.model.actions import Act, Action
from bot.core.model.cutting import size
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, Shared, Source
from bot.core.model.parts import Form, Message, Paragraph, Submission
from bot.core.model.people import Asker
from bot.core.model.posts import NOTHING, Place, Post, Span, Text
from bot.core.model.typed import plain, typed_text
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore

LONGEST_BUTTON = 1_900
"""Characters, as `size` counts, of a text that a button can give back to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Keeps what a member types or sends in a form, and has it posted.

    Args:
        spans: reads a text as the platform of a workspace sent it: (workspace, text).
        settle: waits a moment for a job of the outbox; returns why it failed, if it did.
    """

    store: IdeaStore
    sharer: Sharer
    permissions: Permissions
    profiles: Profiles
    spans: Callable[[str, str], tuple[Span, ...]]
    settle: Callable[[Effect, str], Awaitable[ChatError | None]]
    framework: Framework
    similar: Similar
    now: Callable[[], datetime]

    async def typed(self, asker: Asker, text: str) -> OpenForm | Message:
        """Keep the idea that was typed after the command; open the form where none was."""
        text = text.strip()
        body = self.spans(asker.workspace, text)
        try:
            await self.permissions.check_active(asker)
            if not text:
                return await self.ask(asker)
            taken = await self._taken(asker, text, body)
        except Exception as error:
            if not text:
                raise
            return self._unkept(body, error)
        return taken if isinstance(taken, Message) else await self._said(asker, taken)

    async def _taken(self, asker: Asker, text: str, body: tuple[Span, ...]) -> Shared | Message:
        """Keep what was typed, or ask whether or where it is meant."""
        meant = looks_like_command(typed_text(body))
        is_open = await self.permissions.may_post_here(asker)
        if meant is not None and size(text) <= LONGEST_BUTTON:
            return messages.meant_ideas(text, meant, channel=asker.channel if is_open else "")
        if is_open:
            return await self._keep(asker, asker.channel, body)
        return await self._ask_where(asker, text)

    async def _ask_where(self, asker: Asker, text: str) -> Message:
        places = await self.permissions.may_post_in(asker)
        if size(text) > LONGEST_BUTTON or not places:
            raise CommandError(messages.elsewhere(places))
        return messages.which_channel(text, places)

    async def ask(self, asker: Asker) -> OpenForm | Message:
        """Open the form for an idea; say so where there is no channel that takes one."""
        places = await self.permissions.may_post_in(asker)
        return self._form(asker, places) if places else said(messages.elsewhere(()))

    async def pressed(self, asker: Asker, action: Action) -> Message:
        """Keep an idea in the channel that was chosen; without one, ask for it.

        One that is shared again, whose post of ours was deleted a moment ago, is in plain words.
        """
        again = action.act is Act.SHARE_AGAIN
        text = action.text
        body = (Text(text),) if again else self.spans(asker.workspace, text)
        try:
            if not action.channel:
                return await self._ask_where(asker, text)
            await self.permissions.check_posting(asker, action.channel)
            shared = await self._keep(asker, action.channel, body)
        except (CommandError, NotAllowedError) as error:  # its button is gone then
            return self._unkept(body, error)
        return await self._said(asker, shared)

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep an idea from the form."""
        asker = replace(asker, channel=form.about.channel)
        channel, text = form.values.get("channel", ""), form.values.get("text", "")
        try:
            await self.permissions.check_posting(asker, channel)
            given = Given.read(form.values, asker.member_id)
            if form.about.text != idea_form.ANYWAY and (
                found := await self.similar.to(asker, text)
            ):
                places = await self.permissions.may_post_in(asker)
                return OpenForm(self._filled(asker, places, form.values, found), instead=True)
            shared = await self._keep(asker, channel, (Text(text),), given, source=Source.FORM)
        except NotAllowedError as error:
            return Problems({"channel": str(error)})
        except WrongFieldError as error:
            return Problems({error.field: str(error)})
        except CommandError as error:
            return Problems({"text": str(error)})
        return Answer(await self._said(asker, shared, given, source=Source.FORM), channel=channel)

    def _form(self, asker: Asker, places: Sequence[tuple[str, str]]) -> OpenForm:
        return OpenForm(self._filled(asker, places))

    def _filled(
        self,
        asker: Asker,
        places: Sequence[tuple[str, str]],
        values: Mapping[str, str] = NOTHING,
        alike: Sequence[Idea] = (),
    ) -> Form:
        here = asker.channel
        return idea_form.share(places, self.framework, here=here, values=values, alike=alike)

    def _unkept(self, body: tuple[Span, ...], error: Exception) -> Message:
        """Give back what was typed and is not kept."""
        return messages.unkept(apology(error), plain(typed_text(body)))

    async def _keep(
        self,
        asker: Asker,
        channel: str,
        body: tuple[Span, ...],
        given: Given = NOTHING_MORE,
        *,
        source: Source = Source.COMMAND,
    ) -> Shared:
        post = Post(
            place=Place(asker.workspace, channel, ""),
            posted_at=self.now(),
            author_id=asker.member_id,
            body=typed(body),
        )
        return await self.sharer.share(post, source=source, given=given)

    async def _said(
        self,
        asker: Asker,
        shared: Shared,
        given: Given = NOTHING_MORE,
        *,
        source: Source = Source.COMMAND,
    ) -> Message:
        """Say that an idea is kept, and, when that is known soon enough, whether it is posted."""
        if not shared.new:
            return messages.kept(shared.idea, new=False)
        problem = await self.settle(Effect.PUBLISH, str(shared.idea.id))
        idea = await self.store.idea_by_id(shared.idea.id) or shared.idea
        if problem is None or idea.ts is not None:
            told = messages.kept(idea, new=True)
            if source is Source.FORM:
                chosen = given.component != idea_form.SUGGESTED
                about = idea_form.sorted_under(idea, self.framework, chosen=chosen)
                told = Message.of(*told.parts, Paragraph(runs(about)))
            else:
                alike = await self.similar.to(asker, idea.text, but=idea.number)
                told = Message.of(*told.parts, *idea_form.others_said(alike, asker.member_id))
            return await self.profiles.with_question(asker, told)
        if isinstance(problem, ChatUnavailableError | ChatInDoubtError):
            return messages.kept_waiting(idea, str(problem))
        # They read it here and now; a direct message would only say it again.
        await self.store.take_back(idea.workspace, Effect.UNPOSTED, str(idea.id))
        return messages.kept_unposted(idea, str(problem))
