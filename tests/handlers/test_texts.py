"""What any platform's texts need."""

import time

import pytest

from handlers.texts import true_label


@pytest.mark.parametrize("piece", ["-", "_", "a.", "a-"])
def test_a_long_label_takes_no_long_time(piece: str) -> None:
    """Whether forty thousand characters look like an address is seen at once."""
    words = piece * (40_000 // len(piece))
    began = time.process_time()
    assert words == true_label(words, "https://example.org/plan")
    assert time.process_time() - began < 3
