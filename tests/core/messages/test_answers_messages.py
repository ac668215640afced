"""One idea as it is shown: who tried it, and no more of them than one reads."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.core.messages import answers
from bot.core.model.actions import Act, Action
from bot.core.model.cards import CardFacts
from bot.core.model.ideas import Page
from bot.core.model.parts import Actions, Button
from bot.data.framework import load_framework
from tests.core.samples import beside, idea


@pytest.mark.parametrize(("trials", "told", "rest"), [(0, 0, ""), (10, 10, ""), (12, 10, "and 2")])
def test_trials_of_an_idea_that_is_shown(trials: int, told: int, rest: str) -> None:
    """The ten latest trials are told with their sentences, the earlier ones counted."""
    sample = beside().trials[0].trial
    shown = answers.idea(
        idea(1),
        load_framework(),
        zone=ZoneInfo("America/Chicago"),
        asker="",
        facts=CardFacts(
            trials=[replace(sample, id=n, name=" ", words=f"Sentence {n}.") for n in range(trials)]
        ),
    )
    assert told == shown.fallback.count("Sentence")
    assert told == shown.fallback.count("Somebody, Lincoln High: it worked, with changes")
    assert (rest in str(shown.parts)) is True
    assert (f"and {trials - told} earlier" in str(shown.parts)) is bool(rest)


@pytest.mark.parametrize(
    ("by_time", "back", "on"), [(True, "Newer", "Older"), (False, "Previous", "Next")]
)
def test_pages_turn_by_time_or_by_rank(by_time: bool, back: str, on: str) -> None:  # noqa: FBT001
    """A list by time turns to newer and older ideas, one by rank to the previous and the next."""

    def page(start: int) -> list[str]:
        shown = answers.page(
            Page([idea(n) for n in range(start, start + 2)], start, 6),
            load_framework(),
            heading="Ideas",
            turn=Action(Act.PAGE),
            size=2,
            zone=ZoneInfo("America/Chicago"),
            by_time=by_time,
        )
        last = shown.parts[-1]
        assert isinstance(last, Actions)
        return [one.text for one in last.buttons if isinstance(one, Button)]

    assert [on] == page(0)
    assert [back, on] == page(2)
    assert [back] == page(4)
