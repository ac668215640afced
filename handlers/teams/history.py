"""What Graph tells of messages becomes the core's values: the same as from activities.

Each function raises `OddShapeError` only.
"""

from collections.abc import Iterable

from bot.core.model.people import Workspace
from bot.core.model.posts import Entry, Place, Post, Text
from handlers.shapes import OddShapeError, Payload, dicts, inside, needed, string, text
from handlers.teams import attachments, mentions
from handlers.teams.emoji import name_of
from handlers.teams.html import Body, read_html, tidied
from handlers.teams.stamps import posted_at, to_stamp


def to_entry(message: Payload, channel: str, bot: Workspace) -> Entry | None:
    """Read a message as it stands in a channel; None for what is no message.

    How many replies it has is known where they were asked for with it (`$expand=replies`).
    """
    try:
        ts = needed(message, "id")
        replies = dicts(message.get("replies"))
        stand = [one for one in replies if _stands(one)]
        whole = "replies" in message and not text(message, "replies@odata.nextLink")
        return Entry(
            place=Place(bot.id, channel, ts),
            posted_at=posted_at(ts, text(message, "createdDateTime")),
            post=to_post(message, channel, bot),
            gone=bool(text(message, "deletedDateTime")),
            replies=len(stand),
            latest_reply=max((string(one.get("id")) for one in stand), default=""),
            thread=to_thread(replies, channel, bot) if whole else None,
            reactions=to_reactions(message),
        )
    except OddShapeError:
        return None


def to_thread(replies: Iterable[Payload], channel: str, bot: Workspace) -> tuple[Entry, ...]:
    """Read replies, in whatever order they come; the oldest is first."""
    read = (to_entry(one, channel, bot) for one in replies)
    return tuple(sorted(filter(None, read), key=lambda one: one.posted_at))


def to_post(message: Payload, channel: str, bot: Workspace) -> Post | None:
    """Read a message by a person or an app; None for our own, a notice, and what is gone.

    A reply by an app is none either, as among activities, and neither are words for the bot.
    """
    post = to_marked(message, channel, bot)
    if post is None or (post.by_app and post.thread):
        return None
    spans = _body_of(message, bot).spans
    return None if spans and mentions.is_bot(spans[0], bot) else post


def to_marked(message: Payload, channel: str, bot: Workspace) -> Post | None:
    """Read a message that somebody marked, a reply by an app too; None: nobody's, or our own.

    So is that of a message action, which has the shape of Graph's.
    """
    ts, thread = needed(message, "id"), text(message, "replyToId") or None
    author = text(message, "from", "user", "id")
    by_app = bool(inside(inside(message.get("from")).get("application")))
    if not _stands(message) or is_own(message, bot) or not (author or by_app):
        return None
    body = _body_of(message, bot)
    hanging = message.get("attachments")
    forwarded = attachments.to_forwarded(hanging)
    said = mentions.without_bot(body.spans, bot)
    headline = " ".join(text(message, "subject").split())
    if headline:
        said = tidied((Text(f"{headline}\n"), *said))
    return Post(
        place=Place(bot.id, channel, ts),
        posted_at=posted_at(ts, text(message, "createdDateTime")),
        author_id=author,
        body=attachments.with_forwarded(said, forwarded, author),
        files=(*attachments.to_files(hanging), *body.pictures),
        titles=attachments.to_titles(hanging),
        thread=thread if thread != ts else None,
        edited=to_stamp(text(message, "lastEditedDateTime")),
        private=True,
        reactions=to_reactions(message),
        credited=attachments.credited_in(forwarded),
        by_app=by_app,
    )


def to_reactions(message: Payload) -> tuple[tuple[str, str], ...]:
    """Read which members reacted to a message and with what; no app is among them."""
    found = (
        (name_of(string(one.get("reactionType"))), text(one, "user", "user", "id"))
        for one in dicts(message.get("reactions"))
    )
    return tuple((name, member) for name, member in found if name and member)


def is_own(message: Payload, bot: Workspace) -> bool:
    """Whether a message is the bot's own."""
    app = text(message, "from", "application", "id")
    return bool(app) and app in {bot.bot_id, bot.bot_user_id.removeprefix("28:")}


def _stands(message: Payload) -> bool:
    kind = text(message, "messageType") or "message"
    gone = text(message, "deletedDateTime") or message.get("deleted") is True
    return kind == "message" and not gone


def _body_of(message: Payload, bot: Workspace) -> Body:
    content = text(message, "body", "content")
    if text(message, "body", "contentType") == "text":
        return Body(tidied((Text(content),)))
    return read_html(content, mentions.finder(mentions.of_message(message, bot)))
