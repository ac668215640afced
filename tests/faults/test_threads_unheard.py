"""What happened to replies while nobody listened: histories hold no replies, threads do."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import StoreError
from bot.core.model.deliveries import DeliveryKind
from bot.history import History
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at, eventually
from tests.faults.waiting import caught_up, deaf, kept, so
from tests.faults.wire import IDEA
from tests.people import calm
from tests.slack import Slack

REPLY = "We do the same with our student teachers"


def hearing(slack: Slack) -> None:
    """Slack tells what happens as ever."""
    slack.timing = type(slack.timing)(ack=3.0, retries=(0.0, 0.05, 0.05), hold=5.0)


async def by_text(bot: Bot) -> dict[str, dict[str, object]]:
    """The export's rows by text."""
    return {row["text"]: row for row in await bot.rows()}


@pytest.fixture
async def talk(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> Message:
    """Ben's reply in the thread of Rosa's idea, both known to a bot that is stopped now."""
    async with bot_at(slack, database, clock) as bot:
        post = slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        reply = slack.reply(ben, post, REPLY)
        await calm(bot, slack)
        assert {IDEA} == set(await by_text(bot))
    return reply


async def test_a_reply_that_was_marked_unheard_is_kept(
    slack: Slack, rosa: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """Rosa marks Ben's reply while the bot is away: it is Ben's idea, and bears the bot's mark."""
    deaf(slack)
    slack.react(rosa, talk, "bulb")
    slack.react(rosa, talk, "heart")
    await slack.settled()
    hearing(slack)
    async with bot_at(slack, database, clock) as bot:
        await eventually(kept(bot, 2), "the reply is kept")
        await calm(bot, slack)
        row = (await by_text(bot))[REPLY]
        assert ("Ben Okafor", "reaction", 1) == (row["author"], row["source"], row["reactions"])
        assert slack.bot.id in talk.reactions["bulb"]


async def test_a_reply_that_was_marked_in_a_gap_is_kept(
    slack: Slack, rosa: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """The bot runs, but all its sockets are gone for a moment, and Slack gives up."""
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        deaf(slack)
        fault = slack.faults.refuse("apps.connections.open", "internal_error", times=None)
        await slack.sockets.close()
        await slack.until(lambda: not slack.sockets.connections, saying="they are closed")
        slack.react(rosa, talk, "bulb")
        await slack.settled()
        assert 1 == len(slack.delivery.lost)
        hearing(slack)
        fault.clear()
        await eventually(kept(bot, 2), "the reply is kept")


async def test_a_mark_that_was_taken_away_unheard_keeps_nothing(
    slack: Slack, rosa: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """Rosa marks Ben's reply, and minutes later, while the bot is away, takes that back."""
    async with bot_at(slack, database, clock) as bot:
        slack.react(rosa, talk, "bulb")
        await eventually(kept(bot, 2), "the reply is kept")
        await calm(bot, slack)
    deaf(slack)
    clock.jump(clock() + timedelta(minutes=5))
    slack.unreact(rosa, talk, "bulb")
    await slack.settled()
    hearing(slack)
    async with bot_at(slack, database, clock) as bot:
        await eventually(kept(bot, 1), "it is not kept any more")
        await calm(bot, slack)
        assert "bulb" not in talk.reactions


async def test_a_mark_that_came_and_went_unheard_keeps_nothing(
    slack: Slack, rosa: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """What is marked no longer when the thread is read is not kept."""
    deaf(slack)
    slack.react(rosa, talk, "bulb")
    slack.unreact(rosa, talk, "bulb")
    await slack.settled()
    hearing(slack)
    async with bot_at(slack, database, clock) as bot:
        await looked_again(bot, slack)
        assert {IDEA} == set(await by_text(bot))


async def test_a_reply_that_its_author_crossed_unheard_is_taken_back(
    slack: Slack, rosa: Member, ben: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """Rosa marked Ben's reply; Ben crosses it while the bot is away, and later takes that back."""
    async with bot_at(slack, database, clock) as bot:
        slack.react(rosa, talk, "bulb")
        await eventually(kept(bot, 2), "the reply is kept")
        await calm(bot, slack)
    for act, number in ((slack.react, 1), (slack.unreact, 2)):
        deaf(slack)
        clock.jump(clock() + timedelta(minutes=5))
        act(ben, talk, "x")
        await slack.settled()
        hearing(slack)
        async with bot_at(slack, database, clock) as bot:
            await eventually(kept(bot, number), "it is in step")
            await calm(bot, slack)
    assert slack.bot.id in talk.reactions["bulb"]


async def test_a_reply_that_was_crossed_at_once_is_still_counted(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """A reply that came unheard, marked and crossed, is no idea, but it is a reply."""
    async with bot_at(slack, database, clock) as bot:
        post = slack.post(rosa, room, IDEA)
        await calm(bot, slack)
    deaf(slack)
    reply = slack.reply(ben, post, REPLY)
    slack.react(rosa, reply, "bulb")
    slack.react(ben, reply, "x")
    await slack.settled()
    hearing(slack)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert [(IDEA, 1)] == [(row["text"], row["replies"]) for row in await bot.rows()]


async def test_in_a_thread_older_than_the_bot_new_replies_alone_are_kept(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock
) -> None:
    """Marked replies of a thread that began before the bot joined: only those from after that."""
    room = slack.add_channel("leadership", [rosa, ben], bot=False)
    post = slack.post(rosa, room, IDEA)
    before = slack.reply(ben, post, "Said before the bot was there")
    slack.react(rosa, before, "bulb")
    clock.jump(clock() + timedelta(hours=2))
    slack.invite_bot(room, by=rosa)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        await calm(bot, slack)
    deaf(slack)
    clock.jump(clock() + timedelta(hours=2))
    slack.react(rosa, slack.reply(ben, post, REPLY), "bulb")
    await slack.settled()
    hearing(slack)
    async with bot_at(slack, database, clock) as bot:
        await eventually(kept(bot, 1), "the new reply is kept")
        assert {REPLY} == set(await by_text(bot))


async def test_an_answer_that_was_edited_unheard_is_in_step(
    slack: Slack, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """An edit changes neither the number of replies nor the latest one: the thread is read."""
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        (channel,) = await bot.parts.history.channels()
        await bot.parts.weekly.post(DeliveryKind.PROMPT, channel, clock())
        await calm(bot, slack)
        (prompt,) = slack.said_by_bot(room)
        answer = slack.reply(ben, prompt, "We planned it with the science team")
        await calm(bot, slack)
    deaf(slack)
    slack.edit(answer, "We planned it with the music team")
    await slack.settled()
    hearing(slack)
    async with bot_at(slack, database, clock) as bot:

        async def in_step() -> bool:
            return "We planned it with the music team" in await by_text(bot)

        await eventually(in_step, "the edit is taken over")


async def test_threads_hold_up_no_history(
    slack: Slack, rosa: Member, talk: Message, room: Channel, database: Path, clock: Clock
) -> None:
    """While Slack refuses to show threads, new posts are read, and the digest need not wait."""
    deaf(slack)
    slack.react(rosa, talk, "bulb")
    slack.post(rosa, room, f"{IDEA} and the second")
    await slack.settled()
    hearing(slack)
    fault = slack.faults.rate_limit("conversations.replies", retry_after=1)
    async with bot_at(slack, database, clock) as bot:
        await slack.until(lambda: fault.struck, saying="the thread was refused")
        await caught_up(bot)
        assert 2 == len(await bot.rows())
        await eventually(kept(bot, 3), "later the thread is read")


async def test_a_long_thread_is_read_at_the_pace_slack_allows(
    slack: Slack, rosa: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """With fifteen replies a page and a refusal before each page, the last reply is reached."""
    deaf(slack)
    parent = slack.workspace.messages[talk.channel][talk.root]
    for number in range(20):
        last = slack.reply(rosa, parent, f"Reply number {number}")
    slack.react(rosa, last, "bulb")
    await slack.settled()
    hearing(slack)
    slack.faults.page_limit(15)
    asked = refused_in_turn(slack, "conversations.replies")
    async with bot_at(slack, database, clock) as bot:
        await eventually(kept(bot, 2), "the last reply is kept")
        rows = await by_text(bot)
        assert 21 == rows[IDEA]["replies"]
        assert asked() >= 4


async def test_a_whole_reading_ends_although_slack_refuses_every_second_page(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """It is read once, not for ever, and what is missing in it was deleted."""
    async with bot_at(slack, database, clock) as bot:
        for number in range(25):
            slack.post(rosa, room, f"{IDEA} number {number}")
        await eventually(kept(bot, 25), "all are kept")
        await calm(bot, slack)
    deaf(slack)
    slack.delete(slack.messages(room)[12])
    await slack.settled()
    hearing(slack)
    slack.faults.page_limit(15)
    for ahead, number in ((0, 25), (20, 24)):
        clock.jump(clock() + timedelta(minutes=ahead))
        refused_in_turn(slack, "conversations.history")
        async with bot_at(slack, database, clock) as bot:
            await caught_up(bot)
            await calm(bot, slack)
            assert number == len(await bot.rows())


async def test_a_thread_that_cannot_be_read_withdraws_nothing(
    slack: Slack, rosa: Member, talk: Message, database: Path, clock: Clock
) -> None:
    """Slack says that a thread is not there, though its history shows replies: nothing is done."""
    async with bot_at(slack, database, clock) as bot:
        slack.react(rosa, talk, "bulb")
        await eventually(kept(bot, 2), "the reply is kept")
        await calm(bot, slack)
    fault = slack.faults.refuse("conversations.replies", "thread_not_found")
    async with bot_at(slack, database, clock) as bot:
        await slack.until(lambda: fault.struck, saying="the thread is asked for")
        await looked_again(bot, slack)
        assert {IDEA, REPLY} == set(await by_text(bot))


async def test_one_thread_that_slack_never_shows_stops_no_reading(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """It is asked for some times; then the reading goes on, and the next whole one tries again."""
    async with bot_at(slack, database, clock) as bot:
        older, newer = (slack.post(rosa, room, f"{IDEA} {season}") for season in ("now", "then"))
        await calm(bot, slack)
        await caught_up(bot)
        deaf(slack)
        slack.faults.refuse("apps.connections.open", "internal_error", times=None)
        await slack.sockets.close()
        await slack.until(lambda: not slack.sockets.connections, saying="no socket is open")
        for post in (older, newer):
            slack.reply(ben, post, REPLY)
        await slack.settled()
        fault = slack.faults.refuse(
            "conversations.replies",
            "internal_error",
            times=None,
            where=lambda args: args["ts"] == newer.ts,
        )
        parts = bot.parts.history
        history = History(parts.catch_up, parts.channels, parts.real_now, pause=0.01)
        (channel,) = await history.channels()
        async with asyncio.timeout(5):
            tally = await history.one(channel, whole=True)
        assert (3, 1) == (fault.struck, tally.failed)
        rows = await by_text(bot)
        assert [1, 0] == [rows[post.text]["replies"] for post in (older, newer)]
        fault.clear()
        await history.one(channel, whole=True)
        assert 1 == (await by_text(bot))[newer.text]["replies"]


@pytest.mark.usefixtures("room")
async def test_when_nobody_knows_the_channels_they_are_asked_for_again(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """A database that is locked at the start puts the reading off for a moment, not for a day."""
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        parts = bot.parts.history
        asked: list[str] = []

        async def look_around() -> None:
            asked.append("again")
            if len(asked) == 1:
                raise StoreError("locked")

        history = History(parts.catch_up, parts.channels, parts.real_now, pause=0.01)
        history.start(look_around)
        try:
            (channel,) = await parts.channels()
            await eventually(so(lambda: history.caught_up(channel)), "the history is read")
        finally:
            await history.stop()
        assert ["again", "again"] == asked


async def looked_again(bot: Bot, slack: Slack) -> None:
    """Wait until every thread was looked at."""
    await caught_up(bot)
    history = bot.parts.history
    await eventually(so(lambda: not history._threads), "no thread is left")
    await calm(bot, slack)


def refused_in_turn(slack: Slack, method: str) -> Callable[[], int]:
    """Slack refuses each page of a reading once before it gives it; says how often it was asked."""
    slack.faults.clear()
    slack.faults.page_limit(15)
    before = len(slack.called(method))
    refused: set[str] = set()

    def first_time(args: dict[str, object]) -> bool:
        key = str(args.get("cursor") or args.get("latest") or "")
        new = key not in refused
        refused.add(key)
        return new

    fault = slack.faults.rate_limit(method, retry_after=1, times=None)
    fault.where = first_time
    return lambda: len(slack.called(method)) - before


async def test_a_kept_reply_outlives_the_post_it_answers(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Rosa deletes her post: Ben's marked reply still stands in the thread, and is kept."""
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, f"{IDEA} before")
        post = slack.post(rosa, room, IDEA)
        reply = slack.reply(ben, post, REPLY)
        slack.react(rosa, reply, "bulb")
        slack.post(rosa, room, f"{IDEA} after")
        await eventually(kept(bot, 4), "all are kept")
        await calm(bot, slack)
        slack.delete(post)
        await eventually(kept(bot, 3), "the post is withdrawn")
        await calm(bot, slack)
        for _ in range(3):
            clock.jump(clock() + timedelta(minutes=20))
            bot.parts.history.gap()
            await looked_again(bot, slack)
        assert REPLY in await by_text(bot)


async def test_an_answer_outlives_its_prompt(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Somebody deletes the bot's prompt: what was answered is kept all the same."""
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        slack.post(rosa, room, f"{IDEA} before")
        (channel,) = await bot.parts.history.channels()
        await bot.parts.weekly.post(DeliveryKind.PROMPT, channel, clock())
        await calm(bot, slack)
        (prompt,) = slack.said_by_bot(room)
        slack.reply(ben, prompt, REPLY)
        slack.post(rosa, room, f"{IDEA} after")
        await eventually(kept(bot, 3), "all are kept")
        slack.delete(prompt)
        await calm(bot, slack)
        for _ in range(3):
            clock.jump(clock() + timedelta(minutes=20))
            bot.parts.history.gap()
            await looked_again(bot, slack)
        assert REPLY in await by_text(bot)


async def test_a_reply_that_is_older_than_the_bot_and_marked_stays(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock
) -> None:
    """The bot never heard of the reply but by the mark: no history holds it, and it is kept."""
    room = slack.add_channel("leadership", [rosa, ben], bot=False)
    root = slack.post(rosa, room, IDEA)
    clock.jump(clock() + timedelta(days=20))
    slack.post(rosa, room, f"{IDEA} before")
    reply = slack.reply(ben, root, REPLY)
    slack.post(rosa, room, f"{IDEA} after")
    slack.invite_bot(room, by=rosa)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        (channel,) = await bot.parts.history.channels()
        await bot.parts.history.one(channel, since=clock() - timedelta(days=1))
        slack.react(rosa, reply, "bulb")
        await eventually(kept(bot, 3), "the reply is kept")
        await calm(bot, slack)
        for _ in range(3):
            clock.jump(clock() + timedelta(minutes=20))
            await bot.parts.history.one(channel, whole=True)
        assert REPLY in await by_text(bot)
