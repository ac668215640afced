"""What members save: each on their own list, the latest first, as long as it is kept."""

from bot.core.model.ideas import Filters, Photo, Resource, ResourceKind, Visibility, Withdrawal
from storage import Store
from tests.storage.making import ALL, at, found, keep, place, query

PICTURE = Resource("https://chat.example/F1", ResourceKind.IMAGE, "A table", photo="F1")
SECOND = Resource("https://chat.example/F2", ResourceKind.IMAGE, "", photo="F2")
LINK = Resource("https://example.org/talk", ResourceKind.VIDEO, "A talk")


async def saves(store: Store, *numbers: int, who: str = "U9") -> None:
    for number in numbers:
        await store.save_idea("T1", who, number, now=at(100 + number))


async def test_a_list_is_its_members_alone(store: Store) -> None:
    """The latest saved comes first, whatever is older; what others saved is not on it."""
    for n in range(3):
        await keep(store, n)
    await saves(store, 1, 2)
    await saves(store, 3, who="U8")
    assert [2, 1] == await found(store, saved_by="U9")
    assert [3] == await found(store, saved_by="U8")
    assert [] == await found(store, saved_by="U7")
    assert frozenset({1, 2}) == await store.saved_among("T1", "U9", [1, 2, 3])
    assert 2 == (await store.find("T1", Filters(saved_by="U9"), ALL, limit=1)).total


async def test_saving_twice_is_saving_once(store: Store) -> None:
    """It says that it was there; so does taking off what is not there."""
    await keep(store)
    assert (True, False) == (
        await store.save_idea("T1", "U9", 1, now=at(1)),
        await store.save_idea("T1", "U9", 1, now=at(2)),
    )
    assert (True, False) == (
        await store.unsave_idea("T1", "U9", 1),
        await store.unsave_idea("T1", "U9", 1),
    )
    assert [] == await found(store, saved_by="U9")


async def test_filters_hold_on_a_list_too(store: Store) -> None:
    """A tag, words, and both with what may be seen."""
    await keep(store, 0, "We open the makerspace at lunch", tags=("making",))
    await keep(store, 1, "A reading garden opens in spring", tags=("garden",))
    await keep(store, 2, "Another makerspace in the hall", tags=("making",))
    await saves(store, 1, 2)
    assert [1] == await found(store, saved_by="U9", tags=("making",))
    assert [1] == await found(store, "makerspace", saved_by="U9")
    assert [2] == await found(store, "garden", saved_by="U9")
    assert [] == await found(store, visibility=Visibility(only="C2"), saved_by="U9")


async def test_what_is_withdrawn_leaves_the_list(store: Store) -> None:
    """At once; for good it leaves the file too. What is withdrawn cannot be saved."""
    await keep(store)
    await saves(store, 1)
    await store.withdraw(place(0), Withdrawal.CROSSED, now=at(5))
    assert [] == await found(store, saved_by="U9")
    assert 1 == len(query(store, "select 1 from saved_idea"))
    await store.withdraw(place(0), Withdrawal.DELETED, now=at(6))
    assert [] == query(store, "select 1 from saved_idea")
    assert await store.save_idea("T1", "U9", 1, now=at(7)) is None
    assert await store.save_idea("T2", "U9", 1, now=at(7)) is None


async def test_an_idea_knows_its_first_photo(store: Store) -> None:
    """Its id and what it shows, and all links and files in their order; none: nothing."""
    await keep(store, 0, resources=(LINK, PICTURE, SECOND))
    await keep(store, 1, resources=(LINK,))
    await keep(store, 2)
    first, second = await store.idea_by_id(1), await store.idea_by_id(2)
    assert first is not None
    assert second is not None
    assert (Photo("F1", "A table"), Photo()) == (first.photo, second.photo)
    assert {1: [LINK, PICTURE, SECOND], 2: [LINK]} == await store.resources_of([1, 2, 3])
    await store.withdraw(place(0), Withdrawal.REMOVED, now=at(5))
    assert [] == query(store, "select 1 from resource where idea_id = 1")
