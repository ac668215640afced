"""A channel that takes nothing that the bot posts: for announcements, or closed to apps."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at
from tests.faults.waiting import caught_up
from tests.faults.wire import IDEA
from tests.people import calm, tried
from tests.seeing import words
from tests.slack import Fault, Slack
from tests.storage.making import dues_of

CODES = [
    "restricted_action_read_only_channel",
    "restricted_action",
    "restricted_action_thread_only_channel",
    "channel_is_limited_access",
    "no_permission",
]


def refuse(slack: Slack, room: Channel, code: str = CODES[0]) -> Fault:
    """Whatever the bot posts in a channel is refused."""
    return slack.faults.refuse(
        "chat.postMessage", code, times=None, where=lambda args: args.get("channel") == room.id
    )


async def hour_of_ticks(bot: Bot, slack: Slack, clock: Clock, start: datetime) -> None:
    """The schedule looks every other minute."""
    for minutes in range(0, 60, 2):
        clock.jump(start + timedelta(minutes=minutes))
        await bot.parts.schedule.wake()
    await slack.settled()
    await tried(bot)


def said(slack: Slack, room: Channel) -> list[Message]:
    """What the bot posted in a channel, without the news that it joined."""
    return [message for message in slack.said_by_bot(room) if not message.subtype]


def told(slack: Slack, member: Member) -> list[str]:
    return [message.text for message in slack.said_by_bot(slack.open_im(member))]


@pytest.mark.parametrize("code", CODES)
async def test_three_fridays_in_a_channel_for_announcements(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock, code: str
) -> None:
    """Ideas are kept, Rosa hears once, Slack is left alone, and the fourth digest has them all."""
    room = slack.add_channel("announcements", [rosa, ben])
    async with bot_at(slack, database, clock) as bot:
        fault = refuse(slack, room, code)
        slack.invite_bot(room, by=rosa)
        await calm(bot, slack)
        assert 1 == fault.struck
        ideas = []
        friday = clock().replace(hour=21, minute=0) + timedelta(days=2)
        for week in range(3):
            monday = friday - timedelta(days=4, hours=6)
            if week:
                before = fault.struck
                await hour_of_ticks(bot, slack, clock, monday)
                assert 2 == fault.struck - before  # the question, and Friday's digest once more
            ideas.append(f"{IDEA}, the {week}th time")
            slack.post(ben, room, ideas[-1])
            await calm(bot, slack)
            await hour_of_ticks(bot, slack, clock, friday - timedelta(hours=1))
            before = fault.struck
            await hour_of_ticks(bot, slack, clock, friday)
            assert 1 == fault.struck - before
            friday += timedelta(weeks=1)
        answer = await slack.command(ben, room, "/idea A shelf that students chose themselves")
        assert "Kept as #4, but I could not post it" in words(answer)
        await calm(bot, slack)
        (news,) = told(slack, rosa)
        assert "I could not post in #announcements: " in news
        assert [] == told(slack, ben)
        assert [] == said(slack, room)
        fault.clear()
        await hour_of_ticks(bot, slack, clock, friday)
        (digest,) = said(slack, room)
        for idea in [*ideas, "A shelf that students chose themselves"]:
            assert idea in words(digest)
        assert [news] == told(slack, rosa)


@pytest.mark.parametrize("private", [False, True])
async def test_when_nobody_is_known_to_have_invited_the_bot_admins_hear(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock, *, private: bool
) -> None:
    """Those named in the settings are told; of a private channel, those of them who are in it."""
    amy = slack.add_user("amy", display_name="Amy Reed")
    room = slack.add_channel("announcements", [rosa, ben], private=private, bot=True)
    admins = f"{amy.id},{ben.id}"
    async with bot_at(slack, database, clock, commonplace_admins=admins) as bot:
        fault = refuse(slack, room)
        for _ in range(2):
            await slack.command(rosa, room, f"/idea {IDEA} {fault.struck}")
            await calm(bot, slack)
        assert 2 == fault.struck
        assert ["#announcements" in words for words in told(slack, ben)] == [True]
        assert len(told(slack, amy)) == (not private)
        assert [] == told(slack, rosa)


async def test_a_channel_that_closes_again_is_told_again(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """What was told counts until something could be posted; the next time it is news."""
    async with bot_at(slack, database, clock) as bot:
        mine = slack.add_channel("announcements", [rosa])
        slack.invite_bot(mine, by=rosa)
        await calm(bot, slack)
        for times in range(2):
            fault = refuse(slack, mine)
            for number in range(2):
                await slack.command(rosa, mine, f"/idea {IDEA} {times} {number}")
                await calm(bot, slack)
            assert times + 1 == len(told(slack, rosa))
            fault.clear()
            await slack.command(rosa, mine, f"/idea {IDEA} {times} open")
            await calm(bot, slack)
        assert room.id not in str(told(slack, rosa))


async def test_a_channel_that_was_archived_behind_our_back_pauses(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """No event told of it: the refusal of a post does, and it is told as a pause, once."""
    async with bot_at(slack, database, clock) as bot:
        mine = slack.add_channel("ideas", [rosa])
        slack.invite_bot(mine, by=rosa)
        slack.post(rosa, mine, IDEA)
        await calm(bot, slack)
        await caught_up(bot)
        mine.archived = True
        friday = clock().replace(hour=21, minute=0) + timedelta(days=2)
        await hour_of_ticks(bot, slack, clock, friday)
        (news,) = told(slack, rosa)
        assert "it was archived" in news
        await bot.parts.schedule.wake()
        assert {} == await dues_of(bot.parts.store, slack.workspace.team_id)
