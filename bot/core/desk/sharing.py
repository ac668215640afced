"""What members hand in: ideas, from a command, a button or a form, and their own profile."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.desk.commands import looks_like_command
from bot.core.desk.profiles import Profiles
from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    CommandError,
    NotAllowedError,
)
from bot.core.finding.permissions import Permissions
from bot.core.finding.similar import Similar
from bot.core.intake.given import Given, WrongFieldError
from bot.core.intake.reader import typed
from bot.core.intake.share import NOTHING_MORE, Sharer
from bot.core.messages import idea_form
from bot.core.messages import sharing as messages
from bot.core.messages.common import runs
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, Source
from bot.core.model.parts import Form, Message, Paragraph, Submission
from bot.core.model.people import Asker
from bot.core.model.posts import NOTHING, Place, Post, Span, Text
from bot.core.model.typed import typed_text
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore

LONGEST_BUTTON = 1_900
"""Characters of a text that a button can give back to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Keeps what a member types or sends in a form, and has it posted.

    Args:
        spans: reads a text as the platform of a workspace sent it: (workspace, text).
        settle: waits a moment for a job of the outbox; returns why it failed, if it did.
    """

    store: IdeaStore
    sharer: Sharer
    permissions: Permissions
    profiles: Profiles
    spans: Callable[[str, str], tuple[Span, ...]]
    settle: Callable[[Effect, str], Awaitable[ChatError | None]]
    framework: Framework
    similar: Similar
    now: Callable[[], datetime]

    async def typed(self, asker: Asker, text: str) -> OpenForm | Message:
        """Keep the idea that was typed after the command; open the form where none was."""
        text = text.strip()
        if not text:
            return await self.ask(asker)
        meant = looks_like_command(typed_text(self.spans(asker.workspace, text)))
        is_open = await self.permissions.may_post_here(asker)
        if meant is not None and len(text) <= LONGEST_BUTTON:
            return messages.meant_ideas(text, meant, channel=asker.channel if is_open else "")
        if is_open:
            return await self._share(asker, asker.channel, self.spans(asker.workspace, text))
        places = await self.permissions.may_post_in(asker)
        if len(text) > LONGEST_BUTTON:
            return messages.too_long_to_ask(places)
        return messages.which_channel(text, places)

    async def ask(self, asker: Asker) -> OpenForm | Message:
        """Open the form for an idea; say so where there is no channel that takes one."""
        places = await self.permissions.may_post_in(asker)
        return self._form(asker, places) if places else messages.which_channel("", ())

    async def pressed(self, asker: Asker, action: Action) -> Message:
        """Keep an idea in the channel that was chosen; without one, ask for it.

        One that is shared again, whose post of ours was deleted a moment ago, is in plain words.
        """
        if not action.channel:
            places = await self.permissions.may_post_in(asker)
            return messages.which_channel(action.text, places)
        await self.permissions.check_posting(asker, action.channel)
        again = action.act is Act.SHARE_AGAIN
        text = action.text
        body = (Text(text),) if again else self.spans(asker.workspace, text)
        return await self._share(asker, action.channel, body)

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep an idea from the form."""
        asker = replace(asker, channel=form.about.channel)
        channel, text = form.values.get("channel", ""), form.values.get("text", "")
        try:
            await self.permissions.check_posting(asker, channel)
            given = Given.read(form.values, asker.member_id)
            if form.about.text != idea_form.ANYWAY and (
                found := await self.similar.to(asker, text)
            ):
                places = await self.permissions.may_post_in(asker)
                return OpenForm(self._filled(asker, places, form.values, found), instead=True)
            message = await self._share(asker, channel, (Text(text),), given, source=Source.FORM)
        except NotAllowedError as error:
            return Problems({"channel": str(error)})
        except WrongFieldError as error:
            return Problems({error.field: str(error)})
        except CommandError as error:
            return Problems({"text": str(error)})
        return Answer(message, channel=channel)

    def _form(self, asker: Asker, places: Sequence[tuple[str, str]]) -> OpenForm:
        return OpenForm(self._filled(asker, places))

    def _filled(
        self,
        asker: Asker,
        places: Sequence[tuple[str, str]],
        values: Mapping[str, str] = NOTHING,
        alike: Sequence[Idea] = (),
    ) -> Form:
        here = asker.channel
        return idea_form.share(places, self.framework, here=here, values=values, alike=alike)

    async def _share(
        self,
        asker: Asker,
        channel: str,
        body: tuple[Span, ...],
        given: Given = NOTHING_MORE,
        *,
        source: Source = Source.COMMAND,
    ) -> Message:
        """Keep an idea; say so, and, when that is known soon enough, whether it is posted."""
        post = Post(
            place=Place(asker.workspace, channel, ""),
            posted_at=self.now(),
            author_id=asker.member_id,
            body=typed(body),
        )
        shared = await self.sharer.share(post, source=source, given=given)
        if not shared.new:
            return messages.kept(shared.idea, new=False)
        problem = await self.settle(Effect.PUBLISH, str(shared.idea.id))
        idea = await self.store.idea_by_id(shared.idea.id) or shared.idea
        if problem is None or idea.ts is not None:
            said = messages.kept(idea, new=True)
            if source is Source.FORM:
                chosen = given.component != idea_form.SUGGESTED
                about = idea_form.sorted_under(idea, self.framework, chosen=chosen)
                said = Message.of(*said.parts, Paragraph(runs(about)))
            else:
                alike = await self.similar.to(asker, idea.text, but=idea.number)
                said = Message.of(*said.parts, *idea_form.others_said(alike, asker.member_id))
            return await self.profiles.with_question(asker, said)
        if isinstance(problem, ChatUnavailableError | ChatInDoubtError):
            return messages.kept_waiting(idea, str(problem))
        # They read it here and now; a direct message would only say it again.
        await self.store.take_back(idea.workspace, Effect.UNPOSTED, str(idea.id))
        return messages.kept_unposted(idea, str(problem))
