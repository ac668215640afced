"""Answers about ideas, for the asker alone: a list, one idea in full, a file of them; trouble."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.messages import cards
from bot.core.messages.claims import claim_button
from bot.core.messages.common import NOT_ALL, said, tally, turns
from bot.core.messages.found import highlighted
from bot.core.messages.idea_form import edit_button
from bot.core.messages.removal import remove_button
from bot.core.model.actions import Act, Action
from bot.core.model.cards import NO_FACTS, CardFacts
from bot.core.model.exports import Format
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, Kind, Page
from bot.core.model.parts import Actions, Button, Choice, Header, Message, Note, Part, Run, Select
from bot.core.model.typed import reference
from bot.core.model.vocabulary import SHARE, command

NO_MORE: Final[Mapping[int, CardFacts]] = {}


def page(
    found: Page,
    framework: Framework,
    *,
    heading: str,
    turn: Action,
    size: int,
    zone: ZoneInfo,
    asker: str = "",
    by_time: bool = True,
    facts: Mapping[int, CardFacts] = NO_MORE,
) -> Message:
    """A stretch of a list, with buttons to the stretches before and after it.

    Args:
        facts: what is known beside each idea, by its row id.
        turn: what shows the list; the buttons ask for it with another start.
        asker: id of whoever sees it.
        by_time: whether the newest come first, not those that fit best.
    """
    if not found.ideas and turn.act is Act.LIST:
        return said("You can see none of this digest’s ideas: they were withdrawn.")
    if not found.ideas:
        return nothing_found(heading, memo=turn.text, asker=asker, complete=found.complete)
    first, last = found.start + 1, found.start + len(found.ideas)
    which = f"{first}-{last}" if first < last else f"{last}"
    where = f"{which} of {found.total:,}" if found.total > len(found.ideas) else ""
    title = f"{heading} ({where})" if where else heading
    parts: list[Part] = [Header(title)]
    for idea in found.ideas:
        beside, marks = facts.get(idea.id, NO_FACTS), found.marks.get(idea.id, ())
        card = cards.short(idea, framework, zone=zone, asker=asker, facts=beside)
        parts += highlighted(card, idea.text, marks, cards.IN_SHORT)
    parts += turns(turn, found.start, size, found.total, by_time=by_time)
    if not found.complete:
        parts.append(Note((Run(NOT_ALL),)))
    return Message.of(*parts)


def nothing_found(
    heading: str, *, memo: str = "", asker: str = "", complete: bool = True
) -> Message:
    """Nothing fits, and what to try. *memo*: the filters; *asker*: id of whoever gave them."""
    everything = memo in {"", reference("@", asker)}
    next_ = (
        f"Post an idea in a sentence or two, or share one with `{SHARE}`."
        if everything
        else f"Try fewer or other words, or `{command('list')}` for everything."
    )
    words = f"{heading}: nothing yet that you can see. {next_}"
    return said(words if complete else f"{words} {NOT_ALL}")


def idea(
    shown: Idea,
    framework: Framework,
    *,
    zone: ZoneInfo,
    asker: str = "",
    sortable: bool = False,
    facts: CardFacts = NO_FACTS,
) -> Message:
    """One idea in full, with who tried it and what the asker can do with it.

    Args:
        asker: id of whoever sees it; they may withdraw their own.
        sortable: whether the asker may change its component.
    """
    parts = list(cards.whole(shown, framework, zone=zone, facts=facts))
    if sortable:
        parts.append(Actions((_component_list(shown, framework),)))
    own = asker == shown.author.id
    more: tuple[Button, ...] = (edit_button(shown), remove_button(shown)) if own else ()
    if not shown.author.id:
        more = (claim_button(shown),)
    parts.append(cards.to_do_with_one(shown, asker, saved=facts.saved, more=more))
    return Message.of(*parts)


_NOT_KNOWN: Final = (
    "I could not ask the chat who you are, so it holds only your own ideas, and at most those of "
    "the channel that you asked from. Please ask again later for the rest."
)
_FILES: Final[Mapping[Format, tuple[str, str]]] = {
    Format.CSV: ("CSV file", "It opens in any spreadsheet."),
    Format.JSON: ("JSON file", "Programs read it."),
    Format.XLSX: ("workbook (XLSX)", "It opens in any spreadsheet."),
    Format.MD: ("Markdown file", "Paste its text where Markdown is read."),
    Format.RIS: ("file of citations (RIS)", "Reference managers such as Zotero read it."),
    Format.BIB: ("file of citations (BibTeX)", "LaTeX and reference managers read it."),
    Format.CSL: ("file of citations (CSL-JSON)", "Reference managers such as Zotero read it."),
}
"""What a file of each format is called, and what it is for."""


def export_started(
    kinds: Mapping[Kind, int], form: Format = Format.CSV, *, complete: bool = True
) -> Message:
    """A file is being made."""
    if not any(kinds.values()):
        words = "No idea matches, so there is nothing to export."
        return said(words if complete else f"{words} {NOT_ALL}")
    return said(
        f"I am making a {_FILES[form][0]} of {tally(kinds)}. You will get it in a moment, in a "
        "direct message."
    )


def export_done(
    kinds: Mapping[Kind, int],
    which: str,
    form: Format = Format.CSV,
    *,
    complete: bool = True,
    narrow: bool = False,
) -> str:
    """What stands beside the file.

    Args:
        which: the filters in words.
        narrow: it has one channel at most, as for a guest.
    """
    what = f"{tally(kinds)}, {which}" if which else tally(kinds)
    called, use = _FILES[form]
    words = f"Here is your {called}: {what}. {use}"
    missing = _NOT_KNOWN if narrow else NOT_ALL
    return words if complete else f"{words} {missing}"


def trouble(reference: str) -> Message:
    """Something unexpected happened."""
    return said(
        "Something went wrong on my side, so I could not do that. What I kept before is safe. "
        f"Please try again in a minute; if it keeps happening, tell whoever runs me: "
        f"reference {reference}."
    )


def _component_list(shown: Idea, framework: Framework) -> Select:
    """The parts of the framework, and none of them; what is chosen counts at once."""
    known = [code for code in shown.components if framework.component(code)]

    def about(code: str) -> str:
        return Action(Act.COMPONENT, number=shown.number, text=code).value

    choices = tuple(
        Choice(about(component.code), component.name) for component in framework.components
    )
    return Select(
        "What is it about?",
        Act.COMPONENT,
        (*choices, Choice(about("-"), "None of these")),
        value=about(known[0]) if known else "",
    )


def nothing_alike(number: int, *, complete: bool = True) -> Message:
    """No other idea has a tag or a component of this one."""
    words = f"I know no other idea like #{number} yet. Try `{command('search')}` and a word."
    return said(words if complete else f"{words} {NOT_ALL}")
