"""Ideas as they are written: an idea's row, what hangs on it, and what is found out later."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from bot.core.model.ideas import Credit, Draft, Idea, Kind, Resource, Source
from bot.core.model.people import Author
from bot.core.model.posts import Place
from storage.connection import Connection
from storage.rows import EPOCH, MICROSECOND, at, clean, column, insert, joined, one, stamp, update

AUTHOR_NAME = """case when i.author_name <> '' then i.author_name else coalesce((
    select nullif(m.name, '') from member m where m.workspace = i.workspace and m.id = i.author_id
  ), '') end"""
"""The frozen name; while there is none the latest known one. Whose name is not known has none."""

CHANNEL_NAME = """coalesce((
    select c.name from channel c where c.workspace = i.workspace and c.id = i.channel), '')"""

_PHOTO = """coalesce((select r.{} from resource r where r.idea_id = i.id and r.photo <> ''
    order by r.position limit 1), '')"""

IDEA = f"""select i.id, i.workspace, i.number, i.channel, {CHANNEL_NAME} as channel_name, i.ts,
  i.posted_at, coalesce(i.author_id, '') as author_id, {AUTHOR_NAME} as author_name,
  i.author_real_name, i.author_title, i.school as author_school, i.district as author_district,
  i.role as author_role, i.licence as author_licence, i.grades as author_grades, i.text, i.kind,
  i.reads_as = 'question' as asks, i.source, i.tags, i.components, i.resources, i.credits,
  i.prompt, i.reactions, i.replies, i.tried, i.permalink, {_PHOTO.format("photo")} as photo_file,
  {_PHOTO.format("title")} as photo_title, i.edited_at, i.kept_at, i.withdrawn, i.mark,
  i.part_of"""
"""What makes an `Idea`, from a table `idea i`."""

ONE = f"{IDEA} from idea i where "

HELD = "(withdrawn is null or withdrawn = aside)"
"""Whether an idea has its words: it is shown, or put aside by a coordinator."""

BY_BOT = frozenset({Source.COMMAND.value, Source.FORM.value})
"""Sources of ideas that the bot posts itself."""


@dataclass(frozen=True, slots=True)
class IdeaRow:
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
    digested: str | None
    text: str
    resources: str
    unnamed: str
    components_by_hand: int
    aside: str | None
    part_of: int | None

    @property
    def gone(self) -> bool:
        """Whether its words are gone: it is withdrawn, and not only put aside."""
        return self.withdrawn is not None and self.withdrawn != self.aside


_ROW = f"select {', '.join(field.name for field in fields(IdeaRow))} from idea"


def _row(con: Connection, where: str, values: Mapping[str, object]) -> IdeaRow | None:
    return one(con, IdeaRow, f"{_ROW} where {where}", values)


def row_at(con: Connection, place: Place) -> IdeaRow | None:
    """The idea that stands at *place*, also a withdrawn one."""
    return _row(con, "workspace = :workspace and channel = :channel and ts = :ts", at(place))


def row_by_number(con: Connection, workspace: str, number: int) -> IdeaRow | None:
    """The idea of this number, also a withdrawn one."""
    key = {"workspace": workspace, "number": number}
    return _row(con, "workspace = :workspace and number = :number", key)


def row_by_id(con: Connection, idea_id: int) -> IdeaRow | None:
    """The idea of this row id, also a withdrawn one."""
    return _row(con, "id = :id", {"id": idea_id})


def by_id(con: Connection, idea_id: int) -> Idea | None:
    """Also a withdrawn one."""
    return one(con, Idea, f"{ONE} i.id = :id", {"id": idea_id})


def by_number(con: Connection, workspace: str, number: int) -> Idea | None:
    """Also a withdrawn one."""
    sql = f"{ONE} i.workspace = :workspace and i.number = :number"
    return one(con, Idea, sql, {"workspace": workspace, "number": number})


def at_place(con: Connection, place: Place) -> Idea | None:
    """Also a withdrawn one."""
    sql = f"{ONE} i.workspace = :workspace and i.channel = :channel and i.ts = :ts"
    return one(con, Idea, sql, at(place))


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
        "tags": joined(_tags(draft)),
        "components": joined(_once(draft.components)),
        "components_by_hand": draft.added.sorted,
        "framework": draft.framework,
        "resources": joined([_address(resource.url) for resource, _ in _resources(draft)]),
        "credits": joined([clean(credit.name) for credit, _ in _credits(draft)]),
        "unnamed": " ".join(unnamed_in(draft)),
    }


def unnamed_in(draft: Draft) -> Sequence[str]:
    """Ids of those without a name yet: in its text, and among those who were added."""
    added = [one.member_id for one in draft.added.credits if one.member_id == one.name]
    return tuple(dict.fromkeys([*draft.unnamed, *filter(None, added)]))


def _tags(draft: Draft) -> Mapping[str, bool]:
    """The tags in its text and those that were added, once each; whether each was added."""
    return dict.fromkeys(_once(draft.tags), False) | dict.fromkeys(_once(draft.added.tags), True)


def _resources(draft: Draft) -> Sequence[tuple[Resource, bool]]:
    added = {one.url for one in draft.added.resources}
    found = [(one, False) for one in draft.resources if one.url not in added]
    return [*found, *((one, True) for one in draft.added.resources)]


def _credits(draft: Draft) -> Sequence[tuple[Credit, bool]]:
    added = {who for one in draft.added.credits for who in _known_as(one)}
    found = [(one, False) for one in draft.credits if added.isdisjoint(_known_as(one))]
    return [*found, *((one, True) for one in draft.added.credits)]


def _known_as(credit: Credit) -> set[str]:
    return {credit.member_id or "", credit.name.casefold()} - {""}


def words_over(kept: IdeaRow, draft: Draft) -> dict[str, object]:
    """What a draft puts on the row of an idea that is kept.

    What had its place in a digest does not fall into doubt again: it would come a second time.
    """
    words = words_of(draft)
    if kept.digested is not None and not kept.doubtful:
        words["doubtful"] = False
    return words


def _once(items: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys([clean(item) for item in items]))


def _address(url: str) -> str:
    """An address as it is kept; a blank after `;` would read as two addresses."""
    return clean(url).replace("; ", ";%20")


def author_cells(author: Author) -> dict[str, object]:
    """What an author puts on the idea's row."""
    return {
        "author_id": author.id or None,
        "author_name": author.name,
        "author_real_name": author.real_name,
        "author_title": author.title,
        "school": author.school,
        "district": author.district,
        "role": author.role,
        "licence": author.licence.value if author.licence else "",
        "grades": None if author.grades is None else author.grades.value,
    }


def insert_children(
    con: Connection, ideas: Sequence[tuple[str, int, Draft]], *, components: bool = True
) -> None:
    """Store ideas' tags, components, resources and credits; *ideas*: workspace, id and draft."""
    keys = [({"workspace": workspace, "idea_id": id_}, draft) for workspace, id_, draft in ideas]
    insert(
        con,
        "tag",
        [
            key | {"tag": tag, "by_hand": by_hand}
            for key, draft in keys
            for tag, by_hand in _tags(draft).items()
        ],
    )
    if components:
        insert(
            con,
            "idea_component",
            [key | {"component": code} for key, draft in keys for code in _once(draft.components)],
        )
    insert(
        con,
        "resource",
        [
            key
            | {
                "position": position,
                "url": _address(resource.url),
                "kind": resource.kind.value,
                "title": clean(resource.title),
                "by_hand": by_hand,
                "photo": clean(resource.photo),
            }
            for key, draft in keys
            for position, (resource, by_hand) in enumerate(_resources(draft))
        ],
    )
    insert(
        con,
        "credit",
        [
            key
            | {
                "position": position,
                "name": clean(credit.name),
                "member_id": credit.member_id,
                "by_hand": by_hand,
            }
            for key, draft in keys
            for position, (credit, by_hand) in enumerate(_credits(draft))
        ],
    )


def delete_children(con: Connection, idea_id: int, *, components: bool = True) -> None:
    """Remove what `insert_children` stored."""
    for table in ("tag", "resource", *(("idea_component",) if components else ())):
        con.execute(f"delete from {table} where idea_id = :id", {"id": idea_id})
    con.execute("delete from credit where idea_id = :id and given = 0", {"id": idea_id})


def join_credits(con: Connection, idea_id: int) -> None:
    """Say on an idea's row whom it thanks: by its text, and by a coordinator's word."""
    names = column(
        con,
        """select c.name from credit c join idea i on i.id = c.idea_id
        where c.idea_id = :id and (c.member_id is null or c.member_id is not i.author_id)
        order by c.position""",
        {"id": idea_id},
    )
    update(con, "idea", idea_id, {"credits": joined(names)})


def set_components(
    con: Connection, workspace: str, number: int, components: Sequence[str], *, framework: str
) -> Idea | None:
    """Set an idea's components by hand, so that no edit changes them; None: it is not kept."""
    idea = row_by_number(con, workspace, number)
    if idea is None or idea.withdrawn is not None:
        return None
    codes = _once(components)
    by_hand = {"components": joined(codes), "framework": clean(framework), "components_by_hand": 1}
    update(con, "idea", idea.id, by_hand)
    con.execute("delete from idea_component where idea_id = :id", {"id": idea.id})
    key = {"workspace": workspace, "idea_id": idea.id}
    insert(con, "idea_component", [key | {"component": code} for code in codes])
    return by_id(con, idea.id)


def name_components(con: Connection, names: Mapping[str, str]) -> None:
    """Let the list for people call each component what it is called now."""
    con.execute("delete from component")
    rows = [{"code": code, "name": clean(name)} for code, name in names.items()]
    insert(con, "component", rows)


# -- what the outbox finds out later ----------------------------------------------------------


def set_names(con: Connection, idea_id: int, names: Mapping[str, str]) -> tuple[str, ...]:
    """Put names where `@U1`, a handle or `#C1` stands; return the ids without one: `U1`, `#C1`."""
    idea = row_by_id(con, idea_id)
    if idea is None or idea.gone:
        return ()
    still, known = [], {}
    for token in idea.unnamed.split():
        id_, _, handle = token.partition("|")
        name = clean(names.get(id_, ""))
        if not name:
            still.append(token)
            continue
        if handle:
            known[f"@{handle}"] = f"@{name}"
        else:
            known[id_] = f"#{name}" if id_[0] == "#" else name
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
    update(con, "idea", idea_id, {"text": text, "unnamed": " ".join(still)})
    join_credits(con, idea_id)
    return tuple(one.partition("|")[0] for one in still)


def set_titles(con: Connection, place: Place, titles: Mapping[str, str]) -> None:
    """Give links their titles, by address. A preview is not an edit."""
    idea = row_at(con, place)
    if idea is None:
        return
    for url, title in titles.items():
        con.execute(
            "update resource set title = :title where idea_id = :id and url = :url",
            {"title": clean(title), "id": idea.id, "url": _address(url)},
        )


def set_post(
    con: Connection,
    idea_id: int,
    *,
    mark: str | None = None,
    permalink: str | None = None,
    refused: bool | None = None,
) -> None:
    """Record what is given of an idea's post; a withdrawn one keeps no address."""
    con.execute(
        f"""update idea set mark = coalesce(:mark, mark), refused = coalesce(:refused, refused),
          permalink = case when {HELD} then coalesce(:permalink, permalink) else '' end
        where id = :id""",
        {"mark": mark, "permalink": permalink, "refused": refused, "id": idea_id},
    )
