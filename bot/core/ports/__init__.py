"""What the core asks of the world: a store for ideas, and a chat to speak in."""

from typing import Protocol

from bot.core.ports.boards import Boards
from bot.core.ports.books import Books
from bot.core.ports.care import Care
from bot.core.ports.chat import Chat
from bot.core.ports.ideas import Finding, Intake
from bot.core.ports.imports import Imports
from bot.core.ports.people import OwnData, People, Readings
from bot.core.ports.saved import Saved
from bot.core.ports.shares import Shares
from bot.core.ports.subscriptions import Subscriptions
from bot.core.ports.week import Choices, Weekly
from bot.core.ports.work import Queue, Upkeep

__all__ = ["Chat", "IdeaStore"]


class IdeaStore(
    Intake,
    Imports,
    Finding,
    People,
    OwnData,
    Readings,
    Weekly,
    Choices,
    Shares,
    Subscriptions,
    Boards,
    Care,
    Books,
    Saved,
    Queue,
    Upkeep,
    Protocol,
):
    """Where everything is kept. Each method is one transaction; when it returns, it is on disk.

    Every row carries its workspace and every query takes it.

    What a name stands for, at every method:
        workspace, channel, member_id: the platform's ids, as text that nobody takes apart.
        ts: the platform's id of a message in its channel, as text that nobody takes apart.
        edited, stamp: the platform's stamp of an edit or an event; a later one sorts behind.
        idea_id: the id of an idea's row; number: what people call the idea, from 1 in each
            workspace. A number is never given twice.
        period: an ISO week in the channel's zone, `2026-W48`.
        key: what an effect or a notice is about, by which it waits or is told only once.
        now, at, since, until, due, lease: instants are aware datetimes in UTC, and spans are
            timedeltas. *since* is included and *until* is not, where nothing else is said.

    Raises:
        StoreBusyError: another process holds the file for too long; nothing is changed.
        StoreFullError: the disk is full or cannot be written; nothing is changed.
        StoreError: the store is closed.
    """
