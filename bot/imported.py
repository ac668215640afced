"""What an import shows on a terminal: a table of what would come, a bar, and what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from bot.core.errors import CommonplaceError
from bot.core.messages.common import author_name, count, excerpt, listed
from bot.core.model.ideas import Kind
from bot.core.model.imports import Arrival, BadRow, ImportStats, Remark
from bot.terminal import bar

REASONS: Final = {
    "reply": "replies in threads",
    "withdrawn": "withdrawn here",
    "outdated": "deleted or changed here since",
    "opted out": "by members who want nothing kept",
    "erased": "by members who had everything about them erased",
    "marked only": "not marked, where only what is marked is kept",
    "crossed": "taken back by their authors",
    "app": "by apps",
    "nothing to show": "without anything to show",
}
"""Why something was not kept, for people; any other reason means that it reads as no idea."""

NO_IDEA: Final = "what does not read as an idea"


class Say(Protocol):
    """Prints words."""

    def __call__(self, words: str = "", *, err: bool = False, nl: bool = True) -> None:
        """Print *words*, on standard error with *err*."""


@dataclass(slots=True)
class Report:
    """Shows an import while it runs and when it has ended.

    Args:
        dry: nothing is stored, and the table of what would come is printed.
        bar: whether standard error is a terminal.
        clear: empties the line of the bar.
    """

    say: Say
    clear: Callable[[], None]
    dry: bool
    bar: bool
    status: int = 0
    _shown: bool = False
    _headed: bool = False

    def tell(self, file: Path, one: Arrival | BadRow | Remark) -> None:
        """Show what would come, or what cannot be read."""
        match one:
            case Arrival():
                if self.dry:
                    self._clear()
                    self._head()
                    self.say(_line(one))
            case BadRow(where=where, why=why):
                self._clear()
                self.say(f"{file}, {where}: {why}", err=True)
            case Remark(words=words):
                self._clear()
                self.say(f"{file}: {words}", err=True)

    def progress(self, file: Path, share: float, stats: ImportStats) -> None:
        """Show how far a file was read."""
        if self.bar:
            words = f"{bar(share)} {file.name}: {stats.read:,} read, {stats.new:,} new"
            self._clear()
            self.say(words, err=True, nl=False)
            self._shown = True

    def end(self, outcomes: Iterable[tuple[Path, ImportStats | CommonplaceError]]) -> None:
        """Say what came of each file."""
        self._clear()
        for file, outcome in outcomes:
            if isinstance(outcome, CommonplaceError):
                self.say(str(outcome), err=True)
                self.status = 1
            else:
                self.say(f"{file}: {_summary(outcome, dry=self.dry)}")
                if outcome.bad and not outcome.read:
                    self.status = 1

    def _head(self) -> None:
        if not self._headed:
            self.say(_columns("Day", "Author", "", "Kind", "Text"))
            self._headed = True

    def _clear(self) -> None:
        if self._shown:
            self.clear()
            self._shown = False


def _columns(day: str, author: str, known: str, kind: str, text: str) -> str:
    return f"{day:<10}  {author:<24}  {known:<9}  {kind:<8}  {text}".rstrip()


def _line(one: Arrival) -> str:
    draft = one.draft
    kind = draft.kind if draft is not None else Kind.IDEA
    text = excerpt(draft.text, 60) if draft is not None else ""
    day = one.post.posted_at.date().isoformat()
    known = "" if one.author.id else "unclaimed"
    return _columns(day, excerpt(author_name(one.author), 24), known, kind, text)


def _summary(stats: ImportStats, *, dry: bool) -> str:
    would = "would come in" if dry else "came in"
    parts = [f"{count(stats.new, 'idea')} {would}"]
    if stats.unclaimed:
        parts[0] += f" ({stats.unclaimed:,} unclaimed)"
    if stats.known:
        parts.append(f"{stats.known:,} {_were(stats.known)} here already")
    if stats.changed:
        parts.append(f"{stats.changed:,} {_were(stats.changed)} changed")
    if stats.withdrawn:
        parts.append(f"{stats.withdrawn:,} {_were(stats.withdrawn)} deleted")
    if stats.bad:
        parts.append(f"{stats.bad:,} could not be read")
    left: dict[str, int] = {}
    for why, number in stats.left.items():
        words = REASONS.get(why, NO_IDEA)
        left[words] = left.get(words, 0) + number
    words = "; ".join(parts)
    if left:
        said = listed([f"{why} ({number:,})" for why, number in sorted(left.items())])
        words += f". Left out: {said}"
    return f"{words}."


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
