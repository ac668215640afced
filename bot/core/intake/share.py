"""Ideas that members write to the bot, in a command or the form: kept, and changed by their author.

Where the bot posts them itself, that waits in the outbox.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import CommandError, StoreError
from bot.core.intake.given import Given, put
from bot.core.intake.people import named
from bot.core.intake.reader import Reader, typed
from bot.core.model.cutting import size
from bot.core.model.ideas import Captured, Draft, Idea, Shared, Source
from bot.core.model.posts import NOTHING, Mention, Place, Post, Text
from bot.core.ports import IdeaStore

NOTHING_MORE = Given()


@dataclass(frozen=True, slots=True)
class Sharer:
    """Keeps what members write for the bot to post, and what they change of their ideas.

    Args:
        longest: characters, as `size` counts, of an idea that the bot posts itself, in one
            message with its author; no field of a form takes more.
    """

    store: IdeaStore
    reader: Reader
    now: Callable[[], datetime]
    longest: int = sys.maxsize

    async def share(self, post: Post, *, source: Source, given: Given = NOTHING_MORE) -> Shared:
        """Keep an idea that a member typed into a command or the form; it is posted after that.

        Args:
            post: what was typed, in the channel where it shall stand; its *ts* is still empty.
            given: what the form says beside it.

        Raises:
            CommandError: there is nothing in it, or more than one message holds.
        """
        draft = await self._with(await self._typed(post), post.place.workspace, given)
        outcome = await self.store.share(post, draft, source=source, now=self.now())
        idea = await self.store.idea_by_id(outcome.id)
        if idea is None:
            raise StoreError("That idea could not be read back. Please try again.")
        return Shared(idea, new=isinstance(outcome, Captured))

    async def revise(self, idea: Idea, text: str | None, given: Given) -> Idea | None:
        """Put what its author says in the form in the place of what an idea had.

        Args:
            text: the words that the bot's post of it shall have; None: they are a member's post.

        Returns:
            The idea as it is now; None: it was withdrawn meanwhile.

        Raises:
            CommandError: as `share`.
        """
        workspace, framework = idea.workspace, self.reader.framework
        words = None
        if text is not None and text.strip() != idea.text:
            place = idea.place or Place(workspace, idea.channel, "")
            body = typed((Text(text),))
            post = Post(place=place, posted_at=idea.posted_at, author_id=idea.author.id, body=body)
            words = await self._typed(post)
        suggested = () if idea.asks else framework.codes(idea.text)
        stands = Draft(text=idea.text, kind=idea.kind, marked=False, components=suggested)
        draft = await self._with(words or stands, workspace, given)
        return await self.store.revise(
            workspace,
            idea.number,
            words,
            added=draft.added,
            components=draft.components,
            framework=framework.version,
            now=self.now(),
        )

    async def _with(self, draft: Draft, workspace: str, given: Given) -> Draft:
        names = await self.store.names(workspace, given.members) if given.members else NOTHING
        return put(draft, given, names, self.reader.framework)

    async def _typed(self, post: Post) -> Draft:
        """Read what the bot shall post for a member; raises as `share`."""
        # Commands send a handle along with a mention; the name as shown is better.
        mentioned = [span.member_id for span in post.body if isinstance(span, Mention)]
        names = await self.store.names(post.place.workspace, mentioned) if mentioned else NOTHING
        draft = await named(self.store, self.reader.draft(post, names, marked=True), post)
        if not draft.text:
            raise CommandError("That idea has no text. Nothing was kept; please try again.")
        if (long := size(draft.text)) > self.longest:
            raise CommandError(
                f"That idea has {long:,} characters, and I can post {self.longest:,}. "
                "Please post it in the channel yourself, and I will keep it from there."
            )
        return draft
