"""What Slack says when it does not do what was asked.

Not always an object: from what stands before Slack come pages, bare sentences and half an answer.
"""

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatNotThereError,
    ChatUnavailableError,
    MessageRefusedError,
    bearable,
)

UNSAID = 30.0
"""Seconds to wait when Slack asks for patience and does not say how much."""

GONE = frozenset({"thread_not_found", "message_not_found"})
"""Refusals that say that a message is not there."""

FINAL = {
    "access_denied": "I may not post there.",
    "already_archived": "the channel is archived.",
    "bad_timestamp": "Slack does not know that message.",
    "canvas_creation_failed": "Slack could not make the canvas.",
    "canvas_disabled_user_team": "canvases are switched off in this workspace.",
    "canvas_not_found": "that canvas is gone.",
    "canvas_tab_creation_failed": "Slack could not make the canvas.",
    "cannot_dm_bot": "that is a bot.",
    "cant_delete_message": "Slack does not let me delete that message.",
    "cant_update_message": "Slack does not let me change that message.",
    "cant_post_message": "I may not post there.",
    "cannot_post": "I may not post there.",
    "channel_is_limited_access": "only some may post in that channel.",
    "channel_not_found": "Slack has no such channel, or I am not in it.",
    "edit_window_closed": "that message is too old to be changed.",
    "exchanged_trigger_id": "that button or command was used already; please try again.",
    "expired_trigger_id": "that took too long; please try again.",
    "free_team_canvas_tab_already_exists": "the workspace’s plan has no room for another canvas.",
    "free_teams_cannot_edit_standalone_canvases": "the workspace’s plan has no canvases for me.",
    "invalid_trigger_id": "that took too long; please try again.",
    "is_archived": "the channel is archived.",
    "message_not_found": "that message is gone.",
    "msg_too_long": "the message is too long for Slack.",
    "no_permission": "the workspace does not let me do that there.",
    "no_text": "it has no text.",
    "not_in_channel": "I am not in that channel; `/invite` me and try again.",
    "posting_to_general_channel_denied": "I may not post there.",
    "restricted_action": "the workspace does not let me post there.",
    "restricted_action_non_threadable_channel": "that channel has no threads.",
    "restricted_action_read_only_channel": "that channel is read-only.",
    "restricted_action_thread_locked": "that thread is locked.",
    "restricted_action_thread_only_channel": "that channel takes only replies in threads.",
    "team_tier_cannot_create_channel_canvases": "the workspace’s plan has no canvases.",
    "team_access_not_granted": "I have no access to that workspace.",
    "thread_not_found": "that thread is gone.",
    "too_many_emoji": "that message has too many reactions.",
    "too_many_reactions": "that message has too many reactions.",
    "user_disabled": "that account is deactivated.",
    "user_not_found": "Slack does not know that member.",
    "user_not_in_channel": "they are not in that channel.",
    "users_not_found": "Slack does not know that member.",
    "user_not_visible": "I may not see that member.",
    "invalid_name": "Slack has no such emoji.",
}
"""Refusals that trying again will not change, in words that end a sentence."""

LOCKED_OUT = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""Answers that say that our token counts no more. What waits is tried again with the next one."""

_REFUSED_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_NOT_THERE = frozenset({"canvas_not_found", "channel_not_found"})
_PERHAPS_DONE = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Answers after which a message may stand in the channel all the same."""


def code_of(error: SlackApiError) -> str:
    """The error code in Slack's answer; empty when it has none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def status_of(error: SlackApiError) -> int:
    """The answer's HTTP status; 0 when it is not known."""
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def wait_of(error: SlackApiError) -> float | None:
    """The seconds that Slack asks to wait, at most an hour; None when it names no time."""
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        return bearable(float(text))
    except ValueError:
        return None


def lost(*, once: bool) -> ChatError:
    """An answer that did not come, or that lacks what was asked for; see `refusal_of`."""
    error = ChatInDoubtError if once else ChatUnavailableError
    return error("Slack's answer was lost on the way.", code="lost")


def asked_to_wait(seconds: float) -> ChatUnavailableError:
    """Slack wants to be left alone for so long."""
    return ChatUnavailableError(
        "Slack asked me to slow down.", code="ratelimited", retry_after=seconds
    )


def refusal_of(error: SlackApiError, *, once: bool) -> ChatError:
    """A refusal in the core's words.

    Args:
        once: doing it twice shows: where Slack does not say whether it was done, that is in doubt.
    """
    status, code = status_of(error), code_of(error)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        told = wait_of(error)
        return asked_to_wait(UNSAID if told is None else max(told, 1.0))
    if code in _REFUSED_BLOCKS:
        return MessageRefusedError("Slack did not accept that message.", code=code)
    if code in _NOT_THERE:
        return ChatNotThereError(FINAL[code], code=code)
    if code in FINAL:
        return ChatError(FINAL[code], code=code)
    if once and (status >= 500 or code in _PERHAPS_DONE or not code):
        return ChatInDoubtError("Slack did not say whether it was done.", code=code)
    return ChatUnavailableError(
        f"Slack did not do it ({code or status}).", code=code or f"http_{status}"
    )
