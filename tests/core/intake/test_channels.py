"""What befalls channels and members, and what is known of them afterwards."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.intake.channels import ChannelLife
from bot.core.intake.keep import ChannelFilter
from bot.core.model.deliveries import Claim, Delivery, DeliveryKind, Plan
from bot.core.model.people import Channel, Person, Workspace
from bot.core.model.work import Effect
from tests.core.stage import Stage, stage

BOT = Workspace(id="T1", bot_user_id="UBOT")


@dataclass(slots=True)
class Life:
    """The use case on a stage; *joined*: how often the bot was told to have joined a channel."""

    here: Stage
    life: ChannelLife
    joined: int = 0

    async def jobs(self) -> set[tuple[Effect, str]]:
        """What was asked for of channels, members and welcomes."""
        now, store = self.here.clock(), self.here.store
        effects = (Effect.CHANNEL, Effect.WELCOME, Effect.MEMBER)
        waiting = [job for job in await store.jobs(now, limit=9) if job.effect in effects]
        return {(job.effect, job.key or job.channel) for job in waiting}

    async def channel(self, ident: str = "C1") -> Channel:
        return await self.here.channel(ident)


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Life]:
    async with stage(tmp_path) as here:

        async def joined() -> None:
            made.joined += 1

        life = ChannelLife(store=here.store, watch=ChannelFilter(), now=here.clock, joined=joined)
        made = Life(here, life)
        yield made


async def test_the_bot_is_invited(on: Life) -> None:
    """The channel is looked up, greeted and planned; who invited the bot is known."""
    await on.life.member_joined(BOT, "C2", "UBOT", inviter="UROSA", private=True)
    known = await on.channel("C2")
    assert (True, True, "UROSA") == (known.member, known.private, known.invited_by)
    assert {(Effect.CHANNEL, "C2"), (Effect.WELCOME, "C2")} <= await on.jobs()
    assert 1 == on.joined


async def test_a_channel_that_is_not_watched_is_not_greeted(on: Life) -> None:
    """That the bot is in it is known all the same."""
    life = replace(on.life, watch=ChannelFilter(frozenset({"C00000001"}), by_id=True))
    await life.member_joined(BOT, "C2", "UBOT")
    assert (True, 0, set()) == ((await on.channel("C2")).member, on.joined, await on.jobs())


@pytest.mark.parametrize(
    ("wanted", "watched"),
    [
        ("librarians \u203a reading", True),
        ("Librarians \u203a Reading", True),
        ("reading", False),
        ("19:AbC@thread.example", True),
        ("19:abc@thread.example", False),
    ],
)
def test_a_channel_is_watched_by_its_name_or_its_id(wanted: str, *, watched: bool) -> None:
    """A name in any case, an id as it is."""
    channel = Channel(
        workspace="T1",
        id="19:AbC@thread.example",
        name="Librarians \u203a Reading",
        first_seen=datetime(2026, 11, 24, tzinfo=UTC),
    )
    assert watched == ChannelFilter(frozenset({wanted})).includes(channel)


async def test_the_bot_is_removed_and_invited_again(on: Life) -> None:
    """It is greeted anew; a channel that is deleted is gone for good."""
    store, now = on.here.store, on.here.clock()
    welcome = Delivery(workspace="T1", channel="C1", kind=DeliveryKind.WELCOME, at=now)
    for _ in range(2):
        claim = await store.claim(welcome, Plan(), now=now, lease=timedelta(minutes=2))
        assert isinstance(claim, Claim)
        await store.sent(claim, "1.1", now=now)
        await on.life.bot_left("T1", "C1")
    left = await on.channel()
    await on.life.bot_left("T1", "C1", deleted=True)
    gone = await on.channel()
    assert [(False, False), (False, True)] == [(c.member, c.deleted) for c in (left, gone)]


async def test_who_invited_the_bot_leaves_and_comes_back(on: Life) -> None:
    """Both are noted; others come and go as they like."""
    await on.life.member_joined(BOT, "C1", "UBOT", inviter="UROSA")
    moves = []
    for move in ("left UBEN", "left UROSA", "left UROSA", "joined UBEN", "joined UROSA"):
        way, who = move.split()
        if way == "left":
            await on.life.member_left("T1", "C1", who)
        else:
            await on.life.member_joined(BOT, "C1", who)
        moves.append((await on.channel()).inviter_left)
    assert [False, True, True, True, False] == moves


async def test_what_changed_is_looked_up(on: Life) -> None:
    """A channel that is not known is none of ours."""
    await on.life.changed("T1", "C1")
    await on.life.changed("T1", "C9")
    await on.life.changed("T1", "C9", private=True)
    assert {(Effect.CHANNEL, "C1")} == await on.jobs()
    assert await on.here.store.channel("T1", "C9") is None


async def test_a_channel_that_is_made_private_is_so_at_once(on: Life) -> None:
    """Before the platform was asked, none but its members see what was kept there."""
    assert not (await on.channel()).private
    await on.life.changed("T1", "C1", private=True)
    assert (await on.channel()).private
    assert {(Effect.CHANNEL, "C1")} == await on.jobs()


async def test_a_channel_has_another_id(on: Life) -> None:
    """All that was kept follows, and its week is planned; a second telling changes nothing."""
    await on.here.says("UROSA")
    await on.life.id_changed("T1", "C1", "C7")
    await on.life.id_changed("T1", "C1", "C7")
    idea = await on.here.store.idea_by_id(1)
    assert idea is not None
    assert ("C7", ("C1",), 1) == (idea.channel, (await on.channel("C7")).former, on.joined)


async def test_a_member_has_another_name(on: Life) -> None:
    """Of those who are known it is remembered, and asked for; a new status is nothing new."""
    await on.here.says("UROSA")
    for name in ("UROSA Name", "Rosa Alvarez"):
        await on.life.member_changed("T1", Person(id="UROSA", name=name))
    await on.life.member_changed("T1", Person(id="UNEW", name="Nobody here"))
    member = await on.here.store.member("T1", "UROSA")
    assert member is not None
    assert "Rosa Alvarez" == member.person.name
    assert await on.here.store.member("T1", "UNEW") is None
    assert (Effect.MEMBER, "UROSA") in await on.jobs()
