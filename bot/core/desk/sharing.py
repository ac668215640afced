"""What members hand in: ideas, from a command, a button or a form, and their own profile."""

from collections.abc import Awaitable, Callable, Sequence
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
from bot.core.finding.permissions import Permissions
from bot.core.intake.given import Given, WrongFieldError
from bot.core.intake.reader import typed
from bot.core.intake.share import NOTHING_MORE, Sharer
from bot.core.messages import idea_form, licences
from bot.core.messages import sharing as messages
from bot.core.messages.common import runs
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.ideas import Source
from bot.core.model.parts import Message, Paragraph, Submission
from bot.core.model.people import Asker, Keep, Licence, Profile, Shown
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
        spans: reads a text as the platform of a workspace sent it: (workspace, text).
        settle: waits a moment for a job of the outbox; returns why it failed, if it did.
    """

    store: IdeaStore
    sharer: Sharer
    permissions: Permissions
    spans: Callable[[str, str], tuple[Span, ...]]
    settle: Callable[[Effect, str], Awaitable[ChatError | None]]
    framework: Framework
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
            message = await self._share(asker, channel, (Text(text),), given, source=Source.FORM)
        except NotAllowedError as error:
            return Problems({"channel": str(error)})
        except WrongFieldError as error:
            return Problems({error.field: str(error)})
        except CommandError as error:
            return Problems({"text": str(error)})
        return Answer(message, channel=channel)

    async def ask_profile(self, asker: Asker) -> OpenForm:
        """Open the form about oneself."""
        return OpenForm(messages.profile(await self._profile(asker), here=asker.channel))

    async def profile_submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the form says: it stands beside the member's ideas from now on."""
        words = {name: form.values.get(name, "").strip() for name in ("school", "district", "role")}
        given = form.values.get("shown")
        shown = Shown(given) if given else (await self._profile(asker)).shown
        profile = Profile(
            **words,
            keep=Keep(form.values.get("keep") or Keep.ALL),
            shown=shown,
            licence=next((one for one in Licence if one == form.values.get("licence")), None),
        )
        earlier = await self._keep_profile(asker, profile)
        return Answer(messages.profile_saved(profile, earlier), channel=form.about.channel)

    async def show_as(self, asker: Asker, action: Action) -> Message:
        """Keep what pages that people outside can open may show of the asker."""
        if action.text not in set(Shown):
            raise CommandError("I cannot read that button, so nothing was changed.")
        profile = replace(await self._profile(asker), shown=Shown(action.text))
        await self._keep_profile(asker, profile)
        return messages.shown_saved(profile)

    async def license_as(self, asker: Asker, action: Action) -> Message:
        """Keep what others may do with what the asker shares from now on."""
        if action.text not in set(Licence):
            raise CommandError("I cannot read that button, so nothing was changed.")
        profile = replace(await self._profile(asker), licence=Licence(action.text))
        return messages.licence_saved(profile, await self._keep_profile(asker, profile))

    async def license_earlier(self, asker: Asker) -> Message:
        """Let others do the same with what the asker shared before."""
        changed = await self.store.license_earlier(asker.workspace, asker.member_id)
        return licences.applied((await self._profile(asker)).licence, changed)

    async def _keep_profile(self, asker: Asker, profile: Profile) -> int:
        """Keep what the asker told; how many of their earlier ideas are under other terms."""
        await self.store.set_profile(asker.workspace, asker.member_id, profile)
        return await self.store.earlier(asker.workspace, asker.member_id)

    async def _profile(self, asker: Asker) -> Profile:
        member = await self.store.member(asker.workspace, asker.member_id)
        return Profile() if member is None else member.profile

    def _form(self, asker: Asker, places: Sequence[tuple[str, str]]) -> OpenForm:
        return OpenForm(idea_form.share(places, self.framework, here=asker.channel))

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
            if source is not Source.FORM:
                return said
            chosen = given.component != idea_form.SUGGESTED
            about = idea_form.sorted_under(idea, self.framework, chosen=chosen)
            return Message.of(*said.parts, Paragraph(runs(about)))
        if isinstance(problem, ChatUnavailableError | ChatInDoubtError):
            return messages.kept_waiting(idea, str(problem))
        # They read it here and now; a direct message would only say it again.
        await self.store.take_back(idea.workspace, Effect.UNPOSTED, str(idea.id))
        return messages.kept_unposted(idea, str(problem))
