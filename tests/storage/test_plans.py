"""What runs on the event loop is found by an index, however much the file holds."""

from collections.abc import Callable

import pytest

from bot.core.model.deliveries import DeliveryKind
from bot.core.model.subscriptions import Subscription
from storage import (
    Store,
    care,
    channels,
    deliveries,
    digests,
    home,
    ideas,
    members,
    outbox,
    readings,
    responses,
    saved,
    settings,
    subscriptions,
    timetable,
    trials,
)
from storage.sqlite.connection import Connection, connect
from tests.storage.making import T0, at, keep, place, post

WANTED = Subscription(workspace="T1", member_id="U1", since=T0, components=("LIT",))
LOOK_UPS: dict[str, Callable[[Connection], object]] = {
    "channel": lambda con: channels.channel(con, "T1", "C1"),
    "member": lambda con: members.member(con, "T1", "U1"),
    "names": lambda con: members.names(con, "T1", ["U1", "C1"]),
    "reading": lambda con: readings.reading(con, "T1", "C1"),
    "reactors": lambda con: responses.reactors(con, place(0), "bulb"),
    "replies": lambda con: readings.replies_of(con, place(0)),
    "thread": lambda con: readings.thread_of(con, place(0)),
    "idea": lambda con: ideas.by_id(con, 1),
    "idea at its place": lambda con: ideas.at_place(con, place(0)),
    "whose it is": lambda con: care.owner_of(con, post(0)),
    "deliveries": lambda con: deliveries.unfinished(con, "T1", "C1", DeliveryKind.DIGEST),
    "delivery": lambda con: deliveries.delivery_at(con, place(0)),
    "digests": lambda con: deliveries.digests_sent(con, "T1", "C1"),
    "prompts": lambda con: deliveries.recent_prompts(con, "T1", "C1", limit=26),
    "the question of a week": lambda con: home.asked_prompt(con, "T1", "C1", "2026-W48"),
    "what was gathered": lambda con: home.gathered(con, "T1", "U1"),
    "due time": lambda con: timetable.due_at(con, "T1", "C1", DeliveryKind.DIGEST),
    "due times": lambda con: timetable.planning(con, "T1", "C1"),
    "trials": lambda con: trials.of(con, 1),
    "what is saved": lambda con: saved.saved_among(con, "T1", "U1", [1, 2]),
    "links and files": lambda con: saved.resources_of(con, [1, 2]),
    "a skipped week": lambda con: digests.skipped_by(con, "T1", "C1", "2026-W48"),
    "what was left out": lambda con: digests.left_out(con, "T1", "C1"),
    "changes": lambda con: settings.changes(con, "T1", "C1", limit=9),
    "a subscription": lambda con: subscriptions.subscription(con, "T1", "U1"),
    "what is due of them": lambda con: subscriptions.coming(con, "T1", until=T0, limit=9),
    "news": lambda con: subscriptions.news(con, WANTED, ["C1"], at=T0, oldest=T0),
    "jobs": lambda con: outbox.jobs(con, at(9), limit=9),
    "the next job": outbox.next_due,
}


def is_long(step: str) -> bool:
    """Whether a step of a plan reads all of a table, or all that a workspace has in it.

    Of replies there are so many in one channel that these are not to be read either.
    """
    of_channel = "PRIMARY KEY (workspace=? AND channel=?)"
    return (
        (step.startswith("SCAN") and "INDEX" not in step)
        or step.endswith("(workspace=?)")
        or (step.startswith(("SEARCH reply", "SEARCH y")) and step.endswith(of_channel))
    )


@pytest.mark.parametrize("look_up", LOOK_UPS.values(), ids=LOOK_UPS)
async def test_a_look_up_reads_no_table_from_end_to_end(
    store: Store, look_up: Callable[[Connection], object]
) -> None:
    """No statement of a look-up reads a whole table, or all that a workspace has in it."""
    await store.saw_channel("T1", "C1", now=T0)
    await keep(store)
    con = connect(store.path, mode="ro", patience=1, cache_kib=1024)
    asked: list[str] = []
    con.set_trace_callback(asked.append)
    look_up(con)
    con.set_trace_callback(None)
    assert asked
    for sql in asked:
        plan = [row["detail"] for row in con.execute(f"explain query plan {sql}")]
        assert [] == [step for step in plan if is_long(step)], sql
    con.close()


async def test_a_reply_is_counted_by_its_thread(store: Store) -> None:
    """Counting a reply, or what a file brought, reads the replies of one message, not all."""
    await keep(store)
    await store.close()
    con = connect(store.path, mode="rw", patience=1, cache_kib=1024)
    asked: list[str] = []
    con.set_trace_callback(asked.append)
    responses.add_reply(con, place(0), place(9), "U2")
    responses.count_all(con, [1])
    con.set_trace_callback(None)
    counted = {sql for sql in asked if sql.startswith("update idea") and "reply y" in sql}
    assert 2 == len(counted)
    for sql in counted:
        plan = [row["detail"] for row in con.execute(f"explain query plan {sql}")]
        assert [] == [step for step in plan if is_long(step)], sql
    con.close()


async def test_what_came_to_be_shown_is_noted_without_a_look_at_all(store: Store) -> None:
    """At each look of the schedule only what is to be noted is read."""
    await keep(store)
    await store.close()
    con = connect(store.path, mode="rw", patience=1, cache_kib=1024)
    asked: list[str] = []
    con.set_trace_callback(asked.append)
    subscriptions.note_shown(con, "T1", at=T0)
    con.set_trace_callback(None)
    (sql,) = asked
    plan = [row["detail"] for row in con.execute(f"explain query plan {sql}")]
    assert [] == [step for step in plan if is_long(step)]
    con.close()
