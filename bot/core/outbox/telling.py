"""Tell authors, coordinators and whoever marked a message what happened, each once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.delivery.poster import DeliveryPoster, tell_each
from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.finding.permissions import Permissions
from bot.core.intake.guard import Guard
from bot.core.intake.people import meet
from bot.core.messages import care, claims, notices, profile, questions, removal, shares, trials
from bot.core.model.deliveries import DeliveryKind, notice
from bot.core.model.ideas import CHOSEN, Filters, Idea, Visibility
from bot.core.model.parts import Message
from bot.core.model.people import Channel, MemberId, Profile
from bot.core.model.posts import Place
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.work import Effect, Job
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

log = logging.getLogger(__name__)

RECENT: Final = timedelta(hours=1)
"""An author is told about a first idea only when it is this fresh: history read later is quiet."""

LATELY: Final = timedelta(days=1)
"""An author is told that a post seems to tell who a student is only when it is this fresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Does the jobs of the outbox that tell members something. Errors as `Effects.run`."""

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    poster: DeliveryPoster
    guard: Guard
    now: Callable[[], datetime]

    async def paused(self, job: Job) -> None:
        """Tell those who coordinate a channel that the bot left it, or that it is archived."""
        channel = await self.store.channel(job.workspace, job.channel)
        if channel is None or (channel.member and not channel.archived):
            return
        log.warning("channel %s is archived or left: digest and question pause there", channel)
        await self.tell_coordinators(
            channel, notices.paused(channel), f"paused {job.payload['since']}"
        )

    async def refused(self, job: Job) -> None:
        """Tell, once for as long as it lasts, that a channel takes nothing that we post."""
        channel = await self.store.channel(job.workspace, job.channel)
        if channel is None or not channel.member or channel.archived:
            return  # that is told as a pause
        since = await self.store.set_refusing(job.workspace, channel.id, since=self.now())
        words = notices.refused(channel, job.payload["why"])
        await self.tell_coordinators(channel, words, f"refused {since}")

    async def doubtful(self, job: Job) -> None:
        """Tell, once, that nobody but people can see whether a digest or question was posted."""
        channel = await self.store.channel(job.workspace, job.channel)
        if channel is not None:
            words = notices.doubtful(channel, DeliveryKind(job.payload["kind"]))
            await self.tell_coordinators(channel, words, f"doubtful {job.key}")

    async def tell_coordinators(self, channel: Channel, words: Message, subject: str) -> None:
        """Tell whoever invited the bot, else the admins."""
        hearers = [channel.invited_by]
        if not channel.invited_by or not await self._may_hear(channel):
            admins = sorted(self.permissions.admins - {channel.invited_by})
            hearers = [one for one in admins if await self.permissions.may_hear(one, channel)]
        await self._tell(channel.workspace, channel.id, hearers, words, subject)

    async def _may_hear(self, channel: Channel) -> bool:
        """Whether who invited the bot may hear of a channel.

        Of a private one that the bot is out of, the platform does not say who is in it: then it
        counts whether they were seen to leave.
        """
        if channel.member or not channel.private:
            return await self.permissions.may_hear(channel.invited_by, channel)
        chat = self.chats.of(channel.workspace)
        return not (channel.inviter_left or (await chat.person(channel.invited_by)).deleted)

    async def proposed(self, job: Job) -> None:
        """Tell those who decide that a question was proposed.

        These are who invited the bot and whom the operator named; without them, the known admins.
        """
        channel, prompt = await self._proposal(job)
        if channel is None or prompt is None or prompt.state is not State.PROPOSED:
            return
        deciders = await self._deciders(channel, but=prompt.by)
        words, subject = questions.proposal(prompt, channel), f"{job.effect} {prompt.number}"
        await self._tell(job.workspace, job.channel, deciders, words, subject)

    async def _deciders(self, channel: Channel, *, but: str) -> Sequence[str]:
        """Who invited the bot and whom the operator named; without them, the known admins.

        Args:
            but: the id of whoever asks for the decision.
        """
        named = {*self.permissions.admins, channel.invited_by} - {but}
        others = {*await self.store.admins(channel.workspace)} - {but}
        return await self.permissions.coordinators(channel, named, others)

    async def claimed(self, job: Job) -> None:
        """Ask those who decide whether an imported idea is whose who says so."""
        idea, member = await self._idea(job.payload["idea"]), job.payload["member"]
        channel = await self.store.channel(job.workspace, job.channel)
        if idea is None or channel is None or not await self.store.is_claimed(idea.id, member):
            return
        names = await self.store.names(job.workspace, [member])
        words = claims.proposal(idea, member, names.get(member, ""))
        deciders = await self._deciders(channel, but=member)
        subject = f"{job.effect} {job.key} {job.payload['at']}"
        await self._tell(job.workspace, job.channel, deciders, words, subject)

    async def claim_decided(self, job: Job) -> None:
        """Tell whoever claimed an idea what was decided."""
        idea, member = await self._idea(job.payload["idea"]), job.payload["member"]
        channel = await self.store.channel(job.workspace, job.channel)
        if idea is None or channel is None:
            return
        if await self.permissions.may_hear(member, channel):
            words = claims.outcome(idea, accepted=job.payload["accepted"])
            subject = f"{job.effect} {job.key} {job.payload['at']}"
            await self._tell(job.workspace, job.channel, [member], words, subject)

    async def decided(self, job: Job) -> None:
        """Tell whoever proposed a question what became of it; then forget one that was declined."""
        channel, prompt = await self._proposal(job)
        if channel is None or prompt is None or prompt.state is State.PROPOSED or not prompt.by:
            return
        trouble: ChatError | None = None
        try:
            if await self.permissions.may_hear(prompt.by, channel):
                words, subject = questions.outcome(prompt, channel), f"{job.effect} {prompt.number}"
                await self._tell(job.workspace, job.channel, [prompt.by], words, subject)
        except ChatUnavailableError:
            raise  # it is told later
        except ChatError as error:
            trouble = error
        if prompt.state is State.DECLINED:
            await self.store.forget_prompt(job.workspace, prompt.channel, prompt.number)
        if trouble is not None:
            raise trouble

    async def _proposal(self, job: Job) -> tuple[Channel | None, OwnPrompt | None]:
        own = await self.store.own_prompts(job.workspace, job.channel)
        prompt = next((one for one in own if one.number == job.payload["number"]), None)
        return await self.store.channel(job.workspace, job.channel), prompt

    async def unposted(self, job: Job, idea: Idea) -> None:
        """Tell an author that their idea is kept and not posted."""
        if idea.withdrawn is None:
            words, subject = notices.unposted(idea, job.payload["why"]), f"{job.effect} {idea.id}"
            await self._tell(idea.workspace, idea.channel, [idea.author.id], words, subject)

    async def joined(self, job: Job) -> None:
        """Welcome a member who joined a channel by themselves, once in their workspace.

        Not who knows the bot: who has an idea in it, or told it what to keep. Not guests either:
        of the commands that the welcome names few are for them.
        """
        channel, member = await self.store.channel(job.workspace, job.channel), job.key
        if job.payload.get("crowd") or channel is None or not channel.member or channel.archived:
            return
        if not self.permissions.watch.includes(channel):  # its name is known by now
            return
        person = await meet(self.store, self.chats, job.workspace, member, now=self.now())
        if person.is_bot or person.is_guest or not await self.permissions.may_hear(member, channel):
            return
        known = await self.store.member(job.workspace, member)
        theirs, all_ = Filters(people=(MemberId(member),)), Visibility(everything=True)
        if (known is None or known.profile == Profile()) and not await self.store.count(
            job.workspace, theirs, all_
        ):
            await self._tell(job.workspace, "", [member], notices.joined(channel), "welcome")

    async def tried(self, job: Job) -> None:
        """Tell an author that somebody tried their idea."""
        trial = await self.store.trial_by_id(int(job.key))
        idea = None if trial is None else await self._idea(trial.idea_id)
        if trial is None or idea is None or not idea.author.id:
            return
        channel = await self.store.channel(idea.workspace, idea.channel)
        if channel is None or not await self.permissions.may_hear(idea.author.id, channel):
            return
        # Told anew with other words, it is news again.
        subject = f"tried {trial.id} {trial.tried_at.isoformat()}"
        news = trials.news(trial, idea)
        await self._tell(job.workspace, idea.channel, [idea.author.id], news, subject)

    async def ask_shown(self, job: Job) -> None:
        """Ask the authors of a channel, each once, what pages that people outside open may show."""
        channel = await self.store.channel(job.workspace, job.channel)
        if channel is not None:
            silent = await self.store.silent_authors(job.workspace, channel.id)
            await self._tell(job.workspace, "", silent, shares.ask_shown(channel), str(job.effect))

    async def crossed(self, job: Job) -> None:
        """Tell an author who crossed our post of their idea how it comes back."""
        number, who = job.payload["number"], job.payload["member"]
        news, subject = removal.crossed(number), f"{job.effect} {number}"
        await self._tell(job.workspace, job.channel, [who], news, subject, whisper=True)

    async def not_theirs(self, job: Job) -> None:
        """Tell a member who crossed another's idea that only its author can withdraw it."""
        idea, who = await self._idea(job.payload["idea"]), job.payload["member"]
        if idea is None:
            return
        if (await meet(self.store, self.chats, job.workspace, who, now=self.now())).is_bot:
            return
        news, subject = removal.not_theirs(idea), f"{job.effect} {idea.id}"
        await self._tell(job.workspace, idea.channel, [who], news, subject, whisper=True)

    async def tell_marker(self, place: Place, words: Message, by: str) -> None:
        """Tell a member who marked a message what happened, where no mark shows it."""
        subject = f"marked {place.ts}"
        await self._tell(place.workspace, place.channel, [by], words, subject, whisper=True)

    async def kept(self, job: Job, idea: Idea) -> None:
        """Tell an author, once, that a first idea is kept, or a post that somebody marked.

        Of a first idea while it is fresh; of what was marked, however old it is.
        """
        first = job.effect is Effect.FIRST
        late = idea.kept_at is None or idea.kept_at - idea.posted_at > RECENT
        if idea.withdrawn is not None or (first and late):
            return
        words = notices.first_kept(idea) if first else notices.marked(idea)
        member = await self.store.member(idea.workspace, idea.author.id)
        asks = member is not None and member.is_unasked
        if asks:
            words = profile.with_question(words, here=idea.channel)
        subject = f"{job.effect} {idea.id}"
        await self._tell(
            idea.workspace, idea.channel, [idea.author.id], words, subject, whisper=True
        )
        if asks:
            await self.store.set_asked(idea.workspace, idea.author.id)

    async def student(self, job: Job, idea: Idea) -> None:
        """Tell an author, once for each post, that it seems to tell who a student is.

        What was seen is looked for anew: an edit may have taken it out meanwhile. Of what somebody
        chose by hand they are told however old it is; history read later is quiet.
        """
        seen = self.guard.sees(idea.text) if idea.withdrawn is None else ()
        late = self.now() - (idea.edited_at or idea.posted_at) > LATELY
        if seen and idea.author.id and not (late and idea.source not in CHOSEN):
            words, subject = notices.tells_of_students(idea, seen), f"{job.effect} {idea.id}"
            await self._tell(idea.workspace, idea.channel, [idea.author.id], words, subject)

    async def cared(self, job: Job) -> None:
        """Tell those whom it concerns what a coordinator did with an idea, but not who did it."""
        note = await self.store.care_note(int(job.key))
        idea = None if note is None else await self.store.idea_by_id(note.idea_id)
        if note is None or idea is None or idea.gone:
            return
        channel = await self.store.channel(idea.workspace, idea.channel)
        other = None if note.other_id is None else await self.store.idea_by_id(note.other_id)
        concerned = {idea.author.id, note.member_id, other.author.id if other else ""}
        names = await self.store.names(idea.workspace, [note.who])
        for member in sorted(concerned - {"", note.who}):
            if channel is not None and await self.permissions.may_hear(member, channel):
                words = care.told(note, idea, other, member, names.get(note.who, ""))
                await self._tell(
                    idea.workspace, idea.channel, [member], words, f"{job.effect} {note.id}"
                )

    async def _idea(self, ident: int) -> Idea | None:
        """An idea, unless it was withdrawn."""
        idea = await self.store.idea_by_id(ident)
        return None if idea is None or idea.withdrawn is not None else idea

    async def _tell(
        self,
        workspace: str,
        channel: str,
        members: Sequence[str],
        words: Message,
        subject: str,
        *,
        whisper: bool = False,
    ) -> None:
        async def tell(member: str) -> None:
            about = notice(workspace, channel, f"{subject} {member}", now=self.now())
            await self.poster.tell(member, [about], lambda _: words, whisper=whisper)

        await tell_each(members, tell)
