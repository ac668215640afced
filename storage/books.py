"""Channels' books: how far each was written, and when it is to be written anew."""

from datetime import datetime

from bot.core.model.books import Book
from bot.core.model.work import Effect, NewJob
from storage import outbox
from storage.connection import Connection
from storage.rows import cells_of, one, upsert

SOON = 600.0
"""Seconds until a book is written anew of which something was withdrawn or changed."""


def book(con: Connection, workspace: str, channel: str) -> Book:
    """How far a channel's book was written."""
    sql = """select page, edition, sections, told from book
    where workspace = :workspace and channel = :channel"""
    return one(con, Book, sql, {"workspace": workspace, "channel": channel}) or Book()


def set_book(con: Connection, workspace: str, channel: str, book: Book) -> None:
    """Keep how far a channel's book was written."""
    row = {"workspace": workspace, "channel": channel} | cells_of(book)
    upsert(con, "book", row, "workspace, channel")


def renew(
    con: Connection, workspace: str, channel: str, *, now: datetime, after: float = 0.0
) -> None:
    """Have a channel's book written anew if it has one, or taken out where it still stands."""
    key = {"workspace": workspace, "id": channel}
    sql = """select 1 from channel c left join book b on b.workspace = c.workspace
      and b.channel = c.id
    where c.workspace = :workspace and c.id = :id and (c.book = 1 or b.edition > 0)"""
    if con.execute(sql, key).fetchone() is not None:
        job = NewJob(effect=Effect.BOOK, channel=channel, after=after)
        outbox.enqueue(con, workspace, job, now=now)
