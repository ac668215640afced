"""What is posted by the week: the digest and the prompt, and what is said of them before."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.core.messages.common import author_name, count, excerpt, gathered, runs, said
from bot.core.parts import Divider, Header, Message, Note, Paragraph, Run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.core.digest import DigestContents
    from bot.core.model import Idea
    from bot.core.parts import Part

MOST_PARTS: Final = 45
MOST_CHARACTERS: Final = 11_000
"""Of all parts together, escaped and with links: platforms refuse longer messages."""
MOST_IN_FALLBACK: Final = 3_400
"""Longer plain text would be split into several messages."""

_EXCERPTS: Final = (420, 280, 180, 110)
"""Lengths of an excerpt: the fewer ideas, the more room for each."""
_FALLBACK_EXCERPTS: Final = (200, 110, 60)
_LIST_LENGTH: Final = 1_800
"""Of the list of ideas that have no room of their own."""
_MOST_WELCOMES: Final = 10
_JOIN_IN: Final = (
    "Have an idea of your own? Post it here in a sentence or two, or write `/idea` and your words: "
    "it is kept under your name. Curious about one of these? Answer in its thread, or read it with "
    "`/ideas show` and its number."
)
_HOW_TO_ANSWER: Final = (
    "Reply in this thread, in a sentence or two. Your reply is kept under your name, so that "
    "others can find it later."
)
_QUESTION: Final = "This week’s question"


# -- the digest -------------------------------------------------------------------------------


def digest(contents: DigestContents) -> Message:
    """A week's ideas, within every limit however many there are.

    Those without room of their own are named by number and author; beyond that, the message says
    how many more there are and how to list them all.
    """
    return Message(_fallback(contents), _parts(contents))


def _parts(contents: DigestContents) -> tuple[Part, ...]:
    everything = contents.airtime
    for limit in _EXCERPTS:
        for dividers in (True, False):
            parts = _lay_out(contents, everything, limit, dividers=dividers)
            if _fits(parts):
                return parts
    fewer = min(len(everything), MOST_PARTS)
    while not _fits(_lay_out(contents, everything[:fewer], limit, dividers=False)):
        fewer -= 1
    layouts = (_lay_out(contents, everything[:fewer], limit, dividers=False) for limit in _EXCERPTS)
    return next(filter(_fits, layouts))


def _lay_out(
    contents: DigestContents, shown: tuple[Idea, ...], limit: int, *, dividers: bool
) -> tuple[Part, ...]:
    """The message with room for those *shown*, and a list of the others."""
    parts: list[Part] = [Header(_title(contents.week)), Paragraph((Run(_tally(contents)),))]
    if welcome := _welcome(contents):
        parts.append(Paragraph((Run(welcome),)))
    numbers = frozenset(idea.number for idea in shown)
    for heading, ideas in _sections(contents):
        with_room = [idea for idea in ideas if idea.number in numbers]
        if not with_room:
            continue
        if dividers:
            parts.append(Divider())
        parts.append(Paragraph((Run(heading, bold=True),)))
        parts += [_idea(idea, limit) for idea in with_room]
    if others := [idea for idea in contents.airtime if idea.number not in numbers]:
        parts.append(_others(others, contents))
    parts += [Divider(), Note(runs(_JOIN_IN))]
    return tuple(parts)


def _sections(contents: DigestContents) -> Iterator[tuple[str, tuple[Idea, ...]]]:
    """Each heading with what stands under it."""
    yield from ((excerpt(group.title, 150), group.ideas) for group in contents.groups)
    for group in contents.answers:
        yield f"Answers to “{excerpt(group.title, 200)}”", group.ideas
    if contents.questions:
        open_ = not any(question.replies for question in contents.questions)
        heading = "Questions nobody has answered yet" if open_ else "Questions"
        yield heading, contents.questions


def _idea(idea: Idea, limit: int) -> Paragraph:
    """Who, their words, where to find it, what it gathered."""
    words: list[Run] = [Run(_name(idea), bold=True)]
    if school := _school(idea):
        words.append(Run(f", {school}"))
    words.append(Run(f"\n{_words(idea, limit)}\n"))
    if idea.permalink:
        words.append(Run(f"Read #{idea.number}", url=idea.permalink))
    else:
        words.append(Run(f"#{idea.number}"))
    if found := gathered(idea):
        words.append(Run(f" · {found}"))
    return Paragraph(tuple(words))


def _others(others: list[Idea], contents: DigestContents) -> Paragraph:
    """Those without room, by number and name, and how to read them all."""
    line = ""
    named = 0
    for idea in others:
        longer = f"{line}, " if line else ""
        longer += f"#{idea.number} {_name(idea)}"
        if _length(longer) > _LIST_LENGTH:
            break
        line, named = longer, named + 1
    rest = len(others) - named
    more = f", and {rest:,} more" if rest else ""
    return Paragraph(
        (
            Run("And there is more", bold=True),
            Run(f"\n{line}{more}.\nAll of them: "),
            Run(_list_command(contents), code=True),
        )
    )


def _fallback(contents: DigestContents) -> str:
    """The digest as plain text.

    It leaves out what changes by the minute (reactions, links that are still to be looked up):
    where a platform keeps no keys, a post whose answer was lost is found again by this text.
    """
    everything = contents.airtime
    for limit in _FALLBACK_EXCERPTS:
        text = _plain(contents, everything, limit)
        if _length(text) <= MOST_IN_FALLBACK:
            return text
    fewer = len(everything)
    while _length(text := _plain(contents, everything[:fewer], limit)) > MOST_IN_FALLBACK:
        fewer -= 1
    return text


def _plain(contents: DigestContents, shown: tuple[Idea, ...], limit: int) -> str:
    lines = [f"{_title(contents.week)}. {_tally(contents)}"]
    if welcome := _welcome(contents):
        lines.append(welcome)
    numbers = frozenset(idea.number for idea in shown)
    for heading, ideas in _sections(contents):
        with_room = [idea for idea in ideas if idea.number in numbers]
        if with_room:
            lines.append(f"\n{heading}")
        for idea in with_room:
            school = _school(idea)
            who = f"{_name(idea)}, {school}" if school else _name(idea)
            lines.append(f"#{idea.number}, {who}: {_words(idea, limit)}")
    if others := len(contents.airtime) - len(shown):
        lines.append(f"\nAnd {others:,} more. All of them: {_list_command(contents)}")
    lines.append(f"\n{_JOIN_IN.replace('`', '')}")
    return "\n".join(lines)


def _title(week: date) -> str:
    return f"Ideas from the week of {week:%B} {week.day}"


def _tally(contents: DigestContents) -> str:
    """How many ideas, from how many people and schools; questions apart."""
    ideas = contents.ideas
    people = len({idea.author.id for idea in ideas})
    schools = len({_school(idea).casefold() for idea in ideas} - {""})
    words = f"{count(len(ideas), 'idea')} from {count(people, 'person', 'people')}"
    if schools > 1:
        words += f" at {count(schools, 'school')}"
    if contents.questions:
        words += f", and {count(len(contents.questions), 'question')}"
    return words + "."


def _welcome(contents: DigestContents) -> str:
    """A welcome to those who shared here for the first time, all by name or none."""
    ids = contents.newcomers
    if not ids:
        return ""
    if len(ids) > _MOST_WELCOMES:
        return f"{count(len(ids), 'person', 'people')} shared here for the first time. Welcome!"
    names = {idea.author.id: _name(idea) for idea in contents.airtime}
    *others, last = (names[ident] for ident in ids)
    who = f"{', '.join(others)} and {last}" if others else last
    return f"Sharing here for the first time: {who}. Welcome!"


def _list_command(contents: DigestContents) -> str:
    return f"/ideas list since:{contents.first_day} until:{contents.last_day}"


def _name(idea: Idea) -> str:
    return excerpt(author_name(idea.author), 60)


def _school(idea: Idea) -> str:
    return excerpt(idea.author.school, 80)


def _words(idea: Idea, limit: int) -> str:
    """A fair piece of the idea's words; of one that is only a link or a file, its address."""
    if words := excerpt(idea.text, limit):
        return words
    return excerpt(", ".join(idea.resources), limit) or "A file, to be opened in the channel"


# -- the prompt -------------------------------------------------------------------------------


def prompt(text: str) -> Message:
    """The week's question, and how to answer it."""
    question = excerpt(text, 1_500)
    return Message(
        f"{_QUESTION}: {question}\n\n{_HOW_TO_ANSWER}",
        (Header(_QUESTION), Paragraph((Run(question),)), Note((Run(_HOW_TO_ANSWER),))),
    )


# -- before it is posted ----------------------------------------------------------------------


def nothing_new() -> Message:
    """There would be no digest."""
    return said(
        "There is nothing for a digest yet: no idea has come in since the last one. The next idea "
        "that is posted in this channel will be in it."
    )


def digest_preview(message: Message) -> Message:
    """A digest as it would be posted now, shown to one member."""
    return _preview(message, "how the digest would look if it were posted now")


def prompt_preview(message: Message) -> Message:
    """A prompt as it would be posted now, shown to one member."""
    return _preview(message, "the question that would be asked now")


def _preview(message: Message, what: str) -> Message:
    words = f"Only you see this. It is {what}."
    return Message(f"{words}\n\n{message.fallback}", (Note((Run(words),)), *message.parts))


# -- how long is it? --------------------------------------------------------------------------


def _fits(parts: tuple[Part, ...]) -> bool:
    return len(parts) <= MOST_PARTS and sum(map(_cost, parts)) <= MOST_CHARACTERS


def _cost(part: Part) -> int:
    """About how many characters a part takes once it is escaped and its links are written out."""
    match part:
        case Paragraph(runs=words) | Note(runs=words):
            return sum(_length(run.text) + len(run.url) + 4 for run in words)
        case Header(text=text):
            return _length(text)
        case _:
            return 0


def _length(text: str) -> int:
    return len(escape(text, quote=False))
