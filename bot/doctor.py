"""Look at everything an installation needs: settings, database, tokens, scopes, channels."""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
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
from bot.core.ports.chat import Chat
from handlers.slack.chat import SlackChat
from handlers.slack.installation import app_of, of_two_apps
from handlers.slack.manifest import SCOPES
from handlers.slack.refusals import LOCKED_OUT
from handlers.teams.account import Addresses
from storage import look_at


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`: OK, WARN or FAIL, what was looked at, and what was found."""

    state: str
    name: str
    words: str


async def look(load: Callable[[str], Settings]) -> list[Check]:
    """Look at everything as `examine` does. *load*: reads the settings that a need asks for."""
    settings: Settings | None = None
    wrong: list[str] = []
    try:
        settings = load("RUN")
    except SettingsError as error:
        wrong = str(error).splitlines()
        with suppress(SettingsError):  # what is missing keeps nothing else from being looked at
            settings = load("NOTHING")
    return await examine(settings, wrong)


async def examine(
    settings: Settings | None, wrong: Sequence[str] = (), microsoft: Addresses | None = None
) -> list[Check]:
    """Look at everything an installation needs; make and change nothing.

    Args:
        settings: None: too much is wrong with them to look at anything else.
        wrong: what is wrong with them, a line each.
        microsoft: see `build`.
    """
    found = [Check("FAIL", "settings", line) for line in wrong]
    if settings is None:
        return found
    if not wrong:
        found.append(Check("OK", "settings", _modes_of(settings)))
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
        async with build(settings, microsoft=microsoft) as components:
            if database.ready:
                found.append(await _database_check(settings, components))
            names = set[str]()
            for chat in components.connections if settings.slack_bot_token else ():
                found += [one async for one in _workspace_checks(settings, components, chat, names)]
            if components.teams is not None:
                found += [one async for one in _teams_checks(settings, components, names)]
            listed = {one.name for one in found} & {"channels", "channel list"} == {"channels"}
            for wanted in settings.commonplace_channels if listed else ():
                if wanted not in names:
                    words = "the bot is not in it, or there is none: invite it, or add it to a team"
                    found.append(Check("FAIL", f"channel {wanted}", words))
    return found


def _modes_of(settings: Settings) -> str:
    """How each platform reaches the bot."""
    ways = []
    if settings.slack_bot_token or not settings.teams:
        ways.append("Socket Mode" if settings.slack_app_token else f"HTTP at {settings.base_url}")
    if settings.teams:
        ways.append(f"Teams at {settings.base_url}/teams/messages")
    return ", ".join(ways)


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
    """Return what an operator can do about an error of a chat's."""
    if error.code in {"unreachable", "lost"}:
        return (
            "Is this machine online? A proxy is named in HTTPS_PROXY, another server in "
            "SLACK_API_URL or TEAMS_GRAPH_URL. Then try again"
        )
    if error.code in {*LOCKED_OUT, "not_allowed_token_type"}:
        return (
            "take the token anew from api.slack.com/apps (reinstall the app if it was revoked), "
            "and put it into .env"
        )
    if isinstance(error, ChatUnavailableError):
        return (
            "wait a minute and try again; status.slack.com and status.cloud.microsoft say whether "
            "there is trouble"
        )
    return "docs.slack.dev and learn.microsoft.com say what it means"


async def _workspace_checks(
    settings: Settings, components: Components, chat: SlackChat, names: set[str]
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
    yield await _channels_check(chat, names, "invite it to one with /invite", advice)


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


async def _teams_checks(
    settings: Settings, components: Components, names: set[str]
) -> AsyncIterator[Check]:
    teams = components.teams
    if teams is None:
        return
    try:
        await teams.check()
    except ChatError as error:
        yield Check("FAIL", "Teams token", f"{error} ({error.code})")
        return
    yield Check("OK", "Teams token", f"Microsoft gives one to {teams.bot.bot_id}")
    if wrong := await teams.not_of(components.store):
        yield Check("FAIL", "database", wrong)
    if trouble := await teams.unreached(settings.base_url):
        yield Check("WARN", "Teams address", trouble)
    else:
        yield Check("OK", "Teams address", f"{settings.base_url} answers")
    for team in await teams.known.teams():
        if trouble := await teams.unread(team):
            yield Check("WARN", f"history of {team.name or team.id}", trouble)
        else:
            yield Check("OK", f"history of {team.name or team.id}", "Graph tells it")
    yield await _channels_check(teams.chat, names, "add the app to a team")


async def _channels_check(
    chat: Chat,
    names: set[str],
    remedy: str,
    advise: Callable[[ChatError], str] = lambda _: "docs/teams.md says what to allow",
) -> Check:
    """See which channels the bot is in; *names* gets the ids and names of each."""
    try:
        mine = await chat.my_channels()
    except ChatError as error:
        words = f"cannot be listed: {error.code or error}. {advise(error)}"
        return Check("WARN", "channel list", words)
    names |= {name for one in mine for name in (one.id, one.name.lower())}
    if not mine:
        return Check("WARN", "channels", f"the bot is in no channel yet: {remedy}")
    shown = ", ".join(f"#{channel.name or channel.id}" for channel in mine)
    return Check("OK", "channels", f"the bot is in {shown}")
