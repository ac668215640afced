"""`make` on machines that lack something: it says what, and works as soon as that is there."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

OLD = """#!/bin/sh
# A Python that says it is older than 3.11: what it is asked for ends with 1.
exit 1
"""

HALF = f"""#!/bin/sh
# Debian's Python without python3-venv: it leaves a .venv without pip and ends with 1.
case "$*" in
  *"-m venv"*) {sys.executable} -m venv --without-pip .venv; exit 1 ;;
  *) exec {sys.executable} "$@" ;;
esac
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make")


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Make the .venv in a folder of its own, with the Python that a script plays."""
    shutil.copy("Makefile", tmp_path)

    def run(script: str) -> subprocess.CompletedProcess[str]:
        python = tmp_path / "python"
        python.write_text(script)
        python.chmod(0o755)
        return subprocess.run(
            ["make", ".venv/bin/pip", f"PYTHON={python}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_python_that_is_too_old_is_said(
    make: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Nothing is made, and one line says which Python is needed and how to name it."""
    done = make(OLD)
    assert 0 != done.returncode
    assert "needs Python 3.11 or newer" in done.stderr
    assert "PYTHON=python3.12 make" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_venv_that_was_half_made_is_made_again(
    make: Callable[[str], subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Without python3-venv it says what to install; once that is there, the same command works."""
    done = make(HALF)
    assert 0 != done.returncode
    assert "sudo apt install python3-venv" in done.stderr
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True
    )  # as an earlier version left it
    done = make(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    assert 0 == done.returncode, done.stderr
    assert (tmp_path / ".venv" / "bin" / "pip").exists()
