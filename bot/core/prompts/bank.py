"""Which question is next, and why.

The order: what the coordinator pinned; then what fits the week of the school year; then what the
channel has the fewest ideas about; and never one of the last 26 while there is another.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from bot.core.errors import FrameworkError
from bot.core.model.prompts import NOT_AGAIN, Bank, Prompt, to_complete
from bot.core.model.weeks import monday_of
from bot.core.prompts.calendar import Calendar, holds_last_friday, school_week

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the choice of a week's question depends on. The same situation gives the same answer.

    Attributes:
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
    """

    bank: Bank
    calendar: Calendar
    day: date
    recent: Sequence[str]
    thinnest: Sequence[str]
    pinned: str | None = None
    observances: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    waiting: Sequence[str] = ()

    @property
    def fresh(self) -> list[Prompt]:
        """The questions that were not asked lately, in the order of the bank."""
        asked = frozenset(self.recent[:NOT_AGAIN])
        return [prompt for prompt in self.bank.prompts if prompt.id not in asked]

    def rank(self, code: str) -> int:
        """How many components have fewer ideas; one that is not known ranks last."""
        return self.thinnest.index(code) if code in self.thinnest else len(self.thinnest)

    def in_turn(self, among: Sequence[Prompt]) -> Prompt:
        """Pick another prompt each week, so that the end of the file has its turn too."""
        return among[monday_of(self.day).toordinal() // 7 % len(among)]

    def soonest_over(self, among: Iterable[Prompt]) -> Prompt | None:
        """What has the fewest weeks left, or it would not come at all; None: nothing is on.

        Among equals: what comes again next month, or may come at any time, stands back; then the
        thinnest component decides.
        """

        def order(one: tuple[int, Prompt]) -> tuple[int, bool, bool, int]:
            left, prompt = one
            thin = min(map(self.rank, prompt.components))
            return left, prompt.when.flex, prompt.when.last_friday, thin

        left = ((weeks_left(prompt, self.day, self.calendar), prompt) for prompt in among)
        on = [(weeks, prompt) for weeks, prompt in left if weeks]
        return min(on, key=order)[1] if on else None


def choose(at: Situation) -> Choice:
    """Choose the question for a week: the first rule of `RULES` that has an answer gives it.

    Raises:
        FrameworkError: the bank holds nothing that may be asked at any time.
    """
    choice = next(choice for rule in RULES if (choice := rule(at)))
    pinned = at.bank.get(at.pinned or "")
    if pinned is None or pinned.id == choice.prompt.id:
        return choice
    waits = "The pinned question names a day that is not on now."
    return Choice(choice.prompt, f"{waits} {choice.why}")


def _pinned(at: Situation) -> Choice | None:
    chosen = at.bank.get(at.pinned or "")
    if chosen is None or (chosen.names and not at.calendar.weeks_left(chosen.names, at.day)):
        return None
    return Choice(chosen, "The coordinator chose this question for the week.")


def _own(at: Situation) -> Choice | None:
    fresh = at.fresh
    own = next((one for one in map(at.bank.get, at.waiting) if one in fresh), None)
    why = "It is one of this channel’s own questions, and has not been asked yet."
    return Choice(own, why) if own else None


def _observed(at: Situation) -> Choice | None:
    prompt = at.soonest_over(one for one in at.fresh if one.names) if at.observances else None
    observance = at.calendar.get(prompt.names or "") if prompt else None
    if prompt is None or observance is None:
        return None
    return Choice(
        prompt, f"{observance.name} is on, and this channel wants to hear about such days."
    )


def _in_season(at: Situation) -> Choice | None:
    prompt = at.soonest_over(one for one in at.fresh if not one.names)
    if prompt is None:
        return None
    week, weeks = school_week(at.day), prompt.when.weeks
    if weeks and week and weeks[0] <= week <= weeks[1]:
        return Choice(prompt, f"It fits week {week} of the school year.")
    if prompt.when.last_friday:
        return Choice(prompt, "This week ends the month: a good time to look back.")
    return Choice(prompt, "It fits this time of the year.")


def _of_the_thinnest(at: Situation) -> Choice | None:
    flexible = [prompt for prompt in at.fresh if prompt.when.flex and not prompt.names]
    if not flexible:
        return None
    code = min((prompt.components[0] for prompt in flexible), key=at.rank)
    prompt = at.in_turn([prompt for prompt in flexible if prompt.components[0] == code])
    name = at.names.get(code, code)
    if not at.thinnest:
        return Choice(prompt, f"It has not been asked for a long time; it is about {name}.")
    few = "the fewest" if code == at.thinnest[0] else "few"
    return Choice(prompt, f"This channel has {few} ideas about {name} so far.")


def _fresh(at: Situation) -> Choice | None:
    unnamed = [prompt for prompt in at.fresh if not prompt.names]
    why = "All questions that fit any week were asked lately, except this one."
    return Choice(at.in_turn(unnamed), why) if unnamed else None


def _asked_longest_ago(at: Situation) -> Choice:
    may = [prompt for prompt in at.bank.prompts if not prompt.names]
    if not may:
        raise FrameworkError(
            "prompts.toml has no question that may be asked at any time; "
            "add one with when = { flex = true }."
        )
    since = {prompt_id: ago for ago, prompt_id in reversed(tuple(enumerate(at.recent)))}
    prompt = max(may, key=lambda one: (since.get(one.id, len(at.recent)), one.when.flex))
    return Choice(prompt, "All questions were asked lately; this one was asked longest ago.")


RULES: Final[tuple[Callable[[Situation], Choice | None], ...]] = (
    _pinned,
    _own,
    _observed,
    _in_season,
    _of_the_thinnest,
    _fresh,
    _asked_longest_ago,
)
"""The rules of the choice, in the order in which they are tried. The last one always answers."""


def weeks_left(prompt: Prompt, day: date, calendar: Calendar) -> int | None:
    """How many weeks of a prompt's season are left with that of *day*; None out of season.

    The season of a prompt that names an observance is the observance. `flex` is no season.
    """
    left: list[int] = []
    week, when = school_week(day), prompt.when
    if when.weeks and week and when.weeks[0] <= week <= when.weeks[1]:
        left.append(when.weeks[1] - week + 1)
    if day.month in when.months:
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        left.append((next_month - timedelta(days=1) - monday_of(day)).days // 7 + 1)
    observance = prompt.names or when.observance
    if observance and (observed := calendar.weeks_left(observance, day)):
        left.append(observed)
    if when.last_friday and holds_last_friday(day):
        left.append(1)
    return min(left, default=None)


def why_unfit(text: str) -> str | None:
    """Return what is wrong with *text* as a prompt, in words for its author; None: nothing."""
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
