"""How long a member waits for their Home, beside what Slack takes."""

import time
from collections.abc import Iterator
from datetime import datetime

from bot.core.desk.home import Homes
from bot.core.desk.ideas import Ideas
from bot.core.finding.care import Care
from bot.core.finding.claims import Claims
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.finding.saved import SavedIdeas
from bot.core.finding.similar import Similar
from bot.core.intake.keep import Keeper
from bot.core.intake.reader import Reader
from bot.core.messages.home import to
from bot.core.model.channel_week import ScheduleDefaults
from bot.core.model.home import Tab
from bot.core.model.people import Asker, ChannelInfo, Person
from bot.core.week.settings import ChannelSettings
from bot.core.week.shares import ChannelShares, ShareMaker
from bot.data.capture import load_rules
from bot.data.common_words import load_likeness
from bot.data.framework import load_framework
from handlers.slack import render
from storage import Store
from tests.benchmarks.books import LAST, TEAM, channel
from tests.benchmarks.finding import p99
from tests.benchmarks.table import Row
from tests.core.chat import MemoryChat
from tests.core.stage import CHICAGO

MEMBER = "U0MEMBER000"
TIMES = 100


async def rows(store: Store, count: int) -> list[Row]:
    """Each tab of the desk of a coordinator with ideas of their own, drawn as Slack gets it."""
    homes, asker = _homes(store), Asker(workspace=TEAM, member_id=MEMBER, pressed=True)
    await store.saw_channel(TEAM, channel(0), now=LAST, invited_by=MEMBER)
    took: list[float] = []
    bytes_of = 0
    for tab, entered in _asked():
        for _ in range(TIMES):
            began = time.perf_counter()
            view = render.to_home(await homes.show(asker, to(tab), entered))
            took.append((time.perf_counter() - began) * 1000)
            bytes_of = max(bytes_of, len(str(view)))
    return [
        Row(
            what=f"a tab of the Home at {count:,} ideas, p99",
            value=p99(took),
            goal=100,
            stretch=25,
            at_most=True,
            unit=" ms",
            note=f"p50 {sorted(took)[len(took) // 2]:.2f} ms, the largest {bytes_of / 1000:.0f} KB",
        )
    ]


def _asked() -> Iterator[tuple[Tab, dict[str, str]]]:
    yield from ((tab, {}) for tab in Tab)
    yield Tab.FIND, {"words": "reading garden"}
    yield Tab.FIND, {"words": "library", "component": "PART", "channel": channel(0)}


def _homes(store: Store) -> Homes:
    def now() -> datetime:
        return LAST

    room, framework = MemoryChat(now), load_framework()
    room.people[MEMBER] = Person(id=MEMBER, name="A member")
    room.channels[channel(0)] = ChannelInfo(id=channel(0), name="room-0", private=False)
    room.inside[channel(0)] = {MEMBER}
    permissions = Permissions(store=store, chats=room, now=now)
    finder = IdeaFinder(
        store=store,
        chats=room,
        permissions=permissions,
        framework=framework,
        now=now,
        zone=CHICAGO,
    )

    async def plan() -> None:
        pass

    settings = ChannelSettings(
        store=store,
        chats=room,
        permissions=permissions,
        defaults=ScheduleDefaults(CHICAGO, None, None),
        speaks=lambda _: True,
        plan=plan,
        now=now,
    )
    maker = ShareMaker(store=store, framework=framework, base_url="http://x", now=now)
    shares = ChannelShares(store=store, settings=settings, maker=maker, now=now)
    saved = SavedIdeas(store=store, finder=finder, permissions=permissions, now=now)
    ideas = Ideas(
        store=store,
        finder=finder,
        keeper=Keeper(store, Reader(framework, load_rules()), now),
        framework=framework,
        claims=Claims(store=store, finder=finder, permissions=permissions, now=now),
        similar=Similar(store=store, permissions=permissions, likeness=load_likeness()),
        care=Care(store=store, finder=finder, permissions=permissions),
        saved=saved,
    )
    return Homes(
        store=store,
        finder=finder,
        framework=framework,
        permissions=permissions,
        chats=room,
        settings=settings,
        shares=shares,
        saved=saved,
        ideas=ideas,
    )
