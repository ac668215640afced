"""The week at the desk: a channel's settings, its weekly question, and its next digest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.desk.command_table import Verb
from bot.core.desk.commands import Command
from bot.core.desk.replies import Answer, OpenForm, Problems, Reply, Where
from bot.core.errors import FormError
from bot.core.messages import questions
from bot.core.messages import settings as messages
from bot.core.messages import weekly as digests
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.week.ahead import Ahead
from bot.core.week.questions import PromptService
from bot.core.week.settings import ChannelSettings
from bot.core.week.weekly import Weekly


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """Shows a channel's settings to who coordinates it, and takes in what they change."""

    settings: ChannelSettings

    async def asked(self, asker: Asker, *, log: bool) -> Reply:
        """Open the form, or with *log* say who changed what."""
        chosen = await self.settings.chosen(asker, asker.channel)
        return Answer(messages.log(chosen)) if log else OpenForm(messages.form(chosen))

    async def open(self, asker: Asker, action: Action) -> Reply:
        """Open the form, or show in it the fields, too, that are rarely used."""
        more = action.act is Act.SETTINGS_MORE
        chosen = await self.settings.chosen(asker, action.channel)
        return OpenForm(messages.form(chosen, more=more), instead=more)

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the form says, and tell what comes next with it."""
        channel = form.about.channel
        try:
            chosen, changes = await self.settings.save(asker, channel, form.values)
        except FormError as error:
            return Problems(error.problems)
        return Answer(messages.saved(chosen, changes), channel=channel)


@dataclass(frozen=True, slots=True)
class Prompts:
    """What members and coordinators do with the weekly question."""

    service: PromptService

    async def asked(self, asker: Asker, asked: Command) -> Reply:
        """The answer to a command about the weekly question."""
        return Answer(await self._answer(asker, asker.channel, asked))

    async def every(self, asker: Asker, start: int) -> Reply:
        """A page of all the questions that the channel knows."""
        listed = await self.service.list(asker, asker.channel)
        return Answer(questions.every(listed, start))

    async def decide(self, asker: Asker, action: Action) -> Reply:
        """Accept or decline a proposal."""
        accept = action.act is Act.PROMPT_ACCEPT
        result = await self.service.decide(asker, action.channel, action.number, accept=accept)
        return Answer(questions.decided(result))

    async def _answer(self, asker: Asker, here: str, asked: Command) -> Message:
        service = self.service
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The next digest before it is posted: for everybody to see, for coordinators to change."""

    settings: ChannelSettings
    weekly: Weekly
    ahead: Ahead
    now: Callable[[], datetime]

    async def preview(self, asker: Asker, start: int = 0) -> Reply:
        """One message of the digest as it would be posted now, with buttons to the others."""
        channel = await self.settings.known(asker, asker.channel)
        whole = await self.weekly.preview(DeliveryKind.DIGEST, channel, self.now())
        return Answer(digests.digest_preview(whole, start) if whole else digests.nothing_new())

    async def look(self, asker: Asker, action: Action) -> Reply:
        """One of several digests; the message that names the others stays."""
        message = await self.ahead.look(asker, action.channel, action.period)
        return Answer(message, Where.BESIDE)

    async def skip(self, asker: Asker, action: Action) -> Reply:
        """Skip this week, or post it after all."""
        message = await self.ahead.skip(asker, action.channel, action.period, back=action.back)
        return Answer(message)

    async def leave_out(self, asker: Asker, action: Action) -> Reply:
        """Leave an idea out, or put it back."""
        message = await self.ahead.leave_out(
            asker, action.channel, action.period, action.number, back=action.back
        )
        return Answer(message)
