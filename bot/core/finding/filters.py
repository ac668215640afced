"""Filters, the same everywhere: read as typed, written back, put into words.

`parse_filters(to_text(f), ...) == f` for whatever `parse_filters` gives.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.core.errors import CommandError
from bot.core.messages.help import HelpRow
from bot.core.model.ideas import Filters
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.people import MemberId
from bot.core.model.posts import NOTHING
from bot.core.model.typed import REFERENCE, plain, reference, short, tidy
from bot.core.model.vocabulary import CHANNEL, command
from bot.core.model.words import tag_of

FILTER_LIMIT = 1500
"""Longest filters, in characters as `to_text` writes them: they travel in a button's value."""


_TOKEN = re.compile(rf'{REFERENCE.pattern}|(?:@|\w+:)?"[^"]*"(?!\S)|(?:(?!{REFERENCE.pattern})\S)+')
_HELD = re.compile(r'(?:@|\w+:)"[^"]*"')
_DAY = re.compile(r"(\d{4})[-\u2012-\u2015\u2212](\d\d?)[-\u2012-\u2015\u2212](\d\d?)", re.ASCII)
_BARE = re.compile(r"[\w.-]+")
_KEYED = re.compile(r"(\w+):(.*)", re.DOTALL)
PUNCTUATION = ".,;:!?)"
EXAMPLES: Final[Mapping[str, str]] = {
    "component": "component:PART",
    "channel": "channel:library-leadership",
    "since": "since:2026-09-01",
    "until": "until:2026-12-31",
    "school": 'school:"Prairie Elementary"',
    "tag": "tag:mentoring",
}
"""The filters that are written `key:value`, each with an example."""
_PERSON: Final = '@"Rosa Alvarez"'
_INSTEAD: Final[Mapping[str, str]] = {
    "after": EXAMPLES["since"],
    "before": EXAMPLES["until"],
    "comp": EXAMPLES["component"],
} | dict.fromkeys(("author", "by", "from", "person"), _PERSON)

FILTERS = (
    HelpRow("#tag", "With this tag.", "#mentoring"),
    HelpRow("@person", "By this person; put a name with spaces in quotes.", _PERSON),
    HelpRow("school:NAME", "By people of this school, likewise.", EXAMPLES["school"]),
    HelpRow(
        "component:CODE",
        f"About this part of the framework; {command('help parts')} names them.",
        EXAMPLES["component"],
    ),
    HelpRow("channel:NAME", "Posted in this channel.", EXAMPLES["channel"]),
    HelpRow("since:DAY", "Posted on this day or later.", EXAMPLES["since"]),
    HelpRow("until:DAY", "Posted on this day or earlier.", EXAMPLES["until"]),
    HelpRow("words", "With these words in it.", "reading garden"),
)
"""What every command that says `[filters]` understands; all that is given must hold."""


def parse_filters(
    text: str, components: Mapping[str, str] = NOTHING, channels: Mapping[str, str] = NOTHING
) -> Filters:
    """Read filters as typed.

    Args:
        text: as typed, with members and channels as references.
        components: codes by code, name or alias in lower case.
        channels: names by id, for channel links whose name the platform left out.

    Raises:
        CommandError: a day, tag, component or channel cannot be read, or it is all too long.
    """
    given: defaultdict[str, list[Any]] = defaultdict(list)
    waiting = ""  # a key whose value stands after a space: "since: 2026-09-01"
    for piece in _TOKEN.finditer(tidy(text)):
        key, value = _read(waiting + piece[0], components, channels)
        waiting = "" if value or key == "words" else f"{key}:"
        if value:
            given[key].append(value)
    if waiting:
        raise CommandError(f"What should follow `{waiting}`? {_form(waiting[:-1])}")
    found = Filters(
        tags=tuple(dict.fromkeys(given["tag"])),
        people=tuple(dict.fromkeys(given["person"])),
        school=_one("school", given) or "",
        components=tuple(dict.fromkeys(given["component"])),
        channel=_one("channel", given) or "",
        since=_one("since", given),
        until=_one("until", given),
        words=" ".join(given["words"]),
    )
    if found.since and found.until and found.since > found.until:
        raise CommandError(
            f"`since:{found.since}` is later than `until:{found.until}`, so no idea can match."
            " Swap the two days."
        )
    if len(to_text(found)) > FILTER_LIMIT:
        raise CommandError("That is too long to search for. A few words are enough.")
    return found


def to_text(filters: Filters) -> str:
    """Filters as one could type them, compact; `parse_filters` reads them back.

    `digest`, `number` and `but` are not among them: no one types those.
    """
    pieces = [f"#{tag}" for tag in filters.tags]
    pieces += [
        reference("@", person) if isinstance(person, MemberId) else f'@"{_unquoted(person)}"'
        for person in filters.people
    ]
    pieces += [f'school:"{_unquoted(filters.school)}"'] if filters.school else []
    pieces += [f"component:{code}" for code in filters.components]
    pieces += [f'channel:"{_unquoted(filters.channel)}"'] if filters.channel else []
    pieces += [f"since:{filters.since}"] if filters.since else []
    pieces += [f"until:{filters.until}"] if filters.until else []
    pieces += [filters.words] if filters.words else []
    return " ".join(pieces)


def filters_words(filters: Filters, names: Mapping[str, str] = NOTHING) -> str:
    """Filters in the words of a heading, such as `tagged #ai, by Rosa`; empty for none.

    Args:
        filters: what was asked for.
        names: names of members and channels by id, and of components by code, as far as known.
    """

    def called(ones: Iterable[str]) -> str:
        return " and ".join(names.get(one, one) for one in ones)

    pieces = {
        "tagged": " and ".join(f"#{tag}" for tag in filters.tags),
        "by": called(filters.people),
        "from": filters.school,
        "about": called(filters.components),
        "in": filters.channel and f"{CHANNEL}{called([filters.channel])}",
        "since": filters.since,
        "until": filters.until,
        "with the words": filters.words,
    }
    return ", ".join(f"{how} {what}" for how, what in pieces.items() if what)


def _read(
    token: str, components: Mapping[str, str], channels: Mapping[str, str]
) -> tuple[str, str | date]:
    """What a token adds, by key: a filter, or `words`. A key without a value has an empty one."""
    if token[0] == token[-1] == '"' and len(token) > 1:
        return "words", _literal(token, quote=True)
    if referred := REFERENCE.fullmatch(token):
        sign, ident, label = referred.groups("")
        if sign == "@":
            return "person", MemberId(ident)
        return "tag", _tag(_called(ident, label, channels))
    token = _bare(token)
    if keyed := _KEYED.fullmatch(token):
        key, value = keyed[1].lower(), keyed[2].replace('"', "").strip()
        if key in EXAMPLES:
            return key, value and _value(key, value, components)
        _refuse_strange_key(key, value)
        return "words", _literal_pair(keyed[1], keyed[2])
    if token[:1] == "#" and len(token) > 1:
        return "tag", _tag(token[1:])
    if token[:1] == "@" and (name := _name(token)):
        return "person", name
    return "words", token.replace('"', "")


def _value(key: str, value: str, components: Mapping[str, str]) -> str | date:
    """What is meant by the value that was typed after a key."""
    match key:
        case "component":
            return _component(value, components)
        case "tag":
            return _tag(value.removeprefix("#"))
        case "channel":
            return value.removeprefix("#").rstrip(PUNCTUATION)
        case "school":
            return " ".join(value.split())
        case _:
            return _day(key, value)


def _one(key: str, given: Mapping[str, Sequence[Any]]) -> Any:
    """The one value of a key; None: it was not given."""
    if len(set(given[key])) > 1:
        place = {"channel": "in one channel", "school": "from one school"}.get(key)
        raise CommandError(
            f"Each idea is {place} only. Keep one of the two `{key}:` filters."
            if place
            else f"You wrote `{key}:` twice, with different days. Keep one of them."
        )
    return given[key][0] if given[key] else None


def _form(key: str) -> str:
    """How the value of a key is written."""
    form = "Write the day like this:" if key in {"since", "until"} else "Write for example"
    return f"{form} `{EXAMPLES[key]}`."


def _called(ident: str, label: str, channels: Mapping[str, str]) -> str:
    """The tag that is also the name of a channel, and became its link."""
    if name := label.strip() or channels.get(ident, ""):
        return name
    raise CommandError(
        "That tag is also the name of a channel that I cannot see, so its letters did not"
        " reach me. Write `tag:` and the word instead, such as `tag:mentoring`."
    )


def _refuse_strange_key(key: str, value: str) -> None:
    """A key close to a right one is a slip; any other `word:word` is just words."""
    if not value or value.startswith("//"):
        return
    if key in _INSTEAD:
        raise CommandError(f"I do not know `{key}:` as a filter. Write `{_INSTEAD[key]}` instead.")
    if near := nearest(key, tuple(EXAMPLES)[:-1], likeness=0.75):
        hint = did_you_mean([f"`{near[0]}:`"])
        raise CommandError(f"I do not know `{short(key)}:` as a filter. {hint}")


def _component(value: str, components: Mapping[str, str]) -> str:
    codes = {code.lower(): code for code in components.values()} | dict(components)
    if code := codes.get(value.lower()) or codes.get(value.rstrip(PUNCTUATION).lower()):
        return code
    near = nearest(value, codes, most=3, likeness=0.6)
    right = list(dict.fromkeys(codes[one] for one in near))
    hint = did_you_mean([f"`component:{code}`" for code in right])
    every = hint or f"Write `component:` and one of {', '.join(sorted(set(codes.values())))}."
    raise CommandError(
        f"I do not know the component {short(value)}. {every} `{command('help parts')}` says what "
        "each is."
    )


def _day(key: str, value: str) -> date:
    form = _form(key)
    found = _DAY.fullmatch(value.rstrip(PUNCTUATION))
    if not found:
        raise CommandError(f"I cannot read {short(value)} as a day. {form}")
    year, month, day = (int(part) for part in found.groups())
    try:
        read = date(year, month, day)
    except ValueError:
        raise CommandError(f"There is no such day as {short(value)}. {form}") from None
    if not 1970 <= read.year <= 2999:
        raise CommandError(f"Nobody posted here on {short(value)}. {form}")
    return read


def _tag(written: str) -> str:
    """The tag that the same letters make in a post."""
    if tag := tag_of(written):
        return tag
    if digits := re.match(r"\d+(?![\w-])", written):
        number = short(digits[0])
        raise CommandError(
            f"#{number} is a number, not a tag. To see that idea: `{command(f'show {number}')}`."
        )
    raise CommandError(
        f"#{short(written)} is not a tag. A tag is one word with letters in it, like #mentoring."
    )


def _name(token: str) -> str:
    quoted = '"' in token
    name = " ".join(token.replace('"', " ").lstrip("@ ").split())
    return name if quoted else name.rstrip(PUNCTUATION)


def _literal(token: str, *, quote: bool = False) -> str:
    """Free words that stay words when read again: in quotes unless they are one plain word."""
    inner = " ".join(plain(token).replace('"', " ").split())
    return f'"{inner}"' if inner and (quote or not _BARE.fullmatch(inner)) else inner


def _bare(token: str) -> str:
    """Its characters; without quote marks, unless they hold a name or a value together."""
    return plain(token) if _HELD.fullmatch(token) else plain(token).replace('"', "")


def _literal_pair(key: str, value: str) -> str:
    if '"' in value and any(c.isspace() for c in value):
        return f"{key}: " + _literal(f'"{value}"', quote=True)
    return f"{key}:{value}".replace('"', "")


def _unquoted(text: str) -> str:
    """Text as it stands between quotes."""
    return text.replace('"', "")
