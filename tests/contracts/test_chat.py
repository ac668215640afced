"""What every chat keeps of the port's promises: the same tests for each of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    ChatUnsupportedError,
)
from bot.core.model.parts import Message
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Place, Text
from bot.core.ports.chat import Chat
from tests.conftest import bot_at
from tests.core.chat import Fault, MemoryChat
from tests.slack import Slack
from tests.teams import Teams
from tests.teams.fixtures import chat_of

HELLO = Message("Good morning")


@dataclass(frozen=True, slots=True)
class World:
    """A chat with two channels in which the bot and a member are.

    Args:
        room: a public channel, where the platform has such.
        private: one that they were added to by name.
        hidden: those whose members alone see what stands there.
        guest: somebody who is in neither.
        says: let the member post, with a thread or none; the stamp.
        reacts: let the member react to the message of a stamp.
        archive: archive *room*.
        lose: lose the answer to the next post.
        slow: ask for 20 seconds of patience at the next post.
    """

    chat: Chat
    workspace: str
    room: str
    private: str
    hidden: frozenset[str]
    member: str
    guest: str
    says: Callable[[str, str], Awaitable[str]]
    reacts: Callable[[str, str], Awaitable[object]]
    archive: Callable[[], None]
    lose: Callable[[], object]
    slow: Callable[[], object]

    def at(self, ts: str) -> Place:
        """A place in *room*."""
        return Place(self.workspace, self.room, ts)


@asynccontextmanager
async def in_memory(_slack: Slack, _folder: Path, clock: Clock) -> AsyncIterator[World]:
    """The chat that the core's tests speak with."""
    chat = MemoryChat(clock)
    for ident, private in (("C1", False), ("C2", True)):
        chat.channels[ident] = ChannelInfo(id=ident, name=ident.lower(), private=private)
        chat.inside[ident] = {"U1"}
    chat.people = {ident: Person(id=ident, name=f"Name of {ident}") for ident in ("U1", "U2")}

    def archive() -> None:
        chat.channels["C1"] = ChannelInfo(id="C1", name="c1", private=False, archived=True)

    async def says(text: str, thread: str) -> str:
        return chat.says("U1", "C1", text, thread=thread)

    async def reacts(ts: str, name: str) -> None:
        chat.reacts("U1", "C1", ts, name)

    yield World(
        chat,
        "T1",
        room="C1",
        private="C2",
        hidden=frozenset({"C2"}),
        member="U1",
        guest="U2",
        says=says,
        reacts=reacts,
        archive=archive,
        lose=lambda: chat.posting.append(Fault.LOST),
        slow=lambda: chat.posting.append(Fault.AWAY),
    )


@asynccontextmanager
async def in_slack(slack: Slack, folder: Path, clock: Clock) -> AsyncIterator[World]:
    """Slack's chat, before our small Slack."""
    rosa, ben = slack.add_user("rosa"), slack.add_user("ben")
    public = slack.add_channel("reading", members=[rosa])
    private = slack.add_channel("inner-circle", members=[rosa], private=True)
    for each in (public, private):
        slack.invite_bot(each, rosa)

    async def says(text: str, thread: str) -> str:
        return slack.post(rosa, public, text, thread_ts=thread or None).ts

    async def reacts(ts: str, name: str) -> None:
        slack.react(rosa, next(one for one in slack.messages(public) if one.ts == ts), name)

    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(
            bot_at(slack, folder / "ideas.db", clock, commonplace_channels="nowhere")
        )
        yield World(
            bot.home,
            slack.workspace.team_id,
            room=public.id,
            private=private.id,
            hidden=frozenset({private.id}),
            member=rosa.id,
            guest=ben.id,
            says=says,
            reacts=reacts,
            archive=lambda: slack.archive(rosa, public),
            lose=lambda: slack.faults.lose_answer("chat.postMessage"),
            slow=lambda: slack.faults.rate_limit("chat.postMessage", retry_after=20),
        )


@asynccontextmanager
async def in_teams(_slack: Slack, folder: Path, clock: Clock) -> AsyncIterator[World]:
    """Teams' chat, before our small Teams. In Teams only members of a team see its channels."""
    teams = Teams(clock)
    rosa, ben = teams.add_person("Rosa Alvarez"), teams.add_person("Ben Okafor")
    team = teams.add_team("Librarians", [rosa])
    room = team.channels[0]
    private = teams.add_channel(team, "Inner circle", kind="private", only=[rosa])

    async def says(text: str, thread: str) -> str:
        root = room.items[thread] if thread else None
        return (await teams.act.post(rosa, room, f"<p>{text}</p>", root=root)).id

    async def reacts(ts: str, name: str) -> None:
        await teams.act.react(rosa, room.items[ts], name)

    def archive() -> None:
        room.archived = True

    async with teams.serving(), chat_of(teams, folder) as chat:
        yield World(
            chat,
            teams.tenant.id,
            room=room.id,
            private=private.id,
            hidden=frozenset({room.id, private.id}),
            member=rosa.aad,
            guest=ben.aad,
            says=says,
            reacts=reacts,
            archive=archive,
            lose=lambda: teams.faults.lose_answer("connector.post"),
            slow=lambda: teams.faults.rate_limit("connector.post", retry_after=20),
        )
    assert [] == teams.complaints


@pytest.fixture(params=[in_memory, in_slack, in_teams])
async def world(
    request: pytest.FixtureRequest, slack: Slack, tmp_path: Path, clock: Clock
) -> AsyncIterator[World]:
    """Each chat in turn."""
    async with request.param(slack, tmp_path, clock) as made:
        yield made


async def test_what_was_posted_is_found_by_its_key(world: World) -> None:
    """By its own key, in its own channel, and not before it was posted."""
    ts = await world.chat.post(world.room, HELLO, key="digest 48")
    posted = world.chat.instant_of(ts)
    since = posted - timedelta(minutes=1)
    assert ts == await world.chat.find_own(world.room, "digest 48", since=since)
    assert await world.chat.find_own(world.room, "digest 49", since=since) is None
    assert await world.chat.find_own(world.private, "digest 48", since=since) is None
    late = posted + timedelta(minutes=1)
    assert await world.chat.find_own(world.room, "digest 48", since=late) is None


async def test_a_reply_is_found_in_its_thread(world: World) -> None:
    """And nowhere else."""
    first = await world.chat.post(world.room, HELLO, key="first")
    ts = await world.chat.post(world.room, Message("More"), key="second", thread=first)
    since = world.chat.instant_of(first) - timedelta(minutes=1)
    assert ts == await world.chat.find_own(world.room, "second", since=since, thread=first)
    assert await world.chat.find_own(world.room, "second", since=since) is None


async def test_what_is_changed_is_still_found(world: World) -> None:
    """The key and the place of a message stay when its words change."""
    ts = await world.chat.post(world.room, HELLO, key="digest 48")
    await world.chat.update(world.at(ts), Message("Good evening"), key="digest 48")
    since = world.chat.instant_of(ts) - timedelta(minutes=1)
    assert ts == await world.chat.find_own(world.room, "digest 48", since=since)


async def test_what_is_deleted_is_gone_however_often(world: World) -> None:
    """Already gone is success."""
    ts = await world.chat.post(world.room, HELLO, key="digest 48")
    for _ in range(2):
        await world.chat.delete(world.at(ts))
    since = world.chat.instant_of(ts) - timedelta(minutes=1)
    assert await world.chat.find_own(world.room, "digest 48", since=since) is None


async def test_a_mark_is_set_and_taken_away_however_often(world: World) -> None:
    """Already there and not there are success; the bot's own mark is not among the reactions."""
    ts = await world.says("We built a reading garden", "")
    for done in (world.chat.react, world.chat.react, world.chat.unreact, world.chat.unreact):
        await done(world.at(ts), "bulb")
    await world.reacts(ts, "heart")
    await world.chat.react(world.at(ts), "bulb")
    assert [("heart", world.member)] == list(await world.chat.reactions(world.at(ts)))


async def test_a_members_message_is_fetched_and_the_bots_own_is_not(world: World) -> None:
    """Neither is one that is not there."""
    ts = await world.says("We built a reading garden", "")
    post = await world.chat.fetch(world.at(ts))
    assert post is not None
    assert (world.member, (Text("We built a reading garden"),)) == (post.author_id, post.body)
    own = await world.chat.post(world.room, HELLO)
    assert await world.chat.fetch(world.at(own)) is None
    assert await world.chat.fetch(world.at("1000000000.000001")) is None


async def test_a_history_is_read_newest_first_without_replies(world: World) -> None:
    """The count and the latest of a message's replies come with it; its thread has them all."""
    first = await world.says("One", "")
    second = await world.says("Two", "")
    replies = [await world.says("Three", first), await world.says("Four", first)]
    at = world.chat.instant_of(first)
    pages = world.chat.history(
        world.room, oldest=at - timedelta(minutes=1), latest=at + timedelta(minutes=1)
    )
    entries = [entry async for page in pages for entry in page if entry.post is not None]
    assert [second, first] == [entry.place.ts for entry in entries]
    assert (2, replies[-1]) == (entries[1].replies, entries[1].latest_reply)
    thread = await world.chat.thread(world.at(first))
    assert replies == [entry.place.ts for entry in thread]


async def test_members_and_channels_are_looked_up(world: World) -> None:
    """Whoever or whatever is not there is refused for good."""
    assert world.member == (await world.chat.person(world.member)).id
    channels = [await world.chat.channel(one) for one in (world.room, world.private)]
    assert world.hidden == {one.id for one in channels if one.private}
    assert {world.room, world.private} == {one.id for one in await world.chat.my_channels()}
    for asked in (world.chat.person("U404"), world.chat.channel("C404")):
        await refused(asked)


async def test_who_is_in_which_channel_is_told(world: World) -> None:
    """The private ones that the bot is in too; the public ones where that is asked for."""
    assert world.hidden == await world.chat.channels_of(world.member)
    assert {world.room, world.private} == await world.chat.channels_of(world.member, public=True)
    assert frozenset() == await world.chat.channels_of(world.guest)


async def test_an_archived_channel_refuses_for_good(world: World) -> None:
    """Trying again would not help."""
    world.archive()
    await refused(world.chat.post(world.room, HELLO))


async def test_a_lost_answer_leaves_the_message_in_doubt(world: World) -> None:
    """It is there all the same, and found."""
    world.lose()
    with pytest.raises(ChatInDoubtError):
        await world.chat.post(world.room, HELLO, key="digest 48")
    since = world.chat.instant_of(await world.says("Now", "")) - timedelta(minutes=1)
    assert await world.chat.find_own(world.room, "digest 48", since=since)


async def test_what_was_told_to_one_member_is_found_by_its_key(world: World) -> None:
    """Where the bot may look into its direct messages; where it may not, it says so."""
    ts = await world.chat.tell(world.member, HELLO, key="personal 48")
    since = world.chat.instant_of(ts) - timedelta(minutes=1)
    try:
        found = await world.chat.find_told(world.member, "personal 48", since=since)
    except ChatUnsupportedError:
        return
    assert ts == found
    assert await world.chat.find_told(world.member, "personal 49", since=since) is None


async def test_a_chat_that_asks_for_patience_says_for_how_long(world: World) -> None:
    """Nothing was posted, and it says when to come again."""
    world.slow()
    with pytest.raises(ChatUnavailableError) as caught:
        await world.chat.post(world.room, HELLO, key="digest 48")
    assert 20 == pytest.approx(caught.value.retry_after, abs=1)
    since = world.chat.instant_of(await world.says("Now", "")) - timedelta(minutes=1)
    assert await world.chat.find_own(world.room, "digest 48", since=since) is None


async def test_a_message_has_an_address(world: World) -> None:
    """It names the channel."""
    link = await world.chat.link_to(world.at(await world.says("One", "")))
    assert link.startswith("http")
    assert world.room in link


async def refused(asked: Awaitable[object]) -> None:
    """It is refused, and not put off or in doubt."""
    with pytest.raises(ChatError) as caught:
        await asked
    assert not isinstance(caught.value, ChatInDoubtError | ChatUnavailableError)
