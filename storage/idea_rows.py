"""Ideas as they are read: the columns that make an `Idea`, and single ideas by their keys."""

from collections.abc import Mapping, Sequence

from bot.core.model.ideas import Idea
from bot.core.model.people import Author
from bot.core.model.posts import Place
from storage.connection import Connection, Row
from storage.rows import at, value_of

AUTHOR_NAME = """case when i.author_name <> '' then i.author_name else coalesce((
    select nullif(m.name, '') from member m where m.workspace = i.workspace and m.id = i.author_id
  ), '') end"""
"""The frozen name; while there is none the latest known one. Whose name is not known has none."""

CHANNEL_NAME = """coalesce((
    select c.name from channel c where c.workspace = i.workspace and c.id = i.channel), '')"""

IDEA = f"""select i.id, i.workspace, i.number, i.channel, {CHANNEL_NAME} as channel_name, i.ts,
  i.posted_at, coalesce(i.author_id, '') as author_id, {AUTHOR_NAME} as author_name,
  i.author_real_name, i.author_title, i.school as author_school, i.district as author_district,
  i.role as author_role, i.text, i.kind, i.reads_as = 'question' as asks,
  i.source, i.tags, i.components, i.resources, i.credits, i.prompt, i.reactions, i.replies,
  i.tried, i.permalink, i.edited_at, i.kept_at, i.withdrawn, i.mark"""
"""What `idea_of` reads, from a table `idea i`."""

ONE = f"{IDEA} from idea i where "


def idea_of(row: Row) -> Idea:
    """The idea of a row of `IDEA`."""
    cells = dict(zip(row.keys(), row, strict=True))  # a row looks for each name among all
    author = value_of(Author, cells, prefix="author_")
    return value_of(Idea, cells, author=author)


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
