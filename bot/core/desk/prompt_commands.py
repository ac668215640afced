"""`/ideas prompt …`: what may follow it, and how that is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.errors import CommandError
from bot.core.finding.filters import PUNCTUATION
from bot.core.model.links import without_passwords
from bot.core.model.typed import plain, short

_NUMBER = re.compile(r"#?(\d{1,6})")
_NONE = frozenset({"none", "nothing", "off", "no"})


@dataclass(frozen=True, slots=True)
class PromptPreview:
    """What the next prompt would ask."""


@dataclass(frozen=True, slots=True)
class PromptWhy:
    """Why the next prompt is the one it is."""


@dataclass(frozen=True, slots=True)
class PromptAdd:
    """A question of the channel's own: added by a coordinator, proposed by anybody else."""

    text: str


@dataclass(frozen=True, slots=True)
class PromptList:
    """The channel's own questions; with *everything* those that come with the bot, too."""

    everything: bool = False


@dataclass(frozen=True, slots=True)
class PromptEdit:
    """Other words for a question: one of the channel's own by number, one of the bank's by id."""

    which: str
    text: str


@dataclass(frozen=True, slots=True)
class PromptRemove:
    """Ask a question of the channel's own no more."""

    number: int


@dataclass(frozen=True, slots=True)
class PromptSkip:
    """Ask another question next time."""


@dataclass(frozen=True, slots=True)
class PromptPin:
    """Ask this question next time; an empty *which* takes that back."""

    which: str = ""


@dataclass(frozen=True, slots=True)
class PromptAnswers:
    """How many answers each question has had."""


PromptCommand = (
    PromptPreview
    | PromptWhy
    | PromptAdd
    | PromptList
    | PromptEdit
    | PromptRemove
    | PromptSkip
    | PromptPin
    | PromptAnswers
)


def read_add(rest: str) -> PromptAdd:
    """The question, in plain words."""
    text = _words(rest)
    if not text:
        raise CommandError(
            "Which question? Write it after the command, for example `/ideas prompt add What do "
            "your student helpers teach the others?`"
        )
    return PromptAdd(text)


def read_list(rest: str) -> PromptList:
    """Nothing, or `all`."""
    word = rest.strip(PUNCTUATION + " ").lower()
    if word not in {"", "all"}:
        raise CommandError("Write `/ideas prompt list`, or `/ideas prompt list all`.")
    return PromptList(everything=word == "all")


def read_edit(rest: str) -> PromptEdit:
    """Which question, then its new words."""
    which, text = (*plain(rest).split(None, 1), "", "")[:2]
    if not which or not _words(text):
        raise CommandError(
            "Which question, and what should it say? Write for example `/ideas prompt edit 3 "
            "What do your student helpers teach the others?`"
        )
    return PromptEdit(_which(which), _words(text))


def read_remove(rest: str) -> PromptRemove:
    """The number of a question of the channel's own."""
    found = _NUMBER.fullmatch(plain(rest).strip(PUNCTUATION + " "))
    if found is None:
        raise CommandError(
            "Which question? Write its number, for example `/ideas prompt remove 3`. "
            "`/ideas prompt list` shows the numbers."
        )
    return PromptRemove(int(found[1]))


def read_pin(rest: str) -> PromptPin:
    """A number, an id, or `none`."""
    which = _which(plain(rest))
    if not which or " " in which:
        raise CommandError(
            "Which question? Write its number or its name, for example `/ideas prompt pin 3` or "
            "`/ideas prompt pin poetry-month`. `/ideas prompt list all` shows them; "
            "`/ideas prompt pin none` unpins it."
        )
    return PromptPin("" if which in _NONE else which)


def refuse(rest: str, words: tuple[str, ...]) -> CommandError:
    """What follows `/ideas prompt` is none of *words*."""
    return CommandError(
        f"`/ideas prompt` takes nothing after it but one of these words: {', '.join(words)}. "
        f"I do not know {short(plain(rest))}. `/ideas help prompt` explains them."
    )


def _which(text: str) -> str:
    return text.strip(PUNCTUATION + "` ").removeprefix("#").lower()


def _words(text: str) -> str:
    """On one line, without the quotes around it."""
    words = without_passwords(" ".join(plain(text).split()))
    quoted = len(words) > 1 and words[0] == words[-1] == '"' and words.count('"') == 2
    return words[1:-1].strip() if quoted else words
