"""Looking after ideas at the desk: the form for coordinators, and what came of it."""

from dataclasses import dataclass, replace

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import FormError
from bot.core.finding.care import Care, offered
from bot.core.messages import care as messages
from bot.core.model.framework import Framework
from bot.core.model.parts import Submission
from bot.core.model.people import Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Caring:
    """Opens the form about one idea, and does what it says."""

    care: Care
    framework: Framework

    async def ask(self, asker: Asker, number: int) -> OpenForm:
        """Open the form about an idea, also one that is hidden or merged."""
        looked = await self.care.look(asker, number)
        idea = looked.idea
        return OpenForm(messages.form(idea, offered(idea), self.framework, looked.into))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Do what the form says."""
        asker = replace(asker, channel="")
        try:
            looked, done = await self.care.do(asker, form.about.number, form.values)
        except FormError as error:
            return Problems(error.problems)
        words = messages.done(looked.idea, done, looked.into, self.framework)
        return Answer(words, channel=looked.idea.channel)
