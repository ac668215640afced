"""The administrator's page and the library plan at the desk: who may have them, of what."""

import secrets
from dataclasses import dataclass, replace

from bot.core.desk.commands import Command
from bot.core.desk.entries import Verb
from bot.core.errors import CommandError, NotAllowedError
from bot.core.finding.filters import to_text
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.orders import Order
from bot.core.finding.permissions import Permissions
from bot.core.messages import reports
from bot.core.messages.common import listed
from bot.core.model.exports import PAGE, PLAN
from bot.core.model.ideas import Filters
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.model.typed import short
from bot.core.model.vocabulary import command
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Takes orders for a page or a plan; the outbox makes and sends it."""

    store: IdeaStore
    finder: IdeaFinder
    permissions: Permissions

    async def asked(self, asker: Asker, asked: Command) -> Message:
        """Have page or plan made of what fits, for a coordinator of the channel that it is about.

        Without a channel among the filters it is of every public channel, for whoever coordinates
        the one they ask from. A private channel is in it only where the filters name it.

        Raises:
            CommandError: the filters are not understood, or name no channel where they must.
            NotAllowedError: the asker does not coordinate that channel.
        """
        filters, kinds, _ = await self.finder.tally(asker, asked.filters)
        named = filters.channel and await self.store.channel(asker.workspace, filters.channel)
        about = named.id if named else asker.channel
        if not about:
            raise CommandError(
                "Which channel do you coordinate? Write this there, or name the channel, for "
                f"example `{command(f'{asked.verb} channel:ideas')}`."
            )
        if not await self.permissions.is_coordinator(asker, about):
            raise NotAllowedError(
                "Only those who coordinate a channel can have this made. Anybody can see the "
                f"ideas with `{command('list')}`."
            )
        here = await self.store.channel(asker.workspace, about)
        if not named and here is not None and here.private:
            it = to_text(Filters(channel=here.name or here.id))
            raise CommandError(
                "This channel is private, and its ideas go to people outside only if you name it: "
                f"`{command(f'{asked.verb} {asked.form} {it}')}`."
            )
        plan = asked.verb is Verb.REPORT_PLAN
        if filters.words and not any(kinds.values()):
            raise CommandError(
                f"No idea has {short(filters.words)} in it, so I made nothing. A format is "
                f"{listed(PLAN if plan else PAGE, 'or')}, and stands before the filters."
            )
        filters = replace(filters, channel=named.id if named else "")
        order = Order(replace(asker, channel=about), filters)
        more = {"format": asked.form, "plan": "yes" if plan else ""}
        job = order.job(Effect.REPORT, key=secrets.token_hex(16), **more)
        await self.store.enqueue(asker.workspace, job, now=self.finder.now())
        return reports.started(asked.form, plan=plan)
