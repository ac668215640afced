"""A digest as plain text: for notifications, screen readers, and where nothing else is drawn."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from bot.core.messages import digest_words as words
from bot.core.messages.common import words_of
from bot.core.model.digest import DigestContents
from bot.core.model.ideas import Idea
from bot.core.model.parts import Run
from bot.core.model.vocabulary import command

_LENGTHS: Final = (200, 160, 120, 80, 40)
"""Characters of an idea: as many as the text has room for, at least the last."""
_BESIDE: Final = 110
"""Characters of an idea that stands beside those of the week."""
_IN_FULL: Final = f"To read one in full, write {command('show')} and its number."


def reply(contents: DigestContents, title: str) -> str:
    """A later message of a digest."""
    return _fitting(contents, [title], contents.fair_order, [])


def first(contents: DigestContents, shown: Sequence[Idea], rest: Sequence[Idea] = ()) -> str:
    """The first message as plain text: the ideas *shown*, and how many are the *rest*.

    It leaves out what changes by the minute (reactions, links that are still to be looked up):
    where a platform keeps no keys, a post whose answer was lost is found again by this text.
    """
    opening = [f"{words.title_of(contents, '%B')}. {words.greeting(contents)}"]
    if line := words.own_line(contents):
        opening.append(_flat(line))
    if trials := contents.beside.trials[: words.MOST_TRIALS]:
        opening += [f"\n{words.TRIED}", *(_flat(words.tried(one)) for one in trials)]
    if welcome := words.welcome(contents):
        opening.append(f"\n{_flat(welcome)}")
    ending = [*_beside_plain(contents)]
    if words.telling(contents):
        shares = ", ".join(f"{one.short} {number:,}" for one, number in contents.shares)
        ending.append(f"\n{words.ABOUT}: {shares}.")
    ending.append(
        "\n" + " ".join(filter(None, (words.also_posted(contents), words.JOIN_IN, _IN_FULL)))
    )
    return _fitting(contents, opening, shown, ending, rest)


def _fitting(
    contents: DigestContents,
    opening: Sequence[str],
    shown: Sequence[Idea],
    ending: Sequence[str],
    rest: Sequence[Idea] = (),
) -> str:
    """Plain text that fits: as many ideas as have room, and as much of each."""

    def whole(ideas: Sequence[Idea], length: int) -> str:
        more = [words.in_thread(rest)] if rest else []
        if left := len(contents.fair_order) - len(ideas) - len(rest):
            more.append(f"Not named here: {left:,} more.")
        if more:
            more = [f"\n{' '.join(more)}", f"All of them: {words.list_command(contents)}"]
        return "\n".join((*opening, *_lines(contents, ideas, length), *more, *ending))

    tries = [(shown, length) for length in _LENGTHS]
    tries += [(shown[:number], _LENGTHS[-1]) for number in range(len(shown) - 1, -1, -1)]
    text = ""
    for ideas, length in tries:
        text = whole(ideas, length)
        if words.length(text) <= contents.limits.text:
            break
    return text


def _lines(contents: DigestContents, shown: Sequence[Idea], length: int) -> Iterator[str]:
    for group, under in groupby(words.in_order(contents, shown), key=itemgetter(0)):
        yield f"\n{group.title}"
        yield from (_line(idea, length) for _, idea in under)


def _line(idea: Idea, length: int) -> str:
    who = ", ".join(filter(None, (words.name_of(idea), words.place_of(idea.author))))
    return f"#{idea.number}, {who}: {words_of(idea, length)}"


def _beside_plain(contents: DigestContents) -> Iterator[str]:
    beside = contents.beside
    if beside.question is not None:
        yield f"\n{words.WAITING}\n{_line(beside.question, _BESIDE)}"
    if beside.earlier is not None:
        yield f"\n{words.earlier(beside.earlier)}\n{_line(beside.earlier, _BESIDE)}"
    if beside.invitation is not None:
        yield f"\n{_flat(words.invitation(beside.invitation))}"


def _flat(runs: Sequence[Run]) -> str:
    """Runs as plain words on one line."""
    return "".join(run.text for run in runs).replace("\n", " ")
