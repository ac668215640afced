"""What comes together is kept together, and comes out as if it had come one by one."""

import asyncio
from collections.abc import Awaitable, Sequence
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Draft,
    NotAnIdea,
    Outcome,
    Source,
    Withdrawal,
)
from bot.core.model.people import Keep, Profile
from bot.core.model.posts import Post
from storage import Store, open_store
from tests.storage.making import (
    T0,
    at,
    busy,
    draft,
    keep,
    person,
    place,
    post,
    query,
    reaction,
    rich,
    stamp_of,
)

UpcomingPost = tuple["Post", "Draft", Source]

TABLES = (
    "idea",
    "tag",
    "idea_component",
    "resource",
    "credit",
    "outbox",
    "member",
    "channel",
    "reply",
    "reaction",
    "ignored_message",
)


def adding(store: Store, coming: UpcomingPost) -> Awaitable[Outcome]:
    """One that comes in."""
    one, said, source = coming
    return store.add(one, said, source=source, now=T0)


async def together(store: Store, coming: Sequence[UpcomingPost]) -> list[Outcome]:
    """All of them in one group."""
    async with busy(store):
        tasks = [asyncio.ensure_future(adding(store, one)) for one in coming]
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks)


async def known(store: Store, *members: str, channels: Sequence[str] = ("C1",)) -> None:
    """Members who have been greeted, in channels where something was said."""
    for n, (who, where) in enumerate((w, c) for w in members for c in channels):
        await store.remember_member("T1", person(who, f"Name {who}"), now=T0)
        await keep(store, -100 - n, author=who, channel=where)


async def test_a_group_is_numbered_in_the_order_it_came(store: Store) -> None:
    """Ten posts at once get ten numbers, and each its own tags, links and credits."""
    await known(store, "U1")
    outcomes = await together(store, [(post(n), rich(f"Idea {n}"), Source.POST) for n in range(10)])
    assert [Captured(n + 2, n + 2) for n in range(10)] == outcomes
    assert [(f"Idea {n}",) for n in range(10)] == query(
        store, "select text from idea where id > 1 order by number"
    )
    assert [(2,)] * 10 == query(
        store, "select count(*) from tag where idea_id > 1 group by idea_id"
    )
    assert [(2,)] * 10 == query(
        store, "select count(*) from resource where idea_id > 1 group by idea_id"
    )


async def test_the_same_message_twice_in_a_group_is_one_idea(store: Store) -> None:
    """Slack sent an event again before the first was acknowledged."""
    await known(store, "U1")
    again = (post(0), draft(), Source.POST)
    outcomes = await together(store, [again, (post(1), draft(), Source.POST), again])
    assert [Captured(2, 2), Captured(3, 3), AlreadyKnown(2, 2)] == outcomes


async def test_two_posts_of_one_instant_are_two_ideas(store: Store) -> None:
    """Two channels, one microsecond: the index's row ids differ all the same."""
    await known(store, "U1", channels=("C1", "C2"))
    both = [(post(0, channel=c), draft(), Source.POST) for c in ("C1", "C2")]
    assert [Captured(3, 3), Captured(4, 4)] == await together(store, both)
    moments = {row[0] for row in query(store, "select moment from idea where id > 2")}
    assert 2 == len(moments)


async def test_a_newcomer_in_a_group_is_welcomed_once(store: Store) -> None:
    """Three first ideas of one person, at once, are one welcome, whether or not they are known."""
    await store.remember_member("T1", person("U7"), now=T0)
    await store.saw_channel("T1", "C1", private=False, now=T0)
    await together(store, [(post(n, author="U7"), draft(), Source.POST) for n in range(3)])
    assert [("1",)] == query(store, "select key from outbox where effect = 'first'")


async def test_one_who_wants_nothing_kept_does_not_hold_up_the_others(store: Store) -> None:
    """In the middle of a group somebody's wish counts for their post alone."""
    await known(store, "U1", "U2")
    wish = Profile(school="", district="", role="", keep=Keep.NOTHING)
    await store.set_profile("T1", "U2", wish)
    outcomes = await together(
        store, [(post(n, author=f"U{1 + n % 2}"), draft(), Source.POST) for n in range(4)]
    )
    assert [Captured(3, 3), NotAnIdea("opted out"), Captured(4, 4), NotAnIdea("opted out")] == (
        outcomes
    )


async def test_each_workspace_counts_for_itself_in_a_group(store: Store) -> None:
    """Two networks in one database: numbers go on in each."""
    mixed = [
        (post(n, workspace=f"T{1 + n % 2}", channel=f"C{1 + n % 2}"), draft(), Source.POST)
        for n in range(6)
    ]
    await together(store, mixed[:2])
    assert [2, 2, 3, 3] == [o.number for o in await together(store, mixed[2:])]  # type: ignore[union-attr]


COMING = st.builds(
    lambda second, author, channel, private, source, said, edited: (
        post(
            second,
            author=author,
            channel=channel,
            private=private,
            edited=stamp_of(at(edited)) if edited else "",
        ),
        said,
        source,
    ),
    st.integers(0, 6),
    st.sampled_from(["U1", "U2", "U3", "U9"]),
    st.sampled_from(["C1", "C2", "C3", "C9"]),
    st.sampled_from([None, False, True]),
    st.sampled_from([Source.POST, Source.POST, Source.POST, Source.ANSWER, Source.REACTION]),
    st.sampled_from([draft(), rich(), draft("Marked", marked=True), draft("@U5", unnamed=("U5",))]),
    st.sampled_from([0, 0, 20]),
)


async def prepared(folder: str, name: str) -> Store:
    """A database with a little of everything that decides what is kept."""
    store = open_store(f"sqlite:///{folder}/{name}.db")
    await known(store, "U1", "U2", channels=("C1", "C2"))
    await store.remember_member("T1", person("U3"), now=T0)
    wish = Profile(school="Lincoln", district="", role="", keep=Keep.MARKED)
    await store.set_profile("T1", "U2", wish)
    await store.saw_channel("T1", "C2", private=True, now=T0)
    await store.withdraw(place(1), Withdrawal.DELETED, now=T0)
    await store.add_reply(place(2), place(2.5), "U3")
    await store.react(reaction(3, "U1", "1", "x"), present=True, now=T0)
    return store


async def both_ways(coming: Sequence[UpcomingPost]) -> None:
    with TemporaryDirectory() as folder:
        alone, grouped = await prepared(folder, "alone"), await prepared(folder, "grouped")
        try:
            one_by_one = [await adding(alone, one) for one in coming]
            assert one_by_one == await together(grouped, coming)
            for table in TABLES:
                assert query(alone, f"select * from {table}") == query(
                    grouped, f"select * from {table}"
                ), table
            assert () == await grouped.check()
        finally:
            await alone.close()
            await grouped.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMING, min_size=1, max_size=12))
def test_a_group_comes_out_as_if_each_had_come_by_itself(coming: list[UpcomingPost]) -> None:
    """Known and new authors, private channels, wishes, copies, edits: every row is the same."""
    asyncio.run(both_ways(coming))
