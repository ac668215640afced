"""The one door for whatever people ask: a command, a press, a form, a message to be saved."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.desk.boards import Boards
from bot.core.desk.caring import Caring
from bot.core.desk.commands import Command, parse
from bot.core.desk.direct import DirectWords, command_in, shared_in
from bot.core.desk.editing import Editing
from bot.core.desk.entries import ABOUT_PROMPTS, Verb
from bot.core.desk.help import help_rows
from bot.core.desk.home import Homes
from bot.core.desk.ideas import Ideas
from bot.core.desk.own_data import OwnData
from bot.core.desk.profiles import Profiles
from bot.core.desk.replies import Answer, NoReply, Reply
from bot.core.desk.reports import Reports
from bot.core.desk.rounds import GoingRound
from bot.core.desk.saved import SavedList
from bot.core.desk.saving import Saving
from bot.core.desk.sharing import Sharing
from bot.core.desk.subscribing import Subscribing
from bot.core.desk.weeks import CHANGES, Weeks
from bot.core.errors import ChatError, CommandError, NotAllowedError, UnknownCommandError
from bot.core.finding.care import Care
from bot.core.finding.claims import Claims
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.likeness import Likeness
from bot.core.finding.permissions import Permissions
from bot.core.finding.saved import SavedIdeas
from bot.core.finding.similar import Similar
from bot.core.intake.keep import Keeper
from bot.core.intake.share import Sharer
from bot.core.messages.common import said
from bot.core.messages.help import help_message
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.parts import Home, Message, Submission
from bot.core.model.people import Asker
from bot.core.model.posts import NOTHING, Post, Span
from bot.core.model.typed import NAMELESS, typed_text
from bot.core.model.vocabulary import command
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore
from bot.core.week.ahead import DigestPreviews
from bot.core.week.questions import PromptService
from bot.core.week.settings import ChannelSettings
from bot.core.week.shares import ChannelShares, ShareMaker
from bot.core.week.subscriptions import Subscriptions
from bot.core.week.weekly import Weekly

_CLAIMS = frozenset({Act.CLAIM, Act.CLAIM_ACCEPT, Act.CLAIM_DECLINE})
_OF_ONE = _CLAIMS | {
    *(Act.REMOVE, Act.PUT_BACK, Act.ALIKE, Act.COMPONENT, Act.TRIED, Act.LEAVE_OUT, Act.CITE),
    *(Act.EDIT, Act.CARE, Act.JUDGE, Act.SAVE, Act.SHOW),
}
"""What is done with one idea, by its number."""

_REFUSED_IN_PLACE = frozenset(
    {
        *(Act.REMOVE, Act.SHARE_HERE, Act.SHARE_AGAIN, Act.PROMPT_ACCEPT, Act.PROMPT_DECLINE),
        *(Act.CLAIM_ACCEPT, Act.CLAIM_DECLINE),
    }
)
"""Buttons that are of no use any more once they were refused."""

_BESIDE = frozenset(
    {
        *(Act.LIST, Act.ALIKE, Act.LOOK, Act.ROUNDS, Act.CLAIM, Act.CITE, Act.UNSUBSCRIBE),
        *(Act.SAVE, Act.SAVED, Act.SHOW),
    }
)
"""What opens beside the message that it belongs to, and turns its pages where it stands."""

NEW: Final = Action(Act.HOME)
"""What opens the desk at its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers whatever people ask, on every platform; nothing to whoever was deactivated.

    Rights are asked each time, in the use cases.

    Each method raises a `CommonplaceError` when the request is refused; `apology` has the words.
    """

    framework: Framework
    permissions: Permissions
    ideas: Ideas
    saved: SavedList
    sharing: Sharing
    editing: Editing
    saving: Saving
    weeks: Weeks
    reports: Reports
    boards: Boards
    subscribing: Subscribing
    caring: Caring
    own_data: OwnData
    going_round: GoingRound
    direct: DirectWords
    profiles: Profiles
    homes: Homes

    async def said(self, asker: Asker, words: str, *, alone: bool) -> Reply:
        """Answer words for the bot, in which a command stands without a sign before it.

        Args:
            alone: they stand in the bot's conversation with the asker, where every word is for it.
        """
        shared = shared_in(words)
        if shared is not None:
            return await self.command(asker, shared, sharing=True)
        try:
            return await self.command(asker, command_in(words))
        except UnknownCommandError as error:
            if not alone:
                raise
            return Answer(await self.direct.answer(asker, words, str(error)))

    async def command(self, asker: Asker, text: str, *, sharing: bool = False) -> Reply:
        """Answer what was typed after a command.

        Args:
            sharing: the command is the one that shares an idea, not that of the whole table.
        """
        if sharing:
            return _reply(await self.sharing.typed(asker, text))
        await self.permissions.check_active(asker)
        typed = typed_text(self.sharing.spans(asker.workspace, text))
        names = await self.permissions.channel_names(asker) if NAMELESS.search(typed) else NOTHING
        asked = parse(typed, self.framework.typed, names)
        return _reply(await self._commands()[asked.verb](asker, asked))

    async def home(self, asker: Asker, at: Action = NEW, notice: Message | None = None) -> Home:
        """Draw a part of the member's desk; *notice*: what is to be said above it."""
        await self.permissions.check_active(asker)
        return await self.homes.show(asker, at, notice=notice)

    async def press(
        self, asker: Asker, action: Action, entered: Mapping[str, str] = NOTHING
    ) -> Reply:
        """Do what a button asks for. *entered*: what stands in the fields of its message."""
        if action.act is Act.LINK:  # the button only opens a page
            return NoReply()
        await self.permissions.check_active(asker)
        if action.act in _OF_ONE and not action.number:
            raise CommandError(
                "I cannot read that button, so nothing was changed. "
                f"`{command('help')}` shows what I can do."
            )
        beside = action.act in _BESIDE and action.start is None
        try:
            answer = await self._presses(entered)[action.act](asker, action)
        except (CommandError, NotAllowedError) as error:
            if action.act not in _REFUSED_IN_PLACE:
                raise
            answer = said(str(error))
        return _reply(answer, beside=beside)

    async def submit(self, asker: Asker, form: Submission) -> Reply:
        """Take in a form."""
        await self.permissions.check_active(asker)
        takers: Mapping[Act, Callable[[Asker, Submission], Awaitable[Reply]]] = {
            Act.SHARE: self.sharing.submitted,
            Act.EDIT: self.editing.submitted,
            Act.PROFILE: self.profiles.submitted,
            Act.TRIED: self.ideas.tried,
            Act.SETTINGS: self.weeks.submitted,
            Act.BOARD: self.boards.submitted,
            Act.SUBSCRIBE: self.subscribing.submitted,
            Act.CARE: self.caring.submitted,
            Act.WEEK: self.going_round.submitted,
        }
        return await takers[form.about.act](asker, form)

    async def may_note(self, asker: Asker) -> bool:
        """Whether it may be kept that the asker was answered."""
        return await self.direct.may_note(asker)

    async def save(self, asker: Asker, post: Post | None) -> Reply:
        """Keep a message that the asker chose, as its author's idea; None: it is the bot's own."""
        await self.permissions.check_active(asker)
        return _reply(await self.saving.save(asker, post))

    def _commands(self) -> Mapping[Verb, Callable[[Asker, Command], Awaitable[Reply | Message]]]:
        """What answers a command; those about the weekly question are answered together."""
        ideas, weeks = self.ideas, self.weeks
        return {
            Verb.HELP: lambda _, asked: self._help(asked.text),
            Verb.LIST: lambda asker, asked: ideas.listed(asker, asked.filters),
            Verb.SEARCH: lambda asker, asked: ideas.listed(asker, asked.filters),
            Verb.MINE: lambda asker, asked: ideas.mine(asker, asked.filters),
            Verb.SHOW: lambda asker, asked: ideas.show(asker, asked.number),
            Verb.RANDOM: lambda asker, asked: ideas.random(asker, asked.filters),
            Verb.LIKE: lambda asker, asked: ideas.alike(
                asker, Action(Act.ALIKE, number=asked.number)
            ),
            Verb.TRIED: lambda asker, asked: ideas.ask_how_it_went(asker, asked.number),
            Verb.EDIT: lambda asker, asked: self.editing.ask(asker, asked.number),
            Verb.REMOVE: lambda asker, asked: ideas.ask_to_remove(asker, asked.number),
            Verb.PUT_BACK: lambda asker, asked: ideas.put_back(asker, number=asked.number),
            Verb.CARE: self._care,
            Verb.SAVE: lambda asker, asked: self.saved.save(asker, asked.number),
            Verb.UNSAVE: lambda asker, asked: self.saved.save(asker, asked.number, back=True),
            Verb.SAVED: lambda asker, asked: self.saved.listed(asker, asked.filters),
            Verb.CLAIM: lambda asker, asked: ideas.claim(asker, asked.number),
            Verb.CITE: lambda asker, asked: ideas.cite(asker, asked.number, asked.form),
            Verb.EXPORT: lambda asker, asked: ideas.export(asker, asked.filters, asked.form),
            Verb.REPORT: self.reports.asked,
            Verb.REPORT_PLAN: self.reports.asked,
            Verb.DIGEST: lambda asker, _: weeks.preview_digest(asker),
            Verb.SETTINGS: weeks.settings_asked,
            Verb.BOARD: lambda asker, _: self.boards.asked(asker),
            Verb.SUBSCRIBE: self.subscribing.typed,
            Verb.MY_DATA: lambda asker, _: self.own_data.my_data(asker),
            Verb.FORGET_ME: lambda asker, _: self.own_data.ask_to_forget(asker),
            Verb.ME: lambda asker, _: self.profiles.ask(asker),
            Verb.HOME: lambda asker, _: self.homes.show(asker, NEW),
            **dict.fromkeys(ABOUT_PROMPTS, weeks.prompt),
            **dict.fromkeys(CHANGES, weeks.change_digest),
        }

    def _presses(
        self, entered: Mapping[str, str]
    ) -> Mapping[Act, Callable[[Asker, Action], Awaitable[Reply | Message]]]:
        ideas, sharing, weeks = self.ideas, self.sharing, self.weeks
        return {
            Act.HELP: lambda _, action: self._help(action.text),
            Act.PAGE: ideas.page,
            Act.LIST: ideas.of_digest,
            Act.ALIKE: ideas.alike,
            Act.COMPONENT: ideas.sort,
            Act.CITE: lambda asker, one: ideas.cite(asker, one.number, one.text),
            Act.EDIT: lambda asker, action: self.editing.ask(asker, action.number),
            Act.REMOVE: ideas.remove,
            Act.PUT_BACK: lambda asker, one: ideas.put_back(asker, idea_id=one.number),
            Act.TRIED: lambda asker, one: ideas.ask_how_it_went(asker, one.number),
            Act.SHOW: lambda asker, action: ideas.show(asker, action.number),
            Act.SAVE: lambda asker, one: self.saved.save(asker, one.number, back=one.back),
            Act.SAVED: self.saved.page,
            Act.CLAIM: lambda asker, action: ideas.claim(asker, action.number),
            Act.CLAIM_ACCEPT: ideas.decide_claim,
            Act.CLAIM_DECLINE: ideas.decide_claim,
            Act.SHARE: lambda asker, _: sharing.ask(asker),
            Act.SHARE_HERE: sharing.pressed,
            Act.SHARE_AGAIN: sharing.pressed,
            Act.PROFILE: lambda asker, _: self.profiles.ask(asker),
            Act.SETTINGS: weeks.open_settings,
            Act.SETTINGS_MORE: weeks.open_settings,
            Act.PROMPT_PAGE: weeks.every_prompt,
            Act.PROMPT_ACCEPT: weeks.decide,
            Act.PROMPT_DECLINE: weeks.decide,
            Act.BOARD: self.boards.ask,
            Act.UNSHARE: self.boards.revoke,
            Act.SHOWN: self.profiles.show_as,
            Act.NOT_NOW: lambda asker, _: self.profiles.put_off(asker),
            Act.LICENCE: self.profiles.license_as,
            Act.LICENCE_EARLIER: lambda asker, _: self.profiles.license_earlier(asker),
            Act.SUBSCRIBE: lambda asker, _: self.subscribing.ask(asker),
            Act.UNSUBSCRIBE: lambda asker, _: self.subscribing.stop(asker),
            Act.CARE: lambda asker, one: self.caring.ask(asker, one.number),
            Act.MY_DATA: lambda asker, _: self.own_data.my_data(asker),
            Act.FORGET: self.own_data.forget,
            Act.EXPORT: ideas.export_pressed,
            Act.HOME: lambda asker, at: self.homes.show(asker, at, entered),
            Act.ROUNDS: lambda asker, _: self.going_round.look(asker),
            Act.JUDGE: self.going_round.judge,
            Act.WEEK: self.going_round.ask,
            Act.DIGEST_PAGE: lambda asker, one: weeks.preview_digest(asker, one.start or 0),
            **dict.fromkeys((Act.LOOK, Act.SKIP, Act.LEAVE_OUT), weeks.ahead.press),
        }

    async def _care(self, asker: Asker, asked: Command) -> Reply | Message:
        if asked.number:
            return await self.caring.ask(asker, asked.number)
        return await self.going_round.look(asker)

    async def _help(self, topic: str) -> Message:
        rows = help_rows(topic, self.framework.components)
        if not rows:  # an old button asks about what is called otherwise now
            topic, rows = "", help_rows("", self.framework.components)
        return help_message(rows, topic)


def _reply(answer: Reply | Message, *, beside: bool = False) -> Reply:
    return Answer(answer, beside=beside) if isinstance(answer, Message) else answer


def make_desk(
    *,
    store: IdeaStore,
    finder: IdeaFinder,
    keeper: Keeper,
    weekly: Weekly,
    ahead: DigestPreviews,
    settings: ChannelSettings,
    spans: Callable[[str, str], tuple[Span, ...]],
    settle: Callable[[Effect, str], Awaitable[ChatError | None]],
    base_url: str,
    likeness: Likeness,
    longest: int = sys.maxsize,
) -> Desk:
    """Put the desk together.

    *spans* and *settle*: see `Sharing`; *base_url*: `ShareMaker`; *longest*: `Sharer`.
    """
    permissions, framework, now = finder.permissions, finder.framework, finder.now
    prompts = PromptService(
        store=store,
        permissions=permissions,
        settings=settings,
        weekly=weekly,
        picker=weekly.picker,
        framework=framework,
        now=now,
    )
    sharer = Sharer(store, keeper.reader, now, longest)
    care = Care(store=store, finder=finder, permissions=permissions)
    profiles = Profiles(store)
    shares = ChannelShares(
        store=store,
        settings=settings,
        now=now,
        maker=ShareMaker(store=store, framework=framework, base_url=base_url, now=now),
    )
    similar = Similar(store=store, permissions=permissions, likeness=likeness)
    saved = SavedIdeas(store=store, finder=finder, permissions=permissions, now=now)
    ideas = Ideas(
        store=store,
        finder=finder,
        keeper=keeper,
        framework=framework,
        claims=Claims(store=store, finder=finder, permissions=permissions, now=now),
        similar=similar,
        care=care,
        saved=saved,
    )
    return Desk(
        framework=framework,
        permissions=permissions,
        ideas=ideas,
        saved=SavedList(store=store, framework=framework, saved=saved, ideas=ideas),
        caring=Caring(care=care, framework=framework),
        going_round=GoingRound(rounds=ahead.rounds),
        sharing=Sharing(
            store=store,
            sharer=sharer,
            permissions=permissions,
            framework=framework,
            profiles=profiles,
            similar=similar,
            spans=spans,
            settle=settle,
            now=now,
        ),
        editing=Editing(store=store, finder=finder, sharer=sharer, framework=framework),
        saving=Saving(
            store=store, chats=finder.chats, keeper=keeper, permissions=permissions, now=now
        ),
        reports=Reports(store=store, finder=finder, permissions=permissions),
        weeks=Weeks(settings=settings, prompts=prompts, weekly=weekly, ahead=ahead, now=now),
        subscribing=Subscribing(
            subscriptions=Subscriptions(
                store=store,
                permissions=permissions,
                framework=framework,
                usual=weekly.defaults.zone,
                now=now,
            )
        ),
        own_data=OwnData(store=store, now=now),
        profiles=profiles,
        boards=Boards(shares=shares),
        direct=DirectWords(store=store, poster=weekly.poster, now=now),
        homes=Homes(
            store=store,
            finder=finder,
            framework=framework,
            permissions=permissions,
            chats=finder.chats,
            settings=settings,
            shares=shares,
            saved=saved,
            ideas=ideas,
        ),
    )
