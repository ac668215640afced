"""What members are told once, by direct message or for their eyes alone."""

from datetime import datetime

from bot.core.model.deliveries import Delivery, DeliveryKind


def notice(workspace: str, channel: str, subject: str, *, now: datetime) -> Delivery:
    """One thing to be told to one member.

    Args:
        channel: id of the channel it is about.
        subject: what it is about and whom it is told, in words that no other notice about this
            channel has.
    """
    return Delivery(
        workspace=workspace,
        channel=channel,
        kind=DeliveryKind.NOTICE,
        subject=subject,
        at=now,
    )
