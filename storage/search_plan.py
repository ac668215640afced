"""From where a search starts.

Where a tag, a component, an author or words fit few ideas, the query starts from those; otherwise
it walks the ideas by date and stops as soon as the page is full.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.model.boards import Order
from storage.connection import Connection
from storage.filters import Conditions


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where one way of searching gives way to another; tests lower them.

    *few*: so many hits are ranked by relevance, and totals are exact up to here. *narrow*: with so
    few ideas a tag, component or author is where a query starts. *common*: a word that more ideas
    have says nothing about relevance, and would cost much to weigh.
    """

    few: int = 1000
    narrow: int = 2000
    common: int = 20_000


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables and conditions of a query, and the orders that they can give."""

    source: str
    where: str
    newest: str = "i.posted_at desc, i.number desc"
    oldest: str = "i.posted_at, i.number"

    def by(self, order: Order) -> str:
        """The order as a query says it."""
        if order is Order.TRIED:
            return "i.tried desc, i.reactions + i.replies desc, i.posted_at desc, i.number desc"
        return self.oldest if order is Order.OLDEST else self.newest


_BY_WORDS = "idea_words w cross join idea i on i.moment = w.rowid"
_HITS = "select rowid from idea_words where idea_words match :match"


def plan_of(
    con: Connection, wanted: Conditions, thresholds: Thresholds, *, ordered: bool = True
) -> Plan:
    """From where to start. *ordered* False: only how many there are is asked."""
    narrow = thresholds.narrow
    if wanted.phrases:
        if _few_by_author(con, wanted, thresholds):
            return Plan("idea i", wanted.conditions(words=True))
        return by_words(wanted)
    if "saver" in wanted.values:
        return Plan(
            "saved_idea s cross join idea i on i.id = s.idea_id",
            "s.workspace = :workspace and s.member_id = :saver and " + wanted.conditions(),
            newest="s.saved_at desc, i.number desc",
        )
    for table, column, name in wanted.near:
        sql = f"select 1 from {table} where workspace = :workspace and {column} = :{name}"
        if not ordered or count_up_to(con, sql, wanted.values, narrow + 1) <= narrow:
            return Plan(
                f"{table} k cross join idea i on i.id = k.idea_id",
                f"k.workspace = :workspace and k.{column} = :{name} and "
                + wanted.conditions(without=name),
            )
    return Plan(wanted.source, wanted.conditions())


def all_of(wanted: Conditions) -> Plan:
    """Walk all that fits by date, however much it is: no plan that sorts."""
    return by_words(wanted) if wanted.phrases else Plan(wanted.source, wanted.conditions())


def by_words(wanted: Conditions) -> Plan:
    """Walk the hits by date, which the index's row id is."""
    return Plan(
        _BY_WORDS,
        "w.idea_words match :match and w.rowid between :first and :last and " + wanted.conditions(),
        "w.rowid desc",
        "w.rowid",
    )


def by_relevance(
    con: Connection, wanted: Conditions, found: Sequence[int], thresholds: Thresholds
) -> Sequence[int]:
    """Moments of ideas that words fit, the most relevant first; as they came if all are alike.

    Only words that are not common are weighed: the weight of a common one is next to nothing, and
    to find it out all of its hits would be counted. One that is only begun weighs nothing beside
    whole ones.
    """
    whole = [one for one in wanted.phrases if "*" not in one] or wanted.phrases
    telling = [
        phrase
        for phrase in whole
        if count_up_to(con, _HITS, {"match": phrase}, thresholds.common + 1) <= thresholds.common
    ]
    if not telling:
        return found
    sql = f"""{_HITS} and +rowid in (select value from json_each(:found))
      order by bm25(idea_words, 1.0, 2.0, 3.0, 1.0, 1.0, 1.0), rowid desc"""
    values = {"match": " AND ".join(telling), "found": json.dumps(found)}
    return [moment for (moment,) in con.execute(sql, values)]


def count_up_to(con: Connection, sql: str, values: Mapping[str, object], most: int) -> int:
    """How many rows *sql* has, counting no further than *most*."""
    row = con.execute(
        f"select count(*) from ({sql} limit :most)",
        {**values, "most": most},
    ).fetchone()
    return int(row[0])


def _few_by_author(con: Connection, wanted: Conditions, thresholds: Thresholds) -> bool:
    if "author_id0" not in wanted.values or "author_id1" in wanted.values:
        return False
    sql = """select 1 from idea where workspace = :workspace and author_id = :author_id0
      and withdrawn is null"""
    return count_up_to(con, sql, wanted.values, thresholds.narrow + 1) <= thresholds.narrow
