"""Kept ideas at the desk: lists, one idea in full, its component, trials, removal, export."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply, Where
from bot.core.errors import CommonplaceError
from bot.core.finding.export import export_job
from bot.core.finding.filters import filters_words, parse_filters, to_text
from bot.core.finding.ideas import PAGE, IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.permissions import VisibilityResult
from bot.core.finding.trials import Trials
from bot.core.intake.keep import Keeper
from bot.core.messages import answers, trials
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Idea, Nothing, Page
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker, MemberId
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """Answers what members ask about kept ideas. Each answer is seen by whoever asked alone."""

    store: IdeaStore
    finder: IdeaFinder
    trials: Trials
    keeper: Keeper
    framework: Framework

    # -- commands --

    async def listed(self, asker: Asker, filters: Filters, start: int = 0) -> Reply:
        """A page of the ideas that fit: the newest first, or with words those that fit best."""
        found, seen = await self.finder.find(asker, filters, start=start)
        names = await names_in(self.store, self.framework, asker.workspace, filters)
        heading = f"Ideas {filters_words(filters, names)}".strip()
        turn, by_time = Action(Act.PAGE, text=to_text(filters)), not filters.words
        return Answer(self._page(asker, found, seen, heading, turn, by_time=by_time))

    async def mine(self, asker: Asker, filters: Filters) -> Reply:
        """The asker's own ideas."""
        own = replace(filters, people=(MemberId(asker.member_id),))
        return await self.listed(asker, own)

    async def show(self, asker: Asker, number: int) -> Reply:
        """One idea in full."""
        return await self._shown(asker, await self.finder.show(asker, number))

    async def random(self, asker: Asker, filters: Filters) -> Reply:
        """Any one of the ideas that fit."""
        any_one, seen = await self.finder.random(asker, filters)
        if any_one is not None:
            return await self._shown(asker, any_one)
        memo = to_text(filters)
        return Answer(answers.nothing_found("Ideas", memo=memo, complete=seen.complete))

    async def ask_to_remove(self, asker: Asker, number: int) -> Reply:
        """Ask before an idea is withdrawn."""
        return Answer(answers.confirm_remove(await self.finder.removable(asker, number)))

    async def export(self, asker: Asker, filters: Filters) -> Reply:
        """Have a CSV file made of the ideas that fit."""
        filters, kinds, seen = await self.finder.tally(asker, filters)
        if any(kinds.values()):
            job = export_job(asker, filters, key=secrets.token_hex(16))
            await self.store.enqueue(asker.workspace, job, now=self.finder.now())
        return Answer(answers.export_started(kinds, complete=seen.complete))

    # -- buttons --

    async def page(self, asker: Asker, action: Action) -> Reply:
        """Another page of a list."""
        filters = parse_filters(action.text, component_names(self.framework))
        return await self.listed(asker, filters, action.start or 0)

    async def of_digest(self, asker: Asker, action: Action) -> Reply:
        """The ideas of a digest, a page at a time, beside the digest."""
        filters = replace(parse_filters(action.text), channel=asker.channel, digest=action.period)
        found, seen = await self.finder.find(asker, filters, start=action.start or 0)
        message = self._page(asker, found, seen, "Ideas in this digest", action)
        return Answer(message, _where(action))

    async def alike(self, asker: Asker, action: Action) -> Reply:
        """Other ideas like one that is shown."""
        number = action.number
        found, seen = await self.finder.alike(asker, number, action.start or 0)
        message = (
            self._page(asker, found, seen, f"More like #{number}", action)
            if found.ideas
            else answers.nothing_alike(number, complete=seen.complete)
        )
        return Answer(message, _where(action))

    async def sort(self, asker: Asker, action: Action) -> Reply:
        """Let an idea be about the component that was chosen, or about none."""
        code = "" if action.text == "-" else action.text
        return await self._shown(asker, await self.finder.sort(asker, action.number, code))

    async def remove(self, asker: Asker, action: Action) -> Reply:
        """Withdraw an idea, and offer to undo that."""
        idea, outcome = await self.finder.remove(asker, action.number)
        if isinstance(outcome, Nothing):
            return Answer(answers.removed_before(action.number))
        return Answer(answers.removed(idea, asker.member_id))

    async def put_back(self, asker: Asker, action: Action) -> Reply:
        """Keep again what was withdrawn a moment ago, as it stands in the channel now."""
        idea, post = await self.finder.withdrawn_post(asker, action.number)
        outcome = (
            Nothing("gone")
            if post is None
            else await self.keeper.put_back(post, source=idea.source)
        )
        return Answer(answers.put_back(idea.number, outcome))

    async def ask_how_it_went(self, asker: Asker, action: Action) -> Reply:
        """Open the form about a trial."""
        idea = await self.trials.triable(asker, action.number)
        return OpenForm(trials.form(idea, await self.trials.trial_of(asker, idea)))

    async def tried(self, asker: Asker, form: Submission) -> Reply:
        """Keep a trial, and thank for it."""
        given = form.values
        try:
            _, idea = await self.trials.tried(
                replace(asker, channel=form.about.channel),
                form.about.number,
                given.get("came", ""),
                grades=given.get("grades", ""),
                setting=given.get("setting", ""),
                words=given.get("words", ""),
            )
        except CommonplaceError as error:
            return Problems({"came": str(error)})
        thanks = trials.thanks(idea, await self.trials.digest_day(idea))
        return Answer(thanks, channel=idea.channel)

    # -- shared steps --

    async def _shown(self, asker: Asker, idea: Idea) -> Reply:
        """One idea in full, with what this asker can do with it."""
        return Answer(
            answers.idea(
                idea,
                self.framework,
                zone=self.finder.zone,
                asker=asker.member_id,
                sortable=await self.finder.is_sortable(asker, idea),
                trials=await self.trials.of(asker, idea),
            )
        )

    def _page(
        self,
        asker: Asker,
        found: Page,
        seen: VisibilityResult,
        heading: str,
        turn: Action,
        *,
        by_time: bool = True,
    ) -> Message:
        return answers.page(
            found,
            heading=heading,
            turn=turn,
            size=PAGE,
            zone=self.finder.zone,
            asker=asker.member_id,
            complete=seen.complete,
            by_time=by_time,
        )


def component_names(framework: Framework) -> Mapping[str, str]:
    """The codes of a framework's components by code, name and alias, in lower case."""
    return {
        name.lower(): component.code
        for component in framework.components
        for name in (component.code, component.name, *component.aliases)
    }


def _where(action: Action) -> Where:
    """A list opens beside what it belongs to, and turns its pages where it stands."""
    return Where.BESIDE if action.start is None else Where.IN_PLACE
