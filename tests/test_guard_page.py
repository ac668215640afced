"""The figures about the guard on the page about the tests are those that its report prints."""

from pathlib import Path

import pytest

from bot.data.guard import load_guard
from tests.guard_report import main, table

PAGE = Path(__file__).with_name("README.md")


def test_the_page_shows_what_the_report_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes the lists pastes the new table."""
    wanted = table(load_guard())
    assert wanted in PAGE.read_text("utf-8"), f"The table to paste:\n\n{wanted}\n"
    assert 0 == main()
    assert wanted in capsys.readouterr().out
