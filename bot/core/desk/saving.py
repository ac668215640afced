"""*Save as idea*: a message that somebody chose is kept under the name of its author."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.core.errors import NotAllowedError
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import Keeper
from bot.core.intake.people import keep_chosen
from bot.core.messages import notices
from bot.core.model.ideas import Captured, NotAnIdea, Nothing, Source
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.model.posts import Post
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """Keeps a message by the rules of a mark, and says what came of it."""

    store: IdeaStore
    chats: Chats
    keeper: Keeper
    permissions: Permissions
    now: Callable[[], datetime]

    async def save(self, asker: Asker, post: Post | None) -> Message:
        """Keep a message, as its author's idea; None: it is the bot's own.

        Raises:
            NotAllowedError: the bot keeps nothing of its channel, or the asker may not read that.
            ChatUnavailableError: the chat does not say whether they may, or whose words it holds.
        """
        if post is None:
            return notices.not_kept("ours")
        await self._check(asker, post.place.channel)
        keep = partial(self.keeper.choose, source=Source.SHORTCUT, by=asker.member_id)
        outcome = await keep_chosen(self.store, self.chats, post, keep, now=self.now())
        if (
            isinstance(outcome, NotAnIdea | Nothing)
            or (idea := await self.store.idea_by_id(outcome.id)) is None
        ):
            return notices.not_kept(getattr(outcome, "why", "outdated"))
        names = await self.store.names(asker.workspace, [idea.author.id])
        name = idea.author.name or names.get(idea.author.id, "")
        shown = replace(idea, author=replace(idea.author, name=name))
        return notices.saved(shown, new=isinstance(outcome, Captured))

    async def _check(self, asker: Asker, channel: str) -> None:
        there = replace(asker, channel=channel)
        known = None
        if await self.permissions.may_post_here(there):
            known = await self.store.channel(asker.workspace, channel)
        if known is None or not await self.permissions.may_read(asker, known):
            raise NotAllowedError(
                "I keep ideas only from channels that I am in, and that you can read. "
                "Nothing was kept."
            )
