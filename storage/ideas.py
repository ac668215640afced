"""An idea's rows: what is known of it, who wrote it and where, and how its words are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.model import Captured, Source
from storage import outbox, responses
from storage.rows import EPOCH, IDEA_COLUMNS, MICROSECOND, clean, idea_of, joined, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.core.model import Draft, Effect, Idea, Place
    from storage.scene import Frozen
    from storage.sqlite import Connection

BY_BOT = frozenset({Source.COMMAND.value, Source.FORM.value})
"""Sources of ideas that the bot posts itself."""


# -- what is known ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """An idea's row, as far as it decides what happens next."""

    id: int
    number: int
    workspace: str
    channel: str
    ts: str | None
    edited: str
    withdrawn: str | None
    source: str
    kind: str
    text: str
    resources: str
    unnamed: str
    components_by_hand: int


_KEPT = """select id, number, workspace, channel, ts, edited, withdrawn, source, kind, text,
  resources, unnamed, components_by_hand from idea"""
_AT = f"{_KEPT} where workspace = :workspace and channel = :channel and ts = :ts"
_BY_NUMBER = f"{_KEPT} where workspace = :workspace and number = :number"
_BY_ID = f"{_KEPT} where id = :id"


def kept_at(con: Connection, place: Place) -> Kept | None:
    """The idea that stands at *place*, also a withdrawn one."""
    row = con.execute(_AT, responses.at(place)).fetchone()
    return None if row is None else Kept(*row)


def kept_as(con: Connection, workspace: str, number: int) -> Kept | None:
    """The idea of this number, also a withdrawn one."""
    row = con.execute(_BY_NUMBER, {"workspace": workspace, "number": number}).fetchone()
    return None if row is None else Kept(*row)


def kept(con: Connection, idea_id: int) -> Kept | None:
    """The idea of this row id, also a withdrawn one."""
    row = con.execute(_BY_ID, {"id": idea_id}).fetchone()
    return None if row is None else Kept(*row)


# -- writing ----------------------------------------------------------------------------------


def edit_instant(edited: str, now: datetime) -> str | None:
    """The instant of a platform's edit stamp: seconds since 1970 where it is such, else now."""
    if not edited:
        return None
    if re.fullmatch(r"[0-9]{9,11}(\.[0-9]{1,6})?", edited):
        seconds, _, rest = edited.partition(".")
        return stamp(EPOCH + int(seconds + rest.ljust(6, "0")) * MICROSECOND)
    return stamp(now)


def words_of(draft: Draft) -> dict[str, object]:
    """What a draft puts on the idea's row."""
    return {
        "text": clean(draft.text),
        "kind": draft.kind.value,
        "tags": joined(_once(draft.tags)),
        "components": joined(_once(draft.components)),
        "framework": draft.framework,
        "resources": joined([_address(resource.url) for resource in draft.resources]),
        "credits": joined([clean(credit.name) for credit in draft.credits]),
        "unnamed": " ".join(draft.unnamed),
    }


def _once(items: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys([clean(item) for item in items]))


def _address(url: str) -> str:
    """An address as it is kept; a blank after `;` would read as two addresses."""
    return clean(url).replace("; ", ";%20")


_INSERT = """insert into idea (workspace, number, channel, ts, posted_at, moment, author_id,
  author_name, author_real_name, author_title, school, district, role, text, kind, source, tags,
  components, resources, credits, framework, prompt_id, prompt, reactions, replies, edited,
  edited_at, kept_at, unnamed)
values (:workspace, coalesce((select max(number) from idea where workspace = :workspace), 0) + 1,
  :channel, :ts, :posted_at, :moment, :author_id, :author_name, :author_real_name, :author_title,
  :school, :district, :role, :text, :kind, :source, :tags, :components, :resources, :credits,
  :framework, :prompt_id, :prompt, 0, 0, :edited, :edited_at,
  :kept_at, :unnamed)
returning id, number"""


def insert(con: Connection, author: Frozen, draft: Draft, row: dict[str, object]) -> Captured:
    """Write a new idea under the next number of its workspace, with all that hangs on it."""
    author.ensure(con, str(row["workspace"]), str(row["author_id"]))
    id_, number = con.execute(_INSERT, row | words_of(draft) | author.columns()).fetchone()
    hang(con, str(row["workspace"]), id_, draft)
    return Captured(id_, number)


def hang(
    con: Connection, workspace: str, id_: int, draft: Draft, *, components: bool = True
) -> None:
    """Write an idea's tags, components, resources and credits."""
    key = {"workspace": workspace, "id": id_}
    for tag in _once(draft.tags):
        con.execute(
            "insert into tag (workspace, tag, idea_id) values (:workspace, :tag, :id)",
            key | {"tag": tag},
        )
    if components:
        _hang_components(con, workspace, id_, _once(draft.components))
    for position, resource in enumerate(draft.resources):
        con.execute(
            """insert into resource (workspace, idea_id, position, url, kind, title)
            values (:workspace, :id, :position, :url, :kind, :title)""",
            key
            | {
                "position": position,
                "url": _address(resource.url),
                "kind": resource.kind.value,
                "title": clean(resource.title),
            },
        )
    for position, credit in enumerate(draft.credits):
        con.execute(
            """insert into credit (workspace, idea_id, position, name, member_id)
            values (:workspace, :id, :position, :name, :member_id)""",
            key | {"position": position, "name": clean(credit.name), "member_id": credit.member_id},
        )


def _hang_components(con: Connection, workspace: str, id_: int, codes: Sequence[str]) -> None:
    con.executemany(
        """insert into idea_component (workspace, component, idea_id)
        values (:workspace, :component, :id)""",
        [{"workspace": workspace, "component": code, "id": id_} for code in codes],
    )


def set_components(
    con: Connection, workspace: str, number: int, codes: Sequence[str], framework: str
) -> Idea | None:
    """Set an idea's components by hand, so that no edit changes them; None: it is not kept."""
    idea = kept_as(con, workspace, number)
    if idea is None or idea.withdrawn is not None:
        return None
    codes = _once(codes)
    con.execute(
        """update idea set components = :components, framework = :framework,
          components_by_hand = 1 where id = :id""",
        {"components": joined(codes), "framework": clean(framework), "id": idea.id},
    )
    con.execute("delete from idea_component where idea_id = :id", {"id": idea.id})
    _hang_components(con, workspace, idea.id, codes)
    row = con.execute(
        f"select {IDEA_COLUMNS} from idea i where i.id = :id",  # noqa: S608
        {"id": idea.id},
    ).fetchone()
    return idea_of(row)


def unhang(con: Connection, id_: int, *, components: bool = True) -> None:
    """Remove what `hang` wrote."""
    for table in ("tag", "resource", "credit", *(("idea_component",) if components else ())):
        con.execute(f"delete from {table} where idea_id = :id", {"id": id_})  # noqa: S608


def queue(con: Connection, workspace: str, now: datetime, jobs: Mapping[Effect, str]) -> None:
    """Queue effects, each under its key; an empty key asks for nothing."""
    wanted = [(effect, key) for effect, key in jobs.items() if key]
    if wanted:
        outbox.put_all(con, workspace, wanted, stamp(now))


# -- what the outbox finds out later ----------------------------------------------------------


def set_names(con: Connection, idea_id: int, names: Mapping[str, str]) -> tuple[str, ...]:
    """Put names where ids stand as `@U1` and `#C1`; returns the ids that still have none."""
    idea = kept(con, idea_id)
    if idea is None or idea.withdrawn is not None:
        return ()
    text = idea.text
    still = []
    for id_ in idea.unnamed.split():
        name = clean(names.get(id_, ""))
        if name:
            text = re.sub(rf"(?<=[@#]){re.escape(id_)}(?!\w)", name.replace("\\", r"\\"), text)
        else:
            still.append(id_)
    for id_, name in names.items():
        if name:
            con.execute(
                """update credit set name = :name where idea_id = :idea_id and member_id = :id
                  and name in ('', :id, '@' || :id)""",
                {"name": clean(name), "idea_id": idea_id, "id": id_},
            )
    credited = con.execute(
        "select name from credit where idea_id = :id order by position", {"id": idea_id}
    ).fetchall()
    con.execute(
        "update idea set text = :text, credits = :credits, unnamed = :unnamed where id = :id",
        {
            "text": text,
            "credits": joined([row[0] for row in credited]),
            "unnamed": " ".join(still),
            "id": idea_id,
        },
    )
    return tuple(still)


def set_titles(con: Connection, place: Place, titles: Mapping[str, str]) -> None:
    """Give links their titles, by address. A preview is not an edit."""
    idea = kept_at(con, place)
    if idea is None:
        return
    for url, title in titles.items():
        con.execute(
            "update resource set title = :title where idea_id = :id and url = :url",
            {"title": clean(title), "id": idea.id, "url": _address(url)},
        )


def set_mark(con: Connection, idea_id: int, mark: str) -> None:
    """Record the emoji the bot has on an idea's post now."""
    con.execute("update idea set mark = :mark where id = :id", {"mark": mark, "id": idea_id})


def set_permalink(con: Connection, idea_id: int, permalink: str) -> None:
    """Record the address of an idea's post; a withdrawn one keeps none."""
    con.execute(
        "update idea set permalink = :permalink where id = :id and withdrawn is null",
        {"permalink": clean(permalink), "id": idea_id},
    )
