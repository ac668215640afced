"""The workspace, channels, members and their names."""

from dataclasses import replace

import pytest

from bot.core.errors import StoreError
from bot.core.model.ideas import Trial, TrialOutcome, Withdrawal
from bot.core.model.people import ChannelInfo, Grades, Keep, Profile, Shown, Workspace
from storage import Store
from tests.storage.making import T0, at, found, keep, person, place


async def test_nothing_known(store: Store) -> None:
    """What was never seen is None, empty, or everything allowed."""
    assert [] == await store.workspaces()
    assert None is await store.channel("T1", "C1")
    assert [] == await store.channels("T1")
    assert None is await store.member("T1", "U1")
    assert {} == await store.names("T1", ["U1", "C1"])


async def test_workspace(store: Store) -> None:
    """What the platform says of a workspace last is what is known of it; there may be several."""
    first = Workspace(id="T1", name="Net", url="https://x.org", bot_user_id="B", bot_id="b")
    await store.remember_workspace(first)
    assert [first] == await store.workspaces()
    renamed = Workspace(id="T1", name="Network", bot_user_id="B2")
    await store.remember_workspace(renamed)
    assert [renamed] == await store.workspaces()
    other = Workspace(id="T0", bot_user_id="B")
    await store.remember_workspace(other)
    assert [other, renamed] == await store.workspaces()


async def test_installations(store: Store) -> None:
    """A workspace in which the bot never was is none of its own, and each has an id."""
    await store.saw_channel("T2", "C1", now=T0)
    assert [] == await store.workspaces()
    ours = Workspace(id="T1", name="Net", bot_user_id="B")
    await store.remember_workspace(ours)
    assert [ours] == await store.workspaces()
    with pytest.raises(StoreError, match="which workspace"):
        await store.saw_channel("", "C1", now=T0)


async def test_channel_seen(store: Store) -> None:
    """What is seen of a channel adds up; what is not said stays."""
    first = await store.saw_channel("T1", "C1", now=T0, invited_by="U3")
    assert (True, True, "U3", T0) == (
        first.private,
        first.member,
        first.invited_by,
        first.first_seen,
    )
    second = await store.saw_channel("T1", "C1", now=at(60), private=False, member=False)
    assert (False, False, "U3", T0) == (
        second.private,
        second.member,
        second.invited_by,
        second.first_seen,
    )
    third = await store.saw_channel("T1", "C1", now=at(60), invited_by="")
    assert (False, True, "") == (third.private, third.member, third.invited_by)


async def test_channel_described(store: Store) -> None:
    """The platform's description holds; a channel is found by id, then by name without case."""
    info = ChannelInfo(id="C1", name="Ideas\0", private=False, member=False, archived=True)
    channel = await store.remember_channel("T1", info, now=T0)
    assert ("Ideas", False, False, True, T0) == (
        channel.name,
        channel.private,
        channel.member,
        channel.archived,
        channel.first_seen,
    )
    live = ChannelInfo(id="C2", name="ideas", private=True)
    await store.remember_channel("T1", live, now=T0)
    await store.remember_channel("T1", ChannelInfo(id="ideas", name="C2", private=True), now=T0)
    assert ["ideas", "C1", "C2", "C2"] == [
        found.id
        for wanted in ("ideas", "C1", "C2", "#IDEAS")
        if (found := await store.channel("T1", wanted)) is not None
    ]
    await store.remember_channel("T1", ChannelInfo(id="C2", name="new", private=True), now=at(9))
    assert {"C1", "C2", "ideas"} == {one.id for one in await store.channels("T1")}
    assert {"C1": "Ideas", "C2": "new"} == await store.names("T1", ["C1", "C2", "C1", "C9"])


async def test_a_quiet_channel_gets_no_question_until_somebody_chooses_when(store: Store) -> None:
    """It is off at the first description alone; one that is not quiet is as the setting says."""
    quiet = ChannelInfo(id="C1", name="general", private=True, quiet=True)
    await keep(store, channel="C1")  # a post may come first
    first = await store.remember_channel("T1", quiet, now=T0)
    assert ("off", None) == (first.prompt, first.digest)
    await store.set_settings(replace(first, prompt=None), who="U1", now=T0)
    again = await store.remember_channel("T1", quiet, now=at(9))
    assert again.prompt is None
    chosen = ChannelInfo(id="C2", name="ideas", private=True)
    assert (await store.remember_channel("T1", chosen, now=T0)).prompt is None


async def test_member(store: Store) -> None:
    """What the platform says and what a member told do not overwrite each other."""
    await store.set_profile("T1", "U1", Profile(school="Hill", keep=Keep.MARKED))
    told = await store.member("T1", "U1")
    assert told is not None
    assert (None, "Hill") == (told.looked_up_at, told.profile.school)
    who = person(real_name="R", title="T", is_admin=True, is_guest=True, deleted=True)
    await store.remember_member("T1", who, now=T0)
    await store.set_profile("T1", "U1", Profile(school="Lake", district="D", role="R"))
    known = await store.member("T1", "U1")
    assert known is not None
    assert (who, T0) == (known.person, known.looked_up_at)
    assert Profile(school="Lake", district="D", role="R") == known.profile
    assert {"U1": "Ana Ruiz"} == await store.names("T1", ["U1", "U2"])


@pytest.mark.parametrize("shown", [None, *Shown])
async def test_what_a_member_shows_outside(store: Store, shown: Shown | None) -> None:
    """It is kept apart from everything else; until they answer, it is not known."""
    await store.set_profile("T1", "U1", Profile(shown=shown))
    known = await store.member("T1", "U1")
    assert known is not None
    assert shown is known.profile.shown


async def test_what_one_tells_is_put_on_what_was_shared_before(store: Store) -> None:
    """Where it is wanted, on each idea and trial of theirs that is kept, and on nobody else's."""
    for n, author in enumerate(("U1", "U1", "U1", "U2")):
        await keep(store, n, author=author)
    await store.withdraw(place(2), Withdrawal.REMOVED, now=T0)
    theirs = await store.idea_at(place(3))
    assert theirs is not None
    trial = Trial(
        workspace="T1", idea_id=theirs.id, member_id="U1", came=TrialOutcome.WORKED, tried_at=T0
    )
    await store.add_trial(trial)
    told = Profile(school="Hill", district="D", role="R", grades=Grades.HIGH)
    assert 0 == await store.set_profile("T1", "U1", told)
    assert 2 == await store.set_profile("T1", "U1", told, earlier=True)
    assert 0 == await store.set_profile("T1", "U1", told, earlier=True)
    authors = [one.author for n in range(4) if (one := await store.idea_at(place(n)))]
    schools = [(one.school, one.district, one.role, one.grades) for one in authors]
    hill, none = ("Hill", "D", "R", Grades.HIGH), ("", "", "", None)
    assert [hill, hill, none, none] == schools
    assert ["Hill"] == [one.school for one in await store.trials_of(theirs.id)]
    assert [1, 2] == sorted(await found(store, "hill"))


async def test_whoever_was_asked_is_not_asked_again(store: Store) -> None:
    """Neither who was asked nor who told something of their own accord."""
    for ident, unasked in (("U1", True), ("U2", False), ("U3", False)):
        await keep(store, int(ident[1]), author=ident)
        if ident == "U2":
            await store.set_asked("T1", ident)
        if ident == "U3":
            await store.set_profile("T1", ident, Profile(role="K-5"))
        member = await store.member("T1", ident)
        assert member is not None
        assert unasked is member.is_unasked


async def test_member_without_a_name(store: Store) -> None:
    """A member whose name is empty has none to give."""
    await keep(store)
    await store.remember_member("T1", person(name=""), now=T0)
    assert {} == await store.names("T1", ["U1"])
    await store.remember_member("T1", person(), now=T0)
    assert [1] == await found(store, "ruiz")


async def test_by_any_name(store: Store) -> None:
    """A filter by person takes the id, the name shown, the real name, and names of before."""
    await store.remember_member("T1", person(name="Ana  Ruiz", real_name="Ana R. Ruiz"), now=T0)
    await store.remember_member("T1", person("U2", name="Åsa"), now=T0)
    await keep(store)
    await keep(store, 1, author="U2")
    await store.remember_member("T1", person(name="Dr Ruiz", real_name="Ana R. Ruiz"), now=T0)
    for who in ("U1", "@U1", "ana ruiz", "@Dr RUIZ", " Ana R. Ruiz "):
        assert [1] == await found(store, people=(who,)), who
    assert [2] == await found(store, people=("A\u030aSA",))
    assert [] == await found(store, people=("Ruiz",))
    assert [2, 1] == await found(store, people=("U1", "Åsa"))
