"""What follows a stored change, outside the database: marks, names, links, posts, files.

Each effect is safe to do twice. Those that post look for their message first when they were begun
before, so that a lost answer never makes two.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bot.core.delivery.composer import Announcement
from bot.core.delivery.files import FileSender
from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import settled
from bot.core.errors import (
    ChatError,
    ChatNotThereError,
    ChatUnsupportedError,
)
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import ChannelFilter, Keeper
from bot.core.intake.people import is_bot, keep_chosen, meet
from bot.core.messages import notices
from bot.core.model.deliveries import Delivery, DeliveryKind
from bot.core.model.exports import Writers
from bot.core.model.ideas import (
    POSTED_BY_US,
    AlreadyKnown,
    Captured,
    Idea,
    NotAnIdea,
    Withdrawal,
)
from bot.core.model.people import Person
from bot.core.model.posts import Place
from bot.core.model.work import Effect, Job
from bot.core.outbox.books import BookWriter
from bot.core.outbox.exports import ExportSender
from bot.core.outbox.own_data import OwnDataSender
from bot.core.outbox.posting import IdeaPoster
from bot.core.outbox.reports import Draw, FileOf, ReportSender
from bot.core.outbox.telling import Teller
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.core.week.ahead import DigestPreviews
from bot.core.week.personal import PersonalDigests

log = logging.getLogger(__name__)

MARKS_OF_OURS = ("bulb", "question")

PRIVATE = "private-channel"
"""Stands for a private channel in a text: only its members may know its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Does the jobs of the outbox, one at a time.

    `run` returns when a job is done or has become pointless. It raises `ChatUnavailableError` or
    `ChatInDoubtError` when it must be tried again, and any other `ChatError` when it never will.
    """

    store: IdeaStore
    chats: Chats
    keeper: Keeper
    watch: ChannelFilter
    permissions: Permissions
    finder: IdeaFinder
    poster: DeliveryPoster
    teller: Teller
    books: BookWriter
    ahead: DigestPreviews
    personal: PersonalDigests
    posting: IdeaPoster
    reports: ReportSender
    exports: ExportSender
    own_data: OwnDataSender
    now: Callable[[], datetime]

    async def run(self, job: Job) -> None:
        """Do one job; do nothing for an idea that is not kept."""
        if job.effect not in _OF_IDEAS:
            await _OTHERS[job.effect](self, job)
        elif (idea := await self.store.idea_by_id(int(job.key))) is not None:
            await _OF_IDEAS[job.effect](self, job, idea)

    async def member(self, job: Job) -> None:
        """Look a member up; what was kept of one who is a bot is withdrawn."""
        if (await self._meet(job.workspace, job.key)).is_bot:
            await self.keeper.drop_bot(job.workspace, job.key)

    async def _meet(self, workspace: str, member_id: str) -> Person:
        return await meet(self.store, self.chats, workspace, member_id, now=self.now())

    async def channel(self, job: Job) -> None:
        """Look a channel up."""
        await self._look_up(job.workspace, job.key)

    async def _look_up(self, workspace: str, channel: str) -> None:
        """Ask how a channel is now."""
        try:
            info = await self.chats.of(workspace).channel(channel)
        except ChatError as error:
            if not isinstance(error, ChatNotThereError):
                raise
            known = await self.store.channel(workspace, channel)
            if known is not None:
                # A public channel would be shown: it is private now, unless it is gone.
                private = None if known.deleted else True
                await self.store.saw_channel(
                    workspace, channel, now=self.now(), private=private, member=False
                )
            return
        await self.store.remember_channel(workspace, info, now=self.now())

    async def refused(self, job: Job) -> None:
        """Tell, once for as long as it lasts, that a channel takes nothing that we post."""
        await self._look_up(job.workspace, job.channel)
        await self.teller.refused(job)

    async def welcome(self, job: Job) -> None:
        """Say once in a channel what the bot does, if it is watched."""
        if self.watch.wanted:
            await self._look_up(job.workspace, job.channel)  # it may be watched by its name
            if not await self.watch.allows(self.store, job.workspace, job.channel):
                return
        about = Delivery(
            workspace=job.workspace,
            channel=job.channel,
            kind=DeliveryKind.WELCOME,
            subject=job.key,
            at=self.now(),
        )
        settled(await self.poster.post(about, Announcement(notices.welcome(job.channel))))

    async def mark(self, job: Job, idea: Idea) -> None:
        """Bring the bot's reaction on an idea's post into step."""
        if idea.place is None:
            return
        wanted = ""
        shown = idea.withdrawn in {None, Withdrawal.MERGED}
        if shown and idea.source not in POSTED_BY_US:
            wanted = MARKS_OF_OURS[idea.asks]
        # What we noted may be behind: an attempt whose answer was lost, or that died, has changed
        # the mark all the same. Both verbs are harmless when there is nothing to do.
        chat = self.chats.of(idea.workspace)
        if wanted:
            try:
                await chat.react(idea.place, wanted)
            except ChatUnsupportedError:
                return  # it stays without; the author's first note says how to look
        doubtful = not idea.mark and (job.attempts > 0 or not wanted)
        for name in MARKS_OF_OURS:
            if name != wanted and (name == idea.mark or doubtful):
                await chat.unreact(idea.place, name)
        if wanted != idea.mark:
            await self.store.set_post(idea.id, mark=wanted)

    async def permalink(self, _job: Job, idea: Idea) -> None:
        """Ask for the address of an idea's post."""
        if idea.place is not None and not idea.gone:
            thread = await self.store.thread_of(idea.place)
            link = await self.chats.of(idea.workspace).link_to(idea.place, thread=thread)
            await self.store.set_post(idea.id, permalink=link)

    async def names(self, job: Job, idea: Idea) -> None:
        """Fill in names one by one: one that cannot be had does not keep the others away."""
        named, trouble = False, None
        for ident in await self.store.set_names(idea.id, {}):
            try:
                if ident.startswith("#"):
                    info = await self.chats.of(job.workspace).channel(ident[1:])
                    await self.store.remember_channel(job.workspace, info, now=self.now())
                    name = PRIVATE if info.private else info.name
                else:
                    name = (await self._meet(job.workspace, ident)).name
            except ChatError as error:
                trouble = error
            else:
                if name:
                    await self.store.set_names(idea.id, {ident: name})
                    named = True
        now = await self.store.idea_by_id(idea.id)
        posted = now is not None and now.place is not None and now.source in POSTED_BY_US
        if posted and (named or trouble is None):
            await self.posting.ask_to_redraw(job)
        if trouble is not None:
            raise trouble

    async def reread(self, job: Job) -> None:
        """Fetch a message that somebody marked, and read it again."""
        by, crossed = job.payload["by"], job.payload["crossed"]
        if await is_bot(self.store, self.chats, job.workspace, by, now=self.now()):
            return
        place = Place(job.workspace, job.channel, job.payload["ts"])
        thread = await self.store.thread_of(place)
        post = await self.chats.of(job.workspace).fetch(place, thread=thread)
        if post is None:
            if not crossed and await self.store.delivery_at(place) is not None:
                await self.teller.tell_marker(place, notices.not_kept("ours"), by)
            return
        keep = partial(self.keeper.reread, by=by, crossed=crossed)
        outcome = await keep_chosen(self.store, self.chats, post, keep, now=self.now())
        if crossed:
            return
        if isinstance(outcome, NotAnIdea):
            await self.teller.tell_marker(place, notices.not_kept(outcome.why), by)
        elif isinstance(outcome, Captured | AlreadyKnown) and post.by_app:
            idea = await self.store.idea_by_id(outcome.id)
            if (
                idea is not None and by != idea.author.id
            ):  # whoever marked an app's post hears whose idea it is now
                await self.teller.tell_marker(place, notices.kept_for(idea), by)

    async def whole(self, job: Job) -> None:
        """Fetch a message of which its event told but a part, and take in what it holds."""
        place = Place(job.workspace, job.channel, job.payload["ts"])
        post = await self.chats.of(job.workspace).fetch(place, thread=job.payload["thread"])
        if post is not None:
            known = await self.store.idea_at(place)
            await (self.keeper.capture(post) if known is None else self.keeper.edit(post))


_OF_IDEAS: Final[Mapping[Effect, Callable[[Effects, Job, Idea], Awaitable[None]]]] = {
    Effect.MARK: Effects.mark,
    Effect.PERMALINK: Effects.permalink,
    Effect.NAMES: Effects.names,
    Effect.PUBLISH: lambda effects, job, idea: effects.posting.publish(job, idea),
    Effect.REDRAW: lambda effects, job, idea: effects.posting.redraw(job, idea),
    Effect.UNPUBLISH: lambda effects, _, idea: effects.posting.unpublish(idea),
    Effect.FIRST: lambda effects, job, idea: effects.teller.kept(job, idea),
    Effect.MARKED: lambda effects, job, idea: effects.teller.kept(job, idea),
    Effect.STUDENT: lambda effects, job, idea: effects.teller.student(job, idea),
    Effect.UNPOSTED: lambda effects, job, idea: effects.teller.unposted(job, idea),
}
"""How the jobs about one idea are done; their key is its row id."""

_OTHERS: Final[Mapping[Effect, Callable[[Effects, Job], Awaitable[None]]]] = {
    Effect.MEMBER: Effects.member,
    Effect.CHANNEL: Effects.channel,
    Effect.REREAD: Effects.reread,
    Effect.WHOLE: Effects.whole,
    Effect.WELCOME: Effects.welcome,
    Effect.EXPORT: lambda effects, job: effects.exports.send(job),
    Effect.MY_DATA: lambda effects, job: effects.own_data.send(job),
    Effect.REPORT: lambda effects, job: effects.reports.send(job),
    Effect.REFUSED: Effects.refused,
    Effect.CARED: lambda effects, job: effects.teller.cared(job),
    Effect.JOINED: lambda effects, job: effects.teller.joined(job),
    Effect.BOOK: lambda effects, job: effects.books.update(job),
    Effect.TRIED: lambda effects, job: effects.teller.tried(job),
    Effect.ASK_SHOWN: lambda effects, job: effects.teller.ask_shown(job),
    Effect.CROSSED: lambda effects, job: effects.teller.crossed(job),
    Effect.NOT_THEIRS: lambda effects, job: effects.teller.not_theirs(job),
    Effect.PAUSED: lambda effects, job: effects.teller.paused(job),
    Effect.DOUBTFUL: lambda effects, job: effects.teller.doubtful(job),
    Effect.AHEAD: lambda effects, job: effects.ahead.tell(job),
    Effect.PERSONAL: lambda effects, job: effects.personal.send(job),
    Effect.PROPOSED: lambda effects, job: effects.teller.proposed(job),
    Effect.DECIDED: lambda effects, job: effects.teller.decided(job),
    Effect.CLAIMED: lambda effects, job: effects.teller.claimed(job),
    Effect.CLAIM_DECIDED: lambda effects, job: effects.teller.claim_decided(job),
}


def make_effects(
    *,
    finder: IdeaFinder,
    keeper: Keeper,
    poster: DeliveryPoster,
    ahead: DigestPreviews,
    personal: PersonalDigests,
    file_of: FileOf,
    draw: Draw,
    writers: Writers,
) -> Effects:
    """Put together what does the jobs; *file_of*, *draw* and *writers* make the files."""
    store, chats, permissions, now = finder.store, finder.chats, finder.permissions, finder.now
    teller = Teller(
        store=store,
        chats=chats,
        permissions=permissions,
        poster=poster,
        guard=keeper.reader.guard,
        now=now,
    )
    files = FileSender(store=store, chats=chats, now=now, real_now=poster.real_now)
    return Effects(
        store=store,
        chats=chats,
        keeper=keeper,
        watch=keeper.watch,
        permissions=permissions,
        finder=finder,
        poster=poster,
        teller=teller,
        books=BookWriter(
            store=store, chats=chats, framework=finder.framework, teller=teller, now=now
        ),
        ahead=ahead,
        personal=personal,
        posting=IdeaPoster(
            store=store, chats=chats, permissions=permissions, poster=poster, now=now
        ),
        reports=ReportSender(
            store=store,
            files=files,
            permissions=permissions,
            finder=finder,
            file_of=file_of,
            draw=draw,
            now=now,
        ),
        own_data=OwnDataSender(store=store, files=files, permissions=permissions, file_of=file_of),
        exports=ExportSender(
            store=store,
            files=files,
            permissions=permissions,
            finder=finder,
            file_of=file_of,
            writers=writers,
            now=now,
        ),
        now=now,
    )
