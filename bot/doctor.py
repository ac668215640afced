"""Look at everything an installation needs: settings, database, tokens, scopes, channels."""

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.compose import Components, build
from bot.config import Settings
from bot.core.errors import ChatError, ChatUnavailableError, CommonplaceError, SettingsError
from bot.core.messages.common import tally
from bot.core.model.ideas import Filters, Kind, Visibility
from bot.core.model.people import Workspace
from handlers.slack.chat import SlackChat
from handlers.slack.installation import app_of, of_two_apps
from handlers.slack.manifest import SCOPES
from handlers.slack.refusals import LOCKED_OUT
from storage import look_at


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`: OK, WARN or FAIL, what was looked at, and what was found."""

    state: str
    name: str
    words: str


async def examine(settings: Settings | None, wrong: Sequence[str] = ()) -> list[Check]:
    """Look at everything an installation needs; make and change nothing.

    Args:
        settings: None: too much is wrong with them to look at anything else.
        wrong: what is wrong with them, a line each.
    """
    found = [Check("FAIL", "settings", line) for line in wrong]
    if settings is None:
        return found
    if not wrong:
        mode = "Socket Mode" if settings.slack_app_token else f"HTTP at {settings.base_url}"
        found.append(Check("OK", "settings", mode))
    found += _modes(Path(".env"), "600")
    try:
        database = look_at(settings.database_url)
    except SettingsError:
        raise
    except CommonplaceError as error:
        return [*found, Check("FAIL", "database", str(error))]
    with TemporaryDirectory(prefix="commonplace-") as folder:
        if database.ready:
            found += [*_modes(database.path, "600"), *_modes(database.path.parent, "700")]
        else:
            found.append(Check("WARN", "database", database.words))
            settings = replace(settings, database_url=f"sqlite:///{folder}/none.db")
        async with build(settings) as components:
            if database.ready:
                found.append(await _database_check(settings, components))
            for chat in components.connections if settings.slack_bot_token else ():
                found += [one async for one in _workspace_checks(settings, components, chat)]
    return found


def _modes(path: Path, mode: str) -> Iterator[Check]:
    """Yield a warning if others than its owner can read *path*; nothing if there is no file."""
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
            kind: await components.store.count(
                "", Filters(kinds=(kind,)), Visibility(everything=True)
            )
            for kind in Kind
        }
    except CommonplaceError as error:
        return Check("FAIL", "database", str(error))
    held = tally(kinds) if any(kinds.values()) else "0 ideas"
    return Check("OK", "database", f"{settings.database_url} takes writes, and holds {held}")


def advice(error: ChatError) -> str:
    """Return what an operator can do about an error of Slack's."""
    if error.code in {"unreachable", "lost"}:
        return (
            "Is this machine online? A proxy is named in HTTPS_PROXY, another server in "
            "SLACK_API_URL. Then try again"
        )
    if error.code in {*LOCKED_OUT, "not_allowed_token_type"}:
        return (
            "take the token anew from api.slack.com/apps (reinstall the app if it was revoked), "
            "and put it into .env"
        )
    if isinstance(error, ChatUnavailableError):
        return "wait a minute and try again; status.slack.com says whether Slack has trouble"
    return "docs.slack.dev says what it means"


async def _workspace_checks(
    settings: Settings, components: Components, chat: SlackChat
) -> AsyncIterator[Check]:
    try:
        workspace = await chat.whoami()
        scopes = await chat.scopes()
    except ChatError as error:
        words = f"auth.test failed: {error.code or error}. {advice(error)}"
        yield Check("FAIL", "bot token", words)
        return
    yield Check("OK", "bot token", f"{workspace.bot_user_id} in {workspace.name or workspace.id}")
    if wrong := await components.connections.not_of(workspace, components.store):
        yield Check("FAIL", "database", wrong)
    if scopes is None:
        yield Check("WARN", "scopes", "this server does not tell them")
    elif missing := sorted(set(SCOPES) - scopes):
        yield Check(
            "FAIL", "scopes", f"missing {', '.join(missing)}: add them, then reinstall the app"
        )
    else:
        yield Check("OK", "scopes", f"all {len(SCOPES)} are granted")
    if settings.slack_app_token:
        yield await _socket_check(settings, chat, workspace)
    async for check in _channel_checks(settings, chat):
        yield check


async def _socket_check(settings: Settings, chat: SlackChat, workspace: Workspace) -> Check:
    token = settings.slack_app_token.reveal()
    with suppress(ChatError):
        if two := of_two_apps(app_of(token), await chat.app_id(workspace)):
            return Check("FAIL", "app token", two)
    try:
        await chat.try_socket(token)
    except ChatError as error:
        words = f"apps.connections.open failed: {error.code or error}. {advice(error)}"
        return Check("FAIL", "app token", f"{words}. It needs connections:write")
    return Check("OK", "app token", "a socket can be opened")


async def _channel_checks(settings: Settings, chat: SlackChat) -> AsyncIterator[Check]:
    try:
        mine = await chat.my_channels()
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
