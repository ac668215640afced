"""The weekly messages: claims, what they hold, what came of them, and what a channel chose."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.model.channel_week import Due, Unplanned
from bot.core.model.deliveries import Claim, ClaimUnavailable, Delivery, DeliveryKind, Extra, Plan
from bot.core.model.home import AskedPrompt
from bot.core.model.ideas import Idea, Trial
from bot.core.model.people import Channel
from bot.core.model.posts import Place
from bot.core.model.prompts import OwnPrompt, PromptStats, State
from bot.core.model.settings import Change


class Weekly(Protocol):
    """Digests and prompts: each claimed before it goes, and remembered when it went."""

    # -- weekly --

    async def fresh(
        self, workspace: str, channel: str, *, at: datetime, oldest: timedelta
    ) -> Sequence[Idea]:
        """Ideas posted by *at*, at most *oldest* old, in no sent digest of this channel."""

    async def claim(
        self,
        delivery: Delivery,
        plan: Plan,
        *,
        now: datetime,
        lease: timedelta,
        begun: datetime | None = None,
    ) -> Claim | ClaimUnavailable:
        """Take the right to post the next message of a delivery, for as long as *lease*.

        Of any number of callers, in any process, one gets a `Claim`. The first claim of a delivery
        stores *plan* and *at*; the later ones get those, whatever they bring. An attempt after the
        lease ran out also gets when the first attempt at its message began (*begun*; None: *now*).

        Returns:
            Taken, *sent*, when all of its messages were sent.
        """

    async def sent(
        self, claim: Claim, ts: str, *, now: datetime, until: datetime | None = None
    ) -> None:
        """Record that a message stands in the chat; its ideas are then used up.

        With *until* it was found by a store that knew of no attempt: then it counts as whole, and
        only what was posted by *until* is used up.
        """

    async def doubt(self, claim: Claim, *, until: datetime) -> None:
        """The answer was lost: nobody posts before *until*; anyone may look."""

    async def release(self, claim: Claim) -> None:
        """Certainly not posted: give the claim back as if never taken; of a first one, the plan."""

    async def drop(self, claim: Claim) -> None:
        """A later message will never be posted; its ideas are free again."""

    async def unfinished(self, workspace: str, channel: str, kind: DeliveryKind) -> Sequence[str]:
        """The subjects of what was sent without all of its later messages, oldest first."""

    # -- what a digest says beside its ideas --

    async def to_repeat(
        self, workspace: str, channel: str, what: Extra, *, since: datetime, until: datetime
    ) -> Idea | None:
        """Return the QUESTION or EARLIER idea posted in this stretch least often repeated so far.

        Of several the oldest. A question is one without a reply that a digest had.
        """

    async def shared_before(
        self, workspace: str, channel: str, since: Mapping[str, datetime]
    ) -> frozenset[str]:
        """Return the authors with an idea or question in a channel from before the time of each.

        Args:
            since: a time for each author's id.
        """

    async def fresh_trials(
        self, workspace: str, channel: str, *, at: datetime, oldest: timedelta
    ) -> Sequence[Trial]:
        """Trials of a channel's ideas told by *at* that no sent digest had, oldest first."""

    async def trials_of(self, idea_id: int) -> Sequence[Trial]:
        """Everybody's trial of an idea, the latest first."""

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

    async def skip(
        self,
        workspace: str,
        channel: str,
        period: str,
        member_id: str,
        *,
        back: bool = False,
        now: datetime,
    ) -> None:
        """A member wants no digest in this period, or, with *back*, wants it after all."""

    async def skipped_by(self, workspace: str, channel: str, period: str) -> str:
        """Who skipped the digest of this period; empty: nobody."""

    async def leave_out(self, idea_id: int, member_id: str, *, now: datetime) -> None:
        """Keep an idea out of digests; with an empty *member_id*, put it back."""

    async def left_out(self, workspace: str, channel: str) -> Sequence[Idea]:
        """The ideas that were left out and stood in no digest, oldest first."""

    # -- what was sent --

    async def delivery_at(self, place: Place) -> tuple[DeliveryKind, str] | None:
        """The digest or prompt delivered at *place*: kind and prompt id (empty for a digest)."""

    async def asked_prompt(self, workspace: str, channel: str, period: str) -> AskedPrompt | None:
        """Return the question that stands in a channel for this week; None: none does."""
        ...

    async def recent_prompts(self, workspace: str, channel: str, limit: int) -> Sequence[str]:
        """Ids of the channel's prompts, latest first."""

    # -- what is due --

    async def due(self, workspace: str, *, until: datetime) -> Sequence[Due]:
        """Return what is due by *until*, the first due first."""

    async def unplanned(self, workspace: str, *, after: str, limit: int) -> Sequence[Unplanned]:
        """Return channels whose due times are to be reckoned anew, by id, after the id *after*.

        A channel is one from the moment it is known, and whenever its settings change.
        """

    async def planning(self, workspace: str, channel: str) -> Unplanned | None:
        """Return a channel as it is now, to reckon its due times anew; None: it is not known."""

    async def unplan(self, workspace: str) -> None:
        """Have the due times of all channels and subscriptions of a workspace reckoned anew."""

    async def plan(
        self, planned: Sequence[tuple[Unplanned, Mapping[DeliveryKind, datetime | None]]]
    ) -> None:
        """Store due times (None: never), unless a channel's settings changed meanwhile."""

    async def set_shown(
        self, workspace: str, channel: str, kind: DeliveryKind, due: datetime
    ) -> None:
        """Note that the look ahead at what is due next is done with."""

    async def due_at(self, workspace: str, channel: str, kind: DeliveryKind) -> datetime | None:
        """Return when a channel's next digest or prompt is due; None: never."""


class Choices(Protocol):
    """What a channel's coordinators chose, and its own questions."""

    async def set_settings(
        self, channel: Channel, *, was: Channel | None = None, who: str, now: datetime
    ) -> Sequence[Change]:
        """Keep what people choose for a channel: hours, zone, breaks, pause and the like.

        What differs from before is noted with *who* and *now*, and returned. *was*: how the
        channel was read; what does not differ from that stays as it is by now.
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

    async def forget_prompt(self, workspace: str, channel: str, number: int) -> None:
        """Of a question that was declined only the number stays."""
        ...

    async def skip_prompt(
        self, channel: Channel, prompt_id: str, *, who: str, now: datetime
    ) -> None:
        """Do not ask this one for a while."""

    async def skipped_prompts(
        self, workspace: str, channel: str, *, since: datetime
    ) -> frozenset[str]:
        """Ids of what was skipped since then."""

    async def asked_prompts(self, workspace: str, channel: str) -> Sequence[PromptStats]:
        """Every question asked in a channel, the latest first, with its answers counted."""
