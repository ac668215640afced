"""Background tasks that are to live as long as the program: one that dies is said, and known."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.core.errors import new_reference

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
        task.add_done_callback(self._ended_well if ends else self._ended)
        return task

    def _ended_well(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._ended(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self.ending:
            return
        error = None if task.cancelled() else task.exception()
        why = "it was ended" if error is None else type(error).__name__
        reference = new_reference()
        log.error("%s has died, reference %s", task.get_name(), reference, exc_info=error)
        self.dead[task.get_name()] = f"{why}; restart the program. Reference {reference}"
