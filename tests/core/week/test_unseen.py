"""Where the bot may not look into a channel: at most once, and people say what stands there."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.delivery.composer import Announcement
from bot.core.delivery.result import InDoubt, NothingToPost, Posting, Sent, SentBefore
from bot.core.model.deliveries import Delivery, DeliveryKind
from bot.core.model.parts import Message
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.work import Effect, NewJob
from tests.core.chat import Fault
from tests.core.outbox.doing import do_due
from tests.core.stage import DIGEST, PROMPT, Stage, stage

MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)
FAULTS = pytest.mark.parametrize("fault", [Fault.LOST, Fault.DROPPED])


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    """Rosa added the bot, which may not look into the channel; an idea waits."""
    async with stage(tmp_path) as made:
        made.room.shows_history = False
        made.room.channels["C1"] = ChannelInfo(id="C1", name="ideas-c1", private=False)
        made.room.inside["C1"] = {"UROSA"}
        made.room.people["UROSA"] = Person(id="UROSA", name="Rosa")
        await made.store.saw_channel("T1", "C1", now=made.clock(), invited_by="UROSA")
        await made.says("UBEN")
        await do_due(made)
        yield made


async def post(here: Stage, kind: DeliveryKind = DIGEST, *, stands: bool | None = None) -> Posting:
    at = here.clock()
    return await here.weekly.post(kind, await here.channel(), at, late=True, stands=stands)


async def doubted(here: Stage, fault: Fault, kind: DeliveryKind = DIGEST) -> None:
    """The answer to a post is lost, and the program has tried again since."""
    here.room.posting.append(fault)
    assert isinstance(await post(here, kind), InDoubt)
    here.clock.move(2 * MINUTE)
    assert isinstance(await post(here, kind), InDoubt)


def told(here: Stage) -> list[str]:
    return [said.message.fallback for said in here.room.said("DUROSA")]


@pytest.mark.parametrize("kind", [DIGEST, PROMPT])
async def test_it_is_posted_at_most_once_and_its_coordinator_told_once(
    here: Stage, kind: DeliveryKind
) -> None:
    """However often it is tried; the words say how it is settled."""
    await doubted(here, Fault.LOST, kind)
    for _ in range(3):
        await do_due(here)
        here.clock.move(timedelta(minutes=31))
        for came in (await post(here, kind), await post(here, kind)):
            assert isinstance(came, InDoubt)
            assert came.blind
    assert 1 == len(here.room.said("C1"))
    [words] = told(here)
    assert f"commonplace {kind} --channel C1 --post" in words


async def test_a_channel_that_is_not_known_has_no_coordinator(here: Stage) -> None:
    """Nobody is told of it."""
    about = {"kind": "digest", "subject": "2026-W48"}
    job = NewJob(effect=Effect.DOUBTFUL, channel="CNONE", payload=about)
    await here.store.enqueue("T1", job, now=here.clock())
    await do_due(here)
    assert [] == told(here)


@FAULTS
async def test_whoever_looked_says_that_it_stands_there(here: Stage, fault: Fault) -> None:
    """It counts as posted, and its ideas as shown: the next week has others."""
    await doubted(here, fault)
    before = here.room.tries
    assert SentBefore("") == await post(here, stands=True)
    assert SentBefore("") == await post(here)
    here.clock.move(WEEK)
    assert isinstance(await post(here), NothingToPost)
    assert before == here.room.tries


@FAULTS
async def test_whoever_looked_says_that_it_is_missing(here: Stage, fault: Fault) -> None:
    """Then it is posted, with what is new meanwhile."""
    await doubted(here, fault)
    assert isinstance(await post(here, stands=False), Sent)
    assert isinstance(await post(here), SentBefore)


@pytest.mark.parametrize("stands", [True, False])
async def test_a_word_counts_after_the_rest_too(here: Stage, *, stands: bool) -> None:
    """When nobody is at it any more."""
    await doubted(here, Fault.LOST)
    here.clock.move(timedelta(minutes=31))
    came = await post(here, stands=stands)
    assert isinstance(came, SentBefore if stands else Sent)


@pytest.mark.parametrize("stands", [True, False])
async def test_what_the_bot_sees_itself_counts_more(here: Stage, *, stands: bool) -> None:
    """A word that is wrong doubles nothing."""
    await doubted(here, Fault.LOST)
    here.room.shows_history = True
    [said] = here.room.said("C1")
    assert SentBefore(said.ts) == await post(here, stands=stands)
    assert 1 == len(here.room.said("C1"))


async def test_the_rest_of_a_long_digest_is_carried_over(here: Stage) -> None:
    """Where its first message stands nobody knows, so nothing is posted in its thread."""
    for n in range(70):
        await here.says(f"U{n:03}")
    await doubted(here, Fault.LOST)
    assert SentBefore("") == await post(here, stands=True)
    assert 1 == len(here.room.said("C1"))
    here.clock.move(WEEK)
    assert isinstance(await post(here), Sent)
    assert 1 < len(here.room.said("C1"))


@pytest.mark.parametrize("pause", [timedelta(seconds=40), WEEK])
async def test_what_an_older_week_owes_does_not_hold_up_the_next(
    here: Stage, pause: timedelta
) -> None:
    """A later message that nobody can look for counts as posted, however short its doubt."""
    here.clock.show("2026-11-29T23:59:30")
    for n in range(70):
        await here.says(f"U{n:03}")
    here.room.posting.extend([Fault.NONE, Fault.DROPPED])
    assert isinstance(await post(here), InDoubt)
    here.clock.move(pause)
    await here.says("UNEW")
    assert isinstance(await post(here), Sent)


async def test_of_what_is_posted_for_a_member_no_coordinator_is_told(here: Stage) -> None:
    """It stays in doubt, and is found when the bot may look."""
    about = Delivery(
        workspace="T1", channel="C1", kind=DeliveryKind.IDEA, subject="9", at=here.clock()
    )
    words, poster = Announcement(Message("Ben shared an idea")), here.weekly.poster
    here.room.posting.append(Fault.LOST)
    for _ in range(2):
        assert isinstance(await poster.post(about, words), InDoubt)
        here.clock.move(2 * MINUTE)
    await do_due(here)
    assert [] == told(here)
    here.room.shows_history = True
    assert isinstance(await poster.post(about, words), SentBefore)
