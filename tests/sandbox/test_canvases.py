"""Canvases of channels, as strict as Slack's."""

from typing import Any

import pytest

from bot.sandbox.model import Channel, Payload
from tests.sandbox.plain import Client
from tests.slack import Slack

NO_TEXT = {"operation": "insert_at_end", "document_content": {"type": "markdown"}}


def content(markdown: str) -> Payload:
    return {"type": "markdown", "markdown": markdown}


async def change(call: Client, canvas: str, operation: str, **more: Any) -> Payload:
    """What an edit of one change is answered."""
    return await call("canvases.edit", canvas_id=canvas, changes=[{"operation": operation, **more}])


async def found(call: Client, canvas: str, **criteria: Any) -> list[str]:
    """The ids of the sections that fit."""
    told = await call("canvases.sections.lookup", canvas_id=canvas, criteria=criteria)
    return [one["id"] for one in told["sections"]]


async def test_a_channel_has_one_canvas(call: Client, room: Channel) -> None:
    """It is made once, and the channel tells its id from then on."""
    assert "properties" not in (await call("conversations.info", channel=room.id))["channel"]
    made = await call(
        "conversations.canvases.create",
        channel_id=room.id,
        document_content=content("# One\n\nTwo"),
    )
    told = (await call("conversations.info", channel=room.id))["channel"]["properties"]["canvas"]
    assert (made["canvas_id"], False) == (told["file_id"], told["is_empty"])
    again = await call("conversations.canvases.create", channel_id=room.id)
    assert "channel_canvas_already_exists" == again["error"]


async def test_sections_come_and_go_one_change_at_a_time(
    call: Client, sandbox: Slack, room: Channel
) -> None:
    """They are found by words or as headings, and have other ids after each change."""
    made = await call(
        "conversations.canvases.create",
        channel_id=room.id,
        document_content=content("# A\n\nB \\# b"),
    )
    canvas = made["canvas_id"]
    (header,) = await found(call, canvas, section_types=["any_header"])
    (second,) = await found(call, canvas, contains_text="B # b")
    assert (
        await change(
            call, canvas, "insert_before", section_id=second, document_content=content("C")
        )
    )["ok"]
    assert (
        "canvas_editing_failed"
        == (await change(call, canvas, "delete", section_id=header))["error"]
    )
    (header,) = await found(call, canvas, section_types=["h1"], contains_text="A")
    assert (
        await change(call, canvas, "insert_after", section_id=header, document_content=content("D"))
    )["ok"]
    assert (await change(call, canvas, "insert_at_start", document_content=content("E")))["ok"]
    assert (await change(call, canvas, "insert_at_end", document_content=content("F")))["ok"]
    (last,) = await found(call, canvas, contains_text="F")
    assert (await change(call, canvas, "delete", section_id=last))["ok"]
    sections = sandbox.workspace.canvases[canvas].sections
    assert ["E", "# A", "D", "C", "B \\# b"] == list(sections.values())


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("canvases.edit", {"changes": []}, "invalid_arguments"),
        ("canvases.edit", {"changes": [{"operation": "delete"}] * 2}, "invalid_arguments"),
        ("canvases.edit", {"changes": [{"operation": "delete"}]}, "invalid_arguments"),
        ("canvases.edit", {"changes": [{"operation": "insert_at_end"}]}, "invalid_arguments"),
        ("canvases.edit", {"changes": [NO_TEXT]}, "invalid_arguments"),
        ("canvases.sections.lookup", {"criteria": {}}, "invalid_arguments"),
        ("canvases.sections.lookup", {"canvas_id": "F0NONE", "criteria": {}}, "canvas_not_found"),
    ],
)  # fmt: skip
async def test_what_is_refused(
    call: Client, room: Channel, method: str, args: Payload, error: str
) -> None:
    """More than one change, one without what it needs, no criteria, no such canvas."""
    made = await call("conversations.canvases.create", channel_id=room.id)
    assert error == (await call(method, **{"canvas_id": made["canvas_id"], **args}))["error"]
