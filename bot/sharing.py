"""Shares at the command line: made, listed and revoked by the operator."""

from collections.abc import Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.config import Settings
from bot.core.errors import FormError, SettingsError
from bot.core.messages.common import count
from bot.core.model.people import Channel
from bot.core.model.shares import Share, ShareKind
from bot.core.week.shares import ShareMaker, ShareWish
from bot.exporting import known_channel
from storage import open_store


async def share(
    settings: Settings,
    channel: str,
    kind: str,
    *,
    days: int,
    sites: tuple[str, ...],
    private: bool,
) -> str:
    """Share a channel; return its number and address, in words.

    Raises:
        SettingsError: the channel, a day or a site is none, or a private channel lacks the yes.
    """
    store = open_store(settings.database_url)
    try:
        known = await known_channel(store, channel)
        clock = Clock.starting(settings.commonplace_clock)
        maker = ShareMaker(store=store, base_url=settings.base_url, now=clock)
        wish = ShareWish(kind=ShareKind(kind), days=days, sites=sites, private=private)
        made = await maker.make(known, wish, who="", zone=known.zone_or(settings.zone))
    except FormError as error:
        options = {"sites": "site"}
        told = (f"--{options.get(name, name)}: {why}" for name, why in error.problems.items())
        raise SettingsError("\n".join(told)) from None
    finally:
        await store.close()
    last = _last_day(settings, known, made.share)
    return f"Share {made.share.number}, until {last}: {made.address}"


async def shares(settings: Settings) -> Sequence[str]:
    """Every share of every workspace, the latest first, a line each."""
    store = open_store(settings.database_url, read_only=True)
    now = Clock.starting(settings.commonplace_clock)()
    lines = []
    for home in await store.workspaces():
        for one in await store.shares_of(home.id):
            known = await store.channel(home.id, one.channel)
            if known is None:
                continue
            sites = f", in pages of {', '.join(one.sites)}" if one.sites else ""
            state = "revoked" if one.revoked_at else "over" if one.is_over(now) else "open"
            lines.append(
                f"{one.number}  {one.kind} of #{known.name or known.id}, {state}, until "
                f"{_last_day(settings, known, one)}{sites}, opened {count(one.opened, 'time')}"
            )
    return lines


async def unshare(settings: Settings, number: int) -> str:
    """Revoke a share at once; return the words to print.

    Raises:
        SettingsError: there is no share of this number.
    """
    store = open_store(settings.database_url)
    try:
        if await store.share_of_number(number) is None:
            raise SettingsError(f"There is no share {number}. `commonplace shares` lists them.")
        now = Clock.starting(settings.commonplace_clock)()
        done = await store.revoke_share(number, who="", now=now)
    finally:
        await store.close()
    return f"Share {number} is revoked." if done else f"Share {number} was revoked before."


def _last_day(settings: Settings, channel: Channel, share: Share) -> str:
    end = share.ends_at - timedelta(seconds=1)
    return end.astimezone(channel.zone_or(settings.zone)).date().isoformat()
