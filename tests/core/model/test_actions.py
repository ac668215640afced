"""What a button asks for is written into its value and read back."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.actions import Act, Action

MEANT: dict[str, st.SearchStrategy[Any]] = {
    "start": st.none() | st.integers(0, 10**9),
    "channel": st.from_regex(r"[CG][A-Z0-9]{8,10}", fullmatch=True),
    "period": st.sampled_from(["", "next", "2026-W48", "2027-W01"]),
    "number": st.integers(1, 10**9),
    "text": st.text(max_size=200).map(str.strip).filter(lambda text: not text[:1].isdigit()),
    "back": st.booleans(),
    "tab": st.sampled_from(["", "start", "find"]),
}


@given(st.data(), st.sampled_from(Act))
def test_what_is_written_is_read_back(data: st.DataObject, act: Act) -> None:
    """Whatever an act has of arguments comes back from the value of its button."""
    given_ = {name: data.draw(MEANT[name], name) for name in act.arguments}
    meant = replace(Action(act), **given_)
    assert meant == Action.read(act, meant.value)


@pytest.mark.parametrize(
    ("act", "value", "meant"),
    [
        (Act.HELP, "", Action(Act.HELP)),
        (Act.PAGE, "5", Action(Act.PAGE, start=5)),
        (Act.PAGE, "5 #mentoring", Action(Act.PAGE, start=5, text="#mentoring")),
        (Act.ALIKE, "12", Action(Act.ALIKE, number=12)),
        (Act.ALIKE, "5 12", Action(Act.ALIKE, start=5, number=12)),
        (
            Act.LIST,
            "2026-W48 since:2026-11-23 until:2026-11-29",
            Action(Act.LIST, period="2026-W48", text="since:2026-11-23 until:2026-11-29"),
        ),
        (
            Act.LIST,
            "10 since:2026-11-23 until:2026-11-29",
            Action(Act.LIST, start=10, text="since:2026-11-23 until:2026-11-29"),
        ),
        (
            Act.SHARE_HERE,
            "C1 Book tasting.\n  With tea",
            Action(Act.SHARE_HERE, channel="C1", text="Book tasting.\n  With tea"),
        ),
        (Act.SHARE_HERE, " 12 books a day", Action(Act.SHARE_HERE, text="12 books a day")),
        (Act.COMPONENT, "12 -", Action(Act.COMPONENT, number=12, text="-")),
        (Act.SKIP, "C1 2026-W48", Action(Act.SKIP, channel="C1", period="2026-W48")),
        (
            Act.LEAVE_OUT,
            "C1 2026-W48 12 back",
            Action(Act.LEAVE_OUT, channel="C1", period="2026-W48", number=12, back=True),
        ),
        (Act.PROMPT_ACCEPT, "C1 3", Action(Act.PROMPT_ACCEPT, channel="C1", number=3)),
    ],
)
def test_buttons_that_stand_in_channels_are_read(act: Act, value: str, meant: Action) -> None:
    """Values as they were posted so far mean what they meant, and are still written so."""
    assert meant == Action.read(act, value)
    assert value == meant.value


@given(st.sampled_from(Act), st.text(max_size=60))
def test_any_value_is_read(act: Act, value: str) -> None:
    """A value that nobody wrote has no number, or an ordinary one, and raises nothing."""
    read = Action.read(act, value)
    assert 0 <= read.number < 10**15
    assert (act, True) == (read.act, 0 <= (read.start or 0) < 10**15)


@pytest.mark.parametrize("value", ["", "x", "-5", "१२", "9" * 16, "12x"])
def test_what_is_no_number_is_none(value: str) -> None:
    """A number has at most 15 digits of 0 to 9, and nothing around them."""
    assert 0 == Action.read(Act.REMOVE, value).number
