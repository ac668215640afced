"""What hangs on a message: files, recordings, messages passed on, previews of links.

Teams describes each with a type of its own, and most of them as JSON in a text.
"""

import json
from dataclasses import dataclass
from mimetypes import MimeTypes
from typing import Final

from bot.core.model.links import is_address
from bot.core.model.posts import File, Mention, Span, Text
from handlers.shapes import Payload, dicts, inside, items, string
from handlers.teams.html import read_html, tidied

HTML: Final = "text/html"
CARD: Final = "application/vnd.microsoft.card.adaptive"

_FILE: Final = "reference"
_SENT_FILE: Final = "application/vnd.microsoft.teams.file.download.info"
_AUDIO: Final = "application/vnd.microsoft.card.audio"
_PREVIEWS: Final = frozenset(
    {"application/vnd.microsoft.card.thumbnail", "application/vnd.microsoft.card.hero"}
)
_FORWARDED: Final = "forwardedMessageReference"
_KNOWN_KINDS: Final = MimeTypes(filenames=())


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message of somebody else's that a message passes on. *author*: where it is a member."""

    words: tuple[Span, ...]
    author: Mention | None


def to_files(attachments: object) -> tuple[File, ...]:
    """Return the files among what hangs on a message."""
    return tuple(file for one in dicts(attachments) if (file := _file(one)) is not None)


def to_forwarded(attachments: object) -> tuple[Forwarded, ...]:
    """Return the messages that are passed on; those that are only answered to are none."""
    found = []
    for one in dicts(attachments):
        if one.get("contentType") == _FORWARDED:
            content = content_of(one)
            user = inside(inside(content.get("originalMessageSender")).get("user"))
            ident, name = string(user.get("id")), string(user.get("displayName"))
            body = read_html(string(content.get("originalMessageContent")), _no_mention)
            found.append(Forwarded(body.spans, Mention(ident, name or None) if ident else None))
    return tuple(found)


def with_forwarded(
    own: tuple[Span, ...], forwarded: tuple[Forwarded, ...], author_id: str
) -> tuple[Span, ...]:
    """Return what a message says, and below it whose words it passes on, and these."""
    spans = list(own)
    for one in forwarded:
        if one.words:
            whose = one.author
            named = whose is not None and whose.member_id != author_id
            spans += [Text("\n")] if spans else []
            spans += [whose, Text(": ")] if whose is not None and named else []
            spans += one.words
    return tidied(spans) if forwarded else own


def credited_in(forwarded: tuple[Forwarded, ...]) -> tuple[Mention, ...]:
    """Return those whose words are passed on."""
    return tuple(one.author for one in forwarded if one.author is not None)


def to_titles(attachments: object) -> dict[str, str]:
    """Return titles of links, by address, from the previews that Teams puts below a message."""
    found: dict[str, str] = {}
    for one in dicts(attachments):
        if string(one.get("contentType")) in _PREVIEWS:
            card = content_of(one)
            title = " ".join(string(card.get("title")).split())
            for action in (inside(card.get("tap")), *dicts(card.get("buttons"))):
                address = string(action.get("value"))
                if title and action.get("type") == "openUrl" and is_address(address):
                    found.setdefault(address, title)
    return found


def is_missing(attached: tuple[str, ...], attachments: object) -> bool:
    """Whether a message names things that hang on it, of which nothing more is told.

    In channels Teams tells a bot of files by their ids alone; the history tells the rest.
    """
    told = {string(one.get("id")) for one in dicts(attachments)}
    return not told.issuperset(filter(None, attached))


def content_of(attachment: Payload) -> Payload:
    """Return what an attachment holds; empty where that is nothing of ours to read."""
    content = attachment.get("content")
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return {}
    return inside(content)


def _file(attachment: Payload) -> File | None:
    kind = string(attachment.get("contentType"))
    address, name = string(attachment.get("contentUrl")), string(attachment.get("name")).strip()
    address = address if is_address(address) else ""
    if kind in {_FILE, _SENT_FILE}:
        guessed, _ = _KNOWN_KINDS.guess_type(name)
        return File(address, name, guessed or "")
    if kind == _AUDIO or kind.startswith("audio/"):
        return File(address or _recording(attachment), "", "audio/mp4", clip=True)
    if kind.startswith("video/"):
        return File(address, "", kind, clip=True)
    if kind.startswith("image/"):  # its address is for the bot alone
        return File("", name, kind)
    return None


def _recording(attachment: Payload) -> str:
    media = items(content_of(attachment).get("media"))
    found = (string(inside(one).get("url")) for one in media)
    return next(filter(is_address, found), "")


def _no_mention(_number: str, words: str) -> Span:
    return Text(f"@{words}")
