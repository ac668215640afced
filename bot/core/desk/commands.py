"""What somebody typed after a command, read by the table of commands.

It becomes a `Command`, or a `CommandError` whose words name the nearest right one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bot.core.desk.command_table import SHARE_WORDS, TABLE
from bot.core.desk.entries import Entry, Takes, Verb
from bot.core.desk.help import ALL_HELP, topics
from bot.core.errors import CommandError, UnknownCommandError
from bot.core.finding.filters import EXAMPLES, PUNCTUATION, parse_filters
from bot.core.messages.common import listed
from bot.core.model.ideas import Filters
from bot.core.model.links import without_passwords
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.posts import NOTHING
from bot.core.model.typed import plain, short, tidy
from bot.core.model.vocabulary import SHARE, command

_EVERYTHING = Filters()
_AFTER = PUNCTUATION + " "
_NUMBER = re.compile(r"(?:ideas?|no\.?|number)?\s*(?:#\s*)?(\d+)\s*[.,!?]?", re.IGNORECASE)
_PROMPT_NUMBER = re.compile(r"#?(\d{1,6})")
_NONE = frozenset({"none", "nothing", "off", "no"})


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked for. `Takes` says which field holds what was typed after each command.

    *number*: of an idea, or of a channel's own question. *which*: a question's number or id.
    """

    verb: Verb
    filters: Filters = _EVERYTHING
    number: int = 0
    which: str = ""
    text: str = ""
    form: str = ""


def parse(
    text: str, components: Mapping[str, str] = NOTHING, channels: Mapping[str, str] = NOTHING
) -> Command:
    """Read a command. A bare number shows that idea; text that begins with a filter lists.

    Args:
        text: as typed, with mentions as references (`typed.reference`).
        components: codes by code, name or alias in lower case.
        channels: names of channels by id, for links that came without one.

    Raises:
        CommandError: not understood; the words name the nearest right command.
    """
    typed = tidy(text).strip()
    if not typed:
        return Command(Verb.HELP)
    if _NUMBER.fullmatch(plain(typed)):
        return Command(Verb.SHOW, number=_number(typed, Verb.SHOW))
    word, rest = _split(typed)
    if first := _named(word):
        second, after = _split(rest)
        if not rest.startswith('"') and (entry := _named(f"{first.name} {second}")):
            return _read(entry, after, components, channels)
        return _read(first, rest, components, channels)
    if typed[0] in "#@" or word.partition(":")[0] in EXAMPLES:
        return Command(Verb.LIST, parse_filters(typed, components, channels))
    raise UnknownCommandError(_nearest(word, typed, components))


def looks_like_command(text: str) -> str | None:
    """What was probably meant by an idea that begins with a word of the table.

    Returns:
        What one would type for that command, such as `list #mentoring`; None for an idea.
    """
    typed = tidy(text).strip()
    if number := _NUMBER.fullmatch(plain(typed)):
        return f"show {number[1][:9]}"
    word, rest = _split(typed)
    entry = _named(word)
    # A synonym such as "open" begins many an idea ("Open the library at lunch").
    if not entry or (rest and word != entry.name):
        return None
    shown = " ".join(plain(rest).split())
    return f"{entry.name} {shown}".strip() if len(shown) <= 80 else entry.name


# -- what follows a command -------------------------------------------------------------------


def _read(
    entry: Entry, rest: str, components: Mapping[str, str], channels: Mapping[str, str]
) -> Command:
    given: dict[str, Any] = {}
    understood = True
    match entry.takes:
        case Takes.NOTHING:
            if rest.strip(_AFTER):
                raise _too_much(entry, rest)
        case Takes.FILTERS | Takes.SEARCH | Takes.FILE:
            form, words = _format(entry, rest)
            given = {"form": form, "filters": parse_filters(words, components, channels)}
            understood = entry.takes is not Takes.SEARCH or given["filters"] != _EVERYTHING
        case Takes.IDEA:
            form, words = _format(entry, rest)
            number = 0 if entry.alone and not words else _number(words, entry.verb)
            given = {"form": form, "number": number}
        case Takes.TOPIC:
            given["text"] = _topic(rest, components)
        case Takes.OPTION:
            given["text"] = rest.strip(_AFTER).lower()
            understood = given["text"] in {"", *entry.options}
        case Takes.TEXT:
            given["text"] = _words(rest)
            understood = bool(given["text"])
        case Takes.PROMPT:
            found = _PROMPT_NUMBER.fullmatch(plain(rest).strip(_AFTER))
            given["number"], understood = int(found[1] if found else 0), bool(found)
        case Takes.ANY_PROMPT:
            which = _which(plain(rest))
            given["which"] = "" if which in _NONE else which
            understood = bool(which) and " " not in which
        case Takes.PROMPT_AND_TEXT:
            which, text = (*plain(rest).split(None, 1), "", "")[:2]
            given = {"which": _which(which), "text": _words(text)}
            understood = all(given.values())
        case _ as never:
            assert_never(never)
    if not understood:
        raise CommandError(entry.wrong)
    return Command(entry.verb, **given)


def _format(entry: Entry, rest: str) -> tuple[str, str]:
    """The format that comes first, and what follows it. In quotes such a word is looked for."""
    word, after = (*rest.split(None, 1), "", "")[:2]
    asked = word.lower().rstrip(PUNCTUATION)
    if not entry.formats or asked in entry.formats:
        return (asked, after) if entry.formats else ("", rest)
    makers = [one for one in TABLE if asked and asked in one.formats]
    if can := [f"`{command(f'{one.name} {asked}')}`" for one in makers]:
        makes = listed([*filter(None, entry.formats)], "or")
        raise CommandError(
            f"`{command(entry.name)}` makes {makes}. For {asked} write {listed(can, 'or')}. "
            "To look for that word, put it in quotes."
        )
    return entry.formats[0], rest


def _too_much(entry: Entry, rest: str) -> CommandError:
    if not entry.wrong:
        return CommandError(
            f"`{command(entry.name)}` takes nothing after it. Please write only that."
        )
    prefix = f"{entry.name} "
    words = ", ".join(
        other.name.removeprefix(prefix) for other in TABLE if other.name.startswith(prefix)
    )
    return CommandError(
        f"{entry.wrong}{words}. I do not know {short(plain(rest))}. "
        f"`{command(f'help {entry.name}')}` explains them."
    )


def _topic(rest: str, components: Mapping[str, str]) -> str:
    words = plain(rest).lower().strip(PUNCTUATION + '#@`" ').removeprefix("component:").split()
    if not words:
        return ""
    known = topics(components)
    # "help me with this" is no question about `me`.
    tried = (" ".join(words), " ".join(words[:2]), "" if words[0] == "me" else words[0])
    for one in (*tried, tried[0].partition(":")[0]):
        if one in known:
            return known[one]
    if words[0] == "me":
        return ""
    near = nearest(tried[0], known)
    hint = did_you_mean([f"`{command(f'help {one}')}`" for one in near])
    raise CommandError(f"I have no help on {short(tried[0])}. {hint or ALL_HELP}")


def _number(rest: str, verb: Verb) -> int:
    form = f"Write for example `{command(f'{verb} 12')}`."
    if not rest:
        raise CommandError(f"Which idea? {form}")
    found = _NUMBER.fullmatch(plain(rest).strip())
    if not found:
        raise CommandError(f"{short(plain(rest))} is not the number of an idea. {form}")
    number = int(found[1]) if len(found[1]) <= 9 else 0
    if number < 1:
        raise CommandError(f"No idea has the number {short(found[1])}. {form}")
    return number


def _which(text: str) -> str:
    return text.strip(PUNCTUATION + "` ").removeprefix("#").lower()


def _words(text: str) -> str:
    """On one line, without the quotes around it."""
    words = without_passwords(" ".join(plain(text).split()))
    quoted = len(words) > 1 and words[0] == words[-1] == '"' and words.count('"') == 2
    return words[1:-1].strip() if quoted else words


# -- the words of the table -------------------------------------------------------------------


def _split(typed: str) -> tuple[str, str]:
    word, rest = (*typed.split(None, 1), "", "")[:2]
    bare = word.strip('"').lower()
    return bare.rstrip(PUNCTUATION) or bare, rest.strip()


def _named(word: str) -> Entry | None:
    """The command that a word, or two, stand for."""
    return next((one for one in TABLE if word == one.name or word in one.also), None)


def _nearest(word: str, typed: str, codes: Mapping[str, str]) -> str:
    if code := codes.get(word):
        ideas = command(f"list component:{code}")
        return f"That is a part of the framework. Its ideas: `{ideas}`."
    if word in SHARE_WORDS:
        return (
            f"To share an idea, write `{SHARE}` and then your idea, or just `{SHARE}` for the form."
        )
    known = {other: entry for entry in TABLE for other in (entry.name, *entry.also)}
    shown = short(plain(word))
    if near := nearest(word, known):
        entry = known[near[0]]
        hint = did_you_mean([f"`{command(entry.name)}`"])
        return f"I do not know {shown}. {hint} For example: `{command(entry.example)}`"
    return (
        f"I do not know the command {shown}. To look for these words: "
        f"`{command(f'search {short(plain(typed))}')}`. To see what you can do: "
        f"`{command('help')}`."
    )
