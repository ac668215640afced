"""`make install` with Teams and without."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKED = re.compile(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    """What a file of requirements pins."""
    return dict(LOCKED.findall((ROOT / name).read_text("utf-8")))


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
@pytest.mark.parametrize(("given", "wanted"), [((), False), (("TEAMS=1",), True)])
def test_teams_is_installed_only_where_it_is_asked_for(
    given: tuple[str, ...], *, wanted: bool, tmp_path: Path
) -> None:
    """`make install TEAMS=1` installs what Teams needs, `make install` none of it."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-teams.txt"):
        shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        ["make", "--dry-run", "install", *given],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert wanted is ("requirements-teams.txt" in done.stdout)


def test_what_is_locked_is_the_same_everywhere() -> None:
    """No version differs with Teams and without; tests have what Teams is installed with."""
    plain, teams, dev = map(
        locked, ("requirements.txt", "requirements-teams.txt", "requirements-dev.txt")
    )
    assert teams.items() <= dev.items()
    assert {name: plain[name] for name in plain.keys() & teams} == {
        name: teams[name] for name in plain.keys() & teams
    }
    assert "microsoft-teams-apps" not in plain


def test_the_library_is_pinned() -> None:
    """The code leans on its insides, so the extra names one version, and it is the locked one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = project["optional-dependencies"]["teams"]
    version = locked("requirements-teams.txt")["microsoft-teams-apps"]
    assert f"microsoft-teams-apps=={version}" in extra


def test_extras_are_locked_too() -> None:
    """Where one is needed the lock names it: else pip looks for the newest, which has no hash."""
    dev = (ROOT / "requirements-dev.txt").read_text("utf-8")
    assert "\ncoverage[toml]==" in dev
    for name in ("requirements-teams.txt", "requirements-dev.txt"):
        assert "\npyjwt[crypto]==" in (ROOT / name).read_text("utf-8")
