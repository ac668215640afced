"""Digests and prompts through a Slack that loses answers or asks to wait; and older copies."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import oneshot
from bot.clock import Clock, real_now
from bot.config import load_settings
from bot.core.delivery.result import InDoubt, NotPossible, Posting, Sent, SentBefore
from bot.core.errors import ChatInDoubtError
from bot.core.model.deliveries import Claim, Delivery, DeliveryKind, Plan
from bot.core.model.people import Channel as Known
from bot.core.model.work import Effect, Job
from bot.sandbox.model import Channel, Member, Message
from storage import open_store
from tests.conftest import Bot, bot_at, eventually
from tests.faults.waiting import caught_up, in_doubt, let_leases_end, so
from tests.faults.wire import IDEA, envelope
from tests.people import calm, tried
from tests.slack import Slack

FRIDAY = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
"""Friday at 15:00 in Chicago."""


async def known(bot: Bot, channel: Channel) -> Known:
    found = await bot.parts.store.channel("", channel.id)
    workspace = bot.home.installation.workspace
    found = await bot.parts.store.channel(workspace.id if workspace else "", channel.id)
    assert found is not None
    return found


async def post(bot: Bot, channel: Channel, kind: str) -> Posting:
    now = bot.parts.clock()
    return await bot.parts.weekly.post(DeliveryKind(kind), await known(bot, channel), now)


def weekly(slack: Slack, channel: Channel) -> list[Message]:
    """The digests and prompts that stand in a channel."""
    return [m for m in slack.said_by_bot(channel) if (m.metadata or {}).get("event_payload")]


@pytest.fixture
async def shared(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> Channel:
    """A channel in which an idea was shared."""
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    await caught_up(bot)
    return room


@pytest.mark.parametrize("kind", ["digest", "prompt"])
async def test_a_lost_answer_leaves_one_message(
    bot: Bot, slack: Slack, shared: Channel, kind: str
) -> None:
    """It stands there though Slack's answer was lost; the next look finds it and posts nothing."""
    slack.faults.lose_answer("chat.postMessage")
    assert isinstance(await post(bot, shared, kind), InDoubt)
    assert isinstance(await post(bot, shared, kind), SentBefore)
    assert isinstance(await post(bot, shared, kind), SentBefore)
    assert 1 == len(weekly(slack, shared))
    assert 1 == len(slack.called("chat.postMessage"))


@pytest.mark.parametrize("code", ["internal_error", "fatal_error"])
async def test_an_error_that_may_hide_a_post_is_not_tried_again_at_once(
    bot: Bot, slack: Slack, shared: Channel, code: str
) -> None:
    """Slack says that it failed, which may be untrue: nobody posts until a minute has passed."""
    slack.faults.refuse("chat.postMessage", code)
    assert isinstance(await post(bot, shared, "digest"), InDoubt)
    assert isinstance(await post(bot, shared, "digest"), InDoubt)
    assert 1 == len(slack.called("chat.postMessage"))


async def test_while_the_history_cannot_be_read_nobody_posts_again(
    bot: Bot, slack: Slack, shared: Channel
) -> None:
    """After a lost answer a look-up that fails is a reason to wait."""
    slack.faults.lose_answer("chat.postMessage")
    assert isinstance(await post(bot, shared, "digest"), InDoubt)
    slack.faults.refuse("conversations.history", "internal_error")
    assert isinstance(await post(bot, shared, "digest"), InDoubt)
    assert isinstance(await post(bot, shared, "digest"), SentBefore)
    assert 1 == len(weekly(slack, shared))


async def test_blocks_that_are_refused_become_plain_text(
    bot: Bot, slack: Slack, shared: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """When Slack will not draw the digest it stands there in plain words, and the log says why."""
    slack.faults.refuse("chat.postMessage", "invalid_blocks", where=lambda a: bool(a.get("blocks")))
    with caplog.at_level(logging.WARNING):
        assert isinstance(await post(bot, shared, "digest"), Sent)
    (digest,) = weekly(slack, shared)
    assert IDEA[:30] in digest.text
    assert any("invalid_blocks" in record.getMessage() for record in caplog.records)


async def test_a_channel_that_was_archived_a_moment_ago_gets_nothing(
    bot: Bot, slack: Slack, shared: Channel
) -> None:
    """Slack refuses for good: it is said so, and nothing is used up."""
    slack.faults.refuse("chat.postMessage", "is_archived")
    assert isinstance(await post(bot, shared, "digest"), NotPossible)
    assert isinstance(await post(bot, shared, "digest"), Sent)


def put_off(database: Path) -> int:
    """How many marks wait for another try."""
    with closing(sqlite3.connect(database)) as con:
        row = con.execute("select count(*) from outbox where effect = 'mark' and attempts > 0")
        return int(row.fetchone()[0])


async def test_retry_after_is_obeyed_by_its_method_alone(
    bot: Bot, slack: Slack, rosa: Member, shared: Channel, database: Path
) -> None:
    """Asked to wait a second with marks, the bot waits with marks; digests and names go on."""
    marks, links = len(slack.called("reactions.add")), len(slack.called("chat.getPermalink"))
    slack.faults.rate_limit("reactions.add", retry_after=1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    first = slack.post(rosa, shared, f"{IDEA} first")
    await slack.until(lambda: len(slack.called("reactions.add")) == marks + 1, saying="a try")
    second = slack.post(rosa, shared, f"{IDEA} second")
    await slack.settled()
    assert isinstance(await post(bot, shared, "digest"), Sent)
    await eventually(so(lambda: put_off(database) == 2), "both marks wait")
    await slack.until(lambda: len(slack.called("chat.getPermalink")) == links + 2, saying="links")
    assert loop.time() - began < 0.9, "the digest did not wait"
    assert len(slack.called("reactions.add")) == marks + 1
    await slack.until(lambda: "bulb" in first.reactions and "bulb" in second.reactions)
    assert loop.time() - began >= 0.95


async def test_two_bots_that_tick_at_once_post_one_digest(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Two programs on one file, over Slack: on Friday there is one digest in the channel."""
    async with (
        bot_at(slack, database, clock) as one,
        bot_at(slack, database, clock) as other,
    ):
        slack.post(rosa, room, IDEA)
        await calm(one, slack)
        await caught_up(one)
        await caught_up(other)
        await one.parts.schedule.wake()
        clock.jump(FRIDAY + timedelta(seconds=1))
        for _ in range(3):
            await asyncio.gather(one.parts.schedule.wake(), other.parts.schedule.wake())
        assert 1 == len(weekly(slack, room))


def joined(slack: Slack, room: Channel, by: Member) -> dict[str, Any]:
    """What Slack says when the bot joins a channel."""
    return {
        "type": "member_joined_channel",
        "user": slack.bot.id,
        "channel": room.id,
        "channel_type": "C",
        "inviter": by.id,
    }


@pytest.mark.parametrize("trouble", ["", "lost", "busy"])
async def test_two_bots_that_hear_of_it_at_once_welcome_once(
    slack: Slack, rosa: Member, database: Path, clock: Clock, trouble: str
) -> None:
    """Each hears that the bot joined, again and again, also hours later and after a restart."""
    room = slack.add_channel("reading", [rosa])

    def welcomes() -> int:
        return sum("I am Commonplace" in one.text for one in slack.said_by_bot(room))

    async with (
        bot_at(slack, database, clock) as one,
        bot_at(slack, database, clock) as other,
    ):
        if trouble == "lost":
            slack.faults.lose_answer("chat.postMessage")
        elif trouble == "busy":
            slack.faults.rate_limit("chat.postMessage", retry_after=1)
        slack.faults.repeat_events(6)
        slack.invite_bot(room, by=rosa)
        for bot in (one, other):
            await calm(bot, slack)
        assert 1 == welcomes()
    event = joined(slack, room, rosa)
    clock.jump(clock() + timedelta(hours=5))
    async with bot_at(slack, database, clock) as one:
        slack.delivery.send(envelope(slack, event, "Ev1"), "again")
        await calm(one, slack)
    assert 1 == welcomes()


async def test_while_one_bot_posts_another_leaves_it_alone(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """Slack takes its time; told again meanwhile that the bot joined, neither posts another."""
    room = slack.add_channel("reading", [rosa])

    def welcomes() -> int:
        return sum("I am Commonplace" in one.text for one in slack.said_by_bot(room))

    async with (
        bot_at(slack, database, clock) as one,
        bot_at(slack, database, clock) as other,
    ):
        slow = slack.faults.hang("chat.postMessage")
        slack.invite_bot(room, by=rosa)
        await slack.until(lambda: slow.struck == 1, saying="one of them posts")
        event = joined(slack, room, rosa)
        for number in range(4):
            slack.delivery.send(envelope(slack, event, f"Ev{number}"), f"again {number}")
        await slack.settled()
        await asyncio.gather(tried(one), tried(other))
        assert 0 == welcomes()
        slow.clear()
        await slack.until(lambda: in_doubt(database), saying="the answer counts as lost")
        clock.jump(clock() + timedelta(minutes=2))
        let_leases_end(database)
        for bot in (one, other):
            await calm(bot, slack)
        assert 1 == welcomes()


async def test_what_another_bot_has_in_hand_is_left_to_it(
    slack: Slack, room: Channel, database: Path, clock: Clock
) -> None:
    """Two read a job at once: who comes second posts nothing, and looks again later."""
    async with bot_at(slack, database, clock) as bot:
        store, team, now = bot.parts.store, slack.workspace.team_id, real_now()
        welcome = Delivery(workspace=team, channel=room.id, kind=DeliveryKind.WELCOME, at=now)
        lease = timedelta(minutes=2)
        assert isinstance(await store.claim(welcome, Plan(), now=now, lease=lease), Claim)
        job = Job(id=1, workspace=team, effect=Effect.WELCOME, channel=room.id, key="")
        with pytest.raises(ChatInDoubtError):
            await bot.parts.outbox.run(job)
        assert not any("I am Commonplace" in one.text for one in slack.said_by_bot(room))


# -- an older copy of the store ------------------------------------------------------------------


def restore(copy: Path, database: Path) -> None:
    """What the README tells an operator to do."""
    copy.replace(database)
    for helper in ("-wal", "-shm"):
        database.with_name(database.name + helper).unlink(missing_ok=True)


async def test_a_restored_backup_catches_up_and_posts_nothing_twice(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Since the backup there were posts, an edit, a deletion, a prompt and a digest."""
    copy = database.with_name("copy.db")
    clock.jump(datetime(2026, 11, 27, 20, 50, tzinfo=UTC))
    async with bot_at(slack, database, clock) as bot:
        first = slack.post(rosa, room, IDEA)
        gone = slack.post(rosa, room, f"{IDEA} gone")
        slack.post(ben, room, f"{IDEA} stays")
        await calm(bot, slack)
        await caught_up(bot)
        await bot.parts.schedule.wake()
        await bot.parts.store.backup(copy)
        later = slack.post(ben, room, f"{IDEA} later")
        slack.edit(first, f"{IDEA}, and a counselor")
        slack.delete(gone)
        slack.reply(ben, first, "Same here")
        slack.react(ben, first, "heart")
        await calm(bot, slack)
        clock.jump(FRIDAY + timedelta(seconds=1))
        await bot.parts.schedule.wake()
        assert 1 == len(weekly(slack, room))
        after = slack.post(rosa, room, f"{IDEA} after the digest")
        await calm(bot, slack)
        before = {row["text"]: (row["reactions"], row["replies"]) for row in await bot.rows()}
    restore(copy, database)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        # A deletion that nobody told is believed in a second reading, some time after the first.
        clock.jump(clock() + timedelta(minutes=20))
        bot.parts.history.gap()
        await caught_up(bot)
        for _ in range(3):
            await bot.parts.schedule.wake()
        assert 1 == len(weekly(slack, room))
        rows = {row["text"]: (row["reactions"], row["replies"]) for row in await bot.rows()}
        assert before == rows
        assert {later.text, after.text} <= set(rows)
        # What came after the digest is not taken for digested with it.
        workspace = slack.workspace.team_id
        fresh = await bot.parts.store.fresh(
            workspace, room.id, at=clock(), oldest=timedelta(days=56)
        )
        assert [after.text] == [idea.text for idea in fresh]
        assert () == await bot.parts.store.check()


async def test_a_digest_posted_by_hand_after_the_backup_is_found_by_hand_too(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """`digest --post` looks into the channel before it posts, for the file may be an older copy."""
    copy = database.with_name("copy.db")
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        await bot.parts.store.backup(copy)
    for path, says in ((database, "Posted"), (copy, "already")):
        settings = load_settings(
            env_file=None,
            slack_bot_token=slack.bot_token,
            slack_api_url=slack.api_url,
            database_url=f"sqlite:///{path}",
            commonplace_clock=clock(),
        )
        words, status = await oneshot.weekly(settings, "digest", room.id, None, post=True)
        assert 0 == status
        assert says in words
    assert 1 == len(weekly(slack, room))


@pytest.mark.parametrize("answered", [True, False])
async def test_a_digest_calls_nobody_by_an_id_if_slack_tells_the_name(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock, *, answered: bool
) -> None:
    """An unknown name is asked for before the digest; without an answer it goes all the same."""
    slack.faults.rate_limit("users.info", times=None)
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, IDEA)
        await slack.settled()
        assert [""] == [row["author"] for row in await bot.rows()]
    if answered:
        slack.faults.clear()
    settings = load_settings(
        env_file=None,
        slack_bot_token=slack.bot_token,
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{database}",
        commonplace_clock=clock(),
    )
    words, _ = await oneshot.weekly(settings, "digest", room.id, None, post=True)
    assert "Posted" in words
    (digest,) = weekly(slack, room)
    assert answered == ("Rosa Alvarez" in str(digest.blocks))
    assert answered != (rosa.id in str(digest.blocks))


async def fewer(slack: Slack, number: int) -> None:
    """Wait until fewer events than that are under way."""
    await eventually(so(lambda: len(slack.delivery.pending) < number), "more is taken")


async def test_a_backup_under_load_is_whole(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """A copy made while posts pour in opens, is sound, and holds a beginning of them."""
    copies = [database.with_name(f"copy-{n}.db") for n in range(3)]
    async with bot_at(slack, database, clock) as bot:
        for number in range(300):
            slack.post(rosa, room, f"{IDEA} number {number}")
        for at, copy in enumerate(copies):
            await fewer(slack, 300 - 90 * at)
            await bot.parts.store.backup(copy)
        await slack.settled()
    for copy in copies:
        store = open_store(f"sqlite:///{copy}")
        assert () == await store.check()
        await store.close()
