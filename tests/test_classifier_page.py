"""The classifier's figures on the page about the tests are those that the report prints."""

from pathlib import Path

import pytest

from bot.data.framework import load_framework
from tests.classifier_report import HALVES, confusions, table

PAGE = Path(__file__).with_name("README.md")


@pytest.mark.parametrize("half", HALVES)
def test_the_page_shows_what_the_report_says(half: str) -> None:
    """Whoever changes the word lists pastes the new tables, both halves and both kinds."""
    page = PAGE.read_text("utf-8")
    framework = load_framework()
    for wanted in (table(framework, half), confusions(framework, half)):
        assert wanted in page, f"The table to paste:\n\n{wanted}\n"
