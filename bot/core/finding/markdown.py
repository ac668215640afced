"""Ideas as Markdown, to be pasted: it reads well, and nothing that somebody wrote is markup.

Rows, arguments and results are those of `export.write_csv`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import BinaryIO
from urllib.parse import quote

from bot.core.finding.export import COLUMNS, write_texts
from bot.core.messages import hours
from bot.core.messages.common import count
from bot.core.model.links import ADDRESS, is_address, trimmed
from bot.core.model.posts import NOTHING

_CONTROLS = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Control characters, but for those that end a line or are blank."""

_MARKUP = re.compile(
    r"[\\`*\[\]<~$]"
    r"|&(?=#?\w+;)"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word it is no markup
)
_AT_START = re.compile(r"[#>+-]|(?<=\d)[.)]")
_NUMBERED = re.compile(r"\d{1,9}(?=[.)])")


def write_markdown(
    rows: Iterable[Sequence[object]], out: BinaryIO, components: Mapping[str, str] = NOTHING
) -> int:
    """Write CommonMark: a heading for each idea, its words, and what is known about it.

    Args:
        components: the name of each component by its code.
    """
    ideas = (dict(zip(COLUMNS, map(str, row), strict=True)) for row in rows)
    texts = ("\n".join([*_lines(idea, components), ""]) for idea in ideas)
    return write_texts(chain(["# Ideas\n"], texts), out) - 1


def _lines(idea: Mapping[str, str], components: Mapping[str, str]) -> Iterator[str]:
    """The lines of one idea; a blank one parts what stands for itself."""
    day = hours.day(date.fromisoformat(idea["day"]))
    who = ", ".join(filter(None, (inline(idea["author"]), inline(idea["school"]))))
    called = f"{idea['kind'].capitalize()} {idea['number']}"
    yield f"\n## {called}: {who + ', ' if who else ''}{day}\n"
    for line in idea["text"].splitlines():
        if words := block(line):
            yield f"{words}\n"
    codes = _split(idea["components"])
    about = {
        "About": ", ".join(inline(components.get(code, code)) for code in codes),
        "Tags": ", ".join(inline(f"#{tag}") for tag in _split(idea["tags"])),
        "Links": ", ".join(map(inline, _split(idea["resources"]))),
        "With credit to": ", ".join(map(inline, _split(idea["credits"]))),
        "Answers the question": inline(idea["prompt"]),
        "So far": _gathered(idea),
        "Licence": inline(idea["licence"]),
        "Posted in": _posted(idea),
    }
    yield from (f"- {label}: {words}" for label, words in about.items() if words)


def block(line: str) -> str:
    """A line of somebody's words as a paragraph of its own."""
    words = _clean(line)
    numbered = _NUMBERED.match(words)
    start = numbered.end() if numbered else 0
    if _AT_START.match(words, start):
        return f"{words[:start]}\\{words[start]}{_linked(words[start + 1 :])}"
    return _linked(words)


def inline(words: str) -> str:
    """Somebody's words within a line, with their addresses as links."""
    return _linked(_clean(words))


def _linked(words: str) -> str:
    pieces = []
    end = 0
    for found in ADDRESS.finditer(words):
        url = trimmed(found[0], "*_~")
        if is_address(url):
            pieces += [_escaped(words[end : found.start()]), f"<{url}>"]
            end = found.start() + len(url)
    return "".join([*pieces, _escaped(words[end:])])


def _plain(words: str) -> str:
    return _escaped(_clean(words))


def _clean(words: str) -> str:
    return _CONTROLS.sub("", " ".join(words.split()))


def _escaped(words: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", words)


def _split(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


def _gathered(idea: Mapping[str, str]) -> str:
    parts = (
        (idea["reactions"], "reaction", ""),
        (idea["replies"], "reply", "replies"),
        (idea["tried"], "trial", ""),
    )
    return ", ".join(count(int(number), *nouns) for number, *nouns in parts if number != "0")


def _posted(idea: Mapping[str, str]) -> str:
    """Where the post stands, as a link to it where its address is known."""
    where = ", ".join(filter(None, map(_plain, (idea["channel"], idea["workspace"]))))
    url = _CONTROLS.sub("", "".join(idea["permalink"].split()))
    if not where or not is_address(url):
        return where
    safe = re.sub(r"[<>\\]", lambda found: quote(found[0]), url)
    return f"[{where}](<{safe}>)"
