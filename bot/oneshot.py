"""Commands that do one thing with the chat and end: digest, prompt, catch-up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from time import monotonic
from typing import TypeVar, assert_never
from zoneinfo import ZoneInfo

from bot.clock import real_now
from bot.compose import Components, build
from bot.config import Settings
from bot.core.delivery.result import InDoubt, NothingToPost, NotPossible, Posting, Sent, SentBefore
from bot.core.errors import ChatError, ChatUnavailableError, SettingsError
from bot.core.intake.catch_up import CatchUpStats
from bot.core.messages import hours
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel, ChannelInfo
from bot.core.ports.chat import Chat
from bot.exporting import known_channel
from bot.identity import learn_everywhere
from bot.terminal import bar
from bot.values import is_channel_id
from handlers.web.preview import page

IN_DOUBT = 3

PATIENCE = 60.0
"""Seconds that a command waits at most when a chat asks for patience."""

Result = TypeVar("Result")


async def weekly(
    settings: Settings,
    kind: str,
    channel: str,
    at: datetime | None,
    *,
    post: bool,
    stands: bool | None = None,
) -> tuple[str, int]:
    """Preview or post a channel's digest or prompt; return the words to print and the exit status.

    Args:
        at: the instant; without an offset the channel's local time; None: now.
        stands: as `DeliveryPoster.post`.
    """
    async with build(settings) as components:
        if post:
            await _learn(components)
        where, when = await _asked(components, channel, at, ask=post)
        if post:
            return await _post(components, DeliveryKind(kind), where, when, stands=stands)
        return await _preview(components, DeliveryKind(kind), where, when)


async def _preview(
    components: Components, kind: DeliveryKind, where: Channel, when: datetime
) -> tuple[str, int]:
    messages = await components.weekly.preview(kind, where, when)
    if not messages:
        return f"There is nothing to post in #{where.name or where.id}: no new ideas.", 0
    words = components.platforms.words_of(where.workspace)
    return words.put_into("\n\n".join(message.fallback for message in messages)), 0


async def _post(
    components: Components,
    kind: DeliveryKind,
    where: Channel,
    when: datetime,
    *,
    stands: bool | None,
) -> tuple[str, int]:
    async def once() -> Posting:
        # `late`: the file may be an older copy, so the channel is searched for the post first.
        outcome = await components.weekly.post(kind, where, when, late=True, stands=stands)
        if isinstance(outcome, InDoubt) and outcome.wait is not None:
            rest = (outcome.until - real_now()).total_seconds()
            raise ChatUnavailableError(outcome.why, retry_after=max(rest, 0.0))
        return outcome

    name = f"#{where.name or where.id}"
    what = "digest" if kind is DeliveryKind.DIGEST else "question"
    try:
        outcome = await _patiently(once)
    except ChatUnavailableError as error:
        wait = f"{error.retry_after or 0:.0f} s"
        words = f"Nothing was posted in {name} yet: the chat asks to wait {wait}. Try again then."
        return words, IN_DOUBT
    match outcome:
        case Sent():
            return f"Posted the {what} in {name}.", 0
        case SentBefore():
            return f"The {what} of that week was posted in {name} already; nothing done.", 0
        case NothingToPost():
            return f"There is nothing to post in {name}: no new ideas.", 0
        case InDoubt(why=why, blind=True):
            words = (
                f"In doubt whether the {what} is in {name}: {why} Look there, then say so: with "
                "--stands yes I take it as posted, with --stands no I post it."
            )
            return words, IN_DOUBT
        case InDoubt(why=why):
            return f"In doubt whether the {what} is in {name}: {why} Try again.", IN_DOUBT
        case NotPossible(why=why):
            raise ChatError(f"The {what} was not posted in {name}: {why}")
        case _:
            assert_never(outcome)


async def digest_page(settings: Settings, channel: str, at: datetime | None) -> str | None:
    """Return a channel's digest as an HTML page; None: there is nothing to post.

    Args:
        at: as in `weekly`.
    """
    async with build(settings) as components:
        where, when = await _asked(components, channel, at, ask=False)
        messages = await components.weekly.preview(DeliveryKind.DIGEST, where, when)
        if not messages:
            return None
        zone = components.weekly.week_of(where).zone
        day = hours.moment(when, zone, year=True)
        about = f"The digest of #{where.name or where.id} as it would be posted on {day} ({zone})."
        return components.platforms.words_of(where.workspace).put_into(page(messages, about=about))


async def _asked(
    components: Components, name: str, at: datetime | None, *, ask: bool
) -> tuple[Channel, datetime]:
    """The channel and the instant, in UTC, that are meant; `_channel` says what *ask* does."""
    where = await _channel(components, name, ask=ask)
    when = components.clock() if at is None else at
    if when.tzinfo is None:
        when = when.replace(tzinfo=components.weekly.week_of(where).zone)
    return where, when.astimezone(UTC)


async def catch_up(
    settings: Settings,
    channel: str | None,
    since: date | None,
    progress: Callable[[Channel, CatchUpStats], None],
) -> list[tuple[Channel, CatchUpStats]]:
    """Read histories now: of one channel, or of every watched one.

    Args:
        since: read back to this day, and keep also what is older than the bot's joining.
    """
    async with build(settings) as components:
        await _learn(components)
        await learn_everywhere(components)
        if channel is None:
            channels = await components.history.channels()
        else:
            channels = [await _channel(components, channel, ask=True)]
        start = datetime.combine(since, time(), settings.zone).astimezone(UTC) if since else None
        read = []
        for one in channels:
            show = partial(progress, one)
            tally = await components.history.one(one, since=start, threads=True, progress=show)
            read.append((one, tally))
        return read


def so_far(channel: Channel, tally: CatchUpStats) -> str:
    """Return how far a reading has come, on one line."""
    words = f"{bar(tally.share)} #{channel.name or channel.id}: {_counted(tally)}"
    if tally.threads and tally.share == 1:
        words += f", {len(tally.threads):,} threads to go"
    return words


def caught_up(
    channel: Channel, tally: CatchUpStats, zone: ZoneInfo, *, asked: bool
) -> Iterator[str]:
    """Yield what came of a reading, and what the chat hid. *asked*: since a day."""
    changes = f"{tally.changed:,} changed, {tally.withdrawn:,} withdrawn"
    yield f"#{channel.name or channel.id}: {_counted(tally)}, {changes}"
    if asked and tally.hidden:
        first = tally.first.astimezone(zone).date() if tally.first else None
        shows = f"nothing from before {first}" if first else "nothing of that time"
        yield (
            f"  Slack shows {shows}: on its free plan, what is older than 90 days is "
            "hidden. A paid plan shows it again; then run this once more."
        )


def _counted(tally: CatchUpStats) -> str:
    return f"{tally.read:,} read, {tally.new:,} new"


async def _channel(components: Components, name: str, *, ask: bool) -> Channel:
    """The channel of this id or name; the chat is asked only when we may speak with it anyway."""
    ours = components.platforms.workspaces()
    try:
        return await known_channel(components.store, name, ours)
    except SettingsError:
        for home in ours if ask else ():
            look = partial(_look_up, components.platforms.of(home), name)
            if info := await _patiently(look):
                return await components.store.remember_channel(home, info, now=components.clock())
        raise


async def _learn(components: Components) -> None:
    """Ask each chat who the bot is. Raise what `Connections.learn` raises.

    Whose tenant a database is, nobody need be asked: where it is not ours, nothing is done.
    """
    if components.teams is not None:
        await _patiently(partial(components.teams.learn, components.store))
    for one in components.connections:
        await _patiently(partial(components.connections.learn, one, components.store))


async def _patiently(ask: Callable[[], Awaitable[Result]]) -> Result:
    """Ask a chat; if it asks for a short wait, wait and ask again.

    Raises:
        ChatError: it refuses, or the whole would take longer than `PATIENCE`.
    """
    ends = monotonic() + PATIENCE
    while True:
        try:
            return await ask()
        except ChatUnavailableError as error:
            if error.retry_after is None or monotonic() + error.retry_after > ends:
                raise
            await asyncio.sleep(max(error.retry_after, 0.1))


async def _look_up(chat: Chat, name: str) -> ChannelInfo | None:
    try:
        if is_channel_id(name):
            return await chat.channel(name)
        return next(
            (one for one in await chat.my_channels() if one.name.lower() == name.lower()), None
        )
    except ChatUnavailableError:
        raise
    except ChatError:
        return None
