"""What befalls a channel: archived, left, deleted, given another id, made private."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.delivery.result import InDoubt, SentBefore
from bot.core.model.deliveries import WEEKLY, Claim, DeliveryKind, Plan, notice
from bot.core.model.people import Channel as Known
from bot.core.model.work import Effect
from bot.sandbox.model import Channel, Member
from storage import open_store
from tests.conftest import Bot, bot_at, eventually
from tests.faults.waiting import caught_up, deaf, kept
from tests.faults.wire import IDEA, send, under_way
from tests.people import calm
from tests.slack import Slack
from tests.storage.making import dues_of, jobs_of


async def invited(slack: Slack, bot: Bot, rosa: Member, *, private: bool = False) -> Channel:
    """A channel into which Rosa invited the bot."""
    channel = slack.add_channel("ideas", [rosa], private=private)
    slack.invite_bot(channel, by=rosa)
    await calm(bot, slack)
    return channel


async def known(bot: Bot, channel: Channel) -> Known:
    found = await bot.parts.store.channel(bot.home.installation.bot.id, channel.id)
    assert found is not None
    return found


async def dues(bot: Bot) -> set[DeliveryKind]:
    """What is planned, after the schedule has looked."""
    await bot.parts.schedule.wake()
    found = await dues_of(bot.parts.store, bot.home.installation.bot.id)
    return {kind for _, kind in found}


def told(slack: Slack, member: Member) -> list[str]:
    return [message.text for message in slack.said_by_bot(slack.open_im(member))]


# -- the bot cannot speak there any more ---------------------------------------------------------


async def test_an_archived_channel_pauses_and_its_owner_hears_once(
    bot: Bot, slack: Slack, rosa: Member
) -> None:
    """Nothing is planned any more; whoever invited the bot gets one message, however often told."""
    channel = await invited(slack, bot, rosa)
    assert set(WEEKLY) == await dues(bot)
    slack.faults.repeat_events(3)
    slack.archive(rosa, channel)
    await calm(bot, slack)
    assert set() == await dues(bot)
    slack.rename_channel(channel, "old-ideas")  # it is looked up once more
    bot.parts.history.gap()
    await calm(bot, slack)
    (words,) = told(slack, rosa)
    assert "I have stopped in #ideas: it was archived." in words
    slack.unarchive(rosa, channel)
    await calm(bot, slack)
    assert set(WEEKLY) == await dues(bot)
    assert 1 == len(told(slack, rosa))


async def test_a_bot_that_is_removed_pauses_and_its_owner_hears_once(
    bot: Bot, slack: Slack, rosa: Member, ben: Member
) -> None:
    """Removed from a private channel, it plans nothing there and says so, once, to Rosa alone."""
    channel = await invited(slack, bot, rosa, private=True)
    slack.faults.repeat_events(3)
    slack.remove_bot(channel, by=rosa)
    await calm(bot, slack)
    assert set() == await dues(bot)
    (words,) = told(slack, rosa)
    assert "I have stopped in #ideas: I am no longer in it." in words
    assert [] == told(slack, ben)


async def test_the_owner_hears_once_although_the_answer_is_lost(
    bot: Bot, slack: Slack, rosa: Member
) -> None:
    """When Slack's answer to that message is lost, it is not said again."""
    channel = await invited(slack, bot, rosa)
    slack.faults.lose_answer("chat.postMessage")
    slack.archive(rosa, channel)
    await calm(bot, slack)
    assert 1 == len(told(slack, rosa))


async def test_an_attempt_that_died_does_not_tell_the_owner_twice(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """A program that died while it told the owner may have told: the next one leaves it there."""
    async with bot_at(slack, database, clock) as bot:
        channel = await invited(slack, bot, rosa)
    team = slack.workspace.team_id
    store = open_store(f"sqlite:///{database}")
    await store.saw_channel(team, channel.id, now=clock(), member=False)
    (job,) = await jobs_of(store, clock(), Effect.PAUSED, 9)
    about = notice(team, channel.id, f"paused {job.payload['since']} {rosa.id}", now=clock())
    assert isinstance(
        await store.claim(about, Plan(), now=clock(), lease=timedelta(minutes=2)), Claim
    )
    await store.close()
    slack.remove_bot(channel, by=rosa)
    async with bot_at(slack, database, clock) as bot:
        await calm(bot, slack)
        assert [] == told(slack, rosa)


async def test_the_owner_hears_although_slack_is_busy(bot: Bot, slack: Slack, rosa: Member) -> None:
    """When Slack asks to wait, that message is sent after the wait."""
    channel = await invited(slack, bot, rosa)
    fault = slack.faults.rate_limit("chat.postMessage", retry_after=1)
    slack.archive(rosa, channel)
    await slack.until(lambda: fault.struck == 1, saying="Slack asked to wait")
    await calm(bot, slack)
    assert 1 == len(told(slack, rosa))


async def test_a_channel_that_was_left_while_the_bot_was_away_is_noticed(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """Removed, archived and deleted while the bot was stopped: at its start it sees each."""
    async with bot_at(slack, database, clock) as bot:
        rooms = []
        for name in ("left", "closed", "gone"):
            rooms.append(slack.add_channel(name, [rosa], private=name == "left"))
            slack.invite_bot(rooms[-1], by=rosa)
        await calm(bot, slack)
    deaf(slack)
    slack.remove_bot(rooms[0], by=rosa)
    slack.archive(rosa, rooms[1])
    slack.delete_channel(rooms[2])
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:

        async def noticed() -> bool:
            return 3 == len(told(slack, rosa))

        await eventually(noticed, "Rosa is told of each")
        assert set() == await dues(bot)
        assert [] == await bot.parts.history.channels()


# -- another id ----------------------------------------------------------------------------------


async def test_a_channel_with_another_id_keeps_everything(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock
) -> None:
    """Ideas, replies, marks, schedule and who invited follow, and edits under the new id count."""
    async with bot_at(slack, database, clock) as bot:
        channel = await invited(slack, bot, rosa)
        post = slack.post(rosa, channel, IDEA)
        slack.reply(ben if ben.id in channel.members else rosa, post, "Same here")
        slack.react(rosa, post, "heart")
        await calm(bot, slack)
        before = await bot.rows()
        planned = await dues_of(bot.parts.store, slack.workspace.team_id)
        old = channel.id
        with closing(sqlite3.connect(database, timeout=5)) as con:
            con.execute("update channel set digest = 'tue 10:00', zone = 'Europe/Berlin'")
            con.commit()
        slack.change_channel_id(channel)
        await calm(bot, slack)
        assert old != channel.id
        (row,) = await bot.rows()
        assert [row | {"channel_id": old, "permalink": ""}] == [
            one | {"permalink": ""} for one in before
        ]
        assert (channel.id, 1, 1) == (row["channel_id"], row["replies"], row["reactions"])
        found = await known(bot, channel)
        assert ("tue 10:00", "Europe/Berlin", rosa.id, (old,)) == (
            found.digest,
            found.zone,
            found.invited_by,
            found.former,
        )
        assert None is await bot.parts.store.channel(slack.workspace.team_id, old)
        again = await dues_of(bot.parts.store, slack.workspace.team_id)
        assert len(planned) == len(again)
        assert {channel.id} == {ident for ident, _ in again}
        slack.edit(post, f"{IDEA}, and a counselor")
        slack.reply(rosa, post, "One more")
        await calm(bot, slack)
        (row,) = await bot.rows()
        assert (f"{IDEA}, and a counselor", 2) == (row["text"], row["replies"])
        assert () == await bot.parts.store.check()


async def test_a_digest_sent_under_the_old_id_is_not_sent_again(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """What was posted this week counts under the new id too."""
    async with bot_at(slack, database, clock) as bot:
        channel = await invited(slack, bot, rosa)
        slack.post(rosa, channel, IDEA)
        await calm(bot, slack)
        await bot.parts.weekly.post(DeliveryKind.DIGEST, await known(bot, channel), clock())
        slack.change_channel_id(channel)
        await calm(bot, slack)
        slack.post(rosa, channel, f"{IDEA} again")
        await calm(bot, slack)
        await bot.parts.weekly.post(DeliveryKind.DIGEST, await known(bot, channel), clock())
        digests = [m for m in slack.said_by_bot(channel) if IDEA[:20] in m.text]
        assert 1 == len(digests)


@pytest.mark.parametrize("kind", ["digest", "prompt"])
async def test_a_digest_in_doubt_is_found_under_the_old_id(
    bot: Bot, slack: Slack, rosa: Member, kind: str
) -> None:
    """Its answer was lost, then the id changed: it is found, and its ideas are used up."""
    channel = await invited(slack, bot, rosa)
    slack.post(rosa, channel, IDEA)
    await calm(bot, slack)
    weekly, now = bot.parts.weekly, bot.parts.clock()
    slack.faults.lose_answer("chat.postMessage")
    which = DeliveryKind(kind)
    assert isinstance(await weekly.post(which, await known(bot, channel), now), InDoubt)
    said = len(slack.said_by_bot(channel))
    slack.change_channel_id(channel)
    await calm(bot, slack)
    assert isinstance(await weekly.post(which, await known(bot, channel), now), SentBefore)
    assert said == len(slack.said_by_bot(channel))
    team = slack.workspace.team_id
    fresh = await bot.parts.store.fresh(team, channel.id, at=now, oldest=timedelta(days=9))
    assert (kind == "digest") == (not fresh)


async def test_news_of_another_id_may_come_late(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """When posts under the new id came first, both become one channel, with no idea double."""
    async with bot_at(slack, database, clock, transport="http") as bot:
        channel = await invited(slack, bot, rosa)
        first = slack.post(rosa, channel, IDEA)
        await calm(bot, slack)
        patient = slack.timing
        deaf(slack)
        url, slack.events_url = slack.events_url, "http://127.0.0.1:9/nobody-listens"
        slack.change_channel_id(channel)
        news = under_way(slack)
        await slack.settled()
        slack.events_url, slack.timing = url, patient
        slack.post(rosa, channel, f"{IDEA} again")
        await calm(bot, slack)
        # Reading the history under the new id finds the first post as if it were new.
        await bot.parts.history.one(await known(bot, channel), since=clock() - timedelta(days=1))
        await calm(bot, slack)
        assert 3 == len(await bot.rows())
        assert 200 == await send(bot.url, slack, news)
        await calm(bot, slack)
        assert [(1, IDEA), (2, f"{IDEA} again")] == [
            (row["number"], row["text"]) for row in await bot.rows()
        ]
        assert {channel.id} == {row["channel_id"] for row in await bot.rows()}
        slack.edit(first, f"{IDEA}, and a counselor")
        await calm(bot, slack)
        assert f"{IDEA}, and a counselor" in [row["text"] for row in await bot.rows()]
        assert () == await bot.parts.store.check()


async def test_a_setting_that_names_the_old_id_still_holds(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """`COMMONPLACE_CHANNELS` may name a channel by the id it had; nothing is lost by that."""
    channel = slack.add_channel("ideas", [rosa], bot=True)
    old = channel.id
    async with bot_at(slack, database, clock, commonplace_channels=old) as bot:
        slack.post(rosa, channel, IDEA)
        await calm(bot, slack)
        slack.change_channel_id(channel)
        await calm(bot, slack)
        slack.post(rosa, channel, f"{IDEA} again")
        await calm(bot, slack)
        assert 2 == len(await bot.rows())


# -- private -------------------------------------------------------------------------------------


async def test_a_channel_made_private_while_the_bot_was_away_is_hidden_at_its_start(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """The news was lost; looking around at the start tells all the same."""
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        elsewhere = slack.add_channel("reading", [ben], bot=True)
        slack.leave(ben, room)
        await calm(bot, slack)
        answer = await slack.command(ben, elsewhere, "/ideas list")
        assert IDEA in str(answer.blocks)
    deaf(slack)
    slack.make_private(rosa, room)
    await slack.settled()
    slack.timing = type(slack.timing)(ack=3.0, retries=(), hold=1.0)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        await eventually(kept(bot, 1), "it is still kept")
        answer = await slack.command(ben, elsewhere, "/ideas list")
        assert IDEA not in str(answer.blocks)
