"""Which question is next, and why.

The order: what the coordinator pinned; then what fits the week of the school year; then what the
channel has the fewest ideas about; and never one of the last 26 while there is another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.errors import FrameworkError
from bot.core.model.prompts import NOT_AGAIN, Bank, Prompt, When, to_complete
from bot.core.prompts.calendar import Calendar, holds_last_friday, monday_of, school_week

LONGEST_TEXT = 280
"""Characters of one question."""

TONES = ("curious", "playful", "practical", "reflective", "warm")

_OPEN = re.compile(r"\b(?:what|which|who|whom|whose|where|when|why|how)\b", re.IGNORECASE)
_CLOSED = re.compile(
    r"(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might"
    r"|must|any|anyone|anybody|ever)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Choice:
    """The prompt to ask, and a plain sentence that says why it is this one."""

    prompt: Prompt
    why: str


def choose(
    *,
    bank: Bank,
    calendar: Calendar,
    day: date,
    recent: Sequence[str],
    thinnest: Sequence[str],
    pinned: str | None = None,
    observances: bool = False,
    names: Mapping[str, str] | None = None,
    waiting: Sequence[str] = (),
) -> Choice:
    """Choose the question for the week of *day*. The same state gives the same answer.

    Args:
        bank: the questions.
        calendar: when something is observed.
        day: the local day on which it will be asked.
        recent: ids of the questions asked last, the latest first; 26 are looked at.
        thinnest: component codes, the one with the fewest ideas first.
        pinned: id of what the coordinator chose; one that the bank does not know is passed over,
            and so is one that names an observance outside its confirmed days.
        observances: whether the channel wants observances named.
        names: how to call a component in the reason, by code; the code itself when not there.
        waiting: ids of the channel's own questions that have their turn, the first one first.

    Raises:
        FrameworkError: the bank holds nothing that may be asked at any time.
    """
    chosen = bank.get(pinned) if pinned else None
    if chosen is not None:
        if chosen.names is None or calendar.weeks_left(chosen.names, day):
            return Choice(chosen, "The coordinator chose this question for the week.")
        other = choose(
            bank=bank,
            calendar=calendar,
            day=day,
            recent=recent,
            thinnest=thinnest,
            observances=observances,
            names=names,
            waiting=waiting,
        )
        waits = "The pinned question names a day that is not on now."
        return Choice(other.prompt, f"{waits} {other.why}")

    turn = monday_of(day).toordinal() // 7
    rank = {code: at for at, code in reversed(tuple(enumerate(thinnest)))}
    asked = frozenset(recent[:NOT_AGAIN])
    fresh = [prompt for prompt in bank.prompts if prompt.id not in asked]

    turns = [prompt for prompt in fresh if prompt.id in waiting]
    if turns:
        first = min(turns, key=lambda prompt: waiting.index(prompt.id))
        return Choice(
            first, "It is one of this channel’s own questions, and has not been asked yet."
        )

    named = [
        (left, prompt)
        for prompt in fresh
        if observances and prompt.names and (left := calendar.weeks_left(prompt.names, day))
    ]
    if named:
        prompt = _soonest_over(named, rank)
        observance = calendar.get(prompt.names or "")
        name = observance.name if observance else ""
        return Choice(prompt, f"{name} is on, and this channel wants to hear about such days.")

    unnamed = [prompt for prompt in fresh if prompt.names is None]
    in_season = [
        (left, prompt) for prompt in unnamed if (left := weeks_left(prompt.when, day, calendar))
    ]
    if in_season:
        prompt = _soonest_over(in_season, rank)
        return Choice(prompt, _why_now(prompt, day))

    flexible = [prompt for prompt in unnamed if prompt.when.flex]
    if flexible:
        code = min((p.components[0] for p in flexible), key=lambda c: rank.get(c, len(rank)))
        prompt = _in_turn([p for p in flexible if p.components[0] == code], turn)
        return Choice(prompt, _why_thin(code, thinnest, names or {}))

    if unnamed:
        why = "All questions that fit any week were asked lately, except this one."
        return Choice(_in_turn(unnamed, turn), why)
    return Choice(
        _longest_ago(bank.prompts, recent),
        "All questions were asked lately; this one was asked longest ago.",
    )


def _soonest_over(among: Sequence[tuple[int, Prompt]], rank: Mapping[str, int]) -> Prompt:
    """What has the fewest weeks left, or it would not come at all.

    Among equals: what comes again next month, or may come at any time, stands back; then the
    thinnest component decides.
    """

    def order(one: tuple[int, Prompt]) -> tuple[int, bool, bool, int]:
        left, prompt = one
        thin = min(rank.get(code, len(rank)) for code in prompt.components)
        return left, prompt.when.flex, prompt.when.last_friday, thin

    return min(among, key=order)[1]


def _in_turn(among: Sequence[Prompt], turn: int) -> Prompt:
    """Another one each week, so that the end of the file has its turn too."""
    return among[turn % len(among)]


def _why_now(prompt: Prompt, day: date) -> str:
    week = school_week(day)
    if prompt.when.weeks and week and prompt.when.weeks[0] <= week <= prompt.when.weeks[1]:
        return f"It fits week {week} of the school year."
    if prompt.when.last_friday:
        return "This week ends the month: a good time to look back."
    return "It fits this time of the year."


def _why_thin(code: str, thinnest: Sequence[str], names: Mapping[str, str]) -> str:
    name = names.get(code, code)
    if not thinnest:
        return f"It has not been asked for a long time; it is about {name}."
    few = "the fewest" if code == thinnest[0] else "few"
    return f"This channel has {few} ideas about {name} so far."


def _longest_ago(prompts: Iterable[Prompt], recent: Sequence[str]) -> Prompt:
    since = {prompt_id: at for at, prompt_id in reversed(tuple(enumerate(recent)))}
    may = [prompt for prompt in prompts if prompt.names is None]
    if not may:
        raise FrameworkError(
            "prompts.toml has no question that may be asked at any time; "
            "add one with when = { flex = true }."
        )
    return max(may, key=lambda prompt: (since.get(prompt.id, len(recent)), prompt.when.flex))


def weeks_left(when: When, day: date, calendar: Calendar) -> int | None:
    """How many weeks of a prompt's season are left with that of *day*; None out of season.

    `flex` is no season.
    """
    left: list[int] = []
    week = school_week(day)
    if when.weeks and week and when.weeks[0] <= week <= when.weeks[1]:
        left.append(when.weeks[1] - week + 1)
    if day.month in when.months:
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        left.append((next_month - timedelta(days=1) - monday_of(day)).days // 7 + 1)
    observed = calendar.weeks_left(when.observance, day) if when.observance else None
    if observed:
        left.append(observed)
    if when.last_friday and holds_last_friday(day):
        left.append(1)
    return min(left, default=None)


def why_unfit(text: str) -> str | None:
    """What keeps *text* from being a good question, as words for its author; None when nothing."""
    if len(text) > LONGEST_TEXT:
        return f"it has {len(text)} characters; {LONGEST_TEXT} are enough"
    if to_complete(text):
        return None
    if not text.endswith("?"):
        return "it does not end in a question mark, nor in … as a sentence to complete"
    question = _SENTENCE_ENDS.split(text)[-1]
    if _CLOSED.match(question) or not _OPEN.search(question):
        return "it can be answered with yes or no; ask what, which, who or how"
    return None
