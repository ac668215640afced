"""Events that come twice, late, again, too early, or that cannot be taken."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.compose import build
from bot.config import load_settings
from bot.core.model.ideas import Filters, Visibility
from bot.readiness import answers, problems
from bot.sandbox.model import Channel, Member
from bot.serve import listen, running
from handlers.web import make_app
from tests.conftest import Bot, bot_at, eventually
from tests.exported import exported
from tests.faults.waiting import caught_up, deaf, kept, so
from tests.faults.wire import IDEA, envelope, send, stumbling, under_way
from tests.people import calm
from tests.slack import Slack


@pytest.fixture(params=["socket", "http"])
async def bot(
    request: pytest.FixtureRequest, slack: Slack, database: Path, clock: Clock
) -> AsyncIterator[Bot]:
    """A running bot, once over each transport."""
    async with bot_at(slack, database, clock, transport=request.param) as running:
        yield running


# -- twice, late, again --------------------------------------------------------------------------


async def test_a_copy_that_comes_a_day_later_changes_nothing(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Four copies at once and one a day later are one idea, one mark and one number."""
    async with bot_at(slack, database, clock, transport="http") as bot:
        slack.faults.repeat_events(4)
        post = slack.post(rosa, room, IDEA)
        copy = next(iter(slack.delivery.pending)).payload
        await calm(bot, slack)
        clock.jump(clock() + timedelta(days=1))
        assert 200 == await send(bot.url, slack, copy)
        await calm(bot, slack)
        assert [(1, IDEA)] == [(row["number"], row["text"]) for row in await bot.rows()]
        assert 1 == len(slack.called("reactions.add"))
        assert [slack.bot.id] == post.reactions["bulb"]


async def test_a_copy_of_a_withdrawn_idea_that_comes_a_day_later_stays_out(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """A copy of a post that its author deleted brings nothing back and costs no number."""
    async with bot_at(slack, database, clock, transport="http") as bot:
        post = slack.post(rosa, room, IDEA)
        copy = under_way(slack)
        await calm(bot, slack)
        slack.delete(post)
        await calm(bot, slack)
        clock.jump(clock() + timedelta(days=1))
        assert 200 == await send(bot.url, slack, copy)
        assert [] == await bot.rows()
        slack.post(rosa, room, f"{IDEA} again")
        await calm(bot, slack)
        assert [2] == [row["number"] for row in await bot.rows()]


async def test_a_retry_of_what_never_came_is_taken(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """An event that arrives only as a retry is kept: what came before it was lost."""
    async with bot_at(slack, database, clock, transport="http") as bot:
        said = {"type": "message", "channel": room.id, "user": rosa.id, "text": IDEA}
        event = envelope(slack, said | {"ts": "1795618800.000100", "channel_type": "channel"})
        headers = {"X_Slack_Retry_Num": "3", "X_Slack_Retry_Reason": "http_timeout"}
        assert 200 == await send(bot.url, slack, event, **headers)
        assert [IDEA] == [row["text"] for row in await bot.rows()]


async def test_what_was_posted_while_no_socket_was_open_comes_as_a_retry(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Slack holds an event back while no socket is open; it is kept once it comes."""
    slack.post(rosa, room, IDEA)
    async with bot_at(slack, database, clock) as bot:
        await calm(bot, slack)
        assert [] == slack.delivery.lost
        assert [IDEA] == [row["text"] for row in await bot.rows()]


async def test_events_swapped_and_repeated_at_random_places_end_right(
    slack: Slack, rosa: Member, ben: Member, room: Channel, bot: Bot
) -> None:
    """Posts, edits, reactions and deletions that come swapped end as in the channel."""
    for first in range(4):
        slack.faults.swap_events()
        kept = slack.post(rosa, room, f"{IDEA} number {first}")
        slack.edit(kept, f"{IDEA} number {first}, and a counselor")
        slack.faults.swap_events()
        slack.faults.repeat_events(3)
        slack.react(ben, kept, "heart")
        slack.unreact(ben, kept, "heart")
        slack.faults.swap_events()
        gone = slack.post(ben, room, f"{IDEA} and gone {first}")
        slack.delete(gone)
        await calm(bot, slack)
    rows = [(row["text"], row["reactions"]) for row in await bot.rows()]
    assert [(f"{IDEA} number {n}, and a counselor", 0) for n in range(4)] == sorted(rows)


# -- when we do not know who we are --------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("code", ["ratelimited", "account_inactive"])
async def test_an_event_is_kept_although_auth_test_fails(
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    clock: Clock,
    code: str,
    *,
    known: bool,
) -> None:
    """Who we are, the last run knew; before the first answer ever, a post is not acknowledged."""
    if known:
        async with bot_at(slack, database, clock, transport="http"):
            pass
    if code == "ratelimited":
        slack.faults.rate_limit("auth.test", times=None)
    else:
        slack.faults.refuse("auth.test", code, times=None)
    asked = len(slack.called("auth.test"))
    settings = load_settings(
        env_file=None,
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{database}",
        port=0,
    )
    async with (
        build(settings, clock) as parts,
        running(parts),
        listen(make_app(partial(answers, parts)), "127.0.0.1", 0) as url,
    ):
        await slack.until(lambda: len(slack.called("auth.test")) > asked, saying="it is asked")
        said = {"type": "message", "channel": room.id, "user": rosa.id, "text": IDEA}
        event = envelope(slack, said | {"ts": "1795618800.000100", "channel_type": "channel"})
        assert (200 if known else 500) == await send(url, slack, event)
        assert "slack" in await problems(parts)
        kept = [IDEA in row for row in exported(parts.store, "", *_everything())]
        assert ([True] if known else []) == kept


def _everything() -> tuple[Filters, Visibility]:
    return Filters(), Visibility(everything=True)


# -- what cannot be taken ------------------------------------------------------------------------


async def test_what_makes_the_program_fail_comes_again_and_harms_no_other(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is not acknowledged and logged with a reference; others go on; history has it later."""
    await caught_up(bot)
    patient = slack.timing
    with stumbling(database, "poison"), caplog.at_level(logging.ERROR):
        slack.timing = type(slack.timing)(ack=0.3, retries=(), hold=5.0)
        poison = slack.post(rosa, room, f"{IDEA} poison")
        await slack.settled()
        slack.timing = patient  # a busy machine may take its time with the other
        slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        assert [poison.ts] == [one["event"]["ts"] for one in slack.delivery.lost]
        assert [IDEA] == [row["text"] for row in await bot.rows()]
        (record,) = [r for r in caplog.records if "not acknowledged" in r.message]
        assert record.exc_info is not None
        # The history has the same stone in it: the reading goes around it, and to its end.
        channel = (await bot.parts.history.channels())[0]
        tally = await bot.parts.history.one(channel, whole=True)
        assert (1, 0) == (tally.failed, tally.new)
    tally = await bot.parts.history.one(channel, whole=True)
    assert (0, 1) == (tally.failed, tally.new)
    assert [IDEA, f"{IDEA} poison"] == sorted(row["text"] for row in await bot.rows())


async def test_over_a_socket_what_is_not_stored_is_not_acknowledged(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """While the database refuses, an envelope stays unacknowledged; sent again, it is kept."""
    slack.timing = type(slack.timing)(ack=0.2, retries=(0.0,) * 200, hold=5.0)
    async with bot_at(slack, database, clock) as bot:
        with stumbling(database, "unit"):
            slack.post(rosa, room, IDEA)
            (parcel,) = slack.delivery.pending
            await eventually(so(lambda: parcel.attempt >= 2), "it was sent again")
            assert [] == await bot.rows()
        await calm(bot, slack)
        assert [] == slack.delivery.lost
        assert [IDEA] == [row["text"] for row in await bot.rows()]


async def test_a_reaction_that_is_not_stored_is_not_acknowledged(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path
) -> None:
    """What holds for posts holds for all else: it comes again until it is stored."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.timing = type(slack.timing)(ack=0.2, retries=(0.0,) * 200, hold=5.0)
    with stumbling(database, table="reaction"):
        slack.react(ben, post, "heart")
        (parcel,) = slack.delivery.pending
        await eventually(so(lambda: parcel.attempt >= 2), "it was sent again")
    await calm(bot, slack)
    assert [] == slack.delivery.lost
    assert [1] == [row["reactions"] for row in await bot.rows()]


@pytest.mark.parametrize(
    "event", [{"type": "canvas_opened"}, {"type": "message", "subtype": "new"}]
)
@pytest.mark.usefixtures("bot")
async def test_what_nobody_knows_is_acknowledged_at_once(
    slack: Slack,
    room: Channel,
    event: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An unknown event or subtype is acknowledged the first time, without a warning."""
    with caplog.at_level(logging.INFO):
        body = envelope(slack, {**event, "channel": room.id, "ts": "1795618800.000100"})
        slack.delivery.send(body, "unknown")
        (parcel,) = slack.delivery.pending
        await slack.settled()
    assert (0, []) == (parcel.attempt, slack.delivery.lost)
    assert [] == caplog.records


async def test_when_slack_holds_events_back_the_histories_are_read(
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """`app_rate_limited` is acknowledged and warned of, and what was held back is read."""
    async with bot_at(slack, database, clock, transport="http") as bot:
        await caught_up(bot)
        deaf(slack)
        slack.events_url = "http://127.0.0.1:9/nobody-listens"
        slack.post(rosa, room, IDEA)
        await slack.settled()
        assert [] == await bot.rows()
        slack.events_url = f"{bot.url}/slack/events"
        with caplog.at_level(logging.WARNING):
            slack.limit_events()
            await slack.settled()
        assert 1 == len(slack.delivery.lost)
        assert any("too many events" in record.message for record in caplog.records)
        await eventually(kept(bot, 1), "what was held back is kept")


async def test_another_app_that_posts_as_apps_do_today_is_ignored(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An app's post without a subtype has a user like a person's, but also a `bot_id`."""
    other = slack.add_bot("weather")
    slack.join(other, room)
    said = {"type": "message", "channel": room.id, "channel_type": "channel", "text": IDEA}
    for number, more in enumerate(({"bot_id": other.bot_id}, {})):
        stamp = {"ts": f"1795618800.00010{number}"}
        who = {"user": other.id if more else rosa.id}
        slack.raise_event(said | stamp | who | more, room)
    await calm(bot, slack)
    assert ["Rosa Alvarez"] == [row["author"] for row in await bot.rows()]
