"""The methods under ``canvases.``, and ``conversations.canvases.create``."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.sandbox.call import Call, Method
from bot.sandbox.model import Canvas, Payload, SlackError
from bot.sandbox.workspace import Workspace

_LONGEST = 1_048_576
_AT_ENDS = frozenset({"insert_at_start", "insert_at_end"})
_BESIDE = frozenset({"insert_after", "insert_before"})
_HEADERS = {"h1": "# ", "h2": "## ", "h3": "### "}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def _create(call: Call) -> Payload:
    room = call.channel("channel_id")
    if call.workspace.canvas_of(room.id) is not None:
        raise SlackError("channel_canvas_already_exists")
    written = call.structure("document_content")
    canvas = Canvas(call.workspace.new_id("F"), room.id)
    call.workspace.canvases[canvas.id] = canvas
    write(call.workspace, canvas, _sections(written) if written else [])
    return {"canvas_id": canvas.id}


def _edit(call: Call) -> Payload:
    canvas = _canvas(call)
    changes = call.structure("changes")
    if not isinstance(changes, list) or len(changes) != 1 or not isinstance(changes[0], dict):
        raise SlackError("invalid_arguments")
    (change,) = changes
    kind, where = change.get("operation"), change.get("section_id")
    texts, ids = list(canvas.sections.values()), list(canvas.sections)
    if kind not in _AT_ENDS and where is not None and where not in ids:
        raise SlackError("canvas_editing_failed")
    if kind in _AT_ENDS:
        new = _sections(change.get("document_content"))
        texts = [*new, *texts] if kind == "insert_at_start" else [*texts, *new]
    elif kind in _BESIDE and where is not None:
        at = ids.index(where) + (kind == "insert_after")
        texts[at:at] = _sections(change.get("document_content"))
    elif kind == "delete" and where is not None:
        del texts[ids.index(where)]
    else:
        raise SlackError("invalid_arguments")
    write(call.workspace, canvas, texts)
    return {}


def _lookup(call: Call) -> Payload:
    canvas = _canvas(call)
    criteria = call.structure("criteria")
    if not isinstance(criteria, dict) or not criteria.keys() & {"contains_text", "section_types"}:
        raise SlackError("invalid_arguments")
    words = str(criteria.get("contains_text", ""))
    kinds = criteria.get("section_types", [])
    wanted = tuple(sign for kind, sign in _HEADERS.items() if {kind, "any_header"} & {*kinds})
    return {
        "sections": [
            {"id": ident}
            for ident, text in canvas.sections.items()
            if words in _ESCAPED.sub(r"\1", text) and (not kinds or text.startswith(wanted))
        ]
    }


def _canvas(call: Call) -> Canvas:
    canvas = call.workspace.canvases.get(call.required("canvas_id"))
    room = None if canvas is None else call.workspace.channels[canvas.channel]
    if canvas is None or room is None or (room.is_private and call.bot not in room.members):
        raise SlackError("canvas_not_found")
    return canvas


def _sections(written: Any) -> list[str]:
    """What parts of a document stand in sections of their own: what a blank line parts."""
    if not isinstance(written, dict) or written.get("type") != "markdown":
        raise SlackError("invalid_arguments")
    text = written.get("markdown")
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise SlackError("invalid_arguments")
    return [each for each in (part.strip("\n") for part in text.split("\n\n")) if each]


def write(workspace: Workspace, canvas: Canvas, texts: Sequence[str]) -> None:
    """Let a canvas say this. Its sections have other ids after each change."""
    canvas.sections = {f"temp:C:{workspace.new_id('X')}": text for text in texts}
    workspace.changed()


CANVASES: Final[Mapping[str, Method]] = {
    "conversations.canvases.create": Method(_create, "canvases:write"),
    "canvases.edit": Method(_edit, "canvases:write"),
    "canvases.sections.lookup": Method(_lookup, "canvases:read"),
}
