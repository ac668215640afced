"""What is due, and which channels' due times are to be reckoned anew."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.core.model.channel_week import Due, Unplanned
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import ChannelInfo, Previews
from bot.core.model.weeks import Span
from storage import Store
from storage.rows import stamp
from storage.timetable import UNPLANNED
from tests.storage.making import T0, alter, at, dues_of, plan_due, query

DIGEST, PROMPT = DeliveryKind.DIGEST, DeliveryKind.PROMPT


async def known(store: Store, *channels: str, workspace: str = "T1") -> None:
    """The bot is in these channels, and all of them are planned."""
    for channel in channels:
        await store.saw_channel(workspace, channel, now=T0)
    await store.plan([(one, {}) for one in await unplanned(store, workspace)])


async def unplanned(store: Store, workspace: str = "T1") -> Sequence[Unplanned]:
    return await store.unplanned(workspace, after="", limit=99)


def named(dues: Sequence[Due]) -> list[tuple[str, DeliveryKind, datetime]]:
    return [(one.channel.id, one.kind, one.at) for one in dues]


async def test_what_is_due_comes_longest_overdue_first(store: Store) -> None:
    """A time can be moved and taken away; other workspaces and unknown channels are passed over."""
    await known(store, "C1", "C2")
    await known(store, "C2", workspace="T2")
    await plan_due(store, "T1", "C1", DIGEST, at(50))
    await plan_due(store, "T1", "C1", DIGEST, at(20))
    await plan_due(store, "T1", "C2", PROMPT, at(10))
    await plan_due(store, "T2", "C2", PROMPT, at(5))
    alter(store, "insert into due values ('T1', 'CGONE', 'prompt', ?, 0)", stamp(at(5)))
    assert [] == named(await store.due("T1", until=at(9)))
    both = await store.due("T1", until=at(20))
    assert [("C2", PROMPT, at(10)), ("C1", DIGEST, at(20))] == named(both)
    await plan_due(store, "T1", "C2", PROMPT, None)
    assert {("C1", DIGEST): at(20)} == await dues_of(store, "T1")
    assert (at(20), None) == (
        await store.due_at("T1", "C1", DIGEST),
        await store.due_at("T1", "C2", PROMPT),
    )


async def test_what_was_shown_is_shown_until_another_time_is_set(store: Store) -> None:
    """Another due time is to be shown again, though the time before was."""
    await known(store, "C1")
    for due in (at(10), at(20)):
        await plan_due(store, "T1", "C1", DIGEST, due)
        assert [] == list(await store.due("T1", until=due - timedelta(seconds=1)))
        assert [False] == [one.shown for one in await store.due("T1", until=due)]
        await store.set_shown("T1", "C1", DIGEST, at(1))  # it was moved since
        assert [False] == [one.shown for one in await store.due("T1", until=due)]
        await store.set_shown("T1", "C1", DIGEST, due)
        assert [True] == [one.shown for one in await store.due("T1", until=due)]


async def test_a_new_channel_is_unplanned_and_read_in_pages(store: Store) -> None:
    """From the moment it is known, and again whenever all are to be reckoned anew."""
    for channel in ("C1", "C2", "C3"):
        await store.saw_channel("T1", channel, now=T0)
    first = await store.unplanned("T1", after="", limit=2)
    assert ["C1", "C2"] == [one.channel.id for one in first]
    (last,) = await store.unplanned("T1", after="C2", limit=2)
    await store.plan([(last, {DIGEST: at(9), PROMPT: None})])
    assert ["C1", "C2"] == [one.channel.id for one in await unplanned(store)]
    await store.unplan("T1")
    again = await unplanned(store)
    assert [{}, {}, {DIGEST: at(9)}] == [one.dues for one in again]
    assert [True, True, False] == [one.new for one in again]
    await store.plan([(again[2], {DIGEST: None, PROMPT: at(5)})])
    assert {("C3", PROMPT): at(5)} == await dues_of(store, "T1")


@pytest.mark.parametrize(
    "chosen",
    [
        {"zone": "Europe/Berlin"},
        {"digest": "off"},
        {"prompt": "tue 09:00"},
        {"breaks": (Span(date(2026, 12, 21), date(2027, 1, 4)),)},
        {"paused_until": date(2026, 12, 1)},
        {"previews": Previews.NEVER},
    ],
    ids=lambda chosen: next(iter(chosen)),
)
async def test_a_channel_whose_settings_change_is_unplanned(
    store: Store, chosen: dict[str, object]
) -> None:
    """Each of the settings that due times go by, and none when it stays as it was."""
    await known(store, "C1", "C2")
    channel = await store.channel("T1", "C1")
    assert channel is not None
    await store.set_settings(replace(channel, line="Hello"), who="U1", now=T0)
    assert [] == list(await unplanned(store))
    wanted = replace(channel, **chosen)  # type: ignore[arg-type]
    await store.set_settings(wanted, who="U1", now=T0)
    (one,) = await unplanned(store)
    assert wanted == replace(one.channel, line=wanted.line)


async def test_a_channel_that_the_platform_tells_anew_is_unplanned_when_it_changed(
    store: Store,
) -> None:
    """Renamed, archived or left it is; told the same again it is not."""
    info = ChannelInfo(id="C1", name="ideas", private=False)
    await store.remember_channel("T1", info, now=T0)
    for changed in (
        replace(info, name="more-ideas"),
        replace(info, archived=True),
        replace(info, member=False),
    ):
        await known(store)
        await store.remember_channel("T1", changed, now=T0)
        assert ["C1"] == [one.channel.id for one in await unplanned(store)]
        await known(store)
        await store.remember_channel("T1", changed, now=T0)
        assert [] == list(await unplanned(store))


async def test_a_channel_that_changes_while_it_is_planned_stays_unplanned(store: Store) -> None:
    """What was reckoned by the old settings is reckoned once more."""
    await store.saw_channel("T1", "C1", now=T0)
    (one,) = await unplanned(store)
    await store.set_settings(replace(one.channel, digest="off"), who="U1", now=T0)
    await store.plan([(one, {DIGEST: at(9)})])
    (again,) = await unplanned(store)
    assert "off" == again.channel.digest


async def test_a_look_for_what_is_due_reads_no_table_from_end_to_end(store: Store) -> None:
    """What is due and what is unplanned are found by an index."""
    due = "select channel from due where workspace = 'T1' and due <= 'x' order by due, channel"
    values = {"workspace": "'T1'", "after": "''", "limit": "9"}
    for sql in (due, re.sub(r":(\w+)", lambda found: values[found[1]], UNPLANNED)):
        plan = " ".join(row[3] for row in query(store, f"explain query plan {sql}"))
        assert "due_by_time" in plan or "channel_unplanned" in plan, plan
