"""Shares of a channel: its coordinators, or the operator, make and revoke them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from secrets import token_urlsafe

from bot.core.errors import CommandError, FormError
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.people import Asker, Channel
from bot.core.model.shares import (
    MOST_DAYS,
    MOST_SITES,
    PATHS,
    USUAL_DAYS,
    Share,
    ShareKind,
    hashed,
    site,
)
from bot.core.model.typed import short
from bot.core.model.vocabulary import command
from bot.core.ports.shares import Shares as ShareStore
from bot.core.week.settings import ChannelSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWish:
    """What somebody wants to share. *private*: yes, though the channel is a private one."""

    kind: ShareKind = ShareKind.BOARD
    days: int = USUAL_DAYS
    sites: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share that was made, and its address, which is told this once and kept nowhere."""

    share: Share
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMaker:
    """Makes shares; who may ask for one is for others to decide.

    Args:
        base_url: where people reach the web side, without a slash at its end.
        new_token: makes the secret of an address, of 256 bits.
    """

    store: ShareStore
    base_url: str
    now: Callable[[], datetime]
    new_token: Callable[[], str] = field(default=lambda: token_urlsafe(32))

    async def make(self, channel: Channel, wish: ShareWish, *, who: str, zone: tzinfo) -> NewShare:
        """Share a channel from now to the end of the last day in *zone*.

        Raises:
            FormError: a day or a site is none, or a private channel lacks the yes; by field.
        """
        now, sites = self.now(), tuple(dict.fromkeys(map(site, wish.sites)))
        problems: dict[str, str] = {}
        if not 1 <= wish.days <= MOST_DAYS:
            problems["days"] = f"A share lasts from 1 to {MOST_DAYS} days."
        if "" in sites:
            wrong = next(one for one in wish.sites if not site(one))
            problems["sites"] = f"{short(wrong)} is no site. Write it like https://blog.example.org"
        elif len(sites) > MOST_SITES:
            problems["sites"] = f"Those are {len(sites)} sites; {MOST_SITES} are enough."
        if channel.private and not wish.private:
            problems["private"] = (
                "Only its members can read this channel, so I shared nothing of it. Say that you "
                "mean it, and ask them first."
            )
        if problems:
            raise FormError(problems)
        last = now.astimezone(zone).date() + timedelta(days=wish.days)
        share = Share(
            workspace=channel.workspace,
            channel=channel.id,
            kind=wish.kind,
            starts_at=now,
            ends_at=datetime.combine(last, time(), zone).astimezone(UTC),
            sites=sites,
            private=channel.private,
            made_by=who,
            made_at=now,
        )
        token = self.new_token()
        kept = await self.store.add_share(share, token=hashed(token), now=now)
        return NewShare(kept, f"{self.base_url}/{PATHS[kept.kind]}/{token}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShares:
    """Lets coordinators, and nobody else, make, see and revoke what is shared of a channel."""

    settings: ChannelSettings
    maker: ShareMaker

    async def of(self, asker: Asker, channel: str) -> tuple[ChannelWeek, Sequence[Share]]:
        """A channel and its shares that are not over, the latest first.

        Raises:
            CommandError, NotAllowedError: as `ChannelSettings.coordinated`.
        """
        known = await self._coordinated(asker, channel)
        now = self.maker.now()
        every = await self.maker.store.shares_of(asker.workspace, known.channel.id)
        return known, [one for one in every if not one.is_over(now)]

    async def make(
        self, asker: Asker, channel: str, wish: ShareWish
    ) -> tuple[ChannelWeek, NewShare]:
        """Share a channel; raises as `of` and as `ShareMaker.make`."""
        known = await self._coordinated(asker, channel)
        made = await self.maker.make(known.channel, wish, who=asker.member_id, zone=known.zone)
        return known, made

    async def revoke(self, asker: Asker, number: int) -> Share:
        """Revoke a share; raises as `of`, also where it is another workspace's, or none."""
        share = await self.maker.store.share_of_number(number)
        if share is None or share.workspace != asker.workspace:
            raise CommandError(
                f"There is no share {number}. `{command('board')}` shows what is shared."
            )
        await self._coordinated(asker, share.channel)
        await self.maker.store.revoke_share(number, who=asker.member_id, now=self.maker.now())
        return share

    async def _coordinated(self, asker: Asker, channel: str) -> ChannelWeek:
        known = await self.settings.coordinated(asker, channel)
        return ChannelWeek(known, self.settings.defaults)
