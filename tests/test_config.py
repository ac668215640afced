"""Settings: each wrong one stops the start with a line that names it and says what to do."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import Need, Settings, load_settings
from bot.core.errors import SettingsError


def load(need: Need = Need.NOTHING, /, **given: Any) -> Settings:
    """Settings from these values alone."""
    return load_settings(need, {}, env_file=None, **given)


def problems(need: Need = Need.NOTHING, /, **given: Any) -> list[str]:
    """The lines that wrong settings are answered with."""
    with pytest.raises(SettingsError) as caught:
        load(need, **given)
    return str(caught.value).splitlines()


def test_without_anything_the_defaults_hold() -> None:
    """Nothing has to be set but what Slack gives."""
    settings = load()
    assert ("127.0.0.1", 3000, "http://127.0.0.1:3000") == (
        settings.host,
        settings.port,
        settings.base_url,
    )
    assert ("America/Chicago", "fri 15:00", "mon 09:00") == (
        settings.commonplace_timezone,
        settings.commonplace_digest,
        settings.commonplace_prompt,
    )
    assert ("https://slack.com/api/", "sqlite:///data/commonplace.db") == (
        settings.slack_api_url,
        settings.database_url,
    )


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("slack_bot_token", "xapp-1-A-2", "xoxb-"),
        ("slack_bot_token", "nonsense", "Bot User OAuth Token"),
        ("slack_app_token", "xoxb-1-2", "xapp-"),
        ("slack_api_url", "https://slack.com/api", "/api/"),
        ("slack_api_url", "slack.com/api/", "http"),
        ("slack_api_url", "ftp://slack.com/api/", "http"),
        ("database_url", "postgresql://localhost/x", "sqlite:///"),
        ("database_url", "data/commonplace.db", "sqlite:///"),
        ("database_url", "sqlite://data.db", "sqlite:///"),
        ("database_url", "sqlite:////", "sqlite:///"),
        ("port", "eighty", "integer"),
        ("port", "70000", "65535"),
        ("port", "-1", "0"),
        ("commonplace_base_url", "ideas.example.org", "https://"),
        ("commonplace_timezone", "Central", "there is no such time zone."),
        ("commonplace_timezone", "Berlin", "Did you mean Europe/Berlin?"),
        ("commonplace_timezone", "America/Chicgo", "Did you mean America/Chicago?"),
        ("commonplace_timezone", "../../etc/passwd", "America/Chicago"),
        ("commonplace_digest", "freitag 15:00", "fri"),
        ("commonplace_digest", "fri 25:00", "fri 15:00"),
        ("commonplace_digest", "friday", "fri 15:00"),
        ("commonplace_prompt", "9:00", "fri 15:00"),
        ("commonplace_admins", "joan", "member ID"),
        ("commonplace_admins", "joan", "Object ID"),
        ("teams_graph_url", "https://graph.microsoft.com/", "/v1.0/"),
        ("teams_rehearsal", "yes", "'allow'"),
        ("commonplace_log_format", "xml", "'console' or 'json'"),
        ("commonplace_clock", "yesterday", "2026-11-27T14:59:00-06:00"),
        ("commonplace_clock", "2026-11-25T15:00:00", "offset"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(name: str, value: str, remedy: str) -> None:
    """One line: the setting, what is wrong with it, what to write instead."""
    more = {} if name == "slack_api_url" else {"slack_api_url": "http://127.0.0.1:1/api/"}
    (line,) = problems(**{name: value}, **more)
    assert line.startswith(name.upper())
    assert remedy in line
    assert "Undefined" not in line


def test_what_is_wrong_hides_nothing_that_is_missing() -> None:
    """A wrong value, a missing token, a host that deletes files: a line each, all at once."""
    environment = {
        "SLACK_SIGNING_SECRET": "s",
        "PORT": "x",
        "COMMONPLACE_FRAMEWORK": "/nowhere/ours.toml",
        "COMMONPLACE_DIGST": "off",
        "DYNO": "web.1",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings(Need.RUN, environment, env_file=None)
    assert [
        "COMMONPLACE_DIGST",
        "COMMONPLACE_FRAMEWORK",
        "DATABASE_URL",
        "PORT",
        "SLACK_BOT_TOKEN",
    ] == sorted(line.split(" ")[0].rstrip(":") for line in str(caught.value).splitlines())


def test_a_wrong_setting_is_not_called_missing_too() -> None:
    """A token that cannot be right is one line, not two."""
    lines = problems(Need.RUN, slack_bot_token="nonsense", slack_app_token="nonsense")
    assert 2 == len(lines)
    assert not any("missing" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("COMMONPLACE_DIGST", "Did you mean COMMONPLACE_DIGEST?"),
        ("COMMONPLACE_CHANNEL", "Did you mean COMMONPLACE_CHANNELS?"),
        ("COMMONPLACE_DATABASE_URL", "Did you mean DATABASE_URL?"),
        ("COMMONPLACE_XYZZY", "docs/settings.md lists them all."),
    ],
)
def test_an_unknown_setting_is_named_with_the_nearest(tmp_path: Path, name: str, hint: str) -> None:
    """A name that begins like ours and is none stops the start, from a file as well."""
    file = tmp_path / ".env"
    file.write_text(f"{name}=x\n")
    for environment, env_file in (({name: "x"}, None), ({}, file)):
        with pytest.raises(SettingsError) as caught:
            load_settings(Need.NOTHING, environment, env_file=env_file)
        assert f"{name}: there is no such setting. {hint}" == str(caught.value)


@pytest.mark.parametrize(
    ("name", "near", "outside"),
    [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN", True),
        ("SLACK_SIGNING_SECRETS", "SLACK_SIGNING_SECRET", True),
        ("DATABASE_URI", "DATABASE_URL", False),
        ("SLACK_USER_TOKEN", "", False),
        ("HTTP_PROXY", "", False),
        ("https_proxy", "", False),
        ("TZ", "", False),
    ],
)
def test_a_slip_in_another_name_is_named(
    tmp_path: Path,
    name: str,
    near: str,
    outside: bool,  # noqa: FBT001
) -> None:
    """In our file a name that is nearly ours stops the start; outside, where it is Slack's."""
    file = tmp_path / ".env"
    file.write_text(f"{name}=http://x\n")
    for environment, env_file, stops in (
        ({}, file, bool(near)),
        ({name: "http://x"}, None, outside),
    ):
        told = ""
        try:
            load_settings(Need.NOTHING, environment, env_file=env_file)
        except SettingsError as error:
            told = str(error)
        wanted = f"{name}: there is no such setting. Did you mean {near}?" if stops else ""
        assert wanted == told


def test_a_value_may_stand_in_quotes() -> None:
    """The quotes that a container's file of settings leaves around a value are not part of it."""
    environment = {
        "SLACK_BOT_TOKEN": '"xoxb-1-2"',
        "SLACK_SIGNING_SECRET": "'hush'",
        "COMMONPLACE_DIGEST": ' "fri 15:00" ',
        "COMMONPLACE_CHANNELS": "'\"reading, leadership\"'",
        "PORT": '"4000"',
        "COMMONPLACE_TIMEZONE": '""',
    }
    settings = load_settings(Need.NOTHING, environment, env_file=None)
    secrets = (settings.slack_bot_token, settings.slack_signing_secret)
    assert ["xoxb-1-2", "hush"] == [one.reveal() for one in secrets]
    assert ("fri 15:00", ("reading", "leadership"), 4000, "America/Chicago") == (
        settings.commonplace_digest,
        settings.commonplace_channels,
        settings.port,
        settings.commonplace_timezone,
    )


def test_all_wrong_settings_are_told_at_once() -> None:
    """Three mistakes are three lines."""
    lines = problems(port="x", commonplace_timezone="Mars", slack_bot_token="y")
    assert ["COMMONPLACE_TIMEZONE", "PORT", "SLACK_BOT_TOKEN"] == sorted(
        line.split(" ")[0].rstrip(":") for line in lines
    )


@pytest.mark.parametrize("name", ["slack_bot_token", "slack_app_token", "database_url"])
def test_a_wrong_token_is_not_shown(name: str) -> None:
    """What was given as a token may be a secret all the same, and is not repeated."""
    (line,) = problems(**{name: "hunter2-secret"})
    assert "hunter2" not in line


def test_tokens_hide_in_what_is_printed() -> None:
    """Settings put into a log show no token and no secret."""
    settings = load(
        slack_bot_token="xoxb-hush", slack_app_token="xapp-hush", slack_signing_secret="hush"
    )
    assert "hush" not in f"{settings!r} {settings}"


def test_a_set_clock_is_refused_at_slacks_own_address() -> None:
    """A rehearsal's clock would make the real Slack's messages early or late."""
    (line,) = problems(commonplace_clock="2026-11-25T15:00:00Z")
    assert line.startswith("COMMONPLACE_CLOCK")
    assert "SLACK_API_URL" in line
    settings = load(
        commonplace_clock="2026-11-25T15:00:00Z", slack_api_url="http://127.0.0.1:9/api/"
    )
    assert datetime(2026, 11, 25, 15, tzinfo=UTC) == settings.commonplace_clock


def test_lists_are_split_at_commas() -> None:
    """Blanks and signs around names do not matter, nor does the case of a name."""
    settings = load(
        commonplace_channels=" #Leadership, reading ,,C0SB0000001", commonplace_admins="U0AB1, W02"
    )
    assert ("leadership", "reading", "C0SB0000001") == settings.commonplace_channels
    assert ("U0AB1", "W02") == settings.commonplace_admins


def test_off_and_other_spellings_of_a_time() -> None:
    """A weekly post may be off; days may be written out."""
    settings = load(commonplace_digest="off", commonplace_prompt="Monday 09:00")
    assert ("off", "Monday 09:00") == (settings.commonplace_digest, settings.commonplace_prompt)


def test_an_empty_setting_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SLACK_APP_TOKEN=` in a file of settings means that there is none."""
    monkeypatch.setenv("SLACK_APP_TOKEN", "")
    monkeypatch.setenv("COMMONPLACE_TIMEZONE", "")
    settings = load()
    assert not settings.slack_app_token
    assert "America/Chicago" == settings.commonplace_timezone


def test_a_file_of_settings_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.env` in the working directory counts; what the environment says counts more."""
    (tmp_path / ".env").write_text("PORT=4000\nHOST=0.0.0.0\nUNKNOWN=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "5000")
    settings = load_settings()
    assert ("0.0.0.0", 5000) == (settings.host, settings.port)  # noqa: S104


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ({"slack_bot_token": "xoxb-1"}, ["SLACK_APP_TOKEN"]),
        ({"slack_app_token": "xapp-1"}, ["SLACK_BOT_TOKEN"]),
        ({"slack_signing_secret": "s"}, ["SLACK_BOT_TOKEN"]),
    ],
)
def test_what_slack_needs_is_named(given: dict[str, str], missing: list[str]) -> None:
    """A missing token is a line that says where to take it from."""
    lines = problems(Need.RUN, **given)
    assert missing == [line.split(" ")[0] for line in lines]
    assert all("Basic Information" in line or "OAuth" in line for line in lines)


APP = "0b6e6e2a-5b7e-4e0c-9a3f-0d3c1f2e4a5b"
TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
TEAMS = {"teams_client_id": APP, "teams_client_secret": "shh", "teams_tenant_id": TENANT}


@pytest.mark.parametrize("missing", TEAMS)
def test_of_the_settings_of_teams_all_three_are_set_or_none(missing: str) -> None:
    """What is missing is named, and what is there is not repeated."""
    given = {name: value for name, value in TEAMS.items() if name != missing}
    (line,) = problems(**given)
    assert line.startswith(f"{missing.upper()} is missing")
    assert "shh" not in line


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("teams_client_id", "Application (client) ID"), ("teams_tenant_id", "Directory (tenant) ID")],
)
def test_a_name_where_microsoft_gives_an_id_is_told(name: str, remedy: str) -> None:
    """With what Entra calls the id."""
    (line,) = problems(**{**TEAMS, name: "example.org"})
    assert name.upper() in line
    assert remedy in line


def test_teams_serves_beside_slack_or_alone() -> None:
    """Then nothing of Slack's is needed; a part of Slack's settings still asks for the rest."""
    assert load(Need.RUN, **TEAMS).teams
    (line,) = problems(Need.RUN, **TEAMS, slack_app_token="xapp-1")
    assert line.startswith("SLACK_BOT_TOKEN is missing")
    assert not load(Need.RUN, slack_bot_token="xoxb-1", slack_app_token="xapp-1").teams


def test_a_rehearsal_of_teams_is_for_this_machine_alone() -> None:
    """From elsewhere anybody could speak as Teams."""
    (line,) = problems(**TEAMS, teams_rehearsal="allow", host="192.0.2.7")
    assert line.startswith("TEAMS_REHEARSAL: refused unless HOST")
    for host in ("127.0.0.1", "localhost", "::1"):
        assert "allow" == load(**TEAMS, teams_rehearsal="allow", host=host).teams_rehearsal


def test_the_clock_is_set_in_a_rehearsal_of_teams_alone() -> None:
    """Microsoft's own Teams has a clock of its own."""
    clock = "2026-11-27T14:59:00-06:00"
    settings = load(**TEAMS, teams_rehearsal="allow", commonplace_clock=clock)
    assert settings.commonplace_clock is not None
    (line,) = problems(
        **TEAMS, commonplace_clock=clock, slack_bot_token="xoxb-1", slack_api_url="http://x/api/"
    )
    assert line.startswith("COMMONPLACE_CLOCK: refused with Teams")


def test_ids_of_microsofts_are_read_in_either_case() -> None:
    """Entra shows them in small letters, and so they are compared."""
    settings = load(**{**TEAMS, "teams_tenant_id": TENANT.upper()}, commonplace_admins=APP.upper())
    assert (TENANT, (APP,)) == (settings.teams_tenant_id, settings.commonplace_admins)


def test_a_channel_of_teams_is_named_by_its_id_letter_by_letter() -> None:
    """Unlike names, ids differ by case."""
    ident = "19:Ab3dEf@thread.tacv2"
    assert (ident,) == load(commonplace_channels=ident).commonplace_channels


def test_a_channel_of_a_team_is_typed_with_the_sign_of_a_keyboard() -> None:
    """No keyboard has the one that Teams' channels are shown with."""
    wanted = "librarians \u203a reading"
    assert (wanted,) == load(commonplace_channels="Librarians > Reading").commonplace_channels
