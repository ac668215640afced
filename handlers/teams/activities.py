"""What Teams sends becomes the core's values. Each function raises `OddShapeError` only.

A workspace is a tenant; its bot is `28:` and the application's id, or that id alone. The *ts* of a
message is its id in the channel.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.model.people import Workspace
from bot.core.model.posts import NOTHING, Place, Post, Reaction, Span, Text
from handlers.shapes import Payload, dicts, inside, string, text
from handlers.teams import attachments, mentions
from handlers.teams.emoji import name_of
from handlers.teams.html import Body, read_html, tidied
from handlers.teams.stamps import is_first, posted_at, to_stamp
from handlers.teams.typed import typed_words

_MENTIONED: Final = re.compile(r"<at\b[^<>]*>([^<>]*)</at>", re.IGNORECASE)
_ROOT: Final = ";messageid="
_RESTORED: Final = "undeleteMessage"
NOBODY: Final = "nobody"
"""Why what is from no member that is known is ignored."""


@dataclass(frozen=True, slots=True)
class Said:
    """A new message in a channel by a person, or a post by an app; a reply when it has a thread.

    Args:
        partly: things hang on it that only the history tells of.
        restored: it was deleted, and its author took that back.
    """

    post: Post
    partly: bool = False
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """A person's edit; the post as it is now. *partly*: see `Said`."""

    post: Post
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message is gone. *reply* is None when Teams did not tell whether it was one."""

    place: Place
    reply: bool | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Words for the bot, as `typed_words` writes them.

    *member_id* is empty where it is not known; *channel* is, in a chat with the bot.
    """

    member_id: str
    words: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for us, and why, in one word."""

    why: str


Incoming = Said | Edited | Deleted | Asked | Ignored


def to_incoming(activity: Payload, bot: Workspace, people: Mapping[str, str] = NOTHING) -> Incoming:
    """Read a `message`, `messageUpdate` or `messageDelete`.

    Args:
        bot: the tenant the activity belongs to and who we are in it.
        people: members' ids in Entra by their ids in Teams; `unknown_in` says whose are needed.
    """
    kind, ident, channel = text(activity, "type"), ts_of(activity), channel_of(activity)
    if kind not in {"message", "messageUpdate", "messageDelete"}:
        return Ignored(kind or "no type")
    if not ident:
        return Ignored("no id")
    if kind == "messageDelete":
        gone = Deleted(Place(bot.id, channel, ident), _is_reply(activity))
        return gone if channel else Ignored("direct message")
    if is_own(activity, bot):
        return Ignored("own")
    author, is_by_app = author_of(activity, people), mentions.is_app(inside(activity.get("from")))
    body = _body_of(activity, bot, people)
    words = _for_the_bot(activity, body.spans, bot)
    if words is not None:
        if kind == "messageUpdate":
            return Ignored("command")
        return Ignored("bot") if is_by_app else Asked(author, words, channel)
    if not channel:
        return Ignored("direct message")
    thread = thread_of(activity)
    if is_by_app and thread:
        return Ignored("bot")  # it is no reply by a person, and a post is kept only when marked
    if not author and not is_by_app:
        return Ignored(NOBODY)
    hanging = activity.get("attachments")
    forwarded = attachments.to_forwarded(hanging)
    changed = kind == "messageUpdate"
    post = Post(
        place=Place(bot.id, channel, ident),
        posted_at=posted_at(ident, text(activity, "timestamp")),
        author_id=author,
        body=attachments.with_forwarded(mentions.without_bot(body.spans, bot), forwarded, author),
        files=(*attachments.to_files(hanging), *body.pictures),
        titles=attachments.to_titles(hanging),
        thread=thread,
        edited=to_stamp(text(activity, "timestamp")) if changed else "",
        private=True,
        credited=attachments.credited_in(forwarded),
        by_app=is_by_app,
    )
    partly = attachments.is_missing(body.attached, hanging)
    restored = changed and text(activity, "channelData", "eventType") == _RESTORED
    return Edited(post, partly) if changed and not restored else Said(post, partly, restored)


def to_reactions(
    activity: Payload, bot: Workspace, people: Mapping[str, str] = NOTHING
) -> tuple[tuple[Reaction, bool], ...]:
    """Read a `messageReaction`: each emoji, and whether it was added."""
    author = author_of(activity, people)
    place = Place(bot.id, channel_of(activity), text(activity, "replyToId"))
    stamp = to_stamp(text(activity, "timestamp"))
    if not place.channel or not place.ts or not author:
        return ()
    return tuple(
        (Reaction(place, author, name_of(string(one.get("type"))), stamp), added)
        for field, added in (("reactionsAdded", True), ("reactionsRemoved", False))
        for one in dicts(activity.get(field))
    )


def is_own(activity: Payload, bot: Workspace) -> bool:
    """Whether an activity is the bot's own."""
    return text(activity, "from", "id") in {bot.bot_user_id, bot.bot_id} - {""}


def channel_of(activity: Payload) -> str:
    """Return the id of the channel that an activity is about; empty in a chat."""
    kind = text(activity, "conversation", "conversationType")
    if kind in {"personal", "groupChat"}:
        return ""
    told = text(activity, "channelData", "channel", "id")
    if told or kind != "channel":
        return told
    return text(activity, "conversation", "id").partition(";")[0]


def ts_of(activity: Payload) -> str:
    """Return the id of the message that an activity is about; empty: it has none."""
    ident, root = text(activity, "id"), _root_of(activity)
    return root if root and is_first(ident, root, text(activity, "timestamp")) else ident


def thread_of(activity: Payload) -> str | None:
    """Return the id of the message that an activity's message replies to; None at top level."""
    root = _root_of(activity)
    return root if root and root != ts_of(activity) else None


def author_of(activity: Payload, people: Mapping[str, str] = NOTHING) -> str:
    """Return the id in Entra of whoever an activity is from; empty: no member that is known."""
    if mentions.is_app(inside(activity.get("from"))):
        return ""
    return text(activity, "from", "aadObjectId") or people.get(text(activity, "from", "id"), "")


def zone_of(activity: Payload) -> str:
    """Return the time zone of whoever an activity is from; empty: it is not told."""
    told = (
        string(one.get("timezone"))
        for one in dicts(activity.get("entities"))
        if one.get("type") == "clientInfo"
    )
    return text(activity, "localTimezone") or next(filter(None, told), "")


def unknown_in(activity: Payload, people: Mapping[str, str] = NOTHING) -> tuple[str, ...]:
    """Return the ids in Teams of the members in an activity whose ids in Entra must be asked."""
    accounts = [inside(activity.get("from")), *mentions.mentioned_in(activity)]
    asked = [string(one.get("id")) for one in accounts if mentions.is_unknown(one)]
    return tuple(dict.fromkeys(one for one in asked if one and one not in people))


def _root_of(activity: Payload) -> str:
    return text(activity, "conversation", "id").partition(_ROOT)[2] or text(activity, "replyToId")


def _is_reply(activity: Payload) -> bool | None:
    return thread_of(activity) is not None if _root_of(activity) else None


def _body_of(activity: Payload, bot: Workspace, people: Mapping[str, str]) -> Body:
    """What a message says: its HTML, else its text, in which only mentions are marked up."""
    mention = mentions.finder(mentions.of_activity(activity, bot, people))
    written = string(activity.get("text")).replace("\u00a0", " ")
    for one in dicts(activity.get("attachments")):
        if one.get("contentType") == attachments.HTML and isinstance(one.get("content"), str):
            return read_html(one["content"], mention)
    if string(activity.get("textFormat")) in {"xml", "html"}:
        return read_html(written, mention)
    spans: list[Span] = []
    end = 0
    for found in _MENTIONED.finditer(written):
        spans += [Text(written[end : found.start()]), mention("", mentions.bare(found[1]))]
        end = found.end()
    return Body(tidied((*spans, Text(written[end:]))))


def _for_the_bot(activity: Payload, spans: tuple[Span, ...], bot: Workspace) -> str | None:
    """The words that are for the bot alone; None: the message is for everybody."""
    first = next(
        (at for at, one in enumerate(spans) if not (isinstance(one, Text) and one.text.isspace())),
        0,
    )
    named = first < len(spans) and mentions.is_bot(spans[first], bot)
    targeted = inside(activity.get("recipient")).get("isTargeted") is True
    alone = text(activity, "conversation", "conversationType") == "personal"
    if not (named or targeted or alone):
        return None
    return typed_words(spans[first + 1 :] if named else spans)
