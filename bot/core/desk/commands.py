"""`/ideas ...`: one table of commands that the parser, the help and the README all read.

A command becomes a frozen value, or a `CommandError` whose words name the nearest right one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.desk.prompt_commands import (
    PromptAdd,
    PromptAnswers,
    PromptCommand,
    PromptEdit,
    PromptList,
    PromptPin,
    PromptPreview,
    PromptRemove,
    PromptSkip,
    PromptWhy,
    read_add,
    read_edit,
    read_list,
    read_pin,
    read_remove,
    refuse,
)
from bot.core.errors import CommandError
from bot.core.finding.filters import (
    FILTERS,
    KEYS,
    PUNCTUATION,
    Vocabulary,
    filters_words,
    parse_filters,
    to_text,
)
from bot.core.messages.answers import HelpRow
from bot.core.model.framework import Component
from bot.core.model.ideas import Filters
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.posts import NOTHING
from bot.core.model.typed import plain, short, tidy

__all__ = [
    "FILTERS",
    "SHARING",
    "TABLE",
    "Command",
    "Digest",
    "Entry",
    "Export",
    "Help",
    "HelpRow",
    "List",
    "Me",
    "Mine",
    "PromptAdd",
    "PromptAnswers",
    "PromptEdit",
    "PromptList",
    "PromptPin",
    "PromptPreview",
    "PromptRemove",
    "PromptSkip",
    "PromptWhy",
    "Random",
    "Remove",
    "Search",
    "Settings",
    "Show",
    "Vocabulary",
    "filters_words",
    "help_rows",
    "looks_like_command",
    "parse",
    "parse_filters",
    "readme_table",
    "to_text",
]

_EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Help:
    """What can be done; with *topic*, about one command, filter or part, or about all of them.

    *topic*: a command's name, a filter's usage, `component:` and a code, `more` (every command),
    `filters`, `parts` or `idea`.
    """

    topic: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """The newest ideas that fit."""

    filters: Filters = _EVERYTHING


@dataclass(frozen=True, slots=True)
class Search:
    """The ideas that fit best; at least one word or filter is given."""

    filters: Filters


@dataclass(frozen=True, slots=True)
class Show:
    """One idea, whole."""

    number: int


@dataclass(frozen=True, slots=True)
class Mine:
    """The asker's own ideas."""

    filters: Filters = _EVERYTHING


@dataclass(frozen=True, slots=True)
class Random:
    """Any one idea that fits."""

    filters: Filters = _EVERYTHING


@dataclass(frozen=True, slots=True)
class Remove:
    """Withdraw an idea."""

    number: int


@dataclass(frozen=True, slots=True)
class Export:
    """A CSV file of the ideas that fit."""

    filters: Filters = _EVERYTHING


@dataclass(frozen=True, slots=True)
class Digest:
    """What the next digest would say."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The channel's settings; with *log*, what was changed lately."""

    log: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """The asker's school, district, role, and what may be kept."""


Command = (
    Help
    | List
    | Search
    | Show
    | Mine
    | Random
    | Remove
    | Export
    | Digest
    | Me
    | Settings
    | PromptCommand
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the table. *later* is set for a reserved word: what to do until it is there.

    A name of two words stands in the help of its first word, and not in the general one.
    """

    name: str
    usage: str
    words: str
    examples: tuple[str, ...]
    make: Callable[[str, Vocabulary], Command]
    also: tuple[str, ...] = ()
    """Other words for it that are understood."""
    later: str = ""


_FEW = ("search", "list", "show", "me")
"""What somebody new needs beside sharing an idea."""

_NUMBER = re.compile(r"(?:ideas?\s*|no\.?\s*|number\s*)?#?\s*(\d+)\s*[.,!?]?", re.IGNORECASE)


# -- the table --------------------------------------------------------------------------------


def _filtered(kind: Callable[[Filters], Command]) -> Callable[[str, Vocabulary], Command]:
    return lambda rest, known: kind(parse_filters(rest, known.components, known.channels))


def _numbered(kind: Callable[[int], Command], name: str) -> Callable[[str, Vocabulary], Command]:
    return lambda rest, _: kind(_number(rest, name))


def _alone(kind: Callable[[], Command], name: str) -> Callable[[str, Vocabulary], Command]:
    def make(rest: str, _: Vocabulary) -> Command:
        if rest.strip(PUNCTUATION + " "):
            raise CommandError(f"`/ideas {name}` takes nothing after it. Please write only that.")
        return kind()

    return make


def _settings(rest: str, _: Vocabulary) -> Command:
    word = rest.strip(PUNCTUATION + " ").lower()
    if word not in {"", "log"}:
        raise CommandError(
            "`/ideas settings` takes nothing after it but `log`, which shows what was "
            "changed lately."
        )
    return Settings(log=word == "log")


def _prompt(rest: str, _: Vocabulary) -> Command:
    if rest.strip(PUNCTUATION + " "):
        names = (entry.name for entry in TABLE if entry.name.startswith("prompt "))
        raise refuse(rest, tuple(name.removeprefix("prompt ") for name in names))
    return PromptPreview()


def _search(rest: str, known: Vocabulary) -> Command:
    filters = parse_filters(rest, known.components, known.channels)
    if filters == Filters():
        raise CommandError(
            "What should I look for? Write a few words, for example `/ideas search reading garden`."
        )
    return Search(filters)


def _help(rest: str, known: Vocabulary) -> Command:
    words = plain(rest).lower().strip(PUNCTUATION + '#@`" ').removeprefix("component:").split()
    if not words:
        return Help()
    topics = _topics(known)
    # "help me with this" is no question about `me`.
    tried = (" ".join(words), " ".join(words[:2]), "" if words[0] == "me" else words[0])
    topic = next((topics[one] for one in (*tried, tried[0].partition(":")[0]) if one in topics), "")
    entry = _entry(topic)
    if entry and entry.later:
        return entry.make("", known)
    if topic or words[0] == "me":
        return Help(topic)
    hint = did_you_mean([f"`/ideas help {one}`" for one in nearest(tried[0], topics)])
    raise CommandError(f"I have no help on {short(tried[0])}. {hint or _ALL_HELP}")


_ALL_HELP = (
    "`/ideas help more` shows every command, `/ideas help filters` every filter, and "
    "`/ideas help parts` every part of the framework."
)


def _topics(known: Vocabulary) -> Mapping[str, str]:
    """What `/ideas help` can be asked about, by every word for it."""
    filters = {name: row.usage for row in FILTERS for name in (row.name, row.usage.lower())}
    return (
        {code.lower(): f"component:{code}" for code in known.components.values()}
        | {name: f"component:{code}" for name, code in known.components.items()}
        | dict.fromkeys(("parts", "components", "framework"), "parts")
        | dict.fromkeys(("filters", "filter"), "filters")
        | filters
        | {f"{name}s": filters[name] for name in ("tag", "channel", "person")}
        | dict.fromkeys(("people", "author", "name"), filters["person"])
        | dict.fromkeys(("after", "day", "days", "dates"), filters["since"])
        | {"before": filters["until"]}
        | dict.fromkeys((*_SHARE_WORDS, "mark", "bulb"), "idea")
        | dict.fromkeys(("undo", "x"), "remove")
        | dict.fromkeys(("tried", "trial", "trials"), "show")
        | {"questions": "prompt"}
        | dict.fromkeys(("keep", "privacy"), "me")
        | {name: entry.name for entry in TABLE for name in (entry.name, *entry.also)}
        | dict.fromkeys(("more", "commands", "everything"), "more")
    )


def _number(rest: str, name: str) -> int:
    form = f"Write for example `/ideas {name} 12`."
    if not rest:
        raise CommandError(f"Which idea? {form}")
    found = _NUMBER.fullmatch(plain(rest).strip())
    if not found:
        raise CommandError(f"{short(plain(rest))} is not the number of an idea. {form}")
    number = int(found[1]) if len(found[1]) <= 9 else 0
    if number < 1:
        raise CommandError(f"No idea has the number {short(found[1])}. {form}")
    return number


def _not_yet(name: str, later: str) -> Callable[[str, Vocabulary], Command]:
    def make(_: str, __: Vocabulary) -> Command:
        raise CommandError(f"`/ideas {name}` does not work yet. {later}")

    return make


def _reserved(name: str, words: str, later: str, *also: str) -> Entry:
    return Entry(
        name=name,
        usage=name,
        words=words,
        examples=(f"/ideas {name}",),
        make=_not_yet(name, later),
        also=also,
        later=later,
    )


TABLE: tuple[Entry, ...] = (
    Entry(
        name="help",
        usage="help [WORD]",
        words="Shows what you can do; with a word, what that command, filter or part is.",
        examples=("/ideas help", "/ideas help search"),
        make=_help,
        also=("?", "commands"),
    ),
    Entry(
        name="list",
        usage="list [filters]",
        words="Shows the newest ideas.",
        examples=("/ideas list", "/ideas list #mentoring since:2026-09-01"),
        make=_filtered(List),
        also=("all", "latest", "recent"),
    ),
    Entry(
        name="search",
        usage="search WORDS [filters]",
        words="Finds ideas by their words, best first.",
        examples=("/ideas search reading garden", '/ideas search "book tasting" component:LIT'),
        make=_search,
        also=("find",),
    ),
    Entry(
        name="show",
        usage="show N",
        words="Shows idea number N in full, with who tried it. So does /ideas 12.",
        examples=("/ideas show 12",),
        make=_numbered(Show, "show"),
        also=("open", "view", "idea"),
    ),
    Entry(
        name="mine",
        usage="mine [filters]",
        words="Shows your own ideas.",
        examples=("/ideas mine",),
        make=_filtered(Mine),
    ),
    Entry(
        name="random",
        usage="random [filters]",
        words="Shows an idea picked at random.",
        examples=("/ideas random", "/ideas random component:SPACE"),
        make=_filtered(Random),
    ),
    Entry(
        name="export",
        usage="export [filters]",
        words="Sends you a file for your spreadsheet (CSV), in a direct message.",
        examples=("/ideas export", "/ideas export since:2026-09-01 until:2026-12-31"),
        make=_filtered(Export),
        also=("csv", "download"),
    ),
    Entry(
        name="remove",
        usage="remove N",
        words="Takes back idea number N, if it is yours; admins can take back any.",
        examples=("/ideas remove 12",),
        make=_numbered(Remove, "remove"),
        also=("delete", "withdraw"),
    ),
    Entry(
        name="me",
        usage="me",
        words="Sets your school, district and role, and what I may keep of your posts.",
        examples=("/ideas me",),
        make=_alone(Me, "me"),
        also=("profile",),
    ),
    Entry(
        name="digest",
        usage="digest",
        words="Shows you the next weekly digest before it goes out.",
        examples=("/ideas digest",),
        make=_alone(Digest, "digest"),
    ),
    Entry(
        name="prompt",
        usage="prompt",
        words="Shows you the next weekly question; /ideas help prompt shows what else you can do.",
        examples=("/ideas prompt",),
        make=_prompt,
        also=("question",),
    ),
    Entry(
        name="prompt why",
        usage="prompt why",
        words="Says why this question is next.",
        examples=("/ideas prompt why",),
        make=_alone(PromptWhy, "prompt why"),
    ),
    Entry(
        name="prompt add",
        usage="prompt add TEXT",
        words="Proposes a question, to be asked with your name; coordinators add theirs at once.",
        examples=("/ideas prompt add What do your student helpers teach the others?",),
        make=lambda rest, _: read_add(rest),
        also=("prompt propose", "prompt new"),
    ),
    Entry(
        name="prompt list",
        usage="prompt list",
        words="Shows this channel's own questions; list all shows every question.",
        examples=("/ideas prompt list", "/ideas prompt list all"),
        make=lambda rest, _: read_list(rest),
    ),
    Entry(
        name="prompt edit",
        usage="prompt edit N TEXT",
        words="Rewords question N. For coordinators.",
        examples=(
            "/ideas prompt edit poetry-month Where do poems turn up in your school?",
            "/ideas prompt edit 3 What do your student helpers teach the others?",
        ),
        make=lambda rest, _: read_edit(rest),
        also=("prompt reword",),
    ),
    Entry(
        name="prompt remove",
        usage="prompt remove N",
        words="Stops asking this channel's own question N. For coordinators.",
        examples=("/ideas prompt remove 3",),
        make=lambda rest, _: read_remove(rest),
        also=("prompt delete",),
    ),
    Entry(
        name="prompt skip",
        usage="prompt skip",
        words="Skips the next question; it is not asked for half a year. For coordinators.",
        examples=("/ideas prompt skip",),
        make=_alone(PromptSkip, "prompt skip"),
    ),
    Entry(
        name="prompt pin",
        usage="prompt pin N",
        words="Asks question N next; pin none lets me choose again. For coordinators.",
        examples=("/ideas prompt pin poetry-month", "/ideas prompt pin 3"),
        make=lambda rest, _: read_pin(rest),
    ),
    Entry(
        name="prompt answers",
        usage="prompt answers",
        words="Shows how many answers each question has had. For coordinators.",
        examples=("/ideas prompt answers",),
        make=_alone(PromptAnswers, "prompt answers"),
    ),
    Entry(
        name="settings",
        usage="settings",
        words=(
            "Sets this channel's days, hours, breaks and more; settings log shows who "
            "changed what. For coordinators."
        ),
        examples=("/ideas settings log", "/ideas settings"),
        make=_settings,
        also=("setup",),
    ),
    _reserved(
        "my-data",
        "Everything that is held about you.",
        "Until then `/ideas mine` shows your ideas, and `/ideas me` what you entered "
        "about yourself.",
        "mydata",
    ),
    _reserved(
        "forget-me",
        "Erases everything that is held about you.",
        "Nothing was erased. Until then `/ideas remove N` takes back one idea, and `/ideas me` can"
        " keep me from holding new ones.",
        "forget",
        "forgetme",
    ),
    _reserved(
        "subscribe",
        "News about a tag or a component.",
        "Until then the weekly digest brings what is new.",
    ),
    _reserved(
        "report",
        "A page for your administrator.",
        "Until then `/ideas export` gives you the figures.",
    ),
    _reserved(
        "claim",
        "Puts your name to imported ideas.",
        "Until then ask whoever runs the bot.",
    ),
)
"""Every word that may follow `/ideas`, in the order of the help. Words reserved for later last."""

SHARING = (
    HelpRow(
        "/idea TEXT", "Keeps TEXT as your idea and posts it here.", "/idea Book tasting at lunch"
    ),
    HelpRow("/idea", "Opens a form to share an idea.", "/idea"),
)
"""The other command, for the help and the README; what follows it is not parsed."""

_SHARE_WORDS = frozenset({"add", "new", "post", "share", "submit"})


def parse(
    text: str, components: Mapping[str, str] = NOTHING, channels: Mapping[str, str] = NOTHING
) -> Command:
    """Read what followed `/ideas`.

    A bare number shows that idea; text that begins with a filter lists.

    Args:
        text: as the platform sent it, mentions and entities escaped.
        components: codes by code, name or alias in lower case.
        channels: names of channels by id, for links that came without one.

    Raises:
        CommandError: not understood; the words name the nearest right command.
    """
    vocabulary = Vocabulary(components, channels)
    typed = tidy(text).strip()
    if not typed:
        return Help()
    if _NUMBER.fullmatch(plain(typed)):
        return Show(_number(typed, "show"))
    word, rest = _split(typed)
    second, after = _split(rest)
    first = _entry(word)
    if first and (entry := _entry(f"{first.name} {second}")):
        return entry.make(after, vocabulary)
    if first:
        return first.make(rest, vocabulary)
    if typed[0] in "#@" or typed.startswith(("<#", "<@")) or word.partition(":")[0] in KEYS:
        return List(parse_filters(typed, components, channels))
    raise CommandError(_nearest(word, typed, components))


def looks_like_command(text: str) -> str | None:
    """What was probably meant by `/idea TEXT` that begins with a word of the table.

    Returns:
        What one would type after `/ideas`, such as `list #mentoring`; None for an idea.
    """
    typed = tidy(text).strip()
    if number := _NUMBER.fullmatch(plain(typed)):
        return f"show {number[1][:9]}"
    word, rest = _split(typed)
    entry = _entry(word)
    # A synonym such as "open" begins many an idea ("Open the library at lunch").
    if not entry or (rest and word != entry.name):
        return None
    shown = " ".join(plain(rest).split())
    return f"{entry.name} {shown}".strip() if len(shown) <= 80 else entry.name


def help_rows(topic: str = "", parts: Sequence[Component] = ()) -> tuple[HelpRow, ...]:
    """What help on a topic shows, a row for each command and example, filter or part.

    Args:
        topic: as `Help.topic`; without one, the few commands that somebody new needs.
        parts: the parts of the framework.
    """
    match topic:
        case "":
            few = [row for name in _FEW for row in _rows(_named(name), every=False)]
            return (SHARING[0], *few)
        case "more":
            short_ones = [entry for entry in TABLE if " " not in entry.name]
            return (*SHARING, *(row for one in short_ones for row in _rows(one, every=False)))
        case "idea":
            return SHARING
        case "filters":
            return tuple(map(_in_a_list, FILTERS))
        case "parts":
            return tuple(map(_part, parts))
    filters = [_in_a_list(row) for row in FILTERS if row.usage == topic]
    named = [_part(part) for part in parts if f"component:{part.code}" == topic]
    rows = [
        row
        for entry in TABLE
        if topic in {entry.name, entry.name.partition(" ")[0]}
        for row in _rows(entry, every=topic == entry.name)
    ]
    return (*filters, *named, *rows)


def _in_a_list(row: HelpRow) -> HelpRow:
    return replace(row, example=f"/ideas list {row.example}")


def _part(part: Component) -> HelpRow:
    words = f"{part.sign} {part.name}. {part.description}".strip()
    return HelpRow(f"component:{part.code}", words, f"/ideas list component:{part.code}")


def _named(name: str) -> Entry:
    return next(entry for entry in TABLE if entry.name == name)


def readme_table() -> str:
    """The commands and the filters as two Markdown tables."""
    filters = [HelpRow(row.usage, row.words, row.example) for row in FILTERS]
    rows = (*SHARING, *(row for entry in TABLE for row in _rows(entry, every=False)))
    return "\n\n".join((_markdown("Command", rows), _markdown("Filter", filters)))


def _rows(entry: Entry, *, every: bool) -> tuple[HelpRow, ...]:
    """An entry with all of its examples, or the last; nothing for a reserved word."""
    if entry.later:
        return ()
    examples = entry.examples if every else entry.examples[-1:]
    return (HelpRow(f"/ideas {entry.usage}", entry.words, ", or ".join(examples)),)


def _markdown(first: str, rows: tuple[HelpRow, ...] | list[HelpRow]) -> str:
    lines = [f"| {first} | What it does | Example |", "|---|---|---|"]
    lines += [f"| `{row.usage}` | {row.words} | `{row.example}` |" for row in rows]
    return "\n".join(lines)


def _split(typed: str) -> tuple[str, str]:
    word, rest = (*typed.split(None, 1), "", "")[:2]
    bare = word.strip('"').lower()
    return bare.rstrip(PUNCTUATION) or bare, rest.strip()


def _entry(word: str) -> Entry | None:
    named = (entry for entry in TABLE if word == entry.name or word in entry.also)
    return next(named, None)


def _nearest(word: str, typed: str, codes: Mapping[str, str]) -> str:
    if code := codes.get(word):
        return f"That is a part of the framework. Its ideas: `/ideas list component:{code}`."
    if word in _SHARE_WORDS:
        return "To share an idea, write `/idea` and then your idea, or just `/idea` for the form."
    known = {other: entry for entry in TABLE for other in (entry.name, *entry.also)}
    shown = short(plain(word))
    if near := nearest(word, known):
        entry = known[near[0]]
        hint = did_you_mean([f"`/ideas {entry.name}`"])
        return f"I do not know {shown}. {hint} For example: `{entry.examples[-1]}`"
    return (
        f"I do not know the command {shown}. To look for these words: `/ideas search"
        f" {short(plain(typed))}`. To see what you can do: `/ideas help`."
    )
