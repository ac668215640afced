"""What goes out as a file: ideas, the trials of them, and the questions that were asked."""

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.model.exports import Book
from bot.core.model.ideas import Filters, Visibility
from storage.connection import Connection
from storage.filters import conditions_of, days_of, shows
from storage.ideas import AUTHOR_NAME, CHANNEL_NAME
from storage.members import meant
from storage.rows import stamp
from storage.search_plan import all_of

_EXPORTED = f"""i.number, substr(i.posted_at, 1, 19) || 'Z', {AUTHOR_NAME},
  coalesce(i.author_id, ''), i.author_title, i.school, i.district, {CHANNEL_NAME}, i.channel,
  i.text, i.tags, i.components, i.resources, i.credits, i.prompt, i.reactions, i.replies, i.tried,
  i.permalink, coalesce(substr(i.edited_at, 1, 19) || 'Z', ''), i.source, i.kind, i.licence,
  (select c.zone from channel c where c.workspace = i.workspace and c.id = i.channel),
  (select w.name from workspace w where w.id = i.workspace)"""


def export_rows(
    con: Connection,
    workspace: str,
    filters: Filters,
    visibility: Visibility,
) -> Iterator[tuple[object, ...]]:
    """The CSV's columns, oldest first, row by row: no plan that sorts, so memory stays flat.

    *workspace* empty: all of them, for an operator.
    """
    every = meant(con, workspace)
    each = [_rows_of(con, one, filters, visibility) for one in every]
    rows = each[0] if len(each) == 1 else heapq.merge(*each, key=lambda row: (row[1], row[0]))
    for *cells, licence, chosen, name in rows:
        zone = ZoneInfo(chosen) if chosen else filters.zone
        local = datetime.fromisoformat(cells[1]).astimezone(zone)
        yield (*cells, local.date().isoformat(), name, licence)


def _rows_of(
    con: Connection, workspace: str, filters: Filters, visibility: Visibility
) -> Iterator[tuple[Any, ...]]:
    return _selected(con, _EXPORTED, "", workspace, filters, visibility)


def _selected(
    con: Connection,
    columns: str,
    join: str,
    workspace: str,
    filters: Filters,
    visibility: Visibility,
) -> Iterator[tuple[Any, ...]]:
    """These columns of the ideas that fit and what is joined to them, oldest first."""
    wanted = conditions_of(con, workspace, filters, visibility)
    if wanted is None:
        return iter(())
    plan = all_of(wanted)
    rows = con.execute(
        f"select {columns} from {plan.source} {join} where {plan.where} order by {plan.oldest}",
        wanted.values,
    )
    return iter(rows)


def export_book(con: Connection, workspace: str, filters: Filters, visibility: Visibility) -> Book:
    """Ideas, trials and prompts, each read as its rows are asked for."""
    every = meant(con, workspace)
    # A trial is seen by those who see the channel, not by an author who has left it.
    of_others = replace(visibility, own="")
    return Book(
        ideas=export_rows(con, workspace, filters, visibility),
        trials=chain.from_iterable(
            _selected(con, _TRIAL, _TRIALS, one, filters, of_others) for one in every
        ),
        prompts=chain.from_iterable(_prompts_of(con, one, filters, visibility) for one in every),
        components=dict(con.execute("select code, name from component").fetchall()),
    )


_TRIAL = f"""i.number, {AUTHOR_NAME}, substr(t.tried_at, 1, 19) || 'Z',
  coalesce(nullif(t.member_name, ''), m.name, ''), t.member_id, coalesce(m.title, ''), t.school,
  t.outcome, t.grades, t.setting, t.words,
  (select w.name from workspace w where w.id = i.workspace)"""

_TRIALS = """cross join trial t on t.idea_id = i.id
  left join member m on m.workspace = t.workspace and m.id = t.member_id"""


def _prompts_of(
    con: Connection, workspace: str, filters: Filters, visibility: Visibility
) -> Iterator[tuple[object, ...]]:
    """The questions that were asked in the channels in sight; other filters are about ideas."""
    asked = filters.channel.removeprefix("#")
    names = {
        id_: name
        for id_, name, private in con.execute(
            "select id, name, private from channel where workspace = :workspace",
            {"workspace": workspace},
        ).fetchall()
        if shows(visibility, id_, private)
        and (not asked or asked == id_ or asked.lower() == name.lower())
    }
    since, until = days_of(filters)
    rows = con.execute(
        """select substr(d.at, 1, 19) || 'Z', d.channel, d.prompt_text,
          (select count(*) from idea i
            where i.workspace = d.workspace and i.channel = d.channel
              and i.prompt_id = d.prompt_id and i.prompt_id <> '' and i.withdrawn is null
              and i.kind <> 'post'),
          (select w.name from workspace w where w.id = d.workspace)
        from delivery d
        where d.workspace = :workspace and d.kind = 'prompt' and d.sent_at is not null
          and d.at >= :since and (:until = '' or d.at < :until)
        order by d.at, d.channel""",
        {
            "workspace": workspace,
            "since": stamp(since) if since else "",
            "until": stamp(until) if until else "",
        },
    )
    for at, channel, prompt, answers, network in rows:
        if channel in names:
            yield at, names[channel], channel, prompt, answers, network
