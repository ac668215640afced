"""Shares at the command line: made, listed and revoked by the operator."""

from collections.abc import Sequence
from typing import Any

from bot.clock import Clock
from bot.config import Settings
from bot.core.errors import FormError, SettingsError
from bot.core.messages import shares as messages
from bot.core.model.shares import ShareKind
from bot.core.week.shares import ShareMaker, ShareWish
from bot.data.framework import framework_at
from bot.exporting import known_channel
from storage import Store, open_store


async def share(
    settings: Settings,
    channel: str,
    *,
    kind: str,
    **wished: Any,
) -> str:
    """Share a channel; return its number and address, in words.

    Args:
        channel: its id or name.
        kind: `board` or `report`.
        wished: the other fields of a `ShareWish`.

    Raises:
        SettingsError: the channel, a day, a filter or a site is none, or a private channel lacks
            the yes.
    """
    store = open_store(settings.database_url, existing=True)
    wish = ShareWish(kind=ShareKind(kind), **wished)
    try:
        known = await known_channel(store, channel)
        maker = _maker(settings, store, Clock.starting(settings.commonplace_clock))
        made = await maker.make(known, wish, who="", zone=known.zone_or(settings.zone))
    except FormError as error:
        options = {"sites": "site", "first": "from"}
        wrong = (f"--{options.get(name, name)}: {why}" for name, why in error.problems.items())
        raise SettingsError("\n".join(wrong)) from None
    finally:
        await store.close()
    told = messages.until(made.share, known.zone_or(settings.zone))
    return f"Share {made.share.number}, {told}: {made.address}"


async def shares(settings: Settings) -> Sequence[str]:
    """Every share of every workspace, the latest first, a line each."""
    store = open_store(settings.database_url, read_only=True)
    now = Clock.starting(settings.commonplace_clock)
    maker = _maker(settings, store, now)
    lines = []
    for home in await store.workspaces():
        for one in await store.shares_of(home.id):
            known = await store.channel(home.id, one.channel)
            if known is None:
                continue
            state = "revoked" if one.revoked_at else "over" if one.is_over(now()) else "open"
            told = messages.told(one, await maker.words_of(one), known.zone_or(settings.zone))
            lines.append(f"{one.number}  #{known.name or known.id}, {state}: {told}")
    return lines


async def unshare(settings: Settings, number: int) -> str:
    """Revoke a share at once; return the words to print.

    Raises:
        SettingsError: there is no share of this number.
    """
    store = open_store(settings.database_url, existing=True)
    try:
        if await store.share_of_number(number) is None:
            raise SettingsError(f"There is no share {number}. `commonplace shares` lists them.")
        now = Clock.starting(settings.commonplace_clock)()
        done = await store.revoke_share(number, who="", now=now)
    finally:
        await store.close()
    return f"Share {number} is revoked." if done else f"Share {number} was revoked before."


def _maker(settings: Settings, store: Store, now: Clock) -> ShareMaker:
    framework = framework_at(settings.commonplace_framework)
    return ShareMaker(store=store, framework=framework, base_url=settings.base_url, now=now)
