"""The weekly digest in words: one message, and where it holds too much, replies in its thread."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.core.messages.common import author_name, count, excerpt, gathered, menu, runs
from bot.core.messages.trials import what_came
from bot.core.parts import (
    Act,
    Actions,
    Bar,
    Button,
    Chart,
    Divider,
    Header,
    Menu,
    Message,
    Note,
    Paragraph,
    Run,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.core.contents import DigestContents, Tried
    from bot.core.model import Idea
    from bot.core.parts import Part

MOST_PARTS: Final = 45
MOST_CHARACTERS: Final = 11_000
"""Of all parts together, escaped and with links: platforms refuse longer messages."""
MOST_IN_FALLBACK: Final = 3_400
"""Longer plain text would be split into several messages."""
MOST_AT_FIRST: Final = 20
"""Ideas in the first message of a digest that goes on in its thread: more, nobody reads."""
MOST_IN_REPLY: Final = 30
MOST_REPLIES: Final = 10

_EXCERPTS: Final = (420, 280, 180)
"""Lengths of an excerpt: the fewer ideas, the more room for each."""
_IN_THREAD: Final = (280, 180, 110)
_FALLBACK_EXCERPTS: Final = (200, 110, 60)
_LIST_LENGTH: Final = 1_800
"""Of the list of ideas that have no room of their own."""
_MOST_WELCOMES: Final = 10
_MOST_TRIALS: Final = 5
_CHART_FROM: Final = 3
"""Ideas about one component from which on a chart says more than the headings do."""
_JOIN_IN: Final = (
    "Have an idea of your own? Post it here in a sentence or two: it is kept under your name. "
    "The dots beside an idea let you say that you tried it, and find more like it."
)


# -- which idea stands in which message -------------------------------------------------------


def divide(contents: DigestContents) -> tuple[tuple[Idea, ...], ...]:
    """The ideas of the first message, then of each reply, none of which is empty.

    What has no room at all is in none of them: the first message names it and says where it is.
    """
    everything = contents.airtime
    if any(_fits(_first(contents, everything, limit)) for limit in _EXCERPTS):
        return (everything,)
    first = min(MOST_AT_FIRST, len(everything))
    while first and not _fits(_first(contents, everything[:first], _EXCERPTS[-1], replies=1)):
        first -= 1
    rest = everything[first:]
    while True:
        for limit in _IN_THREAD[1:]:
            replies = _in_replies(contents, rest, limit)
            if len(replies) <= MOST_REPLIES:
                return (everything[:first], *replies)
        # Who has had room before leaves first.
        rest = rest[: -max(1, sum(map(len, replies[MOST_REPLIES:])))]


def _in_replies(
    contents: DigestContents, ideas: Sequence[Idea], limit: int
) -> list[tuple[Idea, ...]]:
    """Ideas in the order of their headings, as many in each reply as fit."""
    numbers = frozenset(idea.number for idea in ideas)
    replies: list[tuple[Idea, ...]] = []
    taken: list[Idea] = []
    cost, parts, heading = _ROOM_FOR_TITLE, 1, ""
    for title, idea in _in_order(contents, numbers):
        size = _cost(_idea(idea, limit))
        extra = 0 if title == heading else _length(title) + 4
        full = len(taken) == MOST_IN_REPLY or parts + 1 + bool(extra) > MOST_PARTS
        if taken and (full or cost + size + extra > MOST_CHARACTERS):
            replies.append(tuple(taken))
            taken, cost, parts, extra = [], _ROOM_FOR_TITLE, 1, _length(title) + 4
        taken.append(idea)
        cost, parts, heading = cost + size + extra, parts + 1 + bool(extra), title
    return [*replies, tuple(taken)] if taken else replies


_ROOM_FOR_TITLE: Final = 100


def _in_order(contents: DigestContents, numbers: frozenset[int]) -> Iterator[tuple[str, Idea]]:
    for title, ideas in _sections(contents):
        yield from ((title, idea) for idea in ideas if idea.number in numbers)


# -- the first message ------------------------------------------------------------------------


def digest(contents: DigestContents) -> Message:
    """The first message of a digest, within every limit however many ideas there are."""
    first, *replies = divide(contents)
    shown = [idea for reply in replies for idea in reply]
    named = frozenset(idea.number for idea in (*first, *shown))
    others = [idea for idea in contents.airtime if idea.number not in named]
    layouts = (_first(contents, first, limit, len(replies), others) for limit in _EXCERPTS)
    return Message(_fallback(contents, first), _longest(layouts))


def _longest(layouts: Iterable[tuple[Part, ...]]) -> tuple[Part, ...]:
    """The first that fits; the last where none does."""
    made = tuple(layouts)
    return next(filter(_fits, made), made[-1])


def _first(
    contents: DigestContents,
    shown: Sequence[Idea],
    limit: int,
    replies: int = 0,
    others: Sequence[Idea] = (),
) -> tuple[Part, ...]:
    """The first message with room for those *shown*, and a list of *others*."""
    parts: list[Part] = [Header(_title(contents.week)), Paragraph((Run(_tally(contents)),))]
    if welcome := _welcome(contents):
        parts.append(Paragraph((Run(f"👋 {welcome}"),)))
    parts += _ideas(contents, shown, limit, dividers=not replies)
    parts += _beside(contents, limit)
    if others:
        parts.append(_others(others, contents))
    if replies:
        rest = len(contents.airtime) - len(shown) - len(others)
        words = f"{count(rest, 'more idea')} in the thread below this message."
        parts += [Divider(), Paragraph((Run("🧵 "), Run(words, bold=True)))]
    parts.append(Divider())
    if chart := _chart(contents):
        parts.append(chart)
    return (*parts, _buttons(contents), Note(runs(_JOIN_IN)))


def _ideas(
    contents: DigestContents, shown: Sequence[Idea], limit: int, *, dividers: bool
) -> Iterator[Part]:
    numbers = frozenset(idea.number for idea in shown)
    heading = ""
    for title, idea in _in_order(contents, numbers):
        if title != heading:
            if dividers:
                yield Divider()
            yield Paragraph((Run(title, bold=True),))
            heading = title
        yield _idea(idea, limit)


def _sections(contents: DigestContents) -> Iterator[tuple[str, tuple[Idea, ...]]]:
    """Each heading with what stands under it."""
    yield from ((excerpt(group.title, 150), group.ideas) for group in contents.groups)
    for group in contents.answers:
        yield f"Answers to “{excerpt(group.title, 200)}”", group.ideas
    if contents.questions:
        open_ = not any(question.replies for question in contents.questions)
        yield "Asked, and not answered yet" if open_ else "Asked", contents.questions


def _idea(idea: Idea, limit: int, *, when: str = "") -> Paragraph:
    """Who, their words, where to find it, what it gathered."""
    words: list[Run] = [Run(_name(idea), bold=True)]
    if about := ", ".join(filter(None, (_school(idea), when))):
        words.append(Run(f", {about}"))
    words.append(Run(f"\n{_words(idea, limit)}\n"))
    if idea.permalink:
        words.append(Run(f"Read #{idea.number}", url=idea.permalink))
    else:
        words.append(Run(f"#{idea.number}"))
    if found := gathered(idea):
        words.append(Run(f" · {found}"))
    return Paragraph(tuple(words), menu(idea))


def _chart(contents: DigestContents) -> Chart | None:
    most = max((share.count for share in contents.shares), default=0)
    if most < _CHART_FROM or len(contents.shares) < 2:
        return None
    bars = tuple(Bar(share.name, share.count, share.colour) for share in contents.shares)
    return Chart("What this week’s ideas are about", bars)


def _beside(contents: DigestContents, limit: int) -> Iterator[Part]:
    """Trials, a question that still waits, an idea of years ago, an invitation."""
    beside = contents.beside
    if beside.trials:
        yield Divider()
        yield Paragraph((Run("Tried by colleagues", bold=True),))
        yield from (_tried(one) for one in beside.trials[:_MOST_TRIALS])
        if (more := len(beside.trials) - _MOST_TRIALS) > 0:
            yield Note((Run(f"And {count(more, 'more trial')} of ideas from this channel."),))
    if beside.question is not None:
        yield Divider()
        yield Paragraph((Run("Still waiting for an answer", bold=True),))
        yield _idea(beside.question, limit)
    if beside.earlier is not None:
        yield Divider()
        yield Paragraph(
            (Run(f"This week of the school year, in {_year(beside.earlier)}", bold=True),)
        )
        yield _idea(beside.earlier, limit)
    if beside.invitation is not None:
        yield Divider()
        yield Paragraph(
            (
                Run("🌱 We have heard least about "),
                Run(excerpt(beside.invitation.name, 150), bold=True),
                Run(f".\n{excerpt(beside.invitation.description, 200)} What have you tried there?"),
            )
        )


def _tried(one: Tried) -> Paragraph:
    trial, idea = one.trial, one.idea
    words = [
        Run(excerpt(author_name_of(trial.name), 60), bold=True),
        Run(f"{_comma(excerpt(trial.school, 80), ',')} tried "),
        Run(f"#{idea.number}", url=idea.permalink) if idea.permalink else Run(f"#{idea.number}"),
        Run(" by "),
        Run(_name(idea), bold=True),
        Run(f"{_comma(_school(idea))}: {what_came(trial)}"),
    ]
    if trial.words:
        words.append(Run(f"\n“{excerpt(trial.words, 280)}”"))
    return Paragraph(tuple(words), menu(idea))


def author_name_of(name: str) -> str:
    """A name on one line; somebody's whose name is not known."""
    return " ".join(name.split()) or "Somebody"


def _comma(school: str, after: str = "") -> str:
    return f", {school}{after}" if school else ""


def _buttons(contents: DigestContents) -> Actions:
    total = len(contents.airtime)
    dates = f"since:{contents.first_day} until:{contents.last_day}"
    return Actions(
        (
            Button("Share an idea", Act.SHARE, primary=True),
            Button(f"See all {total:,}" if total > 1 else "See it in the list", Act.LIST, dates),
        )
    )


def _others(others: Sequence[Idea], contents: DigestContents) -> Paragraph:
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


# -- the replies in its thread ----------------------------------------------------------------


def reply(contents: DigestContents, number: int, replies: int) -> Message:
    """A later message of a digest: all ideas of *contents*, the *number*th of *replies*."""
    which = f" ({number} of {replies})" if replies > 1 else ""
    title = f"More ideas from the week of {_day(contents.week)}{which}"
    layouts = (
        (
            Paragraph((Run(title, bold=True),)),
            *_ideas(contents, contents.airtime, limit, dividers=False),
        )
        for limit in _IN_THREAD
    )
    return Message(_fitting_text(contents, [title], contents.airtime, []), _longest(layouts))


# -- as plain text ----------------------------------------------------------------------------


def _fallback(contents: DigestContents, shown: Sequence[Idea]) -> str:
    """The first message as plain text.

    It leaves out what changes by the minute (reactions, links that are still to be looked up):
    where a platform keeps no keys, a post whose answer was lost is found again by this text.
    """
    opening = [f"{_title(contents.week)}. {_tally(contents)}"]
    if welcome := _welcome(contents):
        opening.append(welcome)
    if _chart(contents):
        shares = ", ".join(f"{share.count:,} {share.name}" for share in contents.shares)
        opening.append(f"By subject: {shares}.")
    ending = [*_beside_plain(contents), f"\n{_JOIN_IN}"]
    return _fitting_text(contents, opening, shown, ending)


def _fitting_text(
    contents: DigestContents, opening: Sequence[str], shown: Sequence[Idea], ending: Sequence[str]
) -> str:
    """Plain text that fits: shorter excerpts first, then fewer ideas."""

    def whole(fewer: int, limit: int) -> str:
        body = _plain(contents, "\n".join(opening), shown[:fewer], limit)
        left = len(contents.airtime) - fewer
        more = f"\nAnd {left:,} more. All of them: {_list_command(contents)}" if left else ""
        return "\n".join(filter(None, (body, more, *ending)))

    for limit in _FALLBACK_EXCERPTS:
        if _length(text := whole(len(shown), limit)) <= MOST_IN_FALLBACK:
            return text
    fewer = len(shown)
    while fewer and _length(text) > MOST_IN_FALLBACK:
        fewer -= 1
        text = whole(fewer, limit)
    return text


def _plain(contents: DigestContents, title: str, shown: Sequence[Idea], limit: int) -> str:
    lines = [title]
    heading = ""
    for section, idea in _in_order(contents, frozenset(idea.number for idea in shown)):
        if section != heading:
            lines.append(f"\n{section}")
            heading = section
        lines.append(_line(idea, limit))
    return "\n".join(lines)


def _line(idea: Idea, limit: int) -> str:
    school = _school(idea)
    who = f"{_name(idea)}, {school}" if school else _name(idea)
    return f"#{idea.number}, {who}: {_words(idea, limit)}"


def _beside_plain(contents: DigestContents) -> Iterator[str]:
    beside = contents.beside
    if beside.trials:
        yield "\nTried by colleagues"
        for one in beside.trials[:_MOST_TRIALS]:
            yield "".join(run.text for run in _tried(one).runs).replace("\n", " ")
    if beside.question is not None:
        yield f"\nStill waiting for an answer\n{_line(beside.question, 110)}"
    if beside.earlier is not None:
        year = _year(beside.earlier)
        yield f"\nThis week of the school year, in {year}\n{_line(beside.earlier, 110)}"
    if beside.invitation is not None:
        yield f"\nWe have heard least about {excerpt(beside.invitation.name, 150)}."


# -- words ------------------------------------------------------------------------------------


def _title(week: date) -> str:
    return f"Ideas from the week of {_day(week)}"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}"


def _year(idea: Idea) -> int:
    return idea.posted_at.year


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


# -- how long is it? --------------------------------------------------------------------------


def _fits(parts: tuple[Part, ...]) -> bool:
    return len(parts) <= MOST_PARTS and sum(map(_cost, parts)) <= MOST_CHARACTERS


def _cost(part: Part) -> int:
    """About how many characters a part takes once it is escaped and its links are written out."""
    match part:
        case Paragraph(runs=words, button=beside):
            items = beside.items if isinstance(beside, Menu) else ()
            return _sum(words) + sum(_length(item.text) for item in items)
        case Note(runs=words):
            return _sum(words)
        case Header(text=text):
            return _length(text)
        case Actions(buttons=buttons):
            return sum(80 for _ in buttons)
        case Chart(title=title, bars=bars):
            return _length(title) + sum(_length(bar.label) + 30 for bar in bars)
        case _:
            return 0


def _sum(words: tuple[Run, ...]) -> int:
    return sum(_length(run.text) + len(run.url) + 4 for run in words)


def _length(text: str) -> int:
    return len(escape(text, quote=False))
