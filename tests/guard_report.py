"""How often the guard that warns of students' names is wrong: `python -m tests.guard_report`."""

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.core.intake.guard import Guard
from bot.data.guard import load_guard

FILE: Final = Path(__file__).parent / "data" / "guarded.toml"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with what should be seen in it."""

    text: str
    sees: frozenset[str]


def read_texts() -> Sequence[Labelled]:
    """Return the labelled texts."""
    rows = tomllib.loads(FILE.read_text("utf-8"))["text"]
    return [Labelled(row["text"], frozenset(row["sees"])) for row in rows]


def missed(guard: Guard, texts: Sequence[Labelled]) -> list[Labelled]:
    """Return what tells who a student is, and is not seen as what it is."""
    return [one for one in texts if one.sees - {seen.sight for seen in guard.sees(one.text)}]


def false(guard: Guard, texts: Sequence[Labelled]) -> list[Labelled]:
    """Return harmless texts in which something is seen."""
    return [one for one in texts if not one.sees and guard.sees(one.text)]


def table(guard: Guard) -> str:
    """Return both errors as the page about the tests shows them."""
    texts = read_texts()
    told, harmless = [one for one in texts if one.sees], [one for one in texts if not one.sees]
    lines = ("| texts | of | wrong |", "|---|---|---|")
    rows = (
        ("tell who a student is, and are not seen", told, missed(guard, texts)),
        ("harmless, and warned of", harmless, false(guard, texts)),
    )
    return "\n".join(
        (
            *lines,
            *(
                f"| {what} | {len(of)} | {len(wrong)} ({len(wrong) / len(of):.1%}) |"
                for what, of, wrong in rows
            ),
        )
    )


def main() -> int:
    """Print the figures, and which texts are judged wrongly."""
    guard = load_guard()
    sys.stdout.write(table(guard) + "\n")
    for what, wrong in (
        ("missed", missed(guard, read_texts())),
        ("false", false(guard, read_texts())),
    ):
        for one in wrong:
            sys.stdout.write(f"{what}: {one.text} -> {guard.sees(one.text)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
