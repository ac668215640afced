"""The week at the desk: a channel's settings, its weekly question, and its next digest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.core.desk.commands import Command
from bot.core.desk.entries import Verb
from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import FormError
from bot.core.messages import questions
from bot.core.messages import settings as messages
from bot.core.messages import weekly as digests
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.week.ahead import DigestPreviews
from bot.core.week.questions import PromptService
from bot.core.week.settings import ChannelSettings
from bot.core.week.weekly import Weekly

CHANGES: Final = {
    Verb.DIGEST_SKIP: Action(Act.SKIP),
    Verb.DIGEST_UNSKIP: Action(Act.SKIP, back=True),
    Verb.DIGEST_LEAVE_OUT: Action(Act.LEAVE_OUT),
    Verb.DIGEST_PUT_BACK: Action(Act.LEAVE_OUT, back=True),
}
"""What each of the verbs that change a digest does to the one that comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Shows what a channel is posted every week, and takes in what its coordinators change."""

    settings: ChannelSettings
    prompts: PromptService
    weekly: Weekly
    ahead: DigestPreviews
    now: Callable[[], datetime]

    async def settings_asked(self, asker: Asker, asked: Command) -> OpenForm | Message:
        """Open the form for a channel's settings, or say who changed what."""
        chosen = await self.settings.chosen(asker, asker.channel)
        return messages.log(chosen) if asked.text else OpenForm(messages.form(chosen))

    async def open_settings(self, asker: Asker, action: Action) -> OpenForm:
        """Open the form, or show in it the fields, too, that are rarely used."""
        more = action.act is Act.SETTINGS_MORE
        chosen = await self.settings.chosen(asker, action.channel)
        return OpenForm(messages.form(chosen, more=more, opened=action.text), instead=more)

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the settings' form says, and tell what comes next with it."""
        channel, given = form.about.channel, form.touched(line=form.about.text)
        try:
            chosen, changes = await self.settings.save(asker, channel, given)
        except FormError as error:
            return Problems(error.problems)
        return Answer(messages.saved(chosen, changes), channel=channel)

    async def prompt(self, asker: Asker, asked: Command) -> Message:
        """Answer a command about the weekly question."""
        service, here = self.prompts, asker.channel
        match asked.verb:
            case Verb.PROMPT_WHY:
                then = await service.next(asker, here)
                return questions.why(then, service.zone_of(then.channel))
            case Verb.PROMPT_ADD:
                return questions.added(await service.add(asker, here, asked.text))
            case Verb.PROMPT_LIST:
                listed = await service.list(asker, here)
                return questions.every(listed, 0) if asked.text else questions.own(listed)
            case Verb.PROMPT_EDIT:
                edited = await service.edit(asker, here, asked.which, asked.text)
                return questions.edited(edited)
            case Verb.PROMPT_REMOVE:
                return questions.removed(await service.remove(asker, here, asked.number))
            case Verb.PROMPT_ACCEPT | Verb.PROMPT_DECLINE:
                accept = asked.verb is Verb.PROMPT_ACCEPT
                decided = await service.decide(asker, here, asked.number, accept=accept)
                return questions.decided(decided)
            case Verb.PROMPT_SKIP:
                skipped, then = await service.skip(asker, here)
                return questions.skipped(skipped, then, service.zone_of(then.channel))
            case Verb.PROMPT_PIN:
                then = await service.pin(asker, here, asked.which)
                return questions.pinned(then, service.zone_of(then.channel))
            case Verb.PROMPT_ANSWERS:
                channel, counted = await service.answers(asker, here)
                return questions.answers(counted, service.zone_of(channel))
            case _:
                return await service.preview(asker, here)

    async def every_prompt(self, asker: Asker, action: Action) -> Message:
        """A page of all the questions that the channel knows."""
        listed = await self.prompts.list(asker, asker.channel)
        return questions.every(listed, action.start or 0)

    async def decide(self, asker: Asker, action: Action) -> Message:
        """Accept or decline a proposed question."""
        accept = action.act is Act.PROMPT_ACCEPT
        result = await self.prompts.decide(asker, action.channel, action.number, accept=accept)
        return questions.decided(result)

    async def preview_digest(self, asker: Asker, start: int = 0) -> Message:
        """One message of the digest as it would be posted now, with buttons to the others."""
        channel = await self.settings.known(asker, asker.channel)
        whole = await self.weekly.preview(DeliveryKind.DIGEST, channel, self.now())
        return digests.digest_preview(whole, start) if whole else digests.nothing_new()

    async def change_digest(self, asker: Asker, asked: Command) -> Message:
        """Skip the digest that comes next, leave an idea out of it, or take that back."""
        channel = await self.settings.coordinated(asker, asker.channel)
        change = replace(CHANGES[asked.verb], channel=channel.id, number=asked.number)
        return await self.ahead.press(asker, change)
