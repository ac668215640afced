"""Members' own digests at the desk: begin, change and stop."""

from dataclasses import dataclass

from bot.core.desk.commands import Command
from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import FormError
from bot.core.messages import subscriptions as messages
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.week.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribing:
    """Lets members have a digest of their own."""

    subscriptions: Subscriptions

    async def typed(self, asker: Asker, asked: Command) -> Reply:
        """Begin with what is usual, or stop, as the word says; without one, open the form."""
        if asked.text == "off":
            return Answer(await self.stop(asker))
        if asked.text:
            return Answer(messages.begun(await self.subscriptions.begin(asker)))
        return await self.ask(asker)

    async def ask(self, asker: Asker) -> OpenForm:
        """Open the form."""
        return OpenForm(messages.form(await self.subscriptions.view(asker)))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the form says."""
        try:
            view = await self.subscriptions.save(asker, form.values)
        except FormError as error:
            return Problems(error.problems)
        return Answer(messages.begun(view, changed=True))

    async def stop(self, asker: Asker) -> Message:
        """Stop them, at once."""
        return messages.stopped(had=await self.subscriptions.stop(asker))
