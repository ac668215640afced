"""The sentences that a page and a plan share, whatever they are drawn as."""

from datetime import date
from typing import Final

from bot.core.messages.common import count, excerpt
from bot.core.messages.hours import day as written
from bot.core.model.ideas import TrialOutcome
from bot.core.report.values import Entry, Plan, Report

PROMISE: Final = (
    "People are named as each of them chose, and nobody who did not choose. Words that may name a "
    "student are not quoted."
)
MARK: Final = (
    "Parts are named after the Future Ready Librarians® Framework, a mark of All4Ed, with which "
    "this page is not affiliated."
)
EMPTY: Final = (
    "Nothing that fits was shared yet. Such a page fills by itself as librarians share what they "
    "do, and tell what came of trying each other’s ideas."
)
UNQUOTED: Final = "The words of this idea may name somebody, so they are not shown here."
NO_PRACTICE: Final = "None yet: nobody has told of trying an idea about this with success."
NO_OPPORTUNITY: Final = "None."
_CAME: Final = {
    TrialOutcome.WORKED: "worked",
    TrialOutcome.CHANGED: "worked with changes",
    TrialOutcome.FAILED: "did not work",
}


def title_of(page: Report | Plan) -> str:
    """What a page is called, on one line."""
    return excerpt(page.scope.title, 60)


def about(page: Report | Plan) -> str:
    """Its days, and what it is limited to: `September 1 to November 28, 2026, #ideas`."""
    return ", ".join(filter(None, (span(page.first, page.last), excerpt(page.scope.within, 60))))


def span(first: date | None, last: date | None) -> str:
    """Days in words."""
    if first is None or last is None:
        known = first or last
        return "" if known is None else f"{'since' if first else 'until'} {written(known)}"
    if first == last:
        return written(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B} {first.day} to {last.day}, {last.year}"
    if first.year == last.year:
        return f"{first:%B} {first.day} to {written(last)}"
    return f"{written(first)} to {written(last)}"


def summary(report: Report) -> str:
    """What the page says, in a sentence or two, for whoever reads no further."""
    if not report.ideas and not report.trials:
        return EMPTY
    words = ""
    if report.ideas:
        who = count(report.people, "school librarian")
        where = f" at {count(report.schools, 'school')}" if report.schools > 1 else ""
        words = f"{who}{where} shared {count(report.ideas, 'idea')}."
    if report.trials:
        words += f" Colleagues tried ideas {_times(report.trials)}, and {_worked(report)}."
    else:
        words += " No colleague has yet told of trying one."
    return words.strip()


def _worked(report: Report) -> str:
    if not report.worked:
        return "it has not worked yet"
    if report.worked < report.trials:
        return f"it worked {_times(report.worked)}"
    return "it worked" if report.trials == 1 else "it worked every time"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def came(entry: Entry) -> str:
    """What came of trying an idea: `tried 3 times: 2 worked, 1 did not work`; empty: not tried."""
    if not entry.trials:
        return ""
    told = [
        f"{entry.outcomes[one]:,} {words}"
        for one, words in _CAME.items()
        if entry.outcomes.get(one)
    ]
    if entry.trials == 1:
        return f"tried once: {told[0].partition(' ')[2]}"
    return f"tried {_times(entry.trials)}: {', '.join(told)}"


def made(page: Report | Plan) -> str:
    """When it was made."""
    return f"Made with Commonplace on {written(page.scope.made)}."
