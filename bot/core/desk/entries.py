"""What a command is: its verb, what follows it, and what the table of commands says of each."""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import takewhile
from typing import Final


class Verb(StrEnum):
    """What a command does; the words that it is typed with."""

    HELP = "help"
    LIST = "list"
    SEARCH = "search"
    SHOW = "show"
    MINE = "mine"
    HOME = "home"
    RANDOM = "random"
    LIKE = "like"
    TRIED = "tried"
    CITE = "cite"
    EXPORT = "export"
    REPORT = "report"
    REPORT_PLAN = "report plan"
    EDIT = "edit"
    REMOVE = "remove"
    PUT_BACK = "put-back"
    CLAIM = "claim"
    CARE = "care"
    SAVE = "save"
    UNSAVE = "unsave"
    SAVED = "saved"
    ME = "me"
    DIGEST = "digest"
    DIGEST_SKIP = "digest skip"
    DIGEST_UNSKIP = "digest unskip"
    DIGEST_LEAVE_OUT = "digest leave-out"
    DIGEST_PUT_BACK = "digest put-back"
    PROMPT = "prompt"
    PROMPT_WHY = "prompt why"
    PROMPT_ADD = "prompt add"
    PROMPT_LIST = "prompt list"
    PROMPT_EDIT = "prompt edit"
    PROMPT_REMOVE = "prompt remove"
    PROMPT_ACCEPT = "prompt accept"
    PROMPT_DECLINE = "prompt decline"
    PROMPT_SKIP = "prompt skip"
    PROMPT_PIN = "prompt pin"
    PROMPT_ANSWERS = "prompt answers"
    SETTINGS = "settings"
    BOARD = "board"
    SUBSCRIBE = "subscribe"
    MY_DATA = "my-data"
    FORGET_ME = "forget-me"


ABOUT_PROMPTS = tuple(verb for verb in Verb if verb.value.startswith(Verb.PROMPT.value))
"""The verbs about the weekly question."""


class Takes(Enum):
    """What follows a command; the field of `Command` that holds what was typed."""

    NOTHING = auto()
    FILTERS = auto()
    """Filters, or nothing."""
    FILE = auto()
    """One of the entry's *formats*, in *form*, and filters; or nothing."""
    SEARCH = auto()
    """Filters; a word or a filter at least."""
    IDEA = auto()
    """The number of an idea, in *number*; before it one of the entry's *formats*, in *form*.

    Or nothing, if the entry stands alone, too.
    """
    TOPIC = auto()
    """What help is asked on, in *text*; or nothing."""
    OPTION = auto()
    """One of the entry's *options*, in *text*; or nothing."""
    TEXT = auto()
    """A question, in *text*."""
    PROMPT = auto()
    """The number of a channel's own question, in *number*."""
    ANY_PROMPT = auto()
    """A question's number or id, in *which*; empty for `none`."""
    PROMPT_AND_TEXT = auto()
    """A question's number or id, in *which*, and its new words, in *text*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A command. One of two words stands in the help of its first word, not in the general one.

    *usage*: its words, and in capitals or brackets what it takes. *examples*: without one, its
    words are the example. *formats*: of the file that it sends; the first unless another is named.
    *also*: other words for it that are understood. *wrong*: what to say where what follows the
    command cannot be read.
    """

    usage: str
    words: str = ""
    examples: tuple[str, ...] = ()
    takes: Takes = Takes.NOTHING
    options: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    wrong: str = ""

    @property
    def name(self) -> str:
        """The words that it is typed with."""
        return " ".join(takewhile(_NAME.fullmatch, self.usage.split()))

    @property
    def verb(self) -> Verb:
        """What it does."""
        return Verb(self.name)

    @property
    def alone(self) -> bool:
        """Whether it may be typed without the number that may follow it."""
        return self.usage.endswith("[N]")

    @property
    def example(self) -> str:
        """The example where there is room for one."""
        return self.examples[-1] if self.examples else self.name


_NAME: Final = re.compile("[a-z-]+")
