"""The one door for whatever people ask: a command, a press of a button, a form that was sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.core.desk.command_table import ABOUT_PROMPTS, Verb
from bot.core.desk.commands import Command, parse
from bot.core.desk.help import help_rows
from bot.core.desk.ideas import Ideas, component_names
from bot.core.desk.profile import Profiles
from bot.core.desk.replies import Answer, NoReply, Reply
from bot.core.desk.sharing import Sharing
from bot.core.desk.weeks import Digests, Prompts, SettingsForm
from bot.core.errors import ChatError, CommandError, NotAllowedError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.finding.posting import PostingPermissions
from bot.core.finding.trials import Trials
from bot.core.intake.keep import Keeper
from bot.core.messages import answers
from bot.core.messages.common import said
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.parts import Submission
from bot.core.model.people import Asker
from bot.core.model.posts import NOTHING, Span
from bot.core.model.typed import NAMELESS, typed_text
from bot.core.model.vocabulary import command
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore
from bot.core.week.ahead import Ahead
from bot.core.week.questions import PromptService
from bot.core.week.settings import ChannelSettings
from bot.core.week.weekly import Weekly

_OF_ONE = frozenset({Act.REMOVE, Act.PUT_BACK, Act.ALIKE, Act.COMPONENT, Act.TRIED, Act.LEAVE_OUT})
"""What is done with one idea, by its number."""

_REFUSED_IN_PLACE = frozenset(
    {Act.REMOVE, Act.SHARE_HERE, Act.SHARE_AGAIN, Act.PROMPT_ACCEPT, Act.PROMPT_DECLINE}
)
"""Buttons that are of no use any more once they were refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers whatever people ask, on every platform. Rights are asked each time, in the use cases.

    Each method raises a `CommonplaceError` when the request is refused; `apology` has the words.
    """

    framework: Framework
    permissions: Permissions
    ideas: Ideas
    sharing: Sharing
    profiles: Profiles
    settings: SettingsForm
    prompts: Prompts
    digests: Digests

    async def command(self, asker: Asker, text: str, *, sharing: bool = False) -> Reply:
        """Answer what was typed after a command.

        Args:
            sharing: the command is the one that shares an idea, not that of the whole table.
        """
        if sharing:
            return await self.sharing.typed(asker, text)
        typed = typed_text(self.sharing.spans(text))
        names = await self.permissions.channel_names(asker) if NAMELESS.search(typed) else NOTHING
        asked = parse(typed, component_names(self.framework), names)
        answer = self._commands()[asked.verb]
        return await answer(asker, asked)

    async def press(self, asker: Asker, action: Action) -> Reply:
        """Do what a button asks for."""
        if action.act in _OF_ONE and not action.number:
            raise CommandError(
                "I cannot read that button, so nothing was changed. "
                f"`{command('help')}` shows what I can do."
            )
        try:
            return await self._presses()[action.act](asker, action)
        except (CommandError, NotAllowedError) as error:
            if action.act not in _REFUSED_IN_PLACE:
                raise
            return Answer(said(str(error)))

    async def submit(self, asker: Asker, form: Submission) -> Reply:
        """Take in a form."""
        takers: Mapping[Act, Callable[[Asker, Submission], Awaitable[Reply]]] = {
            Act.SHARE: self.sharing.submitted,
            Act.PROFILE: self.profiles.submitted,
            Act.TRIED: self.ideas.tried,
            Act.SETTINGS: self.settings.submitted,
        }
        return await takers[form.about.act](asker, form)

    def _commands(self) -> Mapping[Verb, Callable[[Asker, Command], Awaitable[Reply]]]:
        """What answers a command; those about the weekly question are answered together."""
        return {
            Verb.HELP: lambda _, asked: self._help(asked.text),
            Verb.LIST: lambda asker, asked: self.ideas.listed(asker, asked.filters),
            Verb.SEARCH: lambda asker, asked: self.ideas.listed(asker, asked.filters),
            Verb.MINE: lambda asker, asked: self.ideas.mine(asker, asked.filters),
            Verb.SHOW: lambda asker, asked: self.ideas.show(asker, asked.number),
            Verb.RANDOM: lambda asker, asked: self.ideas.random(asker, asked.filters),
            Verb.REMOVE: lambda asker, asked: self.ideas.ask_to_remove(asker, asked.number),
            Verb.EXPORT: lambda asker, asked: self.ideas.export(asker, asked.filters),
            Verb.DIGEST: lambda asker, _: self.digests.preview(asker),
            Verb.SETTINGS: lambda asker, asked: self.settings.asked(asker, log=bool(asked.text)),
            Verb.ME: lambda asker, _: self.profiles.ask(asker),
            **dict.fromkeys(ABOUT_PROMPTS, self.prompts.asked),
        }

    def _presses(self) -> Mapping[Act, Callable[[Asker, Action], Awaitable[Reply]]]:
        return {
            Act.HELP: lambda _, action: self._help(action.text),
            Act.LINK: lambda _, __: self._nothing(),
            Act.PAGE: self.ideas.page,
            Act.LIST: self.ideas.of_digest,
            Act.ALIKE: self.ideas.alike,
            Act.COMPONENT: self.ideas.sort,
            Act.REMOVE: self.ideas.remove,
            Act.PUT_BACK: self.ideas.put_back,
            Act.TRIED: self.ideas.ask_how_it_went,
            Act.SHARE: lambda asker, _: self.sharing.ask(asker),
            Act.SHARE_HERE: self.sharing.share_here,
            Act.SHARE_AGAIN: self.sharing.share_again,
            Act.PROFILE: lambda asker, _: self.profiles.ask(asker),
            Act.SETTINGS: self.settings.open,
            Act.SETTINGS_MORE: self.settings.open,
            Act.PROMPT_PAGE: lambda asker, action: self.prompts.every(asker, action.start or 0),
            Act.PROMPT_ACCEPT: self.prompts.decide,
            Act.PROMPT_DECLINE: self.prompts.decide,
            Act.DIGEST_PAGE: lambda asker, action: self.digests.preview(asker, action.start or 0),
            Act.LOOK: self.digests.look,
            Act.SKIP: self.digests.skip,
            Act.LEAVE_OUT: self.digests.leave_out,
        }

    async def _help(self, topic: str) -> Reply:
        return Answer(answers.help_(help_rows(topic, self.framework.components), topic))

    async def _nothing(self) -> Reply:
        """The button only opens a page."""
        return NoReply()


def make_desk(
    *,
    store: IdeaStore,
    finder: IdeaFinder,
    keeper: Keeper,
    weekly: Weekly,
    ahead: Ahead,
    settings: ChannelSettings,
    spans: Callable[[str], tuple[Span, ...]],
    settle: Callable[[Effect, str], Awaitable[ChatError | None]],
) -> Desk:
    """Put the desk together; *spans* and *settle*: see `Sharing`."""
    permissions, framework, now = finder.permissions, finder.framework, finder.now
    trials = Trials(store=store, permissions=permissions, ideas=finder, now=now, zone=finder.zone)
    posting = PostingPermissions(
        store=store, chats=finder.chats, permissions=permissions, watch=keeper.watch, now=now
    )
    prompts = PromptService(
        store=store,
        permissions=permissions,
        settings=settings,
        weekly=weekly,
        picker=weekly.picker,
        framework=framework,
        now=now,
    )
    return Desk(
        framework=framework,
        permissions=permissions,
        ideas=Ideas(store=store, finder=finder, trials=trials, keeper=keeper, framework=framework),
        sharing=Sharing(
            store=store, keeper=keeper, posting=posting, spans=spans, settle=settle, now=now
        ),
        profiles=Profiles(store),
        settings=SettingsForm(settings),
        prompts=Prompts(prompts),
        digests=Digests(settings=settings, weekly=weekly, ahead=ahead, now=now),
    )
