"""What is kept of a channel's settings and its own questions, and what is noted of it."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.core.model.deliveries import Claim, DeliveryKind
from bot.core.model.ideas import Captured, Draft, Kind, Source, Withdrawal
from bot.core.model.people import Channel, Person, Previews
from bot.core.model.posts import Place, Post, Text
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.settings import Change
from bot.core.model.weeks import Span
from bot.core.model.work import Effect
from storage import Store
from tests.storage.making import jobs_of, take

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
WEEK = timedelta(weeks=1)


async def channel(store: Store, ident: str = "C1", workspace: str = "T1") -> Channel:
    return await store.saw_channel(workspace, ident, now=NOW)


def question(text: str = "What else?", **given: object) -> OwnPrompt:
    usual = OwnPrompt(
        channel="C1", number=0, text=text, state=State.ACCEPTED, by="UROSA", name="Rosa", at=NOW
    )
    return replace(usual, **given)  # type: ignore[arg-type]


async def asked(store: Store, period: str, prompt_id: str, at: datetime = NOW) -> Claim:
    """A prompt that stands in the channel."""
    claim = await take(
        store,
        "T1",
        "C1",
        DeliveryKind.PROMPT,
        period,
        at=at,
        now=at,
        lease=WEEK,
        prompt_id=prompt_id,
        prompt_text=f"{prompt_id}?",
    )
    assert isinstance(claim, Claim)
    await store.sent(claim, f"{at.timestamp():.0f}.000100", now=at)
    return claim


async def test_settings_of_a_channel_that_is_not_known(store: Store) -> None:
    """Nothing is kept and nothing noted where there is no channel."""
    stranger = Channel(workspace="T1", id="CX", first_seen=NOW, digest="off")
    assert [] == list(await store.set_settings(stranger, who="UROSA", now=NOW))
    assert [] == list(await store.changes("T1", "CX", 10))
    assert await store.channel("T1", "CX") is None


async def test_what_somebody_did_not_change_stays_as_it_is_by_now(store: Store) -> None:
    """Of two who read the same channel, each keeps what they chose; nothing is undone."""
    was = await channel(store)
    line = replace(was, line="Bring snacks")
    assert 1 == len(await store.set_settings(line, was=was, who="UROSA", now=NOW))
    pinned = replace(was, pinned="poetry-month")
    assert 1 == len(await store.set_settings(pinned, was=was, who="UJOAN", now=NOW))
    assert [] == list(await store.set_settings(was, was=was, who="UJOAN", now=NOW))
    now = await store.channel("T1", "C1")
    assert now is not None
    assert ("Bring snacks", "poetry-month") == (now.line, now.pinned)


async def test_settings_come_back_as_they_were_kept(store: Store) -> None:
    """Everything that people choose is read back, in its workspace alone."""
    before = await channel(store)
    other = await channel(store, workspace="T2")
    wanted = replace(
        before,
        zone="Europe/Berlin",
        digest="off",
        prompt="tue 08:00",
        marked_only=True,
        observances=True,
        previews=Previews.NEVER,
        breaks=(
            Span(date(2026, 11, 26), date(2026, 11, 26)),
            Span(date(2026, 12, 21), date(2027, 1, 4)),
        ),
        paused_until=date(2026, 12, 1),
        pinned="poetry-month",
        line="The book swap is on Thursday.",
    )
    await store.set_settings(wanted, who="UROSA", now=NOW)
    assert wanted == await store.channel("T1", "C1")
    assert other == await store.channel("T2", "C1")
    assert [] == list(await store.changes("T2", "C1", 10))


async def test_each_difference_is_noted_once(store: Store) -> None:
    """What changed is noted with who and when, the latest first; what stayed is not."""
    before = await channel(store)
    first = replace(before, digest="off", breaks=(Span(date(2026, 12, 21), date(2027, 1, 4)),))
    assert 2 == len(await store.set_settings(first, who="UROSA", now=NOW))
    assert [] == list(await store.set_settings(first, who="UBEN", now=NOW))
    await store.set_settings(replace(first, digest=None), who="UBEN", now=NOW + WEEK)
    assert [
        Change("UBEN", NOW + WEEK, "digest", "off", ""),
        Change("UROSA", NOW, "breaks", "", "2026-12-21 to 2027-01-04"),
        Change("UROSA", NOW, "digest", "", "off"),
    ] == list(await store.changes("T1", "C1", 10))
    assert 1 == len(await store.changes("T1", "C1", 1))


async def test_the_latest_week_of_each_kind(store: Store) -> None:
    """Only what stands in the channel counts; 2027-W01 comes after 2026-W53."""
    await channel(store)
    assert {} == await store.last_sent("T1", "C1")
    await asked(store, "2026-W53", "a")
    await asked(store, "2027-W01", "b", NOW + WEEK)
    await take(
        store, "T1", "C1", DeliveryKind.DIGEST, "2027-W01", at=NOW, now=NOW, lease=WEEK, ideas=()
    )
    assert {DeliveryKind.PROMPT: "2027-W01"} == await store.last_sent("T1", "C1")


async def test_admins_are_people_of_the_workspace(store: Store) -> None:
    """Guests, bots and those who left are no admins, whatever is said of them."""
    for person in (
        Person(id="U1", name="a", is_admin=True),
        Person(id="U2", name="b"),
        Person(id="U3", name="c", is_admin=True, is_guest=True),
        Person(id="U4", name="d", is_admin=True, is_bot=True),
        Person(id="U5", name="e", is_admin=True, deleted=True),
    ):
        await store.remember_member("T1", person, now=NOW)
    assert ["U1"] == list(await store.admins("T1"))
    assert [] == list(await store.admins("T2"))


async def test_questions_are_numbered_by_channel(store: Store) -> None:
    """Each channel counts its own from 1, and what is declined keeps its number."""
    for ident in ("C1", "C2"):
        await channel(store, ident)
    assert 1 == await store.add_prompt("T1", question())
    assert 1 == await store.add_prompt("T1", question(channel="C2"))
    (first,) = await store.own_prompts("T1", "C1")
    await store.drop_prompt("T1", first, who="UBEN", now=NOW)
    assert 2 == await store.add_prompt("T1", question("Who else?", components=("LIT", "PART")))
    states = [
        (one.number, one.state, one.components) for one in await store.own_prompts("T1", "C1")
    ]
    assert [(1, State.DECLINED, ()), (2, State.ACCEPTED, ("LIT", "PART"))] == states
    assert [] == list(await store.own_prompts("T2", "C1"))


async def test_a_proposal_waits_and_is_decided_once(store: Store) -> None:
    """A proposal is to be told of; the first decision holds and is told to its author."""
    await channel(store)
    await store.add_prompt("T1", question(state=State.PROPOSED, proposed=True))
    jobs = await jobs_of(store, NOW, Effect.PROPOSED, 5)
    assert [("C1", "1", {"number": 1})] == [(job.channel, job.key, job.payload) for job in jobs]
    assert [] == list(await store.changes("T1", "C1", 5))
    assert await store.decide_prompt("T1", "C1", 1, State.ACCEPTED, who="UBEN", now=NOW)
    assert not await store.decide_prompt("T1", "C1", 1, State.DECLINED, who="UJOAN", now=NOW)
    assert not await store.decide_prompt("T1", "C1", 9, State.DECLINED, who="UJOAN", now=NOW)
    (kept,) = await store.own_prompts("T1", "C1")
    assert State.ACCEPTED is kept.state
    jobs = await jobs_of(store, NOW, Effect.DECIDED, 5)
    assert [("C1", "1", {"number": 1})] == [(job.channel, job.key, job.payload) for job in jobs]
    assert [Change("UBEN", NOW, "question", "", "1")] == list(await store.changes("T1", "C1", 5))


async def test_a_declined_proposal_is_no_change(store: Store) -> None:
    """What was never asked and never will be does not stand in the log."""
    await channel(store)
    await store.add_prompt("T1", question(state=State.PROPOSED, proposed=True))
    assert await store.decide_prompt("T1", "C1", 1, State.DECLINED, who="UBEN", now=NOW)
    assert [] == list(await store.changes("T1", "C1", 5))


async def test_other_words_are_noted(store: Store) -> None:
    """A reworded question keeps its number, which stands in the log."""
    await channel(store)
    await store.add_prompt("T1", question())
    (kept,) = await store.own_prompts("T1", "C1")
    await store.edit_prompt("T1", replace(kept, text="Who\0else?"), who="UBEN", now=NOW)
    (kept,) = await store.own_prompts("T1", "C1")
    assert "Whoelse?" == kept.text
    latest = (await store.changes("T1", "C1", 1))[0]
    assert ("question", "1", "1") == (latest.what, latest.old, latest.new)


async def test_what_is_skipped_stays_skipped_for_a_while(store: Store) -> None:
    """A skip has its day and can be renewed."""
    here = await channel(store)
    await store.skip_prompt(here, "one", who="UBEN", now=NOW)
    await store.skip_prompt(here, "two", who="UBEN", now=NOW)
    await store.skip_prompt(here, "one", who="UBEN", now=NOW + WEEK)
    assert {"one", "two"} == await store.skipped_prompts("T1", "C1", since=NOW)
    assert {"one"} == await store.skipped_prompts("T1", "C1", since=NOW + WEEK)
    assert frozenset() == await store.skipped_prompts("T1", "C2", since=NOW)
    assert 3 == len(await store.changes("T1", "C1", 9))


async def test_what_was_asked_is_pinned_no_more(store: Store) -> None:
    """The post that asks the pinned question unpins it; another question's does not."""
    here = await channel(store)
    await store.set_settings(replace(here, pinned="one"), who="UBEN", now=NOW)
    await asked(store, "2026-W48", "two")
    assert "one" == (await channel(store)).pinned
    await asked(store, "2026-W49", "one", NOW + WEEK)
    assert "" == (await channel(store)).pinned


async def test_answers_are_counted_by_question(store: Store) -> None:
    """Answers of this channel, not taken back and not in doubt; a question asked twice is one."""
    await channel(store)
    await store.add_prompt("T1", question())
    await asked(store, "2026-W48", "own:1")
    await asked(store, "2026-W49", "other", NOW + WEEK)
    await asked(store, "2027-W30", "own:1", NOW + 35 * WEEK)
    for number in range(3):
        place = Place("T1", "C1", f"18{number}.000001")
        post = Post(place=place, posted_at=NOW, author_id="UROSA", body=(Text("An answer"),))
        draft = Draft(text=f"An answer {number}", kind=Kind.IDEA, marked=False)
        kept = await store.add(post, draft, source=Source.ANSWER, now=NOW, prompt_id="own:1")
        assert isinstance(kept, Captured)
    await store.withdraw(Place("T1", "C1", "180.000001"), Withdrawal.DELETED, now=NOW)
    place = Place("T1", "C1", "183.000001")
    post = Post(place=place, posted_at=NOW, author_id="UROSA", body=(Text("See you on Friday"),))
    doubt = Draft(text="See you on Friday", kind=Kind.POST, marked=False)
    await store.add(post, doubt, source=Source.ANSWER, now=NOW, prompt_id="own:1")
    counted = await store.asked_prompts("T1", "C1")
    assert [("own:1", 2, 2), ("other", 1, 0)] == [
        (one.prompt_id, one.times, one.answers) for one in counted
    ]
    assert NOW + 35 * WEEK == counted[0].last
    (own,) = await store.own_prompts("T1", "C1")
    assert NOW + 35 * WEEK == own.asked_at


async def test_settings_follow_a_channel_that_gets_another_id(store: Store) -> None:
    """Settings, questions, skips and the log stand under the new id."""
    here = await channel(store)
    await store.set_settings(
        replace(here, pinned="one", line="Hello", observances=True, previews=Previews.ALWAYS),
        who="UBEN",
        now=NOW,
    )
    await store.add_prompt("T1", question())
    await store.skip_prompt(here, "two", who="UBEN", now=NOW)
    await store.move_channel("T1", "C1", "C9", now=NOW)
    moved = await store.channel("T1", "C9")
    assert moved is not None
    assert ("one", True, Previews.ALWAYS) == (moved.pinned, moved.observances, moved.previews)
    assert "Hello" == moved.line
    assert 1 == len(await store.own_prompts("T1", "C9"))
    assert {"two"} == await store.skipped_prompts("T1", "C9", since=NOW)
    assert 6 == len(await store.changes("T1", "C9", 9))


async def test_wiped_with_the_rest(store: Store) -> None:
    """A store of samples that begins anew has no settings, questions or log."""
    here = await channel(store)
    await store.set_settings(replace(here, digest="off"), who="UBEN", now=NOW)
    await store.add_prompt("T1", question())
    await store.skip_prompt(here, "two", who="UBEN", now=NOW)
    await store.wipe()
    assert [] == list(await store.changes("T1", "C1", 9))
    assert [] == list(await store.own_prompts("T1", "C1"))
    assert frozenset() == await store.skipped_prompts("T1", "C1", since=NOW - WEEK)


async def test_two_at_once_get_two_numbers(store: Store) -> None:
    """Questions that are added at the same moment have numbers of their own."""
    await channel(store)
    numbers = await asyncio.gather(
        *(store.add_prompt("T1", question(f"What {n}?")) for n in range(9))
    )
    assert list(range(1, 10)) == sorted(numbers)
