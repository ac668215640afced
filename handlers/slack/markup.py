"""Words as Slack's mrkdwn, rich text or literal text, in which nothing anybody wrote acts.

- mrkdwn: `& < >` are escaped, so no token can arise. Slack has no escape for `* _ ~` and the
  backtick: where they could style something they give way to a look-alike, everywhere else
  (`my_file_name`, 2*3) they stay. Our own bold, italic, code and links are added after that, and
  only between characters where Slack honours them.
- rich text: its text is literal, so it is exact; emoji and web addresses in it become elements
  of their own, an address always shown as itself.
- literal text: an invisible word joiner after `<` keeps careless readers from seeing a token.

Control characters and characters that reverse the direction of text are dropped. A link whose
words look like another address shows where it really goes. Texts are cut on a word, with `…`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from bot.core.model.parts import Run
from handlers.slack.vocabulary import SLACK

Payload = dict[str, Any]

ADDRESS = 3_000
"""Longest address that Slack takes."""

_DROPPED = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_TOKEN_START = re.compile(r"<(?=[!@#]|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_LOOKALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
_PIPE = "\u00a6"
_STYLING = re.compile(r"[*_~`]")
_QUOTED_LINE = re.compile(r"^(\s*)>", re.MULTILINE)
_ADDRESS_FLAGS = re.IGNORECASE | re.ASCII
_NAME = r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*"
_WEB = re.compile(rf"https?://{_NAME}(?::\d{{1,5}})?(?:[/?#][!-~]*)?", _ADDRESS_FLAGS)
_MAIL = re.compile(rf"mailto:[\w.+'-]+@{_NAME}(?:\?[!-~]*)?", _ADDRESS_FLAGS)
_IN_ADDRESS = {'"': "%22", "<": "%3C", ">": "%3E", "|": "%7C", "\\": "%5C", "`": "%60"}
_CLAIM = re.compile(r"://|@|(?:[\w-]+\.)+[^\W\d_]{2,}|\d{1,3}(?:\.\d{1,3}){3}")
_RICH = re.compile(
    r":(?P<emoji>(?!\d+:)[a-z0-9_+'-]{1,80}):(?::skin-tone-(?P<tone>[2-6]):)?"
    r"|(?P<web>https?://\S+)"
)
_AFTER_ADDRESS = ".,;:!?'\"*_~`>]}\u201d\u2019\u2026"
_OPEN = " \n([{-/|:,\"'\u2013\u2014\u00b7\u2022\u201c\u2018"
_CLOSE = " \n)]}-/|:,.;!?\"'\u2013\u2014\u00b7\u2022\u2026\u201d\u2019"
_JOINED = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\u20d0-\u20ff\U0001f3fb-\U0001f3ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


# -- running text -----------------------------------------------------------------------------


def mrkdwn(runs: Iterable[Run], limit: int) -> str:
    """Runs as mrkdwn of at most *limit* characters; the run that goes over is cut."""
    kept = [run for run in map(_cleaned, runs) if run.text]
    written = ""
    for place, run in enumerate(kept):
        after = "".join(one.text for one in kept[place + 1 : place + 2])[:1]
        styled = _styled(run, written[-1:], after)
        if size(written) + size(styled) > limit - bool(after):
            room = limit - size(written)
            return (written + cut(run.text, room, shown)).strip()
        written += styled
    return written.strip()


def _cleaned(run: Run) -> Run:
    text = clean(run.text)
    if run.bold or run.italic or run.code or run.url:
        # A style does not reach over a line break, and a link's words are one line.
        lead, trail = text[:1].isspace(), text[-1:].isspace()
        text = f"{' ' if lead else ''}{one_line(text)}{' ' if trail else ''}"
    return Run(text, run.bold, run.italic, run.code, run.url)


def _styled(run: Run, before: str, after: str) -> str:
    """A run as mrkdwn; its marks stand only where Slack takes them for marks."""
    core = run.text.strip() if run.bold or run.italic or run.code or run.url else run.text
    if not core:
        return run.text
    start = run.text.index(core)
    lead, trail = run.text[:start], run.text[start + len(core) :]
    honoured = (lead or before or " ")[-1] in _OPEN and (trail or after or " ")[0] in _CLOSE
    address = address_of(run.url)
    words = _label(core, address) if address else core
    if run.code and honoured and not address:
        return f"{lead}`{escaped(words.replace('`', _LOOKALIKE[96]))}`{trail}"
    marks = ("*" if run.bold else "") + ("_" if run.italic else "") if honoured else ""
    # Between marks of ours none of theirs may stay, or it would end the style.
    written = escaped(words.translate(_LOOKALIKE) if marks else _unstyled(words))
    if address:
        written = f"<{escaped(address)}|{written.replace('|', _PIPE)}>"
    return f"{lead}{marks}{written}{marks[::-1]}{trail}"


def _label(words: str, address: str) -> str:
    """A link's words; with the place it leads to, when they look like another address."""
    real = address.lower().removeprefix("mailto:")
    told = real.partition("?")[0] if _is_mail(address) else _host(address)
    seen = unicodedata.normalize("NFKC", words).lower().replace("\u3002", ".")
    seen = "".join(c for c in seen if unicodedata.category(c) != "Cf")
    own = rf"(?<![\w.@-])(?:https?://|mailto:)?(?:www\.)?{re.escape(told.removeprefix('www.'))}"
    others = re.sub(rf"{own}(?::\d+)?(?:[/?#]\S*|(?![\w.@:-]))", " ", seen)
    return f"{words} ({told})" if _CLAIM.search(others) else words


def address_of(url: str) -> str:
    """A web or mail address that Slack will take; empty for anything else."""
    written = "".join(
        _IN_ADDRESS.get(c, c) if c.isascii() else quote(c, errors="replace") for c in url.strip()
    )
    if len(written) <= ADDRESS and (_WEB.fullmatch(written) or _MAIL.fullmatch(written)):
        return written if _is_mail(written) or _host(written) else ""
    return ""


def _is_mail(address: str) -> bool:
    return address[:7].lower() == "mailto:"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def rich(text: str) -> list[Payload]:
    """Somebody's words as elements of rich text."""
    elements: list[Payload] = []
    end = 0
    for found in _RICH.finditer(text):
        element, stop = _rich_element(found)
        if element:
            elements += _text_elements(text[end : found.start()])
            elements.append(element)
            end = stop
    return [*elements, *_text_elements(text[end:])]


def _rich_element(found: re.Match[str]) -> tuple[Payload | None, int]:
    if name := found["emoji"]:
        tone: Payload = {"skin_tone": int(found["tone"])} if found["tone"] else {}
        # In a time such as 10:pm:30 the colons are none of an emoji's.
        free = not _char(found.string, found.start() - 1).isalnum()
        return ({"type": "emoji", "name": name, **tone} if free else None), found.end()
    web = found["web"].rstrip(_AFTER_ADDRESS)
    while web.endswith(")") and web.count(")") > web.count("("):
        web = web[:-1].rstrip(_AFTER_ADDRESS)
    real = address_of(web)
    # Only an address that stands there letter by letter is linked, so none can deceive.
    return ({"type": "link", "url": web} if real == web else None), found.start() + len(web)


def _text_elements(text: str) -> list[Payload]:
    return [{"type": "text", "text": literal(text)}] if text else []


# -- characters -------------------------------------------------------------------------------


def clean(text: str) -> str:
    """In Slack's words, without control characters, halves of emoji and reversals of direction."""
    text = SLACK.put_into(text)
    text = _BREAKS.sub("\n", _DROPPED.sub("", text)).replace("\t", " ")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")


def one_line(text: str) -> str:
    """Cleaned, with line breaks and other white space as single spaces."""
    return " ".join(clean(text).split())


def escaped(text: str) -> str:
    """Text with the three characters escaped that Slack's tokens are made of."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Literal text in which no reader, however careless, sees a token."""
    return _TOKEN_START.sub("<\u2060", text)


def _unstyled(text: str) -> str:
    """Text whose `* _ ~`, backtick and leading `>` style nothing."""

    def quiet(found: re.Match[str]) -> str:
        before = _char(text, found.start() - 1)
        after = _char(text, found.end())
        inside = (before + after).isascii() and before.isalnum() and after.isalnum()
        return found[0] if inside and found[0] != "`" else found[0].translate(_LOOKALIKE)

    return _QUOTED_LINE.sub("\\1\u203a", _STYLING.sub(quiet, text))


def shown(text: str) -> str:
    """Text as mrkdwn that shows it as it is."""
    return escaped(_unstyled(text))


def _char(text: str, place: int) -> str:
    return text[place] if 0 <= place < len(text) else ""


def cut(text: str, limit: int, written: Callable[[str], str] = str) -> str:
    """The beginning of *text* as it is *written*, in at most *limit* characters.

    Cut before a word, with `…`; inside a word only when it is very long, and never inside an
    emoji or before an accent.
    """
    # Writing never makes it shorter.
    if len(text) <= limit and size(written(text)) <= limit:
        return written(text)
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if size(written(text[:middle])) < limit:
            low = middle
        else:
            high = middle - 1
    end = max((text.rfind(c, low - low // 3, low + 1) for c in " \n"), default=-1)
    if end <= 0:
        end = low
        while 0 < end < len(text) and _inseparable(text[end - 1], text[end]):
            end -= 1
    return written(text[:end].rstrip() + "…") if limit else ""


def _inseparable(left: str, right: str) -> bool:
    if _JOINED.match(right) or left == "\u200d":
        return True
    return bool(_FLAG.match(left) and _FLAG.match(right))


def size(text: str) -> int:
    """Its length as Slack counts, which is as JavaScript does: most emoji are two."""
    return len(text) + sum(c > "\uffff" for c in text)
