"""Commands that do one thing with the chat and end: digest, prompt, doctor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TypeVar, assert_never

from bot.clock import Clock, real_now
from bot.compose import Components, build
from bot.config import Settings
from bot.core.delivery.once import InDoubt, NothingToPost, NotPossible, Posting, Sent, SentBefore
from bot.core.errors import ChatError, ChatUnavailableError, CommonplaceError, SettingsError
from bot.core.finding.names import unknown_channel
from bot.core.intake.catch_up import Tally
from bot.core.messages import hours
from bot.core.messages.common import tally
from bot.core.model.ideas import Filters, Kind, Sight
from bot.core.model.people import Channel, ChannelInfo, Workspace
from bot.core.model.work import DeliveryKind
from bot.identity import learn_channels
from handlers.slack.installation import app_of, of_two_apps
from handlers.slack.manifest import SCOPES
from handlers.web.preview import page
from storage import look_at

IN_DOUBT = 3

PATIENCE = 60.0
"""Seconds that a command waits at most when Slack asks to be left alone for a while."""

Result = TypeVar("Result")


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
    async with build(settings, clock) as components:
        if post:
            await _learn(components)
        where = await _channel(components, channel, ask=post)
        when = _instant(components, where, clock() if at is None else at)
        make = _post if post else _preview
        return await make(components, DeliveryKind(kind), where, when)


async def _preview(
    components: Components, kind: DeliveryKind, where: Channel, when: datetime
) -> tuple[str, int]:
    if kind is DeliveryKind.PROMPT:
        return (await components.weekly.preview_prompt(where, when)).fallback, 0
    messages = await components.weekly.preview_digest(where, when)
    if not messages:
        return f"There is nothing to post in #{where.name or where.id}: no new ideas.", 0
    return "\n\n".join(message.fallback for message in messages), 0


async def _post(
    components: Components, kind: DeliveryKind, where: Channel, when: datetime
) -> tuple[str, int]:
    weekly, digest = components.weekly, kind is DeliveryKind.DIGEST
    send = weekly.post_digest if digest else weekly.post_prompt

    async def once() -> Posting:
        # Looked for first, since the file may be an older copy that does not know of it.
        outcome = await send(where, when, late=True)
        if isinstance(outcome, InDoubt) and outcome.waits:
            rest = (outcome.until - real_now()).total_seconds()
            raise ChatUnavailableError(outcome.why, retry_after=max(rest, 0.0))
        return outcome

    name = f"#{where.name or where.id}"
    what = "digest" if digest else "question"
    try:
        outcome = await _patiently(once)
    except ChatUnavailableError as error:
        wait = f"{error.retry_after or 0:.0f} s"
        words = f"Nothing was posted in {name} yet: Slack asks to wait {wait}. Try again then."
        return words, IN_DOUBT
    match outcome:
        case Sent():
            return f"Posted the {what} in {name}.", 0
        case SentBefore():
            return f"The {what} of that week was posted in {name} already; nothing done.", 0
        case NothingToPost():
            return f"There is nothing to post in {name}: no new ideas.", 0
        case InDoubt(why=why):
            return f"In doubt whether the {what} is in {name}: {why} Try again.", IN_DOUBT
        case NotPossible(why=why):
            raise ChatError(f"The {what} was not posted in {name}: {why}")
        case _:
            assert_never(outcome)


async def digest_page(settings: Settings, channel: str, at: datetime | None) -> str | None:
    """A channel's digest as an HTML page; None: there is nothing to post.

    Args:
        at: as in `weekly`.
    """
    clock = Clock.starting(settings.commonplace_clock)
    async with build(settings, clock) as components:
        where = await _channel(components, channel, ask=False)
        when = _instant(components, where, clock() if at is None else at)
        messages = await components.weekly.preview_digest(where, when)
        if not messages:
            return None
        zone = components.weekly.zone_of(where)
        day = hours.moment(when, zone, year=True)
        about = f"The digest of #{where.name or where.id} as it would be posted on {day} ({zone})."
        return page(messages, about=about)


def _instant(components: Components, channel: Channel, when: datetime) -> datetime:
    """An instant in UTC; without an offset it is the channel's local time."""
    if when.tzinfo is None:
        when = when.replace(tzinfo=components.weekly.zone_of(channel))
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
    async with build(settings, clock) as components:
        workspace = await _learn(components)
        await learn_channels(components, workspace.id)
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


async def _channel(components: Components, name: str, *, ask: bool) -> Channel:
    """The channel of this id or name; Slack is asked only when we may speak with it anyway."""
    home = components.installation.workspace
    for workspace in (home,) if home else await components.store.workspaces():
        known = await components.store.channel(workspace.id, name)
        if known is not None:
            return known
    info = await _patiently(lambda: _look_up(components, name)) if ask and home else None
    if info is None or home is None:
        raise await unknown_channel(components.store, name)
    return await components.store.remember_channel(home.id, info, now=components.clock())


async def _learn(components: Components) -> Workspace:
    """Ask Slack who we are; raises as `Installation.learn`."""
    workspace = await _patiently(components.chat.whoami)
    await components.installation.learn(workspace, components.store)
    return workspace


async def _patiently(ask: Callable[[], Awaitable[Result]]) -> Result:
    """Ask Slack; where it wants to be left alone for a short while, wait and ask again.

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


async def _look_up(components: Components, name: str) -> ChannelInfo | None:
    try:
        return await components.chat.channel(name)
    except ChatUnavailableError:
        raise
    except ChatError:
        # It may be a name: only ids can be looked up.
        try:
            mine = await components.chat.my_channels()
        except ChatUnavailableError:
            raise
        except ChatError:
            return None
    return next((one for one in mine if one.name == name), None)


async def doctor(settings: Settings | None, wrong: Sequence[str] = ()) -> list[Check]:
    """Look at everything an installation needs; make and change nothing.

    Args:
        settings: None: they are so wrong that nothing else can be looked at.
        wrong: what is wrong with them, a line each.
    """
    return [check async for check in _checks(settings, wrong)]


async def _checks(settings: Settings | None, wrong: Sequence[str]) -> AsyncIterator[Check]:
    for line in wrong:
        yield Check("FAIL", "settings", line)
    if settings is None:
        return
    if not wrong:
        mode = "Socket Mode" if settings.socket_mode else f"HTTP at {settings.base_url}"
        yield Check("OK", "settings", mode)
    for check in _modes(Path(".env"), "600"):
        yield check
    try:
        found = look_at(settings.database_url)
    except SettingsError:
        raise
    except CommonplaceError as error:
        yield Check("FAIL", "database", str(error))
        return
    with TemporaryDirectory(prefix="commonplace-") as folder:
        if found.ready:
            for check in (*_modes(found.path, "600"), *_modes(found.path.parent, "700")):
                yield check
        else:
            yield Check("WARN", "database", found.words)
            settings = replace(settings, database_url=f"sqlite:///{folder}/none.db")
        async with build(settings, Clock()) as components:
            if found.ready:
                yield await _database_check(settings, components)
            if settings.slack_bot_token is not None:
                async for check in _slack_checks(settings, components):
                    yield check


def _modes(path: Path, mode: str) -> Iterator[Check]:
    """Whether nobody but its owner can look at what is ours at *path*, if that is there."""
    try:
        found = path.stat()
    except OSError:
        return
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        yield Check("WARN", str(path), f"others can look at it: chmod {mode} {path.absolute()}")


async def _database_check(settings: Settings, components: Components) -> Check:
    try:
        await components.store.ping()
        kinds = {
            kind: await components.store.count("", Filters(), Sight(everything=True), kinds=(kind,))
            for kind in Kind
        }
    except CommonplaceError as error:
        return Check("FAIL", "database", str(error))
    held = tally(kinds) if any(kinds.values()) else "0 ideas"
    return Check("OK", "database", f"{settings.database_url} takes writes, and holds {held}")


def advice(error: ChatError) -> str:
    """What an operator can do when Slack did not do something."""
    if error.code in {"unreachable", "lost"}:
        return (
            "Is this machine online? A proxy is named in HTTPS_PROXY, another server in "
            "SLACK_API_URL. Then try again"
        )
    if error.code in _REFUSED_TOKEN:
        return (
            "take the token anew from api.slack.com/apps (reinstall the app if it was revoked), "
            "and put it into .env"
        )
    if isinstance(error, ChatUnavailableError):
        return "wait a minute and try again; status.slack.com says whether Slack has trouble"
    return "docs.slack.dev says what it means"


_REFUSED_TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)


async def _slack_checks(settings: Settings, components: Components) -> AsyncIterator[Check]:
    try:
        workspace = await components.chat.whoami()
        scopes = await components.chat.scopes()
    except ChatError as error:
        words = f"auth.test failed: {error.code or error}. {advice(error)}"
        yield Check("FAIL", "bot token", words)
        return
    yield Check("OK", "bot token", f"{workspace.bot_user_id} in {workspace.name or workspace.id}")
    if wrong := await components.installation.not_of(workspace, components.store):
        yield Check("FAIL", "database", wrong)
    if scopes is None:
        yield Check("WARN", "scopes", "this server does not tell them")
    elif missing := sorted(set(SCOPES) - scopes):
        yield Check(
            "FAIL", "scopes", f"missing {', '.join(missing)}: add them, then reinstall the app"
        )
    else:
        yield Check("OK", "scopes", f"all {len(SCOPES)} are granted")
    if settings.slack_app_token is not None:
        yield await _socket_check(settings, components, workspace)
    async for check in _channel_checks(settings, components):
        yield check


async def _socket_check(settings: Settings, components: Components, workspace: Workspace) -> Check:
    token = settings.slack_app_token.reveal() if settings.slack_app_token else ""
    with suppress(ChatError):
        if two := of_two_apps(app_of(token), await components.chat.app_id(workspace)):
            return Check("FAIL", "app token", two)
    try:
        await components.chat.try_socket(token)
    except ChatError as error:
        words = f"apps.connections.open failed: {error.code or error}. {advice(error)}"
        return Check("FAIL", "app token", f"{words}. It needs connections:write")
    return Check("OK", "app token", "a socket can be opened")


async def _channel_checks(settings: Settings, components: Components) -> AsyncIterator[Check]:
    try:
        mine = await components.chat.my_channels()
    except ChatError as error:
        words = f"cannot be listed: {error.code or error}. {advice(error)}"
        yield Check("WARN", "channels", words)
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
