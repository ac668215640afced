"""One program serves two workspaces, in which channels and members have the very same ids."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.readiness import problems
from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member
from handlers.slack.manifest import manifest
from tests.conftest import Bot, bot_at, eventually
from tests.faults.wire import IDEA, envelope, send
from tests.people import calm
from tests.slack import Slack

THEIRS = "We lend seeds with a growing guide beside every packet"


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace, two of its members, and the channel that they and the bot are in."""

    slack: Slack
    rosa: Member
    ben: Member
    room: Channel


@dataclass(frozen=True, slots=True)
class Both:
    """A bot and its two workspaces."""

    bot: Bot
    one: Place
    other: Place

    async def calm(self) -> None:
        """Wait until both have heard all, and everything that follows is done."""
        for place in (self.one, self.other):
            await calm(self.bot, place.slack)

    async def rows(self, place: Place) -> list[str]:
        """The texts that are kept of a workspace."""
        ideas = [
            await self.bot.parts.store.idea_by_id(number + 1)
            for number in range(len(await self.bot.rows()))
        ]
        team = place.slack.workspace.team_id
        return [one.text for one in ideas if one is not None and one.workspace == team]


def place_in(slack: Slack) -> Place:
    """The same people and the same channel, in any workspace."""
    rosa, ben = slack.add_user("rosa", display_name="Rosa"), slack.add_user("ben")
    room = slack.add_channel("leadership", [rosa, ben], bot=True)
    return Place(slack, rosa, ben, room)


def another(slack: Slack, clock: Clock) -> Slack:
    """A second workspace, in which the same app is installed."""
    other = Slack(manifest(), clock, team="T0SANDBOX2")
    other.signing_secret = slack.signing_secret
    other.timing = Timing(ack=15.0, retries=(0.0, 0.05, 0.05), hold=30.0)
    return other


@pytest.fixture
async def both(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Both]:
    """A bot over HTTP, told of both workspaces."""
    other = another(slack, clock)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(other.serving())
        places = place_in(slack), place_in(other)
        assert places[0].room.id == places[1].room.id
        assert places[0].rosa.id == places[1].rosa.id
        bot = await stack.enter_async_context(
            bot_at(slack, database, clock, transport="http", beside=[other])
        )
        for connection in bot.parts.connections:
            await connection.installation.learnt.wait()
        made = Both(bot, *places)
        await made.calm()
        yield made


async def test_ideas_are_kept_and_marked_where_they_were_posted(both: Both) -> None:
    """Each workspace counts its own from 1, and marks its own."""
    mine = both.one.slack.post(both.one.rosa, both.one.room, IDEA)
    theirs = both.other.slack.post(both.other.rosa, both.other.room, THEIRS)
    await both.calm()
    assert ([IDEA], [THEIRS]) == (await both.rows(both.one), await both.rows(both.other))
    assert [1, 1] == [row["number"] for row in await both.bot.rows()]
    for post, place in ((mine, both.one), (theirs, both.other)):
        (found,) = [one for one in place.slack.messages(place.room) if one.ts == post.ts]
        assert {"bulb": [place.slack.bot.id]} == found.reactions


async def test_a_command_finds_what_its_own_workspace_kept(both: Both) -> None:
    """The member and the channel have the same ids in both."""
    both.one.slack.post(both.one.rosa, both.one.room, IDEA)
    both.other.slack.post(both.other.rosa, both.other.room, THEIRS)
    await both.calm()
    for place, text, foreign in ((both.one, IDEA, THEIRS), (both.other, THEIRS, IDEA)):
        answer = str(await place.slack.command(place.ben, place.room, "/ideas list"))
        assert text[:30] in answer
        assert foreign[:30] not in answer


async def test_each_channel_gets_the_digest_of_its_own(both: Both, clock: Clock) -> None:
    """On Friday both are due at once, and each holds what was posted there."""
    both.one.slack.post(both.one.rosa, both.one.room, IDEA)
    both.other.slack.post(both.other.rosa, both.other.room, THEIRS)
    await both.calm()
    clock.jump(clock() + timedelta(days=2, hours=7))
    await both.bot.parts.schedule.wake()
    await both.calm()
    for place, text, foreign in ((both.one, IDEA, THEIRS), (both.other, THEIRS, IDEA)):
        said = [one.text for one in place.slack.said_by_bot(place.room)]
        assert 1 == sum(text[:30] in one for one in said)
        assert not any(foreign[:30] in one for one in said)


async def test_whoever_administers_there_does_not_coordinate_here(both: Both) -> None:
    """The same id is another person in another workspace."""
    other = both.other
    other.slack.change_user(other.ben, is_admin=True)
    await both.calm()
    denied = str(await both.one.slack.command(both.one.ben, both.one.room, "/ideas settings"))
    assert "coordinator" in denied
    await other.slack.command(other.ben, other.room, "/ideas settings")
    assert other.slack.view(other.ben) is not None
    assert both.one.slack.view(both.one.ben) is None


async def test_an_idea_that_is_typed_is_posted_in_its_own_workspace(both: Both) -> None:
    """`/idea` in one puts nothing into the other."""
    place = both.other
    await place.slack.command(place.ben, place.room, f"/idea {THEIRS}")
    await both.calm()
    assert any(THEIRS in one.text for one in place.slack.said_by_bot(place.room))
    assert not any(THEIRS in one.text for one in both.one.slack.said_by_bot(both.one.room))
    assert ([], [THEIRS]) == (await both.rows(both.one), await both.rows(both.other))


async def test_an_event_of_a_third_workspace_changes_and_stops_nothing(both: Both) -> None:
    """It is acknowledged, nothing of it is kept, and both go on."""
    event = {
        "type": "message",
        "channel": both.one.room.id,
        "channel_type": "channel",
        "user": both.one.rosa.id,
        "ts": "1764000000.000100",
        "text": IDEA,
    }
    body = envelope(both.one.slack, event)
    body |= {"team_id": "T0STRANGER", "authorizations": [{"team_id": "T0STRANGER"}]}
    assert 200 == await send(both.bot.url, both.one.slack, body)
    assert [] == await both.bot.rows()
    both.other.slack.post(both.other.rosa, both.other.room, THEIRS)
    await both.calm()
    assert [THEIRS] == await both.rows(both.other)


async def test_a_token_that_is_revoked_in_one_stops_the_other_not(both: Both, clock: Clock) -> None:
    """The other keeps, marks and posts its digest; the readiness page tells of the refusal."""
    both.one.slack.revoke()
    both.one.slack.post(both.one.rosa, both.one.room, IDEA)
    both.other.slack.post(both.other.rosa, both.other.room, THEIRS)
    await both.other.slack.settled()
    clock.jump(clock() + timedelta(days=2, hours=7))

    async def posted() -> bool:
        await both.bot.parts.schedule.wake()
        said = both.other.slack.said_by_bot(both.other.room)
        return any(THEIRS[:30] in one.text for one in said)

    await eventually(posted, "the other's digest is posted", within=20)
    assert [IDEA] == await both.rows(both.one)
    found = await problems(both.bot.parts)
    assert "token_revoked" in found["slack"]


async def test_a_token_that_was_never_any_good_keeps_no_other_event_waiting(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """Who we are there is waited for only when an event may be from there."""
    other = another(slack, clock)
    async with other.serving():
        other.revoke()
        place = place_in(slack)
        async with bot_at(slack, database, clock, transport="http", beside=[other]) as bot:
            began = asyncio.get_running_loop().time()
            for number in range(4):
                slack.post(place.rosa, place.room, f"{IDEA} number {number}")
                await slack.settled()
            assert asyncio.get_running_loop().time() - began < 4  # less than 1.5 s for each
            assert 4 == len(await bot.rows())
