"""What members choose for a digest of their own: when, and of what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.errors import ChatUnavailableError, CommandError, FormError, SettingsError
from bot.core.finding.permissions import NOT_NOW, Permissions
from bot.core.model.framework import Framework
from bot.core.model.people import Asker, Keep
from bot.core.model.subscriptions import Subscription, SubscriptionView
from bot.core.model.vocabulary import command
from bot.core.model.weeks import parse_weekly
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """Lets members have a digest of their own, change it and stop it.

    Args:
        usual: the zone of those whose own is not known.
    """

    store: IdeaStore
    permissions: Permissions
    framework: Framework
    usual: ZoneInfo
    now: Callable[[], datetime]

    async def view(self, asker: Asker) -> SubscriptionView:
        """Return what the asker chose, or would have, and what there is to choose from.

        Raises:
            CommandError: they may have none.
            ChatUnavailableError: the chat does not say now what they may see.
        """
        seen = await self.permissions.visible_to(asker)
        if not seen.complete:
            raise ChatUnavailableError(NOT_NOW)
        visibility, workspace = seen.visibility, asker.workspace
        channels = tuple(
            (one.id, one.name)
            for one in await self.store.channels(workspace)
            if one.name and not one.deleted and visibility.shows(one.id, private=one.private)
        )
        if not channels:
            raise CommandError(
                "There is no channel yet whose ideas I could bring you. Please ask me that in one "
                "that I am in."
            )
        member = await self.store.member(workspace, asker.member_id)
        if member is not None and member.profile.keep is Keep.NOTHING:
            raise CommandError(
                "You asked me to keep nothing of yours, so I cannot keep that you want a digest. "
                f"`{command('me')}` changes that."
            )
        had = await self.store.subscription(workspace, asker.member_id)
        wanted = had or Subscription.begun(
            workspace,
            asker.member_id,
            now=self.now(),
            zone="" if member is None else member.person.zone,
            usual=self.usual,
        )
        only = visibility.only or ""
        if only:  # a guest's is of the channel that they ask from
            wanted = replace(wanted, channels=(only,))
        return SubscriptionView(
            wanted=wanted,
            is_kept=had is not None,
            zone=wanted.zone_or(self.usual),
            channels=channels,
            only=only,
            parts=tuple((one.code, one.short) for one in self.framework.components),
        )

    async def begin(self, asker: Asker) -> SubscriptionView:
        """Subscribe the asker with what is usual, unless they are; raises as `view`."""
        view = await self.view(asker)
        if not view.is_kept:
            await self.store.subscribe(view.wanted)
        return view

    async def save(self, asker: Asker, given: Mapping[str, str]) -> SubscriptionView:
        """Keep what a form says; raises as `view`.

        Raises:
            FormError: no hour can be read in it; nothing was kept.
        """
        view = await self.view(asker)
        try:
            weekly = parse_weekly(f"{given.get('day', '')} {given.get('time', '')}")
        except SettingsError:
            weekly = None
        if weekly is None:
            raise FormError({"time": "Please choose a day and a time, like 3:00 PM."})
        wanted = view.wanted
        if str(weekly) != wanted.hour or wanted.due is None:
            wanted = wanted.at(weekly, now=self.now(), usual=self.usual)
        chosen = _chosen(given, "channels", view.channels)
        wanted = replace(
            wanted,
            channels=(view.only,) if view.only else chosen,
            components=_chosen(given, "parts", view.parts),
        )
        await self.store.subscribe(wanted)
        return replace(view, wanted=wanted, is_kept=True)

    async def stop(self, asker: Asker) -> bool:
        """Stop the asker's digests; False: they had none."""
        return await self.store.unsubscribe(asker.workspace, asker.member_id)


def _chosen(
    given: Mapping[str, str], field: str, choices: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """What was chosen of these; none: all."""
    wanted = given.get(field, "").split(",")
    return tuple(value for value, _ in choices if value in wanted)
