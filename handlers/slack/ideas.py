"""What members do with an idea that is shown: its component, more like it, "I tried this"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.core.errors import CommonplaceError
from bot.core.finding.filters import filters_words, parse_filters, to_text
from bot.core.finding.ideas import PAGE, IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.permissions import VisibilityResult
from bot.core.finding.trials import Trials
from bot.core.messages import answers, trials
from bot.core.model.ideas import NEXT_DIGEST, Filters, Idea, Page
from bot.core.model.parts import Act, FormId, Message
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore
from handlers.slack import render
from handlers.slack.asking import aside, count_in, number_in, presser_of, replace_with, tell
from handlers.slack.chat import SlackChat


@dataclass(frozen=True, slots=True)
class SlackIdeas:
    """Buttons, lists and the form beside ideas. Each answer is seen by whoever pressed alone."""

    store: IdeaStore
    finder: IdeaFinder
    trials: Trials
    chat: SlackChat

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.action(render.action_pattern(Act.ALIKE))(self.on_alike)
        app.action(render.action_pattern(Act.TRIED))(self.on_tried)
        app.action(render.action_pattern(Act.LIST))(self.on_list)
        app.action(render.action_pattern(Act.COMPONENT))(self.on_component)
        app.view(FormId.TRIED)(self.on_tried_form)

    async def shown(self, asker: Asker, idea: Idea) -> Message:
        """One idea in full, with what this asker can do with it."""
        return answers.idea(
            idea,
            self.finder.framework,
            zone=self.finder.zone,
            asker=asker.member_id,
            sortable=await self.finder.is_sortable(asker, idea),
            trials=await self.trials.of(asker, idea),
        )

    async def on_alike(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """More like this."""
        await ack()
        await self._alike(body, str(action.get("value") or ""), respond)

    async def on_tried(self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck) -> None:
        """I tried this: open the form."""
        await ack()
        await self._ask_about(body, str(action.get("value") or ""))

    async def on_list(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """All ideas of a digest, page by page, beside the digest."""
        await ack()
        asker, value = presser_of(body), str(action.get("value") or "")
        start, memo = _place(value)
        week, dates = (_WEEK.match(memo) or [""])[0], _WEEK.sub("", memo)
        filters = replace(parse_filters(dates), channel=asker.channel, digest=week.strip())
        found, seen = await self.finder.find(asker, filters, start=start or 0)
        message = self._page(asker, found, seen, "Ideas in this digest", memo, Act.LIST)
        await (aside if start is None else replace_with)(respond, message)

    async def on_component(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Somebody chose what an idea is about."""
        await ack()
        asker = presser_of(body)
        chosen = str((action.get("selected_option") or {}).get("value") or "")
        number, _, code = chosen.partition(" ")
        idea = await self.finder.sort(asker, number_in(number), "" if code == "-" else code)
        await replace_with(respond, await self.shown(asker, idea))

    async def on_tried_form(
        self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck
    ) -> None:
        """Keep a trial, and thank for it."""
        number, _, channel = str(view.get("private_metadata") or "0").partition(" ")
        asker = replace(presser_of(body), channel=channel)
        given = render.answers(view["state"])
        try:
            _, idea = await self.trials.tried(
                asker,
                number_in(number),
                given.get("came", ""),
                grades=given.get("grades", ""),
                setting=given.get("setting", ""),
                words=given.get("words", ""),
            )
        except CommonplaceError as error:
            await ack(**render.errors({"came": str(error)}))
            return
        await ack()
        day = await self.trials.digest_day(idea)
        await tell(self.chat, asker, idea.channel, trials.thanks(idea, day))

    async def _ask_about(self, body: dict[str, Any], number: str) -> None:
        asker = presser_of(body)
        idea = await self.trials.triable(asker, number_in(number))
        before = await self.trials.trial_of(asker, idea)
        await self.chat.open_form(body["trigger_id"], trials.form(idea, before))

    async def _alike(self, body: dict[str, Any], value: str, respond: AsyncRespond) -> None:
        start, memo = _place(value) if " " in value else (None, value)
        asker, number = presser_of(body), number_in(memo)
        found, seen = await self.finder.alike(asker, number, start or 0)
        message = (
            self._page(asker, found, seen, f"More like #{number}", memo, Act.ALIKE)
            if found.ideas
            else answers.nothing_alike(number, complete=seen.complete)
        )
        await (aside if start is None else replace_with)(respond, message)

    async def page(self, asker: Asker, filters: Filters, start: int = 0) -> Message:
        """A page of the ideas that fit, with buttons to the others."""
        found, seen = await self.finder.find(asker, filters, start=start)
        names = await names_in(self.store, self.finder.framework, asker.workspace, filters)
        heading = f"Ideas {filters_words(filters, names)}".strip()
        memo, by_time = to_text(filters), not filters.words
        return self._page(asker, found, seen, heading, memo, Act.PAGE, by_time=by_time)

    def _page(
        self,
        asker: Asker,
        found: Page,
        seen: VisibilityResult,
        heading: str,
        memo: str,
        turn: Act,
        *,
        by_time: bool = True,
    ) -> Message:
        return answers.page(
            found,
            heading=heading,
            memo=memo,
            size=PAGE,
            zone=self.finder.zone,
            asker=asker.member_id,
            complete=seen.complete,
            turn=turn,
            by_time=by_time,
        )


_WEEK = re.compile(rf"(?:\d{{4}}-W\d\d|{NEXT_DIGEST}) ?", re.ASCII)


def _place(value: str) -> tuple[int | None, str]:
    """Where a list is turned to, and what it is of; None: it was just opened."""
    start, _, memo = value.partition(" ")
    return (count_in(start), memo) if start.isdecimal() else (None, value)
