"""Kept ideas at the desk: lists, one idea in full, its component, trials, removal, export."""

import secrets
from dataclasses import dataclass, replace

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import CommonplaceError
from bot.core.finding.care import Care
from bot.core.finding.claims import Claimed, Claims
from bot.core.finding.filters import filters_words, parse_filters, to_text
from bot.core.finding.ideas import PAGE, IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.orders import Order
from bot.core.finding.permissions import VisibilityResult
from bot.core.finding.saved import SavedIdeas
from bot.core.finding.similar import Similar
from bot.core.intake.keep import Keeper
from bot.core.messages import answers, care, citing, claims, removal, trials
from bot.core.messages.found import or_meant
from bot.core.model.actions import Act, Action
from bot.core.model.exports import CITED, Format
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Idea, Nothing, Page
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker, MemberId
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """Answers what members ask about kept ideas. Each answer is seen by whoever asked alone."""

    store: IdeaStore
    finder: IdeaFinder
    keeper: Keeper
    framework: Framework
    claims: Claims
    similar: Similar
    care: Care
    saved: SavedIdeas

    # -- commands --

    async def listed(self, asker: Asker, filters: Filters, start: int = 0) -> Message:
        """A page of the ideas that fit: the newest first, or with words those that fit best."""
        found = await self.finder.find(asker, filters, start=start)
        names = await names_in(self.store, self.framework, asker.workspace, filters)
        heading = f"Ideas {filters_words(filters, names)}".strip()
        turn, by_time = Action(Act.PAGE, text=to_text(filters)), not filters.words
        page = await self.paged(asker, found, heading, turn, by_time=by_time)
        if found.meant:
            better = Action(Act.PAGE, start=0, text=to_text(replace(filters, words=found.meant)))
            return or_meant(page, found.meant, better)
        return page

    async def mine(self, asker: Asker, filters: Filters) -> Message:
        """The asker's own ideas."""
        own = replace(filters, people=(MemberId(asker.member_id),))
        shown = await self.listed(asker, own)
        aside = await self.store.aside_of(asker.workspace, asker.member_id)
        into = [await self.store.idea_by_id(one.part_of) if one.part_of else None for one in aside]
        return Message.of(*shown.parts, *care.mine(aside, into)) if aside else shown

    async def show(self, asker: Asker, number: int) -> Message:
        """One idea in full."""
        return await self._shown(asker, await self.finder.opened(asker, number))

    async def random(self, asker: Asker, filters: Filters) -> Message:
        """Any one of the ideas that fit."""
        found = await self.finder.random(asker, filters)
        if found.ideas:
            return await self._shown(asker, found.ideas[0])
        return answers.nothing_found("Ideas", memo=to_text(filters), complete=found.complete)

    async def claim(self, asker: Asker, number: int) -> Message:
        """Ask a coordinator to put the asker's name to an imported idea."""
        idea, came = await self.claims.claim(asker, number)
        if came is Claimed.DONE:
            return claims.done(idea)
        return claims.asked(idea, again=came is Claimed.WAITING)

    async def cite(self, asker: Asker, number: int, form: str) -> Message:
        """Cite an idea in each style; with *form*, have a file of that format made of it."""
        idea, citation = await self.finder.cite(asker, number)
        if form in set(CITED):
            return await self.export(asker, Filters(number=idea.number), form)
        styles = (("APA", citation.apa), ("MLA", citation.mla), ("Chicago", citation.chicago))
        return citing.cited(
            number, styles, aside=citation.aside, family=citation.family, url=idea.permalink
        )

    async def ask_to_remove(self, asker: Asker, number: int) -> Message:
        """Ask before an idea is withdrawn."""
        return removal.confirm_remove(await self.finder.removable(asker, number))

    async def export(self, asker: Asker, filters: Filters, form: str) -> Message:
        """Have a file made of the ideas that fit."""
        filters, kinds, seen = await self.finder.tally(asker, filters)
        if any(kinds.values()):
            key = secrets.token_hex(16)
            job = Order(asker, filters).job(Effect.EXPORT, key=key, format=form)
            await self.store.enqueue(asker.workspace, job, now=self.finder.now())
        return answers.export_started(kinds, Format(form), complete=seen.complete)

    # -- buttons --

    async def page(self, asker: Asker, action: Action) -> Message:
        """Another page of a list."""
        filters = parse_filters(action.text, self.framework.typed)
        return await self.listed(asker, filters, action.start or 0)

    async def export_pressed(self, asker: Asker, action: Action) -> Message:
        """Have a spreadsheet made of the ideas that fit the filters of a button."""
        filters = parse_filters(action.text, self.framework.typed)
        return await self.export(asker, filters, Format.CSV)

    async def of_digest(self, asker: Asker, action: Action) -> Message:
        """The ideas of a digest, a page at a time."""
        filters = replace(parse_filters(action.text), channel=asker.channel, digest=action.period)
        found = await self.finder.find(asker, filters, start=action.start or 0)
        return await self.paged(asker, found, "Ideas in this digest", action)

    async def alike(self, asker: Asker, action: Action) -> Message:
        """Other ideas like one that is shown."""
        number = action.number
        idea = await self.finder.show(asker, number)
        start = action.start or 0
        found = await self.similar.more_like(asker, idea, start=start, limit=PAGE)
        if not found.ideas:
            return answers.nothing_alike(number, complete=found.complete)
        return await self.paged(asker, found, f"More like #{number}", action)

    async def sort(self, asker: Asker, action: Action) -> Message:
        """Let an idea be about the component that was chosen, or about none."""
        code = "" if action.text == "-" else action.text
        return await self._shown(asker, await self.finder.sort(asker, action.number, code))

    async def remove(self, asker: Asker, action: Action) -> Message:
        """Withdraw an idea, and offer to undo that."""
        idea, outcome = await self.finder.remove(asker, action.number)
        if isinstance(outcome, Nothing):
            return removal.removed_before(action.number)
        return removal.removed(idea, asker.member_id)

    async def put_back(self, asker: Asker, *, number: int = 0, idea_id: int = 0) -> Message:
        """Keep again what was withdrawn, as it stands in the channel now."""
        idea, post = await self.finder.withdrawn_post(asker, number=number, idea_id=idea_id)
        if post is None:
            return removal.put_back(idea.number, Nothing("gone"))
        outcome = await self.keeper.put_back(post, source=idea.source)
        return removal.put_back(idea.number, outcome)

    async def decide_claim(self, asker: Asker, action: Action) -> Message:
        """Put the name of whoever claimed an idea to it, or do not."""
        accept = action.act is Act.CLAIM_ACCEPT
        idea, now = await self.claims.decide(asker, action.number, action.text, accept=accept)
        return claims.decided(idea, accept=accept, now=now)

    async def ask_how_it_went(self, asker: Asker, number: int) -> OpenForm:
        """Open the form about a trial."""
        idea = await self.finder.triable(asker, number)
        return OpenForm(trials.form(idea, await self.finder.trial_by(asker, idea)))

    async def tried(self, asker: Asker, form: Submission) -> Reply:
        """Keep a trial, and thank for it."""
        asker = replace(asker, channel=form.about.channel)
        try:
            _, idea = await self.finder.keep_trial(asker, form.about.number, form.values)
        except CommonplaceError as error:
            return Problems({"came": str(error)})
        thanks = trials.thanks(idea, await self.finder.digest_day(idea))
        return Answer(thanks, channel=idea.channel)

    # -- shared steps --

    async def _shown(self, asker: Asker, idea: Idea) -> Message:
        """One idea in full, with what this asker can do with it."""
        shown = answers.idea(
            idea,
            self.framework,
            zone=self.finder.zone,
            asker=asker.member_id,
            sortable=await self.finder.is_sortable(asker, idea),
            facts=(await self.saved.facts(asker, [idea]))[idea.id],
        )
        looked, cares = await self.care.beside(asker, idea)
        return Message.of(*shown.parts, *care.beside(idea, looked.parts, looked.last, cares=cares))

    async def paged(
        self,
        asker: Asker,
        found: Page,
        heading: str,
        turn: Action,
        *,
        by_time: bool = True,
        seen: VisibilityResult | None = None,
    ) -> Message:
        """A stretch of a list, with what this asker can do with each idea; *seen*: see `facts`."""
        return answers.page(
            found,
            self.framework,
            heading=heading,
            turn=turn,
            size=PAGE,
            zone=self.finder.zone,
            asker=asker.member_id,
            by_time=by_time,
            facts=await self.saved.facts(asker, found.ideas, seen),
        )
