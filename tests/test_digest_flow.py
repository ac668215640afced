"""A long digest in the chat itself: its parts in their thread, once, whatever Slack does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import real_now
from bot.core.delivery.result import InDoubt, Sent, SentBefore
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel as Known
from bot.core.week.weekly import Weekly
from bot.sandbox.blocks import check_message
from bot.sandbox.model import Channel, Ephemeral, Member, Message
from tests.conftest import Bot
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack

MANY = 60


async def fill(bot: Bot, slack: Slack, people: Sequence[Member], room: Channel, many: int) -> None:
    """So many ideas, one after the other."""
    for n in range(many):
        who = people[n % len(people)]
        slack.post(who, room, f"Idea {n}: we planned a unit & taught it <together>")
    await slack.settled()
    await calm(bot, slack)


@pytest.fixture
async def known(bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel) -> Known:
    """A channel with sixty ideas in it."""
    await fill(bot, slack, (rosa, ben), room, MANY)
    found = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert found is not None
    return found


def parts(slack: Slack, room: Channel) -> list[Message]:
    """The messages of the digest, the first one first."""
    return [m for m in slack.said_by_bot(room) if m.text.startswith(("Ideas from", "More ideas"))]


def ideas_in(shown: Message | Ephemeral) -> list[str]:
    """The ideas that have room of their own in it, in blocks that Slack takes."""
    check_message(shown.blocks)
    return [
        block["text"]["text"].partition("\nIdea ")[2].partition(":")[0]
        for block in shown.blocks
        if "\nIdea " in str(block.get("text", {}).get("text"))
    ]


def later(bot: Bot, minutes: float) -> Weekly:
    """What posts, so many minutes later by the real clock."""
    ahead = timedelta(minutes=minutes)
    weekly = bot.parts.weekly
    return replace(weekly, poster=replace(weekly.poster, real_now=lambda: real_now() + ahead))


async def test_a_long_digest_goes_on_in_its_thread(
    bot: Bot, slack: Slack, room: Channel, known: Known
) -> None:
    """Each part replies to the first, with blocks that Slack takes, and carries other ideas."""
    assert isinstance(
        await bot.parts.weekly.post(DeliveryKind.DIGEST, known, bot.parts.clock()), Sent
    )
    first, *replies = parts(slack, room)
    assert len(replies) >= 2
    assert {first.ts} == {reply.thread_ts for reply in replies}
    seen = [n for message in (first, *replies) for n in ideas_in(message)]
    assert sorted(map(str, range(MANY))) == sorted(seen)
    await calm(bot, slack)
    assert MANY == len(await bot.rows())


async def test_a_part_whose_answer_is_lost_is_found_in_its_thread(
    bot: Bot, slack: Slack, room: Channel, known: Known
) -> None:
    """A minute later its key is looked for among the replies; nothing is posted twice."""
    posted = len(slack.called("chat.postMessage"))
    slack.faults.lose_answer("chat.postMessage", times=1)
    at = bot.parts.clock()
    assert isinstance(await bot.parts.weekly.post(DeliveryKind.DIGEST, known, at), InDoubt)
    assert isinstance(await later(bot, 2).post(DeliveryKind.DIGEST, known, at), SentBefore)
    whole = parts(slack, room)
    assert len(whole) == len({m.text for m in whole}) >= 3
    assert len(whole) == len(slack.called("chat.postMessage")) - posted


async def test_when_slack_will_not_draw_a_part_its_words_are_posted(
    bot: Bot, slack: Slack, room: Channel, known: Known
) -> None:
    """The plain text of each part takes the place of its blocks."""
    slack.faults.refuse(
        "chat.postMessage", "invalid_blocks", times=None, where=lambda args: "blocks" in args
    )
    at = bot.parts.clock()
    came = await bot.parts.weekly.post(DeliveryKind.DIGEST, known, at)
    assert isinstance(came, Sent)
    whole = parts(slack, room)
    assert len(whole) >= 3
    assert all("Idea " in message.text for message in whole)


# -- looked at before it is posted ------------------------------------------------------------


async def turn(slack: Slack, who: Member, note: Ephemeral, button: str) -> list[list[str]]:
    """The ideas of each message of a digest that is looked at, until *button* leads no further."""
    seen = [ideas_in(note)]
    while button in buttons(note):
        note = (await slack.click(who, note, buttons(note)[button])).notes[-1]
        assert "if it were posted now" in words(note)
        seen.append(ideas_in(note))
    return seen


@pytest.mark.parametrize("many", [60, 300])
@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
async def test_who_asks_for_the_digest_sees_all_of_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, many: int, *, private: bool
) -> None:
    """*Next* leads through every part of it, *Previous* leads back, and nothing is posted."""
    place = slack.add_channel("plans", [rosa, ben], private=private, bot=True)
    await fill(bot, slack, (rosa, ben), place, many)
    note = (await slack.command(rosa, place, "/ideas digest")).notes[-1]
    seen = await turn(slack, rosa, note, "Next")
    assert sorted(map(str, range(many))) == sorted(n for one in seen for n in one)
    assert seen == [*reversed(await turn(slack, rosa, note, "Previous"))]
    assert [] == slack.said_by_bot(place)
    found = await bot.parts.store.channel(slack.workspace.team_id, place.id)
    assert found is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, found, bot.parts.clock())
    assert [ideas_in(message) for message in parts(slack, place)] == seen


async def test_who_left_a_private_channel_turns_no_page_of_its_digest(
    bot: Bot, slack: Slack, rosa: Member, ben: Member
) -> None:
    """The button is older than their leaving: what it would show is not theirs to see any more."""
    den = slack.add_channel("den", [rosa, ben], private=True, bot=True)
    await fill(bot, slack, (rosa,), den, MANY)
    note = (await slack.command(ben, den, "/ideas digest")).notes[-1]
    slack.leave(ben, den)
    await slack.settled()
    answer = await slack.click(ben, note, buttons(note)["Next"])
    assert "in a channel that I am in" in words(answer.notes[-1])
    assert "Idea " not in words(answer.notes[-1])


async def test_a_page_of_a_digest_that_went_meanwhile_says_so(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, known: Known
) -> None:
    """Once it is posted there is nothing to look ahead to."""
    note = (await slack.command(rosa, room, "/ideas digest")).notes[-1]
    await bot.parts.weekly.post(DeliveryKind.DIGEST, known, bot.parts.clock())
    answer = await slack.click(rosa, note, buttons(note)["Next"])
    assert "nothing to show yet" in words(answer.notes[-1])
