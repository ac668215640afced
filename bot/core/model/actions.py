"""What a press of a button asks for, and how that is written into the button and read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from bot.core.model.ideas import NEXT_DIGEST


class Act(StrEnum):
    """What a press of a button asks for: the platform's id of the button, and its arguments.

    A button's value holds the arguments in this order. Buttons stand in channels for years: an
    argument may be added at the end of a row, and no row may change otherwise. Nothing but *text*,
    which is always the last, holds a blank.
    """

    arguments: tuple[str, ...]

    def __new__(cls, ident: str, *arguments: str) -> Self:
        """Make an act of its id and the names of its arguments, which are those of `Action`."""
        act = str.__new__(cls, ident)
        act._value_ = ident
        act.arguments = arguments
        return act

    HELP = "help_open", "text"
    PAGE = "ideas_page", "start", "text"
    REMOVE = "idea_remove", "number"
    PUT_BACK = "idea_put_back", "number"
    SHARE = "idea_share", "channel", "text"
    SHARE_HERE = "idea_share_here", "channel", "text"
    SHARE_AGAIN = "idea_share_again", "channel", "text"
    PROFILE = "profile_open", "channel"
    LINK = "link_open", "number"
    ALIKE = "ideas_alike", "start", "number"
    LIST = "ideas_list", "start", "period", "text"
    COMPONENT = "idea_component", "number", "text"
    TRIED = "idea_tried", "number", "channel"
    DIGEST_PAGE = "digest_page", "start"
    LOOK = "digest_look", "channel", "period"
    SKIP = "digest_skip", "channel", "period", "back"
    LEAVE_OUT = "digest_leave_out", "channel", "period", "number", "back"
    SETTINGS = "settings_open", "channel", "text"
    SETTINGS_MORE = "settings_more", "channel", "text"
    PROMPT_PAGE = "prompt_page", "start"
    PROMPT_ACCEPT = "prompt_accept", "channel", "number"
    PROMPT_DECLINE = "prompt_decline", "channel", "number"
    CLAIM = "idea_claim", "number"
    CLAIM_ACCEPT = "claim_accept", "number", "text"
    CLAIM_DECLINE = "claim_decline", "number", "text"
    BOARD = "board_share", "channel"
    UNSHARE = "share_revoke", "number"
    SHOWN = "shown_choose", "text"
    CARE = "idea_care", "number"
    NOT_NOW = "profile_not_now", "channel"
    MY_DATA = "my_data"
    FORGET = "forget_me", "text"
    ROUNDS = ("care_round",)
    JUDGE = "care_judge", "number", "text"
    WEEK = "care_week", "channel", "text"
    CITE = "idea_cite", "number", "text"
    LICENCE = "licence_choose", "text"
    LICENCE_EARLIER = ("licence_earlier",)
    EDIT = "idea_edit", "number", "channel"
    SUBSCRIBE = ("subscription_open",)
    UNSUBSCRIBE = ("subscription_stop",)
    HOME = "home_open", "tab", "start", "text"
    EXPORT = "ideas_export", "text"
    SAVE = "idea_save", "number", "back"
    SAVED = "ideas_saved", "start", "text"
    SHOW = "idea_show", "number"


FORMS: Final = (
    *(Act.SHARE, Act.EDIT, Act.PROFILE, Act.TRIED),
    *(Act.SETTINGS, Act.BOARD, Act.SUBSCRIBE, Act.CARE, Act.WEEK),
)
"""The acts that open a form; each is the platform's id of its form, too."""


@dataclass(frozen=True, slots=True)
class Action:
    """An act and its arguments, of which each act has some.

    Attributes:
        tab: which part of the member's desk.
        start: where a list goes on, counted from 0; None: the list is opened.
        channel: the id of a channel.
        period: a week, as `2026-W48`, or `NEXT_DIGEST`.
        number: of an idea or a question; with `Act.PUT_BACK` an idea's id. 0: none could be read.
        text: words, filters as text, a help topic, a component's code, a member's id, or what a
            form opened with.
        back: whether the act is undone.
    """

    act: Act
    start: int | None = None
    channel: str = ""
    period: str = ""
    number: int = 0
    text: str = ""
    back: bool = False
    tab: str = ""

    @property
    def value(self) -> str:
        """The arguments as the value of a button: words in the act's order."""
        given = ((name, getattr(self, name)) for name in self.act.arguments)
        words = (
            name if value is True else str(value)
            for name, value in given
            if value not in _LEFT_OUT.get(name, ())
        )
        return " ".join(words).rstrip(" ")

    @classmethod
    def read(cls, act: Act, value: str) -> Action:
        """Read the value of a button. An argument that cannot be read keeps its default."""
        found = _READERS[act].match(value)
        given = {name: word for name, word in found.groupdict().items() if word} if found else {}
        return cls(act, **{name: _READ.get(name, str)(word) for name, word in given.items()})


_NUMBER: Final = "[0-9]{1,15}"
_LEFT_OUT: Final = {
    "start": (None,),
    "period": ("",),
    "number": (0,),
    "back": (False,),
    "tab": ("",),
}
"""Arguments that are not written; an empty channel is, before a text."""
_READ: Final[Mapping[str, Callable[[str], Any]]] = {"start": int, "number": int, "back": bool}
_WORDS: Final = {
    "start": _NUMBER,
    "channel": r"\S*",
    "period": rf"[0-9]{{4}}-W[0-9]{{2}}|{NEXT_DIGEST}",
    "number": _NUMBER,
    "text": r"(?s:.*)",
    "back": "back",
    "tab": "[a-z]+",
}


def _reader(arguments: tuple[str, ...]) -> re.Pattern[str]:
    pieces = []
    for name, following in zip(arguments, (*arguments, "")[1:], strict=True):
        # A lone number is the idea's: no list is turned to a page of nothing.
        end = rf" (?={_NUMBER})" if (name, following) == ("start", "number") else r"(?: |\Z)"
        pieces.append(f"(?:(?P<{name}>{_WORDS[name]}){end})?")
    return re.compile("".join(pieces))


_READERS: Final = {act: _reader(act.arguments) for act in Act}
