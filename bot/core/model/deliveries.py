"""Deliveries: messages of the bot that must stand in a chat once, and the right to post them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Period:
    """One ISO week in a channel's time zone; *key* reads `2026-W48`."""

    key: str
    start: datetime
    end: datetime


class DeliveryKind(StrEnum):
    """What is delivered; what its *subject* holds."""

    DIGEST = "digest"  # of a week; its period's key
    PROMPT = "prompt"  # of a week; its period's key
    IDEA = "idea"  # posted for a member; the idea's row id
    WELCOME = "welcome"  # what the bot does, said when it joins a channel; nothing
    PERSONAL = "personal"  # a member's own digest of a week; its period's key and the member
    NOTICE = "notice"  # told to one member; what it is about and whom it is told


WEEKLY = (DeliveryKind.DIGEST, DeliveryKind.PROMPT)
"""The kinds that are posted once a week."""


class Extra(StrEnum):
    """What a digest says beside its new ideas; what *ref* stands for, as text."""

    QUESTION = "question"  # one that nobody has answered yet; an idea's row id
    EARLIER = "earlier"  # an idea of the same school week, years ago; its row id
    INVITATION = "invitation"  # the thinnest component; its code
    TRIAL = "trial"  # somebody tried an idea; the trial's row id
    PICK = "pick"  # the coordinator's, shown first; an idea's row id
    LINE = "line"  # the coordinator's own; its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to be delivered: of each there is one in the store and one in the chat.

    Attributes:
        channel: id of the channel it is posted in; of a notice, the one it is about; empty where it
            is told to a member.
        at: what it speaks for: a digest carries what was posted by then.
        since: it cannot stand in the chat from before; None: from before its first attempt.
        former: the ids that its channel had before.
        member: id of whom it is told in their direct messages; empty: it is posted in a channel.
    """

    workspace: str
    channel: str
    kind: DeliveryKind
    subject: str = ""
    at: datetime
    since: datetime | None = None
    former: tuple[str, ...] = ()
    member: str = ""

    def key(self, part: int) -> str:
        """Return the key that a message carries in the chat, by which it is found again."""
        match self.kind:
            case DeliveryKind.IDEA | DeliveryKind.PERSONAL:
                return f"{self.kind}:{self.subject}"
            case DeliveryKind.WELCOME:
                return f"{self.kind}:{self.channel}"
            case _:
                later = f":{part}" if part else ""
                return f"{self.kind}:{self.channel}:{self.subject}{later}"


def notice(workspace: str, channel: str, subject: str, *, now: datetime) -> Delivery:
    """One thing to be told to one member.

    Args:
        channel: id of the channel it is about.
        subject: what it is about and whom it is told, in words that no other notice about this
            channel has.
    """
    return Delivery(
        workspace=workspace, channel=channel, kind=DeliveryKind.NOTICE, subject=subject, at=now
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a delivery says, decided once, before its first attempt.

    Attributes:
        parts: row ids of the ideas that each message carries: of the first, and of each that
            follows in its thread.
        extras: what the first message says beside them.
    """

    parts: tuple[tuple[int, ...], ...] = ((),)
    extras: tuple[tuple[Extra, str], ...] = ()
    prompt_id: str = ""
    prompt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to post one message of a delivery: its first, or a later one in its thread.

    Attributes:
        part: 0 for the first message; later ones count from 1.
        thread: stamp of the first message, for a later one.
        attempt: counts from 1. From the second on, look for the message before posting: an
            earlier attempt may have posted it.
        claimed_at: when its first attempt began, by the earlier of the program's clock and the
            real one.
        plan: what the first attempt at the delivery had planned.
    """

    delivery: Delivery
    part: int = 0
    thread: str = ""
    attempt: int
    claimed_at: datetime
    plan: Plan


@dataclass(frozen=True, slots=True)
class ClaimUnavailable:
    """There is no claim: all messages were sent, or somebody holds the next one until *until*.

    Attributes:
        ts: stamp of the first message, if it was sent; empty for a notice.
        doubtful: the last attempt at it, where its answer was lost: the message may be looked
            for, and not posted, before *until*.
    """

    sent: bool
    ts: str = ""
    until: datetime | None = None
    doubtful: Claim | None = None
