"""Words in a card, in which nothing that anybody wrote acts.

Nearly all stand in rich text blocks, in which Teams reads no markup: their words are exact, and a
style or a link is a property beside them. Only a headline, which screen readers must know for one,
is read as Markdown: its signs are escaped. Nowhere can a mention arise: no card declares one.

A line is a block of its own, for the clients of Teams do not agree on what a line break is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.core.model.cutting import cut, size
from bot.core.model.parts import Run
from handlers import texts
from handlers.shapes import Payload
from handlers.teams import emoji
from handlers.teams.vocabulary import TEAMS

_DATE: Final = re.compile(r"\{(?=\{(?:DATE|TIME)\()", re.IGNORECASE)
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>~|&{}]|^[#+-]")
_NUMBERED: Final = re.compile(r"^(\d{1,9})([.)])", re.ASCII)


def clean(text: str) -> str:
    """Return a text in the words of Teams, with emoji for their names, that computes nothing."""
    return _DATE.sub("{\u2060", emoji.shown(texts.clean(TEAMS.put_into(text))))


def one_line(text: str) -> str:
    """Return a clean text on one line."""
    return " ".join(clean(text).split())


def label(text: str, limit: int) -> str:
    """Return words for a button or a field: one line, and never none."""
    return cut(one_line(text), limit) or "…"


def markdown(text: str) -> str:
    """Return one line as Markdown that shows it as it is."""
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", one_line(text)))


def lines(runs: Iterable[Run], limit: int, **style: object) -> list[Payload]:
    """Return runs as rich text blocks, one for each line, of at most *limit* characters together.

    The run that goes over is cut.

    Args:
        style: properties that all words have, in the words of Adaptive Cards.
    """
    rows: list[list[Payload]] = [[]]
    left = limit
    for run in runs:
        for number, words in enumerate(_split(run)):
            if number:
                rows.append([])
            if words and left > 0:
                rows[-1].append(style | _inline(run, cut(words, left)))
                left -= size(words)
    return list(_blocks(rows))


def quoted(runs: Sequence[Run], limit: int) -> list[Payload]:
    """Return somebody's own words, letter by letter; web addresses in them are links."""
    if len(runs) == 1:
        runs = (replace(runs[0], text=cut(clean(runs[0].text).strip(), limit)),)
    pieces = [
        replace(run, text=words, url=address)
        for run in runs
        for words, address in texts.with_addresses(run.text)
    ]
    return lines(pieces, 2 * limit + 1)


def _split(run: Run) -> list[str]:
    text = clean(run.text)
    if not run.url:
        return text.split("\n")
    lead, trail = text[:1].isspace(), text[-1:].isspace()
    return [f"{' ' if lead else ''}{' '.join(text.split())}{' ' if trail else ''}"]


def _inline(run: Run, words: str) -> Payload:
    made: Payload = {"type": "TextRun", "text": words}
    address = texts.address_of(run.url)
    if address:
        made["text"] = texts.true_label(words, address)
        made["selectAction"] = {"type": "Action.OpenUrl", "url": address}
    if run.bold:
        made["weight"] = "Bolder"
    if run.italic:
        made["italic"] = True
    if run.code:
        made["fontType"] = "Monospace"
    return made


def _blocks(rows: Iterable[list[Payload]]) -> Iterator[Payload]:
    """Lines close to each other; an empty one is a little room."""
    spacing = ""
    for row in rows:
        if not any(str(inline["text"]).strip() for inline in row):
            spacing = "Small" if spacing else ""
            continue
        block: Payload = {"type": "RichTextBlock", "inlines": row}
        yield {**block, "spacing": spacing} if spacing else block
        spacing = "None"
