"""What members do with an idea that is shown: its component, more like it, "I tried this"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.core.errors import ChatError, CommonplaceError
from bot.core.filters import filters_words, parse_filters, to_text
from bot.core.find import PAGE
from bot.core.messages import answers, trials
from bot.core.parts import Act, FormId
from handlers.slack import render
from handlers.slack.asking import aside, presser_of, replace_with

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

    from bot.core.model import Asker, Idea
    from bot.core.parts import Message
    from bot.core.sorting import Sorter
    from handlers.slack.chat import SlackChat


@dataclass(frozen=True, slots=True)
class SlackIdeas:
    """Buttons, menus and the form beside ideas. Each answer is seen by whoever pressed alone."""

    sorter: Sorter
    chat: SlackChat

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.action(render.action_pattern(Act.MENU))(self.on_menu)
        app.action(render.action_pattern(Act.ALIKE))(self.on_alike)
        app.action(render.action_pattern(Act.TRIED))(self.on_tried)
        app.action(render.action_pattern(Act.LIST))(self.on_list)
        app.action(render.action_pattern(Act.COMPONENT))(self.on_component)
        app.view(FormId.TRIED)(self.on_tried_form)

    async def shown(self, asker: Asker, idea: Idea) -> Message:
        """One idea in full, with what this asker can do with it."""
        return answers.idea(
            idea,
            self.sorter.framework,
            zone=self.sorter.finder.zone,
            removable=idea.author.id == asker.member_id,
            sortable=await self.sorter.sortable(asker, idea),
        )

    async def on_menu(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """A line of the menu beside an idea."""
        await ack()
        chosen = str((action.get("selected_option") or {}).get("value") or "")
        act, _, number = chosen.partition(" ")
        if act == Act.TRIED:
            await self._ask_about(body, number)
        elif act == Act.ALIKE:
            await self._alike(body, number, respond)

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
        asker = presser_of(body)
        filters = parse_filters(str(action.get("value") or ""))
        found, seen = await self.sorter.finder.find(asker, filters)
        message = answers.page(
            found,
            heading=f"Ideas {filters_words(filters)}".strip(),
            filters=to_text(filters),
            size=PAGE,
            zone=self.sorter.finder.zone,
            complete=seen.complete,
        )
        await aside(respond, message)

    async def on_component(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Somebody chose what an idea is about."""
        await ack()
        asker = presser_of(body)
        chosen = str((action.get("selected_option") or {}).get("value") or "")
        number, _, code = chosen.partition(" ")
        idea = await self.sorter.sort(asker, int(number), "" if code == "-" else code)
        await replace_with(respond, await self.shown(asker, idea))

    async def on_tried_form(
        self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck
    ) -> None:
        """Keep a trial, and thank for it."""
        asker = presser_of(body)
        given = render.answers(view["state"])
        try:
            _, idea = await self.sorter.tried(
                asker,
                int(view.get("private_metadata") or 0),
                given.get("came", ""),
                grades=given.get("grades", ""),
                setting=given.get("setting", ""),
                words=given.get("words", ""),
            )
        except CommonplaceError as error:
            await ack(**render.errors({"came": str(error)}))
            return
        await ack()
        try:
            await self.chat.whisper(idea.channel, asker.member_id, trials.thanks(idea))
        except ChatError:
            # It is kept, and the form closed; saying so is a courtesy.
            return

    async def _ask_about(self, body: dict[str, Any], number: str) -> None:
        idea = await self.sorter.triable(presser_of(body), int(number))
        await self.chat.open_form(body["trigger_id"], trials.form(idea))

    async def _alike(self, body: dict[str, Any], number: str, respond: AsyncRespond) -> None:
        asker = presser_of(body)
        idea, filters, found, seen = await self.sorter.alike(asker, int(number))
        if not found.ideas:
            await aside(respond, answers.nothing_alike(idea.number, complete=seen.complete))
            return
        message = answers.page(
            found,
            heading=f"More like #{idea.number}",
            filters=to_text(filters),
            size=PAGE,
            zone=self.sorter.finder.zone,
            complete=seen.complete,
        )
        await aside(respond, message)
