"""Microsoft's library for Teams, kept to what it is imported for."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

HABITS = """
import os, warnings
before = dict(os.environ)
import handlers.teams.sdk
assert dict(os.environ) == before, sorted(set(os.environ) ^ set(before))
"""

WITHOUT = """
import sys
import bot.cli, bot.compose, bot.serve, bot.oneshot, bot.doctor
import handlers.teams.account, handlers.teams.door, handlers.teams.refusals, handlers.teams.web
strange = {"microsoft_teams", "fastapi", "httpx", "jwt", "msal", "pydantic"}
print(*sorted(strange & {name.partition(".")[0] for name in sys.modules}))
"""


def python(script: str, folder: Path, *options: str) -> str:
    """What a script prints that runs in a folder, beside all that it complains of."""
    done = subprocess.run(
        [sys.executable, *options, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def test_it_reads_no_file_of_settings(tmp_path: Path) -> None:
    """A `.env` in the working directory does not get into the environment."""
    (tmp_path / ".env").write_text("CLIENT_ID=x\nDANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS=1\n")
    assert "" == python(HABITS, tmp_path)


def test_it_warns_of_nothing(tmp_path: Path) -> None:
    """Its import passes where every warning is an error."""
    assert "" == python("import handlers.teams.sdk", tmp_path, "-W", "error")


def test_a_program_without_teams_never_imports_it(tmp_path: Path) -> None:
    """Nothing of it, nor of what it brings, is loaded before Teams is served."""
    assert "\n" == python(WITHOUT, tmp_path)


def test_addresses_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the log shows, requests of its client are not in it."""
    from handlers.teams.sdk import Client, ClientOptions  # noqa: PLC0415

    caplog.set_level(logging.DEBUG)
    Client(ClientOptions(timeout=1.0))  # sets the level of httpx anew
    for name in ("httpx", "httpcore.connection", "httpcore.http11"):
        logging.getLogger(name).info("HTTP Request: POST https://smba.example/v3")
    logging.getLogger("microsoft_teams.apps.auth.token_validator").error("Token: evil")
    assert "" == caplog.text
