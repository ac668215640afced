"""One file of both platforms' ideas, from the command line; and each platform's own in its chat."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.both.sides import Both, Side
from tests.browsing import CHROMIUM
from tests.conftest import eventually
from tests.faults.waiting import so
from tests.people import FORMULA, GARDEN
from tests.processes import commonplace

NAMES = ("number", "workspace", "channel", "channel_id", "author", "author_id", "text")


@pytest.fixture
async def posts(both: Both, clock: Clock) -> dict[str, str]:
    """Rosa's and Ben's ideas on each platform, by turns; the ids of Rosa's posts by platform."""
    found = {}
    for side in both.sides:
        post = await side.post(side.rosa, f"{GARDEN} {side.name}")
        found[side.name] = side.id_of(post)
        await both.calm()
        clock.jump(clock() + timedelta(minutes=1))
    for side in both.sides:
        await side.post(side.ben, FORMULA)
        await both.calm()
        clock.jump(clock() + timedelta(minutes=1))
    return found


async def test_one_file_holds_the_ideas_of_both(
    both: Both, posts: dict[str, str], database: Path
) -> None:
    """Each with its own number, workspace, channel, author and address, in the order of posts."""
    settings = {"DATABASE_URL": f"sqlite:///{database}"}
    table = await commonplace("export", settings=settings)
    rows = list(csv.DictReader(io.StringIO(table.raw.decode("utf-8-sig"), newline="")))
    records = json.loads((await commonplace("export", "--format", "json", settings=settings)).raw)
    slack, teams = both.sides.slack, both.sides.teams
    in_slack = (slack.slack.workspace.name, "leadership", slack.room.id)
    in_teams = ("Microsoft Teams", "Librarians \u203a General", teams.room.id)
    assert [
        (1, *in_slack, "Rosa Alvarez", slack.rosa.id, f"{GARDEN} slack"),
        (1, *in_teams, "Rosa Alvarez", teams.rosa.aad, f"{GARDEN} teams"),
        (2, *in_slack, "Ben Okafor", slack.ben.id, FORMULA),
        (2, *in_teams, "Ben Okafor", teams.ben.aad, FORMULA),
    ] == [tuple(one[name] for name in NAMES) for one in records]
    assert [one["text"] for one in records] == [row["text"].removeprefix("'") for row in rows]
    assert [str(one["number"]) for one in records] == [row["number"] for row in rows]
    for row, record in zip(rows, records, strict=True):
        assert [row[name] for name in ("workspace", "channel", "permalink")] == [
            record[name] for name in ("workspace", "channel", "permalink")
        ]
    for side, row in zip(both.sides, rows, strict=False):
        assert posts[side.name] in row["permalink"]
    assert rows[0]["permalink"].startswith(slack.slack.api_url.removesuffix("api/"))
    assert rows[1]["permalink"].startswith("https://teams.microsoft.com/l/message/19:")


async def test_who_asks_in_the_chat_gets_their_own_platforms(
    both: Both, side: Side, posts: dict[str, str], database: Path
) -> None:
    """The same, byte for byte, as the command line gives for that channel."""
    assert posts
    await side.ask(side.rosa, "export")
    await eventually(so(lambda: bool(side.offered(side.rosa))), "a file is offered")
    settings = {"DATABASE_URL": f"sqlite:///{database}"}
    done = await commonplace("export", "--channel", side.room.id, settings=settings)
    assert done.raw == await side.take_file(side.rosa, both.bot)
    assert both.sides.beside(side).room.id not in done.out


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        ("report", b"<!doctype html>"),
        ("report md", b"# "),
        ("report pdf", b"%PDF-"),
        ("report plan csv", b"\xef\xbb\xbfcomponent,"),
    ],
)
async def test_a_coordinator_gets_page_and_plan(
    both: Both, side: Side, posts: dict[str, str], asked: str, begins: bytes
) -> None:
    """As a file in their chat with the bot, of the channel that they name."""
    if "pdf" in asked and CHROMIUM is None:
        pytest.skip("needs Chromium")
    assert posts
    (known,) = {row["channel"] for row in await side.rows(both.bot)}
    assert "I am making" in await side.ask(side.rosa, f'{asked} channel:"{known}"')
    await eventually(so(lambda: bool(side.offered(side.rosa))), "a file is offered")
    made = await side.take_file(side.rosa, both.bot)
    assert made.lstrip().startswith(begins)
    assert GARDEN.encode() in made or "pdf" in asked
