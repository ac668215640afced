"""What a body of Slack's is made of, as far as anything here, or Bolt, takes it for granted.

A shape is a type; an object's names, each with its shape; a list of one shape; a tuple of several.
Names that are not told of may hold anything; one without a value counts as missing.
"""

from collections.abc import Mapping
from typing import Any

from handlers.slack.listeners import CHANNEL_EVENTS, GONE

_ID = {"id": str}
_MESSAGE = {"ts": str, "thread_ts": str, "subtype": str, "user": str}
_REACTION = {"user": str, "item": {"type": str, "channel": str, "ts": str}}
_MEMBER = {"channel": str, "user": str, "inviter": str}

_EVENTS: Mapping[str, Mapping[str, Any]] = {
    "message": {
        **_MESSAGE,
        "channel": str,
        "channel_type": str,
        "deleted_ts": str,
        "message": _MESSAGE,
        "previous_message": _MESSAGE,
    },
    "reaction_added": _REACTION,
    "reaction_removed": _REACTION,
    "member_joined_channel": _MEMBER,
    **dict.fromkeys(("member_left_channel", *GONE), _MEMBER),
    **{kind: {"channel": (str, _ID)} for kind in CHANNEL_EVENTS},
    "channel_id_changed": {"old_channel_id": str, "new_channel_id": str},
    "user_change": {"user": {"id": str, "team_id": str, "enterprise_user": {"teams": [str]}}},
}
"""The events that we listen to, by type."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "member_joined_channel": ("channel",),
    **dict.fromkeys(("member_left_channel", *GONE), ("channel",)),
    "channel_id_changed": ("old_channel_id", "new_channel_id"),
}
"""What none of them comes without."""

_BODY: Mapping[str, Any] = {
    "type": str,
    "callback_id": str,
    "command": str,
    "text": str,
    "user_id": str,
    "team_id": str,
    "channel_id": str,
    "trigger_id": str,
    "response_url": str,
    "authorizations": [{"team_id": str, "enterprise_id": str}],
    "enterprise": (str, _ID),
    "team": _ID,
    "user": {"id": str, "team_id": str},
    "channel": _ID,
    "container": {},
    "message": {},
    "view": {
        "id": str,
        "type": str,
        "callback_id": str,
        "private_metadata": str,
        "app_installed_team_id": str,
        "state": {"values": {}},
    },
    "actions": [{"type": str, "action_id": str, "block_id": str, "selected_option": {}}],
}


def is_slacks(body: object) -> bool:
    """Whether a body may be one of Slack's."""
    if not isinstance(body, dict) or not _fits(body, _BODY):
        return False
    if "event" in body:
        return _is_event(body["event"])
    if "command" in body:
        return _has(body, "user_id", "trigger_id")
    match body.get("type"):
        case "block_actions":
            actions = body.get("actions")
            whole = _has(body, "user", "trigger_id", "actions") and _has(body["user"], "id")
            return whole and all(_has(one, "action_id") for one in actions or ())
        case "view_submission":
            whole = _has(body, "user", "view") and _has(body["user"], "id")
            return whole and _has(body["view"], "type", "state")
        case _:
            return True


def _is_event(event: object) -> bool:
    kind = event.get("type") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(kind, str):
        return False
    return _fits(event, _EVENTS.get(kind, {})) and _has(event, *_NEEDED.get(kind, ()))


def _has(value: Mapping[str, Any], *names: str) -> bool:
    return all(value.get(name) not in (None, "", []) for name in names)


def _fits(value: object, shape: Any) -> bool:
    if value is None:
        return True
    if isinstance(shape, tuple):
        return any(_fits(value, one) for one in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(
            one is not None and _fits(one, shape[0]) for one in value
        )
    if isinstance(shape, type):
        return isinstance(value, shape)
    return isinstance(value, dict) and all(
        _fits(value.get(name), inner) for name, inner in shape.items()
    )
