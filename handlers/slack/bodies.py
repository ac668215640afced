"""What a message says becomes spans: its markup, else its blocks; its tables; what it forwards.

Slack writes the words of a message twice, as `text` and as `blocks`. The text is read; the blocks
only where there is no text, and for tables, whose cells stand nowhere else.
"""

import re
from collections.abc import Iterable, Iterator

from bot.core.model.posts import ChannelMention, Code, Link, Mention, Span, Special, Text
from handlers.shapes import Payload, dicts, inside, items, string

_TOKEN = re.compile(r"<[^<>\n]+>")
_PIECE = re.compile(r"<[^<>\n]+>|```.+?```|`[^`\n]+`", re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TABLES = frozenset({"table", "data_table"})
_ELSEWHERE = ("from_url", "original_url", "is_share", "is_msg_unfurl", "bot_id", "app_id")
"""Signs of an attachment that shows something of elsewhere: a page, a message, an app's card."""
_DEEPEST = 8
"""Blocks within blocks that are looked into."""


# -- markup -----------------------------------------------------------------------------------


def to_spans(text: str) -> tuple[Span, ...]:
    """Take Slack's markup apart; entities are unescaped once, after that."""
    return tuple(_pieces(text, _PIECE))


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    end = 0
    for match in pattern.finditer(text):
        found = match[0]
        spans = _in_code(found) if found.startswith("`") else _token(found[1:-1])
        if spans is None:
            continue
        if match.start() > end:
            yield Text(unescape(text[end : match.start()]))
        yield from spans
        end = match.end()
    if end < len(text):
        yield Text(unescape(text[end:]))


def _in_code(code: str) -> Iterator[Span]:
    """What stands in code: people by name, everything else as the characters that are seen."""
    for span in _pieces(code, _TOKEN):
        match span:
            case Text(text):
                yield Code(text)
            case Link(url, label):
                yield Code(label or url)
            case _:
                yield span


def _token(inside: str) -> tuple[Span] | None:
    target, _, raw_label = inside.partition("|")
    label = unescape(raw_label)
    sign, rest = target[:1], target[1:]
    if sign == "@" and rest:
        return (Mention(rest, label.lstrip("@") or None),)
    if sign == "#" and rest:
        return (ChannelMention(rest, label.lstrip("#") or None),)
    if sign == "!":
        command = rest.partition("^")[0]
        unsaid = {"date": "", "subteam": "@group"}
        return (Special(label or unsaid.get(command, f"@{command}")),)
    return (Link(unescape(target), label or None),) if _SCHEME.match(target) else None


def unescape(text: str) -> str:
    """Turn Slack's three entities into what they stand for, once."""
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# -- a whole message --------------------------------------------------------------------------


def to_body(message: Payload) -> tuple[Span, ...]:
    """What a message says itself, tables and all; not what it forwards."""
    blocks, written = dicts(message.get("blocks")), string(message.get("text"))
    said = to_spans(written) if written.strip() else tuple(_in_blocks(blocks))
    beside = blocks if written.strip() else []
    for attached in dicts(message.get("attachments")):
        if not any(attached.get(sign) for sign in _ELSEWHERE):
            beside = [*beside, *dicts(attached.get("blocks"))]
    tables = [tuple(_table(one)) for one in beside if string(one.get("type")) in _TABLES]
    return _joined(_apart(filter(None, (said, *tables))))


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
    return _joined(_apart(filter(None, parts)))


def _forwarded_words(attached: Payload) -> tuple[Span, ...]:
    inner = [inside(one.get("message")) for one in dicts(attached.get("message_blocks"))]
    blocks = [block for one in inner for block in dicts(one.get("blocks"))]
    return to_body({"text": attached.get("text"), "blocks": blocks or attached.get("blocks")})


def _apart(parts: Iterable[Iterable[Span]], mark: str = "\n") -> Iterator[Span]:
    for number, part in enumerate(parts):
        if number:
            yield Text(mark)
        yield from part


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same spans, each stretch of text in one piece."""
    joined: list[Span] = []
    for span in spans:
        if isinstance(span, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + span.text)
        elif span != Text(""):
            joined.append(span)
    return tuple(joined)


# -- blocks -----------------------------------------------------------------------------------


def _in_blocks(blocks: list[Payload], depth: int = 0) -> Iterator[Span]:
    return _apart(_in_block(block, depth) for block in blocks)


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
        shown = [one for one in dicts(inner) if string(one.get("type")) not in {"button", "image"}]
        yield from _in_blocks(shown, depth + 1)


def _table(block: Payload) -> Iterator[Span]:
    """The cells of a table, a line for each row."""
    rows = [row for row in items(block.get("rows")) if isinstance(row, list)]
    return _apart(_apart(map(_cell, dicts(row)), " | ") for row in rows)


def _cell(cell: Payload) -> Iterable[Span]:
    if cell.get("type") == "rich_text":
        return _rich(cell, 0)
    return _literal(cell.get("text") if cell.get("text") is not None else cell.get("value"))


def _rich(block: Payload, depth: int) -> Iterator[Span]:
    """The elements of rich text: sections, lists, quotes and code, each on lines of their own."""
    return _apart(_rich_element(one, depth) for one in dicts(block.get("elements")))


def _rich_element(element: Payload, depth: int) -> Iterator[Span]:
    inner, kind = dicts(element.get("elements")), element.get("type")
    if kind == "rich_text_list":
        ordered = element.get("style") == "ordered"
        for number, item in enumerate(inner, 1):
            yield Text(("\n" if number > 1 else "") + (f"{number}. " if ordered else "• "))
            if depth < _DEEPEST:
                yield from _rich_element(item, depth + 1)
    elif kind == "rich_text_preformatted":
        yield Code(f"```{''.join(map(_shown, inner))}```")
    else:
        for one in inner:
            yield from _element(one)


def _element(element: Payload) -> Iterator[Span]:
    match element.get("type"):
        case "text" | "link" if inside(element.get("style")).get("code"):
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
