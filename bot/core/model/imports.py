"""What files bring in: posts of a board, of another chat's export, or of an export of our own."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.core.model.ideas import Draft
from bot.core.model.people import Author
from bot.core.model.posts import Place, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where what a file holds comes to: a channel, and what it is called in the file.

    *source*: id or name of the channel in the file, without the platform's sign.
    *workspace_name*: None in a new database, which cannot know it yet.
    """

    workspace: str
    workspace_name: str | None
    channel: str
    source: str

    def is_from(self, channel_id: str, name: str) -> bool:
        """Whether a channel of the file is the one that is wanted."""
        return channel_id == self.source or name.casefold() == self.source.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A post that a file holds.

    Attributes:
        where: where in its file it stands, as people look for it: `line 12`.
        post: with an empty `place.ts` unless it stands in the channel that it comes into.
        author: as the file tells; without an id they are not known in this workspace.
        key: what makes it the same post in any file; empty: its place does.
        draft: what is in it, where the file says that itself; None: it is still to be read.
        chosen: people put it on a board of ideas, so it is one, whatever it reads like.
        heading: the heading under which it stood on its board.
        names: names of members and channels by id, of its time.
        number: the number that it had in our own export.
        prompt: the text of the prompt that it answered; *prompt_id* where that is one of ours.
    """

    where: str
    post: Post
    author: Author
    key: str = ""
    draft: Draft | None = None
    chosen: bool = False
    heading: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    prompt: str = ""
    prompt_id: str = ""
    reactions: int = 0
    replies: int = 0
    tried: int = 0
    permalink: str = ""
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """Something in a file that cannot be read, and why, for whoever imports it."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a whole file that whoever imports it should know."""

    words: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A message that was deleted, by its place."""

    place: Place


@dataclass(frozen=True, slots=True)
class Reached:
    """How much of a file was read, from 0 to 1, where its place in the file does not tell."""

    share: float


NO_CSV: Final = "its quotation marks are broken or a cell is too long, and it was left out"
"""Why a row of a CSV cannot be read."""

Item = Arrival | BadRow | Remark | Gone | Reached
"""What is found in a file."""


@dataclass(slots=True)
class ImportStats:
    """What came of a file so far."""

    share: float = 0.0
    """How much of the file was read, where it tells that."""
    read: int = 0
    new: int = 0
    known: int = 0
    changed: int = 0
    withdrawn: int = 0
    replies: int = 0
    bad: int = 0
    unclaimed: int = 0
    """New ones whose author is not known in the workspace."""
    left: Counter[str] = field(default_factory=Counter)
    """How many were not kept, by the reason."""
