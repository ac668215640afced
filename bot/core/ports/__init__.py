"""What the core asks of the world: a store for ideas, and a chat to speak in."""

from __future__ import annotations

from typing import Protocol

from bot.core.ports.chat import Chat
from bot.core.ports.ideas import Finding, Intake
from bot.core.ports.people import People, Readings
from bot.core.ports.week import Choices, Weekly
from bot.core.ports.work import Queue, Upkeep

__all__ = ["Chat", "IdeaStore"]


class IdeaStore(Intake, Finding, People, Readings, Weekly, Choices, Queue, Upkeep, Protocol):
    """Where everything is kept. Each method is one transaction; when it returns, it is on disk.

    Every row carries its workspace and every query takes it. Raises `StoreBusyError` when another
    process holds the file too long, `StoreFullError` when the disk is full or read-only, and then
    has changed nothing. Instants are aware datetimes in UTC.
    """
