"""The rows of an export."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.model.ideas import Filters, Sight
from storage.connection import Connection
from storage.filters import conditions_of
from storage.ideas import AUTHOR_NAME, CHANNEL_NAME
from storage.search_plan import Plan, by_words
from storage.workspaces import named

_EXPORTED = f"""i.number, substr(i.posted_at, 1, 19) || 'Z', {AUTHOR_NAME}, i.author_id,
  i.author_title, i.school, i.district, {CHANNEL_NAME}, i.channel, i.text, i.tags, i.components,
  i.resources, i.credits, i.prompt, i.reactions, i.replies, i.tried, i.permalink,
  coalesce(substr(i.edited_at, 1, 19) || 'Z', ''), i.source, i.kind,
  (select c.zone from channel c where c.workspace = i.workspace and c.id = i.channel),
  (select w.name from workspace w where w.id = i.workspace)"""


def export_rows(
    con: Connection,
    workspace: str,
    filters: Filters,
    sight: Sight,
) -> Iterator[tuple[object, ...]]:
    """The CSV's columns, oldest first, row by row: no plan that sorts, so memory stays flat.

    *workspace* empty: all of them, for an operator.
    """
    every = (workspace,) if workspace else named(con)
    each = [_rows_of(con, one, filters, sight) for one in every]
    rows = each[0] if len(each) == 1 else heapq.merge(*each, key=lambda row: (row[1], row[0]))
    for *cells, chosen, name in rows:
        zone = ZoneInfo(chosen) if chosen else filters.zone
        local = datetime.fromisoformat(cells[1]).astimezone(zone)
        yield (*cells, local.date().isoformat(), name)


def _rows_of(
    con: Connection, workspace: str, filters: Filters, sight: Sight
) -> Iterator[tuple[Any, ...]]:
    wanted = conditions_of(con, workspace, filters, sight)
    if wanted is None:
        return iter(())
    plan = by_words(wanted) if wanted.phrases else Plan("idea i", wanted.conditions())
    rows = con.execute(
        f"select {_EXPORTED} from {plan.source} where {plan.where} order by {plan.oldest}",
        wanted.values,
    )
    return iter(rows)
