"""Shares of a channel: its coordinators, or the operator, make and revoke them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from secrets import token_urlsafe

from bot.core.errors import CommandError, FormError
from bot.core.finding.filters import filters_words, parse_filters, to_text
from bot.core.finding.names import names_in, settled
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.framework import Framework
from bot.core.model.ideas import Visibility
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
from bot.core.ports import IdeaStore
from bot.core.week.settings import ChannelSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWish:
    """What somebody wants to share.

    Attributes:
        first: the first day; None: today.
        shows: which ideas, as filters are typed.
        private: yes, though the channel is a private one.
    """

    kind: ShareKind = ShareKind.BOARD
    first: date | None = None
    days: int = USUAL_DAYS
    shows: str = ""
    sites: tuple[str, ...] = ()
    public: bool = False
    downloads: bool = False
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

    store: IdeaStore
    framework: Framework
    base_url: str
    now: Callable[[], datetime]
    new_token: Callable[[], str] = field(default=lambda: token_urlsafe(32))

    async def make(self, channel: Channel, wish: ShareWish, *, who: str, zone: tzinfo) -> NewShare:
        """Share a channel from its first day, or from now, to the end of the last in *zone*.

        Raises:
            FormError: a day, a filter or a site is none, or a private channel lacks the yes; by
                field.
        """
        now, sites = self.now(), tuple(dict.fromkeys(map(site, wish.sites)))
        today = now.astimezone(zone).date()
        first = wish.first or today
        problems: dict[str, str] = {}
        if not timedelta() <= first - today <= timedelta(days=MOST_DAYS):
            problems["first"] = f"Choose a day from today to {MOST_DAYS} days from now."
        if not 1 <= wish.days <= MOST_DAYS:
            problems["days"] = f"A share lasts from 1 to {MOST_DAYS} days."
        if "" in sites:
            wrong = next(one for one in wish.sites if not site(one))
            problems["sites"] = (
                f"{short(wrong)} is not a site’s address. Write it like https://blog.example.org"
            )
        elif len(sites) > MOST_SITES:
            problems["sites"] = f"Those are {len(sites)} sites; {MOST_SITES} are enough."
        if channel.private and not wish.private:
            problems["private"] = (
                "Only its members can read this channel, so I shared nothing of it. Say that you "
                "mean it, and ask them first."
            )
        if wish.downloads and wish.kind is not ShareKind.BOARD:
            problems["downloads"] = "Only a board has ideas to take away as files."
        try:
            shows = await self._shows(channel, wish)
        except CommandError as error:
            problems["shows"] = str(error)
        if problems:
            raise FormError(problems)
        starts, ends = (
            datetime.combine(day, time(), zone).astimezone(UTC)
            for day in (first, first + timedelta(days=wish.days))
        )
        share = Share(
            workspace=channel.workspace,
            channel=channel.id,
            kind=wish.kind,
            starts_at=max(starts, now),
            ends_at=ends,
            shows=shows,
            sites=sites,
            public=wish.public,
            downloads=wish.downloads,
            private=channel.private,
            made_by=who,
            made_at=now,
        )
        token = self.new_token()
        kept = await self.store.add_share(share, token=hashed(token), now=now)
        return NewShare(kept, f"{self.base_url}/{PATHS[kept.kind]}/{token}/")

    async def _shows(self, channel: Channel, wish: ShareWish) -> str:
        """The filters of a wish, as they are kept: people by their ids."""
        filters = parse_filters(wish.shows, self.framework.typed)
        if filters.channel:
            raise CommandError("A share is of one channel, so leave `channel:` out.")
        if (filters.people or filters.school) and wish.kind is ShareKind.BOARD:
            raise CommandError(
                "A board of one person or one school would tell who they are, whatever they chose. "
                "Leave the name out, or share the administrator’s page."
            )
        seen = Visibility(only=channel.id)
        return to_text(await settled(self.store, channel.workspace, filters, seen))

    async def words_of(self, share: Share) -> str:
        """Which ideas a share shows, as `filters_words`; empty: all of its channel's."""
        filters = parse_filters(share.shows, self.framework.typed)
        names = await names_in(self.store, self.framework, share.workspace, filters)
        return filters_words(filters, names)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShares:
    """Lets coordinators, and nobody else, make, see and revoke what is shared of a channel."""

    store: IdeaStore
    settings: ChannelSettings
    maker: ShareMaker
    now: Callable[[], datetime]

    async def of(
        self, asker: Asker, channel: str
    ) -> tuple[ChannelWeek, Sequence[tuple[Share, str]]]:
        """A channel and its shares that are not over, the latest first, with what each shows.

        Raises:
            CommandError, NotAllowedError: as `ChannelSettings.coordinated`.
        """
        known = await self._coordinated(asker, channel)
        return known, await self.standing(known.channel)

    async def standing(self, channel: Channel) -> Sequence[tuple[Share, str]]:
        """A channel's shares as `of` has them, for who is known to coordinate it."""
        every, now = await self.store.shares_of(channel.workspace, channel.id), self.now()
        still = [one for one in every if not one.is_over(now)]
        return [(one, await self.maker.words_of(one)) for one in still]

    async def make(
        self, asker: Asker, channel: str, wish: ShareWish
    ) -> tuple[ChannelWeek, NewShare]:
        """Share a channel; raises as `of` and as `ShareMaker.make`."""
        known = await self._coordinated(asker, channel)
        made = await self.maker.make(known.channel, wish, who=asker.member_id, zone=known.zone)
        return known, made

    async def revoke(self, asker: Asker, number: int) -> Share:
        """Revoke a share; raises as `of`, also where it is another workspace's, or none."""
        share = await self.store.share_of_number(number)
        if share is None or share.workspace != asker.workspace:
            raise CommandError(
                f"There is no share {number}. `{command('board')}` shows what is shared."
            )
        await self._coordinated(asker, share.channel)
        await self.store.revoke_share(number, who=asker.member_id, now=self.now())
        return share

    async def _coordinated(self, asker: Asker, channel: str) -> ChannelWeek:
        known = await self.settings.coordinated(asker, channel)
        return ChannelWeek(known, self.settings.defaults)
