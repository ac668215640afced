"""What messages in odd shapes hold: read from events over both transports, and from the history."""

from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.core.model.deliveries import DeliveryKind
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at
from tests.faults.waiting import caught_up, deaf
from tests.people import calm
from tests.scenes import FOLDER, play
from tests.seeing import buttons, words
from tests.slack import Slack

FILES = "https://example.slack.com/files"
SAID = "We moved our book club to lunch"
KEPT: dict[str, dict[str, Any]] = {
    "s01_table": {"text": "Our fall numbers\nGrade | Checkouts\n3 | 412"},
    "s01_tables_without_words": {
        "text": (
            "Grade | Checkouts\n3 | 412\nPoetry our list (https://example.org/poems):books: | 51"
        ),
        "resources": "https://example.org/poems",
    },
    "s01_blocks_alone": {
        "text": (
            "We moved the book club to lunch with @Ben Okafor in #leadership, see "
            "https://example.org/club #clubs `#include`\n• grade five\n• grade six\nLoved it\n"
            "```#define CLUB```"
        ),
        "tags": "clubs",
        "resources": "https://example.org/club",
        "credits": "Ben Okafor",
    },
    "s01_sections_alone": {
        "text": (
            "Book tasting\nGrade five came at lunch and asked for more (https://example.org/more)\n"
            "*Books* 40\nRoom 12\n"
        ).strip(),
        "resources": "https://example.org/more",
    },
    "s02_canvas_with_a_name": {"resources": "https://example.slack.com/docs/T0001/F0CANVAS1"},
    "s03_shared_file": {"text": "Our plan for the maker cart", "resources": ""},
    "s03_shared_file_two_words": {"text": "Our plan", "resources": ""},
    "s04_voice_clip": {"text": SAID, "resources": f"{FILES}/U0ROSA/F0CLIP1/audio_message.mp4"},
    "s04_voice_clip_unheard": {"text": "A voice clip by Rosa Alvarez"},
    "s04_voice_clip_longer": {"text": f"Listen\n{SAID} and…"},
    "s04_video_clip": {"text": "A video clip by Rosa Alvarez"},
    "s07_our_idea_as_text": {"text": "Book tasting with grade five at lunch"},
    "s07_our_idea_short": {"text": "Lunch bunch", "kind": "idea"},
    "s07_a_path_is_no_command": {"text": "/r/librarians has a long thread on weeding nonfiction"},
    "s09_chinese": {},
    "s09_japanese": {},
    "s09_thai": {},
    "s09_lao": {},
    "s09_khmer": {},
    "s09_korean": {},
    "s10_tags": {
        "tags": "കവിത; หนังสือ; caf\u00e9; \u0645\u06cc\u200c\u062e\u0648\u0627\u0646\u0645"
    },
    "forwarded_alone": {
        "text": "@Ben Okafor: We paired fifth graders with kindergarten readers",
        "author": "Rosa Alvarez",
        "credits": "Ben Okafor",
    },
    "forwarded_with_words": {
        "text": ("Worth a look!\n@Ben Okafor: We paired fifth graders with kindergarten readers"),
        "credits": "Ben Okafor",
        "resources": f"{FILES}/U0BEN/F0PLAN1/pairs.pdf",
    },
    "link_to_a_message": {
        "text": "See https://example.slack.com/archives/C0OTHER/p1795000000000100",
        "credits": "",
    },
    "forwarded_from_an_app": {
        "text": "From our feed\nTen new picture books about rivers and boats",
        "credits": "",
    },
    "s25_letters_behind_a_mention": {
        "text": "@Ben Okaforwill take the maker cart to grade six, @Ben Okaforさん"
    },
    "s26_typed_names": {"credits": "Ana Bell; Lou Marsh; jkay"},
    "s26_names_and_mentions": {"credits": "Ann; Ben Okafor; Tom"},
    "s27_code": {
        "tags": "coding",
        "credits": "",
        "text": (
            "Students wrote `#include` and\n```#define BOOKS\nwith @Zed```\n"
            "in the colour #2673D9 for the #coding club"
        ),
    },
    "s27_question_in_code": {"kind": "idea"},
    "s28_labels": {
        "text": "We put configure.ac on the maker laptops; ask info@example.org or 555-0100",
        "resources": "",
    },
    "s28_an_address_with_a_path": {
        "text": "example.org/plan",
        "resources": "http://example.org/plan",
    },
    "s29_meeting": {
        "text": (
            "Book club meets at https://example.zoom.us/j/123?uname=x\n"
            "Meeting ID: 123\nPasscode: •••"
        ),
        "resources": "https://example.zoom.us/j/123?uname=x",
    },
    "s29_meetings_of_others": {
        "resources": (
            "https://teams.live.com/meet/93; "
            "https://teams.microsoft.com/l/meetup-join/19%3am/0?context=%7b%7d; "
            "https://school.webex.com/school/j.php?MTID=m7; "
            "https://www.google.com/url?q=https%3A%2F%2Fexample.zoom.us%2Fj%2F5&sa=D; "
            "https://meet.google.com/abc-defg-hij?authuser=0"
        )
    },
}
"""What is kept of each message, as far as it is odd."""

NOT_KEPT = (
    "s02_canvas",
    "s02_canvas_of_a_channel",
    "s03_shared_file_alone",
    "s03_file_gone",
    "s03_file_hidden",
    "s05_by_an_app_for_a_person",
    "s06_workflow",
    "s06_workflow_of_nobody",
    "s06_workflow_of_two",
    "s06_workflow_thanks_one",
    "s06_workflow_in_blocks",
    "s07_poll",
    "s07_our_search_as_text",
    "s09_thanks",
    "s09_thanks_japanese",
    "s09_thanks_thai",
    "nothing_but_a_mark",
    "nothing_but_a_person",
)
"""Messages of which nothing is kept while nobody marks them."""


def as_told(
    row: dict[str, Any], rosa: Member, ben: Member, wanted: dict[str, Any]
) -> dict[str, Any]:
    """Those columns of a row that are wanted, with the ids as they stand in the files."""
    found = {}
    for name in wanted:
        found[name] = str(row[name]).replace(rosa.id, "U0ROSA").replace(ben.id, "U0BEN")
    return found


def test_every_file_is_played() -> None:
    """Each message that stands in a file is kept by one of these tests or left out by one."""
    assert {file.stem for file in FOLDER.glob("*.json")} == {*KEPT, *NOT_KEPT}


@pytest.mark.parametrize("name", KEPT)
async def test_what_an_odd_message_holds_is_kept(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, name: str
) -> None:
    """What a message holds is kept, wherever in it Slack puts that, with something to show."""
    post = play(slack, name, rosa, ben, room)
    await calm(bot, slack)
    (row,) = await bot.rows()
    wanted = KEPT[name]
    assert wanted == as_told(row, rosa, ben, wanted)
    assert row["text"] or row["resources"]
    assert [slack.bot.id] == next(iter(post.reactions.values()))
    assert rosa.id not in row["text"]
    assert ben.id not in row["text"]


@pytest.mark.parametrize("name", NOT_KEPT)
async def test_what_is_nobodys_idea_is_left_alone(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, name: str
) -> None:
    """What is no idea, or not the person's own post, is neither kept nor marked nor spoken of."""
    post = play(slack, name, rosa, ben, room)
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {} == post.reactions
    assert [] == slack.notes(rosa)


async def test_the_history_tells_the_same(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """What was missed is read from the history in the same way as from events."""
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, "We built a reading garden with the science club")
        await calm(bot, slack)
    deaf(slack)
    for name in (*KEPT, *NOT_KEPT):
        play(slack, name, rosa, ben, room)
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        _, *rows = await bot.rows()
        told = zip(rows, KEPT.values(), strict=True)
        assert list(KEPT.values()) == [as_told(row, rosa, ben, wanted) for row, wanted in told]


# -- what happens when somebody marks what is not kept by itself --------------------------------

MARKED = {
    "s05_by_an_app_for_a_person": "The library is open before school from Monday on",
    "s06_workflow": "*Idea from* @Rosa Alvarez\nStudent book reviews on the morning show",
    "s06_workflow_in_blocks": (
        "Your name\n@Rosa Alvarez\nStudent book reviews on the morning show"
    ),
    "s07_poll": '/poll "Which day?" "Monday" "Tuesday" "Wednesday" "Thursday"',
}


@pytest.mark.parametrize("name", MARKED)
async def test_what_an_app_posted_for_somebody_is_kept_as_theirs_once_it_is_marked(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, name: str
) -> None:
    """A post that an app made of a person's words is that person's, never the app's."""
    post = play(slack, name, rosa, ben, room)
    await calm(bot, slack)
    slack.react(ben, post, "bulb")
    await calm(bot, slack)
    (row,) = await bot.rows()
    assert (rosa.id, "Rosa Alvarez", MARKED[name], "reaction") == (
        row["author_id"],
        row["author"],
        row["text"],
        row["source"],
    )
    (note,) = slack.notes(rosa)
    assert "colleague" in words(note)
    told = ["Rosa Alvarez" in words(note) for note in slack.notes(ben)]
    assert ([] if name == "s07_poll" else [True]) == told


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("s06_workflow_of_nobody", "an app posted it"),
        ("s06_workflow_of_two", "an app posted it"),
        ("s06_workflow_thanks_one", "an app posted it"),
        ("s02_canvas", "no words"),
        ("s03_shared_file_alone", "no words"),
    ],
)
async def test_whoever_marks_what_is_not_kept_hears_why_once(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, name: str, why: str
) -> None:
    """A mark is never met with silence: who gave it hears, once and privately, why not."""
    post = play(slack, name, rosa, ben, room)
    for _ in range(2):
        slack.react(ben, post, "bulb")
        await calm(bot, slack)
        slack.unreact(ben, post, "bulb")
        await calm(bot, slack)
    assert [] == await bot.rows()
    (note,) = slack.notes(ben)
    assert why in words(note)
    assert [] == slack.notes(rosa)


async def test_a_mark_on_a_digest_or_a_question_is_answered(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What the bot wrote itself is nobody's idea, and whoever marks it hears that once."""
    slack.post(rosa, room, "We built a reading garden with the science club")
    await calm(bot, slack)
    known = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert known is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, known, bot.parts.clock())
    await bot.parts.weekly.post(DeliveryKind.PROMPT, known, bot.parts.clock())
    await calm(bot, slack)
    for said in slack.said_by_bot(room):
        slack.react(ben, said, "bulb")
        await calm(bot, slack)
    assert [True, True] == ["I wrote it" in words(note) for note in slack.notes(ben)]
    assert 1 == len(await bot.rows())


async def test_a_mark_on_what_an_app_says_of_itself_is_answered(
    bot: Bot, slack: Slack, ben: Member, room: Channel
) -> None:
    """What an app posts under its own name is nobody's idea, in a thread too."""
    app = slack.add_bot("feed")
    slack.join(app, room)
    post = slack.post(app, room, "Ten new picture books about rivers and boats", subtype="")
    reply = slack.reply(app, post, "And ten more of them tomorrow morning")
    await calm(bot, slack)
    for each in (post, reply):
        slack.react(ben, each, "bulb")
        await calm(bot, slack)
    assert [] == await bot.rows()
    assert 2 == len(slack.notes(ben))


async def test_a_mark_that_nobody_heard_of_counts_on_what_an_app_posted(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """A marked post by an app that only the history tells of is kept as the person's it names."""
    async with bot_at(slack, database, clock) as bot:
        await calm(bot, slack)
    deaf(slack)
    for name in ("s05_by_an_app_for_a_person", "s06_workflow", "s06_workflow_of_nobody"):
        slack.react(ben, play(slack, name, rosa, ben, room), "bulb")
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        await calm(bot, slack)
        assert [rosa.id, rosa.id] == [row["author_id"] for row in await bot.rows()]
        assert 3 == len(slack.notes(ben))


async def test_an_app_that_rewrites_what_is_kept_changes_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What was marked stays in step with the app's edits, and the person may take it back."""
    post = play(slack, "s06_workflow", rosa, ben, room)
    slack.told(post).pop("text")
    slack.react(ben, post, "bulb")
    await calm(bot, slack)
    slack.edit(post, f"*Idea from* <@{rosa.id}>\nStudents review books on the morning show")
    await calm(bot, slack)
    (row,) = await bot.rows()
    assert "Students review books" in row["text"]
    assert rosa.id == row["author_id"]
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    assert [] == await bot.rows()
    slack.unreact(rosa, post, "x")
    await calm(bot, slack)
    assert [rosa.id] == [row["author_id"] for row in await bot.rows()]


async def test_what_an_app_posted_is_put_back_as_the_persons(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """An app's post that was kept, removed by command and put back is the same person's again."""
    post = play(slack, "s06_workflow", rosa, ben, room)
    slack.react(ben, post, "bulb")
    await calm(bot, slack)
    asked = await slack.command(rosa, room, "/ideas remove 1")
    done = await slack.click(rosa, asked.notes[-1], buttons(asked)["Withdraw #1"])
    assert [] == await bot.rows()
    await slack.click(rosa, done.notes[-1], buttons(done)["Put it back"])
    assert [(1, rosa.id)] == [(row["number"], row["author_id"]) for row in await bot.rows()]


async def test_a_file_that_an_app_shares_is_no_idea(
    bot: Bot, slack: Slack, ben: Member, room: Channel
) -> None:
    """Of an app's file Slack tells only a member's id: when that is a bot's, nothing stays kept."""
    app = slack.add_bot("reports")
    slack.join(app, room)
    told = {"user": app.id, "bot_id": None, "app_id": None, "bot_profile": None}
    file = {"id": "F0REPORT", "title": "Weekly report", "permalink": "https://example.org/report"}
    posts = []
    for _ in range(2):
        posts.append(
            slack.post(
                app, room, "Here is the report", subtype="file_share", told=told | {"files": [file]}
            )
        )
        await calm(bot, slack)
        assert [] == await bot.rows()
        assert {} == posts[-1].reactions
    slack.react(ben, posts[0], "bulb")
    slack.react(ben, posts[1], "bulb")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert [True] == ["an app posted it" in words(note) for note in slack.notes(ben)]
