"""The store: the core's port `IdeaStore`, each method handed to the writer or to a reader."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC
from typing import TYPE_CHECKING

from bot.core.errors import StoreFullError
from storage import (
    ahead,
    deliveries,
    digests,
    find,
    ideas,
    members,
    moving,
    outbox,
    readings,
    responses,
    settings,
    sharing,
    taking,
    trials,
    upkeep,
    withdrawing,
)
from storage.rows import clean
from storage.sqlite import Readers, Writer, each, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta, tzinfo
    from pathlib import Path
    from typing import TypeVar

    from bot.core.model import (
        AlreadyKnown,
        Captured,
        Channel,
        ChannelInfo,
        Claim,
        DeliveryKind,
        Draft,
        Extra,
        Filters,
        Idea,
        Job,
        Keep,
        Member,
        NewJob,
        Outcome,
        Page,
        PartClaim,
        Person,
        Place,
        Post,
        Profile,
        Reaction,
        Reading,
        Sight,
        Source,
        Taken,
        Thread,
        Trial,
        Withdrawal,
        Workspace,
    )
    from bot.core.own_prompts import Asked, OwnPrompt, State
    from bot.core.settings import Change
    from storage.sqlite import Connection

    Result = TypeVar("Result")


class Store:
    """An open database. What each method means stands at `IdeaStore` in `bot/core/ports/`.

    Writing methods return when it is on disk. Short look-ups by key run where they are called:
    they take microseconds, and never wait for the writer. Lists run in a reader's thread.

    Args:
        path: a file that is at this version's schema.
        mode: how readers open it: `rw`, `ro` or `immutable`; only with `rw` can be written.
        patience: seconds to wait for another process's lock.
    """

    def __init__(self, path: Path, *, mode: str = "rw", patience: float = 2.5) -> None:
        self.path = path
        self._readers = Readers(path, mode=mode, patience=patience)
        self._writer = (
            Writer(path, patience=patience, idle=upkeep.Scrub()) if mode == "rw" else None
        )

    def _writing(self) -> Writer:
        if self._writer is None:
            raise StoreFullError(
                f"{self.path} was opened for reading only; nothing of this was stored."
            )
        return self._writer

    def _write(self, work: Callable[[Connection], Result]) -> asyncio.Future[Result]:
        return self._writing().submit(each, work)

    # -- taking in (the hot path) --

    async def add(
        self,
        post: Post,
        draft: Draft,
        *,
        source: Source,
        now: datetime,
        prompt_id: str = "",
        by: str = "",
    ) -> Outcome:
        """Keep *draft*, read from *post*, unless its author or channel does not want it kept."""
        one = taking.Add(post, draft, source, now, prompt_id, by)
        return await self._writing().submit(taking.add, one)

    async def change(self, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
        """Bring a kept idea into step with an edit of its post; the newest edit stamp wins."""
        return await self._write(lambda con: taking.change(con, post, draft, fits=fits, now=now))

    async def share(
        self,
        draft: Draft,
        *,
        workspace: str,
        channel: str,
        author_id: str,
        source: Source,
        credit: str,
        now: datetime,
    ) -> Captured | AlreadyKnown:
        """Keep an idea from a command or form that is still to be posted; queues PUBLISH."""
        return await self._write(
            lambda con: sharing.share(
                con,
                draft,
                workspace=workspace,
                channel=channel,
                author_id=author_id,
                source=source,
                credit=clean(credit),
                now=now,
            )
        )

    async def posted(self, idea_id: int, ts: str, posted_at: datetime) -> None:
        """Record where an idea from a command stands in the chat; queues PERMALINK."""
        await self._write(lambda con: sharing.posted(con, idea_id, ts, posted_at))

    async def refused(self, idea_id: int) -> None:
        """Note that an idea's post is refused for good: a digest brings it all the same."""
        await self._write(lambda con: sharing.refused(con, idea_id))

    async def withdraw(self, place: Place, how: Withdrawal, *, now: datetime) -> Outcome:
        """Withdraw the idea at *place*: its text and author leave every table and index."""
        return await self._write(lambda con: withdrawing.withdraw(con, place, how, now=now))

    async def withdraw_number(
        self, workspace: str, number: int, how: Withdrawal, *, now: datetime
    ) -> Outcome:
        """Withdraw by number; `Nothing("unknown")` if there is none."""
        return await self._write(
            lambda con: withdrawing.withdraw_number(con, workspace, number, how, now=now)
        )

    async def restore(
        self, post: Post, draft: Draft, *, source: Source, now: datetime, removed: bool = False
    ) -> Outcome:
        """Keep a withdrawn idea again, under the number it had."""
        return await self._write(
            lambda con: withdrawing.restore(
                con, post, draft, source=source, now=now, removed=removed
            )
        )

    async def add_reply(
        self,
        parent: Place,
        reply: Place,
        member_id: str,
        *,
        now: datetime,  # noqa: ARG002  (the port gives it)
    ) -> None:
        """Count a person's reply. Its text is never given. A repeated reply counts once."""
        await self._write(lambda con: responses.add_reply(con, parent, reply, member_id))

    async def drop_reply(self, reply: Place) -> None:
        """Forget a deleted reply; also one that comes later with this key."""
        await self._write(lambda con: responses.drop_reply(con, reply))

    async def react(self, reaction: Reaction, *, present: bool, now: datetime) -> None:
        """Remember a reaction or its removal; the latest stamp wins, in any order of arrival."""
        await self._write(lambda con: responses.react(con, reaction, present=present, now=now))

    async def reactors(self, place: Place, name: str) -> frozenset[str]:
        """Who has this emoji on that message now; nobody who is known to be a bot."""
        return self._readers.here(lambda con: responses.reactors(con, place, name))

    async def set_components(
        self, workspace: str, number: int, components: Sequence[str], *, framework: str
    ) -> Idea | None:
        """Set an idea's components by hand: edits do not change them any more. None: not kept."""
        return await self._write(
            lambda con: ideas.set_components(con, workspace, number, components, framework)
        )

    async def name_components(self, names: Mapping[str, str]) -> None:
        """Let the view `idea_list` call each component what it is called now; by code."""
        await self._write(lambda con: ideas.name_components(con, names))

    async def set_titles(self, place: Place, titles: Mapping[str, str]) -> None:
        """Give the links of the idea at *place* their titles, by address; none there: nothing."""
        await self._write(lambda con: ideas.set_titles(con, place, titles))

    # -- workspace, channels, members --

    async def remember_workspace(self, workspace: Workspace) -> None:
        """Keep what the platform says of the workspace and of the bot in it."""
        await self._write(lambda con: members.remember_workspace(con, workspace))

    async def workspaces(self) -> Sequence[Workspace]:
        """Those that the bot was ever installed in, by id."""
        return self._readers.here(members.workspaces)

    async def saw_channel(
        self,
        workspace: str,
        channel: str,
        *,
        now: datetime,
        private: bool | None = None,
        invited_by: str | None = None,
        inviter_left: bool | None = None,
        member: bool = True,
        deleted: bool = False,
    ) -> Channel:
        """Note that the bot is (or, *member* False, no longer is) in a channel."""
        return await self._write(
            lambda con: members.saw_channel(
                con,
                workspace,
                channel,
                now=now,
                private=private,
                invited_by=invited_by,
                inviter_left=inviter_left,
                member=member,
                deleted=deleted,
            )
        )

    async def remember_channel(
        self, workspace: str, info: ChannelInfo, *, now: datetime
    ) -> Channel:
        """Keep what the platform says of a channel."""
        return await self._write(
            lambda con: members.remember_channel(con, workspace, info, now=now)
        )

    async def move_channel(self, workspace: str, old: str, new: str, *, now: datetime) -> bool:
        """A channel has another id now: all that is kept of it follows. False: it is not known."""
        return await self._write(lambda con: moving.move_channel(con, workspace, old, new, now=now))

    async def channel(self, workspace: str, id_or_name: str) -> Channel | None:
        """The channel of this id or, failing that, name (without `#`)."""
        return self._readers.here(lambda con: members.channel(con, workspace, id_or_name))

    async def channels(self, workspace: str) -> Sequence[Channel]:
        """All channels ever seen in the workspace."""
        return self._readers.here(lambda con: members.channels(con, workspace))

    async def member(self, workspace: str, member_id: str) -> Member | None:
        """A member, as far as known; None: never seen."""
        return self._readers.here(lambda con: members.member(con, workspace, member_id))

    async def remember_member(self, workspace: str, person: Person, *, now: datetime) -> None:
        """Keep what the platform says of a member; fill it into their ideas that lack a name."""
        await self._write(lambda con: members.remember_member(con, workspace, person, now=now))

    async def set_profile(
        self,
        workspace: str,
        member_id: str,
        profile: Profile,
        *,
        now: datetime,  # noqa: ARG002  (the port gives it)
    ) -> None:
        """Keep what a member told about themselves; for their ideas from now on."""
        await self._write(lambda con: members.set_profile(con, workspace, member_id, profile))

    async def keep_of(self, workspace: str, member_id: str) -> Keep:
        """What this member lets us keep."""
        return self._readers.here(lambda con: members.keep_of(con, workspace, member_id))

    async def called(self, workspace: str, who: str) -> Sequence[Member]:
        """Whoever has this id, or was ever known by this name."""
        return self._readers.here(lambda con: members.called(con, workspace, who))

    async def authors(self, workspace: str, sight: Sight) -> Sequence[Member]:
        """Members with an idea in sight, by name; *workspace* empty: of all of them."""
        return await self._readers.read(lambda con: find.authors(con, workspace, sight))

    async def tags(self, workspace: str, sight: Sight) -> Sequence[str]:
        """Every tag of an idea in sight."""
        return await self._readers.read(lambda con: find.tags(con, workspace, sight))

    async def names(
        self, workspace: str, ids: Sequence[str], *, public: bool = False
    ) -> Mapping[str, str]:
        """Names by id, of members and channels, as far as known; *public*: of no private one."""
        return self._readers.here(lambda con: members.names(con, workspace, ids, public=public))

    async def set_names(self, idea_id: int, names: Mapping[str, str]) -> tuple[str, ...]:
        """Put names where ids or handles stood; returns the ids that are still unnamed."""
        return await self._write(lambda con: ideas.set_names(con, idea_id, names))

    # -- catching up --

    async def reading(self, workspace: str, channel: str) -> Reading | None:
        """How far the latest reading of a channel's history has come; None: never read."""
        return self._readers.here(lambda con: readings.reading(con, workspace, channel))

    async def set_reading(self, workspace: str, reading: Reading) -> None:
        """Remember how far a reading has come, so that another run goes on from there."""
        await self._write(lambda con: readings.set_reading(con, workspace, reading))

    async def set_reactions(
        self, place: Place, reactions: Sequence[tuple[str, str]], *, now: datetime
    ) -> None:
        """Take over the complete list of (emoji name, member id) on a message."""
        await self._write(lambda con: responses.bring_into_step(con, place, reactions, now))

    async def replies_of(self, place: Place) -> Thread:
        """The replies that are counted under a message."""
        return self._readers.here(lambda con: readings.replies_of(con, place))

    async def kept_between(
        self, workspace: str, channel: str, oldest: datetime, latest: datetime
    ) -> Sequence[Place]:
        """Where the ideas posted in this stretch, ends included, stand."""
        return await self._readers.read(
            lambda con: readings.kept_between(con, workspace, channel, oldest, latest)
        )

    async def missed(self, place: Place, *, reading: datetime) -> datetime:
        """Note that a message was missing in the reading begun then; says when it first was."""
        return await self._write(lambda con: readings.missed(con, place, reading))

    async def found(self, places: Sequence[Place]) -> None:
        """These messages are not missing (any more)."""
        if places:
            await self._write(lambda con: readings.found(con, places))

    # -- finding --

    async def find(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        start: int = 0,
        limit: int = 10,
        oldest_first: bool = False,
        kinds: Sequence[str] = (),
    ) -> Page:
        """Ideas that fit; newest first, or by relevance when `filters.words` are given."""
        return await self._readers.read(
            lambda con: find.find(
                con,
                workspace,
                filters,
                sight,
                since=since,
                until=until,
                start=start,
                limit=limit,
                oldest_first=oldest_first,
                kinds=kinds,
            )
        )

    async def idea(self, workspace: str, number: int, sight: Sight) -> Idea | None:
        """An idea that is not withdrawn and that the asker may see."""
        return self._readers.here(lambda con: find.by_number(con, workspace, number, sight))

    async def idea_by_id(self, idea_id: int) -> Idea | None:
        """Also a withdrawn one: its words are then empty."""
        return self._readers.here(lambda con: find.by_id(con, idea_id))

    async def idea_at(self, place: Place) -> Idea | None:
        """Also a withdrawn one."""
        return self._readers.here(lambda con: find.at(con, place))

    async def random_idea(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Idea | None:
        """Any one of the ideas that fit."""
        return await self._readers.read(
            lambda con: find.random_idea(con, workspace, filters, sight, since=since, until=until)
        )

    def export_rows(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        zone: tzinfo = UTC,
    ) -> Iterator[tuple[object, ...]]:
        """The CSV's columns in the contract's order, raw: oldest first, one consistent snapshot."""
        con = self._readers.connection(cache_kib=4096)
        try:
            con.execute("begin")
            yield from find.export_rows(
                con, workspace, filters, sight, since=since, until=until, zone=zone
            )
        except sqlite3.Error as error:
            raise translated(error, self.path) or error from error
        finally:
            con.close()

    async def count(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        kinds: Sequence[str] = (),
    ) -> int:
        """How many ideas fit; *since* and *until* as in `find`."""
        return await self._readers.read(
            lambda con: find.count(
                con, workspace, filters, sight, since=since, until=until, kinds=kinds
            )
        )

    async def by_component(self, workspace: str, channel: str) -> Mapping[str, int]:
        """How many ideas each component has in a channel."""
        return await self._readers.read(lambda con: find.by_component(con, workspace, channel))

    # -- weekly --

    async def fresh(
        self, workspace: str, channel: str, *, at: datetime, oldest: timedelta
    ) -> Sequence[Idea]:
        """Ideas posted by *at*, at most *oldest* old, in no sent digest of this channel."""
        return await self._readers.read(
            lambda con: deliveries.fresh(con, workspace, channel, at=at, oldest=oldest)
        )

    async def claim(
        self,
        workspace: str,
        channel: str,
        kind: DeliveryKind,
        period: str,
        *,
        at: datetime,
        now: datetime,
        lease: timedelta,
        ideas: Sequence[int] = (),
        extras: Sequence[tuple[Extra, str]] = (),
        prompt_id: str = "",
        prompt_text: str = "",
        begun: datetime | None = None,
    ) -> Claim | Taken:
        """Take the right to post. Of any number of callers, in any process, one gets a `Claim`."""
        return await self._write(
            lambda con: deliveries.claim(
                con,
                workspace,
                channel,
                kind,
                period,
                at=at,
                now=now,
                lease=lease,
                ideas=ideas,
                extras=extras,
                prompt_id=prompt_id,
                prompt_text=prompt_text,
                begun=begun or now,
            )
        )

    async def sent(
        self, claim: Claim, ts: str, *, now: datetime, until: datetime | None = None
    ) -> None:
        """Record that it stands in the channel; its ideas, posted by *until*, are then used up."""
        await self._write(lambda con: deliveries.sent(con, claim, ts, now, until))

    async def doubt(self, claim: Claim, *, until: datetime) -> None:
        """The answer was lost: nobody posts before *until*; anyone may look."""
        await self._write(lambda con: deliveries.doubt(con, claim, until))

    async def release(self, claim: Claim) -> None:
        """Certainly not posted: give the claim back as if never taken."""
        await self._write(lambda con: deliveries.release(con, claim))

    async def divide(self, claim: Claim, parts: Sequence[Sequence[int]]) -> None:
        """Fix which ideas stand in which later message, before the first one is posted."""
        await self._write(lambda con: digests.divide(con, claim, parts))

    async def claim_part(
        self,
        workspace: str,
        channel: str,
        kind: DeliveryKind,
        period: str,
        *,
        now: datetime,
        lease: timedelta,
    ) -> PartClaim | Taken | None:
        """Take the right to post the next later message of what was sent; None: all are sent."""
        return await self._write(
            lambda con: digests.claim_part(
                con, workspace, channel, kind, period, now=now, lease=lease
            )
        )

    async def part_sent(self, claim: PartClaim, ts: str, *, now: datetime) -> None:
        """Record that it stands in the thread; its ideas are then used up."""
        await self._write(lambda con: digests.part_sent(con, claim, ts, now))

    async def part_doubt(self, claim: PartClaim, *, until: datetime) -> None:
        """The answer was lost: nobody posts before *until*; anyone may look."""
        await self._write(lambda con: digests.part_doubt(con, claim, until))

    async def part_release(self, claim: PartClaim) -> None:
        """Certainly not posted by this first attempt: as if it had never been."""
        await self._write(lambda con: digests.part_release(con, claim))

    async def part_dropped(self, claim: PartClaim) -> None:
        """It will never be posted; its ideas are free again."""
        await self._write(lambda con: digests.part_dropped(con, claim))

    async def unfinished(self, workspace: str, channel: str, kind: DeliveryKind) -> Sequence[str]:
        """The periods of what was sent without all of its later messages, oldest first."""
        return self._readers.here(lambda con: digests.unfinished(con, workspace, channel, kind))

    async def open_question(
        self, workspace: str, channel: str, *, since: datetime, at: datetime
    ) -> Idea | None:
        """A question without a reply that a digest had: the least often repeated, the oldest."""
        return await self._readers.read(
            lambda con: digests.open_question(con, workspace, channel, since=since, at=at)
        )

    async def idea_between(
        self, workspace: str, channel: str, *, since: datetime, until: datetime
    ) -> Idea | None:
        """An idea posted in this stretch (*until* not included): the least often repeated."""
        return await self._readers.read(
            lambda con: digests.idea_between(con, workspace, channel, since=since, until=until)
        )

    async def fresh_trials(
        self, workspace: str, channel: str, *, at: datetime, oldest: timedelta
    ) -> Sequence[Trial]:
        """Trials of a channel's ideas told by *at* that no sent digest had, oldest first."""
        return await self._readers.read(
            lambda con: trials.fresh(con, workspace, channel, at=at, oldest=oldest)
        )

    async def trials_of(self, idea_id: int) -> Sequence[Trial]:
        """Everybody's trial of an idea, the latest first."""
        return self._readers.here(lambda con: trials.of(con, idea_id))

    async def trial_by_id(self, trial_id: int) -> Trial | None:
        """One trial."""
        return self._readers.here(lambda con: trials.by_id(con, trial_id))

    async def add_trial(self, trial: Trial) -> Trial | None:
        """Keep a trial; a second one of the same idea and member takes the first one's place."""
        return await self._write(lambda con: trials.add(con, trial))

    async def digests_sent(self, workspace: str, channel: str) -> int:
        """How many digests stand in a channel."""
        return self._readers.here(lambda con: digests.sent_count(con, workspace, channel))

    async def look_ahead(
        self, workspace: str, channel: str, period: str, members: Sequence[str], *, now: datetime
    ) -> bool:
        """Queue a look ahead for each of *members*; False: that was done before."""
        return await self._write(
            lambda con: ahead.look_ahead(con, workspace, channel, period, members, now)
        )

    async def skip(
        self, workspace: str, channel: str, period: str, member_id: str, *, now: datetime
    ) -> None:
        """Post no digest in this period; with an empty *member_id*, post it after all."""
        await self._write(lambda con: ahead.skip(con, workspace, channel, period, member_id, now))

    async def skipped_by(self, workspace: str, channel: str, period: str) -> str:
        """Who skipped the digest of this period; empty: nobody."""
        return self._readers.here(lambda con: ahead.skipped_by(con, workspace, channel, period))

    async def leave_out(self, idea_id: int, member_id: str, *, now: datetime) -> None:
        """Keep an idea out of digests; with an empty *member_id*, put it back."""
        await self._write(lambda con: ahead.leave_out(con, idea_id, member_id, now))

    async def begin_telling(self, workspace: str, key: str, *, now: datetime) -> bool:
        """Whether nobody was told this yet; from now on somebody may have been."""
        return await self._write(lambda con: ahead.begin_telling(con, workspace, key, now))

    async def told_at(self, workspace: str, key: str) -> datetime | None:
        """When telling this was begun; None: nobody was told it."""
        return self._readers.here(lambda con: ahead.told_at(con, workspace, key))

    async def not_told(self, workspace: str, key: str) -> None:
        """It was certainly not told: it may be tried again."""
        await self._write(lambda con: ahead.not_told(con, workspace, key))

    async def left_out(self, workspace: str, channel: str) -> Sequence[Idea]:
        """The ideas that were left out and stood in no digest, oldest first."""
        return self._readers.here(lambda con: ahead.left_out(con, workspace, channel))

    async def delivery_at(self, place: Place) -> tuple[DeliveryKind, str] | None:
        """What was delivered at *place*: kind and prompt id (empty for a digest)."""
        return self._readers.here(lambda con: deliveries.delivery_at(con, place))

    async def recent_prompts(self, workspace: str, channel: str, limit: int) -> Sequence[str]:
        """Ids of the channel's prompts, latest first."""
        return self._readers.here(
            lambda con: deliveries.recent_prompts(con, workspace, channel, limit)
        )

    async def due(self, now: datetime) -> Sequence[tuple[str, str, DeliveryKind, datetime]]:
        """(workspace, channel, kind, due time) of everything that is due."""
        return self._readers.here(lambda con: deliveries.due(con, now))

    async def set_due(
        self, workspace: str, channel: str, kind: DeliveryKind, due: datetime | None
    ) -> None:
        """When a channel's next digest or prompt is due; None: never."""
        await self._write(lambda con: deliveries.set_due(con, workspace, channel, kind, due))

    async def dues(self, workspace: str) -> Mapping[tuple[str, DeliveryKind], datetime]:
        """All due times, by channel and kind."""
        return self._readers.here(lambda con: deliveries.dues(con, workspace))

    # -- settings and a channel's own questions --

    async def set_settings(self, channel: Channel, *, who: str, now: datetime) -> Sequence[Change]:
        """Keep what people choose for a channel; returns what that changed."""
        return await self._write(lambda con: settings.set_settings(con, channel, who=who, now=now))

    async def changes(self, workspace: str, channel: str, limit: int) -> Sequence[Change]:
        """What was changed in a channel's settings, latest first."""
        return self._readers.here(lambda con: settings.changes(con, workspace, channel, limit))

    async def last_sent(self, workspace: str, channel: str) -> Mapping[DeliveryKind, str]:
        """The latest week, as `2026-W48`, of which each kind stands in the channel."""
        return self._readers.here(lambda con: settings.last_sent(con, workspace, channel))

    async def admins(self, workspace: str) -> Sequence[str]:
        """Ids of the workspace's admins and owners, as far as they are known."""
        return self._readers.here(lambda con: settings.admins(con, workspace))

    async def own_prompts(self, workspace: str, channel: str) -> Sequence[OwnPrompt]:
        """A channel's own questions, by number, also those that were proposed or declined."""
        return self._readers.here(lambda con: settings.own_prompts(con, workspace, channel))

    async def add_prompt(self, workspace: str, prompt: OwnPrompt) -> int:
        """Keep a question under the next number of its channel, which is returned."""
        return await self._write(lambda con: settings.add_prompt(con, workspace, prompt))

    async def edit_prompt(
        self, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
    ) -> None:
        """Give a channel's own question the words and components it has in *prompt*."""
        await self._write(
            lambda con: settings.edit_prompt(con, workspace, prompt, who=who, now=now)
        )

    async def decide_prompt(
        self, workspace: str, channel: str, number: int, state: State, *, who: str, now: datetime
    ) -> bool:
        """Accept or decline a proposal; False: it waits for no decision."""
        return await self._write(
            lambda con: settings.decide_prompt(
                con, workspace, channel, number, state=state, who=who, now=now
            )
        )

    async def drop_prompt(
        self, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
    ) -> None:
        """Ask a channel's own question no more; its answers stay as they are."""
        await self._write(
            lambda con: settings.drop_prompt(con, workspace, prompt, who=who, now=now)
        )

    async def forget_prompt(self, workspace: str, channel: str, number: int) -> None:
        """Of a question that was declined only the number stays."""
        await self._write(lambda con: settings.forget_prompt(con, workspace, channel, number))

    async def skip_prompt(
        self, channel: Channel, prompt_id: str, *, who: str, now: datetime
    ) -> None:
        """Do not ask this one for a while."""
        await self._write(
            lambda con: settings.skip_prompt(con, channel, prompt_id, who=who, now=now)
        )

    async def skipped_prompts(
        self, workspace: str, channel: str, *, since: datetime
    ) -> frozenset[str]:
        """Ids of what was skipped since then."""
        return self._readers.here(
            lambda con: settings.skipped_prompts(con, workspace, channel, since)
        )

    async def asked_prompts(self, workspace: str, channel: str) -> Sequence[Asked]:
        """Every question asked in a channel, the latest first, with its answers counted."""
        return await self._readers.read(lambda con: settings.asked_prompts(con, workspace, channel))

    # -- the outbox --

    async def enqueue(self, workspace: str, job: NewJob, *, now: datetime) -> None:
        """Queue an effect; if it waits already, it will be done once, no later than asked."""
        await self._write(lambda con: outbox.enqueue(con, workspace, job, now))

    async def take_back(self, workspace: str, effect: str, key: str) -> None:
        """Forget a job that has become needless."""
        await self._write(lambda con: outbox.take_back(con, workspace, effect, key))

    async def jobs(self, now: datetime, *, effect: str, limit: int) -> Sequence[Job]:
        """Jobs of one effect that are due, oldest first."""
        return self._readers.here(lambda con: outbox.jobs(con, now, effect, limit))

    async def next_due(self) -> datetime | None:
        """When the earliest job is due."""
        return self._readers.here(outbox.next_due)

    async def done(self, job: Job) -> None:
        """Forget a job, unless it was asked for again meanwhile."""
        await self._write(lambda con: outbox.done(con, job))

    async def begin(self, job: Job, *, due: datetime, now: datetime, begun: datetime) -> bool:
        """Take a job in hand; False if somebody else was at it since it was read."""
        return await self._write(lambda con: outbox.begin(con, job, due, now, begun))

    async def postpone(self, job: Job, *, due: datetime, error: str, now: datetime) -> None:
        """Try a job again at *due*; its attempts count one more."""
        await self._write(lambda con: outbox.postpone(con, job, due, error, now))

    async def pause(self, workspace: str, method: str, *, now: datetime, until: datetime) -> None:
        """Note that a method of a workspace's chat is to be left alone."""
        await self._write(lambda con: outbox.pause(con, workspace, method, now, until))

    async def pauses(self, workspace: str, now: datetime) -> Mapping[str, datetime]:
        """The methods to be left alone now, each until when."""
        return self._readers.here(lambda con: outbox.pauses(con, workspace, now))

    async def set_mark(self, idea_id: int, mark: str) -> None:
        """Record the emoji the bot has on an idea's post now."""
        await self._write(lambda con: ideas.set_mark(con, idea_id, mark))

    async def set_permalink(self, idea_id: int, permalink: str) -> None:
        """Record the address of an idea's post."""
        await self._write(lambda con: ideas.set_permalink(con, idea_id, permalink))

    # -- upkeep --

    async def ping(self) -> None:
        """Write and commit something small; raises when the database takes no writes."""
        await self._write(upkeep.ping)

    async def backup(self, target: Path) -> None:
        """A consistent copy, also while others write."""
        await asyncio.to_thread(self.copy_to, target)

    def on_jobs(self, wake: Callable[[], None]) -> None:
        """Call *wake*, in the event loop, after each commit that queued jobs."""
        if self._writer is not None:
            self._writer.wake = wake

    async def wipe(self) -> None:
        """Delete everything: for a store of samples that begins anew."""
        await self._write(upkeep.wipe)

    async def close(self) -> None:
        """Finish what is queued and close the file."""
        await asyncio.to_thread(self.close_now)

    # -- without an event loop, for commands --

    def count_rows(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """What `count` says; blocks."""
        return self._readers.here(
            lambda con: find.count(con, workspace, filters, sight, since=since, until=until)
        )

    def copy_to(self, target: Path) -> None:
        """What `backup` does; blocks."""
        con = self._readers.connection()
        try:
            upkeep.backup(con, target)
        finally:
            con.close()

    def close_now(self) -> None:
        """What `close` does; blocks."""
        if self._writer is not None:
            self._writer.close()
        self._readers.close()

    # -- beyond the port --

    async def check(self) -> tuple[str, ...]:
        """What is wrong with the file, a sentence each; nothing when all is well. May take long."""
        findings = await self._readers.read(upkeep.check)
        if self._writer is not None:
            findings += await self._write(upkeep.check_index)
        return findings
