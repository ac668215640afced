"""Slash commands, buttons and forms: read what was asked, ask the core, answer the asker alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.core.desk.command_table import Verb
from bot.core.desk.commands import Command, looks_like_command, parse
from bot.core.desk.help import help_rows
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    CommandError,
    NotAllowedError,
)
from bot.core.finding.filters import parse_filters, to_text
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.posting import PostingPermissions
from bot.core.intake.keep import Keeper
from bot.core.intake.reader import typed
from bot.core.messages import answers, forms, weekly
from bot.core.messages.common import said
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Nothing, Shared, Source
from bot.core.model.parts import Act, FormId, Message
from bot.core.model.people import Asker, Keep, Profile
from bot.core.model.posts import Place, Post, Text
from bot.core.model.work import Effect
from bot.core.outbox.effects import export_job
from bot.core.week.weekly import Weekly
from handlers.slack import bodies, render
from handlers.slack.ahead import SlackAhead
from handlers.slack.asking import (
    answer,
    asker_of,
    count_in,
    number_in,
    presser_of,
    replace_with,
    tell,
)
from handlers.slack.chat import SlackChat
from handlers.slack.ideas import SlackIdeas
from handlers.slack.prompts import SlackPrompts
from handlers.slack.settings import SlackSettings

_NAMELESS = re.compile(r"<#[^<>|]*\|?>")
"""A link to a channel whose name Slack left out."""

LONGEST_BUTTON = 1_900
"""Characters of a text that a button can give back to us."""


@dataclass(frozen=True, slots=True)
class SlackCommands:
    """What a member asks for, and the answer only they see.

    Args:
        settle: waits a moment for a job of the outbox; returns why it failed, if it did.
    """

    finder: IdeaFinder
    keeper: Keeper
    weekly: Weekly
    chat: SlackChat
    framework: Framework
    settle: Callable[[Effect, str], Awaitable[ChatError | None]]
    now: Callable[[], datetime]
    settings: SlackSettings
    prompts: SlackPrompts
    ideas: SlackIdeas
    ahead: SlackAhead
    places: PostingPermissions

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        self.settings.register(app)
        self.prompts.register(app)
        self.ideas.register(app)
        self.ahead.register(app)
        app.command("/ideas")(self.on_ideas)
        app.command("/idea")(self.on_idea)
        app.action(render.action_pattern(Act.HELP))(self.on_help)
        app.action(render.action_pattern(Act.PAGE))(self.on_page)
        app.action(render.action_pattern(Act.DIGEST_PAGE))(self.on_digest_page)
        app.action(render.action_pattern(Act.REMOVE))(self.on_remove)
        app.action(render.action_pattern(Act.PUT_BACK))(self.on_put_back)
        app.action(render.action_pattern(Act.SHARE))(self.on_share)
        app.action(render.action_pattern(Act.SHARE_HERE))(self.on_share_here)
        app.action(render.action_pattern(Act.PROFILE))(self.on_profile)
        app.action(render.action_pattern(Act.LINK))(self.on_link)
        app.view(FormId.SHARE)(self.on_share_form)
        app.view(FormId.PROFILE)(self.on_profile_form)

    # -- commands --

    async def on_ideas(self, command: dict[str, Any], ack: AsyncAck) -> None:
        """`/ideas …`: the whole table of commands."""
        asker = asker_of(command)
        text = str(command.get("text") or "")
        channels: Mapping[str, str] = {}
        if _NAMELESS.search(text):
            channels = await self.finder.permissions.channel_names(asker)
        asked = parse(text, self._components(), channels)
        if asked.verb is Verb.SETTINGS:
            await self.settings.on_command(asked, asker, command["trigger_id"], ack)
            return
        if asked.verb is Verb.ME:
            profile = await self._profile(asker)
            form = forms.profile(profile, here=asker.channel)
            await self.chat.open_form(command["trigger_id"], form)
            await ack()
            return
        await answer(ack, await self._answer_to(asked, asker))

    async def on_idea(self, command: dict[str, Any], ack: AsyncAck) -> None:
        """`/idea TEXT` keeps and posts it; `/idea` alone opens the form."""
        asker = asker_of(command)
        text = str(command.get("text") or "").strip()
        if not text:
            places = await self.places.open_to(asker)
            if not places:
                await answer(ack, answers.which_channel("", ()))
                return
            form = forms.share(places, here=asker.channel)
            await self.chat.open_form(command["trigger_id"], form)
            await ack()
            return
        meant = looks_like_command(text)
        if meant is not None and len(text) <= LONGEST_BUTTON:
            here = asker.channel if await self.places.open_here(asker) else ""
            await answer(ack, answers.meant_ideas(text, meant, channel=here))
            return
        if not await self.places.open_here(asker):
            places = await self.places.open_to(asker)
            if len(text) > LONGEST_BUTTON:
                await answer(ack, answers.too_long_to_ask(places))
            else:
                await answer(ack, answers.which_channel(text, places))
            return
        shared = await self._share(asker, asker.channel, text, Source.COMMAND)
        await answer(ack, await self._outcome(shared))

    async def _answer_to(self, asked: Command, asker: Asker) -> Message:
        finder, filters = self.finder, asked.filters
        match asked.verb:
            case Verb.LIST | Verb.SEARCH:
                return await self.ideas.page(asker, filters)
            case Verb.MINE:
                return await self.ideas.page(asker, replace(filters, people=(asker.member_id,)))
            case Verb.SHOW:
                return await self.ideas.shown(asker, await finder.show(asker, asked.number))
            case Verb.RANDOM:
                any_one, seen = await finder.random(asker, filters)
                if any_one is None:
                    memo = to_text(filters)
                    return answers.nothing_found("Ideas", memo=memo, complete=seen.complete)
                return await self.ideas.shown(asker, any_one)
            case Verb.REMOVE:
                return answers.confirm_remove(await finder.removable(asker, asked.number))
            case Verb.EXPORT:
                return await self._export(asker, filters)
            case Verb.DIGEST:
                return await self._digest(asker)
            case Verb.HELP:
                return self._help(asked.text)
            case _:
                return await self.prompts.answer_to(asked, asker)

    def _help(self, topic: str) -> Message:
        return answers.help_(help_rows(topic, self.framework.components), topic)

    async def _digest(self, asker: Asker, start: int = 0) -> Message:
        """One message of the digest as it would be posted now, with buttons to the others."""
        channel = await self.settings.settings.known(asker, asker.channel)
        whole = await self.weekly.preview_digest(channel, self.now())
        return weekly.digest_preview(whole, start) if whole else weekly.nothing_new()

    async def _export(self, asker: Asker, filters: Filters) -> Message:
        filters, kinds, seen = await self.finder.tally(asker, filters)
        if any(kinds.values()):
            job = export_job(asker, filters, key=uuid.uuid4().hex)
            await self.finder.store.enqueue(asker.workspace, job, now=self.now())
        return answers.export_started(kinds, complete=seen.complete)

    # -- buttons --

    async def on_help(self, action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond) -> None:
        """More help, where the shorter one was."""
        await ack()
        await replace_with(respond, self._help(str(action.get("value") or "")))

    async def on_page(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Turn to another page of a list."""
        await ack()
        start, _, filters = str(action.get("value") or "0").partition(" ")
        message = await self.ideas.page(
            presser_of(body),
            parse_filters(filters, self._components()),
            count_in(start),
        )
        await replace_with(respond, message)

    async def on_digest_page(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Turn to another message of the digest that is looked at."""
        await ack()
        message = await self._digest(presser_of(body), count_in(action.get("value")))
        await replace_with(respond, message)

    async def on_remove(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Withdraw an idea, and offer to undo that."""
        await ack()
        number = number_in(action.get("value"))
        try:
            idea, outcome = await self.finder.remove(presser_of(body), number)
        except (CommandError, NotAllowedError) as error:
            await replace_with(respond, said(str(error)))
            return
        gone = isinstance(outcome, Nothing)
        asker = presser_of(body).member_id
        await replace_with(
            respond, answers.removed_before(number) if gone else answers.removed(idea, asker)
        )

    async def on_put_back(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Keep again what was withdrawn a moment ago, as it stands in the channel now."""
        await ack()
        idea, post = await self.finder.withdrawn_post(
            presser_of(body), number_in(action.get("value"))
        )
        outcome = (
            Nothing("gone")
            if post is None
            else await self.keeper.put_back(post, source=idea.source)
        )
        await replace_with(respond, answers.put_back(idea.number, outcome))

    async def on_share(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the form for an idea."""
        await ack()
        asker = presser_of(body)
        form = forms.share(await self.places.open_to(asker), here=asker.channel)
        await self.chat.open_form(body["trigger_id"], form)

    async def on_share_here(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Keep an idea in the channel that was chosen."""
        await ack()
        asker = presser_of(body)
        channel, _, text = str(action.get("value") or "").partition(" ")
        if not channel:
            await replace_with(
                respond, answers.which_channel(text, await self.places.open_to(asker))
            )
            return
        try:
            await self.places.check(asker, channel)
            shared = await self._share(asker, channel, text, Source.COMMAND)
        except (CommandError, NotAllowedError) as error:
            await replace_with(respond, said(str(error)))
            return
        await replace_with(respond, await self._outcome(shared))

    async def on_profile(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the form about oneself."""
        await ack()
        asker = presser_of(body)
        form = forms.profile(await self._profile(asker), here=asker.channel)
        await self.chat.open_form(body["trigger_id"], form)

    async def on_link(self, ack: AsyncAck) -> None:
        """A button that only opens a page."""
        await ack()

    # -- forms --

    async def on_share_form(
        self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck
    ) -> None:
        """Keep an idea from the form."""
        asker = replace(presser_of(body), channel=str(view.get("private_metadata") or ""))
        given = render.answers(view["state"])
        channel = given.get("channel", "")
        try:
            await self.places.check(asker, channel)
        except NotAllowedError as error:
            await ack(**render.errors({"channel": str(error)}))
            return
        try:
            shared = await self._share(
                asker, channel, given.get("text", ""), Source.FORM, thanks=given.get("thanks", "")
            )
        except CommandError as error:
            await ack(**render.errors({"text": str(error)}))
            return
        await ack()
        await tell(self.chat, asker, channel, await self._outcome(shared))

    async def on_profile_form(
        self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck
    ) -> None:
        """Keep what a member tells about themselves."""
        asker = presser_of(body)
        given = render.answers(view["state"])
        keep = Keep(given.get("keep") or Keep.ALL)
        profile = Profile(
            school=given.get("school", "").strip(),
            district=given.get("district", "").strip(),
            role=given.get("role", "").strip(),
            keep=keep,
        )
        await self.finder.store.set_profile(asker.workspace, asker.member_id, profile)
        await ack()
        here = str(view.get("private_metadata") or "")
        await tell(self.chat, asker, here, forms.profile_saved(profile))

    # -- shared steps --

    async def _profile(self, asker: Asker) -> Profile:
        member = await self.finder.store.member(asker.workspace, asker.member_id)
        return Profile() if member is None else member.profile

    async def _share(
        self, asker: Asker, channel: str, text: str, source: Source, *, thanks: str = ""
    ) -> Shared:
        spans = bodies.to_spans(text) if source is Source.COMMAND else (Text(text),)
        post = Post(
            place=Place(asker.workspace, channel, ""),
            posted_at=self.now(),
            author_id=asker.member_id,
            body=typed(spans),
        )
        return await self.keeper.share(post, source=source, thanks=thanks)

    async def _outcome(self, shared: Shared) -> Message:
        """Say that it is kept, and, when that is known soon enough, whether it is posted."""
        if not shared.new:
            return answers.kept(shared.idea, new=False)
        problem = await self.settle(Effect.PUBLISH, str(shared.idea.id))
        idea = await self.finder.store.idea_by_id(shared.idea.id) or shared.idea
        if problem is None or idea.ts is not None:
            return answers.kept(idea, new=True)
        if isinstance(problem, ChatUnavailableError | ChatInDoubtError):
            return answers.kept_waiting(idea, str(problem))
        # They read it here and now; a direct message would only say it again.
        await self.finder.store.take_back(idea.workspace, Effect.UNPOSTED, str(idea.id))
        return answers.kept_unposted(idea, str(problem))

    def _components(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for component in self.framework.components:
            for name in (component.code, component.name, *component.aliases):
                names[name.lower()] = component.code
        return names
