"""`make playground`: try Commonplace for Teams without Teams, in Microsoft's Agents Playground."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.npm import NoNpmError
from tests.playground.starting import SAMPLES, EndedError, playground

DATA = Path("data")
PORT = 56150
CHANNEL = SAMPLES["team"]["channels"][0]
WELCOME = """
  Commonplace is ready to try in Microsoft's Agents Playground: {page}
  It is not Teams: its people are samples, and what is typed there stays on this computer.

  Choose {channel} on the left: that adds Commonplace to the team. There, begin each message with
  an @, choose Commonplace from the list, and go on with:
    idea Book tasting with the science teachers #reading     keeps it, under your name
    list        search tasting        show 1                 finds it
    idea                                                     opens the form
  A message that does not begin so does not reach any bot here; in Teams Commonplace hears all.
  To save such a one all the same: its menu > Action Command, and save_idea for the Command ID.
  In the personal chat no @ is needed; export brings the CSV there. help shows the rest.

  In another terminal, the digest and the week's question (they stand in {channel} at once):
    cd {folder} && {commonplace} digest --post --channel {id}
    cd {folder} && {commonplace} prompt --post --channel {id}

  Ctrl-C ends it, and forgets what was kept.
"""


async def main() -> int:
    """Run both until SIGINT or SIGTERM; return the exit status."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    try:
        page_port = int(os.environ.get("PORT") or PORT)
        bot_port = int(os.environ.get("BOT_PORT") or 0)
    except ValueError:
        return complain("PORT and BOT_PORT are numbers, such as 56150.")
    folder = DATA / (f"playground-{page_port}" if page_port else "playground")
    try:
        async with playground(folder.absolute(), page_port=page_port, bot_port=bot_port) as running:
            said = WELCOME.format(
                page=running.page,
                channel=CHANNEL["name"],
                id=CHANNEL["id"],
                folder=folder,
                commonplace=Path(sys.executable).with_name("commonplace"),
            )
            sys.stdout.write(said)
            sys.stdout.flush()
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait([stopped, running.ended], return_when=asyncio.FIRST_COMPLETED)
            if not stop.is_set():
                return complain(f"{running.ended.result()} ({folder} holds the logs)")
    except NoNpmError as error:
        return complain(
            f"{error}. Microsoft's Agents Playground runs on Node 20 or newer. Install it, for "
            "example from nodejs.org, or say which one to take: NODE=/path/to/node make playground"
        )
    except OSError as error:
        return complain(
            f"{error.strerror}. Choose others: PORT=56151 BOT_PORT=3979 make playground"
        )
    except EndedError as error:
        return complain(str(error))
    return 0


def complain(words: str) -> int:
    """Say what is wrong; return the exit status for that."""
    sys.stderr.write(f"{words}\n")
    return 2


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
