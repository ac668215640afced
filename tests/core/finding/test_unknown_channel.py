"""What an operator is told who names a channel that is not known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.finding.names import unknown_channel
from bot.core.intake.people import noted
from bot.core.model.people import ChannelInfo, Workspace
from storage import Store, open_store

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    opened = open_store(f"sqlite:///{tmp_path}/ideas.db")
    yield opened
    await opened.close()


async def test_the_nearest_is_offered_or_all_are_named(store: Store) -> None:
    """A slip gets a hint, anything else the list; before the first channel there is none."""
    assert "Known: none yet." in str(await unknown_channel(store, "reading"))
    await store.remember_workspace(Workspace(id="T1", bot_user_id="U0BOT"))
    for ident, name in (("C1", "reading"), ("C2", "leadership")):
        await store.remember_channel("T1", ChannelInfo(id=ident, name=name, private=False), now=NOW)
    told = [str(await unknown_channel(store, name)) for name in ("readng", "xyzzy")]
    assert [
        "--channel: no channel 'readng' is known. Did you mean #reading?",
        "--channel: no channel 'xyzzy' is known. Known: #leadership, #reading.",
    ] == told


async def test_what_cannot_be_noted_keeps_nobody_waiting(store: Store) -> None:
    """A store that takes nothing any more costs an answer nothing."""
    await store.close()
    await noted(store.remember_workspace(Workspace(id="T1")))
