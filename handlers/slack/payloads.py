"""What Slack sends becomes the core's values. Each function raises `OddShapeError` only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.model.ideas import Nothing
from bot.core.model.links import is_address
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Entry, File, Place, Post, Reaction
from handlers.shapes import Payload, dicts, inside, items, needed, string, text, whole
from handlers.slack.bodies import to_body, to_forwarded, with_forwarded
from handlers.slack.installation import PLATFORM

_KEPT_SUBTYPES = frozenset({"", "file_share", "me_message", "thread_broadcast", "bot_message"})
_SLACKBOT = "USLACKBOT"
_LOST = "tombstone"
"""The mode of a file that somebody has deleted."""
_GONE_FILES = frozenset({_LOST, "hidden_by_limit"})
_CANVASES = frozenset({"quip", "canvas", "list"})
_DRAWN = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What Slack draws again in a message of ours."""
_RECORDED = {"slack_audio": "audio", "slack_video": "video"}
"""What was recorded in Slack itself, whatever media type its file has."""
_UNTITLED = frozenset(
    {"", "untitled", "ohne titel", "unbenannt", "sin título", "sans titre", "sem título",
     "senza titolo", "無題", "无标题", "無標題", "제목 없음"}
)  # fmt: skip
"""What Slack calls a file that nobody has named, in its languages."""
_PRIVATE = {"channel": False, "group": True}
"""Whether a channel is private, by the type that events tell; by another type it is not told."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edited:
    """A person's edit, a file they deleted, or what a clip says; the post as it is now."""

    post: Post


@dataclass(frozen=True, slots=True)
class Previewed:
    """Slack has put previews under a post's links: their titles by address."""

    place: Place
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Direct:
    """Words that a member wrote to the bot alone, in Slack's markup. *team*: the member's."""

    member_id: str
    team: str
    words: str
    ts: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message is gone. *reply* is None when Slack did not tell whether it was one."""

    place: Place
    reply: bool | None


Incoming = Post | Edited | Previewed | Deleted | Direct | Nothing
"""A new message by a person or an app is a `Post`; what is nothing for us is `Nothing`."""


def to_incoming(event: Payload, bot: Workspace) -> Incoming:
    """Read a `message` event of any subtype.

    Args:
        bot: the workspace the event belongs to and who we are in it.
    """
    channel, subtype = text(event, "channel"), text(event, "subtype")
    if not channel:
        return Nothing("no channel")
    kind = text(event, "channel_type")
    if kind in {"im", "mpim", "app_home"} or channel.startswith("D"):
        return _to_direct(event, bot) if kind in {"im", ""} else Nothing("direct message")
    if subtype == "message_deleted":
        ts = text(event, "deleted_ts")
        if not ts:
            return Nothing("no ts")
        told = event.get("previous_message") is not None
        reply = text(event, "previous_message", "thread_ts") not in {"", ts} if told else None
        return Deleted(Place(bot.id, channel, ts), reply)
    changed = subtype == "message_changed"
    message = event.get("message") or {} if changed else event
    place = Place(bot.id, channel, text(message, "ts"))
    if changed and place.ts and text(message, "subtype") == "tombstone":
        return Deleted(place, reply=_thread_of(message) is not None)
    why = _nobodys(message, bot)
    if not why and not changed and _by_app(event) and _thread_of(event):
        why = "bot"  # it is no reply by a person, and a post by an app is kept only when marked
    if why:
        return Nothing(why)
    post = to_post(message, bot.id, channel, private=_PRIVATE.get(kind))
    if not changed:
        return post
    own = _files(dicts(message.get("files")))
    if post.edited or post.lost or any(file.words for file in own):
        return Edited(post)
    return Previewed(place, post.titles) if post.titles else Nothing("preview")


def _to_direct(event: Payload, bot: Workspace) -> Direct | Nothing:
    """Read a direct message; only what a person has just written is one."""
    why = _nobodys(event, bot) or ("bot" if _by_app(event) else "")
    if why:
        return Nothing(why)
    words = text(event, "text").strip().removeprefix(f"<@{bot.bot_user_id}>").strip()
    team = text(event, "user_team") or text(event, "team")
    return Direct(text(event, "user"), team, words, text(event, "ts"))


def to_marked(answer: object, place: Place, bot: Workspace) -> Post | None:
    """Read the message at *place*, an app's too; None: not there, a notice, or our own."""
    for message in dicts(whole(answer, "messages", list)):
        if message.get("ts") == place.ts:
            return to_chosen(message, place, bot)
    return None


def to_chosen(message: Payload, place: Place, bot: Workspace) -> Post | None:
    """Read a message that somebody chose, an app's too; None: a notice, or our own."""
    return None if _nobodys(message, bot) else to_post(message, bot.id, place.channel)


def is_own(message: Payload, bot: Workspace) -> bool:
    """Whether a message is the bot's own."""
    user, app = string(message.get("user")), string(message.get("bot_id"))
    return (user == bot.bot_user_id and bool(user)) or (app == bot.bot_id and bool(app))


def _nobodys(message: Payload, bot: Workspace) -> str:
    """Return why a message is no post of a person or of another app; empty if it is one."""
    subtype = text(message, "subtype")
    if subtype not in _KEPT_SUBTYPES:
        return subtype
    if not text(message, "ts"):
        return "no ts"
    if is_own(message, bot):
        return "own"
    return "" if text(message, "user") or _by_app(message) else "nobody"


def _by_app(message: Payload) -> bool:
    """Whether an app posted a message, perhaps with a person's words and in their name."""
    if message.get("bot_id") or message.get("bot_profile") or message.get("app_id"):
        return True
    return text(message, "user") == _SLACKBOT or text(message, "subtype") == "bot_message"


def _thread_of(message: Payload) -> str | None:
    thread = text(message, "thread_ts")
    return thread if thread != text(message, "ts") and thread else None


def to_post(message: Payload, workspace: str, channel: str, *, private: bool | None = None) -> Post:
    """Read a message by a person or an app, from an event or from history."""
    ts, author = text(message, "ts"), text(message, "user")
    author = "" if author == _SLACKBOT else author
    body = to_body(message)
    forwarded = to_forwarded(message, body)
    holders = (message, *(attached for attached, _ in forwarded))
    listed = [file for holder in holders for file in dicts(holder.get("files"))]
    return Post(
        place=Place(workspace, channel, ts),
        posted_at=to_instant(ts),
        author_id=author,
        body=with_forwarded(body, forwarded, author),
        files=tuple(_files(listed)),
        lost=frozenset(string(file.get("id")) for file in listed if file.get("mode") == _LOST),
        titles=_titles(message),
        thread=_thread_of(message),
        edited=text(message, "edited", "ts"),
        private=private,
        credited=tuple(whose for _, whose in forwarded if whose is not None),
        by_app=_by_app(message),
    )


def to_entry(message: Payload, channel: str, bot: Workspace) -> Entry | None:
    """Read a message as it stands in a history or a thread; None for what is no message."""
    listed = dicts(message.get("reactions"))
    try:
        ts = needed(message, "ts")
        said = to_incoming({**message, "channel": channel}, bot)
        return Entry(
            place=Place(bot.id, channel, ts),
            posted_at=to_instant(ts),
            post=said if isinstance(said, Post) else None,
            gone=text(message, "subtype") == "tombstone",
            replies=int(message.get("reply_count") or 0),
            latest_reply=text(message, "latest_reply"),
            reactions=to_reactions(message, bot),
            reactions_whole=all(
                len(items(r.get("users"))) >= (r.get("count") or 0) for r in listed
            ),
        )
    except (TypeError, ValueError):
        return None


def to_reactions(message: Payload, bot: Workspace) -> tuple[tuple[str, str], ...]:
    """Read who reacted to a message and with what, our own reactions aside."""
    return tuple(
        (text(reaction, "name").partition("::")[0], str(user))
        for reaction in dicts(message.get("reactions"))
        for user in items(reaction.get("users"))
        if user != bot.bot_user_id
    )


def to_instant(ts: str) -> datetime:
    """The instant a Slack ts stands for; exact to the microsecond, unlike a float."""
    seconds, _, fraction = ts.partition(".")
    try:
        micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
        return _EPOCH + timedelta(seconds=int(seconds), microseconds=micros)
    except (ValueError, OverflowError):
        return _EPOCH


def to_ts(instant: datetime) -> str:
    """The ts of an instant, for asking Slack about a stretch of time."""
    passed = instant - _EPOCH
    return f"{passed.days * 86_400 + passed.seconds}.{passed.microseconds:06d}"


def _file(file: Payload) -> File | None:
    """A file; None for one that is gone or hidden, and for a canvas with nothing in it."""
    if string(file.get("mode")) in _GONE_FILES:
        return None
    addresses = (string(file.get(name)) for name in ("permalink", "url_private"))
    url = next((one for one in addresses if is_address(one)), "")
    title = (string(file.get("title")) or string(file.get("name"))).strip()
    recorded = _RECORDED.get(string(file.get("subtype")))
    if recorded:
        preview = inside(inside(file.get("transcription")).get("preview"))
        words = string(preview.get("content")).strip()
        more = "…" if words and preview.get("has_more") else ""
        return File(url, "", f"{recorded}/mp4", words + more, clip=True)
    media_type = string(file.get("mimetype"))
    kinds = {string(file.get("mode")), string(file.get("filetype"))}
    if kinds & _CANVASES and (title.casefold() in _UNTITLED or file.get("size") == 0):
        return None
    title = "" if title.casefold() in _UNTITLED else title
    photo = string(file.get("id")) if media_type in _DRAWN else ""
    if photo and (told := string(file.get("alt_txt")).strip()):
        title = told  # what somebody says of it, for those who do not see it
    return File(url, title, media_type, photo=photo)


def _files(listed: Iterable[Payload]) -> list[File]:
    found = (_file(one) for one in listed)
    return [file for file in found if file is not None]


def _titles(message: Payload) -> dict[str, str]:
    found = {}
    for attached in dicts(message.get("attachments")):
        url = string(attached.get("from_url")) or string(attached.get("title_link"))
        if url and string(attached.get("title")):
            found[url] = string(attached["title"])
    return found


def to_reaction(event: Payload, workspace: str, event_time: object) -> Reaction | None:
    """Read `reaction_added` or `reaction_removed`; None when it is not on a message."""
    channel, ts = text(event, "item", "channel"), text(event, "item", "ts")
    if text(event, "item", "type") != "message" or not channel or not ts:
        return None
    return Reaction(
        Place(workspace, channel, ts),
        text(event, "user"),
        text(event, "reaction").partition("::")[0],
        text(event, "event_ts") or str(event_time or ""),
    )


def to_person(user: Payload, workspace: str) -> Person:
    """Read `users.info` or `user_change`. People of other organizations count as guests.

    On Enterprise Grid the home of a member may be a sister workspace; what counts is whether ours
    is among theirs. Where no workspace is named, the member is one of ours.
    """
    ident = needed(user, "id")
    real = text(user, "profile", "real_name") or text(user, "real_name")
    shown = text(user, "profile", "display_name") or real or text(user, "name") or ident
    stranger = not is_among(user, {workspace})
    return Person(
        id=ident,
        name=" ".join(shown.split()),
        real_name=" ".join(real.split()),
        title=text(user, "profile", "title"),
        is_admin=not stranger
        and any(user.get(k) for k in ("is_admin", "is_owner", "is_primary_owner")),
        is_guest=stranger or any(user.get(k) for k in ("is_restricted", "is_ultra_restricted")),
        is_bot=bool(user.get("is_bot")),
        deleted=bool(user.get("deleted")),
        zone=text(user, "tz"),
    )


def is_among(user: Payload, teams: set[str]) -> bool:
    """Whether `users.info` puts a member into each of *teams*; who is in none named is in ours."""
    told = items(inside(user.get("enterprise_user")).get("teams"))
    theirs = {text(user, "team_id"), *map(text, told)} - {""}
    return not user.get("is_stranger") and (not theirs or teams <= theirs)


def to_channel(channel: Payload) -> ChannelInfo:
    """Read `conversations.info` or one entry of a list. Privacy not told counts as private."""
    return ChannelInfo(
        id=needed(channel, "id"),
        name=text(channel, "name"),
        private=bool(channel.get("is_private", True)),
        member=bool(channel.get("is_member", True)),
        archived=bool(channel.get("is_archived")),
    )


def to_changed_person(event: Payload, workspace: str) -> Person | None:
    """Read `user_change`; None when it does not say whose change it is."""
    user = inside(event.get("user"))
    return to_person(user, workspace) if text(user, "id") else None


def to_workspace(answer: object) -> Workspace:
    """Read `auth.test`: who we are, and where."""
    return Workspace(
        id=needed(answer, "team_id"),
        name=text(answer, "team"),
        url=text(answer, "url"),
        bot_user_id=needed(answer, "user_id"),
        bot_id=text(answer, "bot_id"),
        platform=PLATFORM,
    )


def installed_in(body: Payload) -> frozenset[str]:
    """The workspaces whose installations an event is for: ours, also in a shared channel."""
    teams = {text(one, "team_id") for one in items(body.get("authorizations"))} - {""}
    return frozenset(teams or {text(body, "team_id")} - {""})
