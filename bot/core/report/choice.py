"""The choice of a column's one number and one story: a rule that anybody can check.

**The number** is the first of a column's own list that is large enough to say something; the last
of the list is taken where none is.

**The story** is the first candidate, in this order, whose words may be quoted (`quotes`):

1. more colleagues tried the idea with success (three count like more);
2. it says what came of it: `tells_a_result`;
3. it speaks of a partner, or thanks somebody;
4. it is long enough to be a story and short enough to be read: 15 to 90 words;
5. more people answered or reacted (five count like more);
6. it is newer.

Nobody's words stand twice on a page as long as somebody else's may stand there.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from bot.core.model.digest import TrialWithIdea
from bot.core.model.ideas import Idea, Trial, TrialOutcome
from bot.core.model.words import words_in
from bot.core.report.values import Figure, Story

MOST: Final = 60
"""Candidates of a column that are held; so memory does not grow with the number of ideas."""

_RESULT: Final = re.compile(
    r"%|\b\d[\d,]* of \d|\bfrom \$?\d[\d,.]* to \$?\d"
    r"|\b\d[\d,]* (?:new|more|loans|checkouts|holds|visits|views|sign[- ]?ups)\b"
    r"|\b(?:result(?:s|ed)?|now|doubled|tripled|increase[ds]?|grew|rose|went up|dropped|fewer"
    r"|first time|changed|led to|learned|asked (?:(?:me|us) (?:to|for)|for \w+ more)|every one)\b",
    re.IGNORECASE,
)

Subject = TypeVar("Subject", Idea, TrialWithIdea)
Rank = tuple[float, ...]


@dataclass(slots=True)
class Candidates(Generic[Subject]):
    """The best of whatever was offered for a story, at most `MOST`."""

    _held: list[tuple[Rank, int, Subject]] = field(default_factory=list)
    _offered: int = 0

    def offer(self, subject: Subject, rank: Rank) -> None:
        """Hold a candidate if it is among the best."""
        self._offered += 1
        heapq.heappush(self._held, (rank, -self._offered, subject))
        if len(self._held) > MOST:
            heapq.heappop(self._held)

    def in_order(self) -> list[Subject]:
        """Those held, the best first; of equals the one that was offered first."""
        return [subject for _, _, subject in sorted(self._held, reverse=True)]


def rank_of_idea(idea: Idea, worked: int, *, partner: bool) -> Rank:
    """How well an idea would do as a story.

    Args:
        worked: how many trials of it worked.
        partner: it speaks of a partner, or thanks somebody.
    """
    return (
        min(worked, 3),
        tells_a_result(idea.text),
        partner,
        15 <= words_in(idea.text) <= 90,
        min(idea.reactions + idea.replies, 5),
        idea.posted_at.timestamp(),
    )


def rank_of_trial(trial: Trial) -> Rank:
    """How well a trial would do as a story: what worked, then what tells more, then what is new."""
    return (
        trial.came is not TrialOutcome.FAILED,
        min(words_in(trial.words), 40) // 10,
        tells_a_result(trial.words),
        trial.tried_at.timestamp(),
    )


def tells_a_result(text: str) -> bool:
    """Whether a text says, by a measure or a few words, what came of something.

    A number alone is none: *grade 7* and *two minutes* tell how a thing was done.
    """
    return _RESULT.search(text) is not None


def figure(*least: tuple[int, int, str]) -> Figure:
    """The first number that is large enough, else the last one.

    Args:
        least: the least value that says something, the value, and what it counts.
    """
    fits = next((one for one in least if one[1] >= one[0]), least[-1])
    return Figure(fits[1], fits[2])


def story(
    candidates: Iterable[Subject],
    tell: Callable[[Subject], Story | None],
    author: Callable[[Subject], object],
    told: set[object],
) -> Story | None:
    """The first story that can be told, by somebody new to the page if there is one.

    Args:
        tell: gives the story of a candidate; None: its words may not be quoted.
        author: whose words those are.
        told: whose words stand on the page already; theirs is added.
    """
    known: list[Subject] = []
    for one in candidates:
        if author(one) in told:
            known.append(one)
        elif found := tell(one):
            told.add(author(one))
            return found
    return next((found for found in map(tell, known) if found), None)


def unused(candidates: Sequence[Idea], used: set[int]) -> list[Idea]:
    """Candidates without those that stand on the page already, by their row ids."""
    return [one for one in candidates if one.id not in used]
