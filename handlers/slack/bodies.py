"""What a message says becomes spans: its markup, else its blocks; its tables; what it forwards.

Slack writes the words of a message twice, as `text` and as `blocks`. The text is read; the blocks
only where there is no text, and for tables, whose cells stand nowhere else.
"""

import re
from collections.abc import Iterable, Iterator

from bot.core.model.posts import ChannelMention, Code, Link, Mention, Span, Special, Text
from handlers.slack.shapes import Payload, dicts, items, string

_TOKEN = re.compile(r"<([^<>\n]+)>")
_PIECE = re.compile(r"<(?P<token>[^<>\n]+)>|(?P<code>```.+?```|`[^`\n]+`)", re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TABLES = frozenset({"table", "data_table"})
_DEEPEST = 8
"""Blocks within blocks that are looked into."""


# -- markup -----------------------------------------------------------------------------------


def to_spans(text: str) -> tuple[Span, ...]:
    """Take Slack's markup apart; entities are unescaped once, after that."""
    if "<" not in text and "`" not in text:
        return (Text(unescape(text)),) if text else ()
    spans: list[Span] = []
    end = 0
    for match in _PIECE.finditer(text):
        found: tuple[Span, ...]
        if match["code"]:
            found = tuple(_in_code(match["code"]))
        else:
            span = _token(match["token"])
            found = () if span is None else (span,)
        if found:
            spans += _text(text[end : match.start()])
            spans += found
            end = match.end()
    return (*spans, *_text(text[end:]))


def _text(piece: str) -> list[Span]:
    return [Text(unescape(piece))] if piece else []


def _in_code(code: str) -> Iterator[Span]:
    """What stands in code: people by name, everything else as the characters that are seen."""
    end = 0
    for match in _TOKEN.finditer(code):
        span = _token(match[1])
        if span is None:
            continue
        if match.start() > end:
            yield Code(unescape(code[end : match.start()]))
        yield Code(span.label or span.url) if isinstance(span, Link) else span
        end = match.end()
    yield Code(unescape(code[end:]))


def _token(inside: str) -> Span | None:
    target, _, raw_label = inside.partition("|")
    label = unescape(raw_label) or None
    sign, rest = target[:1], target[1:]
    if sign == "@" and rest:
        return Mention(rest, label.lstrip("@") if label else None)
    if sign == "#" and rest:
        return ChannelMention(rest, label.lstrip("#") if label else None)
    if sign == "!":
        command, _, _ = rest.partition("^")
        if command == "date":
            return Special(label or "")
        if command == "subteam":
            return Special(label or "@group")
        return Special(label or f"@{command}")
    if _SCHEME.match(target):
        return Link(unescape(target), label)
    return None


def unescape(text: str) -> str:
    """Turn Slack's three entities into what they stand for, once."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# -- a whole message --------------------------------------------------------------------------


def to_body(message: Payload) -> tuple[Span, ...]:
    """What a message says itself, tables and all; not what it forwards."""
    blocks = dicts(message.get("blocks"))
    text = message.get("text")
    written = isinstance(text, str) and bool(text.strip())
    said = to_spans(str(text)) if written else tuple(_in_blocks(blocks))
    tables = [block for block in blocks if string(block.get("type")) in _TABLES] if written else []
    for attached in dicts(message.get("attachments")):
        if not _is_elsewhere(attached):
            inside = dicts(attached.get("blocks"))
            tables += [block for block in inside if string(block.get("type")) in _TABLES]
    if written and not tables:
        return said
    return tuple(_joined(_lines([said, *(tuple(_table(table)) for table in tables)])))


def to_forwarded(message: Payload, own: tuple[Span, ...]) -> list[tuple[Payload, Mention | None]]:
    """The messages that a message forwards, each with its author, where that is a member.

    A link to a message, which Slack previews, forwards nothing.
    """
    linked = {span.url for span in own if isinstance(span, Link)}
    found: list[tuple[Payload, Mention | None]] = []
    for attached in dicts(message.get("attachments")):
        address = attached.get("from_url") or attached.get("original_url")
        shared = attached.get("is_share")
        if shared or (
            shared is None and attached.get("is_msg_unfurl") and str(address or "") not in linked
        ):
            author = str(attached.get("author_id") or "")
            name = attached.get("author_subname") or attached.get("author_name")
            found.append((attached, Mention(author, str(name or "") or None) if author else None))
    return found


def with_forwarded(
    own: tuple[Span, ...], forwarded: list[tuple[Payload, Mention | None]], author_id: str
) -> tuple[Span, ...]:
    """What a message says, and below it whose words it forwards, and these."""
    parts = [own]
    for attached, author in forwarded:
        words = _forwarded_words(attached)
        if words and author is not None and author.member_id != author_id:
            words = (author, Text(": "), *words)
        parts.append(words)
    return tuple(_joined(_lines(parts)))


def _forwarded_words(attached: Payload) -> tuple[Span, ...]:
    inner = [one.get("message") for one in dicts(attached.get("message_blocks"))]
    blocks = [block for one in dicts(inner) for block in dicts(one.get("blocks"))]
    return to_body({"text": attached.get("text"), "blocks": blocks or attached.get("blocks")})


def _is_elsewhere(attached: Payload) -> bool:
    """Whether an attachment shows something of elsewhere: a page, a message, an app's card."""
    signs = ("from_url", "original_url", "is_share", "is_msg_unfurl", "bot_id", "app_id")
    return any(attached.get(sign) for sign in signs)


def _lines(parts: list[tuple[Span, ...]]) -> Iterator[Span]:
    """Several bodies, one below the other."""
    begun = False
    for part in parts:
        if part and begun:
            yield Text("\n")
        yield from part
        begun = begun or bool(part)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The same spans, each stretch of text in one piece."""
    text = ""
    for span in spans:
        if isinstance(span, Text):
            text += span.text
            continue
        if text:
            yield Text(text)
        text = ""
        yield span
    if text:
        yield Text(text)


# -- blocks -----------------------------------------------------------------------------------


def _in_blocks(blocks: list[Payload], depth: int = 0) -> Iterator[Span]:
    for number, block in enumerate(blocks):
        if number:
            yield Text("\n")
        yield from _in_block(block, depth)


def _in_block(block: Payload, depth: int) -> Iterator[Span]:
    if depth > _DEEPEST:
        return
    kind = string(block.get("type"))
    if kind in _TABLES:
        yield from _table(block)
    elif kind == "rich_text":
        yield from _rich(block, depth)
    elif kind in {"mrkdwn", "markdown"}:
        yield from to_spans(string(block.get("text")))
    elif kind in {"plain_text", "raw_text"}:
        yield from _literal(block.get("text"))
    elif kind == "image":
        yield from _literal(block.get("alt_text"))
    else:  # section, header, context, card, container: whatever of it holds words
        inner = [block.get(name) for name in ("title", "text", "body")]
        for name in ("fields", "elements", "blocks"):
            inner += dicts(block.get(name))
        inside = [one for one in dicts(inner) if string(one.get("type")) not in {"button", "image"}]
        yield from _in_blocks(inside, depth + 1)


def _table(block: Payload) -> Iterator[Span]:
    """The cells of a table, a line for each row."""
    rows = [row for row in items(block.get("rows")) if isinstance(row, list)]
    for number, row in enumerate(rows):
        if number:
            yield Text("\n")
        for place, cell in enumerate(dicts(row)):
            if place:
                yield Text(" | ")
            if cell.get("type") == "rich_text":
                yield from _rich(cell, 0)
            else:
                shown = cell.get("text") if cell.get("text") is not None else cell.get("value")
                yield from _literal(shown)


def _rich(block: Payload, depth: int) -> Iterator[Span]:
    """The elements of rich text: sections, lists, quotes and code, each on lines of their own."""
    for number, element in enumerate(dicts(block.get("elements"))):
        if number:
            yield Text("\n")
        kind = element.get("type")
        if kind == "rich_text_list":
            for place, item in enumerate(dicts(element.get("elements"))):
                ordered = element.get("style") == "ordered"
                yield Text(("\n" if place else "") + (f"{place + 1}. " if ordered else "• "))
                if depth < _DEEPEST:
                    yield from _rich({"elements": [item]}, depth + 1)
        elif kind == "rich_text_preformatted":
            inside = "".join(_shown(one) for one in dicts(element.get("elements")))
            yield Code(f"```{inside}```")
        else:
            for one in dicts(element.get("elements")):
                yield from _element(one)


def _element(element: Payload) -> Iterator[Span]:
    style = element.get("style")
    match element.get("type"):
        case "text" | "link" if isinstance(style, dict) and style.get("code"):
            yield Code(f"`{_shown(element)}`")
        case "link" if url := string(element.get("url")):
            yield Link(url, string(element.get("text")) or None)
        case "user" if user := string(element.get("user_id")):
            yield Mention(user)
        case "channel" if channel := string(element.get("channel_id")):
            yield ChannelMention(channel)
        case "usergroup":
            yield Special("@group")
        case "broadcast":
            yield Special(f"@{string(element.get('range'))}")
        case "emoji":
            yield Text(f":{string(element.get('name'))}:")
        case "date":
            yield Special(string(element.get("fallback")))
        case "color":
            yield Code(string(element.get("value")))
        case _:
            yield from _literal(element.get("text"))


def _shown(element: Payload) -> str:
    return string(element.get("text")) or string(element.get("url"))


def _literal(text: object) -> list[Span]:
    return [Text(str(text))] if isinstance(text, str | int | float) and str(text) else []
