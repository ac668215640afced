"""The round of a coordinator's week comes once: with the look ahead, or while there are doubts."""

from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from bot.sandbox.model import Message as Post
from tests.conftest import Bot
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack
from tests.test_look_ahead import FRIDAY, GARDEN, HOUR, WEEK, at, joan

TASTING = "Book tasting at lunch doubled our checkouts in the sixth grade"
VACANCY = "The book fair delivery has moved from Tuesday to Thursday"

__all__ = ["joan"]


@pytest.fixture
async def den(bot: Bot, slack: Slack, joan: Member, rosa: Member, ben: Member) -> Channel:
    """A channel that Joan invited the bot to, with two ideas in it."""
    made = slack.add_channel("den", [joan, rosa, ben])
    slack.invite_bot(made, by=joan)
    await calm(bot, slack)
    for who, text in ((rosa, GARDEN), (ben, TASTING)):
        slack.post(who, made, text)
        await slack.settled()
    await calm(bot, slack)
    return made


def told(slack: Slack, who: Member) -> list[Post]:
    return slack.said_by_bot(slack.open_im(who))


async def test_the_digest_opens_with_the_line_and_the_pick(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """The pick is shown first, with the coordinator's name, and once; both are used up then."""
    answer = await slack.command(joan, den, "/ideas care")
    shown = words(answer)
    assert "the next digest comes Fri Nov 27, 3:00 PM" in shown
    assert "2 new ideas so far." in shown
    assert "The next questions, as things stand" in shown
    await slack.click(joan, answer.notes[-1], buttons(answer)["Line and pick"])
    assert (await slack.submit(joan, {"line": "Bring snacks", "pick": "2"})).ok
    assert "your line: “Bring snacks”; your pick: #2" in words(
        await slack.command(joan, den, "/ideas care")
    )
    await at(bot, clock, FRIDAY)
    (digest,) = [one for one in slack.said_by_bot(den) if one.text.startswith("Ideas from")]
    said = words(digest)
    assert said.index("Bring snacks") < said.index("Joan Petersen’s pick of the week")
    assert said.index("pick of the week") < said.index(TASTING) < said.index(GARDEN)
    assert said.count(GARDEN) == said.count(TASTING)
    again = words(await slack.command(joan, den, "/ideas care"))
    assert "0 new ideas so far." in again
    log = words(await slack.command(joan, den, "/ideas settings log"))
    assert "pick of the week: #2 (before: none)" in log


async def test_the_round_comes_once_a_week_with_the_look_ahead(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """Of all channels, with the first of their digests; a second look of the week has none."""
    slack.post(rosa, den, VACANCY)
    later = slack.add_channel("later", [joan, rosa])
    slack.invite_bot(later, by=joan)
    await calm(bot, slack)
    slack.post(rosa, later, GARDEN)
    await calm(bot, slack)
    await slack.command(joan, later, "/ideas settings")
    assert (await slack.submit(joan, {"digest_day": "sat"})).ok
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = told(slack, joan)
    assert "1 post is in doubt" in words(look)
    shown = await slack.click(joan, look, buttons(look)["Go through the week"])
    assert VACANCY in words(shown)
    assert "This week in" in words(shown)
    assert 4 == shown.notes[-1].text.count(", 9:00 AM: ")  # not once for each channel
    await at(bot, clock, FRIDAY)
    await at(bot, clock, FRIDAY + timedelta(hours=23, minutes=30))
    looks = [one for one in told(slack, joan) if "digest goes to" in one.text]
    assert ["den", "later"] == [
        name for one in looks for name in ("den", "later") if f"#{name} on" in words(one)
    ]
    assert "Go through the week" not in buttons(looks[-1])


@pytest.mark.parametrize(("chosen", "rounds"), [("first", 1), ("never", 0)])
async def test_after_the_first_two_digests_it_comes_only_while_posts_are_in_doubt(
    bot: Bot,
    slack: Slack,
    clock: Clock,
    joan: Member,
    rosa: Member,
    den: Channel,
    chosen: str,
    rounds: int,
) -> None:
    """And not at all where somebody chose never to be shown anything."""
    for week in range(2):
        await at(bot, clock, FRIDAY + week * WEEK)
        slack.post(rosa, den, f"{GARDEN}, for the {week} time this year")
        await calm(bot, slack)
    await slack.command(joan, den, "/ideas settings")
    assert (await slack.submit(joan, {"previews": chosen})).ok
    before = len(told(slack, joan))
    await at(bot, clock, FRIDAY + 2 * WEEK - HOUR / 2)
    assert before == len(told(slack, joan))
    await at(bot, clock, FRIDAY + 2 * WEEK)
    slack.post(rosa, den, VACANCY)
    await calm(bot, slack)
    for minutes in (30, 20):
        await at(bot, clock, FRIDAY + 3 * WEEK - timedelta(minutes=minutes))
    news = told(slack, joan)[before:]
    assert rounds == len(news)
    assert all("Is this an idea?" in words(one) for one in news)


async def test_a_round_of_many_channels_asks_slack_as_little_as_one_of_a_single_channel(
    bot: Bot, slack: Slack, joan: Member, den: Channel
) -> None:
    """Who and where they are; and of each channel that the bot has left whether it is open."""
    left = [slack.add_channel(f"left-{n}", [joan]) for n in range(2)]
    more = [slack.add_channel(f"more-{n}", [joan], private=n > 2) for n in range(6)]
    for made in (*left, *more):
        slack.invite_bot(made, by=joan)
    await calm(bot, slack)
    for one in left:
        slack.leave(slack.bot, one)
    await calm(bot, slack)
    asked = {"users.conversations": 1, "conversations.info": 2}
    before = {method: len(slack.called(method)) for method in asked}
    assert "more-5" in words(await slack.command(joan, den, "/ideas care"))
    assert asked == {name: len(slack.called(name)) - count for name, count in before.items()}


async def test_a_round_that_may_be_wanting_comes_later(
    bot: Bot, slack: Slack, joan: Member, den: Channel
) -> None:
    """While Slack does not say where they are, it is not shown without their private channels."""
    slack.invite_bot(slack.add_channel("closed", [joan], private=True), by=joan)
    await calm(bot, slack)
    slack.faults.refuse("users.conversations", "internal_error", times=1)
    assert "try again" in words(await slack.command(joan, den, "/ideas care"))
    slack.faults.refuse("users.info", "internal_error", times=1)
    assert "try again" in words(await slack.command(joan, den, "/ideas care"))
    assert "closed" in words(await slack.command(joan, den, "/ideas care"))
