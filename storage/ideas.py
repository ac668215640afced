"""An idea's rows: what is known of it, who wrote it and where, and how its words are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.core.model.ideas import Captured, Draft, Idea, Kind, Source
from bot.core.model.posts import Place
from bot.core.model.work import Effect
from storage import outbox, responses, rows
from storage.rows import EPOCH, IDEA_COLUMNS, MICROSECOND, clean, idea_of, joined, stamp
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
    reads_as: str
    doubtful: int
    text: str
    resources: str
    unnamed: str
    components_by_hand: int


_KEPT = """select id, number, workspace, channel, ts, edited, withdrawn, source, reads_as,
  doubtful, text, resources, unnamed, components_by_hand from idea"""
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
    asks = draft.asks or draft.kind is Kind.QUESTION
    return {
        "text": clean(draft.text),
        "reads_as": (Kind.QUESTION if asks else Kind.IDEA).value,
        "doubtful": draft.kind is Kind.POST,
        "tags": joined(_once(draft.tags)),
        "components": joined(_once(draft.components)),
        "framework": draft.framework,
        "resources": joined([_address(resource.url) for resource in draft.resources]),
        "credits": joined([clean(credit.name) for credit in draft.credits]),
        "unnamed": " ".join(draft.unnamed),
    }


READS = """reads_as = :reads_as,
  doubtful = case when digested is null or doubtful then :doubtful else 0 end"""
"""What it reads as, for an update. What had its place in a digest does not fall into doubt again:
it would come a second time."""


def take_up(con: Connection, kept: Kept, draft: Draft, now: datetime) -> None:
    """A post in doubt was marked: from now on it is what *draft* says."""
    con.execute(
        f"update idea set {READS} where id = :id",  # noqa: S608  (columns, no values)
        words_of(draft) | {"id": kept.id},
    )
    queue(con, kept.workspace, now, {Effect.MARK: str(kept.id)})


def _once(items: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys([clean(item) for item in items]))


def _address(url: str) -> str:
    """An address as it is kept; a blank after `;` would read as two addresses."""
    return clean(url).replace("; ", ";%20")


class New(NamedTuple):
    """An idea that is to be kept.

    Attributes:
        moment: the free moment nearest to *posted_at*.
        ts: None when it is still to be posted.
        prompt: the words of the prompt that it answers, as they were posted.
    """

    author: Frozen
    draft: Draft
    workspace: str
    channel: str
    ts: str | None
    posted_at: datetime
    moment: int
    author_id: str
    source: Source
    kept_at: datetime
    edited: str = ""
    prompt_id: str = ""
    prompt: str = ""

    def row(self, id_: int, number: int) -> dict[str, object]:
        """Its row."""
        return (
            {
                "id": id_,
                "workspace": self.workspace,
                "number": number,
                "channel": self.channel,
                "ts": self.ts,
                "posted_at": stamp(self.posted_at),
                "moment": self.moment,
                "author_id": self.author_id,
                "source": self.source.value,
                "prompt_id": self.prompt_id,
                "prompt": self.prompt,
                "edited": self.edited,
                "edited_at": edit_instant(self.edited, self.kept_at),
                "kept_at": stamp(self.kept_at),
            }
            | words_of(self.draft)
            | self.author.columns()
        )


def insert(con: Connection, ideas: Sequence[New]) -> list[Captured]:
    """Write new ideas under the next numbers of their workspaces, with all that hangs on them."""
    numbers: dict[str, int] = {}
    (id_,) = con.execute("select coalesce(max(id), 0) from idea").fetchone()
    captured = []
    for idea in ideas:
        if idea.workspace not in numbers:
            (numbers[idea.workspace],) = con.execute(
                "select coalesce(max(number), 0) from idea where workspace = :workspace",
                {"workspace": idea.workspace},
            ).fetchone()
        id_, numbers[idea.workspace] = id_ + 1, numbers[idea.workspace] + 1
        captured.append(Captured(id_, numbers[idea.workspace]))
    kept = list(zip(ideas, captured, strict=True))
    rows.insert(con, "idea", [idea.row(got.id, got.number) for idea, got in kept])
    hang(con, [(idea.workspace, got.id, idea.draft) for idea, got in kept])
    return captured


Hung = tuple[str, int, "Draft"]
"""A workspace, an idea's row id, and what hangs on it."""


def hang(con: Connection, ideas: Sequence[Hung], *, components: bool = True) -> None:
    """Write ideas' tags, components, resources and credits."""
    rows.insert(
        con,
        "tag",
        [
            {"workspace": workspace, "tag": tag, "idea_id": id_}
            for workspace, id_, draft in ideas
            for tag in _once(draft.tags)
        ],
    )
    if components:
        _hang_components(con, [(w, id_, _once(draft.components)) for w, id_, draft in ideas])
    rows.insert(
        con,
        "resource",
        [
            {
                "workspace": workspace,
                "idea_id": id_,
                "position": position,
                "url": _address(resource.url),
                "kind": resource.kind.value,
                "title": clean(resource.title),
            }
            for workspace, id_, draft in ideas
            for position, resource in enumerate(draft.resources)
        ],
    )
    rows.insert(
        con,
        "credit",
        [
            {
                "workspace": workspace,
                "idea_id": id_,
                "position": position,
                "name": clean(credit.name),
                "member_id": credit.member_id,
            }
            for workspace, id_, draft in ideas
            for position, credit in enumerate(draft.credits)
        ],
    )


def _hang_components(con: Connection, ideas: Sequence[tuple[str, int, Sequence[str]]]) -> None:
    rows.insert(
        con,
        "idea_component",
        [
            {"workspace": workspace, "component": code, "idea_id": id_}
            for workspace, id_, codes in ideas
            for code in codes
        ],
    )


def set_components(
    con: Connection, workspace: str, number: int, components: Sequence[str], *, framework: str
) -> Idea | None:
    """Set an idea's components by hand, so that no edit changes them; None: it is not kept."""
    idea = kept_as(con, workspace, number)
    if idea is None or idea.withdrawn is not None:
        return None
    codes = _once(components)
    con.execute(
        """update idea set components = :components, framework = :framework,
          components_by_hand = 1 where id = :id""",
        {"components": joined(codes), "framework": clean(framework), "id": idea.id},
    )
    con.execute("delete from idea_component where idea_id = :id", {"id": idea.id})
    _hang_components(con, [(workspace, idea.id, codes)])
    row = con.execute(
        f"select {IDEA_COLUMNS} from idea i where i.id = :id",  # noqa: S608
        {"id": idea.id},
    ).fetchone()
    return idea_of(row)


def name_components(con: Connection, names: Mapping[str, str]) -> None:
    """Let the list for people call each component what it is called now."""
    con.execute("delete from component")
    rows.insert(
        con, "component", [{"code": code, "name": clean(name)} for code, name in names.items()]
    )


def unhang(con: Connection, id_: int, *, components: bool = True) -> None:
    """Remove what `hang` wrote."""
    for table in ("tag", "resource", "credit", *(("idea_component",) if components else ())):
        con.execute(f"delete from {table} where idea_id = :id", {"id": id_})  # noqa: S608


def jobs(workspace: str, now: datetime, keys: Mapping[Effect, str]) -> list[Mapping[str, object]]:
    """Effects for the outbox, each under its key; an empty key asks for nothing."""
    due = stamp(now)
    return [outbox.row(workspace, effect, key, due) for effect, key in keys.items() if key]


def queue(con: Connection, workspace: str, now: datetime, keys: Mapping[Effect, str]) -> None:
    """Queue the effects that `jobs` makes."""
    outbox.put_all(con, jobs(workspace, now, keys))


# -- what the outbox finds out later ----------------------------------------------------------


def set_names(con: Connection, idea_id: int, names: Mapping[str, str]) -> tuple[str, ...]:
    """Put names where `@U1`, a handle or `#C1` stands; returns the ids that still have none."""
    idea = kept(con, idea_id)
    if idea is None or idea.withdrawn is not None:
        return ()
    still, known = [], {}
    for one in idea.unnamed.split():
        id_, _, handle = one.partition("|")
        name = clean(names.get(id_, ""))
        if not name:
            still.append(one)
            continue
        known[f"@{handle}" if handle else id_] = f"@{name}" if handle else name
        con.execute(
            """update credit set name = :name where idea_id = :idea_id and member_id = :id
              and name in ('', :stood, '@' || :stood)""",
            {"name": name, "idea_id": idea_id, "id": id_, "stood": handle or id_},
        )
    # A letter may stand right behind an id; of two ids that begin alike the longer one is meant.
    stood = [
        re.escape(one) + (r"(?![\w.-]*\w)" if one[0] == "@" else "")
        for one in sorted({*known, *still}, key=len, reverse=True)
    ]
    text = idea.text
    if known:
        found = rf"(?<!\w)(?:{'|'.join(stood)})"
        text = re.sub(found, lambda one: known.get(one[0], one[0]), text)
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
    return tuple(one.partition("|")[0] for one in still)


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
