"""Background tasks that live as long as the program. One that dies is logged and remembered."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.core.errors import log_failure

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tasks:
    """Looks after tasks that nobody awaits, until all of them are told to end."""

    dead: dict[str, str] = field(default_factory=dict)
    """What died and why, in words, by the task's name."""
    ending: bool = False
    """Whether the program is ending: from now on, a task that ends has not died."""

    def watch(self, task: asyncio.Task[None], *, ends: bool = False) -> asyncio.Task[None]:
        """Look after a task, and return it.

        Args:
            ends: the task may end without an error; otherwise every end is a death.
        """

        def ended(task: asyncio.Task[None]) -> None:
            error = None if task.cancelled() else task.exception()
            well = ends and error is None and not task.cancelled()
            if not self.ending and not well:
                why = "it was ended" if error is None else type(error).__name__
                reference = log_failure(log, f"{task.get_name()} has died", error)
                self.dead[task.get_name()] = f"{why}; restart the program. Reference {reference}"

        task.add_done_callback(ended)
        return task
