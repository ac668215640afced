"""Who the bot is and which channels it is in, as its chats tell."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.compose import Components
from bot.core.errors import ChatError, CommonplaceError, SettingsError
from bot.core.model.people import Workspace
from bot.core.model.work import Effect, NewJob
from handlers.slack.chat import SlackChat
from handlers.slack.installation import app_of, of_two_apps

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""The most seconds between two tries to reach Slack. The pause doubles each time."""


async def identify(components: Components) -> None:
    """Learn who we are in each workspace, then begin to read histories there.

    Raises:
        SettingsError: token and database do not belong together.
    """
    store, learning = components.store, []
    for chat in components.connections:
        learn = partial(components.connections.learn, chat, store)
        learning.append(_identify(components, "Slack", learn))
    if components.teams is not None:
        learning.append(_identify(components, "Microsoft", partial(components.teams.learn, store)))
    await asyncio.gather(*learning)


async def _identify(
    components: Components, who: str, learn: Callable[[], Awaitable[Workspace]]
) -> None:
    """Try until a platform says who the bot is in a workspace, then read its histories."""
    pause = 1.0
    while True:
        try:
            workspace = await learn()
            break
        except SettingsError as error:
            log.error("%s", error)  # noqa: TRY400  (it says all)
            raise
        except CommonplaceError as error:
            components.metrics.connected.set(0)
            wait = getattr(error, "retry_after", None) or pause
            what = f"{who} does not answer" if isinstance(error, ChatError) else "not ready yet"
            code = getattr(error, "code", "")
            log.warning("%s, trying again in %.0f s: %s", what, wait, code or error)
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
    components.metrics.connected.set(1)
    log.info("connected as %s in %s", workspace.bot_user_id, workspace.name or workspace.id)
    components.history.start(partial(learn_everywhere, components))


async def learn_everywhere(components: Components) -> None:
    """Ask in each workspace that is known which channels the bot is in, and plan their weeks."""
    for chat in components.connections:
        if chat.installation.learnt.is_set():
            await _learn_app(components, chat)
            await _learn_channels(components, chat.installation.bot.id)
    if components.teams is not None and components.teams.learnt.is_set():
        await components.teams.refresh()
        await _learn_channels(components, components.teams.bot.id)
    await components.timetable.plan()


async def _learn_channels(components: Components, home: str) -> None:
    """Ask which channels of a workspace the bot is in."""
    store, now = components.store, components.clock()
    try:
        mine = await components.platforms.of(home).my_channels()
        for info in mine:
            await store.remember_channel(home, info, now=now)
        listed = {info.id for info in mine}
        for known in await store.channels(home):
            if known.member and not known.archived and known.id not in listed:
                job = NewJob(effect=Effect.CHANNEL, key=known.id)
                await store.enqueue(home, job, now=now)
    except ChatError as error:
        # Not everything that speaks Slack's protocol lists channels; events tell them as well.
        log.info("the channels could not be listed: %s", error.code or error)


async def _learn_app(components: Components, chat: SlackChat) -> None:
    """Ask which app the bot token is of; log an error if the app token is of another."""
    installation, token = chat.installation, components.settings.slack_app_token
    if installation.app_id:
        return
    with contextlib.suppress(ChatError):
        installation.app_id = await chat.app_id(installation.bot)
    if two := of_two_apps(app_of(token.reveal()), installation.app_id):
        log.error("%s", two)
