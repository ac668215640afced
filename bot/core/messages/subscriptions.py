"""A member's own digest: the form for it, and what is said when it begins, changes and ends."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.messages.common import channel_name, excerpt, listed, said
from bot.core.messages.hours import DAY_NAMES, moment, weekly
from bot.core.model.actions import Act, Action
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    ChoicesField,
    Field,
    Form,
    Message,
    TimeField,
    Words,
)
from bot.core.model.settings import DAYS, ZONES
from bot.core.model.subscriptions import SubscriptionView
from bot.core.model.vocabulary import DIRECT, command

_ABOUT: Final = (
    f"Once a week, in {DIRECT}: what others have shared in the channels that you may see then."
)
_NAMED: Final = 5
"""Channels or parts that are named; more are counted."""


def form(view: SubscriptionView) -> Form:
    """The form, with what is chosen now."""
    wanted, hour = view.wanted, view.wanted.weekly
    days = tuple(map(Choice, DAYS, (f"Every {name}" for name in DAY_NAMES)))
    fields: list[Field] = [
        Words(f"{_ABOUT} The hour is in your time zone: {_zone(view.zone)}."),
        ChoiceField("day", "Day", days, value=DAYS[hour.weekday], required=True),
        TimeField("time", "At what time", value=f"{hour.time:%H:%M}", required=True),
        _several("channels", "Only from these channels", view.channels, wanted.channels),
        _several("parts", "Only about these parts", view.parts, wanted.components),
    ]
    if view.only:
        del fields[3]
    return Form("Your weekly digest", "Save", tuple(fields), Action(Act.SUBSCRIBE))


def _several(
    field: str, label: str, choices: Sequence[tuple[str, str]], chosen: Sequence[str]
) -> ChoicesField:
    named = {value: channel_name(name) for value, name in choices}
    if field == "parts":
        named = dict(choices)
    # What is chosen comes first: a list shows so many, and no more.
    order = sorted(named, key=lambda value: value not in chosen) if chosen else list(named)
    made = tuple(Choice(value, excerpt(named[value], 70)) for value in order)
    hint = "Choose none for all of them."
    return ChoicesField(field, label, made, value=",".join(chosen), hint=hint)


def begun(view: SubscriptionView, *, changed: bool = False) -> Message:
    """It comes from now on: when, of what, and how to change or stop it."""
    wanted = view.wanted
    first = "Saved. " if changed else ""
    names = dict(view.channels), dict(view.parts)
    places = _named(wanted.channels, {one: channel_name(name) for one, name in names[0].items()})
    parts = _named(wanted.components, names[1])
    about = f", about {parts}" if parts else ""
    following = f" The next one: {moment(wanted.due, view.zone)}." if wanted.due else ""
    return said(
        f"{first}Your own weekly digest comes in {DIRECT} every {weekly(wanted.weekly)}, in your "
        f"time zone: {_zone(view.zone)}.{following}\nIt holds what others have shared in "
        f"{places or 'the channels that you may see'}{about} since the one before. A week without "
        f"an idea brings none. `{command('subscribe off')}` stops it.",
        Actions(
            (
                Button("Change", Action(Act.SUBSCRIBE)),
                Button("Stop these", Action(Act.UNSUBSCRIBE)),
            )
        ),
    )


def _named(chosen: Sequence[str], names: Mapping[str, str]) -> str:
    """What was chosen, by name; empty: all."""
    known = [excerpt(names[one], 60) for one in chosen if one in names]
    more = len(known) - _NAMED
    return listed([*known[:_NAMED], *([f"{more} more"] if more > 0 else [])])


def stopped(*, had: bool) -> Message:
    """None comes any more."""
    if not had:
        begin = command("subscribe weekly")
        return said(f"You have no weekly digest of your own. `{begin}` begins one.")
    return said(
        "Stopped: you get no weekly digest of your own any more. The channels keep theirs. "
        f"`{command('subscribe weekly')}` brings yours back."
    )


def _zone(zone: ZoneInfo) -> str:
    return dict(ZONES).get(zone.key, zone.key.rpartition("/")[2].replace("_", " "))
