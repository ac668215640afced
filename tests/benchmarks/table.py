"""What was measured, beside what was wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure.

    Attributes:
        what: what was measured.
        value: the figure: a ratio, or what *unit* says.
        goal: what it should be; None: it is only reported.
        stretch: what would be splendid.
        at_most: the smaller the better; else the greater.
        note: what the figure is made of.
    """

    what: str
    value: float
    goal: float | None = None
    stretch: float | None = None
    at_most: bool = False
    unit: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """How it compares with what was wanted."""
        if self.goal is None or self.stretch is None:
            return "report"
        if self._reaches(self.stretch):
            return "stretch"
        return "goal" if self._reaches(self.goal) else "SHORT"

    def _reaches(self, wanted: float) -> bool:
        return self.value <= wanted if self.at_most else self.value >= wanted

    def _wanted(self, limit: float | None) -> str:
        return "" if limit is None else f"{'≤' if self.at_most else '≥'} {limit:g}{self.unit}"

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        value = f"{self.value:.2f}{self.unit}"
        wanted = (self._wanted(self.goal), self._wanted(self.stretch))
        return (self.what, value, *wanted, self.verdict, self.note)


def lines(rows: list[Row]) -> list[str]:
    """The table, column by column as wide as it must be."""
    table: list[tuple[str, ...]] = [("what", "measured", "goal", "stretch", "reached", "made of")]
    table += [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(5)]
    shown = [
        "  ".join([*(cell.ljust(w) for cell, w in zip(line, widths, strict=False)), line[5]])
        for line in table
    ]
    return [shown[0], "-" * len(shown[0]), *shown[1:]]
