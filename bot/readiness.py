"""Whether the bot is ready, and if not, why."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from aiohttp import web

from bot.compose import Components
from bot.core.errors import CommonplaceError
from bot.telemetry import Metrics
from handlers.slack.chat import SlackChat
from handlers.slack.installation import app_of, of_two_apps
from handlers.web import Answers

PATIENCE: Final = 10.0
"""Seconds that the database may take to answer when it is asked whether it is there."""


def answers(components: Components) -> Answers:
    """Return what the web side answers with while the bot runs."""
    return Answers(
        ready=partial(problems, components),
        metrics=components.metrics.render,
        reading=lambda: components.history.progress,
        events=components.over_http,
        activities=components.activities,
        shared=components.shared,
        files=None if components.teams is None else components.teams.files,
    )


def put_off(why: Callable[[], str]) -> Answers:
    """Return what the web side answers with before the bot runs. *why*: what it waits for."""

    async def waiting() -> Mapping[str, str]:
        return {"database": why()}

    async def later(_: web.Request) -> web.Response:
        return web.Response(status=503, text=why())  # then it is sent again

    return Answers(waiting, Metrics().render, events=later, activities=later)


async def problems(components: Components) -> Mapping[str, str]:
    """Return what keeps the bot from being ready, in words by name; empty: it is ready."""
    found: dict[str, str] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            await components.store.ping()
    except CommonplaceError as error:
        found["database"] = str(error)
    except TimeoutError:
        found["database"] = f"The database has not answered for {PATIENCE:.0f} s."
    refusals = [await _refusal(chat) for chat in components.connections]
    found["slack"] = " ".join(filter(None, refusals))
    found["teams"] = await _teams_refusal(components)
    components.metrics.connected.set(0 if found["slack"] or found["teams"] else 1)
    found["socket"] = _deafness(components)
    found["schedule"] = components.schedule.problem
    return {name: why for name, why in found.items() if why} | components.tasks.dead


def _deafness(components: Components) -> str:
    """Why no event comes over the sockets; empty: events come, or come over HTTP."""
    sockets = components.sockets
    if sockets is None:
        return ""
    if not sockets.live:
        return sockets.problem
    hears = sockets.app_id or app_of(sockets.app_token)
    two = (of_two_apps(hears, one.installation.app_id) for one in components.connections)
    return next(filter(None, two), "")


async def _teams_refusal(components: Components) -> str:
    """Why Teams cannot be spoken with; empty: it can, or is not set."""
    teams = components.teams
    if teams is None:
        return ""
    if teams.learnt.is_set():
        with contextlib.suppress(CommonplaceError):  # a token that has ended is asked for anew
            await teams.check()
    elif not teams.problems:
        return "Microsoft has not given a token yet."
    return " ".join(teams.problems)


async def _refusal(chat: SlackChat) -> str:
    """Why Slack does not take the token. A token that it refused is tried once more."""
    installation, calls = chat.installation, chat.calls
    if not installation.learnt.is_set():
        return installation.problem or "Slack has not told yet who this bot is."
    if calls.locked_out:
        with contextlib.suppress(CommonplaceError):
            await chat.whoami()
    return f"Slack refuses SLACK_BOT_TOKEN ({calls.locked_out})." if calls.locked_out else ""
