"""Making a share: what is refused, and what is kept of its secret."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import CommandError, FormError, NotAllowedError
from bot.core.model.people import Asker
from bot.core.model.shares import hashed, site
from bot.core.week.shares import ChannelShares, ShareWish
from tests.core.desk.counter import BEN, ROSA, Counter, at_the_counter

LINES = tuple(f"https://s{n}.example.org" for n in range(21))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Blog.Example.org/", "https://blog.example.org"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("https://localhost", "https://localhost"),
        ("blog.example.org", ""),
        ("https://blog.example.org/post", ""),
        ("https://*.example.org", ""),
        ("https://a b.org", ""),
        ("https://a.org; script-src *", ""),
        ("https://user@a.org", ""),
        ("https://-a.org", ""),
        ("javascript:alert(1)", ""),
        ("https://" + "a" * 300, ""),
        ("'self'", ""),
    ],
)
def test_sites(text: str, origin: str) -> None:
    """A site is an origin and nothing more: no path, no joker, no second word for a header."""
    assert origin == site(text)


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        (ShareWish(days=0), {"days"}),
        (ShareWish(days=367, sites=("x",)), {"days", "sites"}),
        (ShareWish(sites=LINES), {"sites"}),
    ],
)
async def test_refused(tmp_path: Path, wish: ShareWish, fields: set[str]) -> None:
    """Every problem is named, and nothing is shared."""
    async with at_the_counter(tmp_path) as counter:
        await counter.here.store.saw_channel("T1", "C1", now=counter.here.clock(), private=False)
        with pytest.raises(FormError) as refused:
            await _shares(counter).make(ROSA, "C1", wish)
        assert fields == {*refused.value.problems}
        assert [] == await counter.here.store.shares_of("T1")


async def test_a_private_channel_needs_a_yes(tmp_path: Path) -> None:
    """It is not enough to coordinate it."""
    async with at_the_counter(tmp_path) as counter:
        shares = _shares(counter)
        await counter.here.store.saw_channel("T1", "C1", now=counter.here.clock(), private=True)
        with pytest.raises(FormError) as refused:
            await shares.make(ROSA, "C1", ShareWish())
        assert ["private"] == [*refused.value.problems]
        _, made = await shares.make(ROSA, "C1", ShareWish(private=True))
        assert made.share.private


async def test_only_coordinators(tmp_path: Path) -> None:
    """Nobody else makes one, sees the list, or revokes; nor does anybody of another workspace."""
    async with at_the_counter(tmp_path) as counter:
        shares, store, now = _shares(counter), counter.here.store, counter.here.clock()
        await shares.make(ROSA, "C1", ShareWish(private=True))
        for refused in (
            shares.make(BEN, "C1", ShareWish(private=True)),
            shares.of(BEN, "C1"),
            shares.revoke(BEN, 1),
        ):
            with pytest.raises(NotAllowedError):
                await refused
        for asker, number in ((Asker(workspace="T2", member_id="UROSA"), 1), (ROSA, 2)):
            with pytest.raises(CommandError, match="no share"):
                await shares.revoke(asker, number)
        kept = await store.share_of_number(1)
        assert kept is not None
        assert not kept.is_over(now)
        await shares.revoke(ROSA, 1)
        week, listed = await shares.of(ROSA, "C1")
        assert ("C1", []) == (week.channel.id, listed)


async def test_the_secret_stands_in_the_address_alone(tmp_path: Path) -> None:
    """It has 256 bits, and of it only a hash is kept; the last day is whole."""
    async with at_the_counter(tmp_path) as counter:
        week, made = await _shares(counter).make(ROSA, "C1", ShareWish(days=1, private=True))
        base, token = made.address.removesuffix("/").rsplit("/", 1)
        assert ("https://ideas.example.org/b", 43) == (base, len(token))
        store, now = counter.here.store, counter.here.clock()
        assert made.share == await store.open_share(hashed(token), now=now)
        end = made.share.ends_at
        local = end.astimezone(week.zone)
        assert (0, 0, week.day_of(now) + timedelta(days=1)) == (
            local.hour,
            local.minute,
            local.date(),
        )
        assert token.encode() not in _bytes(tmp_path)


def _bytes(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("*.db*"))


def _shares(counter: Counter) -> ChannelShares:
    return counter.desk.boards.shares
