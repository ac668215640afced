"""What an error of a chat carries."""

import pytest

from bot.core.errors import LONGEST_WAIT, ChatUnavailableError


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (None, None),
        (0.0, 0.0),
        (3.0, 3.0),
        (86_400_000.0, LONGEST_WAIT),
        (1e300, LONGEST_WAIT),
        (float("inf"), None),
        (float("nan"), None),
        (-5.0, None),
    ],
)
def test_no_platform_makes_us_wait_for_ever(asked: float | None, kept: float | None) -> None:
    """A wait is cut to an hour, and what is no time is none."""
    assert kept == ChatUnavailableError("", retry_after=asked).retry_after
