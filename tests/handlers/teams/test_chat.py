"""What Teams' chat does beside what every chat does; see `tests/contracts`."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import ChatError, ChatUnavailableError, ChatUnsupportedError
from bot.core.model.parts import Message
from bot.core.model.posts import Place
from handlers.teams.chat import TeamsChat
from handlers.teams.connector import Conversation
from handlers.teams.known import Team
from handlers.teams.refusals import NoConsentError
from tests.teams import Channel, Person, Teams
from tests.teams.fixtures import chat_of
from tests.teams.graph import CHANNELS, MEMBERS, MESSAGES

HELLO = Message("Good morning")


@pytest.fixture
def ann(teams: Teams) -> Person:
    """Somebody who is in no team with the bot."""
    return teams.add_person("Ann Lee")


@pytest.fixture
async def chat(teams: Teams, room: Channel, tmp_path: Path) -> AsyncIterator[TeamsChat]:
    """The bot's chat; it is in the room's team."""
    assert room.team.installed
    async with chat_of(teams, tmp_path, per_minute=1_000) as made:
        yield made


def place(chat: TeamsChat, room: Channel, ts: str) -> Place:
    return Place(chat.bot.id, room.id, ts)


def asked(teams: Teams, method: str = "graph.*") -> int:
    """How many calls came in of a kind."""
    start = method.removesuffix("*")
    return sum(one.method.startswith(start) for one in teams.calls)


# -- who is where ------------------------------------------------------------------------------


async def test_who_is_in_a_standard_channel_is_whoever_is_in_its_team(
    teams: Teams, chat: TeamsChat, rosa: Person, ann: Person, room: Channel
) -> None:
    """That is asked of the connector, with one call for all channels of a team."""
    general = room.team.channels[0]
    assert {general.id, room.id} == await chat.channels_of(rosa.aad)
    assert frozenset() == await chat.channels_of(ann.aad)
    await teams.act.leave(rosa, room.team)
    assert frozenset() == await chat.channels_of(rosa.aad, public=True)
    assert (1, 3) == (asked(teams), asked(teams, "connector.member"))


async def test_of_one_channel_one_team_is_asked(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """However many the bot is in."""
    for name in ("Readers", "Writers", "Others"):
        team = teams.add_team(name, [rosa])
        about = {"name": name, "service_url": teams.service_url}
        await chat.directory.known.joined(Team(id=team.id, group=team.aad, **about))
    assert {room.id} == await chat.channels_of(rosa.aad, only=room.id)
    assert 1 == asked(teams, "connector.member")
    assert 5 == len(await chat.channels_of(rosa.aad))
    assert frozenset() == await chat.channels_of(rosa.aad, only="19:nowhere@thread.tacv2")


@pytest.mark.parametrize("kind", ["private", "shared"])
async def test_who_is_in_a_private_channel_only_graph_tells(
    teams: Teams, chat: TeamsChat, rosa: Person, ben: Person, room: Channel, kind: str
) -> None:
    """To be in its team is not enough, and without consent nobody is shown what stands there."""
    secret = teams.add_channel(room.team, "Budget", kind=kind, only=[rosa])
    assert secret.id in await chat.channels_of(rosa.aad)
    assert secret.id not in await chat.channels_of(ben.aad)
    teams.consents.discard(MEMBERS)
    assert room.id in await chat.channels_of(rosa.aad)
    assert secret.id not in await chat.channels_of(rosa.aad)


async def test_whoever_is_in_a_shared_channel_need_not_be_in_its_team(
    teams: Teams, chat: TeamsChat, ann: Person, room: Channel
) -> None:
    """They are shown that channel, and no other of the team."""
    shared = teams.add_channel(room.team, "Region", kind="shared", only=[ann])
    assert {shared.id} == await chat.channels_of(ann.aad)


async def test_a_channel_of_a_kind_that_is_not_told_is_nobodys(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """Without Graph's consent only General is known to be a standard one."""
    teams.consents -= {CHANNELS, MEMBERS}
    assert {room.team.id} == await chat.channels_of(rosa.aad)
    assert {room.team.id, room.id} == {one.id for one in await chat.my_channels()}


async def test_a_private_channel_that_the_bot_was_not_added_to_is_not_its_own(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """Being in the team is not enough for a bot either."""
    secret = teams.add_channel(room.team, "Budget", kind="private", only=[rosa])
    secret.added = False
    assert secret.id not in {one.id for one in await chat.my_channels()}
    assert secret.id not in await chat.channels_of(rosa.aad)
    with pytest.raises(ChatError):
        await chat.post(secret.id, HELLO)


async def test_a_channel_has_the_name_that_it_has_now(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """It is asked for anew, while where it is stays known."""
    before = await chat.channel(room.id)
    await teams.act.rename_channel(rosa, room, "Reading")
    after = await chat.channel(room.id)
    names = ("Librarians \u203a Leadership", "Librarians \u203a Reading")
    assert names == (before.name, after.name)
    assert before.private


async def test_channels_are_not_taken_for_gone_while_graph_is_away(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """Who asks which there are now is put off; what is known of them lately serves the others."""
    assert room.id in await chat.channels_of(rosa.aad)
    teams.faults.crash("graph.*", times=None)
    for asking in (chat.my_channels(), chat.channel(room.id)):
        with pytest.raises(ChatUnavailableError):
            await asking
    assert room.id in await chat.channels_of(rosa.aad)


async def test_posts_need_no_graph(teams: Teams, chat: TeamsChat, room: Channel) -> None:
    """The connector knows where a channel is."""
    teams.faults.crash("graph.*", times=None)
    ts = await chat.post(room.id, HELLO, key="digest 48")
    await chat.update(place(chat, room, ts), Message("Good evening"), key="digest 48")
    assert "Good evening" == room.items[ts].card["fallbackText"]


async def test_nobody_is_an_administrator(
    teams: Teams, chat: TeamsChat, rosa: Person, ann: Person
) -> None:
    """A member is known by name; a guest is a guest; who is in no team with the bot, is nobody."""
    guest = teams.add_person("Gus Ito", guest=True)
    teams.tenant.teams[0].members.append(guest)
    people = [await chat.person(one.aad) for one in (rosa, guest)]
    assert ["Rosa Alvarez", "Gus Ito"] == [one.name for one in people]
    assert [(False, False), (False, True)] == [(one.is_admin, one.is_guest) for one in people]
    with pytest.raises(ChatError):
        await chat.person(ann.aad)


async def test_whoever_has_written_to_the_bot_is_somebody(
    teams: Teams, chat: TeamsChat, ann: Person
) -> None:
    """Though they are in no team with it: it can answer them."""
    room = teams.chat(ann)
    known = chat.directory.known
    await known.chat_is(ann.aad, Conversation(teams.service_url, room.id))
    assert "Ann Lee" == (await chat.person(ann.aad)).name
    ts = await chat.tell(ann.aad, HELLO)
    assert [ts] == list(room.items)
    assert 0 == asked(teams, "connector.open_chat")


# -- words for one member -----------------------------------------------------------------------


async def test_a_chat_is_opened_once(teams: Teams, chat: TeamsChat, rosa: Person) -> None:
    """Then it is known."""
    for _ in range(2):
        await chat.tell(rosa.aad, HELLO)
    assert 2 == len(teams.chat(rosa).items)
    assert 1 == asked(teams, "connector.open_chat")


async def test_what_may_not_be_whispered_is_told_in_the_members_chat(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """And what may be is seen by that member alone."""
    await chat.whisper(room.id, rosa.aad, HELLO)
    assert 1 == len(teams.whispers(rosa))
    assert {} == room.items
    teams.whispers_taken = False
    await chat.whisper(room.id, rosa.aad, HELLO)
    assert 1 == len(teams.chat(rosa).items)


async def test_where_bots_may_not_react_that_is_told_apart(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """It is no error of anybody's, and nothing stands there."""
    teams.reactions = False
    item = await teams.act.post(rosa, room, "<p>One</p>")
    with pytest.raises(ChatUnsupportedError):
        await chat.react(place(chat, room, item.id), "bulb")
    await chat.unreact(place(chat, room, item.id), "bulb")
    assert [] == item.reactions


# -- what stands in a channel ---------------------------------------------------------------------


async def test_a_digest_is_looked_for_with_one_request(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel, clock: Clock
) -> None:
    """Whether it is found or not: Graph tells first where something changed last."""
    old = [await teams.act.post(rosa, room, f"<p>{number}</p>") for number in range(120)]
    clock.jump(clock() + timedelta(hours=2))
    await teams.act.post(rosa, room, "<p>reply</p>", root=old[3])
    ts = await chat.post(room.id, HELLO, key="digest 48")
    since = chat.instant_of(ts) - timedelta(hours=1)
    before = asked(teams)
    assert ts == await chat.find_own(room.id, "digest 48", since=since)
    assert await chat.find_own(room.id, "digest 49", since=since) is None
    assert before + 2 == asked(teams)


async def test_a_message_without_its_key_is_found_by_its_words(
    chat: TeamsChat, room: Channel
) -> None:
    """But not one with another key."""
    keyed = await chat.post(room.id, HELLO, key="digest 47")
    since = chat.instant_of(keyed) - timedelta(minutes=1)
    assert await chat.find_own(room.id, "digest 48", since=since, fallback="Good morning") is None
    plain = await chat.post(room.id, HELLO)
    assert plain == await chat.find_own(room.id, "digest 48", since=since, fallback="Good morning")


async def test_without_consent_nothing_is_read(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel, clock: Clock
) -> None:
    """Who asks is told so; what needs no reading is done."""
    teams.consents.discard(MESSAGES)
    item = await teams.act.post(rosa, room, "<p>One</p>")
    here, now = place(chat, room, item.id), clock()
    for asking in (
        chat.find_own(room.id, "digest 48", since=now),
        chat.fetch(here),
        chat.thread(here),
        chat.reactions(here),
    ):
        with pytest.raises(NoConsentError):
            await asking
    with pytest.raises(NoConsentError):
        async for _ in chat.history(room.id, oldest=now, latest=now):
            pass
    await chat.post(room.id, HELLO, key="digest 48")


async def test_a_reply_is_fetched_and_has_an_address_in_its_thread(
    teams: Teams, chat: TeamsChat, rosa: Person, ben: Person, room: Channel
) -> None:
    """Graph knows a reply only by its thread, which is looked for among the last changed."""
    item = await teams.act.post(rosa, room, "<p>One</p>")
    reply = await teams.act.post(ben, room, "<p>Two</p>", root=item)
    await teams.act.react(rosa, reply, "heart")
    here = place(chat, room, reply.id)
    post = await chat.fetch(here)
    assert post is not None
    assert (item.id, ben.aad) == (post.thread, post.author_id)
    assert [("heart", rosa.aad)] == list(await chat.reactions(here))
    assert f"parentMessageId={item.id}" in await chat.link_to(here, thread=item.id)


async def test_a_history_is_what_was_posted_meanwhile(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel, clock: Clock
) -> None:
    """Not what was only changed; what was deleted stands there as gone."""
    old = await teams.act.post(rosa, room, "<p>old</p>")
    clock.jump(clock() + timedelta(days=1))
    oldest = clock() - timedelta(minutes=1)
    items = [await teams.act.post(rosa, room, f"<p>{number}</p>") for number in range(60)]
    await teams.act.post(rosa, room, "<p>reply</p>", root=old)
    await teams.act.delete(items[0])
    teams.add_event(room)
    latest = clock() + timedelta(minutes=1)
    pages = [page async for page in chat.history(room.id, oldest=oldest, latest=latest)]
    entries = [one for page in pages for one in page]
    assert [50, 11] == [len(page) for page in pages]
    assert [one.id for one in reversed(items)] == [one.place.ts for one in entries[1:]]
    assert (None, False) == (entries[0].post, entries[0].gone)
    assert [True] == [one.gone for one in entries if one.place.ts == items[0].id]


async def test_channels_that_send_no_events_are_known(
    teams: Teams, chat: TeamsChat, rosa: Person, room: Channel
) -> None:
    """Events are promised of standard channels alone."""
    others = [
        teams.add_channel(room.team, kind, kind=kind, only=[rosa]) for kind in ("private", "shared")
    ]
    assert [one.id for one in others] == list(await chat.unheard())


async def test_a_history_is_read_with_one_request(
    teams: Teams, chat: TeamsChat, rosa: Person, ben: Person, room: Channel, clock: Clock
) -> None:
    """What was edited, deleted, reacted and replied to: replies come with what they reply to."""
    items = [await teams.act.post(rosa, room, f"<p>{number}</p>") for number in range(20)]
    await teams.act.edit(items[0], "<p>edited</p>")
    await teams.act.delete(items[1])
    await teams.act.react(ben, items[2], "heart")
    gone, reply = [
        await teams.act.post(ben, room, f"<p>reply {number}</p>", root=items[3])
        for number in range(2)
    ]
    await teams.act.delete(gone)
    await chat.channel(room.id)
    before, now = asked(teams), clock() + timedelta(minutes=1)
    pages = chat.history(room.id, oldest=now - timedelta(days=14), latest=now)
    found = sorted([one async for page in pages for one in page], key=lambda one: one.place.ts)
    assert before + 1 == asked(teams)
    assert [one.id for one in items] == [one.place.ts for one in found]
    assert found[0].post is not None
    assert found[0].post.edited
    assert found[1].gone
    assert (("heart", ben.aad),) == found[2].reactions
    assert (1, reply.id) == (found[3].replies, found[3].latest_reply)
    assert found[3].thread is not None
    assert [(gone.id, True), (reply.id, False)] == [
        (one.place.ts, one.gone) for one in found[3].thread
    ]
