"""Background tasks that are to live as long as the program: one that dies is said, and known."""

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
    """Whether tasks are being ended: whatever ends now is meant to."""

    def watch(self, task: asyncio.Task[None], *, ends: bool = False) -> asyncio.Task[None]:
        """Look after a task, and return it.

        Args:
            ends: it may end by itself; otherwise that alone is its death.
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
