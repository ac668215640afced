"""Editing an idea of one's own, in the form in which ideas are shared."""

from dataclasses import dataclass

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import CommandError, NoSuchIdeaError
from bot.core.finding.ideas import IdeaFinder
from bot.core.intake.given import Given, WrongFieldError, entered
from bot.core.intake.share import Sharer
from bot.core.messages import idea_form
from bot.core.model.framework import Framework
from bot.core.model.ideas import POSTED_BY_US, Idea
from bot.core.model.parts import Form, Submission, uncut
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """Changes an idea as its author says; nobody else may."""

    store: IdeaStore
    finder: IdeaFinder
    sharer: Sharer
    framework: Framework

    async def ask(self, asker: Asker, number: int) -> OpenForm:
        """Open the form with an idea of the asker's own."""
        return OpenForm(await self._form(await self.finder.own(asker, number), asker.channel))

    async def submitted(self, asker: Asker, form: Submission) -> Reply:
        """Keep what the form says of an idea."""
        number = form.about.number
        idea = await self.finder.own(asker, number)
        # A form shows the beginning of a long text: as it was shown, it comes back unchanged.
        values = uncut(await self._form(idea, form.about.channel), form.values, self.sharer.longest)
        try:
            given = Given.read(values, asker.member_id)
            text = values.get("text") if idea.source in POSTED_BY_US else None
            changed = await self.sharer.revise(idea, text, given)
        except WrongFieldError as error:
            return Problems({error.field: str(error)})
        except CommandError as error:
            return Problems({"text": str(error)})
        if changed is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so nothing was changed.")
        chosen = given.component != idea_form.SUGGESTED
        message = idea_form.edited(changed, self.framework, chosen=chosen)
        return Answer(message, channel=form.about.channel)

    async def _form(self, idea: Idea, here: str) -> Form:
        values = entered(idea.components, await self.store.added_to(idea.id))
        return idea_form.edit(idea, self.framework, values, here=here)
