"""Who somebody is, wherever a name stands with an idea: their school, or else their title."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.core.messages import answers, digest, trials
from bot.core.model.actions import Act, Action
from bot.core.model.digest import DigestExtras, TrialWithIdea, compose
from bot.core.model.ideas import Idea, Page, Trial
from bot.data.framework import load_framework
from tests.core.samples import beside, idea

CHICAGO = ZoneInfo("America/Chicago")
WEEK = date(2026, 11, 23)
FRAMEWORK = load_framework()

Drawing = Callable[[Idea, Trial], object]


def week(shown: Idea, trial: Trial | None = None) -> object:
    """A digest with one idea, or with one trial of an idea."""
    more = DigestExtras() if trial is None else DigestExtras(trials=(TrialWithIdea(trial, shown),))
    other = idea(2, "Mei Tanaka", school="Oak Hill")
    contents = compose(
        [other if trial else shown],
        FRAMEWORK,
        week=WEEK,
        zone=CHICAGO,
        beside=more,
    )
    return digest.digest(contents)


DRAWN: dict[str, Drawing] = {
    "digest": lambda shown, _: week(shown),
    "tried in a digest": week,
    "list": lambda shown, _: answers.page(
        Page((shown,), 0, 1),
        FRAMEWORK,
        heading="Ideas",
        turn=Action(Act.PAGE),
        size=5,
        zone=CHICAGO,
    ),
    "shown": lambda shown, _: answers.idea(shown, FRAMEWORK, zone=CHICAGO),
    "form of a trial": lambda shown, _: trials.form(shown),
    "news of a trial": lambda shown, trial: trials.news(trial, shown),
}


@pytest.mark.parametrize("drawing", DRAWN)
@pytest.mark.parametrize(
    ("school", "title", "there", "missing"),
    [
        ("", "Librarian,  K-8\n", "Librarian, K-8", "Alvarez,  "),
        ("Lincoln High", "Librarian, K-8", "Lincoln High", "Librarian"),
        ("", "", "Rosa Alvarez", "Rosa Alvarez,"),
    ],
)
def test_a_title_stands_where_no_school_is_known(
    drawing: str, school: str, title: str, there: str, missing: str
) -> None:
    """In every message: the school; without one the title; without either the name alone."""
    shown, trial = idea(1), beside().trials[0].trial
    shown = replace(shown, author=replace(shown.author, school=school, title=title))
    trial = replace(trial, name="Rosa Alvarez", school=school, title=title)
    drawn = str(DRAWN[drawing](shown, trial))
    assert there in drawn
    assert missing not in drawn
