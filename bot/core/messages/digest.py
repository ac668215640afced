"""The weekly digest in words: one message, and where it holds too much, replies in its thread."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Final

from bot.core.messages import cards
from bot.core.messages import digest_words as words
from bot.core.messages.common import (
    author_line,
    author_name,
    channel_name,
    count,
    excerpt,
    gathered,
    place,
    runs,
    words_of,
)
from bot.core.messages.fitting import fit, fullest, length, most
from bot.core.model.actions import Act, Action
from bot.core.model.digest import DigestContents, Group
from bot.core.model.ideas import Idea
from bot.core.model.parts import (
    Actions,
    Bar,
    Button,
    Chart,
    Divider,
    Header,
    Message,
    Note,
    Paragraph,
    Part,
    Run,
)
from bot.core.model.settings import LONGEST_LINE
from bot.core.model.vocabulary import command

MOST_AT_FIRST: Final = 20
"""Ideas in the first message of a digest that goes on in its thread: more, nobody reads."""
MOST_IN_REPLY: Final = 30
MOST_REPLIES: Final = 10

_LIST_LENGTH: Final = 1_800
"""Of the list of ideas that have no room of their own."""
_MOST_TRIALS: Final = 5
_CHART_FROM: Final = 12
"""Ideas from which on a chart says more than the headings do."""
_ABOUT: Final = "What these ideas are about"
_JOIN_IN: Final = (
    "Have an idea of your own? Post it here in a sentence or two: it is kept under your name."
)
_MOST_ASKED: Final = 3
_ALONE: Final = f"Only you see this, since you asked for it. `{command('subscribe off')}` stops it."
_IN_FULL: Final = f"To read one in full, write {command('show')} and its number."


@dataclass(frozen=True, slots=True)
class _Style:
    """How a digest is written.

    As plain text it has no signs, links or buttons, and nothing that changes by the minute
    (reactions, links that are still to be looked up): where a platform keeps no keys, a post whose
    answer was lost is found again by this text.
    """

    length: int
    """Characters of an idea."""
    plain: bool = False
    placed: bool = False
    """Whether it says of each idea in which channel it stands."""
    rows: bool = False
    """Whether below each idea stands a row of buttons, and beside it its photo."""


def _styles(with_rows: Sequence[int], without: Sequence[int]) -> tuple[_Style, ...]:
    rows = (_Style(length, rows=True) for length in with_rows)
    return (*rows, *map(_Style, without))


_FIRST: Final = _styles((420, 360, 300, 240), (300, 240, 180))
"""How the first message is written: with as much of each idea as it has room for."""
_REPLY: Final = _styles((280, 220), (280, 220, 160, 110))
_PLAIN: Final = tuple(_Style(length, plain=True) for length in (200, 160, 120, 80, 40))


def divide(contents: DigestContents) -> tuple[tuple[Idea, ...], ...]:
    """The ideas of the first message, then of each reply, none of which is empty.

    What has no room at all is in none of them: the first message names it and says where it is.
    """
    everything = contents.fair_order
    if fit(_first(contents, everything, _FIRST[-1]), contents.limits):
        return (everything,)
    first = _opening(contents, everything)
    rest = everything[first : first + MOST_REPLIES * MOST_IN_REPLY]
    while len(replies := _in_replies(contents, rest)) > MOST_REPLIES:
        # Who has had room before leaves first.
        rest = rest[: -sum(map(len, replies[MOST_REPLIES:]))]
    return (everything[:first], *replies)


def _opening(contents: DigestContents, ideas: Sequence[Idea]) -> int:
    """How many of *ideas* have room in a first message that goes on in its thread.

    As if nothing of the rest had room, so that there is some for the list of those.
    """
    every = contents.fair_order

    def fits(some: Sequence[Idea]) -> bool:
        return fit(_first(contents, some, _FIRST[-1], rest=every, others=every), contents.limits)

    return most(ideas[:MOST_AT_FIRST], fits)


def _in_replies(contents: DigestContents, ideas: Sequence[Idea]) -> list[tuple[Idea, ...]]:
    """Ideas in the order of their headings, as many in each reply as fit."""
    title = Header(_title(MOST_REPLIES, MOST_REPLIES))

    def fits(some: Sequence[tuple[Group, Idea]]) -> bool:
        return fit((title, *_ideas(some, _REPLY[-1])), contents.limits)

    left = list(words.in_order(contents, ideas))
    replies = []
    while left:
        number = max(1, most(left[:MOST_IN_REPLY], fits))
        replies.append(tuple(idea for _, idea in left[:number]))
        left = left[number:]
    return replies


# -- the first message ------------------------------------------------------------------------


def digest(contents: DigestContents, replies: Sequence[Sequence[Idea]] | None = None) -> Message:
    """The first message of a digest, within its limits however many ideas there are.

    Args:
        replies: the ideas of each reply in its thread; None: as `divide` gives them.
    """
    if replies is None:
        replies = () if contents.personal else divide(contents)[1:]
    later = frozenset(idea.number for reply in replies for idea in reply)
    rest = [idea for idea in contents.fair_order if idea.number in later]
    here = [idea for idea in contents.fair_order if idea.number not in later]
    divided = bool(replies) or contents.personal
    first = here[: _opening(contents, here)] if divided else here

    def parts(shown: Sequence[Idea], style: _Style) -> tuple[Part, ...]:
        return _first(contents, shown, style, rest=rest, others=here[len(shown) :])

    styles = [replace(style, placed=contents.personal) for style in _FIRST]
    return _fitting(contents, first, parts, styles)


def _first(
    contents: DigestContents,
    shown: Sequence[Idea],
    style: _Style,
    *,
    rest: Sequence[Idea] = (),
    others: Sequence[Idea] = (),
) -> tuple[Part, ...]:
    """The first message with room for those *shown*, and a list of *others*.

    Args:
        rest: what stands in its thread.
    """
    hello = words.greeting(contents)
    parts: list[Part]
    if style.plain:
        parts = [Paragraph((Run(f"{words.title_of(contents, '%B')}. {hello}"),))]
    else:
        parts = [Header(f"📬 {words.title_of(contents)}"), Paragraph((Run(hello),))]
    if line := excerpt(contents.beside.line, LONGEST_LINE):
        parts.append(Paragraph((Run("From your coordinator: ", bold=True), Run(line))))
    parts += _tried(contents, style)
    if welcome := words.welcome(contents):
        parts.append(_headed(style, "👋", *welcome))
    parts.append(Divider())
    parts += _ideas(words.in_order(contents, shown), style)
    if rest:
        below = f"{words.how_many(rest, 'more ')} in the thread below this message."
        parts += [Divider(), _headed(style, "🧵", Run(below, bold=True))]
    if others:
        parts.append(_others(others, contents, style))
    parts += _beside(contents, style)
    parts += [Divider(), *_chart(contents, style)]
    also = f"Also posted: {contents.posts:,}. " if contents.posts else ""
    small = f"{also}{_ALONE if contents.personal else _JOIN_IN}"
    if style.plain:
        return (*parts, _headed(style, "", *runs(f"{small} {_IN_FULL}")))
    return (*parts, _buttons(contents), Note(runs(small)))


def _ideas(ideas: Iterable[tuple[Group, Idea]], style: _Style) -> Iterator[Part]:
    for group, under in groupby(ideas, key=itemgetter(0)):
        yield _headed(style, group.sign, Run(group.title, bold=True))
        for _, idea in under:
            yield from _idea(idea, style)


def _headed(style: _Style, sign: str, *runs: Run) -> Paragraph:
    """A paragraph with a sign before it; in plain text an empty line."""
    before = "\n" if style.plain else f"{sign} " if sign else ""
    return Paragraph((Run(before), *runs) if before else runs)


def _idea(idea: Idea, style: _Style) -> Iterator[Part]:
    """Who, their words, where to find it, what it gathered, and what can be done with it."""
    told = words_of(idea, style.length)
    if style.plain:
        yield Paragraph((Run(f"#{idea.number}, {author_line(idea.author)}: {told}"),))
        return
    school = place(idea.author)
    said = [
        Run(author_name(idea.author), bold=True),
        Run(f", {school}\n{told}\n" if school else f"\n{told}\n"),
    ]
    if idea.permalink:
        said.append(Run(f"Read #{idea.number}", url=idea.permalink))
    else:
        said.append(Run(f"#{idea.number}"))
    if style.placed:
        said.append(Run(f" in {channel_name(idea.channel_name)}"))
    if found := gathered(idea):
        said.append(Run(f" · {found}"))
    if style.rows:
        yield Paragraph(tuple(said), cards.picture(idea))
        yield cards.to_do(idea)
    else:
        yield Paragraph(tuple(said), _button(idea))


def _button(idea: Idea) -> Button:
    """What is most worth doing with an idea."""
    more = Button("More like this", Action(Act.ALIKE, number=idea.number))
    return next(iter(cards.most_used(idea)), more)


def _chart(contents: DigestContents, style: _Style) -> Iterator[Part]:
    """Ideas by component, where that says more than the headings do."""
    if len(contents.ideas) < _CHART_FROM or len(contents.shares) < 2:
        return
    if style.plain:
        shares = ", ".join(f"{one.short} {number:,}" for one, number in contents.shares)
        yield _headed(style, "", Run(f"{_ABOUT}: {shares}."))
    else:
        bars = (
            Bar(f"{one.sign} {one.short}".strip(), number, one.colour)
            for one, number in contents.shares
        )
        yield Chart(_ABOUT, tuple(bars))


def _tried(contents: DigestContents, style: _Style) -> Iterator[Part]:
    """Who tried whose idea: a few of them told, the others counted."""
    trials = contents.beside.trials
    if trials:
        yield _headed(style, "🙌", Run("Tried by colleagues", bold=True))
    for one in trials[:_MOST_TRIALS]:
        yield Paragraph(words.tried(one), _button(one.idea))
    if (more := len(trials) - _MOST_TRIALS) > 0:
        yield Note((Run(f"And {count(more, 'more trial')} of ideas from this channel."),))


def _beside(contents: DigestContents, style: _Style) -> Iterator[Part]:
    """A question that still waits, an idea of years ago, an invitation."""
    beside = contents.beside
    if beside.question is not None:
        yield Divider()
        yield _headed(style, "✋", Run("Still waiting for an answer", bold=True))
        yield from _idea(beside.question, style)
    if beside.earlier is not None:
        year = f"This week of the school year, in {beside.earlier.posted_at.year}"
        yield Divider()
        yield _headed(style, "📅", Run(year, bold=True))
        yield from _idea(beside.earlier, style)
    if beside.asked:
        yield Divider()
        yield _headed(style, "💬", Run("Asked this week", bold=True))
    for one in beside.asked[:_MOST_ASKED]:
        asked = Run(f"{channel_name(one.channel)}: ", bold=True), Run(excerpt(one.text, 300))
        yield Paragraph(asked)
    if beside.invitation is not None:
        yield Divider()
        yield _headed(style, "🌱", *words.invitation(beside.invitation))


def _buttons(contents: DigestContents) -> Actions:
    share = Button("Share an idea", Action(Act.SHARE), primary=True)
    if contents.personal:
        stop = Button("Stop these", Action(Act.UNSUBSCRIBE))
        return Actions((share, stop, Button("Change", Action(Act.SUBSCRIBE))))
    total = len(contents.fair_order)
    which = Action(
        Act.LIST,
        period=f"{contents.week:%G-W%V}",
        text=f"since:{contents.first_day} until:{contents.last_day}",
    )
    return Actions(
        (
            share,
            Button(f"See all {total:,}" if total > 1 else "See it in the list", which),
        )
    )


def _others(others: Sequence[Idea], contents: DigestContents, style: _Style) -> Paragraph:
    """Those without room, by number and name, and how to read them all; plain text counts them."""
    every = Run(words.list_command(contents), code=True)
    if style.plain:
        counted = f"Not named here: {len(others):,} more.\nAll of them: "
        return _headed(style, "", Run(counted), every)

    def names(some: Sequence[Idea]) -> str:
        return ", ".join(f"#{idea.number} {author_name(idea.author)}" for idea in some)

    named = most(others, lambda some: length(names(some)) <= _LIST_LENGTH)
    more = f", and {len(others) - named:,} more" if named < len(others) else ""
    line = Run(f"\n{names(others[:named])}{more}.\nAll of them: ")
    return Paragraph((Run("And there is more", bold=True), line, every))


# -- the replies in its thread ----------------------------------------------------------------


def reply(contents: DigestContents, number: int, replies: int) -> Message:
    """A later message of a digest: all ideas of *contents*, the *number*th of *replies*."""
    title = Header(_title(number, replies))
    everything = contents.fair_order

    def parts(shown: Sequence[Idea], style: _Style) -> tuple[Part, ...]:
        others = everything[len(shown) :]
        more = (_others(others, contents, style),) if others else ()
        return (title, *_ideas(words.in_order(contents, shown), style), *more)

    return _fitting(contents, everything, parts, _REPLY)


def _title(number: int, replies: int) -> str:
    return f"More ideas ({number} of {replies})" if replies > 1 else "More ideas"


def _fitting(
    contents: DigestContents,
    shown: Sequence[Idea],
    parts: Callable[[Sequence[Idea], _Style], tuple[Part, ...]],
    styles: Sequence[_Style],
) -> Message:
    """The parts with as much of each idea as fits; in plain text with as many ideas, too."""
    limits = contents.limits

    def text(some: Sequence[Idea], style: _Style) -> str:
        return Message.of(*parts(some, style)).fallback

    def short(words: str) -> bool:
        return length(words) <= limits.text

    named = shown[: most(shown, lambda some: short(text(some, _PLAIN[-1])))]
    return Message(
        fullest((text(named, style) for style in _PLAIN), short),
        fullest((parts(shown, style) for style in styles), lambda drawn: fit(drawn, limits)),
    )
