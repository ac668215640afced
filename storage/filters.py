"""A filter as conditions on `idea i`. How words are read: see `storage.terms`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.core.model.ideas import NEXT_DIGEST, Filters, Visibility
from storage import mentions
from storage.connection import Connection
from storage.digests import UNSENT
from storage.members import folded, ids_of
from storage.rows import clean, column, moment, stamp
from storage.terms import UNSPACED, phrases_of, signs_of, stretches_of

LARGEST = 2**63 - 1
"""The largest number that a cell holds."""

_ANYWHERE = "i.text || ' ' || i.tags || ' ' || i.author_name || ' ' || i.credits || ' ' || i.school"
_UNSPACED = f"""(i.text || i.tags || i.author_name || i.credits || i.school)
  glob '*[{UNSPACED}]*'"""
"""The ideas of the index `idea_unspaced`, as it says it."""

_IN_DIGEST = """exists (select 1 from delivery_idea d
  where d.workspace = :workspace and d.channel = i.channel and d.kind = 'digest'
    and d.subject = :digest and d.idea_id = i.id)"""

_SAVED = """exists (select 1 from saved_idea v
  where v.workspace = i.workspace and v.idea_id = i.id and v.member_id = :saver)"""


# -- conditions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on `idea i` and their values. *near*: tags and components by parameter name.

    *source*: where a walk by date begins that no word or tag shortens.
    """

    where: tuple[str, ...]
    values: dict[str, object]
    near: tuple[tuple[str, str, str], ...] = ()
    phrases: tuple[str, ...] = ()
    source: str = "idea i"

    def conditions(self, *, without: str = "", words: bool = False) -> str:
        """All of them, joined. *without*: the parameter of a tag or component asked elsewhere."""
        all_ = [*self.where]
        all_ += [
            f"exists (select 1 from {table} x where x.workspace = :workspace "
            f"and x.{column} = :{name} and x.idea_id = i.id)"
            for table, column, name in self.near
            if name != without
        ]
        if words and self.phrases:
            # What is only begun is dear to look up: it is done once, not for each idea.
            begun = any("*" in phrase for phrase in self.phrases)
            all_.append(
                "i.moment in (select rowid from idea_words where idea_words match :match)"
                if begun
                else "exists (select 1 from idea_words where idea_words match :match "
                "and rowid = i.moment)"
            )
        return " and ".join(all_)


def days_of(filters: Filters) -> tuple[datetime | None, datetime | None]:
    """The instant at which the first day begins, and the one at which the last has ended."""

    def midnight(day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), filters.zone).astimezone(UTC)

    return midnight(filters.since), midnight(filters.until and filters.until + timedelta(days=1))


def conditions_of(
    con: Connection,
    workspace: str,
    filters: Filters,
    visibility: Visibility,
) -> Conditions | None:
    """The filter as conditions; None when nothing can fit."""
    since, until = days_of(filters)
    where = ["i.workspace = :workspace", "i.withdrawn is null"]
    values: dict[str, object] = {"workspace": workspace}
    places = _channels(con, workspace, filters.channel, visibility, values)
    people = _people(con, workspace, filters, values)
    if places is None or people is None:
        return None
    where += [*places, *people]
    if filters.kinds:
        where.append(_among("i.kind", "kind", filters.kinds, values))
    if filters.digest:
        where += ["i.kind <> 'post'", UNSENT if filters.digest == NEXT_DIGEST else _IN_DIGEST]
        values["digest"] = filters.digest
    compared = {
        _SAVED: clean(filters.saved_by),
        "i.number = :number": filters.number,
        "i.number <> :but": filters.but,
        "i.posted_at >= :since": since and stamp(since),
        "i.posted_at < :until": until and stamp(until),
    }
    given = {condition: value for condition, value in compared.items() if value}
    where += given
    values |= {
        condition.rpartition(":")[2].rstrip(")"): value for condition, value in given.items()
    }
    tags = [clean(tag).removeprefix("#").lower() for tag in filters.tags]
    near = [("tag", "tag", f"tag{n}", tag) for n, tag in enumerate(tags)]
    near += [
        ("idea_component", "component", f"component{n}", clean(code))
        for n, code in enumerate(filters.components)
    ]
    values |= {name: value for _, _, name, value in near}
    phrases = phrases_of(filters.words)
    if filters.nameless:
        phrases = [f"{{text tags}} : {phrase}" for phrase in phrases]
    for n, (sign, name) in enumerate(signs_of(filters.words)):
        where.append(f"(instr(i.text, :sign{n}) > 0 or instr(i.text, :name{n}) > 0)")
        values |= {f"sign{n}": sign, f"name{n}": name}
    stretches = stretches_of(filters.words)
    for n, stretch in enumerate(stretches):
        within = "i.text || ' ' || i.tags" if filters.nameless else _ANYWHERE
        where.append(f"instr({within}, :stretch{n}) > 0")
        values[f"stretch{n}"] = stretch
    if stretches:
        where.append(_UNSPACED)
    if phrases:
        # The index knows tags as words: asking it for them too leaves fewer hits to look at.
        in_tags = [f"(tags : {phrase})" for tag in tags for phrase in phrases_of(tag)]
        values["match"] = " AND ".join([*phrases, *in_tags])
        values["first"] = -LARGEST if since is None else moment(since)
        values["last"] = LARGEST if until is None else moment(until) - 1
    if filters.nameless and filters.words:
        where.append(mentions.CONDITION)
        values |= {"words": clean(filters.words), "names": mentions.names(con, workspace)}
    return Conditions(
        tuple(where),
        values,
        tuple((table, column, name) for table, column, name, _ in near),
        tuple(phrases),
        "idea i indexed by idea_unspaced" if stretches else "idea i",
    )


def _among(what: str, name: str, wanted: Sequence[str], values: dict[str, object]) -> str:
    """One value may use an index; several are a condition only, so that the date's index leads."""
    values |= {f"{name}{n}": value for n, value in enumerate(wanted)}
    if len(wanted) == 1:
        return f"{what} = :{name}0"
    return f"+{what} in ({', '.join(f':{name}{n}' for n in range(len(wanted)))})"


def _channels(
    con: Connection, workspace: str, wanted: str, visibility: Visibility, values: dict[str, object]
) -> list[str] | None:
    """The condition on the channel: none where all may be looked in; None where nothing may."""
    rows = con.execute(
        "select id, lower(name), private from channel where workspace = :workspace",
        {"workspace": workspace},
    ).fetchall()
    name = wanted.removeprefix("#")
    asked = {id_ for id_, _, _ in rows if not name or id_ == name} or {
        id_ for id_, known, _ in rows if known == name.lower()
    }
    seen = [id_ for id_, _, private in rows if shows(visibility, id_, private) and id_ in asked]
    if len(seen) == len(rows) and rows:
        return []
    ways = [_among("i.channel", "channel", seen, values)] if seen else []
    if visibility.own and len(seen) < len(asked):
        values["own"] = visibility.own
        mine = "i.author_id = :own"
        if len(asked) < len(rows):
            mine += f" and {_among('i.channel', 'asked', sorted(asked), values)}"
        ways.append(mine)
    return [f"({' or '.join(ways)})"] if ways else None


def _people(
    con: Connection, workspace: str, filters: Filters, values: dict[str, object]
) -> list[str] | None:
    """The conditions on authors and their school; None where nobody is meant."""
    wanted: dict[str, Sequence[str]] = {}
    if filters.people:
        wanted["author_id"] = [id_ for who in filters.people for id_ in ids_of(con, workspace, who)]
    if filters.school:
        spelled = column(
            con, "select distinct school from idea where workspace = :workspace", values
        )
        wanted["school"] = [one for one in spelled if folded(one) == folded(filters.school)]
    if not all(wanted.values()):
        return None
    return [_among(f"i.{name}", name, theirs, values) for name, theirs in wanted.items()]


def shows(visibility: Visibility, channel: str, private: int | None) -> bool:
    """Whose privacy is not known (null) counts as private."""
    return visibility.shows(channel, private=private != 0)
