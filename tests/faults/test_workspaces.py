"""A second workspace: another file, another token, and people of other teams."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.core.model.actions import Act
from bot.core.model.people import Workspace
from bot.sandbox.delivery import Kind
from bot.sandbox.model import Channel, Member
from storage import open_store
from tests.conftest import Bot, bot_at
from tests.faults.wire import IDEA, envelope, ready
from tests.people import calm, keep
from tests.processes import commonplace
from tests.slack import Slack
from tests.storage.making import dues_of
from tests.test_run import settings_of

THEIRS = "T0STRANGER"


def workspaces(database: Path) -> list[str]:
    """The ids of the rows in `workspace`."""
    with closing(sqlite3.connect(database)) as con:
        return [row[0] for row in con.execute("select id from workspace order by id")]


def held(database: Path) -> dict[str, list[Any]]:
    """Everything that people can change."""
    with closing(sqlite3.connect(database)) as con:
        tables = ("workspace", "member", "idea", "trial", "channel", "reaction", "outbox")
        return {table: con.execute(f"select * from {table}").fetchall() for table in tables}


def from_elsewhere(slack: Slack, who: Member, kind: str) -> dict[str, Any]:
    """A press or a form of somebody whose payload names a team of others."""
    return {
        "type": kind,
        "user": {"id": who.id, "name": who.name, "team_id": THEIRS},
        "team": {"id": THEIRS, "domain": "strangers"},
        "api_app_id": slack.installation.app_id,
        "trigger_id": slack.interactions.triggers.trigger(who.id),
        "is_enterprise_install": False,
    }


def pressed(slack: Slack, who: Member, room: Channel) -> dict[str, Any]:
    """A press on *Remove*, with a value that fits."""
    return from_elsewhere(slack, who, "block_actions") | {
        "channel": {"id": room.id, "name": room.name},
        "container": {"type": "message", "channel_id": room.id},
        "actions": [
            {"type": "button", "action_id": str(Act.REMOVE), "block_id": "b", "value": "1"},
        ],
    }


def filled_in(
    slack: Slack, who: Member, room: Channel, *, installed: str = THEIRS
) -> dict[str, Any]:
    """The form about oneself, sent in."""
    school = {"value": {"type": "plain_text_input", "value": "Elsewhere High"}}
    return from_elsewhere(slack, who, "view_submission") | {
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": str(Act.PROFILE),
            "private_metadata": room.id,
            "team_id": THEIRS,
            "app_installed_team_id": installed,
            "state": {"values": {"school": school}},
            "blocks": [],
        },
    }


def typed(slack: Slack, who: Member, room: Channel) -> dict[str, Any]:
    """An idea, typed into a command."""
    return {
        "command": "/idea",
        "text": f"{IDEA} elsewhere",
        "team_id": THEIRS,
        "channel_id": room.id,
        "user_id": who.id,
        "user_name": who.name,
        "trigger_id": slack.interactions.triggers.trigger(who.id),
        "api_app_id": slack.installation.app_id,
    }


@pytest.mark.parametrize(
    ("kind", "made"),
    [("interactive", pressed), ("interactive", filled_in), ("slash_commands", typed)],
)
async def test_what_a_stranger_asks_changes_nothing(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    kind: Kind,
    made: Any,
) -> None:
    """Whatever a payload that names another team asks, nothing is stored, and it is answered."""
    await keep(bot, slack, rosa, room, IDEA)
    before = held(database)
    outcome = await slack.delivery.ask(kind, made(slack, rosa, room))
    assert outcome.ok
    await calm(bot, slack)
    assert before == held(database)
    assert (200, {}) == await ready(bot)


@pytest.mark.parametrize("sister", [True, False])
async def test_a_form_of_ours_from_another_team_is_taken_from_members_alone(
    bot: Bot, slack: Slack, room: Channel, database: Path, *, sister: bool
) -> None:
    """`app_installed_team_id` says that a form is for us; who is of a sister workspace may."""
    member = slack.add_user("kim", display_name="Kim Lee")
    member.team_id = THEIRS
    if sister:
        member.teams = (THEIRS, slack.workspace.team_id)
    ours = slack.workspace.team_id
    form = filled_in(slack, member, room, installed=ours)
    assert (await slack.delivery.ask("interactive", form)).ok
    await calm(bot, slack)
    with closing(sqlite3.connect(database)) as con:
        schools = dict(con.execute("select id, school from member where school <> ''"))
    assert schools == ({member.id: "Elsewhere High"} if sister else {})
    assert [ours] == workspaces(database)


async def test_an_event_for_another_workspace_is_acknowledged_and_changes_nothing(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """It is no reason to send it again, and no second workspace begins with it."""
    await keep(bot, slack, rosa, room, IDEA)
    before = held(database)
    said = {"type": "message", "channel": room.id, "user": rosa.id, "text": f"{IDEA} too"}
    said |= {"ts": "1795618800.000100", "event_ts": "1795618800.000100"}
    joined = {"type": "member_joined_channel", "channel": "C0STRANGE1", "user": slack.bot.id}
    for number, event in enumerate((said, joined)):
        body = envelope(slack, event, f"Ev{number}") | {"team_id": THEIRS}
        body["authorizations"] = [{"team_id": THEIRS, "user_id": "U0THEIRS", "is_bot": True}]
        slack.delivery.send(body, f"strange {number}")
    await calm(bot, slack)
    assert [] == slack.delivery.lost
    assert before == held(database)
    await bot.parts.schedule.wake()
    assert (200, {}) == await ready(bot)


# -- another file ---------------------------------------------------------------------------------


async def other_file(database: Path, *, stray: str | None = None) -> None:
    """A database that a bot of another workspace has made; or one that only heard of *stray*."""
    store = open_store(f"sqlite:///{database}")
    if stray is None:
        await store.remember_workspace(
            Workspace(
                id="T0TEST",
                name="Test Network",
                bot_user_id="U0BOT",
                bot_id="B0BOT",
                platform="slack",
            )
        )
    await store.close()
    if stray is not None:
        with closing(sqlite3.connect(database)) as con:
            con.execute("insert into workspace (id) values (?)", (stray,))
            con.commit()


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("catch-up",),
        ("digest", "--channel", "leadership", "--post"),
        ("prompt", "--channel", "leadership", "--post"),
    ],
)
async def test_a_file_of_another_workspace_is_said_with_what_to_do(
    slack: Slack, database: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Nothing is changed, and the program ends with 2, both names and the setting."""
    await other_file(database)
    settings = settings_of(slack, database) | {"PORT": "0", "COMMONPLACE_LOG_FORMAT": "console"}
    async with asyncio.timeout(60):
        done = await commonplace(*words, settings=settings, folder=tmp_path)
    assert 2 == done.status, done.err
    for named in ("Test Network (T0TEST)", slack.workspace.team_id, "DATABASE_URL"):
        assert named in done.err
    assert "Traceback" not in done.err
    assert ["T0TEST"] == workspaces(database)


async def test_doctor_tells_a_file_of_another_workspace(
    slack: Slack, database: Path, tmp_path: Path
) -> None:
    """One line, among the others, says whose it is."""
    await other_file(database)
    done = await commonplace("doctor", settings=settings_of(slack, database), folder=tmp_path)
    assert 1 == done.status
    (line,) = [one for one in done.out.splitlines() if "T0TEST" in one]
    assert line.startswith("FAIL")


@pytest.mark.parametrize("stray", [THEIRS, ""])
async def test_a_row_of_no_installation_stops_nothing(
    slack: Slack, rosa: Member, room: Channel, database: Path, tmp_path: Path, stray: str
) -> None:
    """A file in which an earlier version noted a stranger's team, or none, works as ever."""
    await other_file(database, stray=stray)
    slack.post(rosa, room, IDEA)
    now = slack.clock() + timedelta(minutes=1)
    settings = settings_of(slack, database) | {"COMMONPLACE_CLOCK": now.isoformat()}
    done = await commonplace("doctor", settings=settings, folder=tmp_path)
    assert 0 == done.status, done.out + done.err
    done = await commonplace("catch-up", "--since", "2020-01-01", settings=settings)
    assert "1 new" in done.out, done.err
    done = await commonplace("digest", "--channel", room.name, "--post", settings=settings)
    assert 0 == done.status, done.err
    assert sorted([stray, slack.workspace.team_id]) == workspaces(database)


@pytest.mark.parametrize("stray", [THEIRS, ""])
async def test_an_export_finds_its_channel_and_author_beside_a_strangers_row(
    kept: dict[str, str], database: Path, stray: str
) -> None:
    """What an operator names is looked for where ideas are, whatever else was noted there."""
    await other_file(database, stray=stray)
    for words in (("--channel", "leadership"), ("--author", "Rosa Alvarez")):
        done = await commonplace("export", *words, settings=kept)
        assert 3 == len(done.out.splitlines()), done.err


async def test_a_file_of_two_installations_serves_the_one_of_the_token(
    slack: Slack, rosa: Member, room: Channel, kept: dict[str, str], database: Path, clock: Clock
) -> None:
    """A file that an earlier version filled in two workspaces goes on in the token's own."""
    assert kept
    await other_file(database)
    async with bot_at(slack, database, clock) as bot:
        await keep(bot, slack, rosa, room, f"{IDEA} again")
        await bot.parts.schedule.wake()
        assert await dues_of(bot.parts.store, slack.workspace.team_id)
        assert (200, {}) == await ready(bot)
