"""The words that all forms of a digest share: headings, names, counts, who tried what."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.core.messages.common import author_name, count, excerpt, place, words_of
from bot.core.messages.trials import what_came
from bot.core.model.digest import DigestContents, Group, TrialWithIdea
from bot.core.model.framework import Component
from bot.core.model.ideas import Idea, Kind
from bot.core.model.parts import Run
from bot.core.model.people import folded
from bot.core.model.vocabulary import command

_MOST_WELCOMES: Final = 10


# -- headings, and what stands under them -----------------------------------------------------


def in_order(contents: DigestContents, ideas: Sequence[Idea]) -> Iterator[tuple[Group, Idea]]:
    """These ideas in the order of the headings, each with what it stands under."""
    numbers = frozenset(idea.number for idea in ideas)
    for group in _sections(contents):
        yield from ((group, idea) for idea in group.ideas if idea.number in numbers)


def _sections(contents: DigestContents) -> Iterator[Group]:
    """Each heading with what stands under it."""
    for group in contents.groups:
        yield replace(group, title=excerpt(group.title, 150))
    for group in contents.answers:
        yield Group(f"Answers to “{excerpt(group.title, 130)}”", group.ideas, "💬")
    if contents.questions:
        open_ = not any(question.replies for question in contents.questions)
        title = "Asked, and not answered yet" if open_ else "Asked"
        yield Group(title, contents.questions, "❓")


# -- words ------------------------------------------------------------------------------------


def title_of(contents: DigestContents, month: str = "%b") -> str:
    """What a digest is called, with its days: `Ideas from Nov 23 to 27`.

    Args:
        month: how a month is written, as for `strftime`.
    """
    first, last = contents.span
    days = f"{first:{month}} {first.day}"
    if last != first:
        alike = (first.year, first.month) == (last.year, last.month)
        days += f" to {last.day}" if alike else f" to {last:{month}} {last.day}"
    return f"Ideas from {days}"


def greeting(contents: DigestContents) -> str:
    """How many ideas, from how many people and schools; questions apart."""
    ideas = contents.ideas
    people = len({idea.author.id for idea in ideas})
    schools = len({folded(idea.author.school) for idea in ideas} - {""})
    words = count(len(ideas), "idea")
    if len(ideas) > 1:
        words += f" from {count(people, 'person', 'people')}"
    if schools > 1:
        words += f" at {count(schools, 'school')}"
    if contents.questions:
        words += f"{',' if len(ideas) > 1 else ''} and {count(len(contents.questions), 'question')}"
    here = "Here is" if len(ideas) == 1 else "Here are"
    hello = "Hello!" if contents.personal else "Hello, everyone!"
    return f"{hello} {here} {words}."


def welcome(contents: DigestContents) -> tuple[Run, ...]:
    """A welcome to those who shared here for the first time, all by name or none."""
    ids = contents.newcomers
    if not ids:
        return ()
    if len(ids) > _MOST_WELCOMES:
        return (Run(f"Welcome to {len(ids)} people who shared here for the first time!"),)
    names = {idea.author.id: author_name(idea.author) for idea in contents.fair_order}
    *others, last = (Run(names[ident], bold=True) for ident in ids)
    who = [run for other in others for run in (other, Run(", "))][:-1]
    told = (*who, Run(" and "), last) if who else (last,)
    return (Run("Welcome to "), *told, Run(", sharing here for the first time!"))


def list_command(contents: DigestContents) -> str:
    """What to type to see all of it."""
    name = contents.fair_order[0].channel_name
    shown = f'"{name}"' if " " in name else name
    where = f"channel:{shown} " if name and not contents.personal else ""
    return command(f"list {where}since:{contents.first_day} until:{contents.last_day}")


def invitation(part: Component) -> tuple[Run, ...]:
    """What the channel has heard least about, and a question about it."""
    return (
        Run("We have heard least about "),
        Run(excerpt(part.short, 150), bold=True),
        Run(f".\n{excerpt(part.description, 200)} What have you tried there?"),
    )


def tried(one: TrialWithIdea) -> tuple[Run, ...]:
    """Who tried whose idea, how it begins, what came of it, and the sentence about it."""
    trial, idea = one.trial, one.idea
    told = [
        Run(excerpt(trial.name, 60) or "Somebody", bold=True),
        Run(f"{_comma(place(trial), ',')} tried "),
        Run(f"#{idea.number}", url=idea.permalink),
        Run(" by "),
        Run(author_name(idea.author), bold=True),
        Run(f"{_comma(place(idea.author))}: “{words_of(idea, 110)}”\nFor them {what_came(trial)}"),
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


def _comma(place: str, after: str = "") -> str:
    return f", {place}{after}" if place else ""
