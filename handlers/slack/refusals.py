"""What Slack says when it does not do what was asked.

Not always an object: from what stands before Slack come pages, bare sentences and half an answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.core.errors import bearable


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
