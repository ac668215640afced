"""Sharing an idea by a command, a button or a form."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.desk.commands import looks_like_command
from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    CommandError,
    NotAllowedError,
)
from bot.core.finding.posting import PostingPermissions
from bot.core.intake.keep import Keeper
from bot.core.intake.reader import typed
from bot.core.messages import forms
from bot.core.messages import sharing as messages
from bot.core.model.actions import Action
from bot.core.model.ideas import Shared, Source
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.model.posts import Place, Post, Span, Text
from bot.core.model.typed import typed_text
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore

LONGEST_BUTTON = 1_900
"""Characters of a text that a button can give back to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Keeps what a member types or sends in a form, and has it posted.

    Args:
        spans: reads a text as the platform sent it.
        settle: waits a moment for a job of the outbox; returns why it failed, if it did.
    """

    store: IdeaStore
    keeper: Keeper
    posting: PostingPermissions
    spans: Callable[[str], tuple[Span, ...]]
    settle: Callable[[Effect, str], Awaitable[ChatError | None]]
    now: Callable[[], datetime]

    async def typed(self, asker: Asker, text: str) -> Reply:
        """Keep the idea that was typed after the command; open the form where none was."""
        text = text.strip()
        if not text:
            places = await self.posting.open_to(asker)
            if not places:
                return Answer(messages.which_channel("", ()))
            return OpenForm(forms.share(places, here=asker.channel))
        meant = looks_like_command(typed_text(self.spans(text)))
        is_open = await self.posting.open_here(asker)
        if meant is not None and len(text) <= LONGEST_BUTTON:
            here = asker.channel if is_open else ""
            return Answer(messages.meant_ideas(text, meant, channel=here))
        if is_open:
            return Answer(await self._share(asker, asker.channel, self.spans(text)))
        places = await self.posting.open_to(asker)
        if len(text) > LONGEST_BUTTON:
            return Answer(messages.too_long_to_ask(places))
        return Answer(messages.which_channel(text, places))

    async def ask(self, asker: Asker) -> Reply:
        """Open the form for an idea."""
        return OpenForm(forms.share(await self.posting.open_to(asker), here=asker.channel))

    async def share_here(self, asker: Asker, action: Action) -> Reply:
        """Keep an idea in the channel that was chosen; without one, ask for it."""
        if not action.channel:
            places = await self.posting.open_to(asker)
            return Answer(messages.which_channel(action.text, places))
        await self.posting.check(asker, action.channel)
        return Answer(await self._share(asker, action.channel, self.spans(action.text)))

    async def share_again(self, asker: Asker, action: Action) -> Reply:
        """Keep an idea again whose post of ours was deleted a moment ago, in plain words."""
        await self.posting.check(asker, action.channel)
        return Answer(await self._share(asker, action.channel, (Text(action.text),)))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep an idea from the form."""
        asker = replace(asker, channel=form.about.channel)
        channel, text = form.values.get("channel", ""), form.values.get("text", "")
        try:
            await self.posting.check(asker, channel)
        except NotAllowedError as error:
            return Problems({"channel": str(error)})
        try:
            thanks = form.values.get("thanks", "")
            message = await self._share(asker, channel, (Text(text),), thanks, source=Source.FORM)
        except CommandError as error:
            return Problems({"text": str(error)})
        return Answer(message, channel=channel)

    async def _share(
        self,
        asker: Asker,
        channel: str,
        body: tuple[Span, ...],
        thanks: str = "",
        *,
        source: Source = Source.COMMAND,
    ) -> Message:
        post = Post(
            place=Place(asker.workspace, channel, ""),
            posted_at=self.now(),
            author_id=asker.member_id,
            body=typed(body),
        )
        return await self._outcome(await self.keeper.share(post, source=source, thanks=thanks))

    async def _outcome(self, shared: Shared) -> Message:
        """Say that it is kept, and, when that is known soon enough, whether it is posted."""
        if not shared.new:
            return messages.kept(shared.idea, new=False)
        problem = await self.settle(Effect.PUBLISH, str(shared.idea.id))
        idea = await self.store.idea_by_id(shared.idea.id) or shared.idea
        if problem is None or idea.ts is not None:
            return messages.kept(idea, new=True)
        if isinstance(problem, ChatUnavailableError | ChatInDoubtError):
            return messages.kept_waiting(idea, str(problem))
        # They read it here and now; a direct message would only say it again.
        await self.store.take_back(idea.workspace, Effect.UNPOSTED, str(idea.id))
        return messages.kept_unposted(idea, str(problem))
