"""`/ideas claim`: an imported idea gets its author, with a coordinator's yes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.desk import replies
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import (
    Captured,
    Filters,
    Trial,
    TrialOutcome,
    Visibility,
    Withdrawal,
)
from bot.core.model.imports import Arrival
from bot.core.model.people import Asker, Author, Keep, Profile
from bot.core.model.posts import Place, Post
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack
from tests.storage.making import draft

EVERYTHING = Visibility(everything=True)
OLD = datetime(2024, 3, 5, 14, tzinfo=UTC)


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock, transport="socket") as running:
        yield running


@pytest.fixture
async def here(bot: Bot, slack: Slack, rosa: Member, ben: Member) -> Channel:
    """A public channel that Rosa coordinates, with Ben in it."""
    room = slack.add_channel("mentors", [rosa, ben])
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    return room


@pytest.fixture
async def idea(bot: Bot, here: Channel, rosa: Member) -> int:
    """The number of an idea from a board, by a name that nobody here bears."""
    arrival = Arrival(
        where="line 2",
        key="padlet:1",
        post=Post(place=Place(rosa.team_id, here.id, ""), posted_at=OLD, author_id="", body=()),
        author=Author(id="", name="B. O.", school="Old Mill"),
        draft=draft("Sample: we read to therapy dogs"),
    )
    (kept,) = await bot.parts.store.bring([arrival], [], now=OLD)
    assert isinstance(kept, Captured)
    return kept.number


async def ask(slack: Slack, who: Member, room: Channel, line: str) -> str:
    """What somebody is answered to a command."""
    return words(await slack.command(who, room, f"/ideas {line}"))


def told(slack: Slack, who: Member) -> list[Message]:
    """What the bot has told somebody by direct message."""
    return slack.said_by_bot(slack.open_im(who))


async def test_a_claim_is_accepted(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, idea: int
) -> None:
    """Claimed, told to the coordinator, accepted with one press: the idea bears the name."""
    assert f"put your name to #{idea}" in await ask(slack, ben, here, f"claim {idea}")
    assert "already" in await ask(slack, ben, here, f"claim {idea}")
    await calm(bot, slack)
    (note,) = told(slack, rosa)
    assert f"Ben Okafor says that #{idea} in #mentors is theirs" in words(note)
    assert "names B. O." in words(note)
    await slack.click(rosa, note, buttons(note)["Yes, it is theirs"])
    await calm(bot, slack)
    assert "Ben Okafor’s now" in words(told(slack, rosa)[-1])
    assert "bears your name now" in words(told(slack, ben)[-1])
    (row,) = await bot.rows()
    assert (ben.id, "Ben Okafor", "Old Mill") == (row["author_id"], row["author"], row["school"])
    assert "Sample" in await ask(slack, ben, here, "mine")
    assert "is yours already" in await ask(slack, ben, here, f"claim {idea}")
    assert "Ben Okafor’s already" in await ask(slack, rosa, here, f"claim {idea}")


async def test_a_claim_is_declined(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, idea: int
) -> None:
    """Declined, the idea stays as it was, who claimed it hears so, and may claim it again."""
    await ask(slack, ben, here, f"claim {idea}")
    await calm(bot, slack)
    (note,) = told(slack, rosa)
    await slack.click(rosa, note, buttons(note)["No"])
    await calm(bot, slack)
    assert "stays as it is" in words(told(slack, rosa)[-1])
    assert "did not put your name" in words(told(slack, ben)[-1])
    assert [""] == [row["author_id"] for row in await bot.rows()]
    await ask(slack, ben, here, f"claim {idea}")
    await calm(bot, slack)
    assert "is theirs" in words(told(slack, rosa)[-1])


async def test_a_coordinator_needs_nobodys_yes(
    bot: Bot, slack: Slack, rosa: Member, here: Channel, idea: int
) -> None:
    """Whoever coordinates the channel puts their own name to an idea at once."""
    assert "bears your name now" in await ask(slack, rosa, here, f"claim {idea}")
    assert [rosa.id] == [row["author_id"] for row in await bot.rows()]
    await calm(bot, slack)
    assert [] == told(slack, rosa)


async def test_an_idea_without_an_author_has_a_button(
    slack: Slack, ben: Member, here: Channel, idea: int
) -> None:
    """Under an idea without an author stands *This is mine*; others' ideas have none."""
    (shown,) = (await slack.command(ben, here, f"/ideas show {idea}")).notes
    assert {"This is mine", "I tried this"} <= buttons(shown).keys()
    answer = await slack.click(ben, shown, buttons(shown)["This is mine"])
    assert f"put your name to #{idea}" in words(answer)


@pytest.mark.parametrize("act", [Act.CLAIM_ACCEPT, Act.CLAIM_DECLINE])
async def test_only_a_coordinator_decides(
    bot: Bot, slack: Slack, ben: Member, here: Channel, idea: int, act: Act
) -> None:
    """Whoever does not coordinate the channel decides nothing, whatever button they press."""
    await ask(slack, ben, here, f"claim {idea}")
    asker = Asker(workspace=ben.team_id, member_id=ben.id, channel=here.id, pressed=True)
    answer = await bot.parts.desk.press(asker, Action(act, number=idea, text=ben.id))
    assert isinstance(answer, replies.Answer)
    assert "Only whoever coordinates" in answer.message.fallback
    assert [""] == [row["author_id"] for row in await bot.rows()]


async def test_a_button_for_a_claim_that_is_not_there(
    bot: Bot, rosa: Member, here: Channel, idea: int
) -> None:
    """A yes to what nobody claims puts no name anywhere."""
    asker = Asker(workspace=rosa.team_id, member_id=rosa.id, channel=here.id, pressed=True)
    press = Action(Act.CLAIM_ACCEPT, number=idea, text="U0NOBODY")
    answer = await bot.parts.desk.press(asker, press)
    assert isinstance(answer, replies.Answer)
    assert "decided already" in answer.message.fallback
    assert [""] == [row["author_id"] for row in await bot.rows()]


async def test_who_wants_nothing_kept_claims_nothing(
    bot: Bot, slack: Slack, ben: Member, here: Channel, idea: int
) -> None:
    """Whoever chose that nothing of theirs is kept is told so, and nobody is asked."""
    wish = Profile(keep=Keep.NOTHING)
    await bot.parts.store.set_profile(ben.team_id, ben.id, wish)
    assert "keep nothing of yours" in await ask(slack, ben, here, f"claim {idea}")
    assert 0 == await bot.parts.store.claims_of(ben.team_id, ben.id)


@pytest.mark.parametrize("by", ["wish", "withdrawal"])
async def test_a_claim_goes_with_what_it_is_about(
    bot: Bot, slack: Slack, ben: Member, here: Channel, idea: int, by: str
) -> None:
    """A claim is gone with its idea, or once its member wants nothing kept."""
    await ask(slack, ben, here, f"claim {idea}")
    store, now = bot.parts.store, bot.parts.clock()
    if by == "wish":
        await store.set_profile(ben.team_id, ben.id, Profile(keep=Keep.NOTHING))
    else:
        await store.withdraw_number(ben.team_id, idea, Withdrawal.REMOVED, now=now)
    assert 0 == await store.claims_of(ben.team_id, ben.id)


async def test_an_idea_that_is_not_seen_is_not_claimed(
    slack: Slack, ben: Member, here: Channel
) -> None:
    """A number that nobody may see, or that there is not, is told like any other."""
    assert "#77 is not an idea that you can see" in await ask(slack, ben, here, "claim 77")
    assert "Which idea?" in await ask(slack, ben, here, "claim")


async def test_a_trial_of_an_idea_without_an_author_is_told_nobody(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, idea: int
) -> None:
    """Somebody tries an idea that is nobody's yet: it counts, and nobody is written to."""
    store = bot.parts.store
    (kept,) = (await store.find(ben.team_id, Filters(), EVERYTHING)).ideas
    assert (kept.number, kept.channel) == (idea, here.id)
    trial = Trial(
        workspace=ben.team_id,
        idea_id=kept.id,
        member_id=ben.id,
        came=TrialOutcome.WORKED,
        tried_at=bot.parts.clock(),
    )
    await store.add_trial(trial)
    await calm(bot, slack)
    assert [1] == [row["tried"] for row in await bot.rows()]
    assert [] == [*told(slack, ben), *told(slack, rosa)]
