"""How well the framework's word lists sort the labelled ideas: `python -m tests.classifier_report`.

Prints a table per half and the confusions. With `tuning` it reads that half alone and also lists
what went wrong, word by word; that is the way to work on the lists.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.model.framework import Framework, Suggestion
from bot.data.framework import load_framework

LABELLED = Path(__file__).parent / "data" / "labelled_ideas.toml"
HALVES = ("tuning", "unseen")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, the components it may be given (the best first; none is an answer too), its half."""

    text: str
    labels: tuple[str, ...]
    half: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One text with what the framework said about it."""

    idea: Labelled
    suggested: tuple[Suggestion, ...]

    @property
    def verdict(self) -> str:
        """`right`, `second` (right, but named second), `silent` or `wrong`.

        For a text about nothing of the kind, silent is right.
        """
        codes = [suggestion.code for suggestion in self.suggested]
        if not self.idea.labels:
            return "wrong" if codes else "silent"
        if not codes:
            return "silent"
        if codes[0] in self.idea.labels:
            return "right"
        return "second" if set(codes) & set(self.idea.labels) else "wrong"


def read_labelled() -> list[Labelled]:
    """All labelled texts, in the order of the file."""
    with LABELLED.open("rb") as file:
        rows = tomllib.load(file)["idea"]
    return [Labelled(row["text"], tuple(row["labels"]), row["half"]) for row in rows]


def judge(framework: Framework, half: str) -> list[Judged]:
    """Ask the framework about each text of one half."""
    return [
        Judged(idea, framework.suggest(idea.text)) for idea in read_labelled() if idea.half == half
    ]


def share(judged: Sequence[Judged], *verdicts: str) -> float:
    """The part of *judged*, 0 to 1, that got one of *verdicts*."""
    return sum(one.verdict in verdicts for one in judged) / len(judged)


def about(judged: Iterable[Judged], code: str | None) -> list[Judged]:
    """Those whose best label is *code*; None: those about nothing of the kind."""
    return [one for one in judged if (one.idea.labels[0] if one.idea.labels else None) == code]


def table(framework: Framework, half: str) -> str:
    """The figures of one half as a Markdown table, a row per component."""
    judged = judge(framework, half)
    lines = [
        f"| {half} half | texts | right | in the top two | silent | wrong |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    codes: list[str | None] = [component.code for component in framework.components]
    rows = [(code or NONE, about(judged, code)) for code in codes]
    rows.append(("**all components**", [one for one in judged if one.idea.labels]))
    rows.append(("about nothing of the kind", about(judged, None)))
    for name, ones in rows:
        found = Counter(one.verdict for one in ones)
        right, either = found["right"], found["right"] + found["second"]
        shares = [f"{n} ({n / len(ones):.0%})" for n in (right, either)]
        if not ones[0].idea.labels:
            shares = ["", ""]
        cells = [name, str(len(ones)), *shares, str(found["silent"]), str(found["wrong"])]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def confusions(framework: Framework, half: str) -> str:
    """Best label (row) against first suggestion (column), as a Markdown table."""
    judged = judge(framework, half)
    codes = [component.code for component in framework.components] + [NONE]
    found = Counter(
        (
            one.idea.labels[0] if one.idea.labels else NONE,
            one.suggested[0].code if one.suggested else NONE,
        )
        for one in judged
    )
    lines = [f"| {half} half | {' | '.join(codes)} |", "|---|" + "---:|" * len(codes)]
    for label in codes:
        cells = [str(found[label, said]) if found[label, said] else "·" for said in codes]
        lines.append(f"| **{label}** | {' | '.join(cells)} |")
    return "\n".join(lines)


def mistakes(framework: Framework, half: str) -> str:
    """Every text that was not sorted right, with the words that decided."""
    lines = []
    for one in judge(framework, half):
        if one.verdict == "right" or (not one.idea.labels and one.verdict == "silent"):
            continue
        said = "; ".join(f"{s.code} {s.score:g} {', '.join(s.words)}" for s in one.suggested)
        lines.append(
            f"{one.verdict:6} {'/'.join(one.idea.labels) or NONE:10} {one.idea.text}\n"
            f"       -> {said or 'silent'}"
        )
    return "\n".join(lines)


def report(argv: Sequence[str], table_of: Callable[[str], str], wrong: Callable[[], str]) -> int:
    """Print the tables of the halves that *argv* names, all by default; a status for the shell.

    Args:
        wrong: what went wrong in the tuning half, told when that alone is asked for.
    """
    for half in argv or HALVES:
        if half not in HALVES:
            sys.stderr.write(f'There is no half called "{half}": say {" or ".join(HALVES)}.\n')
            return 2
        sys.stdout.write(f"\n{table_of(half)}\n")
    if list(argv) == ["tuning"]:
        sys.stdout.write(f"\n{wrong()}\n")
    return 0


def main(argv: Sequence[str]) -> int:
    """Print the report; the arguments are the halves to read, all of them by default."""
    framework = load_framework()
    return report(
        argv,
        lambda half: f"{table(framework, half)}\n\n{confusions(framework, half)}",
        lambda: mistakes(framework, "tuning"),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
