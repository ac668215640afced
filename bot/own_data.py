"""What is held about somebody, at the command line: a file of it, and its end."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.config import Settings
from bot.core.errors import SettingsError
from bot.core.finding.own_data import write_held
from bot.core.messages.own_data import goes
from bot.core.model.people import Person
from bot.exporting import target
from storage import Store, open_store

SCRUBBED_WITHIN: Final = 30.0
"""Seconds to wait until erased words have left the file, its index and its log."""


async def my_data(settings: Settings, member: str, output: Path) -> str:
    """Write everything that is held about a member to a file; return whom it is about.

    Args:
        member: their id, or a name that nobody else has.

    Raises:
        SettingsError: nobody, or more than one, is meant.
    """
    store = open_store(settings.database_url, read_only=True)
    workspace, person = await _known(store, member)
    with store.held_about(workspace, person.id) as held, target(output) as out:
        write_held(held, out)
    return person.name or person.id


async def erase(settings: Settings, member: str, sure: Callable[[str], bool]) -> str:
    """Erase a member, if whoever runs the bot is *sure*; return what came of it, in words.

    Raises:
        SettingsError: nobody, or more than one, is meant.
    """
    store = open_store(settings.database_url, existing=True)
    try:
        workspace, person = await _known(store, member)
        held = await store.holdings(workspace, person.id)
        who = f"{person.name} ({person.id})" if person.name else person.id
        if not sure(f"This erases for good what is held about {who}: {goes(held)}."):
            return "Nothing was erased."
        now = Clock.starting(settings.commonplace_clock)
        await store.erase(workspace, person.id, keeps_nothing=False, now=now())
        try:
            async with asyncio.timeout(SCRUBBED_WITHIN):
                while not await store.is_scrubbed():  # noqa: ASYNC110  (a thread of its own scrubs)
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return (
                "Erased. Another program reads the database, so erased words are still in its "
                "-wal file; the bot takes them out as soon as that has ended."
            )
        return "Erased. What the bot posted for them goes from the chat while the bot runs."
    finally:
        await store.close()


async def _known(store: Store, member: str) -> tuple[str, Person]:
    """The workspace and the member that an operator means."""
    found = [
        (home.id, one.person)
        for home in await store.workspaces()
        for one in await store.called(home.id, member.removeprefix("@"))
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise SettingsError(f"--member: nobody called {member!r} is known.")
    which = "; ".join(f"{one.id} in {home}" for home, one in found)
    raise SettingsError(
        f"--member: {len(found)} people are called {member!r}. Name one by id: {which}"
    )
