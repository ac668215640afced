"""A coordinator's round at the desk: by command, by button, and the form about the next digest."""

from dataclasses import dataclass

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import FormError
from bot.core.messages import rounds as messages
from bot.core.model.actions import Action
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.week.rounds import Rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingRound:
    """Shows the round, and takes in what is decided on it."""

    rounds: Rounds

    async def look(self, asker: Asker) -> Message:
        """Show what waits."""
        return messages.round_(await self.rounds.look(asker), self.rounds.zone)

    async def judge(self, asker: Asker, action: Action) -> Message:
        """Take in whether a post is an idea, and show the next one."""
        is_idea = action.text == messages.YES
        then = await self.rounds.judge(asker, action.number, is_idea=is_idea)
        return messages.round_(then, self.rounds.zone)

    async def ask(self, asker: Asker, action: Action) -> OpenForm:
        """Open the form about the next digest of a channel."""
        return OpenForm(messages.form(await self.rounds.week(asker, action.channel), action.text))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep the line and the pick."""
        channel, (pick, _, line) = form.about.channel, form.about.text.partition(" ")
        try:
            kept = await self.rounds.save(asker, channel, form.touched(pick=pick, line=line))
        except FormError as error:
            return Problems(error.problems)
        return Answer(messages.saved(kept), channel=channel)
