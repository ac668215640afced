"""What a page for people outside is made of: ideas, trials, and what members show of themselves."""

from dataclasses import replace
from datetime import UTC, date

from bot.core.model.ideas import Filters, Kind, Trial, TrialOutcome, Visibility, Withdrawal
from bot.core.model.people import ChannelInfo, Profile, Shown
from bot.core.report.reporter import Reporter
from bot.core.report.values import Scope
from bot.data.framework import load_framework
from storage import Store
from tests.storage.making import ALL, NONE, T0, at, keep, person, place

DAY = 86_400.0


def trial(idea_id: int, member: str = "U2", *, days: float = 0, workspace: str = "T1") -> Trial:
    return Trial(
        workspace=workspace,
        idea_id=idea_id,
        member_id=member,
        came=TrialOutcome.WORKED,
        tried_at=at(days * DAY),
    )


def numbers(
    store: Store, filters: Filters = NONE, seen: Visibility = ALL, of: str = "T1"
) -> list[int]:
    return [one.number for one in store.reported_ideas(of, filters, seen)]


def tried(
    store: Store, filters: Filters = NONE, seen: Visibility = ALL, of: str = "T1"
) -> list[int]:
    return [one.idea.number for one in store.reported_trials(of, filters, seen)]


async def test_only_ideas_that_stand_are_reported(store: Store) -> None:
    """No question, no withdrawn one; oldest first."""
    await keep(store, 5)
    await keep(store, 1)
    await keep(store, 2, kind=Kind.QUESTION)
    gone = await keep(store, 3)
    await store.add_trial(trial(gone.id))
    await store.withdraw(place(3), Withdrawal.DELETED, now=T0)
    assert [2, 1] == numbers(store)
    assert [] == tried(store)


async def test_the_filters_hold(store: Store) -> None:
    """Words, days, parts and channels, for ideas and for the ideas that were tried."""
    first = await keep(store, 1, "We open the makerspace at lunch", components=("CREA",))
    second = await keep(store, 2 + DAY, "Book tastings with families", channel="C2")
    for one in (first, second):
        await store.add_trial(trial(one.id, days=3))
    for filters in (
        Filters(words="makerspace"),
        Filters(components=("CREA",)),
        Filters(channel="C1"),
    ):
        assert [1] == numbers(store, filters)
        assert [1] == tried(store, filters)
    assert [] == numbers(store, Filters(channel="C9"))
    assert [] == tried(store, Filters(channel="C9"))
    assert [1] == numbers(store, Filters(until=date(2026, 11, 25)))


async def test_days_are_those_of_the_trial(store: Store) -> None:
    """An old idea that was tried now is in; whose it is, and who tried, is asked elsewhere."""
    one = await keep(store, 1)
    await store.add_trial(trial(one.id, "U2", days=1))
    await store.add_trial(trial(one.id, "U3", days=9))
    since = Filters(since=date(2026, 12, 1), people=("U9",), zone=UTC)
    assert [] == numbers(store, since)
    assert [1] == tried(store, since)
    assert [1] == tried(store, Filters(until=date(2026, 12, 1), zone=UTC))
    assert [1, 1] == tried(store)


async def test_what_is_out_of_sight_is_not_reported(store: Store) -> None:
    """A private channel's ideas and trials are for those who are in it."""
    one = await keep(store, 1, private=True)
    await store.add_trial(trial(one.id))
    assert ([], []) == (numbers(store, seen=Visibility()), tried(store, seen=Visibility()))
    inside = Visibility(channels=frozenset({"C1"}))
    assert ([1], [1]) == (numbers(store, seen=inside), tried(store, seen=inside))


async def test_an_operator_sees_every_workspace(store: Store) -> None:
    """One of them is asked for by its id."""
    for home in ("T1", "T2"):
        await store.remember_channel(home, ChannelInfo(id="C1", name="a", private=False), now=T0)
        one = await keep(store, 1 if home == "T1" else 2, workspace=home)
        await store.add_trial(trial(one.id, workspace=home))
    assert [1, 1] == numbers(store, of="")
    assert [1, 1] == tried(store, of="")
    assert [1] == numbers(store, of="T2")


async def test_choices_are_those_who_answered(store: Store) -> None:
    """By workspace and id; who is silent is not among them."""
    await store.set_profile("T1", "U1", Profile(shown=Shown.NAME))
    await store.set_profile("T2", "U1", Profile(shown=Shown.NOBODY))
    await store.set_profile("T1", "U2", Profile(school="Lincoln"))
    assert {("T1", "U1"): Shown.NAME} == await store.choices("T1")
    assert 2 == len(await store.choices(""))


async def test_page_and_plan_name_people_as_they_chose(store: Store) -> None:
    """Until they answer, nobody outside learns who they are; nor does a trial tell it."""
    words = "We planned a unit on sources with the science team, and 9 of 10 classes finished it."
    await store.remember_member("T1", person("U1", "Ana Ruiz"), now=T0)
    await store.remember_member("T1", person("U2", "Ben Okafor"), now=T0)
    one = await keep(store, 1, words, components=("PART",))
    await store.add_trial(
        replace(trial(one.id), words="It took us two weeks and worked well in every class.")
    )
    reporter = Reporter(store=store, framework=load_framework())
    scope = Scope(title="Network", zone=UTC, made=date(2026, 11, 28))

    async def told() -> str:
        credited = await reporter.credited("T1")
        page = reporter.page("T1", NONE, ALL, scope, credited)
        return f"{page} {reporter.plan('T1', NONE, ALL, scope, credited)}"

    before = await told()
    assert "science team" in before
    assert "a school librarian" in before
    assert "Ana" not in before
    assert "Ben" not in before
    await store.set_profile("T1", "U2", Profile(shown=Shown.NAME))
    after = await told()
    assert "Ben Okafor" in after
    assert "Ana" not in after
