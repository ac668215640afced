"""Words that several messages share: an idea as people see it, names, excerpts, counts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.core.model.actions import Action
from bot.core.model.ideas import Idea, Kind, Trial
from bot.core.model.parts import Actions, Button, Choice, ChoiceField, Message, Paragraph, Part, Run
from bot.core.model.people import Author
from bot.core.model.vocabulary import CHANNEL

_LOOSE: Final = " ,;.–-"
"""What does not stand well before `…`."""
_EMOJI_AT_END: Final = re.compile(r"(?<!\w):[a-z0-9_+'-]+:\Z")


def said(words: str, *more: Part) -> Message:
    """A message of a sentence or two, and *more*; what stands in backticks is shown as typed."""
    return Message.of(Paragraph(runs(words)), *more)


def runs(words: str) -> tuple[Run, ...]:
    """Our own words as runs: what stands between backticks becomes code."""
    pieces = words.split("`")
    return tuple(Run(piece, code=index % 2 == 1) for index, piece in enumerate(pieces) if piece)


def author_name(author: Author) -> str:
    """The name an idea is credited to, on one line of at most 60 characters."""
    return excerpt(author.name or author.real_name or author.id or "Somebody", 60)


def place(who: Author | Trial) -> str:
    """Somebody's school, in at most 80 characters; their title in the chat where none is known."""
    return excerpt(who.school, 80) or excerpt(who.title, 80)


def author_line(author: Author) -> str:
    """The author with their place, where known: `Rosa Alvarez, Prairie Elementary`."""
    return ", ".join(filter(None, (author_name(author), place(author))))


def channel_name(name: str, unknown: str = "the channel") -> str:
    """`#mentoring`, or *unknown* as long as the platform has not told the name."""
    return f"{CHANNEL}{name}" if name else unknown


def excerpt(text: str, limit: int = 280) -> str:
    """The beginning of a text on one line, cut at a word, with `…` where something is left out."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", limit // 2, limit)
    kept = line[: cut if cut > 0 else limit - 1].rstrip(_LOOSE)
    # The colon that closes an emoji's name belongs to it.
    return (kept if _EMOJI_AT_END.search(kept) else kept.rstrip(f":{_LOOSE}")) + "…"


def words_of(idea: Idea, limit: int) -> str:
    """A fair piece of the idea's words; of one that is only a link or a file, its address."""
    if words := excerpt(idea.text, limit):
        return words
    return excerpt(", ".join(idea.resources), limit) or "A file, to be opened in the channel"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 reply`, `3 replies`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words in a row, as one says them: `A, B and C`."""
    *others, last = words or ("",)
    return f"{', '.join(others)} {joint} {last}" if others else last


def tally(kinds: Mapping[Kind, int]) -> str:
    """How many of each kind: `3 ideas and 1 question`; a question is never counted as an idea."""
    return listed([count(number, kind) for kind, number in kinds.items() if number]) or "nothing"


def gathered(idea: Idea) -> str:
    """What an idea gathered: `2 reactions, 1 reply`; empty when nothing yet."""
    parts = []
    if idea.reactions:
        parts.append(count(idea.reactions, "reaction"))
    if idea.replies:
        parts.append(count(idea.replies, "reply", "replies"))
    if idea.tried:
        parts.append(f"tried by {count(idea.tried, 'person', 'people')}")
    return ", ".join(parts)


def numbered(idea: Idea) -> str:
    """How an idea is called: `#12`, or `Question #12`."""
    return f"Question #{idea.number}" if idea.kind is Kind.QUESTION else f"#{idea.number}"


def turns(
    action: Action, start: int, size: int, total: int, *, by_time: bool = False
) -> tuple[Actions, ...]:
    """The buttons that turn the pages of a list; no row of buttons where there is one page.

    Args:
        action: what shows the list.
        start: where the page begins, counted from 0.
        by_time: the list runs from the newest to the oldest.
    """
    back, on = ("Newer", "Older") if by_time else ("Previous", "Next")
    buttons = []
    if start > 0:
        buttons.append(Button(back, replace(action, start=max(start - size, 0))))
    if start + size < total:
        buttons.append(Button(on, replace(action, start=start + size)))
    return (Actions(tuple(buttons)),) if buttons else ()


def radio(field: str, label: str, *choices: tuple[str, str], value: str) -> ChoiceField:
    """A field of a form in which one of a few choices, each a value and its words, must be made."""
    made = tuple(Choice(one, words) for one, words in choices)
    return ChoiceField(field, label, made, value=value, required=True, radio=True)


NOT_ALL = "I could not ask the chat about private channels just now, so there may be more."
