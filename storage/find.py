"""Finding: lists, full-text search, single ideas, and the rows of an export.

A filter becomes conditions on `idea i`; where a tag, a component or words fit few ideas, the query
starts from those, otherwise it walks the ideas by date and stops as soon as the page is full.

How words are read: every word must be there, in any of its forms (`mentors` finds `mentoring`),
accents and case do not matter, `mento*` stands for every word that begins so. Everything else that
somebody types beside a word is just not a word; what stands without any is looked for as it is.
"""

from __future__ import annotations

import heapq
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.model.ideas import NEXT_DIGEST, Filters, Idea, Kind, Page, Sight
from bot.core.model.people import Member
from bot.core.model.posts import Place
from storage import members
from storage.members import folded, ids_of
from storage.rows import AUTHOR_NAME, CHANNEL_NAME, IDEA_COLUMNS, clean, idea_of, moment, stamp
from storage.sqlite import Connection


@dataclass(frozen=True, slots=True)
class Limits:
    """Where one way of searching gives way to another; tests lower them.

    *few*: so many hits are ranked by relevance, and totals are exact up to here. *narrow*: with so
    few ideas a tag, component or author is where a query starts. *common*: a word that more ideas
    have says nothing about relevance, and would cost much to weigh.
    """

    few: int = 1000
    narrow: int = 2000
    common: int = 20_000


LIMITS = Limits()
_DRAWS = 20
_MOST_WORDS = 40
_MOST_SIGNS = 5
_WORD = re.compile(r"[^\W_]+\*?")
_LARGEST = 2**63 - 1


# -- words ------------------------------------------------------------------------------------


def phrases_of(words: str) -> list[str]:
    """What full-text search is asked for *words*, one item for each word; none: no words in it.

    Parts of one typed word (`e-mail`) must stand side by side.
    """
    phrases: dict[str, None] = {}
    for typed in clean(words).split():
        parts = _WORD.findall(typed)
        if parts:
            star = "*" if parts[-1].endswith("*") else ""
            phrases['"' + " ".join(part.rstrip("*") for part in parts) + '"' + star] = None
    return list(phrases)[:_MOST_WORDS]


def signs_of(words: str) -> list[tuple[str, str]]:
    """What is looked for as it stands where somebody typed no word: `???`, an emoji.

    Beside each, the name that platforms write for an emoji, as far as it can be told.
    """
    typed = dict.fromkeys(clean(words).replace('"', " ").split())
    return [(sign, f":{_name_of(sign)}:") for sign in list(typed)[:_MOST_SIGNS]]


def _name_of(sign: str) -> str:
    return unicodedata.name(sign[0], "?").lower().replace(" ", "_")


UNSENT = """i.digested is null and (i.ts is not null or i.refused = 1)
  and not exists (select 1 from left_out where idea_id = i.id)"""
"""Of `idea i`: it stands in its channel, or its post is refused there, and in no digest, and nobody
left it out of them."""

_IN_DIGEST = """exists (select 1 from delivery_idea d
  where d.workspace = :workspace and d.channel = i.channel and d.kind = 'digest'
    and d.period = :digest and d.idea_id = i.id)"""


# -- a filter as SQL --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Conditions on `idea i` and their values. *near*: tags and components by parameter name."""

    where: tuple[str, ...]
    values: dict[str, object]
    near: tuple[tuple[str, str, str], ...] = ()
    phrases: tuple[str, ...] = ()

    def conditions(self, *, without: str = "", words: bool = False) -> str:
        """All of them, joined. *without*: the parameter of a tag or component asked elsewhere."""
        all_ = [*self.where]
        all_ += [
            f"exists (select 1 from {table} x where x.workspace = :workspace "  # noqa: S608
            f"and x.{column} = :{name} and x.idea_id = i.id)"
            for table, column, name in self.near
            if name != without
        ]
        if words and self.phrases:
            all_.append(
                "exists (select 1 from idea_words where idea_words match :match "
                "and rowid = i.moment)"
            )
        return " and ".join(all_)


def _wanted(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Sequence[str] = (),
) -> _Wanted | None:
    """The filter as conditions; None when nothing can fit."""
    where = ["i.workspace = :workspace", "i.withdrawn is null"]
    values: dict[str, object] = {"workspace": workspace}
    places = _channels(con, workspace, filters.channel, sight, values)
    if places is None:
        return None
    where += places
    people = [id_ for who in filters.people for id_ in ids_of(con, workspace, who)]
    for column, wanted in (
        ("author_id", people if filters.people else None),
        ("kind", list(kinds) or None),
    ):
        if wanted is None:
            continue
        if not wanted:
            return None
        where.append(_among(f"i.{column}", column, wanted, values))
    if filters.digest:
        where += ["i.kind <> 'post'", UNSENT if filters.digest == NEXT_DIGEST else _IN_DIGEST]
        values["digest"] = filters.digest
    if filters.but:
        where.append("i.number <> :but")
        values["but"] = filters.but
    if since is not None:
        where.append("i.posted_at >= :since")
        values["since"] = stamp(since)
    if until is not None:
        where.append("i.posted_at < :until")
        values["until"] = stamp(until)
    tags = [clean(tag).removeprefix("#").lower() for tag in filters.tags]
    near = [("tag", "tag", f"tag{n}", tag) for n, tag in enumerate(tags)]
    near += [
        ("idea_component", "component", f"component{n}", clean(code))
        for n, code in enumerate(filters.components)
    ]
    values |= {name: value for _, _, name, value in near}
    phrases = phrases_of(filters.words)
    for n, (sign, name) in enumerate(() if phrases else signs_of(filters.words)):
        where.append(f"(instr(i.text, :sign{n}) > 0 or instr(i.text, :name{n}) > 0)")
        values |= {f"sign{n}": sign, f"name{n}": name}
    if phrases:
        # The index knows tags as words: asking it for them too leaves fewer hits to look at.
        in_tags = [f"(tags : {phrase})" for tag in tags for phrase in phrases_of(tag)]
        values["match"] = " AND ".join([*phrases, *in_tags])
        values["first"] = -_LARGEST if since is None else moment(since)
        values["last"] = _LARGEST if until is None else moment(until) - 1
    return _Wanted(
        tuple(where),
        values,
        tuple((table, column, name) for table, column, name, _ in near),
        tuple(phrases),
    )


def _among(what: str, name: str, wanted: Sequence[str], values: dict[str, object]) -> str:
    """One value may use an index; several are a condition only, so that the date's index leads."""
    values |= {f"{name}{n}": value for n, value in enumerate(wanted)}
    if len(wanted) == 1:
        return f"{what} = :{name}0"
    return f"+{what} in ({', '.join(f':{name}{n}' for n in range(len(wanted)))})"


def _channels(
    con: Connection, workspace: str, wanted: str, sight: Sight, values: dict[str, object]
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
    seen = [id_ for id_, _, private in rows if _shows(sight, id_, private) and id_ in asked]
    if len(seen) == len(rows) and rows:
        return []
    ways = [_among("i.channel", "channel", seen, values)] if seen else []
    if sight.own and len(seen) < len(asked):
        values["own"] = sight.own
        mine = "i.author_id = :own"
        if len(asked) < len(rows):
            mine += f" and {_among('i.channel', 'asked', sorted(asked), values)}"
        ways.append(mine)
    return [f"({' or '.join(ways)})"] if ways else None


def _shows(sight: Sight, channel: str, private: int | None) -> bool:
    """Whose privacy is not known (null) counts as private."""
    return sight.shows(channel, private=private != 0)


# -- from where a query starts ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """The tables and conditions of a query, and the orders that they can give."""

    source: str
    where: str
    newest: str = "i.posted_at desc, i.number desc"
    oldest: str = "i.posted_at, i.number"


_BY_WORDS = "idea_words w cross join idea i on i.moment = w.rowid"
_RANK = "bm25(idea_words, 1.0, 2.0, 3.0, 1.0, 1.0, 1.0), i.posted_at desc"
_HITS = "select rowid from idea_words where idea_words match :match"


def _plan(con: Connection, wanted: _Wanted, limits: Limits, *, ordered: bool = True) -> _Plan:
    """From where to start. *ordered* False: only how many there are is asked."""
    if wanted.phrases:
        if _few_by_author(con, wanted, limits):
            return _Plan("idea i", wanted.conditions(words=True))
        return _by_words(wanted)
    for table, column, name in wanted.near:
        sql = f"select 1 from {table} where workspace = :workspace and {column} = :{name}"  # noqa: S608
        if not ordered or _up_to(con, sql, wanted.values, limits.narrow + 1) <= limits.narrow:
            return _Plan(
                f"{table} k cross join idea i on i.id = k.idea_id",
                f"k.workspace = :workspace and k.{column} = :{name} and "
                + wanted.conditions(without=name),
            )
    return _Plan("idea i", wanted.conditions())


def _by_words(wanted: _Wanted) -> _Plan:
    """Walk the hits by date, which the index's row id is."""
    return _Plan(
        _BY_WORDS,
        "w.idea_words match :match and w.rowid between :first and :last and " + wanted.conditions(),
        "w.rowid desc",
        "w.rowid",
    )


def _ranked(con: Connection, wanted: _Wanted, limits: Limits) -> _Plan | None:
    """The most relevant first, where the hits are few; None where they are many, or all alike.

    Only words that are not common are weighed: the weight of a common one is next to nothing, and
    to find it out all of its hits would be counted.
    """
    if not wanted.phrases or _up_to(con, _HITS, wanted.values, limits.few + 1) > limits.few:
        return None
    telling = [
        phrase
        for phrase in wanted.phrases
        if _up_to(con, _HITS, {"match": phrase}, limits.common + 1) <= limits.common
    ]
    if not telling:
        return None
    wanted.values["telling"] = " AND ".join(telling)
    return _Plan(
        _BY_WORDS,
        f"w.idea_words match :telling and +w.rowid in ({_HITS}) and " + wanted.conditions(),
        _RANK,
    )


def _up_to(con: Connection, sql: str, values: Mapping[str, object], most: int) -> int:
    """How many rows *sql* has, counting no further than *most*."""
    row = con.execute(
        f"select count(*) from ({sql} limit :most)",  # noqa: S608
        {**values, "most": most},
    ).fetchone()
    return int(row[0])


def _few_by_author(con: Connection, wanted: _Wanted, limits: Limits) -> bool:
    if "author_id0" not in wanted.values or "author_id1" in wanted.values:
        return False
    sql = """select 1 from idea where workspace = :workspace and author_id = :author_id0
      and withdrawn is null"""
    return _up_to(con, sql, wanted.values, limits.narrow + 1) <= limits.narrow


# -- lists and single ideas -------------------------------------------------------------------


def find(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    start: int = 0,
    limit: int = 10,
    oldest_first: bool = False,
    kinds: Sequence[str] = (),
    limits: Limits = LIMITS,
) -> Page:
    """A page of ideas; with few hits for words the most relevant first, else the newest."""
    start, limit = max(0, start), max(0, limit)
    wanted = _wanted(con, workspace, filters, sight, since=since, until=until, kinds=kinds)
    if wanted is None:
        return Page((), start, 0)
    plan = (None if oldest_first else _ranked(con, wanted, limits)) or _plan(con, wanted, limits)
    ids = con.execute(
        f"""select i.id from {plan.source} where {plan.where}
        order by {plan.oldest if oldest_first else plan.newest} limit :limit offset :start""",  # noqa: S608
        {**wanted.values, "limit": limit, "start": start},
    ).fetchall()
    rows = [con.execute(f"{ONE} i.id = :id", {"id": id_}).fetchone() for (id_,) in ids]
    total = start + len(rows)
    if len(rows) == limit or not rows:
        plan = _plan(con, wanted, limits, ordered=False)
        sql = f"select 1 from {plan.source} where {plan.where}"  # noqa: S608
        counted = _up_to(con, sql, wanted.values, limits.few)
        total = max(total, counted) if rows else counted
    return Page([idea_of(row) for row in rows], start, total)


def count(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Sequence[str] = (),
    limits: Limits = LIMITS,
) -> int:
    """How many ideas fit, exactly. *workspace* empty: of all of them, for an operator."""
    if not workspace:
        return sum(
            count(con, one, filters, sight, since=since, until=until, kinds=kinds)
            for one in members.named(con)
        )
    wanted = _wanted(con, workspace, filters, sight, since=since, until=until, kinds=kinds)
    if wanted is None:
        return 0
    plan = _plan(con, wanted, limits, ordered=False)
    row = con.execute(
        f"select count(*) from {plan.source} where {plan.where}",  # noqa: S608
        wanted.values,
    ).fetchone()
    return int(row[0])


def random_idea(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limits: Limits = LIMITS,
) -> Idea | None:
    """Any one of the ideas and questions that fit, each as likely as the other; no post in doubt.

    Numbers are drawn until one fits; where few fit, they are counted instead.
    """
    kinds = (Kind.IDEA, Kind.QUESTION)
    wanted = _wanted(con, workspace, filters, sight, since=since, until=until, kinds=kinds)
    if wanted is None:
        return None
    (last,) = con.execute(
        "select max(number) from idea where workspace = :workspace", wanted.values
    ).fetchone()
    for _ in range(_DRAWS if last else 0):
        row = con.execute(
            f"{ONE} i.number = :number and {wanted.conditions(words=True)}",
            {**wanted.values, "number": 1 + secrets.randbelow(last)},
        ).fetchone()
        if row is not None:
            return idea_of(row)
    total = count(con, workspace, filters, sight, since=since, until=until, kinds=kinds)
    if not total:
        return None
    plan = _plan(con, wanted, limits, ordered=False)
    row = con.execute(
        f"select {IDEA_COLUMNS} from {plan.source} where {plan.where} limit 1 offset :start",  # noqa: S608
        {**wanted.values, "start": secrets.randbelow(total)},
    ).fetchone()
    return idea_of(row)


ONE = f"select {IDEA_COLUMNS} from idea i where "  # noqa: S608


def by_number(con: Connection, workspace: str, number: int, sight: Sight) -> Idea | None:
    """An idea that is not withdrawn and that the asker may see."""
    if not 0 < number <= _LARGEST:
        return None
    row = con.execute(
        f"""{ONE} i.workspace = :workspace and i.number = :number and i.withdrawn is null""",
        {"workspace": workspace, "number": number},
    ).fetchone()
    if row is None:
        return None
    idea = idea_of(row)
    (private,) = con.execute(
        "select private from channel where workspace = :workspace and id = :channel",
        {"workspace": workspace, "channel": idea.channel},
    ).fetchone()
    mine = bool(sight.own) and idea.author.id == sight.own
    return idea if mine or _shows(sight, idea.channel, private) else None


def by_id(con: Connection, idea_id: int) -> Idea | None:
    """Also a withdrawn one."""
    row = con.execute(f"{ONE} i.id = :id", {"id": idea_id}).fetchone()
    return None if row is None else idea_of(row)


def at(con: Connection, place: Place) -> Idea | None:
    """Also a withdrawn one."""
    row = con.execute(
        f"{ONE} i.workspace = :workspace and i.channel = :channel and i.ts = :ts",
        {"workspace": place.workspace, "channel": place.channel, "ts": place.ts},
    ).fetchone()
    return None if row is None else idea_of(row)


def authors(con: Connection, workspace: str, sight: Sight) -> Sequence[Member]:
    """Members with an idea in sight, by name. *workspace* empty: of all, for an operator."""
    known = con.execute(
        """select workspace, id, private from channel
        where workspace = :workspace or :workspace = ''""",
        {"workspace": workspace},
    )
    found = {
        (place, author): members.member(con, place, author)
        for place, channel, private in known.fetchall()
        if _shows(sight, channel, private)
        for (author,) in con.execute(
            """select distinct author_id from idea
            where workspace = :workspace and channel = :channel and withdrawn is null""",
            {"workspace": place, "channel": channel},
        ).fetchall()
    }
    met = [member for member in found.values() if member is not None]
    return sorted(met, key=lambda member: (folded(member.person.name), member.person.id))


def tags(con: Connection, workspace: str, sight: Sight) -> Sequence[str]:
    """Every tag of an idea in sight."""
    wanted = _wanted(con, workspace, Filters(), sight)
    if wanted is None:
        return ()
    rows = con.execute(
        f"""select distinct k.tag from tag k join idea i on i.id = k.idea_id
        where k.workspace = :workspace and {wanted.conditions()} order by k.tag""",  # noqa: S608
        wanted.values,
    )
    return [tag for (tag,) in rows]


def by_component(con: Connection, workspace: str, channel: str) -> Mapping[str, int]:
    """How many ideas each component has in a channel; questions do not count."""
    rows = con.execute(
        """select k.component, count(*) from idea_component k join idea i on i.id = k.idea_id
        where k.workspace = :workspace and i.channel = :channel and i.kind = 'idea'
          and i.withdrawn is null group by k.component""",
        {"workspace": workspace, "channel": channel},
    )
    return dict(rows.fetchall())


# -- the export -------------------------------------------------------------------------------

_EXPORTED = f"""i.number, substr(i.posted_at, 1, 19) || 'Z', {AUTHOR_NAME}, i.author_id,
  i.author_title, i.school, i.district, {CHANNEL_NAME}, i.channel, i.text, i.tags, i.components,
  i.resources, i.credits, i.prompt, i.reactions, i.replies, i.tried, i.permalink,
  coalesce(substr(i.edited_at, 1, 19) || 'Z', ''), i.source, i.kind,
  (select c.zone from channel c where c.workspace = i.workspace and c.id = i.channel),
  (select w.name from workspace w where w.id = i.workspace)"""  # noqa: S608


def export_rows(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    zone: tzinfo = UTC,
) -> Iterator[tuple[object, ...]]:
    """The CSV's columns, oldest first, row by row: no plan that sorts, so memory stays flat.

    *workspace* empty: all of them, for an operator. *zone*: of channels that have chosen none.
    """
    every = (workspace,) if workspace else members.named(con)
    each = [_rows_of(con, one, filters, sight, since, until) for one in every]
    rows = each[0] if len(each) == 1 else heapq.merge(*each, key=lambda row: (row[1], row[0]))
    for *cells, chosen, name in rows:
        local = datetime.fromisoformat(cells[1]).astimezone(ZoneInfo(chosen) if chosen else zone)
        yield (*cells, local.date().isoformat(), name)


def _rows_of(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
    since: datetime | None,
    until: datetime | None,
) -> Iterator[tuple[Any, ...]]:
    wanted = _wanted(con, workspace, filters, sight, since=since, until=until)
    if wanted is None:
        return iter(())
    plan = _by_words(wanted) if wanted.phrases else _Plan("idea i", wanted.conditions())
    return con.execute(
        f"select {_EXPORTED} from {plan.source} where {plan.where} order by {plan.oldest}",  # noqa: S608
        wanted.values,
    )
