"""The part of the member's desk for who coordinates: what comes, how it goes, what can be done."""

from collections.abc import Sequence

from bot.core.messages import shares
from bot.core.messages.common import channel_name
from bot.core.messages.hours import moment, monday
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.home import ChannelHealth
from bot.core.model.parts import Actions, Button, Divider, Header, Paragraph, Part, Run


def lead(channels: Sequence[ChannelHealth], place: Sequence[Part] = ()) -> tuple[Part, ...]:
    """The channels that the member coordinates: what comes, how it goes, what is shared of them.

    Args:
        place: the buttons that turn the pages.
    """
    parts: list[Part] = [
        Header("Coordinate"),
        Paragraph(
            (Run("What is in doubt, a line of yours, a pick, and the next questions:"),),
            Button("Go through the week", Action(Act.ROUNDS)),
        ),
        Divider(),
    ]
    for one in channels:
        channel = one.week.channel
        name = channel_name(channel.name, channel.id)
        private = " (private)" if channel.private else ""
        parts += [
            Paragraph((Run(f"{name}{private}", bold=True), Run(f"\n{_health(one)}"))),
            *(
                Paragraph(
                    (Run(f"Share {share.number}: {shares.told(share, shows, one.week.zone)}"),),
                    shares.revoke_button(share),
                )
                for share, shows in one.shares
            ),
            Actions(_work(one)),
            Divider(),
        ]
    return (*parts, *place)


def _work(one: ChannelHealth) -> tuple[Button, ...]:
    """What can be done in a channel that the member coordinates."""
    channel = one.week.channel.id
    digest = next((c for c in one.coming if c.kind is DeliveryKind.DIGEST), None)
    look = (
        ()
        if digest is None
        else (
            Button(
                "Look at the next digest", Action(Act.LOOK, channel=channel, period=digest.subject)
            ),
        )
    )
    return (
        Button("Settings", Action(Act.SETTINGS, channel=channel)),
        *look,
        Button("Share a page", Action(Act.BOARD, channel=channel)),
        Button("Export as CSV", Action(Act.EXPORT, text=f'channel:"{channel}"')),
    )


def _health(one: ChannelHealth) -> str:
    """How it goes in a channel, in plain words, a line each."""
    channel, zone = one.week.channel, one.week.zone
    lines = []
    if channel.refused_since is not None:
        lines.append(
            f"I have not been allowed to post here since {moment(channel.refused_since, zone)}. "
            "Look whether posting is restricted, or whether I was removed."
        )
    for kind, what in ((DeliveryKind.DIGEST, "digest"), (DeliveryKind.PROMPT, "question")):
        due = next((c for c in one.coming if c.kind is kind), None)
        when = f"No {what} is planned."
        if due is not None:
            when = f"Next {what}: {moment(due.at, zone)}{', skipped' * due.skipped}."
        if kind is DeliveryKind.DIGEST and one.last_digest:
            when += f" The last was that of the week of {monday(one.last_digest)}."
        lines.append(when)
    lines.append(
        f"I have read it up to {moment(one.read_at, zone)}."
        if one.read_at
        else "I have not read back in it yet; I hear at once of what is posted from now on."
    )
    return "\n".join(lines)
