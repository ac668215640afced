"""What a workspace is made of: members, channels, messages, files, views and private answers."""

from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]


class SlackError(Exception):
    """A refusal, in Slack's own error code.

    Attributes:
        code: The word in ``error`` of the answer.
        extra: What stands beside it in the answer.
    """

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass(slots=True)
class Member:
    """A person or a bot; ``name`` is the handle, ``display_name`` what others see.

    ``teams`` are the workspaces of a member of an Enterprise Grid; ``team_id`` may then be a sister
    workspace, or empty: Slack does not always tell it.
    """

    id: str
    name: str
    display_name: str
    real_name: str
    team_id: str
    teams: tuple[str, ...] = ()
    title: str = ""
    color: str = "4a6785"
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    deleted: bool = False
    updated: int = 0

    def belongs_to(self, team: str) -> bool:
        """Return whether this is a member of a workspace."""
        return self.team_id in {"", team} or team in self.teams

    @property
    def shown(self) -> str:
        """The name as others see it."""
        return self.display_name or self.real_name


@dataclass(slots=True)
class Channel:
    """A channel, or (``is_im``) the direct messages between one member and the bot."""

    id: str
    name: str
    created: int
    creator: str
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    archived: bool = False
    topic: str = ""
    members: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """``channel``, ``group`` or ``im``, as ``channel_type`` of events says it."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"


@dataclass(slots=True)
class File:
    """A file with its bytes; not ``complete`` while its upload is under way."""

    id: str
    name: str
    title: str
    user: str
    created: int
    mimetype: str
    content: bytes
    complete: bool = True
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Canvas:
    """The canvas of a channel: its sections by id, in order, each as Markdown."""

    id: str
    channel: str
    sections: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """One message; ``reactions`` keeps emoji names and who used them, both in order."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Payload] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    edited: Payload | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    metadata: Payload | None = None
    client_msg_id: str | None = None
    inviter: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether the message stands in a thread under another."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_tombstone(self) -> bool:
        """Whether only the place of a deleted parent is left."""
        return self.subtype == "tombstone"

    @property
    def root(self) -> str:
        """The ts of the message's thread, its own if it belongs to none."""
        return self.thread_ts or self.ts


@dataclass(slots=True)
class Ephemeral:
    """A message that one member sees, until it is dismissed."""

    id: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Payload] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass(slots=True)
class View:
    """A modal (or App Home) of one member, as the app described it."""

    id: str
    user: str
    definition: Payload
    hash: str
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Payload]] = field(default_factory=dict)

    @property
    def callback_id(self) -> str:
        """The app's name for this view."""
        return str(self.definition.get("callback_id", ""))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, of which the app may hear.

    Attributes:
        payload: The inner event as Slack documents it.
        channel: Where it happened; None for the whole workspace.
        entity: Events of one entity are delivered in order.
    """

    payload: Payload
    channel: Channel | None
    entity: str
