"""Payloads of Slack's documented shapes become the core's values."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.ideas import Nothing
from bot.core.model.people import Workspace
from bot.core.model.posts import (
    ChannelMention,
    Code,
    File,
    Link,
    Mention,
    Place,
    Post,
    Reaction,
    Special,
    Text,
)
from handlers.slack import bodies, payloads
from handlers.slack.payloads import Deleted, Direct, Edited, Previewed

BOT = Workspace(id="T0001", bot_user_id="U0BOT", bot_id="B0BOT")
PAYLOADS = Path(__file__).parents[2] / "payloads" / "slack"
FIRST = Place("T0001", "C0001", "1764086400.000100")


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return found


def incoming(name: str) -> payloads.Incoming:
    return payloads.to_incoming(payload(name)["event"], BOT)


def test_a_message_is_a_post() -> None:
    """A person's message in a public channel is a post at its place."""
    said = incoming("message")
    assert isinstance(said, Post)
    assert FIRST == said.place
    assert "U0001" == said.author_id
    assert (Text("We paired every new teacher with a librarian"),) == said.body
    assert said.private is False
    assert said.thread is None
    assert datetime(2025, 11, 25, 16, 0, 0, 100, tzinfo=UTC) == said.posted_at


def test_a_private_channel_is_told_apart() -> None:
    """A message's channel type tells a private channel, whatever letter its id begins with."""
    said = incoming("message_in_private_channel")
    assert isinstance(said, Post)
    assert said.private is True


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("message_by_a_bot_in_a_thread", "bot"),
        ("message_by_us", "own"),
        ("message_join", "channel_join"),
        ("message_document_mention", "document_mention"),
    ],
)
def test_what_is_nothing_for_us(name: str, why: str) -> None:
    """Bots, our own posts and channel notices are nothing for us."""
    assert Nothing(why) == incoming(name)


def test_a_direct_message_is_for_the_bot() -> None:
    """It says who wrote what; the bot's own name before a command is left out."""
    event = payload("message_direct")["event"]
    who, team = event["user"], event.get("team", "")
    assert Direct(who, team, event["text"], event["ts"]) == payloads.to_incoming(event, BOT)
    called = event | {"text": f"<@{BOT.bot_user_id}> list"}
    assert Direct(who, team, "list", event["ts"]) == payloads.to_incoming(called, BOT)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"channel_type": "mpim"}, "direct message"),
        ({"subtype": "message_changed"}, "message_changed"),
        ({"bot_id": "B0OTHER", "user": "U0OTHER"}, "bot"),
        ({"user": BOT.bot_user_id}, "own"),
        ({"ts": ""}, "no ts"),
    ],
)
def test_what_is_no_direct_message_to_the_bot(more: dict[str, str], why: str) -> None:
    """Talks of several people, edits, other apps and the bot's own words are nothing for us."""
    event = payload("message_direct")["event"] | more
    assert Nothing(why) == payloads.to_incoming(event, BOT)


def test_our_own_post_is_known_without_a_bot_id() -> None:
    """Some servers send our posts back with nothing but our user id."""
    event = payload("message")["event"] | {"user": "U0BOT"}
    assert Nothing("own") == payloads.to_incoming(event, BOT)


@pytest.mark.parametrize("name", ["message_thread_reply", "message_thread_broadcast"])
def test_a_reply_knows_its_thread(name: str) -> None:
    """A reply, also one that is sent to the channel, is a post with a thread."""
    said = incoming(name)
    assert isinstance(said, Post)
    assert "1764086400.000100" == said.thread


def test_a_parent_is_no_reply() -> None:
    """A message whose thread is itself stands at top level."""
    event = payload("message")["event"]
    said = payloads.to_incoming(event | {"thread_ts": event["ts"]}, BOT)
    assert isinstance(said, Post)
    assert said.thread is None


def test_a_file_is_kept_with_title_and_type() -> None:
    """A file's members' address, title and media type are read."""
    said = incoming("message_file_share")
    assert isinstance(said, Post)
    expected = File(
        "https://example.slack.com/files/U0001/F0001/unit-plan.pdf", "Unit plan", "application/pdf"
    )
    assert (expected,) == said.files


@pytest.mark.parametrize(
    ("title", "size", "kept"),
    [("Untitled", 4021, 0), ("Sin título", 4021, 0), ("", 9, 0), ("Plan", 0, 0), ("Plan", 9, 1)],
)
def test_a_canvas_without_a_name_or_content_is_none(title: str, size: int, kept: int) -> None:
    """Opening a canvas makes one: it is a file once somebody has named it and written in it."""
    canvas = {"id": "F1", "mode": "quip", "title": title, "size": size}
    event = payload("message")["event"] | {"text": "", "files": [canvas], "blocks": None}
    said = payloads.to_incoming(event, BOT)
    assert isinstance(said, Post)
    assert kept == len(said.files)


def test_an_edit_is_the_post_as_it_is_now() -> None:
    """An edit carries the new text and its stamp, at the old place."""
    edited = incoming("message_changed")
    assert isinstance(edited, Edited)
    assert FIRST == edited.post.place
    assert "1764086520.000000" == edited.post.edited
    assert (Text("We paired every new teacher with a librarian and a counselor"),) == (
        edited.post.body
    )


def test_a_preview_is_no_edit() -> None:
    """What Slack adds under a link gives its title and changes no words."""
    previewed = incoming("message_unfurled")
    assert Previewed(FIRST, {"https://example.org/plan": "A plan for the first unit"}) == previewed


@pytest.mark.parametrize(
    ("mode", "edit"), [("tombstone", True), ("hidden_by_limit", False), ("hosted", False)]
)
def test_a_deleted_file_is_an_edit(mode: str, *, edit: bool) -> None:
    """Slack says so with nothing but its id and a mode; what it hides is still there."""
    event = payload("message_unfurled")["event"]
    message = event["message"] | {"files": [{"id": "F1", "mode": mode}]}
    said = payloads.to_incoming(event | {"message": message}, BOT)
    assert edit is isinstance(said, Edited)
    assert not isinstance(said, Edited) or frozenset({"F1"}) == said.post.lost


def test_a_deletion_names_its_message() -> None:
    """A deletion is of the deleted message, not of the notice about it."""
    assert Deleted(FIRST, reply=False) == incoming("message_deleted")


def test_a_tombstone_is_a_deletion() -> None:
    """A deleted parent with replies becomes a tombstone: a deletion, with nothing read from it."""
    assert Deleted(FIRST, reply=False) == incoming("message_tombstone")


def test_markup_is_taken_apart() -> None:
    """Mentions, channels, links, groups and dates are spans; entities are unescaped once."""
    said = incoming("message_marked_up")
    assert isinstance(said, Post)
    assert (
        Text("Planned with "),
        Mention("U0002"),
        Text(" in "),
        ChannelMention("C0003", "reading"),
        Text(" & "),
        ChannelMention("C0004"),
        Text(": see "),
        Link("https://example.org/plan?a=1&b=2", "the plan"),
        Text(", "),
        Link("https://example.org/b"),
        Text(" <3 :tada: "),
        Special("@here"),
        Text(" "),
        Special("@k5"),
        Text(" "),
        Special("Nov 25"),
    ) == said.body


def test_entities_are_unescaped_once() -> None:
    """What a person typed as `&lt;` stays so."""
    assert (Text("&lt; and <"),) == bodies.to_spans("&amp;lt; and &lt;")


def test_angle_brackets_that_are_no_markup_stay() -> None:
    """Servers that do not escape lose no text."""
    spans = bodies.to_spans("a <world> b")
    assert "a <world> b" == "".join(s.text for s in spans if isinstance(s, Text))


def test_a_reaction_without_its_skin_tone() -> None:
    """A reaction is counted by its emoji, whatever its skin tone."""
    body = payload("reaction_added")
    expected = Reaction(FIRST, "U0002", "thumbsup", "1764086550.001200")
    assert expected == payloads.to_reaction(body["event"], "T0001", body["event_time"])


def test_a_reaction_on_a_file_is_none_of_ours() -> None:
    """Only messages have reactions that count."""
    event = payload("reaction_added_to_a_file")["event"]
    assert payloads.to_reaction(event, "T0001", 0) is None


def test_a_person_as_shown() -> None:
    """The display name is the name; the real name and title stand beside it."""
    person = payloads.to_person(payload("users_info")["user"], "T0001")
    assert ("Rosa A.", "Rosa Alvarez", "Teacher librarian") == (
        person.name,
        person.real_name,
        person.title,
    )
    assert person.is_admin
    assert not person.is_guest


def test_a_stranger_is_a_guest() -> None:
    """Somebody of another workspace is no admin here and counts as a guest."""
    person = payloads.to_person(payload("users_info_of_a_stranger")["user"], "T0001")
    assert "Lee Park" == person.name
    assert person.is_guest
    assert not person.is_admin


@pytest.mark.parametrize(
    "name", ["users_info", "users_info_of_a_sister_workspace", "users_info_without_a_team"]
)
def test_whoever_is_among_ours_is_a_member(name: str) -> None:
    """On Enterprise Grid ours may be one of several workspaces, or no workspace is told at all."""
    person = payloads.to_person(payload(name)["user"], "T0001")
    assert (True, False) == (person.is_admin, person.is_guest)


@pytest.mark.parametrize(
    "user",
    [
        {"team_id": "T0OTHER"},
        {"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", "T0THIRD"]}},
        {"enterprise_user": {"teams": ["T0OTHER"]}},
        {"is_stranger": True, "enterprise_user": {"teams": ["T0001"]}},
        {"is_stranger": True},
    ],
)
def test_whoever_is_none_of_ours_is_outside(user: dict[str, object]) -> None:
    """A stranger, or somebody of no workspace of ours, is a guest and no admin."""
    person = payloads.to_person({"id": "U1", "is_admin": True, **user}, "T0001")
    assert (False, True) == (person.is_admin, person.is_guest)


@pytest.mark.parametrize("event", [{}, {"user": "U1"}, {"user": {}}])
def test_a_change_of_nobody_is_none(event: dict[str, object]) -> None:
    """A change that does not say whose it is, is nobody's."""
    assert payloads.to_changed_person(event, "T0001") is None


def test_privacy_is_what_slack_says() -> None:
    """A channel is private when Slack says so; when it does not, too."""
    channel = payload("conversations_info")["channel"]
    assert payloads.to_channel(channel).private
    del channel["is_private"]
    assert payloads.to_channel(channel).private


def test_the_workspace_of_a_shared_channel_is_ours() -> None:
    """In a shared channel an event is for the workspace that installed us."""
    body = payload("message") | {"team_id": "T0999"}
    assert {"T0001"} == payloads.installed_in(body)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_and_ts_are_the_same(instant: datetime) -> None:
    """A ts stands for one instant, exactly."""
    assert instant == payloads.to_instant(payloads.to_ts(instant))


@given(st.text())
def test_any_markup_is_taken_apart(text: str) -> None:
    """No text upsets the tokeniser, and text without markup stays as it is."""
    spans = bodies.to_spans(text)
    if "<" not in text and "&" not in text:
        assert text == "".join(s.text for s in spans if isinstance(s, Text | Code))


@given(
    st.dictionaries(
        st.sampled_from(["channel", "ts", "user", "text", "thread_ts", "subtype", "bot_id"]),
        st.one_of(st.none(), st.text(max_size=8)),
    )
)
def test_a_strange_payload_is_ignored_or_read(event: dict[str, Any]) -> None:
    """Whatever fields are missing, a message is read or ignored, and nothing raises."""
    assert isinstance(payloads.to_incoming(event, BOT), payloads.Incoming)


_WORDS = st.sampled_from(
    [
        "table",
        "rich_text",
        "rich_text_section",
        "rich_text_list",
        "link",
        "slack_audio",
        "quip",
        "a",
    ]
)
_KEYS = st.sampled_from(
    ["type", "text", "elements", "blocks", "rows", "fields", "message_blocks", "message", "style",
     "transcription", "preview", "content", "mode", "subtype", "title", "permalink", "url", "value",
     "user_id", "from_url", "is_share", "author_id", "filetype", "mimetype", "size"]
)  # fmt: skip
_ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 3), _WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=5)),
    max_leaves=25,
)


@given(blocks=_ANYTHING, files=_ANYTHING, attachments=_ANYTHING, text=st.sampled_from(["", "a b"]))
def test_whatever_hangs_on_a_message_is_read(
    blocks: object, files: object, attachments: object, text: str
) -> None:
    """Blocks, files and attachments in a shape that Slack has yet to think of upset nothing."""
    event = payload("message")["event"]
    event |= {"text": text, "blocks": blocks, "files": files, "attachments": attachments}
    said = payloads.to_incoming(event, BOT)
    assert isinstance(said, Post)
    assert all(span for span in said.body)


def test_deep_blocks_end_somewhere() -> None:
    """Blocks within blocks are looked into as deep as anybody would put them."""
    block: dict[str, Any] = {"type": "plain_text", "text": "deep"}
    for _ in range(500):
        block = {"type": "container", "elements": [block]}
    said = payloads.to_incoming(payload("message")["event"] | {"text": "", "blocks": [block]}, BOT)
    assert isinstance(said, Post)
    assert () == said.body
