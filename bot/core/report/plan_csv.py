"""The library plan as CSV: a row for each idea and component, whole, safe in a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from bot.core.finding.export import safe_cell
from bot.core.model.ideas import TrialOutcome
from bot.core.report.values import Plan

COLUMNS: Final = (
    "component",
    "name",
    "standing",
    "number",
    "day",
    "text",
    "by",
    "tried",
    "worked",
    "worked_with_changes",
    "did_not_work",
    "permalink",
    "resources",
)
"""The columns, in the file's order. New ones are only ever added at the end."""


def plan_csv(plan: Plan) -> str:
    """RFC 4180 with a byte-order mark, as the export of ideas."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for row in _rows(plan):
        rows.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + out.getvalue()


def _rows(plan: Plan) -> Iterator[tuple[object, ...]]:
    for section in plan.sections:
        for standing, entries in (
            ("current practice", section.practices),
            ("opportunity", section.opportunities),
        ):
            for one in entries:
                yield (
                    section.component.code,
                    section.component.name,
                    standing,
                    one.number,
                    one.day.isoformat(),
                    one.text,
                    one.by,
                    one.trials,
                    *(one.outcomes.get(came, 0) for came in TrialOutcome),
                    one.permalink,
                    "; ".join(one.resources),
                )
