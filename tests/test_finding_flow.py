"""Lists as people meet them: whose ideas, of which channel, of which digest, and how many."""

from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.core.model.deliveries import DeliveryKind
from bot.doctor import examine
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot
from tests.people import calm, keep
from tests.seeing import buttons, row_of, words
from tests.slack import Slack

PLAN = "We planned a unit on sources with the science teacher and taught it together"
GARDEN = "We built a reading garden with the science club #outdoors"
LINK = "<https://news.example.org/school-board>"
ASKED = "Who of you has run a mock Newbery with grade five?"

pytestmark = pytest.mark.parametrize("bot", ["socket"], indirect=True)


async def posted_digest(bot: Bot, slack: Slack, room: Channel) -> Message:
    known = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert known is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, known, bot.parts.clock())
    return slack.said_by_bot(room)[-1]


# -- as many as were promised ---------------------------------------------------------------------


async def test_see_all_opens_what_stood_in_the_digest(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """*See all 6* opens six: none of another channel, none posted later that day, on any page."""
    other = slack.add_channel("mentors", [rosa], bot=True)
    await keep(bot, slack, rosa, room, *(f"{PLAN}, part {n} of six" for n in range(1, 7)))
    await keep(bot, slack, rosa, other, f"{PLAN} with the mentors")
    digest = await posted_digest(bot, slack, room)
    clock.jump(clock() + timedelta(minutes=5))
    await keep(bot, slack, rosa, room, f"{PLAN} and posted it later")
    press = next(text for text in buttons(digest) if text.startswith("See all"))
    assert "See all 6" == press
    first = (await slack.click(rosa, digest, buttons(digest)[press])).notes[-1]
    assert "1-5 of 6" in words(first)
    second = (await slack.click(rosa, first, buttons(first)["Older"])).notes[-1]
    assert "6 of 6" in words(second)
    back = (await slack.click(rosa, second, buttons(second)["Newer"])).notes[-1]
    assert "1-5 of 6" in words(back)
    for page in (first, second):
        assert not any(other in words(page) for other in ("the mentors", "posted it later"))


async def test_see_all_opens_no_post_that_the_digest_only_counts(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """*Also posted: 1* is not among the two that *See all 2* opens."""
    await keep(bot, slack, rosa, room, PLAN, LINK, GARDEN)
    digest = await posted_digest(bot, slack, room)
    assert "Also posted: 1" in words(digest)
    seen = (await slack.click(rosa, digest, buttons(digest)["See all 2"])).notes[-1]
    assert ("Ideas in this digest" in words(seen), LINK.strip("<>") in words(seen)) == (True, False)


async def test_see_all_of_what_is_gone_says_so(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Where everything was withdrawn since, nobody is told to try other words."""
    await keep(bot, slack, rosa, room, PLAN)
    digest = await posted_digest(bot, slack, room)
    asked = (await slack.command(rosa, room, "/ideas remove 1")).notes[-1]
    await slack.click(rosa, asked, "idea_remove")
    await calm(bot, slack)
    seen = await slack.click(rosa, digest, "ideas_list")
    assert "You can see none of this digest’s ideas" in words(seen.notes[-1])


async def test_see_all_of_a_preview_opens_what_the_digest_would_hold(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """What other channels have, what is only counted and what stood in a digest are not in it."""
    other = slack.add_channel("mentors", [rosa], bot=True)
    await keep(bot, slack, rosa, room, f"{PLAN} and posted it earlier")
    await posted_digest(bot, slack, room)
    await keep(bot, slack, rosa, room, PLAN, LINK, GARDEN)
    await keep(bot, slack, rosa, other, f"{PLAN} with the mentors")
    note = (await slack.command(rosa, room, "/ideas digest")).notes[-1]
    seen = (await slack.click(rosa, note, buttons(note)["See all 2"])).notes[-1]
    told = words(seen)
    assert "reading garden" in told
    assert not any(one in told for one in ("mentors", "posted it earlier", LINK.strip("<>")))


async def test_more_like_one_does_not_list_that_one(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """*More like #1* lists the other six and counts six, on both its pages."""
    await keep(bot, slack, rosa, room, *(f"{GARDEN} bed {n} of seven" for n in range(1, 8)))
    shown = (await slack.command(rosa, room, "/ideas show 1")).notes[-1]
    first = (await slack.click(rosa, shown, "more", "ideas_alike 1")).notes[-1]
    assert "More like #1 (1-5 of 6)" in words(first)
    turned = await slack.click(
        rosa, first, buttons(first)["Older"], block_id=row_of(first, "Older")
    )
    second = turned.notes[-1]
    assert "More like #1 (6 of 6)" in words(second)
    assert not any("bed 1 of seven" in words(page) for page in (first, second))


async def test_an_export_says_how_many_are_questions(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A question is in the file, and is not counted as an idea, before and beside the file."""
    await keep(bot, slack, rosa, room, PLAN, f"{PLAN} again", ASKED)
    answer = await slack.command(rosa, room, '/ideas export @"Rosa Alvarez" component:PART')
    assert "a CSV file of 2 ideas." in words(answer)
    answer = await slack.command(rosa, room, "/ideas export @rosa")
    assert "a CSV file of 2 ideas and 1 question." in words(answer)
    await calm(bot, slack)
    told = [words(one) for one in slack.said_by_bot(slack.open_im(rosa))]
    assert any("2 ideas and 1 question, by Rosa Alvarez." in one for one in told)
    assert any("2 ideas, by Rosa Alvarez, about Builds Instructional" in one for one in told)
    answer = await slack.command(rosa, room, "/ideas export #nothing-has-this-tag")
    assert "nothing to export" in words(answer)
    checks = await examine(bot.parts.settings)
    assert any("holds 2 ideas and 1 question" in check.words for check in checks)


async def test_a_heading_says_the_name_of_the_part(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """*Ideas about PART* says what PART is called."""
    await keep(bot, slack, rosa, room, PLAN)
    for line in ("list", "random", "search planned", "mine"):
        answer = await slack.command(rosa, room, f"/ideas {line} component:PART")
        assert "Builds Instructional Partnerships" in words(answer)


# -- whose ----------------------------------------------------------------------------------------


@pytest.fixture
def ana(slack: Slack) -> Member:
    return slack.add_user("ana1", display_name="Ana Bell", title="Media specialist")


@pytest.fixture
def other_ana(slack: Slack) -> Member:
    return slack.add_user("ana2", display_name="Ana Bell", title="")


@pytest.fixture
async def two(
    bot: Bot, slack: Slack, ana: Member, other_ana: Member, room: Channel
) -> tuple[Member, Member]:
    """Two people of one name, told apart by title and school."""
    for one in (ana, other_ana):
        slack.join(one, room)
    await slack.command(other_ana, room, "/ideas me")
    await slack.submit(other_ana, {"school": "Prairie"})
    await keep(bot, slack, ana, room, PLAN)
    await keep(bot, slack, other_ana, room, GARDEN)
    return ana, other_ana


@pytest.mark.parametrize("line", ["list", "search unit", "random", "export"])
async def test_two_of_one_name_are_told_apart(
    slack: Slack, two: tuple[Member, Member], rosa: Member, room: Channel, line: str
) -> None:
    """Whoever asks for one of two namesakes hears of both, with title or school, and of a way."""
    answer = words(await slack.command(rosa, room, f'/ideas {line} @"Ana Bell"'))
    assert "2 people are called Ana Bell" in answer
    assert ("Media specialist" in answer, "Prairie" in answer) == (True, True)
    for who, text in zip(two, ("unit on sources", "reading garden"), strict=True):
        assert f"@{who.id}" in answer
        for way in (f"@{who.id}", f"@{who.name}"):
            found = words(await slack.command(rosa, room, f"/ideas list {way}"))
            assert text in found
            assert "Ideas by Ana Bell" in found


async def test_a_namesake_without_ideas_is_not_asked_about(
    bot: Bot, slack: Slack, rosa: Member, ana: Member, other_ana: Member, room: Channel
) -> None:
    """Where only one of two namesakes has an idea that the asker may see, it is that one."""
    for one in (ana, other_ana):
        slack.join(one, room)
    hidden = slack.add_channel("plans", [other_ana], private=True, bot=True)
    await keep(bot, slack, ana, room, PLAN)
    await keep(bot, slack, other_ana, hidden, GARDEN)
    found = words(await slack.command(rosa, room, '/ideas list @"Ana Bell"'))
    assert ("unit on sources" in found, "reading garden" in found) == (True, False)
    await slack.click(
        ana,
        (note := (await slack.command(ana, room, "/ideas remove 1")).notes[-1]),
        buttons(note)["Withdraw #1"],
    )
    assert "nothing yet" in words(await slack.command(rosa, room, '/ideas list @"Ana Bell"'))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("list", "Post an idea in a sentence or two, or share one with /idea."),
        ("mine", "Post an idea in a sentence or two, or share one with /idea."),
        ("random", "Post an idea in a sentence or two, or share one with /idea."),
        ("list garden", "Try fewer or other words, or /ideas list for everything."),
        ("random garden", "Try fewer or other words, or /ideas list for everything."),
    ],
)
async def test_where_nothing_is_one_hears_what_to_do(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, line: str, says: str
) -> None:
    """Nobody is sent to the list that was just empty."""
    await calm(bot, slack)
    assert says in words(await slack.command(rosa, room, f"/ideas {line}"))


@pytest.mark.parametrize("typed", ['"Kim Lee"', '"kim lee (admin, she/her)"', "kim"])
async def test_a_name_is_found_without_what_stands_in_brackets(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, typed: str
) -> None:
    """Pronouns and roles in a name need not be typed; a part of a name offers the whole."""
    kim = slack.add_user("kim1", display_name="Kim Lee (admin, she/her)")
    slack.join(kim, room)
    await keep(bot, slack, kim, room, GARDEN)
    found = words(await slack.command(rosa, room, f"/ideas list @{typed}"))
    expected = '@"Kim Lee (admin, she/her)"' if typed == "kim" else "reading garden"
    assert expected in found


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('list @"Rosa Alvares"', 'Did you mean @"Rosa Alvarez"?'),
        ('export @"Alvarez"', 'Did you mean @"Rosa Alvarez"?'),
        ("search garden @rosaa", 'Did you mean @"Rosa Alvarez"?'),
        ("list @xyzzy", "I know nobody called xyzzy"),
        ("list channel:leadreship", "Did you mean channel:leadership?"),
        ("export channel:#leader", "Did you mean channel:leadership?"),
        ("random channel:xyzzy", "that you can see. You can see: channel:leadership."),
        ("list channel:plans", "that you can see. You can see: channel:leadership."),
        ("list #outdors", "Did you mean #outdoors?"),
        ("export #Outdoor garden", "Did you mean #outdoors?"),
        ("list #xyzzy", "nothing yet that you can see"),
        ("list #plannin", "nothing yet that you can see"),
        ("list channel:", "What should follow"),
        ("list channel:a channel:b", "Keep one"),
        ("list chanel:leadership", "Did you mean channel:?"),
    ],
)
async def test_what_is_not_found_offers_the_nearest(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, line: str, says: str
) -> None:
    """A name, channel or tag that nothing bears is answered with the nearest one may see."""
    plans = slack.add_channel("plans", [ben], private=True, bot=True)
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, plans, f"{PLAN} #planning")
    assert says in words(await slack.command(rosa, room, f"/ideas {line}"))


async def test_a_channel_narrows_a_list(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`channel:` finds one channel's ideas, by name, link or id, and in the export."""
    other = slack.add_channel("mentors", [rosa], bot=True)
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, rosa, other, PLAN)
    for way in ("mentors", "Mentors.", "#mentors", other.id):
        found = words(await slack.command(rosa, room, f"/ideas list channel:{way}"))
        assert ("unit on" in found, "garden" in found) == (True, False), way
        assert "in #mentors" in found.lower()
    await slack.command(rosa, room, "/ideas export channel:mentors")
    await calm(bot, slack)
    (message,) = slack.said_by_bot(slack.open_im(rosa))
    (file,) = slack.files_of(message)
    assert (b"unit on" in file.content, b"garden" in file.content) == (True, False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [("📚", ["cart", "shelf"]), ("???", ["hours"]), ("📚 ???", []), ("🦩", []), ("!", [])],
)
async def test_signs_find_what_holds_them_and_never_everything(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, asked: str, found: list[str]
) -> None:
    """A search or an export for an emoji or marks alone finds the ideas that hold them."""
    await keep(bot, slack, rosa, room, "idea: A cart of 📚 waits at the bus stop every day")
    await keep(bot, slack, rosa, room, "idea: A shelf of :books: waits in the teachers lounge")
    await keep(bot, slack, rosa, room, "idea: Which hours work for a homework club??? We try lunch")
    for line in ("search", "list"):
        shown = words(await slack.command(rosa, room, f"/ideas {line} {asked}"))
        assert found == [one for one in ("cart", "shelf", "hours") if f" {one} " in shown]
        assert found or "nothing yet" in shown
    told = words(await slack.command(rosa, room, f"/ideas export {asked}"))
    many = {0: "nothing to export", 1: "of 1 idea.", 2: "of 2 ideas."}
    assert many[len(found)] in told


async def test_somebody_without_a_display_name_is_found_by_their_own(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An empty display name leaves the real one, in the list's heading and in its filter."""
    jo = slack.add_user("jo1", display_name="", real_name="Jo Lindqvist")
    slack.join(jo, room)
    await keep(bot, slack, jo, room, GARDEN)
    found = words(await slack.command(rosa, room, '/ideas list @"jo lindqvist"'))
    assert "Jo Lindqvist" in found
    assert "reading garden" in found


async def test_somebody_mentioned_who_was_never_met_has_nothing_yet(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A mention is a person, also before they posted anything: the list is empty, no error."""
    slack.add_user("newcomer")
    await keep(bot, slack, rosa, room, GARDEN)
    found = words(await slack.command(rosa, room, "/ideas list @newcomer"))
    assert "nothing yet" in found
