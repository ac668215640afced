"""The workspaces: what the platform says of them, and of the bot in each."""

from collections.abc import Sequence

from bot.core.errors import StoreError
from bot.core.model.people import Workspace
from storage import responses
from storage.connection import Connection
from storage.rows import cells_of, column, many, upsert


def ensure_workspace(con: Connection, workspace: str) -> None:
    """Something may come before the platform said anything of the workspace."""
    if not workspace:
        raise StoreError("It is not known which workspace that is for. Nothing was stored.")
    con.execute(
        "insert into workspace (id) values (:id) on conflict (id) do nothing", {"id": workspace}
    )


def remember_workspace(con: Connection, workspace: Workspace) -> None:
    """Keep what the platform says; reactions of a bot not known before stop counting."""
    old = con.execute(
        "select bot_user_id from workspace where id = :id", {"id": workspace.id}
    ).fetchone()
    upsert(con, "workspace", cells_of(workspace), "id")
    known = "" if old is None else old["bot_user_id"]
    if workspace.bot_user_id not in {"", known}:
        responses.recount(con, workspace.id, workspace.bot_user_id)


def workspaces(con: Connection) -> Sequence[Workspace]:
    """Those that the bot was ever installed in, by id. Others were only named by something."""
    return many(con, Workspace, "select * from workspace where bot_user_id <> '' order by id")


def named(con: Connection) -> Sequence[str]:
    """The ids of all workspaces that anything is kept of."""
    return column(con, "select id from workspace where id <> '' order by id")
