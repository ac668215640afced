"""The table of requirements in `tests/README.md` speaks of tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
WAITING = {46, 47, 48, 49, 50, 51, 54}
"""What speaks of parts that do not exist yet."""


def rows() -> list[tuple[int, str]]:
    """Number and last cell of each row."""
    text = (ROOT / "tests" / "README.md").read_text()
    return [(int(number), held) for number, _, held in ROW.findall(text)]


def test_every_requirement_stands_in_the_table() -> None:
    """The numbers run from 1 to 54, each once, in order."""
    assert list(range(1, 55)) == [number for number, _ in rows()]


def test_every_requirement_is_held_by_a_test() -> None:
    """Each names a test, but for those that wait for a part of the program."""
    empty = {number for number, held in rows() if not NAMED.search(held)}
    assert empty <= WAITING
    assert all("later" in held for number, held in rows() if number in WAITING)


def test_every_test_in_the_table_exists() -> None:
    """No test is named that was renamed or taken away."""
    missing = [
        f"{path}::{name}"
        for _, held in rows()
        for path, name in NAMED.findall(held)
        if not (ROOT / path).is_file()
        or not re.search(rf"^(?:async )?def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert [] == missing
