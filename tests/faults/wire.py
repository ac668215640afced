"""What Slack puts on the wire, for tests that send it themselves; and stones in the way of it."""

import hashlib
import hmac
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.conftest import Bot
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for the first unit"


def under_way(slack: Slack) -> dict[str, Any]:
    """The envelope of what was just done: to be called before anything else runs."""
    (parcel,) = slack.delivery.pending
    return parcel.payload


def given_up(slack: Slack) -> set[str]:
    """The posts whose events were never acknowledged, by ts."""
    lost = (body["event"] for body in slack.delivery.lost)
    return {event["ts"] for event in lost if event["type"] == "message"}


def envelope(slack: Slack, event: Mapping[str, Any], ident: str = "Ev0001") -> dict[str, Any]:
    """An event as Slack wraps it."""
    return {
        "type": "event_callback",
        "team_id": slack.workspace.team_id,
        "event_id": ident,
        "event_time": int(time.time()),
        "event": dict(event),
        "authorizations": [
            {"team_id": slack.workspace.team_id, "user_id": slack.bot.id, "is_bot": True}
        ],
    }


async def send(url: str, slack: Slack, body: object, **headers: str) -> int:
    """Send a signed body over HTTP as Slack does; returns the status."""
    raw = json.dumps(body).encode()
    stamp = str(int(time.time()))
    signed = hmac.new(
        slack.signing_secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256
    ).hexdigest()
    wanted = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signed}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/slack/events", data=raw, headers=wanted) as response,
    ):
        return response.status


async def ready(bot: Bot) -> tuple[int, dict[str, str]]:
    """What the readiness page says: its status, and what is wrong."""
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/readyz") as answer:
        return answer.status, json.loads(await answer.text())["problems"]


@contextmanager
def stumbling(database: Path, word: str = "", *, table: str = "idea") -> Iterator[None]:
    """While this lasts, the database itself fails on any idea with *word* in it, or any row."""
    when = f"when new.text like '%{word}%'" if word else ""
    with closing(sqlite3.connect(database, timeout=10)) as con:
        con.execute(
            f"""create trigger stumble before insert on {table} {when}
            begin select raise(abort, 'a stone in the way'); end"""
        )
        con.commit()
    try:
        yield
    finally:
        with closing(sqlite3.connect(database, timeout=10)) as con:
            con.execute("drop trigger stumble")
            con.commit()


def texts(database: Path) -> list[str]:
    """The texts of all ideas that are kept, in the order of their numbers."""
    with closing(sqlite3.connect(database)) as con:
        rows = con.execute("select text from idea where withdrawn is null order by number")
        return [text for (text,) in rows]
