"""What a chat platform calls what sentences speak of: commands, signs, how to invite the bot.

A sentence holds references, between characters that stand for nothing in Unicode. Whoever shows it
puts the words of a platform's `Vocabulary` into their place: `words.put_into(sentence)`. What
people type never holds such a character: `tidy` and each platform's renderer drop it.
"""

import re
from dataclasses import dataclass
from typing import Final

_COMMAND, _NAMED, _END = "\ufdd0", "\ufdd1", "\ufddf"
_REFERENCE: Final = re.compile(f"([{_COMMAND}{_NAMED}])([^\ufdd0-\ufddf]*){_END}")
_STRAY: Final = re.compile("[\ufdd0-\ufddf]")

SHARE: Final = f"{_NAMED}share{_END}"
"""The command that shares an idea."""
BRING: Final = f"{_NAMED}bring{_END}"
"""What begins a sentence that says how the bot comes into a channel; `INVITE` follows."""
INVITE: Final = f"{_NAMED}invite{_END}"
"""What one types or opens to bring the bot into a channel."""
LEAVE: Final = f"{_NAMED}leave{_END}"
"""What a member does who wants the bot to keep nothing of a channel any more."""
CHANNEL: Final = f"{_NAMED}channel{_END}"
"""What stands before the name of a channel."""
PAGE: Final = f"{_NAMED}page{_END}"
"""The page beside a channel on which everybody in it writes, where the platform has such."""
KEPT: Final = f"{_NAMED}kept{_END}"
"""The sign that the bot puts to an idea that it has kept, and a member to one that it should."""
ASKED: Final = f"{_NAMED}asked{_END}"
"""The sign that the bot puts to a question that it has kept."""
WITHDRAWN: Final = f"{_NAMED}withdrawn{_END}"
"""The sign with which an author takes an idea back."""
WHERE_TAKEN: Final = f"{_NAMED}where_taken{_END}"
"""What is added where the bot's signs are promised: empty, or that the platform may refuse them."""
LATE: Final = f"{_NAMED}late{_END}"
"""What is added where members' signs are asked for: empty, or how late the bot sees them."""
WORKSPACE: Final = f"{_NAMED}workspace{_END}"
"""What people call the whole of which they are members."""
DIRECT: Final = f"{_NAMED}direct{_END}"
"""Where the bot writes to one member alone."""
ADMINS: Final = f"{_NAMED}admins{_END}"
"""Who may do what coordinators may, in one word."""
COORDINATORS: Final = f"{_NAMED}coordinators{_END}"
"""Who coordinates a channel."""

MARKS: Final = frozenset({"bulb"})
"""The emoji by which anyone asks to keep a post."""

CROSSES: Final = frozenset({"x"})
"""The emoji by which an author takes an idea back."""


def command(words: str = "") -> str:
    """Return a reference to a command, such as `list #mentoring`; without words, to all of them."""
    return f"{_COMMAND}{words}{_END}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One platform's words. *commands*: what stands before the words of every command."""

    commands: str
    share: str
    bring: str
    invite: str
    leave: str
    channel: str
    kept: str
    asked: str
    withdrawn: str
    where_taken: str
    late: str
    workspace: str
    direct: str
    admins: str
    coordinators: str
    page: str = "page"

    def put_into(self, sentence: str) -> str:
        """Return a sentence with this platform's words where it holds references."""
        if not _STRAY.search(sentence):
            return sentence
        return _STRAY.sub("", _REFERENCE.sub(self._word, sentence))

    def _word(self, reference: re.Match[str]) -> str:
        kind, name = reference.groups()
        if kind == _COMMAND:
            return f"{self.commands} {name}".strip()
        return str(getattr(self, name, name))


OUTSIDE: Final = Vocabulary(
    commands="in chat:",
    share="idea",
    bring="Bring me into one with",
    invite="an invitation",
    leave="remove me from the channel",
    channel="#",
    kept="a light bulb",
    asked="a question mark",
    withdrawn="a cross",
    where_taken="",
    late="",
    workspace="workspace",
    direct="a direct message",
    admins="admins",
    coordinators="its coordinators",
)
"""The words for who reads outside of any chat: on a page, in a file, at a terminal."""
