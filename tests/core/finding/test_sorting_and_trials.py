"""Changing a component and telling a trial: who may, and what may come in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core.errors import ChatUnavailableError, CommandError, NoSuchIdeaError, NotAllowedError
from bot.core.finding.ideas import PAGE, IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.finding.similar import Similar
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Kind, Withdrawal
from bot.core.model.people import Asker, Person
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.data.common_words import load_likeness
from tests.core.stage import CHICAGO, FRAMEWORK, Stage, stage
from tests.storage.making import plan_due

ROSA = Asker(workspace="T1", member_id="UROSA", channel="C1")
BEN = Asker(workspace="T1", member_id="UBEN", channel="C1")


class Members:
    """A chat that knows everybody, and no private channel."""

    def of(self, _workspace: str) -> Members:
        return self

    async def person(self, member_id: str) -> Person:
        return Person(id=member_id, name=f"{member_id} Name")

    async def channels_of(self, member_id: str, **_: object) -> frozenset[str]:
        if member_id == "UAWAY":
            raise ChatUnavailableError("Too fast.", code="ratelimited")
        return frozenset()


class Meanwhile:
    """A store in which idea 1 is withdrawn just before one of its methods is called."""

    def __init__(self, here: Stage, method: str) -> None:
        self._here = here
        self._method = method

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._here.store, name)
        if name != self._method:
            return method

        async def call(*args: Any, **named: Any) -> Any:
            now = self._here.clock()
            await self._here.store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=now)
            return await method(*args, **named)

        return call


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as set_:
        yield set_


def finder(here: Stage, given: object = None) -> IdeaFinder:
    store, chats = cast("IdeaStore", given or here.store), cast("Chats", Members())
    return IdeaFinder(
        store=store,
        chats=chats,
        permissions=Permissions(store=store, chats=chats, now=here.clock),
        framework=FRAMEWORK,
        now=here.clock,
        zone=CHICAGO,
    )


async def tell(here: Stage, who: Asker, came: str = "worked", store: object = None) -> object:
    return await finder(here, store).keep_trial(who, 1, {"came": came, "words": " so  so "})


async def test_a_component_that_is_gone_changes_nothing(here: Stage) -> None:
    """The network took another framework while the list stood open."""
    await here.says("UROSA")
    with pytest.raises(CommandError, match="no longer has that part"):
        await finder(here).sort(ROSA, 1, "GONE")
    idea = await here.store.idea_by_id(1)
    assert idea is not None
    assert ("PART",) == idea.components


async def test_only_the_author_and_who_coordinates_may_sort(here: Stage) -> None:
    """Refused at the use case, whatever the platform let through."""
    await here.says("UROSA")
    with pytest.raises(NotAllowedError):
        await finder(here).sort(BEN, 1, "LIT")
    assert ("LIT",) == (await finder(here).sort(ROSA, 1, "LIT")).components


async def test_an_idea_withdrawn_in_between_is_not_changed(here: Stage) -> None:
    """Between looking and writing it was gone: the words say so."""
    await here.says("UROSA")
    with pytest.raises(NoSuchIdeaError, match="withdrawn meanwhile"):
        await finder(here, Meanwhile(here, "set_components")).sort(ROSA, 1, "LIT")


async def test_a_trial_of_an_idea_withdrawn_in_between_is_not_kept(here: Stage) -> None:
    """Likewise."""
    await here.says("UROSA")
    with pytest.raises(NoSuchIdeaError, match="withdrawn meanwhile"):
        await tell(here, BEN, store=Meanwhile(here, "add_trial"))


async def test_a_trial_says_what_came_of_it_or_is_none(here: Stage) -> None:
    """A made-up outcome is refused; a right one is kept on one line."""
    await here.says("UROSA")
    with pytest.raises(CommandError, match="how it went"):
        await tell(here, BEN, "splendid")
    kept = cast("tuple[Any, Any]", await tell(here, BEN))
    assert "so so" == kept[0].words


async def test_a_question_is_answered_not_tried(here: Stage) -> None:
    """The words say where to answer it."""
    await here.says("UROSA", "Who has run a mock Newbery?", kind=Kind.QUESTION)
    with pytest.raises(CommandError, match="Answer it in its thread"):
        await tell(here, BEN)


async def test_nobody_tries_their_own(here: Stage) -> None:
    """It would only be praise of oneself."""
    await here.says("UROSA")
    with pytest.raises(CommandError, match="your own idea"):
        await tell(here, ROSA)


async def test_more_like_says_when_not_all_could_be_searched(here: Stage) -> None:
    """Where the chat does not tell private channels, the answer is known to be incomplete."""
    await here.says("UROSA")
    away = Asker(workspace="T1", member_id="UAWAY", channel="C1")
    one = finder(here)
    similar = Similar(store=one.store, permissions=one.permissions, likeness=load_likeness())
    page = await similar.more_like(away, await one.show(away, 1), start=0, limit=PAGE)
    assert ((), False) == (tuple(page.ideas), page.complete)


async def test_the_day_of_the_next_digest(here: Stage) -> None:
    """It is told when it comes within a week, by the channel's own clocks; else there is none."""
    await here.says("UROSA")
    idea = await here.store.idea_by_id(1)
    assert idea is not None
    late = datetime(2026, 11, 27, 4, 30, tzinfo=UTC)  # still Thursday in Chicago
    days = []
    for due in (None, late, late + timedelta(weeks=2)):
        await plan_due(here.store, "T1", "C1", DeliveryKind.DIGEST, due)
        days.append(await finder(here).digest_day(idea))
    channel = replace(await here.channel(), zone="Europe/Berlin")
    await here.store.set_settings(channel, who="UROSA", now=here.clock())
    await plan_due(here.store, "T1", "C1", DeliveryKind.DIGEST, late)
    assert ["", "Thursday", "", "Friday"] == [*days, await finder(here).digest_day(idea)]
