"""Slack's markup: what becomes of typed words, and the rich text block beside a text."""

import re
from collections.abc import Callable, Mapping

from bot.sandbox.model import Payload

_URL = re.compile(r"https?://[^\s<>|\"]+")
_TRAILING = ".,;:!?)]}'\""
_BROADCAST = re.compile(r"@(here|channel|everyone)\b")
_TOKEN = re.compile(
    r"<(?:@[A-Z0-9]+|#[A-Z0-9]+|![a-z][^<>]*|(?:https?|mailto|tel):[^<>|\s]+)(?:\|[^<>]*)?>"
)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
_EMOJI = re.compile(r":([a-z0-9_+'-]+):")


def escape(text: str) -> str:
    """Escape ``&``, ``<`` and ``>``, and nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo ``escape``, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return what Slack's composer makes of plain text.

    Args:
        text: As typed.
        people: Id by name; names may hold spaces, the longest match wins.
        channels: Id by name.
    """
    return _tokenised(
        text,
        lambda name: f"<@{people[name]}>",
        lambda name: f"<#{channels[name]}|{name}>",
        people,
        channels,
    )


def command_text(
    text: str,
    people: Mapping[str, str],
    channels: Mapping[str, str],
    handles: Mapping[str, str],
) -> str:
    """Return the text of a command with ``should_escape``: mentions hold id and handle."""
    return _tokenised(
        text,
        lambda name: f"<@{people[name]}|{handles[people[name]]}>",
        lambda name: f"<#{channels[name]}|{name}>",
        people,
        channels,
    )


def sent_by_app(text: str, *, links: bool) -> str:
    """Return an app's text as Slack keeps it: stray ``& < >`` escaped, addresses linked."""
    pieces: list[str] = []
    end = 0
    for found in _TOKEN.finditer(text):
        pieces += [_plain(text[end : found.start()], links=links), found.group()]
        end = found.end()
    return "".join([*pieces, _plain(text[end:], links=links)])


def rich_text(text: str, block_id: str) -> Payload:
    """Return the ``rich_text`` block that stands beside a person's text."""
    elements: list[Payload] = []
    end = 0
    for found in re.finditer(f"{_TOKEN.pattern}|{_EMOJI.pattern}", text):
        if found.start() > end:
            elements.append({"type": "text", "text": unescape(text[end : found.start()])})
        elements.append(_element(found.group()))
        end = found.end()
    if end < len(text):
        elements.append({"type": "text", "text": unescape(text[end:])})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _element(token: str) -> Payload:
    if token.startswith(":"):
        return {"type": "emoji", "name": token[1:-1]}
    inner, _, label = token[1:-1].partition("|")
    if inner.startswith("@"):
        return {"type": "user", "user_id": inner[1:]}
    if inner.startswith("#"):
        return {"type": "channel", "channel_id": inner[1:]}
    if inner.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": inner.removeprefix("!subteam^")}
    if inner.startswith("!"):
        return {"type": "broadcast", "range": inner[1:]}
    link: Payload = {"type": "link", "url": unescape(inner)}
    return {**link, "text": unescape(label)} if label else link


def _plain(text: str, *, links: bool) -> str:
    safe = _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _URL.sub(_linked, safe) if links else safe


def _linked(found: re.Match[str]) -> str:
    address = found.group().rstrip(_TRAILING)
    return f"<{address}>{found.group()[len(address) :]}"


def _tokenised(
    text: str,
    person: Callable[[str], str],
    channel: Callable[[str], str],
    people: Mapping[str, str],
    channels: Mapping[str, str],
) -> str:
    parts = [
        rf"(?P<url>{_URL.pattern})",
        rf"(?P<all>{_BROADCAST.pattern})",
        rf"@(?P<person>{_any_of(people)})",
        rf"(?<![\w&])#(?P<channel>{_any_of(channels)})",
    ]
    by_fold = {name.casefold(): name for name in people}
    pieces: list[str] = []
    end = 0
    for found in re.finditer("|".join(parts), text, re.IGNORECASE):
        pieces.append(escape(text[end : found.start()]))
        if found["url"]:
            address = found["url"].rstrip(_TRAILING)
            pieces += [f"<{escape(address)}>", escape(found["url"][len(address) :])]
        elif found["all"]:
            pieces.append(f"<!{found['all'][1:].lower()}>")
        elif found["person"]:
            pieces.append(person(by_fold[found["person"].casefold()]))
        else:
            pieces.append(channel(found["channel"].casefold()))
        end = found.end()
    return "".join([*pieces, escape(text[end:])])


def _any_of(names: Mapping[str, str]) -> str:
    if not names:
        return r"(?!)"
    longest_first = sorted(names, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name) for name in longest_first) + r")(?![\w-])"
