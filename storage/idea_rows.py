"""Ideas as they are read: the columns that make an `Idea`, and single ideas by their keys."""

from collections.abc import Mapping, Sequence

from bot.core.model.ideas import Idea, Kind, Source, Withdrawal
from bot.core.model.people import Author
from bot.core.model.posts import Place
from storage.connection import Connection, Row
from storage.rows import at, instant, maybe_instant, split

AUTHOR_NAME = """case when i.author_name <> '' then i.author_name else coalesce((
    select nullif(m.name, '') from member m where m.workspace = i.workspace and m.id = i.author_id
  ), '') end"""
"""The frozen name; while there is none the latest known one. Whose name is not known has none."""

CHANNEL_NAME = """coalesce((
    select c.name from channel c where c.workspace = i.workspace and c.id = i.channel), '')"""

IDEA = f"""select i.id, i.workspace, i.number, i.channel, {CHANNEL_NAME} as channel_name, i.ts,
  i.posted_at, coalesce(i.author_id, '') as author_id, {AUTHOR_NAME} as author_name,
  i.author_real_name, i.author_title, i.school, i.district, i.role, i.text, i.kind, i.reads_as,
  i.source, i.tags, i.components, i.resources, i.credits, i.prompt, i.reactions, i.replies,
  i.tried, i.permalink, i.edited_at, i.kept_at, i.withdrawn, i.mark"""
"""What `idea_of` reads, from a table `idea i`."""

ONE = f"{IDEA} from idea i where "


def idea_of(row: Row) -> Idea:
    """The idea of a row of `IDEA`."""
    cell = dict(zip(row.keys(), row, strict=True))  # a row looks for each name among all
    return Idea(
        id=cell["id"],
        workspace=cell["workspace"],
        number=cell["number"],
        channel=cell["channel"],
        channel_name=cell["channel_name"],
        ts=cell["ts"],
        posted_at=instant(cell["posted_at"]),
        author=Author(
            id=cell["author_id"],
            name=cell["author_name"],
            real_name=cell["author_real_name"],
            title=cell["author_title"],
            school=cell["school"],
            district=cell["district"],
            role=cell["role"],
        ),
        text=cell["text"],
        kind=Kind(cell["kind"]),
        asks=cell["reads_as"] == Kind.QUESTION,
        source=Source(cell["source"]),
        tags=split(cell["tags"]),
        components=split(cell["components"]),
        resources=split(cell["resources"]),
        credits=split(cell["credits"]),
        prompt=cell["prompt"],
        reactions=cell["reactions"],
        replies=cell["replies"],
        tried=cell["tried"],
        permalink=cell["permalink"],
        edited_at=maybe_instant(cell["edited_at"]),
        kept_at=instant(cell["kept_at"]),
        withdrawn=Withdrawal(cell["withdrawn"]) if cell["withdrawn"] else None,
        mark=cell["mark"],
    )


def one_idea(con: Connection, sql: str, values: Mapping[str, object]) -> Idea | None:
    """The first idea that *sql*, which begins with `IDEA`, finds."""
    row = con.execute(sql, values).fetchone()
    return None if row is None else idea_of(row)


def many_ideas(con: Connection, sql: str, values: Mapping[str, object]) -> Sequence[Idea]:
    """Every idea that *sql*, which begins with `IDEA`, finds, in its order."""
    return [idea_of(row) for row in con.execute(sql, values)]


def by_id(con: Connection, idea_id: int) -> Idea | None:
    """Also a withdrawn one."""
    return one_idea(con, f"{ONE} i.id = :id", {"id": idea_id})


def at_place(con: Connection, place: Place) -> Idea | None:
    """Also a withdrawn one."""
    return one_idea(
        con, f"{ONE} i.workspace = :workspace and i.channel = :channel and i.ts = :ts", at(place)
    )
