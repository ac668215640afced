"""Shares at the desk: a channel's coordinators make and revoke them."""

from dataclasses import dataclass
from datetime import date

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import FormError
from bot.core.messages import shares as messages
from bot.core.model.actions import Action
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.model.shares import ShareKind
from bot.core.week.shares import ChannelShares, ShareWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Boards:
    """Shows what is shared of a channel, shares it, and revokes that."""

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
        given = form.values
        days, first = given.get("days", "").strip(), given.get("first", "")
        wish = ShareWish(
            kind=ShareKind(given.get("kind") or ShareKind.BOARD),
            first=date.fromisoformat(first) if first else None,
            days=int(days) if days.isdecimal() and len(days) < 6 else 0,
            shows=given.get("shows", ""),
            sites=tuple(given.get("sites", "").replace(",", " ").split()),
            public=given.get("public") == "yes",
            downloads=given.get("downloads") == "yes",
            private=given.get("private") == "yes",
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
