"""What members tell about themselves: the form, what is shown outside, who wants to be asked."""

from dataclasses import dataclass, replace

from bot.core.desk.replies import Answer, OpenForm, Reply
from bot.core.errors import CommandError
from bot.core.messages import licences
from bot.core.messages import profile as messages
from bot.core.model.actions import Action
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker, Grades, Keep, Licence, Profile, Shown
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True)
class Profiles:
    """Asks members about themselves, and keeps what they answer."""

    store: IdeaStore

    async def ask(self, asker: Asker) -> OpenForm:
        """Open the form about oneself."""
        return OpenForm(messages.profile(await self._profile(asker), here=asker.channel))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the form says: it stands beside the member's ideas from now on.

        Where they want it, it stands on their earlier ideas as well.
        """
        given, before = form.values, await self._profile(asker)
        profile = replace(
            before,
            licence=next((one for one in Licence if one == given.get("licence")), None),
            **{name: given.get(name, "").strip() for name in ("school", "district", "role")},
            keep=Keep(given.get("keep") or Keep.ALL),
            grades=_grades(given.get("grades", "")),
            shown=Shown(given["shown"]) if given.get("shown") else before.shown,
        )
        changed = await self.store.set_profile(
            asker.workspace,
            asker.member_id,
            profile,
            earlier=given.get("ideas") == messages.EARLIER,
        )
        told = messages.profile_saved(profile, await self._otherwise(asker), changed=changed)
        return Answer(told, channel=form.about.channel)

    async def show_as(self, asker: Asker, action: Action) -> Message:
        """Keep what pages that people outside can open may show of the asker."""
        if action.text not in set(Shown):
            raise CommandError("I cannot read that button, so nothing was changed.")
        profile = replace(await self._profile(asker), shown=Shown(action.text))
        await self.store.set_profile(asker.workspace, asker.member_id, profile)
        return messages.shown_saved(profile)

    async def license_as(self, asker: Asker, action: Action) -> Message:
        """Keep what others may do with what the asker shares from now on."""
        if action.text not in set(Licence):
            raise CommandError("I cannot read that button, so nothing was changed.")
        profile = replace(await self._profile(asker), licence=Licence(action.text))
        await self.store.set_profile(asker.workspace, asker.member_id, profile)
        return messages.licence_saved(profile, await self._otherwise(asker))

    async def license_earlier(self, asker: Asker) -> Message:
        """Let others do the same with what the asker shared before."""
        changed = await self.store.license_earlier(asker.workspace, asker.member_id)
        return licences.applied((await self._profile(asker)).licence, changed)

    async def put_off(self, asker: Asker) -> Message:
        """Remember that the asker does not want to be asked about themselves."""
        await self.store.set_asked(asker.workspace, asker.member_id)
        return messages.put_off()

    async def with_question(self, asker: Asker, words: Message) -> Message:
        """Words to the author of an idea; beneath the first they are asked about themselves."""
        member = await self.store.member(asker.workspace, asker.member_id)
        if member is None or not member.is_unasked:
            return words
        await self.store.set_asked(asker.workspace, asker.member_id)
        return messages.with_question(words, here=asker.channel)

    async def _otherwise(self, asker: Asker) -> int:
        """How many of the asker's ideas are under other terms than they chose."""
        return await self.store.earlier(asker.workspace, asker.member_id)

    async def _profile(self, asker: Asker) -> Profile:
        member = await self.store.member(asker.workspace, asker.member_id)
        return Profile() if member is None else member.profile


def _grades(given: str) -> Grades | None:
    return Grades(given) if given in set(Grades) else None
