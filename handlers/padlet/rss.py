"""A board's RSS file: each item is a post."""

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO, Final

from bot.core.model.imports import BadRow, Destination, Item, Remark
from handlers.archives import CHUNK, Tags, feed
from handlers.padlet.board import arrival

_FIELDS: Final = {
    "title": "subject",
    "description": "body",
    "encoded": "body",
    "author": "author",
    "creator": "author",
    "pubDate": "created",
    "category": "section",
}
"""What the tags of an item hold."""

_LONGEST: Final = 1 << 20
"""Characters of one tag's words."""


def from_rss(file: BinaryIO, into: Destination) -> Iterator[Item]:
    """Read the items of a feed, as they come.

    Raises:
        UnreadableFileError: it is no XML.
    """
    items = _Items()
    number = 0
    for _ in feed(iter(lambda: file.read(CHUNK), b""), items, "the file"):
        for cells in items.found:
            number += 1
            where = f"item {number}"
            try:
                yield arrival(where, into, {**cells}, zone=UTC)
            except ValueError as error:
                yield BadRow(where, str(error))
        items.found.clear()
    if not number:
        yield Remark("The file is no RSS of a board: it has no item.")


class _Items(Tags):
    """Collects the items of a feed."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self._item: dict[str, str] | None = None
        self._field, self._text = "", [""]
        self._size = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "item":
            self._item = {}
        elif self._item is not None:
            self._field, self._size = _FIELDS.get(name, ""), 0
            self._text.clear()
            # A picture of a preview is not the post's: an item has what was attached to it.
            if name == "enclosure" and attributes.get("url"):
                self._item.setdefault("attachment", attributes["url"])

    def data(self, words: str) -> None:
        self._size += len(words)
        if self._field and self._size <= _LONGEST:
            self._text.append(words)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "item" and self._item is not None:
            self.found.append(self._item)
            self._item = None
        elif self._item is not None and self._field and _FIELDS.get(name) == self._field:
            text = "".join(self._text).strip()
            # The whole text stands beside its beginning in some feeds.
            if len(text) > len(self._item.get(self._field, "")):
                self._item[self._field] = text
            self._field = ""
