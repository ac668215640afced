"""Words as Slack's mrkdwn, rich text or literal text, in which nothing anybody wrote acts.

- mrkdwn: `& < >` are escaped, so no token can arise. Slack has no escape for `* _ ~` and the
  backtick: where they could style something they give way to a look-alike, everywhere else
  (`my_file_name`, 2*3) they stay. Our own bold, italic, code and links are added after that, and
  only between characters where Slack honours them.
- rich text: its text is literal, so it is exact; emoji and web addresses in it become elements
  of their own, an address always shown as itself.
- literal text: an invisible word joiner after `<` keeps careless readers from seeing a token.
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.core.model.cutting import cut, size
from bot.core.model.links import ADDRESS
from bot.core.model.parts import Run
from handlers import texts
from handlers.slack.vocabulary import SLACK
from handlers.texts import address_of, bare_address, true_label

Payload = dict[str, Any]

_TOKEN_START = re.compile(r"<(?=[!@#]|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_LOOKALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
_PIPE = "\u00a6"
_STYLING = re.compile(r"[*_~`]")
_QUOTED_LINE = re.compile(r"^(\s*)>", re.MULTILINE)
_RICH = re.compile(
    r":(?P<emoji>(?!\d+:)[a-z0-9_+'-]{1,80}):(?::skin-tone-(?P<tone>[2-6]):)?"
    rf"|(?P<web>{ADDRESS.pattern})"
)
_OPEN = " \n([{-/|:,\"'\u2013\u2014\u00b7\u2022\u201c\u2018"
_CLOSE = " \n)]}-/|:,.;!?\"'\u2013\u2014\u00b7\u2022\u2026\u201d\u2019"


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
    words = true_label(core, address) if address else core
    if run.code and honoured and not address:
        return f"{lead}`{escaped(words.replace('`', _LOOKALIKE[96]))}`{trail}"
    marks = ("*" if run.bold else "") + ("_" if run.italic else "") if honoured else ""
    # Between marks of ours none of theirs may stay, or it would end the style.
    written = escaped(words.translate(_LOOKALIKE) if marks else _unstyled(words))
    if address:
        written = f"<{escaped(address)}|{written.replace('|', _PIPE)}>"
    return f"{lead}{marks}{written}{marks[::-1]}{trail}"


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


def rich_runs(runs: Iterable[Run]) -> list[Payload]:
    """The same of words of which some are bold."""
    return [
        element | ({"style": {"bold": True}} if run.bold and element["type"] != "emoji" else {})
        for run in runs
        for element in rich(clean(run.text))
    ]


def _rich_element(found: re.Match[str]) -> tuple[Payload | None, int]:
    if name := found["emoji"]:
        tone: Payload = {"skin_tone": int(found["tone"])} if found["tone"] else {}
        # In a time such as 10:pm:30 the colons are none of an emoji's.
        free = not _char(found.string, found.start() - 1).isalnum()
        return ({"type": "emoji", "name": name, **tone} if free else None), found.end()
    web = bare_address(found["web"])
    return ({"type": "link", "url": web} if web else None), found.start() + len(web)


def _text_elements(text: str) -> list[Payload]:
    return [{"type": "text", "text": literal(text)}] if text else []


# -- characters -------------------------------------------------------------------------------


def clean(text: str) -> str:
    """In Slack's words, without control characters, halves of emoji and reversals of direction."""
    return texts.clean(SLACK.put_into(text))


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
