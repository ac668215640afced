"""How an idea is cited: to copy, and as a file."""

from collections.abc import Sequence

from bot.core.messages.common import runs
from bot.core.model.actions import Act, Action
from bot.core.model.exports import Format
from bot.core.model.parts import Actions, Button, Header, Message, Note, Paragraph, Part, Run
from bot.core.model.vocabulary import WORKSPACE


def cited(
    number: int,
    styles: Sequence[tuple[str, tuple[Run, ...]]],
    *,
    aside: str,
    family: str = "",
    url: str = "",
) -> Message:
    """An idea in each style, by the style's name.

    Args:
        aside: what stands in the text for readers who cannot open its address.
        family: what was taken for the author's family name; empty: nothing was.
        url: its address; empty: it has none.
    """
    parts: list[Part] = [Header(f"Cite #{number}")]
    for name, citation in styles:
        parts += [Note((Run(name),)), Paragraph(citation)]
    where = f"Only members of this {WORKSPACE} can open its address. For" if url else "For"
    words = f"{where} readers elsewhere, APA cites it in the text alone: {aside}."
    if family:
        words += f" I took “{family}” as the family name; please check."
    ris = Button("RIS file", Action(Act.CITE, number=number, text=Format.RIS))
    bib = Button("BibTeX file", Action(Act.CITE, number=number, text=Format.BIB))
    return Message.of(*parts, Note(runs(words)), Actions((ris, bib)))
