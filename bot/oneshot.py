"""Commands that do one thing with the chat and end: digest, prompt, doctor."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, assert_never

from bot.app import Clock, learn_channels, put_together
from bot.config import need_lasting_disk, need_slack
from bot.core.errors import ChatError, CommonplaceError, SettingsError
from bot.core.model import DeliveryKind, Filters, Sight
from bot.core.once import InDoubt, NothingToPost, NotPossible, Sent, SentBefore
from handlers.slack.manifest import SCOPES
from handlers.web.preview import page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.app import Parts
    from bot.config import Settings
    from bot.core.catch_up import Tally
    from bot.core.model import Channel, ChannelInfo

IN_DOUBT = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`: OK, WARN or FAIL, what was looked at, and what was found."""

    state: str
    name: str
    words: str


async def weekly(
    settings: Settings, kind: str, channel: str, at: datetime | None, *, post: bool
) -> tuple[str, int]:
    """Print or post a channel's digest or prompt; returns the words and the exit status.

    Args:
        at: the instant; without an offset the channel's local time; None: now.
    """
    clock = Clock.starting(settings.commonplace_clock)
    async with put_together(settings, clock) as parts:
        if post:
            workspace = await parts.chat.whoami()
            await parts.installation.learn(workspace, parts.store)
        where = await _channel(parts, channel, ask=post)
        when = _instant(parts, where, clock() if at is None else at)
        delivery = DeliveryKind(kind)
        if not post:
            if delivery is DeliveryKind.PROMPT:
                return (await parts.weekly.preview_prompt(where, when)).fallback, 0
            messages = await parts.weekly.preview_digest(where, when)
            if not messages:
                return f"There is nothing to post in #{where.name or where.id}: no new ideas.", 0
            return "\n\n".join(message.fallback for message in messages), 0
        send = (
            parts.weekly.post_digest
            if delivery is DeliveryKind.DIGEST
            else parts.weekly.post_prompt
        )
        # Looked for first, since the file may be an older copy that does not know of it.
        outcome = await send(where, when, late=True)
        name = f"#{where.name or where.id}"
        match outcome:
            case Sent():
                return f"Posted the {kind} in {name}.", 0
            case SentBefore():
                return f"The {kind} of that week was posted in {name} already; nothing done.", 0
            case NothingToPost():
                return f"There is nothing to post in {name}: no new ideas.", 0
            case InDoubt(why=why):
                return f"In doubt whether the {kind} stands in {name}: {why} Try again.", IN_DOUBT
            case NotPossible(why=why):
                raise ChatError(f"The {kind} was not posted in {name}: {why}")
            case _:
                assert_never(outcome)


async def digest_page(settings: Settings, channel: str, at: datetime | None) -> str | None:
    """A channel's digest as an HTML page; None: there is nothing to post.

    Args:
        at: as in `weekly`.
    """
    clock = Clock.starting(settings.commonplace_clock)
    async with put_together(settings, clock) as parts:
        where = await _channel(parts, channel, ask=False)
        when = _instant(parts, where, clock() if at is None else at)
        messages = await parts.weekly.preview_digest(where, when)
        if not messages:
            return None
        local = when.astimezone(parts.weekly.zone_of(where))
        about = (
            f"The digest of #{where.name or where.id} as it would be posted on "
            f"{local:%A, %B} {local.day}, {local.year} at {local:%H:%M} ({local.tzinfo})."
        )
        return page(messages, about=about)


def _instant(parts: Parts, channel: Channel, when: datetime) -> datetime:
    """An instant in UTC; without an offset it is the channel's local time."""
    if when.tzinfo is None:
        when = when.replace(tzinfo=parts.weekly.zone_of(channel))
    return when.astimezone(UTC)


async def catch_up(
    settings: Settings,
    channel: str | None,
    since: date | None,
    progress: Callable[[Channel, Tally], None],
) -> list[tuple[Channel, Tally]]:
    """Read histories now: of one channel, or of every watched one.

    Args:
        since: read back to this day, and keep also what is older than the bot's joining.
    """
    clock = Clock.starting(settings.commonplace_clock)
    async with put_together(settings, clock) as parts:
        workspace = await parts.chat.whoami()
        await parts.installation.learn(workspace, parts.store)
        await learn_channels(parts, workspace.id)
        if channel is None:
            channels = await parts.history.channels()
        else:
            channels = [await _channel(parts, channel, ask=True)]
        start = datetime.combine(since, time(), settings.zone).astimezone(UTC) if since else None
        read = []
        for one in channels:
            show = partial(progress, one)
            tally = await parts.history.one(one, since=start, threads=True, progress=show)
            read.append((one, tally))
        return read


async def _channel(parts: Parts, name: str, *, ask: bool) -> Channel:
    """The channel of this id or name; Slack is asked only when we may speak with it anyway."""
    workspace = await parts.store.workspace()
    team = workspace.id if workspace else ""
    known = await parts.store.channel(team, name)
    if known is None and ask:
        info = await _look_up(parts, name)
        if info is not None:
            known = await parts.store.remember_channel(team, info, now=parts.clock())
    if known is None:
        names = sorted(f"#{c.name or c.id}" for c in await parts.store.channels(team))
        heard = ", ".join(names) if names else "none yet"
        raise SettingsError(f"--channel: no channel {name!r} is known. Known: {heard}.")
    return known


async def _look_up(parts: Parts, name: str) -> ChannelInfo | None:
    try:
        return await parts.chat.channel(name)
    except ChatError:
        # It may be a name: only ids can be looked up.
        try:
            mine = await parts.chat.my_channels()
        except ChatError:
            return None
    return next((one for one in mine if one.name == name), None)


async def doctor(settings: Settings) -> list[Check]:
    """Look at everything an installation needs."""
    return [check async for check in _checks(settings)]


async def _checks(settings: Settings) -> AsyncIterator[Check]:
    try:
        need_slack(settings)
        need_lasting_disk(settings, os.environ)
        mode = "Socket Mode" if settings.socket_mode else f"HTTP at {settings.base_url}"
        yield Check("OK", "settings", mode)
    except SettingsError as error:
        for line in str(error).splitlines():
            yield Check("FAIL", "settings", line)
    try:
        async with put_together(settings, Clock()) as parts:
            await parts.store.ping()
            held = parts.store.count_rows("", Filters(), Sight(everything=True))
            words = f"takes writes, and holds {held:,} {'idea' if held == 1 else 'ideas'}"
            yield Check("OK", "database", f"{settings.database_url} {words}")
            if settings.slack_bot_token is not None:
                async for check in _slack_checks(settings, parts):
                    yield check
    except CommonplaceError as error:
        yield Check("FAIL", "database", str(error))


async def _slack_checks(settings: Settings, parts: Parts) -> AsyncIterator[Check]:
    try:
        workspace = await parts.chat.whoami()
        scopes = await parts.chat.scopes()
    except ChatError as error:
        yield Check("FAIL", "bot token", f"auth.test failed: {error.code or error}")
        return
    await parts.installation.learn(workspace, parts.store)
    yield Check("OK", "bot token", f"{workspace.bot_user_id} in {workspace.name or workspace.id}")
    if scopes is None:
        yield Check("WARN", "scopes", "this server does not tell them")
    elif missing := sorted(set(SCOPES) - scopes):
        yield Check(
            "FAIL", "scopes", f"missing {', '.join(missing)}: add them, then reinstall the app"
        )
    else:
        yield Check("OK", "scopes", f"all {len(SCOPES)} are granted")
    if settings.slack_app_token is not None:
        yield await _socket_check(settings, parts)
    async for check in _channel_checks(settings, parts):
        yield check


async def _socket_check(settings: Settings, parts: Parts) -> Check:
    token = settings.slack_app_token
    try:
        await parts.chat.try_socket(token.reveal() if token else "")
    except ChatError as error:
        return Check(
            "FAIL",
            "app token",
            f"apps.connections.open failed: {error.code or error}; it needs connections:write",
        )
    return Check("OK", "app token", "a socket can be opened")


async def _channel_checks(settings: Settings, parts: Parts) -> AsyncIterator[Check]:
    try:
        mine = await parts.chat.my_channels()
    except ChatError as error:
        yield Check("WARN", "channels", f"cannot be listed: {error.code or error}")
        return
    names = {name for channel in mine for name in (channel.id, channel.name)}
    for wanted in settings.commonplace_channels:
        if wanted not in names:
            yield Check(
                "FAIL", f"channel {wanted}", "the bot is not in it, or there is none: /invite it"
            )
    if mine:
        shown = ", ".join(f"#{channel.name or channel.id}" for channel in mine)
        yield Check("OK", "channels", f"the bot is in {shown}")
    else:
        yield Check("WARN", "channels", "the bot is in no channel yet: /invite it to one")
