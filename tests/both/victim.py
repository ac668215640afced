"""The program on both platforms in a process of its own, that ticks without a rest: to be killed.

What it is to know comes as one line of JSON on standard input; it writes its address.
"""

import asyncio
import json
import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.clock import Clock
from bot.compose import build
from bot.config import load_settings
from bot.readiness import answers
from bot.schedule import Schedule
from bot.serve import listen, running
from bot.slack import Account
from handlers.teams.account import Addresses
from handlers.web import make_app

EVERY = 0.05
"""Seconds from one tick to the next."""


async def main(told: Any) -> None:
    """Run until the end."""
    settings = load_settings(env_file=None, port=0, **told["settings"])
    clock = Clock.starting(datetime.fromisoformat(told["now"]))
    async with build(
        settings,
        clock,
        accounts=[Account(settings.slack_bot_token.reveal(), settings.slack_api_url)],
        microsoft=Addresses(**told["microsoft"]),
    ) as built:
        parts = replace(built, schedule=Schedule(built.timetable.tick, every=EVERY))
        async with (
            running(parts),
            listen(make_app(partial(answers, parts)), "127.0.0.1", 0) as url,
        ):
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))
