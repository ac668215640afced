"""The bot on a slow disk: `python -m tests.benchmarks.slow_disk GROUP run`.

A commit sleeps for 4 ms when it is done, as it would wait for such a disk, and no more than GROUP
events share one. Everything else is the program as it is.
"""

import sys
import time
from typing import Any

from bot.cli import main
from storage.sqlite import connection, writer

LATENCY = 0.004


class SlowConnection(connection.Connection):
    """A connection whose commits take long."""

    def execute(self, sql: str, *values: Any) -> Any:
        done = super().execute(sql, *values)
        if sql == "commit":
            time.sleep(LATENCY)
        return done


if __name__ == "__main__":
    group = int(sys.argv.pop(1))
    vars(writer).update(GROUP=group, ENOUGH=group)
    vars(connection).update(Connection=SlowConnection)
    main()
