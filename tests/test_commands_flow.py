"""`/ideas …` as members use it: find, turn pages, withdraw, tell about oneself, take away."""

import pytest

from bot.identity import learn_everywhere
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club #outdoors"
TASTING = "A book tasting at lunch doubled our checkouts #reading"
COACH = "I coach new teachers in co-planning every Thursday #mentoring"


# -- finding --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("line", ["/ideas", "/ideas help", "/ideas help me please"])
async def test_help_says_what_can_be_done(
    slack: Slack, rosa: Member, room: Channel, line: str
) -> None:
    """The help names five commands, then more: all of them, filters and parts; to the asker."""
    answer = await slack.command(rosa, room, line)
    shown = words(answer)
    for command in ("/idea TEXT", *(f"/ideas {name}" for name in ("search", "list", "show", "me"))):
        assert command in shown
    assert not any(f"/ideas {name}" in shown for name in ("export", "random", "settings"))
    for press, says in (
        ("All commands", "/ideas settings"),
        ("Filters", "until:DAY"),
        ("Parts", "Builds Instructional Partnerships"),
    ):
        answer = await slack.click(rosa, answer.notes[-1], buttons(answer)[press])
        assert says in words(answer)
    assert [] == slack.said_by_bot(room)


async def test_a_list_shows_the_newest_first(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A list shows number, author, words and a link to each post, newest first."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, TASTING)
    shown = words(await slack.command(rosa, room, "/ideas list"))
    assert shown.index("#2") < shown.index("#1")
    assert "Rosa Alvarez" in shown
    assert "book tasting at lunch" in shown
    assert "/archives/" in shown


async def test_filters_narrow_a_list(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A tag, a person typed or mentioned, a day and a word each leave what fits."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, TASTING)
    for asked in (
        "list #outdoors",
        "list @rosa",
        'list @"Rosa Alvarez"',
        "list #outdoors since:2026-11-25 until:2026-11-25",
        "search garden",
        "search gardens science",
    ):
        shown = words(await slack.command(ben, room, f"/ideas {asked}"))
        assert ("reading garden" in shown, "tasting" in shown) == (True, False), asked
    for asked in ("list since:2026-11-26", "search nothing-like-it"):
        assert "nothing yet" in words(await slack.command(ben, room, f"/ideas {asked}"))


async def test_a_tag_with_a_channel_of_its_name_is_still_a_tag(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Where Slack makes a channel link of `#mentoring`, the filter means the tag."""
    await keep(bot, slack, rosa, room, COACH)
    slack.add_channel("mentoring", [rosa])
    shown = words(await slack.command(rosa, room, "/ideas list #mentoring"))
    assert "co-planning" in shown


async def test_pages_turn_both_ways(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Twelve ideas are three pages, turned by buttons in place, under the same filter."""
    await keep(bot, slack, rosa, room, *(f"{TASTING} number {n} of many" for n in range(1, 13)))
    answer = await slack.command(rosa, room, "/ideas list #reading")
    assert "1-5 of 12" in words(answer)
    assert "Newer" not in buttons(answer)
    second = await slack.click(rosa, answer.notes[-1], buttons(answer)["Older"])
    assert "6-10 of 12" in words(second)
    assert {"Newer", "Older"} <= set(buttons(second))
    third = await slack.click(rosa, second.notes[-1], buttons(second)["Older"])
    assert "11-12 of 12" in words(third)
    back = await slack.click(rosa, third.notes[-1], buttons(third)["Newer"])
    assert "6-10 of 12" in words(back)
    assert 1 == len(slack.notes(rosa)) - 1  # the first word to an author, and one list


async def test_a_page_may_be_turned_with_a_component(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The filter that a button gives back may name a component."""
    await keep(bot, slack, rosa, room, *(f"{COACH}, week {n} of the year" for n in range(6)))
    code = (await bot.rows())[0]["components"].split("; ")[0]
    answer = await slack.command(rosa, room, f"/ideas list component:{code}")
    second = await slack.click(rosa, answer.notes[-1], buttons(answer)["Older"])
    assert "6 of 6" in words(second)


@pytest.mark.parametrize("line", ["show 1", "show #1", "show idea 1", "1", "#1"])
async def test_an_idea_is_shown_in_full(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, line: str
) -> None:
    """One idea has its whole text, and a way to withdraw it for its author alone."""
    long = GARDEN + " and then" * 100 + " we rested"
    await keep(bot, slack, rosa, room, long)
    answer = await slack.command(rosa, room, f"/ideas {line}")
    assert "we rested" in words(answer)
    assert ["Save", "Open in the channel", "Edit", "Withdraw #1"] == list(buttons(answer))
    seen = await slack.command(ben, room, f"/ideas {line}")
    assert ["I tried this", "Save", "Open in the channel"] == list(buttons(seen))


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("line", ["show 99", "show", "show twelve", "show 0", "show " + "9" * 40])
async def test_an_idea_that_is_not_there(
    slack: Slack, rosa: Member, room: Channel, line: str
) -> None:
    """A number that is none, or of no idea, is answered with what to type instead."""
    answer = await slack.command(rosa, room, f"/ideas {line}")
    assert answer.ok
    assert "/ideas " in words(answer)


async def test_mine_and_random(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """`mine` shows one's own ideas only; `random` shows any that fits the filter, dates too."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, TASTING)
    mine = words(await slack.command(ben, room, "/ideas mine"))
    assert ("tasting" in mine, "reading garden" in mine) == (True, False)
    assert "nothing yet" in words(await slack.command(ben, room, "/ideas mine #outdoors"))
    for _ in range(5):
        assert "garden" in words(await slack.command(ben, room, "/ideas random #outdoors"))
    later = words(await slack.command(ben, room, "/ideas random since:2026-11-26"))
    assert "nothing yet" in later


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("serch garden", "/ideas search"),
        ("lst", "/ideas list"),
        ("garden ideas please", "/ideas search"),
        ("search", "/ideas search reading garden"),
        ("list since:yesterday", "since:2026-09-01"),
        ("list component:XYZZY", "component:"),
        ("help component:PART", "Builds Instructional Partnerships"),
        ("help until", "Posted on this day or earlier"),
        ("help prompt skip", "/ideas prompt skip"),
        ("help banana", "/ideas help more"),
    ],
)
async def test_a_wrong_command_gets_the_nearest_right_one(
    slack: Slack, rosa: Member, room: Channel, line: str, right: str
) -> None:
    """What is misspelt or not there yet is answered with what to type."""
    answer = await slack.command(rosa, room, f"/ideas {line}")
    assert right in words(answer)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("hostile", ['"', "*", "AND", "c++", "x" * 2_000, "'; drop table idea;--"])
async def test_a_hostile_search_is_answered(
    slack: Slack, rosa: Member, room: Channel, hostile: str
) -> None:
    """Whatever is searched for, there is an answer in words."""
    answer = await slack.command(rosa, room, f"/ideas search {hostile}")
    assert (True, True) == (answer.ok, bool(answer.text))
    assert "reference" not in words(answer)


async def test_a_look_ahead_shows_digest_and_prompt_to_the_asker(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`digest` and `prompt` preview what comes, post nothing and use nothing up."""
    await learn_everywhere(bot.parts)
    assert "nothing to show yet" in words(await slack.command(rosa, room, "/ideas digest"))
    await keep(bot, slack, rosa, room, GARDEN)
    for _ in range(2):
        assert "reading garden" in words(await slack.command(rosa, room, "/ideas digest"))
    first = words(await slack.command(rosa, room, "/ideas prompt"))
    assert first == words(await slack.command(rosa, room, "/ideas prompt"))
    assert "?" in first
    assert [] == slack.said_by_bot(room)


@pytest.mark.usefixtures("bot")
async def test_a_look_ahead_needs_a_channel(slack: Slack, rosa: Member) -> None:
    """In a direct message there is no digest to look at, and the answer says where there is."""
    answer = await slack.command(rosa, slack.open_im(rosa), "/ideas digest")
    assert "in a channel" in words(answer)
