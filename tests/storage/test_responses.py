"""Replies and reactions, in any order, before and after what they belong to."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.model.deliveries import Claim, DeliveryKind
from bot.core.model.ideas import Kind, Source, Trial, TrialOutcome
from bot.core.model.people import Workspace
from storage import Store, open_store
from tests.storage.making import T0, at, draft, keep, person, place, post, reaction, stamp_of, take


async def counts(store: Store, seconds: float = 0) -> tuple[int, int]:
    """(reactions, replies) of the idea there."""
    idea = await store.idea_at(place(seconds))
    assert idea is not None
    return idea.reactions, idea.replies


async def test_replies(store: Store) -> None:
    """A repeated reply counts once; a deleted one does not, even when it comes late."""
    await store.add_reply(place(0), place(1), "U6")
    await keep(store)
    assert (0, 1) == await counts(store)
    await store.add_reply(place(0), place(1), "U6")
    await store.add_reply(place(0), place(2), "U6")
    assert (0, 2) == await counts(store)
    await store.drop_reply(place(1))
    assert (0, 1) == await counts(store)
    await store.add_reply(place(0), place(1), "U6")
    await store.drop_reply(place(3))
    await store.add_reply(place(0), place(3), "U6")
    assert (0, 1) == await counts(store)


async def test_people_who_reacted(store: Store) -> None:
    """Reactions count people, not emoji, and neither the bot nor another bot."""
    await store.remember_workspace(Workspace(id="T1", bot_user_id="UBOT"))
    await store.remember_member("T1", person("U8", is_bot=True), now=T0)
    await keep(store)
    for member, name in (("U5", "heart"), ("U5", "bulb"), ("UBOT", "bulb"), ("U8", "bulb")):
        await store.react(reaction(0, member, "1", name), present=True, now=T0)
    assert (1, 0) == await counts(store)
    assert {"U5", "UBOT"} == await store.reactors(place(0), "bulb")
    assert {"U5"} == await store.reactors(place(0), "heart")
    assert frozenset() == await store.reactors(place(1), "heart")


async def test_who_turns_out_to_be_a_bot(store: Store) -> None:
    """Counts follow when we learn who is a bot, and who is not after all."""
    await keep(store)
    for member in ("U5", "UBOT"):
        await store.react(reaction(0, member, "1"), present=True, now=T0)
    assert (2, 0) == await counts(store)
    await store.remember_workspace(Workspace(id="T1"))
    assert (2, 0) == await counts(store)
    await store.remember_workspace(Workspace(id="T1", bot_user_id="UBOT"))
    assert (1, 0) == await counts(store)
    await store.remember_member("T1", person("U5", is_bot=True), now=T0)
    assert (0, 0) == await counts(store)
    await store.remember_member("T1", person("U5"), now=T0)
    assert (1, 0) == await counts(store)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_reactions_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """However events are shuffled and repeated, the set is what the latest stamps say."""
    events = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(["U1", "U2"]),
                st.sampled_from(["heart", "bulb"]),
                st.integers(10, 99),
                st.booleans(),
            ),
            unique_by=lambda event: event[:3],
            max_size=8,
        )
    )
    shuffled = data.draw(st.permutations(events + events[:3] + ["idea"]))
    wanted: dict[tuple[str, str], tuple[int, bool]] = {}
    for member, name, stamp, present in events:
        wanted[member, name] = max(wanted.get((member, name), (0, False)), (stamp, present))
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('r') / 'r.db'}")
    try:
        for event in shuffled:
            if isinstance(event, str):
                await keep(store)
            else:
                member, name, stamp, present = event
                await store.react(reaction(0, member, str(stamp), name), present=present, now=T0)
        # U1's own :bulb: is said to the bot, and no answer to their idea.
        people = {
            one[0] for one, (_, present) in wanted.items() if present and one != ("U1", "bulb")
        }
        assert (len(people), 0) == await counts(store)
        for name in ("heart", "bulb"):
            having = {who for (who, what), (_, on) in wanted.items() if on and what == name}
            assert having == await store.reactors(place(0), name)
    finally:
        await store.close()


async def test_a_complete_list(store: Store) -> None:
    """A list read from the platform adds and removes, but not what an event said just now."""
    now = at(3600)
    old, new = stamp_of(at(10)), stamp_of(at(3599))
    await keep(store)
    for member, stamp, present in (
        ("U1", old, True),  # no longer listed: goes
        ("U2", old, False),  # listed: comes
        ("U3", new, True),  # newer than the list: stays
        ("U4", new, False),  # newer than the list: stays away
        ("U5", old, True),  # listed: stays
    ):
        await store.react(reaction(0, member, stamp), present=present, now=T0)
    listed = tuple(("heart", member) for member in ("U2", "U4", "U5", "U6"))
    await store.add(post(0, reactions=listed), draft(), source=Source.POST, now=now)
    assert {"U2", "U3", "U5", "U6"} == await store.reactors(place(0), "heart")
    assert (4, 0) == await counts(store)
    await store.react(reaction(0, "U1", old), present=True, now=now)
    await store.change(post(0, reactions=()), draft(), fits=True, now=now)
    assert {"U3"} == await store.reactors(place(0), "heart")


async def test_new_post_that_tells_its_reactions(store: Store) -> None:
    """An idea read from history comes with its reactions."""
    await keep(store, reactions=(("heart", "U5"),))
    assert (1, 0) == await counts(store)


DOUBT: Any = {"kind": Kind.POST}


async def kind(store: Store, seconds: float = 0) -> Kind:
    idea = await store.idea_at(place(seconds))
    assert idea is not None
    return idea.kind


async def tries(store: Store) -> None:
    idea = await store.idea_at(place(0))
    assert idea is not None
    trial = Trial(
        workspace="T1", idea_id=idea.id, member_id="U6", came=TrialOutcome.WORKED, tried_at=at(5)
    )
    await store.add_trial(trial)


WAYS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "answers": lambda store: store.add_reply(place(0), place(1), "U6"),
    "reacts": lambda store: store.react(reaction(0, "U6", "1", "heart"), present=True, now=T0),
    "tries": tries,
    "was seen to react": lambda store: store.set_reactions(place(0), [("tada", "U6")], now=T0),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", ["post", "way"])
async def test_a_post_in_doubt_becomes_an_idea_once_somebody_takes_it_up(
    store: Store, way: str, first: str
) -> None:
    """It is an idea as soon as a colleague answers, reacts or tries, and stays one afterwards."""
    if first == "way" and way in {"answers", "reacts"}:
        await WAYS[way](store)
        await keep(store, **DOUBT)
    else:
        await keep(store, **DOUBT)
        assert Kind.POST is await kind(store)
        await WAYS[way](store)
    assert Kind.IDEA is await kind(store)
    await store.set_reactions(place(0), [], now=at(99))
    await store.drop_reply(place(1))
    assert Kind.IDEA is await kind(store)


async def test_what_only_asks_in_doubt_becomes_a_question_once_answered(store: Store) -> None:
    """So it never waits for an answer; a reaction to it says nothing."""
    await keep(store, asks=True, **DOUBT)
    await WAYS["reacts"](store)
    assert Kind.POST is await kind(store)
    await WAYS["answers"](store)
    assert Kind.QUESTION is await kind(store)


async def test_a_bot_takes_nothing_up(store: Store) -> None:
    """Our own mark, or another bot's, leaves a post in doubt."""
    await store.remember_workspace(Workspace(id="T1", bot_user_id="UBOT"))
    await keep(store, **DOUBT)
    await store.react(reaction(0, "UBOT", "1", "bulb"), present=True, now=T0)
    assert Kind.POST is await kind(store)


async def test_what_a_digest_only_counted_may_still_have_its_place(store: Store) -> None:
    """A post taken up after a digest that counted it is fresh again, once; an idea never is."""

    async def digest(period: str) -> list[int]:
        fresh = await store.fresh("T1", "C1", at=at(9), oldest=timedelta(days=1))
        claim = await take(
            store,
            "T1",
            "C1",
            DeliveryKind.DIGEST,
            period,
            at=at(9),
            now=at(9),
            lease=timedelta(minutes=2),
            ideas=[idea.id for idea in fresh],
        )
        assert isinstance(claim, Claim)
        await store.sent(claim, f"{period}.1", now=at(9))
        return [idea.number for idea in fresh]

    await keep(store, **DOUBT)
    await keep(store, 2)
    assert [1, 2] == await digest("2026-W48")
    await WAYS["answers"](store)
    assert [1] == await digest("2026-W49")
    await store.change(post(0, edited="7"), draft("See you Friday", **DOUBT), fits=True, now=at(9))
    await WAYS["reacts"](store)
    assert Kind.IDEA is await kind(store)
    assert [] == await digest("2026-W50")


async def test_an_edit_brings_doubt_and_takes_it_away(store: Store) -> None:
    """Until somebody took it up, or a digest showed it, a post is what its words say now."""
    await keep(store)
    for edited, wanted in (("1", Kind.POST), ("2", Kind.IDEA)):
        words = draft(f"Words {edited}", kind=wanted)
        await store.change(post(0, edited=edited), words, fits=True, now=at(9))
        assert wanted is await kind(store)
