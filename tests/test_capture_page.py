"""The figures on the page about the tests are those that the report about posts prints."""

from pathlib import Path

import pytest

from bot.core.intake.reader import Reader
from bot.data.capture import load_rules
from bot.data.framework import load_framework
from tests.capture_report import false, judge, main, missed, read_posts, share, table
from tests.classifier_report import HALVES

PAGE = Path(__file__).with_name("README.md")
READER = Reader(load_framework(), load_rules())


@pytest.mark.parametrize("half", HALVES)
def test_the_page_shows_what_the_report_says(half: str) -> None:
    """Whoever changes the weights pastes the new tables of both halves."""
    wanted = table(READER, half)
    assert wanted in PAGE.read_text("utf-8"), f"The table to paste:\n\n{wanted}\n"


@pytest.mark.parametrize("half", HALVES)
def test_few_ideas_are_missed_and_little_else_is_taken_for_one(half: str) -> None:
    """Of ideas at most 3 % are missed; of what is none at most 25 % has a place in a digest."""
    judged = judge(READER, read_posts(half))
    rates = share(missed(judged), judged, "idea"), share(false(judged), judged, "none")
    assert (True, True) == (rates[0] <= 0.03, rates[1] <= 0.25), rates


def test_no_text_of_the_unseen_half_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The report says what decided for the tuning half alone."""
    assert 0 == main(["tuning"])
    assert "->" in capsys.readouterr().out
    assert 0 == main([])
    shown = capsys.readouterr().out
    assert not any(one.text in shown for half in HALVES for one in read_posts(half))
    assert 2 == main(["others"])
