"""Members as the platform describes them: asked about, and remembered."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError, StoreError
from bot.core.intake.credits import sender_of
from bot.core.intake.reader import with_names
from bot.core.model.ideas import Draft, NotAnIdea, Outcome
from bot.core.model.people import Person
from bot.core.model.posts import Post
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

PATIENCE = 0.5
"""Seconds that an answer waits for what is kept by the way."""


async def meet(
    store: IdeaStore, chats: Chats, workspace: str, member_id: str, *, now: datetime
) -> Person:
    """Ask the platform about a member, and keep what it says.

    Raises:
        ChatError: it does not tell.
    """
    person = await chats.of(workspace).person(member_id)
    await store.remember_member(workspace, person, now=now)
    return person


async def noted(keeping: Awaitable[object]) -> None:
    """Keep what was learnt by the way, if that works soon; whoever asked is answered anyway."""
    with suppress(StoreError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await keeping


async def is_bot(
    store: IdeaStore, chats: Chats, workspace: str, member_id: str, *, now: datetime
) -> bool:
    """Whether a member is a bot; whoever is not known, and cannot be asked about now, is none."""
    known = await store.member(workspace, member_id)
    if known is not None and known.looked_up_at is not None:
        return known.person.is_bot
    try:
        return (await meet(store, chats, workspace, member_id, now=now)).is_bot
    except ChatError:
        return False


async def with_author(store: IdeaStore, chats: Chats, post: Post, *, now: datetime) -> Post:
    """A post with the person whose words it holds as its author, though an app posted it.

    That is its author, if they are a person, or whom it names as its sender; else it has none.
    A file that an app shares says nothing of the app.

    Raises:
        ChatUnavailableError: the platform must be asked again later.
    """
    workspace = post.place.workspace
    if not post.by_app and not await is_bot(store, chats, workspace, post.author_id, now=now):
        return post
    for member in filter(None, (post.author_id, sender_of(post.body))):
        try:
            person = await meet(store, chats, workspace, member, now=now)
        except (ChatUnavailableError, ChatInDoubtError):
            raise
        except ChatError:
            continue
        if not person.is_bot:
            return replace(post, author_id=member)
    return replace(post, author_id="")


async def keep_chosen(
    store: IdeaStore,
    chats: Chats,
    post: Post,
    keep: Callable[[Post], Awaitable[Outcome]],
    *,
    now: datetime,
) -> Outcome:
    """Keep a message that somebody chose, under the name of whoever's words it holds.

    Raises:
        ChatUnavailableError: the platform must be asked again later who that is.
    """
    post = await with_author(store, chats, post, now=now)
    return await keep(post) if post.author_id else NotAnIdea("app")


async def named(store: IdeaStore, draft: Draft, post: Post) -> Draft:
    """Return a draft with the names that are known where ids stood."""
    if not draft.unnamed:
        return draft
    unnamed = [one.partition("|")[0].removeprefix("#") for one in draft.unnamed]
    names = await store.names(post.place.workspace, unnamed, public=True)
    return with_names(draft, post, names)
