"""The book of an export: trials and questions beside the ideas, by the same filters and rights."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.core.errors import StoreError
from bot.core.model.exports import PROMPTS, TRIALS
from bot.core.model.ideas import Filters, Source, Trial, TrialOutcome, Visibility, Withdrawal
from bot.core.model.people import ChannelInfo, Workspace
from storage import Store
from tests.exported import exported
from tests.storage.making import ALL, NONE, T0, alter, at, draft, keep, person, place, post

ROOMS: Mapping[str, bool] = {"C1": False, "C2": True}
"""The channels, and whether each is private."""

Sheets = tuple[list[dict[str, object]], list[dict[str, object]]]


def trial(idea_id: int, member: str = "U2", **more: Any) -> Trial:
    return Trial(
        workspace="T1",
        idea_id=idea_id,
        member_id=member,
        came=TrialOutcome.CHANGED,
        tried_at=at(60),
        **more,
    )


def asked(store: Store, day: str, channel: str = "C1", *, sent: bool = True, **more: str) -> None:
    """A question was asked at noon of a day."""
    row = {
        "workspace": "T1",
        "channel": channel,
        "kind": "prompt",
        "subject": day,
        "at": f"{day}T12:00:00.000000Z",
        "prompt_id": "p1",
        "prompt_text": "What grew?",
        "sent_at": f"{day}T12:00:01.000000Z" if sent else None,
    } | more
    marks = ", ".join("?" * len(row))
    alter(store, f"insert into delivery ({', '.join(row)}) values ({marks})", *row.values())


def sheets(
    store: Store, filters: Filters = NONE, visibility: Visibility = ALL, of: str = "T1"
) -> Sheets:
    """Trials and prompts, by column."""

    def named(columns: Sequence[str], rows: object) -> list[dict[str, object]]:
        assert hasattr(rows, "__iter__")
        return [dict(zip(columns, row, strict=True)) for row in rows]

    with store.export_book(of, filters, visibility) as book:
        ideas = list(book.ideas)
        assert ideas == list(exported(store, of, filters, visibility))
        return named(TRIALS, book.trials), named(PROMPTS, book.prompts)


async def saw(store: Store) -> None:
    await store.remember_workspace(Workspace(id="T1", name="Prairie"))
    for channel, private in ROOMS.items():
        info = ChannelInfo(
            id=channel, name=f"room-{channel}", private=private, member=True, archived=False
        )
        await store.remember_channel("T1", info, now=T0)


async def test_a_trial_stands_with_its_idea(store: Store) -> None:
    """It names the idea, its author, who tried it, when, where, how it went, and the network."""
    await saw(store)
    one = await keep(store, 0)
    await store.remember_member("T1", person(), now=T0)
    await store.remember_member("T1", replace(person("U2", "Ben"), title="Librarian"), now=T0)
    await store.add_trial(trial(one.id, grades="3-5", setting="class", words="It went well."))
    (found,), prompts = sheets(store)
    assert {
        "number": 1,
        "author": "Ana Ruiz",
        "tried_at": "2026-11-25T15:01:00Z",
        "tried_by": "Ben",
        "tried_by_id": "U2",
        "title": "Librarian",
        "school": "",
        "outcome": "changed",
        "grades": "3-5",
        "setting": "class",
        "words": "It went well.",
        "workspace": "Prairie",
    } == found
    assert [] == prompts


async def test_a_question_stands_with_its_channel(store: Store) -> None:
    """It says when and where it was asked, and how many ideas answer it there; oldest first."""
    await saw(store)
    asked(store, "2026-11-30", prompt_text="What else?", prompt_id="p2")
    asked(store, "2026-11-23")
    asked(store, "2026-12-07", sent=False)
    answer = draft("We counted what was borrowed")
    await store.add(post(1), answer, source=Source.ANSWER, now=T0, prompt_id="p1")
    trials, (first, second) = sheets(store)
    assert {
        "asked_at": "2026-11-23T12:00:00Z",
        "channel": "room-C1",
        "channel_id": "C1",
        "prompt": "What grew?",
        "answers": 1,
        "workspace": "Prairie",
    } == first
    assert ("What else?", 0) == (second["prompt"], second["answers"])
    assert [] == trials


@pytest.mark.parametrize(
    ("filters", "trials", "prompts"),
    [
        (Filters(), [1, 2], 2),
        (Filters(words="garden"), [2], 2),
        (Filters(tags=("lunch",)), [1], 2),
        (Filters(channel="C2"), [2], 1),
        (Filters(channel="#room-c2"), [2], 1),
        (Filters(channel="nowhere"), [], 0),
        (Filters(since=date(2026, 11, 26)), [2], 1),
        (Filters(until=date(2026, 11, 25)), [1], 1),
        (Filters(people=("nobody",)), [], 2),
    ],
)
async def test_filters(store: Store, filters: Filters, trials: list[int], prompts: int) -> None:
    """Trials are those of the ideas that fit; questions go by channel and day alone."""
    await saw(store)
    one = await keep(store, 0, tags=("lunch",))
    two = await keep(store, 86_400, "A reading garden behind the gym", channel="C2")
    for idea in (two, one):
        await store.add_trial(trial(idea.id))
    asked(store, "2026-11-25")
    asked(store, "2026-11-26", "C2")
    found = sheets(store, filters)
    assert (trials, prompts) == ([row["number"] for row in found[0]], len(found[1]))


@pytest.mark.parametrize(
    ("visibility", "ideas", "trials", "prompts"),
    [
        (Visibility(), 1, 1, 1),
        (Visibility(channels=frozenset({"C2"})), 2, 2, 2),
        (Visibility(only="C2"), 1, 1, 1),
        (Visibility(hidden=frozenset({"C1"})), 0, 0, 0),
        (Visibility(own="U1"), 2, 1, 1),
    ],
)
async def test_rights(
    store: Store, visibility: Visibility, ideas: int, trials: int, prompts: int
) -> None:
    """Who does not see a channel gets none of its trials, of their own ideas neither."""
    await saw(store)
    for n, channel in enumerate(ROOMS):
        idea = await keep(store, n, channel=channel)
        await store.add_trial(trial(idea.id))
        asked(store, "2026-11-25", channel)
    with store.export_book("T1", NONE, visibility) as book:
        assert (ideas, trials, prompts) == tuple(
            len(list(rows)) for rows in (book.ideas, book.trials, book.prompts)
        )


async def test_a_withdrawn_idea_takes_its_trials_along(store: Store) -> None:
    """Nothing that was said of it goes out."""
    one = await keep(store, 0)
    await store.add_trial(trial(one.id, words="It went well."))
    await store.withdraw(place(0), Withdrawal.CROSSED, now=at(1))
    assert ([], []) == sheets(store)


async def test_workspaces_stay_apart(store: Store) -> None:
    """A workspace's book holds its own alone; an operator who names none gets all of them."""
    await saw(store)
    one = await keep(store, 0)
    other = await keep(store, 1, workspace="T2")
    await store.add_trial(trial(one.id))
    await store.add_trial(replace(trial(other.id), workspace="T2"))
    asked(store, "2026-11-25")
    assert [1, 1] == [len(rows) for rows in sheets(store)]
    assert [1, 0] == [len(rows) for rows in sheets(store, of="T2")]
    assert [2, 1] == [len(rows) for rows in sheets(store, of="")]


async def test_a_book_is_one_snapshot(store: Store) -> None:
    """What comes in while its ideas are read is on none of its sheets."""
    one = await keep(store, 0)
    with store.export_book("T1", NONE, ALL) as book:
        assert 1 == len(list(book.ideas))
        await store.add_trial(trial(one.id))
        assert [] == list(book.trials)


async def test_components_have_their_names(store: Store) -> None:
    """The names are those that the bot noted when it started last."""
    await store.name_components({"LIT": "Reading lives"})
    with store.export_book("T1", NONE, ALL) as book:
        assert {"LIT": "Reading lives"} == book.components


async def test_what_goes_wrong_is_said_in_words(store: Store) -> None:
    """An error of the database while a file is written is one of ours."""
    broken = sqlite3.DatabaseError("database disk image is malformed")
    broken.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    with pytest.raises(StoreError, match="damaged"), store.export_book("T1", NONE, ALL):
        raise broken
