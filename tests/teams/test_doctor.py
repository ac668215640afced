"""What `doctor` and `/readyz` say of Teams."""

import re
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.config import load_settings
from bot.doctor import Check, examine
from bot.readiness import problems
from tests.teams.fixtures import addresses_of
from tests.teams.graph import MESSAGES
from tests.teams.model import Channel, Person
from tests.teams.running import bot_in
from tests.teams.teams import Teams


async def examined(teams: Teams, database: Path, **given: Any) -> list[Check]:
    """What `doctor` says."""
    settings = load_settings(
        env_file=None,
        teams_client_id=teams.app_id,
        teams_tenant_id=teams.tenant.id,
        teams_graph_url=teams.graph_url,
        database_url=f"sqlite:///{database}",
        **{"teams_client_secret": teams.secret, **given},
    )
    return await examine(settings, microsoft=addresses_of(teams))


def of(found: list[Check], name: str) -> Check:
    """The check of a name."""
    return next(one for one in found if one.name.startswith(name))


async def test_what_stands_is_said(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, room: Channel
) -> None:
    """The token, the history of each team, the channels; the address is not one for Teams yet."""
    async with bot_in(teams, tmp_path / "ideas.db", clock):
        await teams.act.post(rosa, room, "<p>Good morning</p>")
    found = await examined(teams, tmp_path / "ideas.db")
    assert "OK" == of(found, "Teams token").state
    assert ("OK", "Graph tells it") == (
        of(found, "history of").state,
        of(found, "history of").words,
    )
    assert "Librarians \u203a Leadership" in of(found, "channels").words
    assert "public https address" in of(found, "Teams address").words


async def test_the_page_about_teams_shows_what_is_said(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, room: Channel
) -> None:
    """Its example has every line of Teams', in order; ids, names and addresses are its own."""
    async with bot_in(teams, tmp_path / "ideas.db", clock):
        await teams.act.post(rosa, room, "<p>Good morning</p>")
    found = await examined(teams, tmp_path / "ideas.db")
    page = (Path(__file__).parents[2] / "docs/teams.md").read_text("utf-8")
    (shown,) = re.findall(r"```text\n(OK    settings: Teams.*?)```", page, re.DOTALL)
    own = re.compile(r"^(OK|WARN) +|https?://[^/ ]+|(?<=one to ).+|(?<=bot is in ).+", re.MULTILINE)
    said = [
        f"{one.state} {one.name}: {one.words}"
        for one in found
        if one.name not in {"database", "Teams address"}
    ]
    lines = [line for line in shown.splitlines() if "Teams address" not in line]
    assert [own.sub("", line) for line in said] == [own.sub("", line) for line in lines]


async def test_a_wrong_secret_is_said(teams: Teams, tmp_path: Path) -> None:
    """With the settings that may be wrong; the secret itself is not repeated."""
    found = of(await examined(teams, tmp_path / "a.db", teams_client_secret="wrong"), "Teams token")
    assert "FAIL" == found.state
    assert "TEAMS_CLIENT_SECRET" in found.words
    assert "wrong)" not in found.words


async def test_without_consent_it_is_said_what_is_missing(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, room: Channel
) -> None:
    """The bot goes on all the same."""
    async with bot_in(teams, tmp_path / "ideas.db", clock):
        await teams.act.post(rosa, room, "<p>Good morning</p>")
    teams.consents.discard(MESSAGES)
    found = of(await examined(teams, tmp_path / "ideas.db"), "history of Librarians")
    assert "WARN" == found.state
    assert "consented" in found.words


async def test_a_named_channel_that_the_bot_is_not_in_is_said(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, room: Channel
) -> None:
    """Names count in either case."""
    async with bot_in(teams, tmp_path / "ideas.db", clock):
        await teams.act.post(rosa, room, "<p>Good morning</p>")
    wanted = "librarians \u203a LEADERSHIP,Elsewhere"
    found = await examined(teams, tmp_path / "ideas.db", commonplace_channels=wanted)
    assert ["channel elsewhere"] == [one.name for one in found if one.state == "FAIL"]


async def test_a_bot_whose_secret_has_ended_is_not_ready(
    teams: Teams, tmp_path: Path, clock: Clock
) -> None:
    """It says so in words, and is ready again with the next token."""
    async with bot_in(teams, tmp_path / "ideas.db", clock) as bot:
        assert {} == await problems(bot.parts)
        assert bot.parts.teams is not None
        teams.secret, before = "another", teams.secret
        bot.parts.teams.tokens.forget("https://api.botframework.com/.default")
        async with aiohttp.ClientSession() as session:
            answer = await session.get(f"{bot.url}/readyz")
            assert 503 == answer.status
            assert "TEAMS_CLIENT_SECRET" in await answer.text()
            teams.secret = before
            assert 200 == (await session.get(f"{bot.url}/readyz")).status


async def test_a_database_of_another_tenant_is_refused(
    teams: Teams, tmp_path: Path, clock: Clock
) -> None:
    """It is named, and nothing is changed."""
    async with bot_in(teams, tmp_path / "ideas.db", clock):
        pass
    teams.tenant.id = "11111111-2222-3333-4444-555555555555"
    found = await examined(teams, tmp_path / "ideas.db")
    wrong = next(one for one in found if one.state == "FAIL")
    assert "database" == wrong.name
    assert "TEAMS_TENANT_ID" in wrong.words
