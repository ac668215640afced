"""The administrator's page at the desk: who may have it made, of which channels."""

import secrets
from dataclasses import dataclass, replace

from bot.core.desk.replies import Reply
from bot.core.errors import CommandError, NotAllowedError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.orders import Order
from bot.core.finding.permissions import Permissions
from bot.core.messages import answers
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.model.vocabulary import command
from bot.core.model.work import Effect
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Takes orders for the page; the outbox makes and sends it."""

    store: IdeaStore
    finder: IdeaFinder
    permissions: Permissions
    framework: Framework

    async def asked(self, asker: Asker, filters: Filters) -> Reply | Message:
        """Have the page made of what fits, for a coordinator of the channel that it is about.

        Without a channel among the filters it is of every public channel, for whoever coordinates
        the one they ask from. A private channel is on it only where the filters name it.

        Raises:
            CommandError: it is not said which channel, or the filters are not understood.
            NotAllowedError: the asker does not coordinate that channel.
        """
        filters, _, _ = await self.finder.tally(asker, filters)
        named = filters.channel and await self.store.channel(asker.workspace, filters.channel)
        about = named.id if named else asker.channel
        if not about:
            raise CommandError(
                "Which channel do you coordinate? Write this there, or name the channel, for "
                f"example `{command('report channel:ideas')}`."
            )
        if not await self.permissions.is_coordinator(asker, about):
            raise NotAllowedError(
                "Only those who coordinate a channel can have this page made. Anybody can see "
                f"the ideas with `{command('list')}`."
            )
        filters = replace(filters, channel=named.id if named else "")
        order = Order(replace(asker, channel=about), filters)
        job = order.job(Effect.REPORT, key=secrets.token_hex(16))
        await self.store.enqueue(asker.workspace, job, now=self.finder.now())
        here = await self.store.channel(asker.workspace, about)
        left_out = not named and here is not None and here.private
        name = here.name if here is not None else ""
        return answers.report_started(
            f"`{command(f'report channel:{name}')}`." if left_out and name else ""
        )
