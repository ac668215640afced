"""A bot of the real store and a chat in memory, on a clock that only tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.delivery.poster import DeliveryPoster
from bot.core.model.channel_week import ScheduleDefaults
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Captured, Draft, Kind, Source
from bot.core.model.people import Channel, ChannelInfo, Person, Workspace
from bot.core.model.posts import Place, Post, Text
from bot.core.model.weeks import WeekTime
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.core.week.digest_builder import DigestBuilder
from bot.core.week.picker import PromptPicker
from bot.core.week.timetable import Timetable
from bot.core.week.weekly import Weekly
from bot.data.calendar import load_calendar
from bot.data.framework import load_framework
from bot.data.prompts import load_bank
from storage import Store, open_store
from tests.core.chat import MemoryChat
from tests.fresh import fresh
from tests.storage.making import dues_of

CHICAGO = ZoneInfo("America/Chicago")
HABITS = ScheduleDefaults(CHICAGO, WeekTime(4, time(15)), WeekTime(0, time(9)))
FRAMEWORK = load_framework()
CALENDAR = load_calendar()
BANK = load_bank(CALENDAR)
DIGEST, PROMPT = DeliveryKind.DIGEST, DeliveryKind.PROMPT
TEXTS = count(1)


def chicago(text: str) -> datetime:
    """An instant, from the time on a wall in Chicago."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@dataclass(slots=True)
class Hands:
    """A clock that moves only by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, pause: timedelta) -> None:
        self.at += pause

    def show(self, text: str) -> None:
        """Move to a time on a wall in Chicago."""
        self.at = chicago(text)


@dataclass(slots=True)
class Stage:
    """Everything a test touches. *real* is the clock of leases; here it is the same one."""

    path: Path
    store: Store
    room: MemoryChat
    clock: Hands
    real: Hands
    weekly: Weekly
    timetable: Timetable

    async def channel(self, ident: str = "C1") -> Channel:
        found = await self.store.channel("T1", ident)
        assert found is not None
        return found

    async def open_channel(self, ident: str = "C1") -> Channel:
        """The bot is invited to a channel."""
        await self.store.saw_channel("T1", ident, now=self.clock())
        info = ChannelInfo(id=ident, name=f"ideas-{ident.lower()}", private=False)
        return await self.store.remember_channel("T1", info, now=self.clock())

    async def says(
        self,
        author: str,
        text: str = "",
        *,
        channel: str = "C1",
        at: datetime | None = None,
        kind: Kind = Kind.IDEA,
    ) -> int:
        """A member posts an idea; returns its number."""
        number = next(TEXTS)
        posted_at = at or self.clock()
        place = Place("T1", channel, f"{posted_at.timestamp():.0f}.{number:06}")
        words = text or f"Idea {number}: we planned a unit together and taught it."
        post = Post(place=place, posted_at=posted_at, author_id=author, body=(Text(words),))
        draft = Draft(text=words, kind=kind, marked=False, components=("PART",))
        await self.store.remember_member(
            "T1", Person(id=author, name=f"{author} Name"), now=self.clock()
        )
        kept = await self.store.add(post, draft, source=Source.POST, now=self.clock())
        assert isinstance(kept, Captured)
        return kept.number

    async def due(self, kind: DeliveryKind = DIGEST, channel: str = "C1") -> datetime | None:
        return (await dues_of(self.store, "T1")).get((channel, kind))

    async def restarted(self) -> Stage:
        """A new process: nothing survives but the file and what stands in the chat."""
        await self.store.close()
        return await staged(self.path, self.room, self.clock, self.real)

    async def another(self) -> Stage:
        """A second process beside this one."""
        return await staged(self.path, self.room, self.clock, self.real)


async def staged(
    path: Path,
    room: MemoryChat,
    clock: Hands,
    real: Hands,
    *,
    defaults: ScheduleDefaults = HABITS,
    wrap: Callable[[Store], IdeaStore] = lambda store: store,
    watched: Callable[[Channel], bool] | None = None,
    caught_up: Callable[[Channel], bool] = lambda _channel: True,
    patience: float = 2.5,
) -> Stage:
    store = open_store(fresh(path), patience=patience)
    await store.remember_workspace(Workspace(id="T1", bot_user_id="UBOT", bot_id="BBOT"))
    weekly = weekly_of(wrap(store), room, clock, real, defaults)
    timetable = replace(timetable_of(weekly), caught_up=caught_up)
    if watched is not None:
        timetable = replace(timetable, watched=watched)
    return Stage(path, store, room, clock, real, weekly, timetable)


def weekly_of(
    store: IdeaStore,
    chat: Chats,
    clock: Callable[[], datetime],
    real: Callable[[], datetime],
    defaults: ScheduleDefaults = HABITS,
) -> Weekly:
    """What posts by the week, on this store and chat."""
    return Weekly(
        store=store,
        poster=DeliveryPoster(store=store, chats=chat, now=clock, real_now=real),
        builder=DigestBuilder(
            store=store, chats=chat, framework=FRAMEWORK, zone=defaults.zone, now=clock
        ),
        picker=PromptPicker(store=store, framework=FRAMEWORK, bank=BANK, calendar=CALENDAR),
        defaults=defaults,
    )


def timetable_of(weekly: Weekly) -> Timetable:
    """A new process's timetable. The bot speaks everywhere, and has read all that was posted."""

    async def yes(*_: object) -> bool:
        return True

    async def nothing(_home: str) -> None:
        pass

    return Timetable(
        store=weekly.store,
        weekly=weekly,
        homes=lambda: frozenset({"T1"}),
        now=weekly.poster.now,
        real_now=weekly.poster.real_now,
        watched=lambda _channel: True,
        caught_up=lambda _channel: True,
        before=yes,
        personal=nothing,
        on_result=lambda _kind, _result: None,
    )


@asynccontextmanager
async def stage(
    tmp_path: Path, start: str = "2026-11-24T10:00", *, defaults: ScheduleDefaults = HABITS
) -> AsyncIterator[Stage]:
    """A Tuesday morning in Chicago, one channel, nothing posted yet."""
    clock = Hands(chicago(start))
    set_ = await staged(tmp_path / "test.db", MemoryChat(clock), clock, clock, defaults=defaults)
    try:
        await set_.open_channel()
        yield set_
    finally:
        await set_.store.close()
