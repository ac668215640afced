"""Values for the storage tests, made short."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.model.deliveries import Claim, ClaimUnavailable, Delivery, DeliveryKind, Plan
from bot.core.model.ideas import (
    Captured,
    Credit,
    Draft,
    Filters,
    Kind,
    Resource,
    ResourceKind,
    Source,
    Visibility,
)
from bot.core.model.imports import Arrival
from bot.core.model.people import Author, Person
from bot.core.model.posts import Place, Post, Reaction, Text
from bot.core.model.work import Effect, Job
from storage import Store
from storage.connection import Connection

T0 = datetime(2026, 11, 25, 15, tzinfo=UTC)
ALL = Visibility(everything=True)
NONE = Filters()
BODY: Any = (Text("read by nobody here"),)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def stamp_of(when: datetime) -> str:
    """An instant as the platform writes it."""
    return f"{when.timestamp():.6f}"


def place(seconds: float, channel: str = "C1", workspace: str = "T1") -> Place:
    return Place(workspace, channel, stamp_of(at(seconds)))


def post(
    seconds: float,
    *,
    author: str = "U1",
    channel: str = "C1",
    workspace: str = "T1",
    **more: Any,
) -> Post:
    more.setdefault("private", False)
    return Post(
        place=place(seconds, channel, workspace),
        posted_at=at(seconds),
        author_id=author,
        body=BODY,
        **more,
    )


def draft(text: str = "We open the makerspace at lunch", **more: Any) -> Draft:
    more.setdefault("kind", Kind.IDEA)
    more.setdefault("marked", False)
    return Draft(text=text, **more)


def rich(text: str = "We open the makerspace at lunch") -> Draft:
    return draft(
        text,
        tags=("makerspace", "lunch"),
        components=("LIT", "ADV"),
        framework="1",
        resources=(
            Resource("https://example.org/plan", ResourceKind.LESSON),
            Resource("https://example.org/talk", ResourceKind.VIDEO, "A talk"),
        ),
        credits=(Credit("Ms Outside"), Credit("@U9", "U9")),
    )


async def keep(
    store: Store, seconds: float = 0, text: str = "We open the makerspace at lunch", **more: Any
) -> Captured:
    """Keep an idea; arguments that a draft takes go to the draft, the others to the post."""
    of_draft = {
        name: more.pop(name)
        for name in (
            "tags",
            "components",
            "kind",
            "asks",
            "marked",
            "unnamed",
            "resources",
            "credits",
        )
        if name in more
    }
    source = more.pop("source", Source.POST)
    outcome = await store.add(
        post(seconds, **more), draft(text, **of_draft), source=source, now=at(seconds)
    )
    assert isinstance(outcome, Captured), outcome
    return outcome


def arrival(number: int, text: str, **more: Any) -> Arrival:
    """An idea that a file of ours brings in, by somebody who is not known here."""
    return Arrival(
        where=f"line {number}",
        key=f"own:{number}",
        post=replace(post(number, author=""), place=replace(place(number), ts="")),
        author=Author(id="", name="Dee"),
        draft=draft(text),
        number=number,
        **more,
    )


def person(id_: str = "U1", name: str = "Ana Ruiz", **more: Any) -> Person:
    return Person(id=id_, name=name, **more)


def reaction(seconds: float, member: str, stamp: str, name: str = "heart") -> Reaction:
    return Reaction(place(seconds), member, name, stamp)


async def found(
    store: Store, words: str = "", visibility: Visibility = ALL, **more: Any
) -> list[int]:
    """Numbers of the ideas found, in their order."""
    page = await store.find("T1", Filters(words=words, **more), visibility)
    return [idea.number for idea in page.ideas]


def job_names(store: Store) -> set[tuple[str, str]]:
    """(effect, key) of every job that waits."""
    rows = query(store, "select effect, key from outbox")
    return {(row[0], row[1]) for row in rows}


async def take(
    store: Store,
    workspace: str,
    channel: str,
    kind: DeliveryKind,
    subject: str,
    *,
    at: datetime,
    now: datetime,
    lease: timedelta,
    ideas: Sequence[int] = (),
    later: Sequence[Sequence[int]] = (),
    begun: datetime | None = None,
    **plan: Any,
) -> Claim | ClaimUnavailable:
    """Claim a delivery whose first message carries *ideas*, and those that follow *later* ones."""
    delivery = Delivery(workspace=workspace, channel=channel, kind=kind, subject=subject, at=at)
    parts = (tuple(ideas), *map(tuple, later))
    return await store.claim(delivery, Plan(parts=parts, **plan), now=now, lease=lease, begun=begun)


async def jobs_of(store: Store, now: datetime, effect: Effect, limit: int = 9) -> list[Job]:
    """Due jobs of one effect."""
    return [job for job in await store.jobs(now, limit=limit) if job.effect is effect]


async def dues_of(store: Store, workspace: str) -> dict[tuple[str, DeliveryKind], datetime]:
    """All due times of channels that are known, by channel and kind."""
    far = await store.due(workspace, until=datetime(2100, 1, 1, tzinfo=UTC))
    return {(one.channel.id, one.kind): one.at for one in far}


async def plan_due(
    store: Store, workspace: str, channel: str, kind: DeliveryKind, due: datetime | None
) -> None:
    """Have something due in a channel then, whatever its settings say."""
    one = await store.planning(workspace, channel)
    assert one is not None
    await store.plan([(one, {kind: due})])


def query(store: Store, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What the file says, read by somebody else."""
    con = sqlite3.connect(store.path)
    try:
        return con.execute(sql, values).fetchall()
    finally:
        con.close()


def alter(store: Store, sql: str, *values: object) -> None:
    """Change the file behind the store's back."""
    con = sqlite3.connect(store.path, isolation_level=None)
    try:
        con.execute(sql, values)
    finally:
        con.close()


@asynccontextmanager
async def busy(store: Store) -> AsyncIterator[None]:
    """The writer is at work on something else: what is handed over now makes one group."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        begun.set()
        go_on.wait(5)

    held_up = store._write(hold)
    await asyncio.to_thread(begun.wait, 5)
    yield
    go_on.set()
    await held_up
