"""Finding: lists, counts, single ideas, and what may be chosen in a filter."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.model.boards import Order
from bot.core.model.ideas import Filters, Idea, Kind, Page, Visibility
from bot.core.model.people import Member
from storage import members
from storage.connection import Connection
from storage.filters import LARGEST, conditions_of, shows
from storage.ideas import IDEA, ONE
from storage.members import folded, meant
from storage.rows import column, many, one
from storage.search_plan import THRESHOLDS, Thresholds, all_of, by_relevance, count_up_to, plan_of

_DRAWS = 20
"""So many numbers are drawn before the ideas that fit are counted instead."""


def find(
    con: Connection,
    workspace: str,
    filters: Filters,
    visibility: Visibility,
    *,
    order: Order = Order.NEWEST,
    start: int = 0,
    limit: int = 10,
    exact: bool = False,
    thresholds: Thresholds = THRESHOLDS,
) -> Page:
    """A page of ideas; NEWEST has the most relevant first where words fit few."""
    start, limit = max(0, start), max(0, limit)
    wanted = conditions_of(con, workspace, filters, visibility)
    if wanted is None:
        return Page((), start, 0)
    plan = plan_of(con, wanted, thresholds)
    sql = f"""select i.moment from {plan.source} where {plan.where}
      order by {plan.by(order)} limit :most offset :skipped"""
    if wanted.phrases:  # words that are only begun are dear to look up: it is done once
        most = max(start + limit, thresholds.few)
        found: Sequence[int] = column(con, sql, {**wanted.values, "most": most + 1, "skipped": 0})
        if order is Order.NEWEST and len(found) <= thresholds.few:
            found = by_relevance(con, wanted, found, thresholds)
        total, found = min(len(found), most), found[start : start + limit]
    else:
        found = column(con, sql, {**wanted.values, "most": limit, "skipped": start})
        total = start + len(found)
        if len(found) == limit or not found:
            plan = plan_of(con, wanted, thresholds, ordered=False)
            every = f"select 1 from {plan.source} where {plan.where}"
            counted = count_up_to(con, every, wanted.values, LARGEST if exact else thresholds.few)
            total = max(total, counted) if found else counted
    ideas = [idea for at in found for idea in many(con, Idea, f"{ONE} i.moment = :at", {"at": at})]
    return Page(ideas, start, total)


def count(
    con: Connection,
    workspace: str,
    filters: Filters,
    visibility: Visibility,
    *,
    thresholds: Thresholds = THRESHOLDS,
) -> int:
    """How many ideas fit, exactly. *workspace* empty: of all of them, for an operator."""
    if not workspace:
        return sum(count(con, one, filters, visibility) for one in meant(con, ""))
    wanted = conditions_of(con, workspace, filters, visibility)
    if wanted is None:
        return 0
    plan = plan_of(con, wanted, thresholds, ordered=False)
    row = con.execute(
        f"select count(*) from {plan.source} where {plan.where}",
        wanted.values,
    ).fetchone()
    return int(row[0])


def random_idea(
    con: Connection,
    workspace: str,
    filters: Filters,
    visibility: Visibility,
    *,
    thresholds: Thresholds = THRESHOLDS,
) -> Idea | None:
    """Any one of the ideas and questions that fit, each as likely as the other; no post in doubt.

    Numbers are drawn until one fits; where few fit, they are counted instead.
    """
    filters = replace(filters, kinds=(Kind.IDEA, Kind.QUESTION))
    wanted = conditions_of(con, workspace, filters, visibility)
    if wanted is None:
        return None
    (last,) = con.execute(
        "select max(number) from idea where workspace = :workspace", wanted.values
    ).fetchone()
    for _ in range(_DRAWS if last else 0):
        drawn = one(
            con,
            Idea,
            f"{ONE} i.number = :number and {wanted.conditions(words=True)}",
            {**wanted.values, "number": 1 + secrets.randbelow(last)},
        )
        if drawn is not None:
            return drawn
    total = count(con, workspace, filters, visibility)
    if not total:
        return None
    plan = plan_of(con, wanted, thresholds, ordered=False)
    sql = f"{IDEA} from {plan.source} where {plan.where} limit 1 offset :start"
    return one(con, Idea, sql, {**wanted.values, "start": secrets.randbelow(total)})


def by_number(con: Connection, workspace: str, number: int, visibility: Visibility) -> Idea | None:
    """An idea that is not withdrawn and that the asker may see."""
    if not 0 < number <= LARGEST:
        return None
    sql = f"{ONE} i.workspace = :workspace and i.number = :number and i.withdrawn is null"
    idea = one(con, Idea, sql, {"workspace": workspace, "number": number})
    if idea is None:
        return None
    (private,) = con.execute(
        "select private from channel where workspace = :workspace and id = :channel",
        {"workspace": workspace, "channel": idea.channel},
    ).fetchone()
    mine = bool(visibility.own) and idea.author.id == visibility.own
    return idea if mine or shows(visibility, idea.channel, private) else None


def authors(con: Connection, workspace: str, visibility: Visibility) -> Sequence[Member]:
    """Members with an idea in sight, by name. *workspace* empty: of all, for an operator."""
    known = con.execute(
        """select workspace, id, private from channel
        where workspace = :workspace or :workspace = ''""",
        {"workspace": workspace},
    )
    found = {
        (place, author): members.member(con, place, author)
        for place, channel, private in known.fetchall()
        if shows(visibility, channel, private)
        for (author,) in con.execute(
            """select distinct author_id from idea
            where workspace = :workspace and channel = :channel and withdrawn is null""",
            {"workspace": place, "channel": channel},
        ).fetchall()
    }
    met = [member for member in found.values() if member is not None]
    return sorted(met, key=lambda member: (folded(member.person.name), member.person.id))


def tags(con: Connection, workspace: str, visibility: Visibility) -> Sequence[str]:
    """Every tag of an idea in sight."""
    wanted = conditions_of(con, workspace, Filters(), visibility)
    if wanted is None:
        return ()
    return column(
        con,
        f"""select distinct k.tag from tag k join idea i on i.id = k.idea_id
        where k.workspace = :workspace and {wanted.conditions()} order by k.tag""",
        wanted.values,
    )


def schools(con: Connection, workspace: str, visibility: Visibility) -> Sequence[str]:
    """Every school of an idea in sight."""
    wanted = conditions_of(con, workspace, Filters(), visibility)
    if wanted is None:
        return ()
    sql = f"""select distinct i.school from idea i where {wanted.conditions()} and i.school <> ''
      order by i.school"""
    return column(con, sql, wanted.values)


def by_component(con: Connection, workspace: str, filters: Filters) -> Mapping[str, int]:
    """How many of the ideas that fit each component has; questions do not count."""
    only = replace(filters, kinds=(Kind.IDEA,))
    wanted = conditions_of(con, workspace, only, Visibility(everything=True))
    if wanted is None:
        return {}
    plan = all_of(wanted)
    rows = con.execute(
        f"""select c.component, count(*) from {plan.source}
          join idea_component c on c.idea_id = i.id
        where {plan.where} group by c.component""",
        wanted.values,
    )
    return dict(rows.fetchall())
