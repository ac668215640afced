"""Ideas that a coordinator hides, merges and gives to their authors, and how that is undone."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.model.care import Cared, CareNote
from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Changed,
    Credit,
    Filters,
    Idea,
    Kind,
    Source,
    Trial,
    TrialOutcome,
    Withdrawal,
    Withdrawn,
)
from bot.core.model.people import Grades, Keep, Profile
from bot.core.model.work import Effect
from storage import Store
from tests.storage.making import (
    ALL,
    NONE,
    T0,
    arrival,
    at,
    draft,
    found,
    jobs_of,
    keep,
    person,
    place,
    post,
    query,
    reaction,
)

BOSS = "UBOSS"


async def care(
    store: Store, idea_id: int, what: Cared, other: int | None = None, *, target: str = ""
) -> CareNote | None:
    """Let the coordinator do something with an idea."""
    note = CareNote(
        idea_id=idea_id, who=BOSS, at=at(500), what=what, reason="it is so", other_id=other
    )
    return await store.care_for(note, target=target)


async def known(store: Store, idea_id: int) -> Idea:
    idea = await store.idea_by_id(idea_id)
    assert idea is not None
    return idea


async def try_it(store: Store, idea_id: int, member: str) -> None:
    trial = Trial(
        workspace="T1",
        idea_id=idea_id,
        member_id=member,
        came=TrialOutcome.WORKED,
        words="fine",
        tried_at=at(60),
    )
    assert await store.add_trial(trial) is not None


# -- hidden ---------------------------------------------------------------------------------------


async def test_a_hidden_idea_is_nowhere(store: Store) -> None:
    """No list, number, count, search, digest, board or export shows it; its author finds it."""
    await keep(store, 0, "Zines about the town", tags=("zines",), author="U1")
    await keep(store, 1, "Another thing")
    assert await care(store, 1, Cared.HIDDEN) is not None
    assert [2] == await found(store)
    assert [] == await found(store, words="zines")
    assert (1, None) == (await store.count("T1", NONE, ALL), await store.idea("T1", 1, ALL))
    with store.export_book("T1", NONE, ALL) as book:
        assert [2] == [row[0] for row in book.ideas]
    assert [2] == [one.number for part, _ in store.board_ideas("T1", NONE, ALL) for one in part]
    fresh = await store.fresh("T1", "C1", at=at(900), oldest=timedelta(weeks=8))
    assert [2] == [one.number for one in fresh]
    assert [(1, "Zines about the town")] == [
        (one.number, one.text) for one in await store.aside_of("T1", "U1")
    ]
    aside = await store.aside("T1", 1)
    assert aside is not None
    assert (Withdrawal.HIDDEN, False) == (aside.withdrawn, aside.gone)
    assert None is await store.aside("T1", 2)
    assert () == await store.check()


async def test_a_hidden_idea_is_restored_as_it_was(store: Store) -> None:
    """With its words, tags and number; what could not be done meanwhile is done then."""
    await keep(store, 0, "Zines about the town", tags=("zines",))
    await care(store, 1, Cared.HIDDEN)
    await jobs_of(store, at(999), Effect.PERMALINK, 9)
    assert await care(store, 1, Cared.SHOWN) is not None
    assert [1] == await found(store, words="zines")
    assert [1] == await found(store, tags=("zines",))
    assert [] == await store.aside_of("T1", "U1")
    for effect in (Effect.MARK, Effect.PERMALINK, Effect.MEMBER):
        assert await jobs_of(store, at(999), effect, 9)
    last = await store.last_care(1)
    assert last is not None
    assert (Cared.SHOWN, BOSS, "it is so") == (last.what, last.who, last.reason)
    assert last == await store.care_note(last.id)


async def test_a_hidden_idea_keeps_in_step(store: Store) -> None:
    """Edits, names, titles, reactions and its place reach it, so that it comes back as it is."""
    await keep(store, unnamed=("U9",), text="With U9 in the garden")
    await care(store, 1, Cared.HIDDEN)
    edited = draft("With U9 in the reading garden", unnamed=("U9",))
    assert isinstance(
        await store.change(post(0, edited="5"), edited, fits=True, now=at(600)), Changed
    )
    await store.set_names(1, {"U9": "Mei"})
    await store.set_post(1, permalink="https://chat.example/1")
    await store.react(reaction(0, "U3", "7.0"), present=True, now=at(601))
    assert [] == await found(store)
    assert [place(0)] == await store.kept_between("T1", "C1", T0, at(1))
    await care(store, 1, Cared.SHOWN)
    back = await known(store, 1)
    assert ("With Mei in the reading garden", "https://chat.example/1", 1) == (
        back.text,
        back.permalink,
        back.reactions,
    )


@pytest.mark.parametrize("how", [Withdrawal.DELETED, Withdrawal.CROSSED, Withdrawal.REMOVED])
async def test_what_is_hidden_can_be_withdrawn(store: Store, how: Withdrawal) -> None:
    """Its words and the reason go; the coordinator cannot bring it back."""
    await keep(store)
    await care(store, 1, Cared.HIDDEN)
    assert isinstance(await store.withdraw(place(0), how, now=at(600)), Withdrawn)
    gone = await known(store, 1)
    assert ("", True) == (gone.text, gone.gone)
    assert [("",)] == query(store, "select reason from care")
    assert None is await care(store, 1, Cared.SHOWN)
    assert None is await store.aside("T1", 1)


async def test_a_cross_does_not_undo_what_a_coordinator_hid(store: Store) -> None:
    """Crossed and uncrossed by its author, it is hidden as before, and can be restored."""
    await keep(store)
    await care(store, 1, Cared.HIDDEN)
    await store.withdraw(place(0), Withdrawal.CROSSED, now=at(600))
    again = await store.restore(post(0), draft("Back"), source=Source.POST, now=at(601))
    assert Captured(1, 1) == again
    assert [] == await found(store)
    assert AlreadyKnown(1, 1) == await store.restore(
        post(0), draft("Back"), source=Source.POST, now=at(602)
    )
    await care(store, 1, Cared.SHOWN)
    assert [1] == await found(store, words="back")


async def test_an_idea_hidden_before_it_was_posted_is_posted_when_it_comes_back(
    store: Store,
) -> None:
    """What the bot was about to post waits; where it stands by then is not taken down."""
    words = post(0)
    await store.share(
        replace(words, place=replace(words.place, ts="")),
        draft(),
        source=Source.COMMAND,
        now=T0,
    )
    await care(store, 1, Cared.HIDDEN)
    await jobs_of(store, at(999), Effect.PUBLISH, 9)
    await care(store, 1, Cared.SHOWN)
    assert await jobs_of(store, at(999), Effect.PUBLISH, 9)
    await care(store, 1, Cared.HIDDEN)
    await store.posted(1, "9.000", at(9))
    assert not await jobs_of(store, at(999), Effect.UNPUBLISH, 9)


async def test_what_is_not_there_is_not_looked_after(store: Store) -> None:
    """Nor what is in that state already."""
    assert None is await care(store, 1, Cared.HIDDEN)
    await keep(store)
    for what in (Cared.SHOWN, Cared.PARTED, Cared.IDEA, Cared.NO_IDEA):
        assert None is await care(store, 1, what)
    assert None is await care(store, 1, Cared.MERGED, 9)
    assert None is await care(store, 1, Cared.MERGED, 1)
    assert None is await care(store, 1, Cared.MOVED, target="UNOBODY")
    assert await care(store, 1, Cared.HIDDEN) is not None
    assert None is await care(store, 1, Cared.HIDDEN)
    assert None is await care(store, 1, Cared.SORTED, target="LIT 1")
    assert None is await care(store, 1, Cared.MOVED, target="U1")
    assert [] == query(store, "select * from care where what <> 'hidden'")


# -- merged ---------------------------------------------------------------------------------------


async def three(store: Store) -> None:
    """Three ideas by three people whose names are known."""
    for n, (who, name) in enumerate((("U1", "Ana"), ("U2", "Ben"), ("U3", "Cy")), 1):
        await store.remember_member("T1", person(who, name), now=T0)
        await keep(store, n, f"Idea {n}", author=who, credits=(Credit("Ms Outside"),))


async def credits_of(store: Store, idea_id: int) -> Sequence[str]:
    return (await known(store, idea_id)).credits


async def test_two_ideas_become_one_and_two_again(store: Store) -> None:
    """What the later one gathered counts with the earlier one, whom it is by is credited."""
    await three(store)
    await store.react(reaction(1, "U8", "1.0"), present=True, now=at(10))
    await store.react(reaction(2, "U8", "1.0"), present=True, now=at(10))
    await store.react(reaction(2, "U9", "1.0"), present=True, now=at(10))
    await store.add_reply(place(2), place(20), "U9")
    await try_it(store, 1, "U7")
    await try_it(store, 2, "U7")
    await try_it(store, 2, "U8")
    assert await care(store, 2, Cared.MERGED, 1) is not None
    one = await known(store, 1)
    assert (2, 1, 2) == (one.reactions, one.replies, one.tried)
    assert ("Ms Outside", "Ben") == one.credits
    assert [1, 3] == sorted(await found(store))
    assert ["Idea 2"] == [part.text for part in await store.parts_of(1)]
    # What comes later counts, too.
    await store.react(reaction(2, "U6", "1.0"), present=True, now=at(20))
    await store.add_reply(place(2), place(21), "U9")
    edited = draft("Idea 1, edited", credits=(Credit("Ms Inside"),))
    await store.change(post(1, author="U1", edited="5"), edited, fits=True, now=at(600))
    one = await known(store, 1)
    assert (3, 2, ("Ms Inside", "Ben")) == (one.reactions, one.replies, one.credits)
    parted = await care(store, 2, Cared.PARTED)
    assert parted is not None
    assert 1 == parted.other_id
    one, two = await known(store, 1), await known(store, 2)
    assert (1, 0, 1, ("Ms Inside",)) == (one.reactions, one.replies, one.tried, one.credits)
    assert (3, 2, 2, ("Ms Outside",)) == (two.reactions, two.replies, two.tried, two.credits)
    assert [1, 2, 3] == sorted(await found(store))
    assert () == await store.check()


async def test_trials_that_a_file_counted_stay_counted(store: Store) -> None:
    """What is told here adds to them. A withdrawal takes them with it, and leaves what was told."""
    await three(store)
    await store.bring([arrival(4, "Idea 4", tried=5)], [], now=T0)
    await care(store, 4, Cared.MOVED, target="U3")
    assert 5 == (await known(store, 4)).tried
    await try_it(store, 4, "U7")
    assert 6 == (await known(store, 4)).tried
    await care(store, 4, Cared.MERGED, 1)
    assert 6 == (await known(store, 1)).tried
    await care(store, 4, Cared.PARTED)
    assert (0, 6) == ((await known(store, 1)).tried, (await known(store, 4)).tried)
    await care(store, 4, Cared.MERGED, 1)
    await store.withdraw_number("T1", 4, Withdrawal.REMOVED, now=at(600))
    assert [(1, 0), (0, 0)] == [
        tuple(row)
        for row in query(store, "select tried, tried_before from idea where id in (1, 4)")
    ]


async def test_merges_make_no_chain(store: Store) -> None:
    """What was part of the later one is part of the earlier one; neither is part of the other."""
    await three(store)
    await try_it(store, 3, "U7")
    await care(store, 3, Cared.MERGED, 2)
    await care(store, 2, Cared.MERGED, 1)
    assert None is await care(store, 1, Cared.MERGED, 2)
    assert None is await care(store, 2, Cared.MERGED, 1)
    assert [2, 3] == [part.number for part in await store.parts_of(1)]
    assert (1, ("Ms Outside", "Ben", "Cy")) == (
        (await known(store, 1)).tried,
        await credits_of(store, 1),
    )
    await care(store, 2, Cared.PARTED)
    assert [3] == [part.number for part in await store.parts_of(1)]
    assert (1, ("Ms Outside", "Cy")) == ((await known(store, 1)).tried, await credits_of(store, 1))
    await care(store, 3, Cared.PARTED)
    assert (0, 1) == ((await known(store, 1)).tried, (await known(store, 3)).tried)


async def test_ideas_of_two_channels_stay_two(store: Store) -> None:
    """Not everybody who sees one may see the other."""
    await keep(store, 1)
    await keep(store, 2, channel="C2")
    assert None is await care(store, 2, Cared.MERGED, 1)


@pytest.mark.parametrize("gone", [1, 2])
async def test_when_one_of_two_is_withdrawn_the_other_stays(store: Store, gone: int) -> None:
    """By itself, with what was said of it; whoever withdrew theirs is credited no more."""
    await three(store)
    await try_it(store, 2, "U7")
    await care(store, 2, Cared.MERGED, 1)
    await store.withdraw(place(gone), Withdrawal.DELETED, now=at(600))
    stays = 3 - gone
    assert [stays, 3] == sorted(await found(store))
    left = await known(store, stays)
    assert (("Ms Outside",), 1, None) == (left.credits, left.tried, left.part_of)
    assert [] == await store.parts_of(1)
    assert () == await store.check()


# -- sorted, moved, judged ------------------------------------------------------------------------


async def test_a_component_is_changed_and_written_down(store: Store) -> None:
    """As it was and as it is."""
    await keep(store)
    for target in ("LIT 1", " 1"):
        await care(store, 1, Cared.SORTED, target=target)
    changes = await store.changes("T1", "C1", 9)
    assert [("care sorted", "#1 LIT > "), ("care sorted", "#1  > LIT")] == [
        (one.what, one.old) for one in changes
    ]
    assert () == (await known(store, 1)).components


async def test_an_idea_is_given_to_its_author_and_back(store: Store) -> None:
    """Whose it was is thanked, also after an edit; going back leaves no thanks behind."""
    await three(store)
    profile = Profile(school="Prairie", keep=Keep.ALL, grades=Grades.HIGH)
    await store.set_profile("T1", "U2", profile)
    moved = await care(store, 1, Cared.MOVED, target="U2")
    assert moved is not None
    assert "U1" == moved.member_id
    # What a member posted is not the bot's to draw anew.
    assert [] == query(store, "select key from outbox where effect = 'redraw'")
    now = await known(store, 1)
    assert ("U2", "Ben", "Prairie") == (now.author.id, now.author.name, now.author.school)
    assert Grades.HIGH is now.author.grades
    assert ("Ms Outside", "Ana") == now.credits
    await store.change(post(1, author="U1", edited="5"), draft("Edited"), fits=True, now=at(600))
    assert ("Ana",) == await credits_of(store, 1)
    assert [1, 2] == sorted(await found(store, people=("U2",)))
    assert None is await care(store, 1, Cared.MOVED, target="U2")
    await care(store, 1, Cared.MOVED, target="U1")
    assert () == await credits_of(store, 1)


async def test_an_idea_without_an_author_is_given_one(store: Store) -> None:
    """Nobody is thanked then."""
    await three(store)
    with sqlite3.connect(store.path) as con:
        con.execute("update idea set author_id = null, author_name = '' where id = 1")
    await care(store, 1, Cared.MOVED, target="U2")
    assert ("Ms Outside",) == await credits_of(store, 1)


async def test_what_was_given_away_returns_to_whom_it_was_given(store: Store) -> None:
    """It thanks whom it thanked before: not whom it only went back to."""
    await three(store)
    for n in (2, 3, 2):
        await care(store, 1, Cared.MOVED, target=f"U{n}")
    assert ("Ms Outside", "Ana") == await credits_of(store, 1)
    assert "U2" == await store.owner_of(post(1, author="U1"))
    await store.withdraw(place(1), Withdrawal.CROSSED, now=at(600))
    assert "U2" == await store.owner_of(post(1, author="U1"))
    words = draft("Back", credits=(Credit("Ms Inside"),))
    await store.restore(post(1, author="U1"), words, source=Source.POST, now=at(601))
    back = await known(store, 1)
    assert ("U2", "Ben", ("Ms Inside", "Ana")) == (back.author.id, back.author.name, back.credits)


async def test_whose_a_post_is_that_nobody_gave_away(store: Store) -> None:
    """Whoever wrote it, whether it is kept or not."""
    await keep(store, 1, author="U1")
    assert ["U1", "U5"] == [
        await store.owner_of(one) for one in (post(1, author="U1"), post(5, author="U5"))
    ]


async def test_what_is_part_of_another_is_credited_to_its_author(store: Store) -> None:
    """Once: who is thanked already, or wrote the whole, is not thanked again."""
    await three(store)
    await keep(store, 4, "Idea 4", author="U1")
    await keep(store, 5, "Idea 5", author="U2")
    for part in (2, 4, 5):
        await care(store, part, Cared.MERGED, 1)
    assert ("Ms Outside", "Ben") == await credits_of(store, 1)


async def test_a_post_in_doubt_is_judged(store: Store) -> None:
    """An idea counts from then on; nobody is told."""
    await keep(store, 1, kind=Kind.POST)
    await keep(store, 2, kind=Kind.POST)
    await care(store, 1, Cared.IDEA)
    await care(store, 2, Cared.NO_IDEA)
    assert [Kind.IDEA, Kind.POST] == [(await known(store, n)).kind for n in (1, 2)]
    assert not await jobs_of(store, at(999), Effect.CARED, 9)
    assert 2 == len(await store.changes("T1", "C1", 9))
    assert 1 == await store.count("T1", Filters(kinds=(Kind.IDEA,)), ALL)
