"""What happened while the bot was away is read from the history."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.conftest import bot_at
from tests.faults.waiting import caught_up, deaf
from tests.processes import commonplace
from tests.slack import Slack

FIRST = "We paired every new teacher with a librarian for the first unit"
SECOND = "The art teacher and I now plan the portfolio unit together"
THIRD = "I asked the principal for ten minutes at each staff meeting"


async def test_what_was_posted_meanwhile_is_kept(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """Posts, edits, deletions, replies and reactions of a stopped bot's time are caught up."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    ben = slack.add_user("ben", display_name="Ben")
    room = slack.add_channel("leadership", [rosa, ben], bot=False)
    async with bot_at(slack, database, clock) as bot:
        slack.invite_bot(room, by=rosa)
        first = slack.post(rosa, room, FIRST)
        second = slack.post(rosa, room, SECOND)
        kept = slack.post(ben, room, "Book tasting works with math too, to my surprise")
        await slack.settled()
        await bot.quiet()
        assert [1, 2, 3] == [row["number"] for row in await bot.rows()]
    deaf(slack)
    slack.edit(first, FIRST + ", and a counselor")
    slack.delete(second)
    slack.post(rosa, room, THIRD)
    slack.reply(ben, first, "Same here")
    slack.react(ben, first, "heart")
    slack.react(ben, kept, "x")
    marked = slack.post(ben, room, "Lunch bunch")
    slack.react(rosa, marked, "bulb")
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        rows = {row["text"]: row for row in await bot.rows()}
        assert {FIRST + ", and a counselor", SECOND, THIRD, "Lunch bunch"} == set(rows)
        edited = rows[FIRST + ", and a counselor"]
        assert (1, 1, 1) == (edited["number"], edited["replies"], edited["reactions"])
        assert "Ben" == rows["Lunch bunch"]["author"]
        assert "reaction" == rows["Lunch bunch"]["source"]
        await slack.until(lambda: "bulb" in slack.shape(marked).get("reactions", [{}])[0]["name"])


@pytest.mark.parametrize("shown", [True, False])
async def test_what_slack_hides_is_said(
    slack: Slack, database: Path, clock: Clock, *, shown: bool
) -> None:
    """Where the free plan hides what is older, the command says from which day on Slack shows it.

    Asked for a later day, or where nothing is hidden, it says no such thing.
    """
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    for text in (FIRST, SECOND, THIRD):
        latest = slack.post(rosa, room, text)
        clock.jump(clock() + timedelta(days=2))
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "COMMONPLACE_CLOCK": clock().isoformat(),
    }
    asked = ("catch-up", "--channel", room.id, "--since", "2026-11-01")
    assert "Slack shows" not in (await commonplace(*asked, settings=settings)).out
    slack.web_api.hidden_before = latest.ts if shown else "9999999999.000000"
    done = await commonplace(*asked, settings=settings)
    assert 0 == done.status
    assert f"nothing {'from before 2026-11-29' if shown else 'of that time'}" in done.out
    if shown:
        later = await commonplace(*asked[:-1], "2026-11-29", settings=settings)
        assert "Slack shows" not in later.out


async def test_reading_twice_changes_nothing(slack: Slack, database: Path, clock: Clock) -> None:
    """A history that is read again gives no idea twice and uses up no number."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, FIRST)
        await slack.settled()
        await bot.quiet()
        before = await bot.rows()
        bot.parts.history.gap()
        await caught_up(bot)
        assert before == await bot.rows()


async def test_a_post_missing_twice_was_deleted(slack: Slack, database: Path, clock: Clock) -> None:
    """A deletion that was never told is seen in the second reading that lacks the post."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        for text in (FIRST, SECOND, THIRD):
            slack.post(rosa, room, text)
        await slack.settled()
        await bot.quiet()
    (second,) = [m for m in slack.messages(room) if m.text == SECOND]
    deaf(slack)
    slack.delete(second)
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert [1, 2, 3] == [row["number"] for row in await bot.rows()]
        clock.jump(clock() + timedelta(minutes=20))
        bot.parts.history.gap()
        await caught_up(bot)
        assert [1, 3] == [row["number"] for row in await bot.rows()]


async def test_many_missing_posts_are_no_deletions(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """When a history has lost many posts at once, nothing is withdrawn."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        for number in range(8):
            slack.post(rosa, room, f"{FIRST} number {number}")
        await slack.settled()
        await bot.quiet()
    deaf(slack)
    for message in slack.messages(room)[1:7]:
        slack.delete(message)
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        for _ in range(3):
            clock.jump(clock() + timedelta(minutes=20))
            bot.parts.history.gap()
            await caught_up(bot)
        assert 8 == len(await bot.rows())


async def test_it_goes_on_at_the_pace_slack_allows(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """With 15 messages a page and refusals between them, every post is read once."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
    deaf(slack)
    for number in range(40):
        slack.post(rosa, room, f"{FIRST} number {number}")
    await slack.settled()
    slack.faults.page_limit(15)
    slack.faults.rate_limit("conversations.history", retry_after=1, times=1)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert list(range(1, 41)) == sorted(row["number"] for row in await bot.rows())
    assert 4 <= len(slack.called("conversations.history"))


async def test_it_is_told_how_far_a_reading_has_come(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """Page by page the share of the time that has been read rises, to the whole at the end."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        for number in range(30):
            slack.post(rosa, room, f"{FIRST} number {number}")
            clock.jump(clock() + timedelta(minutes=30))
        await slack.settled()
        slack.faults.page_limit(10)
        (channel,) = await bot.parts.history.channels()
        shares: list[float] = []
        await bot.parts.history.one(
            channel,
            since=clock() - timedelta(days=1),
            progress=lambda tally: shares.append(tally.share),
        )
        assert sorted(set(shares)) == shares[:3] + shares[-1:]
        assert [1.0] == [share for share in shares if share >= 1]


async def test_a_reading_cut_short_goes_on_where_it_stopped(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """A bot that stops in the middle of a history reads the rest of it next time."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
    deaf(slack)
    for number in range(30):
        slack.post(rosa, room, f"{FIRST} number {number}")
    await slack.settled()
    slack.faults.page_limit(10)
    second = slack.faults.refuse(
        "conversations.history", "internal_error", where=lambda args: bool(args.get("cursor"))
    )
    async with bot_at(slack, database, clock) as bot:
        await slack.until(lambda: second.struck, saying="the second page is asked for")
        assert 10 == len(await bot.rows())
    slack.faults.clear()
    asked = len(slack.called("conversations.history"))
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert 30 == len(await bot.rows())
    (again, *_) = slack.called("conversations.history")[asked:]
    assert again["latest"] < slack.messages(room)[21].ts


async def test_older_posts_are_kept_when_somebody_asks(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """What was posted before the bot joined is kept by a catch-up that somebody asks for."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=False)
    slack.post(rosa, room, FIRST)
    clock.jump(clock() + timedelta(hours=1))
    slack.invite_bot(room, by=rosa)
    deaf(slack)
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert [] == await bot.rows()
        (channel,) = await bot.parts.history.channels()
        await bot.parts.history.one(channel, since=clock() - timedelta(days=300))
        await bot.quiet()
        assert [FIRST] == [row["text"] for row in await bot.rows()]
