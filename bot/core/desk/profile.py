"""What members tell about themselves: the form, and the answer to it."""

from dataclasses import dataclass

from bot.core.desk.replies import Answer, OpenForm, Reply
from bot.core.messages import forms
from bot.core.model.parts import Submission
from bot.core.model.people import Asker, Keep, Profile
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True)
class Profiles:
    """What stands beside a member's ideas from now on, and what may be kept of their posts."""

    store: IdeaStore

    async def ask(self, asker: Asker) -> Reply:
        """Open the form about oneself."""
        member = await self.store.member(asker.workspace, asker.member_id)
        profile = Profile() if member is None else member.profile
        return OpenForm(forms.profile(profile, here=asker.channel))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the form says."""
        given = form.values
        profile = Profile(
            school=given.get("school", "").strip(),
            district=given.get("district", "").strip(),
            role=given.get("role", "").strip(),
            keep=Keep(given.get("keep") or Keep.ALL),
        )
        await self.store.set_profile(asker.workspace, asker.member_id, profile)
        return Answer(forms.profile_saved(profile), channel=form.about.channel)
