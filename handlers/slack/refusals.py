"""What Slack says when it does not do what was asked.

Not always an object: from what stands before Slack come pages, bare sentences and half an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError


def code_of(error: SlackApiError) -> str:
    """The error code in Slack's answer; empty when it has none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def status_of(error: SlackApiError) -> int:
    """The answer's HTTP status; 0 when it is not known."""
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
