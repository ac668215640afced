"""Licences: as of its day on each idea, and what is brought into step with them later."""

import pytest

from bot.core.model.ideas import Filters, Visibility, Withdrawal
from bot.core.model.people import Licence, Profile
from storage import Store
from tests.storage.making import T0, at, keep, place

ALL = Visibility(everything=True)


async def licences(store: Store) -> list[str]:
    """Of the ideas that are kept, oldest first."""
    with store.export_book("T1", Filters(), ALL) as book:
        return [str(row[-1]) for row in book.ideas]


@pytest.fixture
async def chosen(store: Store) -> Store:
    """Ana shared twice before she chose a licence, and once since; Ben shared once."""
    await keep(store, 0)
    await keep(store, 1)
    await keep(store, 2, author="U2")
    await store.set_profile("T1", "U1", Profile(licence=Licence.BY))
    await keep(store, 3)
    return store


async def test_an_idea_keeps_that_of_its_day(chosen: Store) -> None:
    """No answer is none; another answer is of what comes from then on."""
    assert ["", "", "", "CC BY 4.0"] == await licences(chosen)
    await chosen.set_profile("T1", "U1", Profile(licence=Licence.RESERVED))
    await keep(chosen, 4)
    assert ["", "", "", "CC BY 4.0", "all rights reserved"] == await licences(chosen)
    idea = await chosen.idea("T1", 4, ALL)
    assert idea is not None
    assert Licence.BY is idea.author.licence


async def test_earlier_ideas_follow_when_asked(chosen: Store) -> None:
    """The author's own, and no withdrawn one; a second time there is nothing to change."""
    await chosen.withdraw(place(1), Withdrawal.REMOVED, now=at(9))
    assert 1 == await chosen.earlier("T1", "U1")
    before = await chosen.altered("T1", "C1")
    assert 1 == await chosen.license_earlier("T1", "U1")
    assert before != await chosen.altered("T1", "C1")
    assert 0 == await chosen.earlier("T1", "U1")
    assert 0 == await chosen.license_earlier("T1", "U1")
    assert ["CC BY 4.0", "", "CC BY 4.0"] == await licences(chosen)


async def test_who_did_not_answer_changes_nothing(chosen: Store) -> None:
    """Nor does somebody who was never seen; an answer that is taken back is of later ideas."""
    await chosen.set_profile("T1", "U1", Profile())
    for who in ("U1", "U2", "U9"):
        assert 0 == await chosen.earlier("T1", who)
        assert 0 == await chosen.license_earlier("T1", who)
    await keep(chosen, 4)
    assert ["", "", "", "CC BY 4.0", ""] == await licences(chosen)


async def test_it_goes_with_the_idea(chosen: Store) -> None:
    """A withdrawn idea has none; put back, it has that of the day on which it is."""
    await chosen.withdraw(place(3), Withdrawal.CROSSED, now=at(9))
    gone = await chosen.idea_at(place(3))
    assert gone is not None
    assert gone.author.licence is None
    assert T0 < gone.posted_at
