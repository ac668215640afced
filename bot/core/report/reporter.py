"""The administrator's page and the library plan of whatever an asker may see."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.core.finding.filters import filters_words
from bot.core.finding.names import names_in
from bot.core.messages.bylines import NOBODY, public_author
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Visibility
from bot.core.model.people import Author, Member
from bot.core.model.vocabulary import OUTSIDE
from bot.core.ports import IdeaStore
from bot.core.report.page import make_report
from bot.core.report.plan import make_plan
from bot.core.report.values import Credited, Plan, Report, Scope

NETWORK: Final = "A network of school librarians"
"""What a page is called where the chat does not tell what the workspace is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Makes page and plan. Each method reads in the caller's thread, and may take a second."""

    store: IdeaStore
    framework: Framework

    def page(
        self,
        workspace: str,
        filters: Filters,
        visibility: Visibility,
        scope: Scope,
        credited: Credited,
    ) -> Report:
        """Make the administrator's page.

        Args:
            workspace: empty: all of them, for an operator.
            filters: its days are those of *scope*, its people have ids, as in `scope.members`.
            visibility: what the asker may see.
            scope: whose page it is.
            credited: how people are called on it.
        """
        ideas = self.store.reported_ideas(workspace, filters, visibility)
        trials = self.store.reported_trials(workspace, filters, visibility)
        return make_report(ideas, trials, self.framework, scope, credited)

    def plan(
        self,
        workspace: str,
        filters: Filters,
        visibility: Visibility,
        scope: Scope,
        credited: Credited,
    ) -> Plan:
        """Make the library plan. Arguments are those of `page`."""
        ideas = self.store.reported_ideas(workspace, filters, visibility)
        trials = self.store.reported_trials(workspace, filters, visibility)
        return make_plan(ideas, trials, self.framework, scope, credited)

    async def scope(self, workspace: str, filters: Filters, *, today: date) -> Scope:
        """Whose page it is that *filters* ask for, in words for people outside."""
        homes = {one.id: one.name for one in await self.store.workspaces()}
        names = dict(await names_in(self.store, self.framework, workspace, filters))
        for id_ in filters.people:
            member = await self.store.member(workspace, id_)
            names[id_] = title_of(member) if member else NOBODY
        one = filters.people[0] if len(filters.people) == 1 else ""
        title = names[one] if one else filters.school or homes.get(workspace) or NETWORK
        wider = replace(
            filters,
            since=None,
            until=None,
            people=() if one else filters.people,
            school=filters.school if one else "",
        )
        return Scope(
            title=title,
            within=OUTSIDE.put_into(filters_words(wider, names)),
            school=filters.school,
            members=frozenset(map(str, filters.people)),
            since=filters.since,
            until=filters.until,
            zone=filters.zone,
            made=today,
        )

    async def credited(self, workspace: str) -> Credited:
        """How people are called on a page for people outside, as each of them chose by now."""
        choices = await self.store.choices(workspace)
        return lambda where, who: public_author(who, choices.get((where, who.id)))


def title_of(member: Member) -> str:
    """A member as they chose to be shown, at the head of their own page."""
    title = public_author(Author.of(member), member.profile.shown)
    return title[0].upper() + title[1:]
