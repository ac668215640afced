"""The words that all forms of a digest share: headings, names, counts, who tried what."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.core.messages.common import author_name, count, excerpt, place
from bot.core.messages.trials import what_came
from bot.core.model import Kind
from bot.core.parts import Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.core.contents import DigestContents, Tried
    from bot.core.framework import Component
    from bot.core.model import Author, Idea, Trial

MOST_TRIALS: Final = 5
_MOST_WELCOMES: Final = 10
_CHART_FROM: Final = 3
"""Ideas about one component from which on a chart says more than the headings do."""
JOIN_IN: Final = (
    "Have an idea of your own? Post it here in a sentence or two: it is kept under your name."
)
DOTS: Final = "The dots beside an idea let you say that you tried it, and find more like it."
ABOUT: Final = "What this week’s ideas are about"


# -- headings, and what stands under them -----------------------------------------------------


def in_order(contents: DigestContents, numbers: frozenset[int]) -> Iterator[tuple[str, Idea]]:
    """Those of these numbers, each with its heading."""
    for title, ideas in sections(contents):
        yield from ((title, idea) for idea in ideas if idea.number in numbers)


def sections(contents: DigestContents) -> Iterator[tuple[str, tuple[Idea, ...]]]:
    """Each heading with what stands under it."""
    yield from ((excerpt(group.title, 150), group.ideas) for group in contents.groups)
    for group in contents.answers:
        yield f"Answers to “{excerpt(group.title, 130)}”", group.ideas
    if contents.questions:
        open_ = not any(question.replies for question in contents.questions)
        yield "Asked, and not answered yet" if open_ else "Asked", contents.questions


# -- words ------------------------------------------------------------------------------------


def title_of(week: date) -> str:
    """What a digest is called."""
    return f"Ideas from the week of {day_of(week)}"


def day_of(day: date) -> str:
    """A day as it is spoken: `November 23`."""
    return f"{day:%B} {day.day}"


def year_of(idea: Idea) -> int:
    """The year an idea was posted in."""
    return idea.posted_at.year


def tally(contents: DigestContents) -> str:
    """How many ideas, from how many people and schools; questions apart."""
    ideas = contents.ideas
    people = len({idea.author.id for idea in ideas})
    schools = len({" ".join(idea.author.school.casefold().split()) for idea in ideas} - {""})
    words = count(len(ideas), "idea")
    if len(ideas) > 1:
        words += f" from {count(people, 'person', 'people')}"
    if schools > 1:
        words += f" at {count(schools, 'school')}"
    if contents.questions:
        words += f", and {count(len(contents.questions), 'question')}"
    return words + "."


def welcome(contents: DigestContents) -> str:
    """A welcome to those who shared here for the first time, all by name or none."""
    ids = contents.newcomers
    if not ids:
        return ""
    if len(ids) > _MOST_WELCOMES:
        return f"{count(len(ids), 'person', 'people')} shared here for the first time. Welcome!"
    names = {idea.author.id: name_of(idea) for idea in contents.airtime}
    *others, last = (names[ident] for ident in ids)
    who = f"{', '.join(others)} and {last}" if others else last
    return f"Sharing here for the first time: {who}. Welcome!"


def list_command(contents: DigestContents) -> str:
    """What to type to see all of it."""
    name = contents.airtime[0].channel_name
    where = f"channel:{name} " if name else ""
    return f"/ideas list {where}since:{contents.first_day} until:{contents.last_day}"


def name_of(idea: Idea) -> str:
    """The author, however long their name."""
    return excerpt(author_name(idea.author), 60)


def place_of(who: Author | Trial) -> str:
    """Their school or title, however long; empty when neither is known."""
    return excerpt(place(who), 80)


def words_of(idea: Idea, limit: int) -> str:
    """A fair piece of the idea's words; of one that is only a link or a file, its address."""
    if words := excerpt(idea.text, limit):
        return words
    return excerpt(", ".join(idea.resources), limit) or "A file, to be opened in the channel"


def read(idea: Idea) -> str:
    """What its link says."""
    return f"{'Answer' if idea.kind is Kind.QUESTION else 'Read'} #{idea.number}"


def in_thread(rest: Sequence[Idea]) -> str:
    """What the thread holds: `39 more ideas and 7 questions in the thread below this message.`."""
    return f"{how_many(rest, 'more ')} in the thread below this message."


def invitation(part: Component) -> tuple[Run, ...]:
    """What the channel has heard least about, and a question about it."""
    return (
        Run("The part we have heard least about: "),
        Run(excerpt(part.name, 150), bold=True),
        Run(f".\n{excerpt(part.description, 200)} What have you tried there?"),
    )


def tried(one: Tried) -> tuple[Run, ...]:
    """Who tried whose idea, how it begins, what came of it, and the sentence about it."""
    trial, idea = one.trial, one.idea
    told = [
        Run(excerpt(" ".join(trial.name.split()) or "Somebody", 60), bold=True),
        Run(f"{_comma(place_of(trial), ',')} tried "),
        Run(f"#{idea.number}", url=idea.permalink),
        Run(" by "),
        Run(name_of(idea), bold=True),
        Run(
            f"{_comma(place_of(idea.author))}: “{words_of(idea, 110)}”\nFor them {what_came(trial)}"
        ),
    ]
    if trial.words:
        told.append(Run(f" “{excerpt(trial.words, 280)}”"))
    return tuple(told)


def how_many(ideas: Sequence[Idea], more: str = "") -> str:
    """Ideas and questions counted apart: `46 more ideas and 3 questions`."""
    questions = sum(idea.kind is Kind.QUESTION for idea in ideas)
    told = []
    if len(ideas) > questions or not questions:
        told.append(count(len(ideas) - questions, f"{more}idea"))
    if questions:
        told.append(count(questions, "question" if told else f"{more}question"))
    return " and ".join(told)


def also_posted(contents: DigestContents) -> str:
    """How many posts came in that may be no ideas: `Also posted: 7`; empty when none."""
    return f"Also posted: {contents.posts:,}" if contents.posts else ""


def telling(contents: DigestContents) -> bool:
    """Whether numbers by component say more than the headings do."""
    most = max((share.count for share in contents.shares), default=0)
    return most >= _CHART_FROM and len(contents.shares) > 1


def _comma(place: str, after: str = "") -> str:
    return f", {place}{after}" if place else ""


def length(text: str) -> int:
    """How many characters a text takes once it is escaped."""
    return len(escape(text, quote=False))
