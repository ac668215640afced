"""Whose database it is: strangers change nothing, and a file of both platforms serves either."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.both.sides import Both, Sides, on_both
from tests.both.test_friday import MINE, share
from tests.conftest import bot_at
from tests.faults.wire import ready
from tests.processes import commonplace
from tests.teams.model import Payload
from tests.teams.running import bot_in

THEIRS = "11111111-2222-4333-8444-555555555555"


def written_in(database: Path) -> list[str]:
    """All that stands in the tables of a database."""
    with closing(sqlite3.connect(database)) as con:
        return list(con.iterdump())


def from_elsewhere(activity: Payload) -> Payload:
    """The same as it comes from another tenant."""
    found = {**activity, "conversation": {**activity["conversation"], "tenantId": THEIRS}}
    return {**found, "channelData": {**activity["channelData"], "tenant": {"id": THEIRS}}}


async def test_what_another_tenant_sends_changes_nothing(both: Both, database: Path) -> None:
    """It is acknowledged, whatever it is, so that it does not come again; and all goes on."""
    await share(both)
    teams = both.sides.teams
    act, rosa, room = teams.teams.act.activities, teams.rosa, teams.room
    item = next(one for one in room.items.values() if one.author is rosa)
    before = written_in(database)
    for activity in (
        act.message(item, room, kind="messageUpdate", event="editMessage"),
        act.message(item, room, kind="messageDelete", event="softDeleteMessage"),
        {**act.message(item, room), "id": "1795618899000"},
        act.installation(rosa, room, "add"),
        act.installation(rosa, room, "remove"),
        act.update(rosa, teams.team, "channelDeleted", channel=room),
        act.update(rosa, teams.team, "teamRenamed"),
        act.reaction(rosa, item, room, "like", added=True),
        act.invoke(rosa, room, "task/submit", {"data": {"act": "profile_open"}}),
    ):
        assert 200 == (await teams.teams.courier.send(from_elsewhere(activity))).status
    await both.calm()
    assert before == written_in(database)
    assert (200, {}) == await ready(both.bot)


def settings_of(sides: Sides, database: Path, tenant: str, *, both: bool) -> dict[str, str]:
    """What an operator sets; nobody asks Microsoft, for it is a rehearsal."""
    teams, slack = sides.teams.teams, sides.slack.slack
    told = {
        "TEAMS_CLIENT_ID": teams.app_id,
        "TEAMS_CLIENT_SECRET": teams.secret,
        "TEAMS_TENANT_ID": tenant,
        "TEAMS_GRAPH_URL": teams.graph_url,
        "TEAMS_REHEARSAL": "allow",
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": "0",
        "COMMONPLACE_LOG_FORMAT": "console",
    }
    if not both:
        return told
    return told | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.mark.parametrize(
    ("words", "both"),
    [
        (("run",), True),
        (("digest", "--channel", "General", "--post"), True),
        (("catch-up",), False),
    ],
)
async def test_a_file_of_another_tenant_is_refused_with_words(
    sides: Sides,
    database: Path,
    clock: Clock,
    tmp_path: Path,
    words: tuple[str, ...],
    *,
    both: bool,
) -> None:
    """The program ends with 2 and names both tenants and the settings; nothing is changed."""
    async with bot_in(sides.teams.teams, database, clock):
        await sides.teams.begin()
    before = written_in(database)
    settings = settings_of(sides, database, THEIRS, both=both)
    async with asyncio.timeout(60):
        done = await commonplace(*words, settings=settings, folder=tmp_path)
    assert 2 == done.status, done.err
    for named in (sides.teams.home, THEIRS, "DATABASE_URL", "TEAMS_TENANT_ID"):
        assert named in done.err
    assert "Traceback" not in done.err
    assert before == written_in(database)


async def test_a_file_of_both_serves_either_and_both(
    sides: Sides, database: Path, clock: Clock
) -> None:
    """Each finds its own ideas, goes on with its own numbers, and shows none of the other's."""
    async with on_both(sides, database, clock) as both:
        await share(both)
    for side, running in (
        (sides.slack, bot_at(sides.slack.slack, database, clock, transport="http")),
        (sides.teams, bot_in(sides.teams.teams, database, clock)),
    ):
        async with running as bot:
            await side.post(side.ben, "Book tasting at lunch doubled our checkouts")
            await side.calm(bot)
            assert [2, 1] == sorted((row["number"] for row in await side.rows(bot)), reverse=True)
            shown = await side.ask(side.ben, "list")
            assert MINE[side.name] in shown
            assert MINE[sides.beside(side).name] not in shown
            assert (200, {}) == await ready(bot)
    async with on_both(sides, database, clock) as both:
        assert [2, 2] == [len(await side.rows(both.bot)) for side in sides]
