"""The look ahead: who coordinates a channel sees its digest an hour before, and may change it."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import NotAllowedError
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind, notice
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.model.vocabulary import CHANNEL
from bot.core.model.work import Effect, Job
from bot.sandbox.model import Channel, Member
from bot.sandbox.model import Message as Post
from tests.conftest import Bot, bot_at
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack
from tests.storage.making import plan_due

PLAN = "We planned a unit on sources with the science teacher and taught it together"
GARDEN = "The reading garden opens in spring, with the parents, and everybody digs along"
FRIDAY = datetime(2026, 11, 27, 21, tzinfo=UTC)
"""15:00 in Chicago, when the digest is due."""
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


@pytest.fixture
def joan(slack: Slack) -> Member:
    """Who invites the bot."""
    return slack.add_user("joan", display_name="Joan Petersen")


@pytest.fixture
async def den(bot: Bot, slack: Slack, joan: Member, rosa: Member, ben: Member) -> Channel:
    """A channel that Joan invited the bot to, with two ideas in it."""
    made = slack.add_channel("den", [joan, rosa, ben])
    slack.invite_bot(made, by=joan)
    await calm(bot, slack)
    slack.post(rosa, made, PLAN)
    await slack.settled()
    slack.post(ben, made, GARDEN)
    await calm(bot, slack)
    return made


async def at(bot: Bot, clock: Clock, when: datetime) -> None:
    """It is so late; the timetable looks, and what follows is done."""
    clock.jump(when)
    await bot.parts.schedule.wake()
    await bot.quiet()


def shown(slack: Slack, who: Member) -> list[Post]:
    """The looks ahead somebody got."""
    return [one for one in slack.said_by_bot(slack.open_im(who)) if "digest goes to" in one.text]


def digests(slack: Slack, room: Channel) -> list[Post]:
    return [one for one in slack.said_by_bot(room) if one.text.startswith("Ideas from")]


async def test_who_invited_the_bot_sees_the_digest_an_hour_before(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """One direct message, not earlier, not twice; the channel gets what was shown."""
    await at(bot, clock, FRIDAY - HOUR - timedelta(minutes=5))
    assert [] == shown(slack, joan)
    await at(bot, clock, FRIDAY - HOUR + timedelta(minutes=1))
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    assert "This digest goes to #den on Fri Nov 27, 3:00 PM, Chicago time." in words(look)
    assert "reading garden" in words(look)
    assert "Skip this week" in buttons(look)
    assert [] == shown(slack, rosa)
    assert [] == digests(slack, den)
    await at(bot, clock, FRIDAY)
    (digest,) = digests(slack, den)
    assert digest.text in look.text


async def test_only_the_first_two_digests_are_shown_before(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """Then the coordinator knows it; who wants to see each of them chooses so."""
    for week in range(3):
        if week:
            slack.post(rosa, den, f"{PLAN} for the {week} time this year")
            await calm(bot, slack)
        await at(bot, clock, FRIDAY + week * WEEK - HOUR / 2)
        await at(bot, clock, FRIDAY + week * WEEK)
    assert 3 == len(digests(slack, den))
    assert 2 == len(shown(slack, joan))


@pytest.mark.parametrize(("chosen", "looks"), [("always", 3), ("never", 0)])
async def test_a_channel_may_choose_otherwise(
    bot: Bot,
    slack: Slack,
    clock: Clock,
    joan: Member,
    rosa: Member,
    den: Channel,
    chosen: str,
    looks: int,
) -> None:
    """*Always* shows every digest before it goes, *never* none."""
    _choose(bot, den, chosen)
    for week in range(3):
        if week:
            slack.post(rosa, den, f"{PLAN} for the {week} time this year")
            await calm(bot, slack)
        await at(bot, clock, FRIDAY + week * WEEK - HOUR / 2)
        await at(bot, clock, FRIDAY + week * WEEK)
    assert looks == len(shown(slack, joan))


def _choose(bot: Bot, room: Channel, chosen: str) -> None:
    con = sqlite3.connect(bot.parts.store.path, isolation_level=None)
    con.execute("update channel set previews = ? where id = ?", (chosen, room.id))
    con.close()


async def test_a_skipped_week_is_carried_over(
    bot: Bot,
    slack: Slack,
    clock: Clock,
    joan: Member,
    den: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is posted, the log says who skipped it, and the next digest has it all."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    await slack.click(joan, look, buttons(look)["Skip this week"])
    assert "is skipped" in words(slack.messages(slack.open_im(joan))[-1])
    with caplog.at_level("INFO"):
        await at(bot, clock, FRIDAY)
        await at(bot, clock, FRIDAY + HOUR)
    assert [] == digests(slack, den)
    assert f"was skipped by {joan.id}" in caplog.text
    assert "Carried over: 2" in caplog.text
    await at(bot, clock, FRIDAY + WEEK)
    (digest,) = digests(slack, den)
    assert "reading garden" in digest.text


async def test_a_skip_can_be_taken_back(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """*Post it after all* shows the digest again, and it goes."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    await slack.click(joan, look, buttons(look)["Skip this week"])
    now = slack.messages(slack.open_im(joan))[-1]
    await slack.click(joan, now, buttons(now)["Post it after all"])
    assert "This digest goes to #den" in words(slack.messages(slack.open_im(joan))[-1])
    await at(bot, clock, FRIDAY)
    assert 1 == len(digests(slack, den))


def leaving(look: Post) -> dict[str, str]:
    """Where the ideas of a digest can be left out: the rows of those buttons, by number."""
    return {
        one["value"].split()[2]: str(block["block_id"])
        for block in look.blocks
        for one in [*block.get("elements", ()), block.get("accessory", {})]
        if isinstance(one, dict) and one.get("text", {}) and "Leave this idea" in str(one["text"])
    }


async def test_an_idea_can_be_left_out_and_put_back(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """What is left out stands in no digest, but is kept; put back, it comes."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    values = leaving(look)
    assert {"1", "2"} == set(values)
    await slack.click(joan, look, "digest_leave_out", block_id=values["2"])
    now = slack.messages(slack.open_im(joan))[-1]
    assert "Put #2 back" in buttons(now)
    assert "reading garden" not in words(now)
    await slack.click(joan, now, buttons(now)["Put #2 back"])
    now = slack.messages(slack.open_im(joan))[-1]
    assert "reading garden" in words(now)
    await slack.click(joan, now, "digest_leave_out", block_id=leaving(now)["2"])
    await at(bot, clock, FRIDAY)
    (digest,) = digests(slack, den)
    assert "science teacher" in digest.text
    assert "reading garden" not in digest.text
    assert 2 == len(await bot.rows())


async def test_when_everything_is_left_out_it_says_so(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """No digest goes, and the coordinator is told that none will."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    for _ in range(2):
        now = slack.messages(slack.open_im(joan))[-1]
        place = next(iter(leaving(now).values()))
        await slack.click(joan, now, "digest_leave_out", block_id=place)
    assert "Nothing is left for the digest" in words(slack.messages(slack.open_im(joan))[-1])
    await at(bot, clock, FRIDAY)
    assert [] == digests(slack, den)


async def test_what_was_left_out_last_can_be_put_back(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """Where nothing is left, each idea that was left out can still be put back."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    for _ in range(2):
        now = slack.messages(slack.open_im(joan))[-1]
        place = next(iter(leaving(now).values()))
        await slack.click(joan, now, "digest_leave_out", block_id=place)
    now = slack.messages(slack.open_im(joan))[-1]
    await slack.click(joan, now, buttons(now)["Put #1 back"])
    await at(bot, clock, FRIDAY)
    (digest,) = digests(slack, den)
    assert "science teacher" in digest.text


async def test_who_tried_what_is_left_out_is_not_told(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """An idea that is left out stands in no digest, not even as one that was tried."""
    shown_ = await slack.command(rosa, den, "/ideas show 2")
    await slack.click(rosa, shown_.notes[-1], "idea_tried")
    await slack.submit(rosa, {"came": "worked"})
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    assert "Tried by colleagues" in words(look)
    place = next(iter(leaving(look).values()))
    await slack.click(joan, look, "digest_leave_out", block_id=place)
    now = slack.messages(slack.open_im(joan))[-1]
    assert "Put #2 back" in buttons(now)
    assert "reading garden" not in words(now)
    await at(bot, clock, FRIDAY)
    (digest,) = digests(slack, den)
    assert "reading garden" not in words(digest)


async def test_after_its_hour_nothing_can_be_changed(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """A click that comes too late says so, and the digest stays as it is."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    skip = buttons(look)["Skip this week"]
    place = next(iter(leaving(look).values()))
    await at(bot, clock, FRIDAY)
    await slack.click(joan, look, skip)
    assert "too late to change this digest" in words(slack.messages(slack.open_im(joan))[-1])
    assert 1 == len(digests(slack, den))
    ahead = bot.parts.desk.weeks.ahead

    asker = Asker(workspace=slack.workspace.team_id, member_id=joan.id, pressed=True)
    late = await ahead.press(
        asker, Action(Act.LEAVE_OUT, channel=den.id, period="2026-W48", number=1)
    )
    assert "too late to change this digest" in late.fallback
    assert place


async def test_rights_are_looked_at_again_at_each_click(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """A member who does not coordinate that channel changes nothing, whatever they send."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    ahead = bot.parts.desk.weeks.ahead
    asker = Asker(workspace=slack.workspace.team_id, member_id=rosa.id, pressed=True)
    with pytest.raises(NotAllowedError):
        await ahead.press(asker, Action(Act.SKIP, channel=den.id, period="2026-W48"))
    with pytest.raises(NotAllowedError):
        await ahead.press(asker, Action(Act.LEAVE_OUT, channel=den.id, period="2026-W48", number=1))
    with pytest.raises(NotAllowedError):
        await ahead.press(
            replace(asker, member_id=joan.id),
            Action(Act.SKIP, channel="C0NOWHERE", period="2026-W48"),
        )
    await at(bot, clock, FRIDAY)
    (digest,) = digests(slack, den)
    assert "science teacher" in digest.text


async def test_without_ideas_nothing_is_shown_until_one_comes(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member
) -> None:
    """An empty look ahead is no news; what comes within the hour is shown then."""
    made = slack.add_channel("attic", [joan, rosa])
    slack.invite_bot(made, by=joan)
    await calm(bot, slack)
    await at(bot, clock, FRIDAY - HOUR / 2)
    assert [] == shown(slack, joan)
    slack.post(rosa, made, PLAN)
    await calm(bot, slack)
    await at(bot, clock, FRIDAY - HOUR / 3)
    assert 1 == len(shown(slack, joan))


async def test_where_nobody_invited_the_bot_the_named_admins_are_shown_it(
    slack: Slack, clock: Clock, joan: Member, rosa: Member, ben: Member, database: Path
) -> None:
    """A channel that the bot was in from the start has no inviter; the settings name somebody."""
    made = slack.add_channel("den", [joan, rosa, ben], bot=True)
    async with bot_at(slack, database, clock, commonplace_admins=joan.id) as bot:
        slack.post(rosa, made, PLAN)
        await calm(bot, slack)
        await at(bot, clock, FRIDAY - HOUR / 2)
        assert 1 == len(shown(slack, joan))
        assert [] == shown(slack, rosa)


@pytest.fixture
async def rooms(bot: Bot, slack: Slack, joan: Member, rosa: Member, den: Channel) -> list[Channel]:
    """Three channels that Joan coordinates, with ideas; and one that Rosa does."""
    made = [den]
    for name, inviter in (("loft", joan), ("nook", joan), ("shed", rosa)):
        room = slack.add_channel(name, [joan, rosa])
        slack.invite_bot(room, by=inviter)
        await calm(bot, slack)
        slack.post(rosa, room, f"{PLAN}, which is why we call it the {name}")
        await calm(bot, slack)
        made.append(room)
    return made


def told_ahead(slack: Slack, who: Member) -> list[Post]:
    """The looks ahead somebody got, of one digest or of several."""
    said = slack.said_by_bot(slack.open_im(who))
    return [one for one in said if "Only you see" in one.text]


async def test_several_digests_are_one_message(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, rooms: list[Channel]
) -> None:
    """A line for each channel that she coordinates; each is looked at, and changed, by itself."""
    den, loft, nook, shed = rooms
    await at(bot, clock, FRIDAY - HOUR / 2)
    await at(bot, clock, FRIDAY - HOUR / 3)
    (told,) = told_ahead(slack, joan)
    assert "3 digests go out within the hour" in words(told)
    assert [
        "#den on Fri Nov 27, 3:00 PM, Chicago time: 2 ideas.",
        "#loft on Fri Nov 27, 3:00 PM, Chicago time: 1 idea.",
        "#nook on Fri Nov 27, 3:00 PM, Chicago time: 1 idea.",
    ] == sorted(line for line in told.text.split("\n") if line.startswith("#"))
    (other,) = told_ahead(slack, rosa)
    assert "This digest goes to #shed" in words(other)
    place = next(b for b in told.blocks if loft.id in str(b.get("accessory", {}).get("value")))
    answer = await slack.click(joan, told, "digest_look", block_id=place["block_id"])
    look = answer.notes[-1]
    assert "This digest goes to #loft" in words(look)
    await slack.click(joan, look, buttons(look)["Skip this week"])
    assert told.text == told_ahead(slack, joan)[0].text
    await at(bot, clock, FRIDAY)
    assert [1, 0, 1, 1] == [len(digests(slack, room)) for room in (den, loft, nook, shed)]


async def test_what_goes_later_or_not_at_all_is_not_among_them(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rooms: list[Channel]
) -> None:
    """A channel that wants no look, one that is skipped: the message is as for one alone."""
    _, loft, nook, _ = rooms
    _choose(bot, nook, "never")
    team = slack.workspace.team_id
    await bot.parts.store.skip(team, loft.id, "2026-W48", joan.id, now=clock())
    await at(bot, clock, FRIDAY - HOUR / 2)
    (look,) = shown(slack, joan)
    assert "This digest goes to #den" in words(look)


async def test_several_that_could_not_be_told_come_later_together(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rooms: list[Channel]
) -> None:
    """While Slack is away nothing counts as told."""
    assert rooms
    slack.faults.rate_limit("chat.postMessage", retry_after=1, times=1)
    await at(bot, clock, FRIDAY - HOUR / 2)
    await slack.until(lambda: bool(told_ahead(slack, joan)), within=8, saying="the look ahead")
    await bot.quiet()
    (told,) = told_ahead(slack, joan)
    assert "3 digests go out" in words(told)


async def test_only_who_coordinates_may_look(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """A forged button shows nothing to others; after its hour there is nothing to look at."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    ahead = bot.parts.desk.weeks.ahead
    asker = Asker(workspace=slack.workspace.team_id, member_id=rosa.id, pressed=True)
    with pytest.raises(NotAllowedError):
        await ahead.press(asker, Action(Act.LOOK, channel=den.id, period="2026-W48"))
    await at(bot, clock, FRIDAY)
    late = await ahead.press(
        replace(asker, member_id=joan.id), Action(Act.LOOK, channel=den.id, period="2026-W48")
    )
    assert "too late to change this digest" in late.fallback


@pytest.mark.usefixtures("den")
async def test_a_lost_answer_makes_no_second_look(
    bot: Bot, slack: Slack, clock: Clock, joan: Member
) -> None:
    """The bot cannot read direct messages, so it does not guess: once is enough."""
    fault = slack.faults.lose_answer("chat.postMessage")
    await at(bot, clock, FRIDAY - HOUR / 2)
    await at(bot, clock, FRIDAY - HOUR / 3)
    assert 1 == fault.struck
    assert 1 == len(shown(slack, joan))


@pytest.mark.usefixtures("den")
async def test_when_slack_is_away_the_look_comes_later(
    bot: Bot, slack: Slack, clock: Clock, joan: Member
) -> None:
    """Certainly not told: it is told as soon as Slack takes it."""
    slack.faults.rate_limit("chat.postMessage", retry_after=1, times=1)
    await at(bot, clock, FRIDAY - HOUR / 2)
    await slack.until(lambda: bool(shown(slack, joan)), within=8, saying="the look ahead")
    await bot.quiet()
    assert 1 == len(shown(slack, joan))


async def test_a_look_that_comes_after_the_hour_is_not_told(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """A job left over from before the digest, or of a channel that is gone, tells nothing."""
    await at(bot, clock, FRIDAY)
    ahead = bot.parts.desk.weeks.ahead
    team = slack.workspace.team_id
    about = {"period": "2026-W48"}
    for channel in (den.id, "C0GONE"):
        await ahead.tell(
            Job(
                id=1,
                workspace=team,
                effect=Effect.AHEAD,
                channel=channel,
                key="",
                payload=about,
            )
        )
    assert [] == shown(slack, joan)


async def test_a_job_done_twice_tells_once(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """Somebody crashed after telling: the same job again finds that it may have been told."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    job = Job(
        id=1,
        workspace=slack.workspace.team_id,
        effect=Effect.AHEAD,
        channel=den.id,
        key="",
        payload={"period": "2026-W48"},
    )
    await bot.parts.desk.weeks.ahead.tell(job)
    assert 1 == len(shown(slack, joan))


async def test_news_is_told_once(bot: Bot, slack: Slack, joan: Member) -> None:
    """What was told under a key is not told again."""
    team, news = slack.workspace.team_id, Message("Somebody tried your idea.")
    for _ in range(2):
        tried = notice(team, "C1", "tried 1", now=bot.parts.clock())
        await bot.parts.weekly.poster.tell(joan.id, [tried], lambda _: news)
    assert [news.fallback] == [one.text for one in slack.said_by_bot(slack.open_im(joan))]


async def test_what_is_not_there_cannot_be_left_out(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """A number of another channel, or of nothing: the digest stays as it is."""
    await at(bot, clock, FRIDAY - HOUR / 2)
    asker = Asker(workspace=slack.workspace.team_id, member_id=joan.id, pressed=True)
    now = await bot.parts.desk.weeks.ahead.press(
        asker, Action(Act.LEAVE_OUT, channel=den.id, period="2026-W48", number=99)
    )
    assert f"This digest goes to {CHANNEL}den" in now.fallback
    other = await bot.parts.desk.weeks.ahead.press(
        asker, Action(Act.SKIP, channel=den.id, period="2026-W50")
    )
    assert "too late to change this digest" in other.fallback


async def test_a_digest_that_is_off_is_not_shown(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """Switched off after the job was queued: nothing is due, and nothing is told."""
    clock.jump(FRIDAY - HOUR / 2)
    team = slack.workspace.team_id
    known = await bot.parts.store.channel(team, den.id)
    assert known is not None
    await plan_due(bot.parts.store, team, den.id, DeliveryKind.DIGEST, None)
    about = {"period": "2026-W48"}
    job = Job(id=1, workspace=team, effect=Effect.AHEAD, channel=den.id, key="", payload=about)
    await bot.parts.desk.weeks.ahead.tell(job)
    assert [] == shown(slack, joan)


async def test_a_week_that_had_its_digest_has_no_second_one_to_skip(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, rosa: Member, den: Channel
) -> None:
    """Moved to a later day of that week, the digest that comes next is next week's."""
    await at(bot, clock, FRIDAY)
    assert 1 == len(digests(slack, den))
    slack.post(rosa, den, f"{PLAN} in spring")
    await calm(bot, slack)
    await slack.command(joan, den, "/ideas settings")
    assert (await slack.submit(joan, {"digest_day": "sun"})).ok
    skipped = await slack.command(joan, den, "/ideas digest skip")
    assert "on Sun Dec 6, 3:00 PM, Chicago time, is skipped" in words(skipped)
    before = len(shown(slack, joan))
    await at(bot, clock, FRIDAY + timedelta(days=2) - HOUR / 2)
    await at(bot, clock, FRIDAY + timedelta(days=2))
    await at(bot, clock, FRIDAY + timedelta(days=9))
    assert (before, 1) == (len(shown(slack, joan)), len(digests(slack, den)))
    await at(bot, clock, FRIDAY + timedelta(days=16))
    assert 2 == len(digests(slack, den))


async def test_who_looks_sees_that_a_digest_is_skipped(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """In the settings and their log, in the round, and in the Home."""
    await slack.command(joan, den, "/ideas digest skip")
    await slack.command(joan, den, "/ideas settings")
    assert "Fri Nov 27, 3:00 PM: the digest, skipped" in str(slack.view(joan))
    log = words(await slack.command(joan, den, "/ideas settings log"))
    assert "Joan Petersen: the digest of the week of November 23, 2026 is skipped" in log
    care = words(await slack.command(joan, den, "/ideas care"))
    assert "the digest of Fri Nov 27, 3:00 PM is skipped" in care
    assert "This digest goes to" in words(await slack.command(joan, den, "/ideas digest unskip"))
    assert "goes out after all" in words(await slack.command(joan, den, "/ideas settings log"))
    await at(bot, clock, FRIDAY)
    assert 1 == len(digests(slack, den))


async def test_a_digest_that_waits_for_the_morning_can_still_be_skipped(
    slack: Slack, clock: Clock, joan: Member, rosa: Member, database: Path
) -> None:
    """The host slept over Friday afternoon, and woke in the evening."""
    room = slack.add_channel("den", [joan, rosa])
    async with bot_at(slack, database, clock) as bot:
        slack.invite_bot(room, by=joan)
        await calm(bot, slack)
        slack.post(rosa, room, PLAN)
        await calm(bot, slack)
    clock.jump(FRIDAY + timedelta(hours=6))
    async with bot_at(slack, database, clock) as bot:
        await at(bot, clock, FRIDAY + timedelta(hours=6, minutes=1))
        skipped = await slack.command(joan, room, "/ideas digest skip")
        assert "on Fri Nov 27, 3:00 PM, Chicago time, is skipped" in words(skipped)
        await at(bot, clock, FRIDAY + timedelta(hours=20))
        assert [] == digests(slack, room)
