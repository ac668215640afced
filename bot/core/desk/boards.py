"""Shares at the desk: a channel's coordinators make and revoke them; members choose their name."""

from dataclasses import dataclass, replace

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import CommandError, FormError
from bot.core.messages import shares as messages
from bot.core.messages import sharing
from bot.core.model.actions import Action
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker, Profile, Shown
from bot.core.ports import IdeaStore
from bot.core.week.shares import ChannelShares, ShareWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Boards:
    """Shows what is shared of a channel, shares it, and takes in what pages may say of a member."""

    store: IdeaStore
    shares: ChannelShares

    async def asked(self, asker: Asker) -> Message:
        """Show what is shared of the channel that the asker is in."""
        return messages.listed(*await self.shares.of(asker, asker.channel))

    async def ask(self, asker: Asker, action: Action) -> OpenForm:
        """Open the form for a share."""
        week, _ = await self.shares.of(asker, action.channel)
        return OpenForm(messages.form(week.channel))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Share what the form says."""
        days = form.values.get("days", "").strip()
        wish = ShareWish(
            days=int(days) if days.isdecimal() and len(days) < 6 else 0,
            sites=tuple(form.values.get("sites", "").replace(",", " ").split()),
            private=form.values.get("private") == "yes",
        )
        channel = form.about.channel
        try:
            week, made = await self.shares.make(asker, channel, wish)
        except FormError as error:
            return Problems(error.problems)
        return Answer(messages.made(week, made.share, made.address), channel=channel)

    async def revoke(self, asker: Asker, action: Action) -> Message:
        """Revoke a share."""
        return messages.revoked(await self.shares.revoke(asker, action.number))

    async def show_as(self, asker: Asker, action: Action) -> Message:
        """Keep what pages that people outside can open may show of the asker."""
        if action.text not in set(Shown):
            raise CommandError("I cannot read that button, so nothing was changed.")
        member = await self.store.member(asker.workspace, asker.member_id)
        profile = replace(Profile() if member is None else member.profile, shown=Shown(action.text))
        await self.store.set_profile(asker.workspace, asker.member_id, profile)
        return sharing.shown_saved(profile)
