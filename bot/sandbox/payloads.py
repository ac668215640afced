"""Members, channels, files and messages as Slack's JSON describes them."""

from collections.abc import Sequence
from urllib.parse import quote

from bot.sandbox.markup import rich_text
from bot.sandbox.model import Channel, File, Member, Message, Payload

ZONE = "America/Chicago"


def member(person: Member) -> Payload:
    """Return a user object, as ``users.info`` and ``user_change`` carry it."""
    return {
        "id": person.id,
        **({"team_id": person.team_id} if person.team_id else {}),
        "name": person.name,
        "deleted": person.deleted,
        "color": person.color,
        "real_name": person.real_name,
        "tz": ZONE,
        "tz_label": "Central Time",
        "profile": {
            "title": person.title,
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.display_name,
            "display_name_normalized": person.display_name,
            "status_text": "",
            "status_emoji": "",
            "team": person.team_id,
            **({"bot_id": person.bot_id} if person.bot_id else {}),
            **({"api_app_id": person.app_id} if person.app_id else {}),
        },
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
        **({"is_stranger": True} if person.is_stranger else {}),
        **({"enterprise_user": _enterprise_user(person)} if person.teams else {}),
    }


def _enterprise_user(person: Member) -> Payload:
    about = {"id": person.id, "enterprise_id": "E0SANDBOX", "enterprise_name": "The district"}
    return {**about, "is_admin": False, "is_owner": False, "teams": list(person.teams)}


def channel(room: Channel, *, team: str, viewer: str, count_members: bool = False) -> Payload:
    """Return a conversation object, as ``viewer`` sees it."""
    if room.is_im:
        other = next((each for each in room.members if each != viewer), viewer)
        return {
            "id": room.id,
            "created": room.created,
            "is_im": True,
            "is_archived": room.archived,
            "is_org_shared": False,
            "user": other,
            "is_user_deleted": False,
            "context_team_id": team,
        }
    return {
        "id": room.id,
        "name": room.name,
        "name_normalized": room.name,
        "created": room.created,
        "creator": room.creator,
        "is_channel": not room.is_private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": room.is_private,
        "is_archived": room.archived,
        "is_general": False,
        "is_shared": room.is_ext_shared,
        "is_ext_shared": room.is_ext_shared,
        "is_org_shared": False,
        "is_member": viewer in room.members,
        "previous_names": [],
        "context_team_id": team,
        "shared_team_ids": [team],
        "topic": {"value": room.topic, "creator": room.creator, "last_set": room.created},
        "purpose": {"value": "", "creator": room.creator, "last_set": room.created},
        **({"num_members": len(room.members)} if count_members else {}),
    }


def file(item: File, base_url: str) -> Payload:
    """Return a file object with its addresses."""
    place = quote(item.name, safe="")
    extension = item.name.rpartition(".")[2] if "." in item.name else "text"
    return {
        "id": item.id,
        "created": item.created,
        "timestamp": item.created,
        "name": item.name,
        "title": item.title,
        "mimetype": item.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": item.user,
        "size": len(item.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "channels": list(item.channels),
        "url_private": f"{base_url}/files/{item.id}/{place}",
        "url_private_download": f"{base_url}/files/{item.id}/download/{place}",
        "permalink": f"{base_url}/files/{item.id}/{place}",
        "file_access": "visible",
    }


def reactions(message: Message) -> list[Payload]:
    """Return the reactions of a message."""
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]


def message(item: Message, author: Member, files: Sequence[Payload]) -> Payload:
    """Return a message by itself, without the counts of its thread and without reactions."""
    shape: Payload = {"type": "message", "ts": item.ts, "text": item.text}
    if item.subtype:
        shape["subtype"] = item.subtype
    if item.is_tombstone:
        return {**shape, "user": "USLACKBOT", "hidden": True}
    if item.client_msg_id:
        shape["client_msg_id"] = item.client_msg_id
    shape |= _author(item, author)
    if item.inviter:
        shape["inviter"] = item.inviter
    if item.blocks:
        shape["blocks"] = item.blocks
    elif item.text and not author.is_bot and item.subtype in {None, "file_share"}:
        shape["blocks"] = [rich_text(item.text, f"b{item.ts[-4:]}")]
    if item.edited:
        shape["edited"] = item.edited
    if files:
        shape |= {"files": list(files), "upload": False}
    return shape


def _author(item: Message, author: Member) -> Payload:
    shape: Payload = {"user": author.id, "team": author.team_id}
    if author.is_stranger:
        shape |= {"user_team": author.team_id, "source_team": author.team_id}
    if not (author.is_bot and author.bot_id):
        return shape
    shape["bot_id"] = author.bot_id
    if item.subtype == "bot_message":
        del shape["user"]
        return {**shape, "username": author.shown}
    return {**shape, "app_id": author.app_id, "bot_profile": bot_profile(author)}


def bot_profile(bot: Member) -> Payload:
    """Return who an app's message is from."""
    return {
        "id": bot.bot_id,
        "app_id": bot.app_id,
        "name": bot.shown,
        "deleted": False,
        "team_id": bot.team_id,
        "updated": bot.updated,
        "icons": {},
    }


def thread(parent: Message, replies: Sequence[Message]) -> Payload:
    """Return what a message says about its thread; nothing when nobody replied."""
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }
