"""The help: its topics, and what it shows on each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.core.desk.command_table import FEW, SHARE_WORDS, SHARING, TABLE
from bot.core.desk.entries import Entry
from bot.core.finding.filters import FILTERS
from bot.core.messages.help import HelpRow
from bot.core.model.framework import Component
from bot.core.model.vocabulary import command

ALL_HELP: Final = (
    f"`{command('help more')}` shows every command, `{command('help filters')}` every filter, and "
    f"`{command('help parts')}` every part of the framework."
)


def topics(components: Mapping[str, str]) -> Mapping[str, str]:
    """Return the topics by every word for them, in lower case.

    A topic is the words of a command, a filter's usage, `component:` and a code, `more` (every
    command), `filters`, `parts` or `idea`.

    Args:
        components: codes by code, name or alias in lower case.
    """
    filters = {name: row.usage for row in FILTERS for name in (row.name, row.usage.lower())}
    return (
        {code.lower(): f"component:{code}" for code in components.values()}
        | {name: f"component:{code}" for name, code in components.items()}
        | dict.fromkeys(("parts", "components", "framework"), "parts")
        | dict.fromkeys(("filters", "filter"), "filters")
        | filters
        | {f"{name}s": filters[name] for name in ("tag", "channel", "person")}
        | dict.fromkeys(("people", "author", "name"), filters["person"])
        | dict.fromkeys(("after", "day", "days", "dates"), filters["since"])
        | {"before": filters["until"]}
        | dict.fromkeys((*SHARE_WORDS, "mark", "bulb"), "idea")
        | dict.fromkeys(("undo", "x"), "remove")
        | dict.fromkeys(("trial", "trials"), "tried")
        | {"questions": "prompt"}
        | dict.fromkeys(("keep", "privacy"), "me")
        | {name: entry.name for entry in TABLE for name in (entry.name, *entry.also)}
        | dict.fromkeys(("more", "commands", "everything"), "more")
    )


def help_rows(topic: str = "", parts: Sequence[Component] = ()) -> tuple[HelpRow, ...]:
    """Return a row for each command and example, filter or part that the help on a topic shows.

    Args:
        topic: one of `topics`; without one, the few commands that somebody new needs.
        parts: the parts of the framework.
    """
    match topic:
        case "":
            few = (entry for verb in FEW for entry in TABLE if entry.verb is verb)
            return (SHARING[0], *map(row_of, few))
        case "more":
            return (*SHARING, *(row_of(entry) for entry in TABLE if " " not in entry.name))
        case "idea":
            return SHARING
        case "filters":
            return tuple(map(_in_a_list, FILTERS))
        case "parts":
            return tuple(map(_part, parts))
    filters = [_in_a_list(row) for row in FILTERS if row.usage == topic]
    named = [_part(part) for part in parts if f"component:{part.code}" == topic]
    rows = [
        row_of(entry, every=topic == entry.name)
        for entry in TABLE
        if topic in {entry.name, entry.name.partition(" ")[0]}
    ]
    return (*filters, *named, *rows)


def row_of(entry: Entry, *, every: bool = False) -> HelpRow:
    """Return a command's row; with *every*, with all of its examples instead of the last."""
    examples = entry.examples if every and entry.examples else (entry.example,)
    return HelpRow(command(entry.usage), entry.words, ", or ".join(map(command, examples)))


def _in_a_list(row: HelpRow) -> HelpRow:
    return replace(row, example=command(f"list {row.example}"))


def _part(part: Component) -> HelpRow:
    words = f"{part.sign} {part.name}. {part.description}".strip()
    name = f"component:{part.code}"
    return HelpRow(name, words, command(f"list {name}"))
