"""The weekly digest in words: one message, and where it holds too much, replies in its thread."""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, TypeVar

from bot.core.messages import digest_text
from bot.core.messages import digest_words as words
from bot.core.messages.common import count, gathered, words_of
from bot.core.model.actions import Act, Action
from bot.core.model.digest import DigestContents, Group, Limits
from bot.core.model.ideas import Idea, Kind
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

Each = TypeVar("Each")

MOST_AT_FIRST: Final = 20
"""Ideas in the first message of a digest that goes on in its thread: more, nobody reads."""
MOST_IN_REPLY: Final = 30
MOST_REPLIES: Final = 10

_LENGTHS: Final = (420, 360, 300, 240, 180)
"""Characters of an idea in the first message: as many as it has room for, at least the last."""
_LENGTHS_IN_REPLY: Final = (280, 220, 160, 110)
_LIST_LENGTH: Final = 1_800
"""Of the list of ideas that have no room of their own."""


def divide(contents: DigestContents) -> tuple[tuple[Idea, ...], ...]:
    """The ideas of the first message, then of each reply, none of which is empty.

    What has no room at all is in none of them: the first message names it and says where it is.
    """
    everything = contents.fair_order
    if _fits(_first(contents, everything, _LENGTHS[-1]), contents.limits):
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

    def parts(some: Sequence[Idea]) -> Sequence[Part]:
        every = contents.fair_order
        return _first(contents, some, _LENGTHS[-1], rest=every, others=every)

    return _most(ideas[:MOST_AT_FIRST], parts, contents.limits)


def _in_replies(contents: DigestContents, ideas: Sequence[Idea]) -> list[tuple[Idea, ...]]:
    """Ideas in the order of their headings, as many in each reply as fit."""

    def parts(some: Sequence[tuple[Group, Idea]]) -> Sequence[Part]:
        title = Header(_title(MOST_REPLIES, MOST_REPLIES))
        return (title, *_ideas(some, _LENGTHS_IN_REPLY[-1]))

    left = list(words.in_order(contents, ideas))
    replies = []
    while left:
        number = max(1, _most(left[:MOST_IN_REPLY], parts, contents.limits))
        replies.append(tuple(idea for _, idea in left[:number]))
        left = left[number:]
    return replies


# -- the first message ------------------------------------------------------------------------


def digest(contents: DigestContents, replies: Sequence[Sequence[Idea]] | None = None) -> Message:
    """The first message of a digest, within its limits however many ideas there are.

    Args:
        replies: the ideas of each reply in its thread; None: as `divide` gives them.
    """
    replies = divide(contents)[1:] if replies is None else replies
    later = frozenset(idea.number for reply in replies for idea in reply)
    rest = [idea for idea in contents.fair_order if idea.number in later]
    here = [idea for idea in contents.fair_order if idea.number not in later]
    first = here[: _opening(contents, here)] if replies else here
    others = here[len(first) :]
    tries = (_first(contents, first, one, rest=rest, others=others) for one in _LENGTHS)
    return Message(digest_text.first(contents, first, rest), _fullest(tries, contents.limits))


def _first(
    contents: DigestContents,
    shown: Sequence[Idea],
    length: int,
    *,
    rest: Sequence[Idea] = (),
    others: Sequence[Idea] = (),
) -> tuple[Part, ...]:
    """The first message with room for those *shown*, and a list of *others*.

    Args:
        length: characters of each idea.
        rest: what stands in its thread.
    """
    parts: list[Part] = [
        Header(f"📬 {words.title_of(contents)}"),
        Paragraph((Run(words.greeting(contents)),)),
    ]
    if line := words.own_line(contents):
        parts.append(Paragraph(line))
    parts += _tried(contents)
    if welcome := words.welcome(contents):
        parts.append(Paragraph((Run("👋 "), *welcome)))
    parts.append(Divider())
    parts += _ideas(words.in_order(contents, shown), length)
    if rest:
        parts += [Divider(), Paragraph((Run("🧵 "), Run(words.in_thread(rest), bold=True)))]
    if others:
        parts.append(_others(others, contents))
    parts += _beside(contents, length)
    parts.append(Divider())
    if chart := _chart(contents):
        parts.append(chart)
    small = " ".join(filter(None, (words.also_posted(contents), words.JOIN_IN)))
    return (*parts, _buttons(contents), Note((Run(small),)))


def _ideas(ideas: Iterable[tuple[Group, Idea]], length: int) -> Iterator[Part]:
    for group, under in groupby(ideas, key=itemgetter(0)):
        yield _heading(group.sign, group.title)
        yield from (_idea(idea, length) for _, idea in under)


def _heading(sign: str, title: str) -> Paragraph:
    return Paragraph(words.heading(sign, title))


def _idea(idea: Idea, length: int) -> Paragraph:
    """Who, their words, where to find it, what it gathered."""
    said = [Run(words.name_of(idea), bold=True)]
    if place := words.place_of(idea.author):
        said.append(Run(f", {place}"))
    said.append(Run(f"\n{words_of(idea, length)}\n"))
    if idea.permalink:
        said.append(Run(words.read(idea), url=idea.permalink))
    else:
        said.append(Run(f"#{idea.number}"))
    if found := gathered(idea):
        said.append(Run(f" · {found}"))
    return Paragraph(tuple(said), _button(idea))


def _button(idea: Idea) -> Button:
    """What is most worth doing with an idea: an idea is tried, a question is answered."""
    number = idea.number
    if idea.kind is not Kind.QUESTION:
        return Button("I tried this", Action(Act.TRIED, number=number))
    if idea.permalink:
        return Button("Answer", Action(Act.LINK, number=number), url=idea.permalink)
    return Button("More like this", Action(Act.ALIKE, number=number))


def _chart(contents: DigestContents) -> Chart | None:
    if not words.telling(contents):
        return None
    bars = tuple(
        Bar(f"{one.sign} {one.short}".strip(), number, one.colour)
        for one, number in contents.shares
    )
    return Chart(words.ABOUT, bars)


def _tried(contents: DigestContents) -> Iterator[Part]:
    """Who tried whose idea: a few of them told, the others counted."""
    trials = contents.beside.trials
    if trials:
        yield _heading("🙌", words.TRIED)
    for one in trials[: words.MOST_TRIALS]:
        yield Paragraph(words.tried(one), _button(one.idea))
    if (more := len(trials) - words.MOST_TRIALS) > 0:
        yield Note((Run(f"And {count(more, 'more trial')} of ideas from this channel."),))


def _beside(contents: DigestContents, length: int) -> Iterator[Part]:
    """A question that still waits, an idea of years ago, an invitation."""
    beside = contents.beside
    if beside.question is not None:
        yield Divider()
        yield _heading("✋", words.WAITING)
        yield _idea(beside.question, length)
    if beside.earlier is not None:
        yield Divider()
        yield _heading("📅", words.earlier(beside.earlier))
        yield _idea(beside.earlier, length)
    if beside.invitation is not None:
        yield Divider()
        yield Paragraph((Run("🌱 "), *words.invitation(beside.invitation)))


def _buttons(contents: DigestContents) -> Actions:
    total = len(contents.fair_order)
    which = Action(
        Act.LIST,
        period=f"{contents.week:%G-W%V}",
        text=f"since:{contents.first_day} until:{contents.last_day}",
    )
    return Actions(
        (
            Button("Share an idea", Action(Act.SHARE), primary=True),
            Button(f"See all {total:,}" if total > 1 else "See it in the list", which),
        )
    )


def _others(others: Sequence[Idea], contents: DigestContents) -> Paragraph:
    """Those without room, by number and name, and how to read them all."""
    line = ""
    named = 0
    for idea in others:
        longer = f"{line}, " if line else ""
        longer += f"#{idea.number} {words.name_of(idea)}"
        if words.length(longer) > _LIST_LENGTH:
            break
        line, named = longer, named + 1
    rest = len(others) - named
    more = f", and {rest:,} more" if rest else ""
    return Paragraph(
        (
            Run("And there is more", bold=True),
            Run(f"\n{line}{more}.\nAll of them: "),
            Run(words.list_command(contents), code=True),
        )
    )


# -- the replies in its thread ----------------------------------------------------------------


def reply(contents: DigestContents, number: int, replies: int) -> Message:
    """A later message of a digest: all ideas of *contents*, the *number*th of *replies*."""
    title = _title(number, replies)
    ideas = list(words.in_order(contents, contents.fair_order))
    tries = ((Header(title), *_ideas(ideas, one)) for one in _LENGTHS_IN_REPLY)
    return Message(digest_text.reply(contents, title), _fullest(tries, contents.limits))


def _title(number: int, replies: int) -> str:
    return f"More ideas ({number} of {replies})" if replies > 1 else "More ideas"


# -- does it fit? -----------------------------------------------------------------------------


def _fullest(tries: Iterable[tuple[Part, ...]], limits: Limits) -> tuple[Part, ...]:
    """The first of some messages that fits, the longest first; else the last, the shortest."""
    parts: tuple[Part, ...] = ()
    for parts in tries:
        if _fits(parts, limits):
            break
    return parts


def _most(
    some: Sequence[Each], parts: Callable[[Sequence[Each]], Sequence[Part]], limits: Limits
) -> int:
    """How many of these fit in a message together, from the first on."""
    return bisect(
        range(1, len(some) + 1), 0, key=lambda number: not _fits(parts(some[:number]), limits)
    )


def _fits(parts: Sequence[Part], limits: Limits) -> bool:
    return len(parts) <= limits.parts and sum(map(_cost, parts)) <= limits.characters


def _cost(part: Part) -> int:
    """About how many characters a part takes once it is escaped and its links are written out."""
    match part:
        case Paragraph(runs=inside, button=beside):
            button = len(beside.text) + len(beside.url) if beside else 0
            return _sum(inside) + button
        case Note(runs=inside):
            return _sum(inside)
        case Header(text=text):
            return words.length(text)
        case Actions(buttons=buttons):
            return 80 * len(buttons)
        case Chart(title=title, bars=bars):
            return words.length(title) + sum(words.length(bar.label) + 30 for bar in bars)
        case _:
            return 0


def _sum(inside: tuple[Run, ...]) -> int:
    return sum(words.length(run.text) + len(run.url) + 4 for run in inside)
