"""Shares: who may open them when, what ends them, and who is asked what may be shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.model.ideas import Credit, Withdrawal
from bot.core.model.people import Profile, Shown
from bot.core.model.shares import Share, hashed
from bot.core.model.work import Effect
from storage import Store
from tests.storage.making import T0, at, keep, person, place

DAY = timedelta(days=1)
TOKEN = hashed("secret")


def wish(**more: object) -> Share:
    share = Share(workspace="T1", channel="C1", starts_at=T0, ends_at=T0 + DAY, made_at=T0)
    return replace(share, **more)  # type: ignore[arg-type]


async def shared(store: Store, share: Share | None = None, token: str = TOKEN) -> Share:
    """Share a public channel."""
    await store.saw_channel("T1", "C1", now=T0, private=False)
    return await store.add_share(share or wish(), token=token, now=T0)


async def test_nothing_is_shared(store: Store) -> None:
    """A token that nobody made opens nothing, and there is nothing to revoke."""
    assert None is await store.open_share(TOKEN, now=T0)
    assert None is await store.share_of_number(1)
    assert [] == await store.shares_of("T1")
    assert not await store.revoke_share(1, who="U1", now=T0)


async def test_kept_and_opened(store: Store) -> None:
    """It comes back as it was made, under numbers from 1, within its days, by its token alone."""
    sites = ("https://a.org", "https://b.org:8080")
    first = await shared(store, wish(sites=sites, made_by="U1"))
    assert wish(number=1, sites=sites, made_by="U1") == first
    second = await shared(store, token="other")
    assert [second, first] == await store.shares_of("T1", "C1") == await store.shares_of("T1")
    assert [] == await store.shares_of("T1", "C2")
    assert first == await store.open_share(TOKEN, now=T0)
    for token, now in ((TOKEN, T0 - DAY), (TOKEN, T0 + DAY), ("secret", T0)):
        assert None is await store.open_share(token, now=now)
    await store.count_openings({1: 1})
    assert replace(first, opened=1) == await store.share_of_number(1)


async def test_revoked(store: Store) -> None:
    """At once and once; the log of the channel's settings says by whom."""
    await shared(store, wish(made_by="U1"))
    assert await store.revoke_share(1, who="U2", now=at(5))
    assert not await store.revoke_share(1, who="U3", now=at(6))
    assert None is await store.open_share(TOKEN, now=at(7))
    changes = await store.changes("T1", "C1", 9)
    assert [("U2", "1", ""), ("U1", "", "1")] == [(one.who, one.old, one.new) for one in changes]


@pytest.mark.parametrize("how", [{"private": True}, {"member": False}, {"deleted": True}])
async def test_ended_by_the_channel(store: Store, how: dict[str, Any]) -> None:
    """What turns private, is gone, or is out of the bot's sight is not shown."""
    await shared(store)
    await store.saw_channel("T1", "C1", now=at(1), **how)
    assert None is await store.open_share(TOKEN, now=at(2))
    await store.saw_channel("T1", "C1", now=at(3), private=False)
    ended = how != {"member": False}
    assert ended == (await store.open_share(TOKEN, now=at(4)) is None)


async def test_made_for_a_private_channel(store: Store) -> None:
    """Then it stays while the channel is private, and where it is moved."""
    await store.saw_channel("T1", "C1", now=T0, private=True)
    await store.add_share(wish(private=True), token=TOKEN, now=T0)
    await store.move_channel("T1", "C1", "C9", now=at(1))
    found = await store.open_share(TOKEN, now=at(2))
    assert found is not None
    assert "C9" == found.channel


async def test_moved_into_a_private_channel(store: Store) -> None:
    """What was public goes with the move."""
    await shared(store)
    await store.saw_channel("T1", "C9", now=T0, private=True)
    await store.move_channel("T1", "C1", "C9", now=at(1))
    assert None is await store.open_share(TOKEN, now=at(2))
    kept = await store.share_of_number(1)
    assert kept is not None
    assert at(1) == kept.revoked_at


async def test_whom_to_ask(store: Store) -> None:
    """Authors and those credited who did not choose: with the first share, and it alone."""
    await keep(store, 1)
    await keep(store, 2, author="U2", credits=(Credit("Cy", "U3"), Credit("Ms Lee")))
    await keep(store, 3, author="U4")
    await keep(store, 4, author="U5")
    await store.remember_member("T1", person("U3"), now=T0)
    await store.remember_member("T1", person("U5", deleted=True), now=T0)
    await store.set_profile("T1", "U1", Profile(shown=Shown.NOBODY))
    await store.withdraw(place(3), Withdrawal.REMOVED, now=at(9))
    assert ["U2", "U3"] == await store.silent_authors("T1", "C1")
    for token in ("a", "b"):
        await shared(store, token=token)
    jobs = [one for one in await store.jobs(at(99), limit=99) if one.effect is Effect.ASK_SHOWN]
    assert ["C1"] == [one.channel for one in jobs]
    await store.done(jobs[0])
    await shared(store, token="c")
    assert Effect.ASK_SHOWN not in {one.effect for one in await store.jobs(at(99), limit=99)}
