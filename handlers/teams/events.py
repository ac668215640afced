"""Teams' events become calls of the core."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.intake.channels import ChannelLife
from bot.core.intake.keep import Keeper
from bot.core.model.ideas import Nothing, Outcome, word_for
from bot.core.model.people import Workspace
from bot.core.model.posts import Post
from bot.core.ports import IdeaStore
from handlers.shapes import Payload, dicts, string, text
from handlers.teams import activities
from handlers.teams.activities import Asked, Deleted, Edited, Ignored, Said
from handlers.teams.connector import Connector, Conversation
from handlers.teams.known import Known, Team

PATIENCE: Final = 5.0
"""Seconds that an event waits at most for the ids of those whom it mentions."""

MOST_LEARNT: Final = 20
"""Members who came at once and are told apart; more are a crowd in any case."""

MESSAGES: Final = frozenset({"message", "messageUpdate", "messageDelete"})

_RENAMED: Final = frozenset(
    {"channelRenamed", "channelRestored", "channelShared", "channelUnshared"}
)
_TEAM_CHANGED: Final = frozenset({"teamRenamed", "teamArchived", "teamUnarchived", "teamRestored"})
_TEAM_GONE: Final = frozenset({"teamDeleted", "teamHardDeleted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsEvents:
    """Takes activities that are no invokes. What is stored is acknowledged, and nothing else is.

    Args:
        bot: its `id` is the tenant's.
        ask: answers words for the bot.
        look_around: told that the bot is in a team that was not known, or in one no more.
    """

    bot: Workspace
    store: IdeaStore
    keeper: Keeper
    channels: ChannelLife
    known: Known
    connector: Connector
    ask: Callable[[Asked, Payload], Awaitable[str]]
    look_around: Callable[[], None]

    async def take(self, activity: Payload) -> str:
        """Take an activity; return in one word what came of it, empty: nobody listens to such."""
        kind = text(activity, "type")
        await self._meet(activity)
        if kind in MESSAGES:
            return await self._message(activity)
        if kind == "messageReaction":
            return await self._reaction(activity)
        if kind in {"conversationUpdate", "installationUpdate"}:
            return await self._befell(activity)
        return ""

    # -- who and where --

    async def _meet(self, activity: Payload) -> None:
        """Note what an activity tells of its team, and of its sender's chat with the bot."""
        url, member = text(activity, "serviceUrl"), activities.author_of(activity)
        if text(activity, "conversation", "conversationType") == "personal":
            chat = text(activity, "conversation", "id")
            if member and chat:
                await self.known.chat_is(member, Conversation(url, chat))
            return
        team = text(activity, "channelData", "team", "id")
        if not team or _is_leaving(activity):
            return
        told = Team(
            id=team,
            group=text(activity, "channelData", "team", "aadGroupId"),
            name=text(activity, "channelData", "team", "name"),
            service_url=url,
        )
        if channel := activities.channel_of(activity):
            await self.known.home_is(channel, team)
        if await self.known.joined(told):
            self.look_around()

    async def _people(self, activity: Payload) -> tuple[Mapping[str, str], bool]:
        """Members' ids in Entra; those that an activity does not tell are asked for, a moment.

        The second says whether it is certain who sent the activity, or that nobody known did.
        """
        people = await self.known.members()
        where = Conversation(
            text(activity, "serviceUrl"), text(activity, "conversation", "id").partition(";")[0]
        )
        if unknown := activities.unknown_in(activity, people):
            learning = [asyncio.create_task(self._learn(where, one)) for one in unknown]
            _, late = await asyncio.wait(learning, timeout=PATIENCE)
            for task in late:
                task.cancel()
            answers = zip(unknown, learning, strict=True)
            open_ = {one for one, task in answers if task in late or not task.result()}
            return people, text(activity, "from", "id") not in open_
        return people, True

    async def _learn(self, where: Conversation, teams_id: str) -> bool:
        """Ask for a member's id in Entra; return whether the answer is certain."""
        try:
            told = await self.connector.member(where, teams_id)
        except ChatUnavailableError:
            return False
        except ChatError:  # they are shown as they were written
            return True
        if entra_id := text(told, "aadObjectId") or text(told, "objectId"):
            await self.known.member_is(teams_id, entra_id)
        return True

    # -- messages --

    async def _message(self, activity: Payload) -> str:
        people, certain = await self._people(activity)
        incoming = activities.to_incoming(activity, self.bot, people)
        match incoming:
            case Asked():
                return await self.ask(incoming, activity)
            case Said(post, partly, restored):
                await self.channels.heard(self.bot.id, post.place.channel)
                take = self.keeper.undelete if restored else self.keeper.capture
                outcome = await self._taken(take, post, partly=partly)
            case Edited(post, partly):
                await self.channels.heard(self.bot.id, post.place.channel)
                outcome = await self._taken(self.keeper.edit, post, partly=partly)
            case Deleted(place, reply):
                outcome = await self.keeper.delete(place, reply=reply)
            case Ignored(why):
                _check(why != activities.NOBODY or certain)
                return why
            case never:
                assert_never(never)
        return word_for(outcome)

    async def _taken(
        self, take: Callable[[Post], Awaitable[Outcome]], post: Post, *, partly: bool
    ) -> Outcome:
        """Take a post in; what hangs on it, and was not told, is fetched."""
        outcome = await take(post)
        if partly:
            await self.keeper.fetch_later(post)
        return outcome

    async def _reaction(self, activity: Payload) -> str:
        outcome: Outcome = Nothing("not a message")
        people, certain = await self._people(activity)
        _check(certain)
        for reaction, added in activities.to_reactions(activity, self.bot, people):
            outcome = await self.keeper.react(reaction, added=added)
        return word_for(outcome)

    # -- what befalls teams and channels --

    async def _befell(self, activity: Payload) -> str:
        """The bot or somebody came or left, or something befell a channel or a team."""
        event = text(activity, "channelData", "eventType") or text(activity, "action")
        team = text(activity, "channelData", "team", "id")
        if not team:
            return "chat"
        channel = text(activity, "channelData", "channel", "id")
        apart = text(activity, "channelData", "channel", "type") in {"private", "shared"}
        if event in {"teamMemberAdded", "add"}:
            if self._is_about_us(activity, "membersAdded"):
                await (self._added_to(activity, channel) if apart else self._added(activity, team))
            else:
                await self._came(activity, channel if apart else await self._speaks_in(team))
        elif event in {"teamMemberRemoved", "remove"}:
            if self._is_about_us(activity, "membersRemoved"):
                await (self._gone_from(channel) if apart else self._gone(team))
        elif event == "channelCreated":
            await self.channels.heard(self.bot.id, channel)
        elif event == "channelDeleted":
            await self.channels.bot_left(self.bot.id, channel, deleted=True)
        elif event in _RENAMED:
            await self.channels.changed(self.bot.id, channel)
        elif event in _TEAM_CHANGED:
            await self._all_changed(team)
        elif event in _TEAM_GONE:
            await self._gone(team)
        else:
            return ""
        return event

    def _is_about_us(self, activity: Payload, field: str) -> bool:
        """Whether it was the bot that came or left; an installation always is about it."""
        ours = {self.bot.bot_user_id, self.bot.bot_id}
        return text(activity, "type") == "installationUpdate" or any(
            string(one.get("id")) in ours for one in dicts(activity.get(field))
        )

    async def _added(self, activity: Payload, team: str) -> None:
        """The bot is in a team: it was asked into the channel that was chosen, General if none.

        Two activities tell of it, in any order. That of the installation alone is certain to name
        the channel, if one was chosen.
        """
        people, _ = await self._people(activity)
        who = activities.author_of(activity, people)
        chosen = text(activity, "channelData", "settings", "selectedChannel", "id")
        if not chosen and text(activity, "type") == "installationUpdate":
            chosen = team
        url = text(activity, "serviceUrl")
        added = Team(id=team, group="", name="", service_url=url, added_by=who, chosen=chosen)
        await self.known.joined(added)
        if chosen:
            await self.channels.member_joined(
                self.bot, chosen, self.bot.bot_user_id, inviter=who or None, private=True
            )
        self.look_around()

    async def _added_to(self, activity: Payload, channel: str) -> None:
        """The bot is in a private or shared channel: it is added to each of them by itself."""
        people, _ = await self._people(activity)
        who = activities.author_of(activity, people)
        await self.known.was_added(channel, who)
        await self.channels.member_joined(
            self.bot, channel, self.bot.bot_user_id, inviter=who or None, private=True
        )
        self.look_around()

    async def _speaks_in(self, team: str) -> str:
        """The channel of a team in which the bot speaks: the chosen one, else General."""
        chosen = (one.chosen for one in await self.known.teams() if one.id == team)
        return next(chosen, "") or team

    async def _came(self, activity: Payload, channel: str) -> None:
        """Others became members of a team, or of a private or shared channel."""
        where = Conversation(text(activity, "serviceUrl"), text(activity, "conversation", "id"))
        known = await self.known.members()
        for one in dicts(activity.get("membersAdded"))[:MOST_LEARNT]:
            ident, entra = string(one.get("id")), string(one.get("aadObjectId"))
            if not entra and ident not in known:
                await self._learn(where, ident)
            if member := entra or known.get(ident, ""):
                await self.channels.member_joined(self.bot, channel, member)

    async def _gone_from(self, channel: str) -> None:
        await self.known.was_added(channel, "")
        await self.channels.bot_left(self.bot.id, channel)

    async def _gone(self, team: str) -> None:
        await self.known.left(team)
        await self._all_changed(team)

    async def _all_changed(self, team: str) -> None:
        """Have a team's channels looked up again, and those of which no team is known."""
        for channel in await self.store.channels(self.bot.id):
            if channel.member and await self.known.home_of(channel.id) in {team, ""}:
                await self.channels.changed(self.bot.id, channel.id)


def _check(certain: bool) -> None:  # noqa: FBT001
    if not certain:
        raise ChatUnavailableError("Teams does not say now who that was.", code="author")


def _is_leaving(activity: Payload) -> bool:
    """Whether an activity says that the bot is in a team no more, or that the team is gone."""
    event = text(activity, "channelData", "eventType") or text(activity, "action")
    return event in {"remove", "teamMemberRemoved", *_TEAM_GONE}
