"""A Slack that knows nothing and says yes: just enough for a bot to start and to go on.

It runs in a process of its own (`python -m tests.benchmarks.slack PORT`), so that what it costs
is on nobody's account.
"""

import sys
from typing import Any

from aiohttp import web

TEAM = "T0BENCH"
BOT = {"user_id": "U0BENCHBOT", "bot_id": "B0BENCHBOT"}
TOKEN = "xoxb-benchmark"
SECRET = "a secret for benchmarks"
CHANNELS = ("C0BENCH001", "C0BENCH002", "C0BENCH003")


def answer_to(method: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What *method* answers when all is well."""
    match method:
        case "auth.test":
            return {"team_id": TEAM, "team": "Bench", "url": "http://localhost/", **BOT}
        case "users.info":
            name = f"Member {asked.get('user')}"
            profile = {"display_name": name, "real_name": name, "title": "Teacher librarian"}
            return {"user": {"id": asked.get("user"), "team_id": TEAM, "profile": profile}}
        case "conversations.info":
            ident = asked.get("channel")
            return {"channel": {"id": ident, "name": f"room-{ident}", "is_private": False}}
        case "users.conversations":
            return {"channels": [{"id": one, "name": one.lower()} for one in CHANNELS]}
        case "chat.getPermalink":
            where = f"{asked.get('channel')}/{asked.get('message_ts')}"
            return {"permalink": f"http://localhost/archives/{where}"}
        case _:
            return {"ts": "1764086400.000100"}


async def handle(request: web.Request) -> web.Response:
    """Answer any method."""
    asked = await request.post()
    method = request.match_info["method"]
    return web.json_response({"ok": True, **answer_to(method, {**request.query, **asked})})


def main() -> None:
    """Serve until stopped."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", handle)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
