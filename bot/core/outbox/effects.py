"""What follows a stored change, outside the database: marks, names, links, posts, files.

Each effect is safe to do twice. Those that post look for their message first when they were begun
before, so that a lost answer never makes two.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.core.delivery.once import LOOK_AGAIN, SKEW, refusal_key, say_there
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatNotThereError,
    ChatUnavailableError,
    InHandError,
    MessageRefusedError,
)
from bot.core.finding import export
from bot.core.finding.filters import filters_words, parse_filters
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import Keeper
from bot.core.intake.people import is_bot, meet, with_author
from bot.core.messages import answers, notices, trials
from bot.core.model.ideas import (
    POSTED_BY_US,
    AlreadyKnown,
    Captured,
    Filters,
    Idea,
    Kind,
    NotAnIdea,
    Outcome,
)
from bot.core.model.parts import Message
from bot.core.model.people import Asker, Channel, Person
from bot.core.model.posts import Place
from bot.core.model.work import Effect, Job, NewJob, welcome_key
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat
from bot.core.week.ahead import Ahead, tell_once
from bot.core.week.proposals import Proposals

log = logging.getLogger(__name__)

MARKS_OF_OURS = ("bulb", "question")

PRIVATE = "private-channel"
"""What stands for a private channel in a text: its name is for those who are in it."""

AT_ONCE = timedelta(minutes=1)
"""How long after it was typed an idea is posted without asking for its author again."""

RECENT = timedelta(hours=1)
"""An author is told about a first idea only when it is this fresh: history read later is quiet."""


LEFT = "left"
"""Why an idea is not posted whose author is no longer in its channel."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Does the jobs of the outbox, one at a time.

    `run` returns when a job is done or has become pointless. It raises `ChatUnavailableError` or
    `ChatInDoubtError` when it must be tried again, any other `ChatError` when it never will, and
    `InHandError` when another program is at it.
    """

    store: IdeaStore
    chat: Chat
    keeper: Keeper
    permissions: Permissions
    finder: IdeaFinder
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]
    ahead: Ahead

    async def run(self, job: Job) -> None:
        """Do one job."""
        proposals = Proposals(self.ahead.weekly, self.permissions)
        ways: Mapping[Effect, Callable[[Job], Awaitable[None]]] = {
            Effect.MARK: self._mark,
            Effect.PERMALINK: self._permalink,
            Effect.NAMES: self._names,
            Effect.MEMBER: self._member,
            Effect.CHANNEL: self._channel,
            Effect.PUBLISH: self._publish,
            Effect.REDRAW: self._redraw,
            Effect.UNPUBLISH: self._unpublish,
            Effect.REREAD: self._reread,
            Effect.FIRST: self._tell_author,
            Effect.MARKED: self._tell_author,
            Effect.WELCOME: self._welcome,
            Effect.EXPORT: self._export,
            Effect.UNPOSTED: self._unposted,
            Effect.AHEAD: self.ahead.tell,
            Effect.TRIED: self._tried,
            Effect.CROSSED: self._crossed,
            Effect.NOT_THEIRS: self._not_theirs,
            Effect.PROPOSED: proposals.propose,
            Effect.DECIDED: proposals.decide,
            Effect.PAUSED: self._paused,
            Effect.REFUSED: self._refused,
        }
        await ways[job.effect](job)

    async def _member(self, job: Job) -> None:
        if (await self._meet(job.workspace, job.key)).is_bot:
            await self.keeper.drop_bot(job.workspace, job.key)

    async def _meet(self, workspace: str, member_id: str) -> Person:
        return await meet(self.store, self.chat, workspace, member_id, now=self.now())

    async def _channel(self, job: Job) -> None:
        try:
            info = await self.chat.channel(job.key)
        except ChatError as error:
            if not isinstance(error, ChatNotThereError):
                raise
            known = await self.store.channel(job.workspace, job.key)
            if known is not None:
                # A public channel would be shown: it is private now, unless it is gone.
                private = None if known.deleted else True
                await self.store.saw_channel(
                    job.workspace, job.key, now=self.now(), private=private, member=False
                )
            return
        await self.store.remember_channel(job.workspace, info, now=self.now())

    async def _paused(self, job: Job) -> None:
        channel = await self.store.channel(job.workspace, job.key)
        if channel is None or (channel.member and not channel.archived):
            return
        log.warning("channel %s is archived or left: digest and question pause there", channel)
        await self._tell_coordinators(
            channel, notices.paused(channel), f"paused {channel.id} {job.payload}"
        )

    async def _refused(self, job: Job) -> None:
        """Tell, once for as long as it lasts, that a channel takes nothing that we post."""
        await self._channel(job)
        channel = await self.store.channel(job.workspace, job.key)
        if channel is None or not channel.member or channel.archived:
            return  # that is told as a pause
        key = refusal_key(channel.id)
        await self.store.begin_telling(job.workspace, key, now=self.now())
        since = await self.store.told_at(job.workspace, key)
        await self._tell_coordinators(
            channel, notices.refused(channel, job.payload), f"{key} {since}"
        )

    async def _tell_coordinators(self, channel: Channel, words: Message, key: str) -> None:
        """Tell whoever invited the bot, else the admins, what is so since what *key* names."""
        hearers = [channel.invited_by]
        if not channel.invited_by or not await self._may_hear(channel):
            admins = sorted(self.permissions.admins - {channel.invited_by})
            hearers = [one for one in admins if await self.permissions.may_hear(one, channel)]
        for one in hearers:
            await tell_once(self.ahead.weekly, channel.workspace, one, words, f"{key} {one}")

    async def _may_hear(self, channel: Channel) -> bool:
        """Whether who invited the bot may hear of a channel.

        Of a private one that the bot is out of, the platform does not say who is in it: then it
        counts whether they were seen to leave.
        """
        if channel.member or not channel.private:
            return await self.permissions.may_hear(channel.invited_by, channel)
        return not (channel.inviter_left or (await self.chat.person(channel.invited_by)).deleted)

    async def _welcome(self, job: Job) -> None:
        if self.keeper.watch.wanted:
            await self._channel(job)  # whether it is watched may be a matter of its name
            if not await self.keeper.watch.allows(self.store, job.workspace, job.key):
                return
        key = welcome_key(job.key)
        if await self.store.told_at(job.workspace, key) is None:
            await self._once(job, job.key, notices.welcome(job.key), key)
            await self.store.begin_telling(job.workspace, key, now=self.now())

    async def _unpublish(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is not None and idea.place is not None:
            await self.chat.delete(idea.place)

    async def _redraw(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is not None and idea.place is not None and idea.withdrawn is None:
            message = notices.shared(idea)
            try:
                await self.chat.update(idea.place, message)
            except MessageRefusedError:
                await self.chat.update(idea.place, Message(message.fallback))

    async def _unposted(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is not None and idea.withdrawn is None:
            await self.chat.tell(idea.author.id, notices.unposted(idea, job.payload))

    async def _tried(self, job: Job) -> None:
        trial = await self.store.trial_by_id(int(job.key))
        idea = None if trial is None else await self.store.idea_by_id(trial.idea_id)
        if trial is None or idea is None or idea.withdrawn is not None:
            return
        channel = await self.store.channel(idea.workspace, idea.channel)
        if channel is None or not await self.permissions.may_hear(idea.author.id, channel):
            return
        # Told anew with other words, it is news again.
        key = f"tried:{trial.id}:{trial.tried_at.isoformat()}"
        news = trials.news(trial, idea)
        await tell_once(self.ahead.weekly, job.workspace, idea.author.id, news, key)

    async def _mark(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is None or idea.place is None:
            return
        wanted = ""
        if idea.withdrawn is None and idea.source not in POSTED_BY_US:
            wanted = MARKS_OF_OURS[idea.asks]
        # What we noted may be behind: an attempt whose answer was lost, or that died, has changed
        # the mark all the same. Both verbs are harmless when there is nothing to do.
        if wanted:
            await self.chat.react(idea.place, wanted)
        doubtful = not idea.mark and (job.attempts > 0 or not wanted)
        for name in MARKS_OF_OURS:
            if name != wanted and (name == idea.mark or doubtful):
                await self.chat.unreact(idea.place, name)
        if wanted != idea.mark:
            await self.store.set_mark(idea.id, wanted)

    async def _permalink(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is not None and idea.place is not None and idea.withdrawn is None:
            await self.store.set_permalink(idea.id, await self.chat.link_to(idea.place))

    async def _names(self, job: Job) -> None:
        """Fill in names one by one: one that cannot be had does not keep the others away."""
        idea_id = int(job.key)
        named, trouble = False, None
        for ident in await self.store.set_names(idea_id, {}):
            try:
                if ident[:1] in {"C", "G"}:
                    info = await self.chat.channel(ident)
                    await self.store.remember_channel(job.workspace, info, now=self.now())
                    name = PRIVATE if info.private else info.name
                else:
                    name = (await self._meet(job.workspace, ident)).name
            except ChatError as error:
                trouble = error
            else:
                if name:
                    await self.store.set_names(idea_id, {ident: name})
                    named = True
        idea = await self.store.idea_by_id(idea_id)
        posted = idea is not None and idea.place is not None and idea.source in POSTED_BY_US
        if posted and (named or trouble is None):
            await self._ask_to_redraw(job)
        if trouble is not None:
            raise trouble

    async def _ask_to_redraw(self, job: Job) -> None:
        redraw = NewJob(effect=Effect.REDRAW, key=job.key)
        await self.store.enqueue(job.workspace, redraw, now=self.now())

    async def _publish(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is None or idea.ts is not None or idea.withdrawn is not None:
            return
        message = notices.shared(await self._with_name(job, idea))
        key = f"idea:{idea.id}"
        try:
            ts = await self._standing(job, idea.channel, message, key)
            if ts is None:
                await self._check_still_there(job, idea)
                ts = await self._say_once(job, idea.channel, message, key)
        except (ChatUnavailableError, ChatInDoubtError):
            raise
        except ChatError as error:
            if error.code != LEFT:
                await self.store.refused(idea.id)
            unposted = NewJob(effect=Effect.UNPOSTED, key=job.key, payload=str(error), after=3.0)
            await self.store.enqueue(job.workspace, unposted, now=self.now())
            raise
        await self.store.posted(idea.id, ts, self.chat.instant_of(ts))
        now = await self.store.idea_by_id(idea.id)
        if job.attempts or (now is not None and notices.shared(now) != message):
            await self._ask_to_redraw(job)  # a name came since it was first drawn

    async def _with_name(self, job: Job, idea: Idea) -> Idea:
        """The idea with its author's name, if that can be had now."""
        if idea.author.name:
            return idea
        try:
            await self._meet(job.workspace, idea.author.id)
        except ChatError:
            return idea
        return await self.store.idea_by_id(idea.id) or idea

    async def _check_still_there(self, job: Job, idea: Idea) -> None:
        """Make sure that the author of a post that was put off is still in the channel.

        Raises:
            ChatError: they are not, or it cannot be asked now.
        """
        at_once = idea.kept_at is not None and self.now() - idea.kept_at < AT_ONCE
        if at_once and not job.attempts:
            return
        channel = await self.store.channel(idea.workspace, idea.channel)
        if channel is not None and not await self.permissions.may_hear(idea.author.id, channel):
            raise ChatError("you are not in that channel any more.", code=LEFT)

    async def _once(self, job: Job, channel: str, message: Message, key: str) -> None:
        """Post a message that must stand there once, whatever was lost before."""
        if await self._standing(job, channel, message, key) is None:
            await self._say_once(job, channel, message, key)

    async def _standing(self, job: Job, channel: str, message: Message, key: str) -> str | None:
        """Where a message stands that an earlier attempt may have posted."""
        if job.begun_at is None:
            return None
        since = job.begun_at - SKEW
        return await self.chat.find_own(channel, key, since=since, fallback=message.fallback)

    async def _say_once(self, job: Job, channel: str, message: Message, key: str) -> str:
        # From here on a crash leaves an attempt behind, and the next one looks first.
        now = self.now()
        begun, due = min(now, self.real_now()), now + LOOK_AGAIN
        if not await self.store.begin(job, due=due, now=now, begun=begun):
            raise InHandError
        place = self.store, self.chat, job.workspace, channel
        return await say_there(*place, message, key=key, now=now)

    async def _reread(self, job: Job) -> None:
        channel, ts, *_ = job.key.split(" ")
        asked = json.loads(job.payload)
        by, crossed = asked["by"], asked["crossed"]
        if await is_bot(self.store, self.chat, job.workspace, by, now=self.now()):
            return
        place = Place(job.workspace, channel, ts)
        post = await self.chat.fetch(place)
        if post is None:
            if not crossed and await self.store.delivery_at(place) is not None:
                await self._tell_marker(place, notices.not_kept("ours"), by)
            return
        outcome: Outcome = NotAnIdea("app")
        post = await with_author(self.store, self.chat, post, now=self.now())
        if post.author_id:
            outcome = await self.keeper.reread(post, by=by, crossed=crossed)
        if not crossed and isinstance(outcome, NotAnIdea):
            await self._tell_marker(place, notices.not_kept(outcome.why), by)
        elif not crossed and post.by_app and by != post.author_id:
            await self._tell_kept_for(place, outcome, by)

    async def _crossed(self, job: Job) -> None:
        channel, number, who = job.key.split(" ")
        news, key = notices.crossed(int(number)), f"{job.effect}:{job.key}"
        await tell_once(self.ahead.weekly, job.workspace, who, news, key, channel=channel)

    async def _not_theirs(self, job: Job) -> None:
        ident, who = job.key.split(" ")
        idea = await self.store.idea_by_id(int(ident))
        if (
            idea is None
            or idea.withdrawn is not None
            or (await self._meet(job.workspace, who)).is_bot
        ):
            return
        news = notices.not_theirs(idea)
        key = f"{job.effect}:{job.key}"
        await tell_once(self.ahead.weekly, job.workspace, who, news, key, channel=idea.channel)

    async def _tell_kept_for(self, place: Place, outcome: Outcome, by: str) -> None:
        """Say to whoever marked an app's post whose idea it is now."""
        if isinstance(outcome, Captured | AlreadyKnown):
            idea = await self.store.idea_by_id(outcome.id)
            if idea is not None:
                await self._tell_marker(place, notices.kept_for(idea), by)

    async def _tell_marker(self, place: Place, words: Message, by: str) -> None:
        """Say to whoever marked a message what happened, where its mark does not say it."""
        key = f"marked {place.channel} {place.ts} {by}"
        await tell_once(self.ahead.weekly, place.workspace, by, words, key, place.channel)

    async def _tell_author(self, job: Job) -> None:
        idea = await self.store.idea_by_id(int(job.key))
        if idea is None or idea.withdrawn is not None:
            return
        if job.effect is Effect.MARKED:
            words = notices.marked  # somebody has just done that, however old the post is
        elif idea.kept_at is None or idea.kept_at - idea.posted_at > RECENT:
            return
        else:
            words = notices.first_kept
        await self.chat.whisper(idea.channel, idea.author.id, words(idea))

    async def _export(self, job: Job) -> None:
        asked = json.loads(job.payload)
        codes = {one.code.lower(): one.code for one in self.keeper.reader.framework.components}
        filters = parse_filters(asked["filters"], codes) if asked["filters"] else Filters()
        asker = Asker(
            workspace=job.workspace,
            member_id=asked["member"],
            channel=asked["channel"],
            pressed=True,  # they may have left since they asked
        )
        seen = await self.permissions.visible_to(asker)
        day = self.now().astimezone(self.finder.zone).date()
        with TemporaryDirectory(prefix="commonplace-") as folder:
            file = Path(folder) / export.file_name(day)

            kinds = dict.fromkeys(Kind, 0)

            def write() -> None:
                with file.open("wb") as out:
                    rows = self.finder.export(job.workspace, filters, seen.sight)
                    export.write_csv(export.counting(rows, kinds), out)

            await asyncio.to_thread(write)
            framework = self.keeper.reader.framework
            names = await names_in(self.store, framework, job.workspace, filters)
            words = answers.export_done(
                kinds, filters_words(filters, names), complete=seen.complete
            )
            await self.chat.upload(asked["member"], file, name=file.name, words=words)
