"""What becomes of each column that may hold somebody's id, name or words, once they are erased.

A test holds `FATES` and `NOBODY` against the schema: whoever adds a column of text says here what
becomes of it. What `forget` does follows from them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.core.model.people import COLLEAGUE
from bot.core.model.settings import ERASED, Change
from bot.core.model.work import Effect
from storage import books, care, erased, ideas, members, outbox, responses, trials, withdrawals
from storage.connection import Connection
from storage.erased import Erasure
from storage.rows import column, note_erasure, stamp
from storage.settings import note_changes


class Fate(StrEnum):
    """What becomes of a cell; the words say what the column holds."""

    ROW = "their id: the row goes"
    WITH_ROW = "goes with the row, by another of its columns"
    HELD = "a text, perhaps with their id in it as a word: then the row goes"
    INSIDE = "a text with ids in it: theirs goes out of it, and with nothing else in it the row"
    CLEARED = "their id: emptied; the row stays"
    COLLEAGUE = "their id: a colleague; the row stays, and says that somebody did it"
    SAID = "words of others or of ours: where they are named, it is a colleague; an id goes, too"
    OF_IDEA = "of their idea: emptied, as of every idea that is withdrawn for good"


@dataclass(frozen=True, slots=True)
class Named:
    """A name beside an id that is `CLEARED`, in the column *beside*: it becomes a colleague."""

    beside: str


FATES: Final[Mapping[str, Mapping[str, Fate | Named]]] = {
    "author_claim": {"member_id": Fate.ROW},
    "care": {
        "who": Fate.COLLEAGUE,
        "reason": Fate.SAID,
        **dict.fromkeys(("member_id", "given_to"), Fate.CLEARED),
    },
    "change": {"who": Fate.COLLEAGUE, "old": Fate.SAID, "new": Fate.SAID},
    "channel": {"invited_by": Fate.CLEARED, "line": Fate.SAID},
    "credit": {"member_id": Fate.CLEARED, "name": Named("member_id")},
    "delivery": {"subject": Fate.HELD, "prompt_text": Fate.SAID},
    "delivery_extra": {"subject": Fate.WITH_ROW, "ref": Fate.SAID},
    "delivery_idea": {"subject": Fate.WITH_ROW},
    "idea": {
        "author_id": Fate.OF_IDEA,
        "author_name": Fate.OF_IDEA,
        "author_real_name": Fate.OF_IDEA,
        "author_title": Fate.OF_IDEA,
        "school": Fate.OF_IDEA,
        "district": Fate.OF_IDEA,
        "role": Fate.OF_IDEA,
        "grades": Fate.OF_IDEA,
        "text": Fate.SAID,
        "tags": Fate.OF_IDEA,
        "resources": Fate.OF_IDEA,
        "credits": Fate.SAID,
        "prompt": Fate.SAID,
        "permalink": Fate.OF_IDEA,
        "unnamed": Fate.SAID,
    },
    "left_out": {"member_id": Fate.COLLEAGUE},
    "member": {
        "id": Fate.ROW,
        **dict.fromkeys(("name", "real_name", "title", "zone"), Fate.WITH_ROW),
        **dict.fromkeys(("school", "district", "role", "grades", "keep", "shown"), Fate.WITH_ROW),
    },
    "member_name": {"member_id": Fate.ROW, "name": Fate.WITH_ROW},
    "note": {"key": Fate.HELD, "value": Fate.INSIDE},
    "outbox": {"key": Fate.HELD, "payload": Fate.HELD, "error": Fate.SAID},
    "own_prompt": {
        "by": Fate.CLEARED,
        "name": Named("by"),
        "text": Fate.SAID,
        "decided_by": Fate.COLLEAGUE,
    },
    "pick": {"member_id": Fate.CLEARED},
    "reaction": {"member_id": Fate.ROW, "name": Fate.WITH_ROW},
    "reply": {"member_id": Fate.ROW},
    "resource": {"url": Fate.OF_IDEA, "title": Fate.SAID, "photo": Fate.OF_IDEA},
    "saved_idea": {"member_id": Fate.ROW},
    "share": {"made_by": Fate.COLLEAGUE, "shows": Fate.SAID},
    "skipped_digest": {"member_id": Fate.COLLEAGUE},
    "subscription": {
        "member_id": Fate.ROW,
        **dict.fromkeys(("hour", "channels", "last"), Fate.WITH_ROW),
    },
    "tag": {"tag": Fate.OF_IDEA},
    "told_idea": {"member_id": Fate.ROW},
    "trial": {
        "member_id": Fate.ROW,
        **dict.fromkeys(("member_name", "school", "grades", "setting"), Fate.WITH_ROW),
        "words": Fate.SAID,
    },
}
"""By table and column. Also of an `OF_IDEA` column of others nothing changes."""

NOBODY: Final[Mapping[str, str]] = {
    "the platform's id of a workspace, a channel or a message": """
      workspace channel ts parent_ts channel.id channel.former workspace.id workspace.url""",
    "a name of a workspace or a channel": "workspace.name channel.name",
    "of the bot": "workspace.bot_user_id workspace.bot_id",
    "an instant, a day or a week, or when something is due": """
      at due until since reached period digested edited edited_at stamp
      posted_at kept_at shown_since withdrawn_at looked_up_at first_seen first_reading
      noted_at put_off_at claimed_at sent_at decided_at tried_at saved_at made_at revoked_at
      starts_at ends_at paused_until refused_since channel.zone channel.digest channel.prompt
      channel.breaks""",
    "one of a few words that the program knows": """
      told kind what source state mark withdrawn reads_as outcome effect method previews platform
      licence aside""",
    "of the framework": """
      component components framework care.detail component.code component.name""",
    "the id of a question": "prompt_id own_prompt.rewords channel.pinned",
    "a hash": "share.token erased.hash",
    "a hash, or the place of a message: what came in once stays out": "imported.key",
    "what makes hashes ours alone": "erased.salt upkeep.salts",
    "the platform's id of a channel's page": "book.page",
    "addresses of sites": "share.sites",
    "of the schema": "_sqlite_migrations.migration_set _sqlite_migrations.name applied_at",
}
"""Columns of text that hold nobody, by the reason: `column` in every table, or `table.column`."""


def forget(
    con: Connection, workspace: str, member_id: str, erasure: Erasure, *, now: datetime
) -> Sequence[Erasure]:
    """Erase everything that is held about a member, and note that. A second time changes nothing.

    What the bot has posted for them goes from the chat, too; what it posted for others who named
    them there is put right.

    Returns:
        What was noted: their erasure, and that of each of their ideas.
    """
    who = {"workspace": workspace, "id": member_id, "colleague": COLLEAGUE, "now": stamp(now)}
    who["names"] = "\n".join((member_id, *sorted(called(con, who))))
    con.defer_foreign_keys()
    theirs = con.execute(
        f"""select id, erased_hash(:salt, workspace, {erased.OF_IDEA}) from idea i
        where workspace = :workspace and {care.OWNER} = :id""",
        who | {"salt": erasure.salt},
    ).fetchall()
    of_ideas: list[Erasure] = []
    for idea_id, said in theirs:
        withdrawals.erase(con, idea_id, now=now)
        of_ideas.append(replace(erasure, hash=said, keeps_nothing=False))
        erased.note(con, of_ideas[-1])
    responses.delete_of_member(con, workspace, member_id, also_kept=True)
    trials.delete_of_member(con, workspace, member_id)
    con.execute(
        """update own_prompt set state = 'declined', text = '', components = '', by = '', name = ''
        where workspace = :workspace and by = :id and state <> 'accepted'""",
        who,
    )
    con.execute(  # filters that name nobody any more would show everything
        """update share set shows = '', revoked_at = coalesce(revoked_at, :now)
        where workspace = :workspace and shows <> nameless(shows, :names)""",
        who,
    )
    changed = _uncredit(con, who)
    for table, columns in FATES.items():
        for name, fate in columns.items():
            changed += _fulfil(con, table, name, fate, who)
    _redraw(con, who, changed, now)
    for channel in column(con, "select id from channel where workspace = :workspace", who):
        books.renew(con, workspace, channel, now=now, after=books.SOON)
    if erased.note(con, erasure):
        note_erasure(con, whole=True)
        here = "select id from channel where workspace = :workspace and member = 1"
        for channel in column(con, here, who):
            change = Change(COLLEAGUE, now, ERASED, "", "")
            note_changes(con, {"workspace": workspace, "channel": channel}, change)
    return (erasure, *of_ideas)


_THEIRS: Final = "where workspace = :workspace and author_id = :id"


def called(con: Connection, who: Mapping[str, str]) -> set[str]:
    """What they were ever called here, as `nameless` takes it."""
    frozen = column(
        con,
        f"""select author_name from idea {_THEIRS}
        union select author_real_name from idea {_THEIRS}
        union select member_name from trial where workspace = :workspace and member_id = :id
        union select name from own_prompt where workspace = :workspace and by = :id
        union select name from credit where workspace = :workspace and member_id = :id""",
        who,
    )
    handles = [
        token.partition("|")[2]
        for _, tokens in _without_name(con, who)
        for token in tokens
        if token.partition("|")[0] == who["id"]
    ]
    return members.names_of(con, who["workspace"], who["id"], [*frozen, *handles])


def _without_name(con: Connection, who: Mapping[str, str]) -> Sequence[tuple[int, list[str]]]:
    """Ideas that mention them and could not say their name yet, with all such ids in each."""
    rows = con.execute(
        """select id, unnamed from idea
        where workspace = :workspace and unnamed <> '' and instr(unnamed, :id)""",
        who,
    )
    return [(id_, unnamed.split()) for id_, unnamed in rows.fetchall()]


def _uncredit(con: Connection, who: Mapping[str, str]) -> list[int]:
    """Let ideas credit a colleague instead, and mention one; returns their row ids."""
    for idea_id, tokens in _without_name(con, who):
        others = [token for token in tokens if token.partition("|")[0] != who["id"]]
        row = {"id": idea_id, "unnamed": " ".join(others)}
        con.execute("update idea set unnamed = :unnamed where id = :id", row)
    credited = con.execute(
        """select idea_id, position, name from credit
        where workspace = :workspace and (member_id = :id or (member_id is null
          and nameless('@' || ltrim(name, '@'), :names) = :colleague))""",
        who,
    ).fetchall()
    for idea_id, position, name in credited:
        key = {"id": idea_id, "position": position, "colleague": COLLEAGUE}
        con.execute(
            """update credit set name = :colleague, member_id = null
            where idea_id = :id and position = :position""",
            key,
        )
        # Whom an idea credits it means, though somebody else may be called so, too.
        also = "\n".join((who["names"], f"@{name.removeprefix('@')}" if name else ""))
        con.execute(
            "update idea set text = nameless(text, :names) where id = :id",
            {"id": idea_id, "names": also},
        )
        ideas.join_credits(con, idea_id)
    return [idea_id for idea_id, _, _ in credited]


def _fulfil(
    con: Connection, table: str, name: str, fate: Fate | Named, who: Mapping[str, str]
) -> list[int]:
    """Do to a column's cells what becomes of them; returns the row ids of ideas that it changed."""
    here = f"{scope(con, table)} and {name}"
    match fate:
        case Fate.ROW:
            con.execute(f"delete from {table} where {here} = :id", who)
        case Fate.HELD:
            con.execute(f"delete from {table} where {here} <> nameless({name}, :id)", who)
        case Fate.INSIDE:
            con.execute(f"delete from {table} where {here} = :id", who)
            con.execute(
                f"""update {table} set {name} = replace({name}, :id, '')
                where {here} <> nameless({name}, :id)""",
                who,
            )
        case Fate.CLEARED | Fate.COLLEAGUE:
            cells = {name: ":colleague" if fate is Fate.COLLEAGUE else "''"}
            cells |= {one: ":colleague" for one, of in FATES[table].items() if of == Named(name)}
            pairs = ", ".join(f"{one} = {value}" for one, value in cells.items())
            con.execute(f"update {table} set {pairs} where {here} = :id", who)
        case Fate.SAID:
            found = con.execute(
                f"""update {table} set {name} = nameless({name}, :names)
                where {here} <> '' and {name} <> nameless({name}, :names)
                returning {"id" if table == "idea" else "null"}""",
                who,
            )
            return [id_ for (id_,) in found.fetchall() if id_ is not None]
    return []


def scope(con: Connection, table: str) -> str:
    """What makes a row of a table one of the workspace."""
    if table in con.tables_with("workspace"):
        return "workspace = :workspace"
    return "idea_id in (select id from idea where workspace = :workspace)"


def _redraw(con: Connection, who: Mapping[str, str], changed: Sequence[int], now: datetime) -> None:
    """Have those of these ideas put right in the chat that the bot posted there."""
    posted = column(
        con,
        """select id from idea where id in (select value from json_each(:ids))
          and source in ('command', 'form') and ts is not null and withdrawn is null""",
        {"ids": json.dumps(changed)},
    )
    for idea_id in posted:
        outbox.queue(con, who["workspace"], {Effect.REDRAW: str(idea_id)}, now=now)


# -- a copy that is older than an erasure -------------------------------------------------------

IDS: Final = {Fate.ROW, Fate.CLEARED, Fate.COLLEAGUE, Fate.HELD, Fate.INSIDE}
TOKEN: Final = re.compile(r"[\w:.-]+")


def forget_again(con: Connection, erasures: Sequence[Erasure]) -> None:
    """Erase whoever was erased after this copy of the database was made, and their ideas."""
    found: dict[str, tuple[str, str]] = {}
    salts = {one.salt for one in erasures}
    for workspace, member_id in set(_everybody(con)):
        found |= {
            erased.hash_of(salt, workspace, member_id): (workspace, member_id) for salt in salts
        }
    for one in erasures:
        if one.hash in found:
            forget(con, *found[one.hash], one, now=one.at)
        erased.note(con, one)
    noted = f"select 1 from {erased.matches('workspace', erased.OF_IDEA)}"
    for idea_id in column(con, f"select id from idea where exists ({noted})"):
        withdrawals.erase(con, idea_id, now=max(one.at for one in erasures))
    note_erasure(con, whole=True)


def _everybody(con: Connection) -> Iterator[tuple[str, str]]:
    """Whoever is in the database, and words that are no ids; a pair of workspace and id each."""
    columns = [("idea", "author_id"), ("idea", "unnamed")]
    columns += [(table, name) for table, of in FATES.items() for name in of if of[name] in IDS]
    for table, name in columns:
        for workspace in column(con, "select id from workspace"):
            cells = column(
                con,
                f"select {name} from {table} where {scope(con, table)} and {name} <> ''",
                {"workspace": workspace},
            )
            yield from ((workspace, word) for cell in cells for word in TOKEN.findall(cell))
