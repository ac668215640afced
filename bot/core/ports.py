"""What the core asks of the world: a store for ideas, and a chat to speak in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from bot.core.model import (
        AlreadyKnown,
        Captured,
        Channel,
        ChannelInfo,
        Claim,
        DeliveryKind,
        Draft,
        Entry,
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
    from bot.core.parts import Form, Message
    from bot.core.settings import Change


class IdeaStore(Protocol):
    """Where everything is kept. Each method is one transaction; when it returns, it is on disk.

    Every row carries its workspace and every query takes it. Raises `StoreBusyError` when another
    process holds the file too long, `StoreFullError` when the disk is full or read-only, and then
    has changed nothing. Instants are aware datetimes in UTC.
    """

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
        """Keep *draft*, read from *post*, unless its author or channel does not want it kept.

        One transaction: the idea with the next number of its workspace, its tags, resources,
        credits and components, the author as known (name, title, school ... frozen), the channel
        row if new, and the jobs that follow (MARK, PERMALINK, MEMBER or CHANNEL if unknown or
        older than a day, NAMES if `draft.unnamed`, FIRST once per member, MARKED when *source* is
        REACTION and *by* is not the author).

        Returns:
            `Captured`; `AlreadyKnown` if it is kept already and not newer; `Changed` if it is kept
            and *post* is a newer edit; `Nothing("withdrawn")` if it was withdrawn;
            `Nothing("outdated")` if a later edit or a deletion came first;
            `NotAnIdea("opted out" | "marked only")` by the member's or channel's wish.
        """

    async def change(self, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
        """Bring a kept idea into step with an edit of its post; the newest edit stamp wins.

        A component set by hand stays. With the same text and resources nothing changes. A post
        that is not kept yet is added as `Source.POST` if it *fits* (reads as an idea now), with
        all that `add` does; otherwise its edit stamp is remembered, so that an older copy of the
        post that arrives late does not come in (`NotAnIdea("edited")`).
        """

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
        """Keep an idea from a command or form that is still to be posted; queues PUBLISH.

        The same text by the same author within 10 minutes is the same idea (`AlreadyKnown`).
        """

    async def posted(self, idea_id: int, ts: str, posted_at: datetime) -> None:
        """Record where an idea from a command stands in the chat; queues PERMALINK."""

    async def withdraw(self, place: Place, how: Withdrawal, *, now: datetime) -> Outcome:
        """Withdraw the idea at *place*: its text and author leave every table and index.

        Only number and key stay. Queues MARK (unless DELETED), or UNPUBLISH where the bot posted
        it. A deletion of a message that is not known is remembered, so that it never comes in.
        """

    async def withdraw_number(
        self, workspace: str, number: int, how: Withdrawal, *, now: datetime
    ) -> Outcome:
        """Withdraw by number; `Nothing("unknown")` if there is none."""

    async def restore(self, post: Post, draft: Draft, *, source: Source, now: datetime) -> Outcome:
        """Keep a CROSSED or UNMARKED idea again, under the number it had."""

    async def add_reply(
        self, parent: Place, reply: Place, member_id: str, *, now: datetime
    ) -> None:
        """Count a person's reply. Its text is never given. A repeated reply counts once."""

    async def drop_reply(self, reply: Place) -> None:
        """Forget a deleted reply; also one that comes later with this key."""

    async def react(self, reaction: Reaction, *, present: bool, now: datetime) -> None:
        """Remember a reaction or its removal; the latest stamp wins, in any order of arrival."""

    async def reactors(self, place: Place, name: str) -> frozenset[str]:
        """Who has this emoji on that message now."""

    async def set_titles(self, place: Place, titles: Mapping[str, str]) -> None:
        """Give the links of the idea at *place* their titles, by address; none there: nothing."""

    # -- workspace, channels, members --

    async def remember_workspace(self, workspace: Workspace) -> None:
        """Keep what the platform says of the workspace and of the bot in it."""

    async def workspace(self, workspace: str = "") -> Workspace | None:
        """The workspace of this id; without one, the only one kept (None if none or several)."""

    async def saw_channel(
        self,
        workspace: str,
        channel: str,
        *,
        now: datetime,
        private: bool | None = None,
        invited_by: str | None = None,
        member: bool = True,
    ) -> Channel:
        """Note that the bot is (or, *member* False, no longer is) in a channel."""

    async def remember_channel(
        self, workspace: str, info: ChannelInfo, *, now: datetime
    ) -> Channel:
        """Keep what the platform says of a channel."""

    async def move_channel(self, workspace: str, old: str, new: str, *, now: datetime) -> bool:
        """A channel has another id now: all that is kept of it follows. False: it is not known."""

    async def channel(self, workspace: str, id_or_name: str) -> Channel | None:
        """The channel of this id or, failing that, name (without `#`)."""

    async def channels(self, workspace: str) -> Sequence[Channel]:
        """All channels ever seen in the workspace."""

    async def member(self, workspace: str, member_id: str) -> Member | None:
        """A member, as far as known; None: never seen."""

    async def remember_member(self, workspace: str, person: Person, *, now: datetime) -> None:
        """Keep what the platform says of a member; fill it into their ideas that lack a name."""

    async def set_profile(
        self, workspace: str, member_id: str, profile: Profile, *, now: datetime
    ) -> None:
        """Keep what a member told about themselves; for their ideas from now on."""

    async def keep_of(self, workspace: str, member_id: str) -> Keep:
        """What this member lets us keep."""

    async def names(self, workspace: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Names of members and channels, by id, as far as they are known."""

    async def set_components(
        self, workspace: str, number: int, components: Sequence[str], *, framework: str
    ) -> Idea | None:
        """Set an idea's components by hand: edits do not change them any more. None: not kept.

        *framework*: the version of the file that the codes are from.
        """

    async def set_names(self, idea_id: int, names: Mapping[str, str]) -> tuple[str, ...]:
        """Put names into an idea's text and credits where ids stood; returns ids still unnamed."""

    # -- catching up --

    async def reading(self, workspace: str, channel: str) -> Reading | None:
        """How far the latest reading of a channel's history has come; None: never read."""

    async def set_reading(self, workspace: str, reading: Reading) -> None:
        """Remember how far a reading has come, so that another run goes on from there."""

    async def set_reactions(
        self, place: Place, reactions: Sequence[tuple[str, str]], *, now: datetime
    ) -> None:
        """Take over the complete list of (emoji name, member id) on a message."""

    async def replies_of(self, place: Place) -> Thread:
        """The replies that are counted under a message."""

    async def kept_between(
        self, workspace: str, channel: str, oldest: datetime, latest: datetime
    ) -> Sequence[Place]:
        """Where the ideas posted in this stretch, ends included, stand."""

    async def missed(self, place: Place, *, reading: datetime) -> datetime:
        """Note that a message was missing in the reading begun then; says when it first was."""

    async def found(self, places: Sequence[Place]) -> None:
        """These messages are not missing (any more)."""

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
        """Ideas that fit; newest first, or by relevance when `filters.words` are given.

        *since* (included) and *until* (excluded) are the instants of `filters.since/until`.
        Any words are taken as words: no query is ever an error.
        """

    async def idea(self, workspace: str, number: int, sight: Sight) -> Idea | None:
        """An idea that is not withdrawn and that the asker may see."""

    async def idea_by_id(self, idea_id: int) -> Idea | None:
        """Also a withdrawn one: its words are then empty."""

    async def idea_at(self, place: Place) -> Idea | None:
        """Also a withdrawn one."""

    async def random_idea(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Idea | None:
        """Any one of the ideas that fit; *since* and *until* as in `find`."""

    def export_rows(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[tuple[object, ...]]:
        """The CSV's columns in the contract's order, raw: oldest first, one consistent snapshot.

        Runs in the caller's thread on a connection of its own, in constant memory. tags,
        components, resources and credits are joined by `; `; instants are `2026-11-25T15:00:00Z`;
        nothing known is the empty string; counts are ints.
        """

    async def count(
        self,
        workspace: str,
        filters: Filters,
        sight: Sight,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """How many ideas fit; *since* and *until* as in `find`."""

    async def by_component(self, workspace: str, channel: str) -> Mapping[str, int]:
        """How many ideas each component has in a channel."""

    # -- weekly --

    async def fresh(
        self, workspace: str, channel: str, *, at: datetime, oldest: timedelta
    ) -> Sequence[Idea]:
        """Ideas posted by *at*, at most *oldest* old, in no sent digest of this channel."""

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
    ) -> Claim | Taken:
        """Take the right to post. Of any number of callers, in any process, one gets a `Claim`.

        A second attempt (after the lease ran out) gets the *ideas*, *at* and prompt of the first.
        """

    async def sent(
        self, claim: Claim, ts: str, *, now: datetime, until: datetime | None = None
    ) -> None:
        """Record that it stands in the channel; its ideas, posted by *until*, are then used up."""

    async def doubt(self, claim: Claim, *, until: datetime) -> None:
        """The answer was lost: nobody posts before *until*; anyone may look."""

    async def release(self, claim: Claim) -> None:
        """Certainly not posted: give the claim back as if never taken."""

    # -- a digest in parts --

    async def divide(self, claim: Claim, parts: Sequence[Sequence[int]]) -> None:
        """Fix which ideas stand in which later message, before the first one is posted."""

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

    async def part_sent(self, claim: PartClaim, ts: str, *, now: datetime) -> None:
        """Record that it stands in the thread; its ideas are then used up."""

    async def part_doubt(self, claim: PartClaim, *, until: datetime) -> None:
        """The answer was lost: nobody posts before *until*; anyone may look."""

    async def part_release(self, claim: PartClaim) -> None:
        """Certainly not posted by this first attempt: as if it had never been."""

    async def part_dropped(self, claim: PartClaim) -> None:
        """It will never be posted; its ideas are free again."""

    async def unfinished(self, workspace: str, channel: str, kind: DeliveryKind) -> Sequence[str]:
        """The periods of what was sent without all of its later messages, oldest first."""

    # -- what a digest says beside its ideas --

    async def open_question(
        self, workspace: str, channel: str, *, since: datetime, at: datetime
    ) -> Idea | None:
        """A question without a reply that a digest had: the least often repeated, the oldest."""

    async def idea_between(
        self, workspace: str, channel: str, *, since: datetime, until: datetime
    ) -> Idea | None:
        """An idea posted in this stretch (*until* not included): the least often repeated."""

    async def fresh_trials(
        self, workspace: str, channel: str, *, at: datetime, oldest: timedelta
    ) -> Sequence[Trial]:
        """Trials of a channel's ideas told by *at* that no sent digest had, oldest first."""

    async def trial_by_id(self, trial_id: int) -> Trial | None:
        """A trial, also one of another channel."""

    async def add_trial(self, trial: Trial) -> Trial | None:
        """Keep a trial; a second one of the same idea and member takes the first one's place.

        Name and school are filled in from what is known of the member. The idea's author hears of
        it (queues TRIED). None: the idea is not kept (any more).
        """

    async def digests_sent(self, workspace: str, channel: str) -> int:
        """How many digests stand in a channel."""

    # -- the look ahead --

    async def look_ahead(
        self, workspace: str, channel: str, period: str, members: Sequence[str], *, now: datetime
    ) -> bool:
        """Queue a look ahead for each of *members*; False: that was done before."""

    async def skip(
        self, workspace: str, channel: str, period: str, member_id: str, *, now: datetime
    ) -> None:
        """Post no digest in this period; with an empty *member_id*, post it after all."""

    async def skipped_by(self, workspace: str, channel: str, period: str) -> str:
        """Who skipped the digest of this period; empty: nobody."""

    async def leave_out(self, idea_id: int, member_id: str, *, now: datetime) -> None:
        """Keep an idea out of digests; with an empty *member_id*, put it back."""

    async def begin_telling(self, workspace: str, key: str, *, now: datetime) -> bool:
        """Whether nobody was told this yet; from now on somebody may have been."""

    async def not_told(self, workspace: str, key: str) -> None:
        """It was certainly not told: it may be tried again."""

    async def left_out(self, workspace: str, channel: str) -> Sequence[Idea]:
        """The ideas that were left out and stood in no digest, oldest first."""

    # -- what was sent --

    async def delivery_at(self, place: Place) -> tuple[DeliveryKind, str] | None:
        """What was delivered at *place*: kind and prompt id (empty for a digest)."""

    async def recent_prompts(self, workspace: str, channel: str, limit: int) -> Sequence[str]:
        """Ids of the channel's prompts, latest first."""

    async def due(self, now: datetime) -> Sequence[tuple[str, str, DeliveryKind, datetime]]:
        """(workspace, channel, kind, due time) of everything that is due."""

    async def set_due(
        self, workspace: str, channel: str, kind: DeliveryKind, due: datetime | None
    ) -> None:
        """When a channel's next digest or prompt is due; None: never."""

    async def dues(self, workspace: str) -> Mapping[tuple[str, DeliveryKind], datetime]:
        """All due times, by channel and kind."""

    # -- settings and a channel's own questions --

    async def set_settings(self, channel: Channel, *, who: str, now: datetime) -> Sequence[Change]:
        """Keep what people choose for a channel: hours, zone, breaks, pause and the like.

        What differs from before is noted with *who* and *now*, and returned.
        """

    async def changes(self, workspace: str, channel: str, limit: int) -> Sequence[Change]:
        """What was changed in a channel's settings, latest first."""

    async def last_sent(self, workspace: str, channel: str) -> Mapping[DeliveryKind, str]:
        """The latest week, as `2026-W48`, of which each kind stands in the channel."""

    async def admins(self, workspace: str) -> Sequence[str]:
        """Ids of the workspace's admins and owners, as far as they are known."""

    async def own_prompts(self, workspace: str, channel: str) -> Sequence[OwnPrompt]:
        """A channel's own questions, by number, also those that were proposed or declined."""

    async def add_prompt(self, workspace: str, prompt: OwnPrompt) -> int:
        """Keep a question under the next number of its channel, which is returned.

        One that is proposed queues PROPOSED.
        """

    async def edit_prompt(
        self, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
    ) -> None:
        """Give a channel's own question the words and components it has in *prompt*."""

    async def decide_prompt(
        self, workspace: str, channel: str, number: int, state: State, *, who: str, now: datetime
    ) -> bool:
        """Accept or decline a proposal and queue DECIDED; False: it waits for no decision."""

    async def drop_prompt(
        self, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
    ) -> None:
        """Ask a channel's own question no more; its answers stay as they are."""

    async def skip_prompt(
        self, channel: Channel, prompt_id: str, *, who: str, now: datetime
    ) -> None:
        """Do not ask this one for a while."""

    async def unskip_prompt(self, workspace: str, channel: str, prompt_id: str) -> None:
        """It may be asked again at any time."""

    async def skipped_prompts(
        self, workspace: str, channel: str, *, since: datetime
    ) -> frozenset[str]:
        """Ids of what was skipped since then."""

    async def asked_prompts(self, workspace: str, channel: str) -> Sequence[Asked]:
        """Every question asked in a channel, the latest first, with its answers counted."""

    # -- the outbox --

    async def enqueue(self, workspace: str, job: NewJob, *, now: datetime) -> None:
        """Queue an effect; if it waits already, it will be done once, no later than asked."""

    async def take_back(self, workspace: str, effect: str, key: str) -> None:
        """Forget a job that has become needless."""

    async def jobs(self, now: datetime, *, effect: str, limit: int) -> Sequence[Job]:
        """Jobs of one effect that are due, oldest first."""

    async def next_due(self) -> datetime | None:
        """When the earliest job is due."""

    async def done(self, job: Job) -> None:
        """Forget a job, unless it was asked for again meanwhile."""

    async def postpone(self, job: Job, *, due: datetime, error: str) -> None:
        """Try a job again at *due*; its attempts count one more."""

    async def set_mark(self, idea_id: int, mark: str) -> None:
        """Record the emoji the bot has on an idea's post now."""

    async def set_permalink(self, idea_id: int, permalink: str) -> None:
        """Record the address of an idea's post."""

    # -- upkeep --

    async def ping(self) -> None:
        """Write and commit something small; raises when the database takes no writes."""

    async def backup(self, target: Path) -> None:
        """A consistent copy, also while others write."""

    def on_jobs(self, wake: Callable[[], None]) -> None:
        """Call *wake*, in the event loop, after each commit that queued jobs."""

    async def wipe(self) -> None:
        """Delete everything: for a store of samples that begins anew."""

    async def close(self) -> None:
        """Finish what is queued and close the file."""


class Chat(Protocol):
    """A chat platform. Raises `ChatError` and its children; see there what each promises."""

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """Post to a channel, once, without retries; returns its *ts*.

        *key* is kept with the message, so that `find_own` finds it.
        """

    async def tell(self, member_id: str, message: Message) -> str:
        """Post to a member's direct messages; returns its *ts*."""

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """Show a message to one member of a channel."""

    async def react(self, place: Place, name: str) -> None:
        """Add the bot's emoji; already there is success."""

    async def unreact(self, place: Place, name: str) -> None:
        """Remove the bot's emoji; not there is success."""

    async def delete(self, place: Place) -> None:
        """Delete the bot's own message; already gone is success."""

    async def person(self, member_id: str) -> Person:
        """What the platform says of a member."""

    async def channel(self, channel: str) -> ChannelInfo:
        """What the platform says of a channel."""

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """The channels the bot is a member of."""

    async def private_channels_of(self, member_id: str) -> frozenset[str]:
        """The private channels that both this member and the bot are in now."""

    async def link_to(self, place: Place) -> str:
        """The address of a message, for members."""

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """Send a file to a member's direct messages."""

    async def fetch(self, place: Place) -> Post | None:
        """The message at *place*, a reply too; None when there is none or it is not a person's."""

    def history(
        self, channel: str, *, oldest: datetime, latest: datetime
    ) -> AsyncIterator[Sequence[Entry]]:
        """What stands in a channel at top level, newest first, a page at a time."""

    async def thread(self, place: Place) -> Sequence[Entry]:
        """All replies in the thread of *place*, oldest first, without the parent."""

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """(emoji name, member id) of all reactions on a message."""

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """The *ts* of our own message that carries *key*, posted since then.

        Where the server keeps no metadata, our own message with the text *fallback* counts.
        """

    def instant_of(self, ts: str) -> datetime:
        """When the message with this *ts* was posted."""

    async def open_form(self, trigger: str, form: Form) -> None:
        """Show a form to whoever caused *trigger* (seconds ago)."""
