"""Payloads of Teams' documented shapes become the core's values."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.people import Workspace
from bot.core.model.posts import ChannelMention, File, Link, Mention, Place, Reaction, Special, Text
from handlers.teams.activities import (
    Asked,
    Deleted,
    Edited,
    Ignored,
    Incoming,
    Said,
    to_incoming,
    to_reactions,
    unknown_in,
    zone_of,
)
from handlers.teams.history import to_entry, to_marked, to_post
from handlers.teams.stamps import EPOCH, instant_of, ts_of
from handlers.teams.typed import typed_spans

BOT = Workspace(id="tenant", bot_user_id="28:bot", bot_id="bot")
PAYLOADS = Path(__file__).parents[2] / "payloads" / "teams"
ROOM = "19:room@thread.tacv2"
FIRST = Place("tenant", ROOM, "1795622400100")
PLAN = File(
    "https://example.sharepoint.com/sites/Librarians/Shared%20Documents/General/Maker%20cart.docx",
    "Maker cart.docx",
)


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return found


def incoming(name: str) -> Incoming:
    return to_incoming(payload(name), BOT)


def said(name: str) -> Said:
    found = incoming(name)
    assert isinstance(found, Said)
    return found


def test_a_message_is_a_post() -> None:
    """A person's message in a standard channel is a post at its place, under their id in Entra."""
    post = said("message").post
    assert FIRST == post.place
    assert "U0ROSA" == post.author_id
    assert (Text("We paired every new teacher with a librarian"),) == post.body
    assert post.thread is None
    assert datetime(2026, 11, 25, 16, 0, 0, 100_000, tzinfo=UTC) == post.posted_at


def test_a_message_without_html_is_read_from_its_text() -> None:
    """Mentions are marked up in it, and addresses stand bare."""
    body = said("message_without_html").post.body
    assert (
        Mention("U0BEN", "Ben Okafor"),
        Text(" and I built a reading garden, see "),
        Link("https://example.org/garden"),
    ) == body


def test_a_name_that_is_mentioned_word_by_word_is_one_mention() -> None:
    """Teams makes a mention of each word that is left of a name; two people stay two."""
    body = said("message_of_two_names").post.body
    assert (
        Text("Planned with "),
        Mention("U0BEN", "Ben Okafor"),
        Text(" and "),
        Mention("U0BEN", "Ben"),
    ) == body


@pytest.mark.parametrize("name", ["message", "message_in_private_channel"])
def test_every_channel_is_private(name: str) -> None:
    """A standard one too: whoever is not in its team sees nothing of it."""
    assert said(name).post.private is True


def test_a_reply_knows_its_thread() -> None:
    """The message that it replies to stands in the id of its conversation."""
    assert FIRST.ts == said("message_reply").post.thread


@pytest.mark.parametrize(("seconds", "thread"), [(0, None), (60, "1795622400100")])
def test_an_activity_with_an_id_of_its_own_stands_where_its_thread_began(
    seconds: int, thread: str | None
) -> None:
    """The Playground's ids are not those of messages: what comes at once begins the thread."""
    own = "62f4f429-cc41-4923-acb5-e3b8d9a3b84a"
    told = payload("message") | {"id": own, "timestamp": f"2026-11-25T16:0{seconds // 60}:00.2Z"}
    found = to_incoming(told, BOT)
    assert isinstance(found, Said)
    assert (own if thread else "1795622400100", thread) == (found.post.place.ts, found.post.thread)
    assert datetime(2026, 11, 25, 16, seconds // 60, tzinfo=UTC) == (
        found.post.posted_at.replace(microsecond=0)
    )


@pytest.mark.parametrize(
    ("name", "words"), [("playground_channel", "list"), ("playground_chat", "list #mentoring")]
)
def test_the_playgrounds_words_for_the_bot(name: str, words: str) -> None:
    """What Microsoft's playground sends is read like what Teams sends."""
    told = payload(name)
    bot = Workspace(id="t", bot_user_id=told["recipient"]["id"], bot_id="b")
    found = to_incoming(told, bot)
    assert isinstance(found, Asked)
    assert (told["from"]["aadObjectId"], words) == (found.member_id, found.words)


@pytest.mark.parametrize(
    ("name", "why"), [("message_by_us", "own"), ("message_by_an_app_in_a_thread", "bot")]
)
def test_what_is_nothing_for_us(name: str, why: str) -> None:
    """Our own messages and replies by apps are nothing for us."""
    assert Ignored(why) == incoming(name)


@pytest.mark.parametrize(
    ("name", "words", "channel"),
    [
        ("message_to_the_bot", "list #mentoring @[U0BEN|Ben Okafor]", ROOM),
        ("message_in_a_chat", "list #mentoring", ""),
        ("message_targeted", "list #mentoring", ROOM),
    ],
)
def test_words_for_the_bot_are_no_post(name: str, words: str, channel: str) -> None:
    """Behind its name, in a chat with it, or behind a slash, words are for the bot alone."""
    assert Asked("U0ROSA", words, channel) == incoming(name)


def test_words_for_the_bot_go_to_the_desk_and_back() -> None:
    """What the desk reads of them is what was typed."""
    asked = incoming("message_to_the_bot")
    assert isinstance(asked, Asked)
    assert (Text("list #mentoring "), Mention("U0BEN", "Ben Okafor")) == typed_spans(asked.words)


def test_a_post_may_name_the_bot() -> None:
    """In the middle of a post its name is but a name, and nobody is credited for it."""
    assert (
        Text("We shared it with "),
        Special("@Commonplace"),
        Text(" in our first meeting"),
    ) == said("message_naming_the_bot").post.body


def test_a_file_that_teams_does_not_tell_of_is_missed() -> None:
    """In channels a bot is told of files by their ids: the history must be asked."""
    assert said("message_with_a_file_unseen").partly
    assert not said("message").partly


def test_an_edit_is_the_post_as_it_is_now() -> None:
    """An edit carries the new text and its stamp, at the old place."""
    edited = incoming("message_update")
    assert isinstance(edited, Edited)
    assert FIRST == edited.post.place
    assert "2026-11-25T16:02:00.000Z" == edited.post.edited
    assert (Text("We paired every new teacher with a librarian and a counselor"),) == (
        edited.post.body
    )


def test_what_is_put_back_is_said_again() -> None:
    """Whoever undoes a deletion in Teams posts anew."""
    assert isinstance(incoming("message_restored"), Said)


def test_a_deletion_names_its_message() -> None:
    """It says whether the message was a reply, where its conversation does."""
    assert Deleted(FIRST, reply=False) == incoming("message_delete")
    told = payload("message_delete")
    told["conversation"]["id"] = ROOM
    assert Deleted(FIRST, reply=None) == to_incoming(told, BOT)


def test_reactions_by_the_names_that_the_core_knows() -> None:
    """However Teams writes them; what means nothing to the core stays as it is."""
    stamp = "2026-11-25T16:00:00.100Z"
    assert (
        (Reaction(FIRST, "U0ROSA", "bulb", stamp), True),
        (Reaction(FIRST, "U0ROSA", "like", stamp), True),
        (Reaction(FIRST, "U0ROSA", "x", stamp), False),
    ) == to_reactions(payload("message_reaction"), BOT)


def test_whose_ids_must_be_asked_for() -> None:
    """Members whose id in Entra Teams leaves out are named, and read by what was found."""
    told = payload("message_of_two_names")
    for entity in told["entities"][:3]:
        del entity["mentioned"]["aadObjectId"]
    assert ("29:1ben",) == unknown_in(told)
    assert () == unknown_in(told, {"29:1ben": "U0BEN"})
    found = to_incoming(told, BOT, {"29:1ben": "U0BEN"})
    assert isinstance(found, Said)
    assert Mention("U0BEN", "Ben Okafor") in found.post.body
    assert () == unknown_in(payload("message_to_the_bot"))


# -- the history --------------------------------------------------------------------------------


def test_the_history_tells_replies_reactions_and_what_is_gone() -> None:
    """Notices and our own messages are entries without a post; what is deleted stays one too."""
    page = payload("graph_channel_messages")["value"]
    notice, gone, own, command, post = (to_entry(one, ROOM, BOT) for one in page)
    for entry in (notice, gone, own, command, post):
        assert entry is not None
    assert notice is not None
    assert notice.post is None
    assert gone is not None
    assert (True, None, 1) == (gone.gone, gone.post, gone.replies)
    assert own is not None
    assert own.post is None
    assert command is not None
    assert command.post is None
    assert post is not None
    assert (2, "1795622700200") == (post.replies, post.latest_reply)
    assert (("bulb", "U0BEN"), ("like", "U0ANN")) == post.reactions


def test_the_history_tells_the_post() -> None:
    """With its headline first, its file, and the stamp of its latest edit."""
    message = payload("graph_channel_messages")["value"][-1]
    post = to_post(message, ROOM, BOT)
    assert post is not None
    assert (
        Text("Maker cart\nPlanned with "),
        Mention("U0BEN", "Ben Okafor"),
        Text(" in "),
        ChannelMention(ROOM, "leadership"),
        Text(" 💡"),
    ) == post.body
    assert "2026-11-25T16:02:00.000Z" == post.edited
    assert [PLAN.url] == [file.url for file in post.files]
    assert (True, FIRST) == (post.private, post.place)


def test_what_is_marked_is_read_whoever_posted_it() -> None:
    """An app's reply and words for the bot are read when somebody marks them; our own are not."""
    page = payload("graph_channel_messages")["value"]
    found = [to_marked(one, ROOM, BOT) is not None for one in page]
    assert [False, False, False, True, True] == found
    app = {"from": {"application": {"id": "flow"}}, "replyToId": "1795622400000"}
    assert to_post(page[-1] | app, ROOM, BOT) is None
    post = to_marked(page[-1] | app, ROOM, BOT)
    assert post is not None
    assert (True, "", "1795622400000") == (post.by_app, post.author_id, post.thread)


def test_a_message_action_brings_the_message_along() -> None:
    """It is its poster's, not that of whoever chose the action."""
    told = payload("message_action")
    post = to_marked(told["value"]["messagePayload"], ROOM, BOT)
    assert post is not None
    assert ("U0ROSA", "1795622700200", FIRST.ts) == (post.author_id, post.place.ts, post.thread)
    assert Mention("U0BEN", "Ben Okafor") in post.body
    gone = told["value"]["messagePayload"] | {"deleted": True}
    assert to_marked(gone, ROOM, BOT) is None


# -- whatever comes -------------------------------------------------------------------------------


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_and_ids_are_the_same(instant: datetime) -> None:
    """An id stands for one instant, to the millisecond."""
    whole = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    assert whole == instant_of(ts_of(instant))


@pytest.mark.parametrize("ts", ["", "5b3c-guid", "٣", "9" * 30, "9" * 5_000, "-"])
def test_an_id_that_says_nothing_is_of_1970(ts: str) -> None:
    """Any id has an instant."""
    assert EPOCH == instant_of(ts)


_ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["29:1", "a", "{}"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["type", "id", "mentioned", "text", "contentType", "content", "contentUrl", "name",
                 "user", "application", "mentionText", "reactionType", "aadObjectId", "media"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@given(entities=_ANYTHING, attachments=_ANYTHING)
def test_whatever_hangs_on_a_message_is_read(entities: object, attachments: object) -> None:
    """Entities and attachments in a shape that Teams has yet to think of upset nothing."""
    told = payload("message") | {"entities": entities, "attachments": attachments}
    assert isinstance(to_incoming(told, BOT), Said)
    assert isinstance(unknown_in(told), tuple)


@given(mentions=_ANYTHING, attachments=_ANYTHING, reactions=_ANYTHING, replies=_ANYTHING)
def test_whatever_the_history_tells_is_read(
    mentions: object, attachments: object, reactions: object, replies: object
) -> None:
    """A message in an odd shape is an entry all the same, or none; nothing raises."""
    message = payload("graph_channel_messages")["value"][-1] | {
        "mentions": mentions,
        "attachments": attachments,
        "reactions": reactions,
        "replies": replies,
    }
    to_entry(message, ROOM, BOT)


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ({"localTimezone": "America/Denver"}, "America/Denver"),
        ({"entities": [{"type": "clientInfo", "timezone": "Asia/Tokyo"}]}, "Asia/Tokyo"),
        ({"entities": [{"type": "mention", "timezone": "Asia/Tokyo"}, "odd"]}, ""),
        ({}, ""),
    ],
)
def test_a_members_time_zone_comes_with_what_they_do(told: dict[str, Any], zone: str) -> None:
    """A message names it; a press tells it with what Teams says of the client."""
    assert zone == zone_of(told)
