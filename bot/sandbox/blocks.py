"""What Slack demands of Block Kit, in messages and in views."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from bot.sandbox.elements import (
    ACCESSORY,
    ACTIONS,
    CONTEXT,
    INPUT,
    Report,
    element,
    slack_file,
)
from bot.sandbox.model import Payload, SlackError

Surface = Literal["message", "modal", "home"]
LETTERS_IN_A_MESSAGE = 13_200
_VIEW_BYTES = 250_000


def check_message(blocks: object) -> list[Payload]:
    """Check the blocks of a message, and return them, each with its block id.

    Raises:
        SlackError: ``invalid_blocks_format``, ``invalid_blocks`` with what is wrong, or
            ``msg_blocks_too_long``.
    """
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    report = Report()
    _check_all(report, blocks, "message")
    if report.messages:
        raise _refusal("invalid_blocks", report)
    if report.letters > LETTERS_IN_A_MESSAGE:
        raise SlackError("msg_blocks_too_long")
    return named(blocks)


def check_view(view: object) -> Payload:
    """Check a view, and return it, its blocks with their block ids.

    Raises:
        SlackError: ``invalid_arguments`` with what is wrong, or ``view_too_large``.
    """
    report = Report()
    if not isinstance(view, dict):
        report.add("must be an object", "/view")
        raise _refusal("invalid_arguments", report)
    if len(json.dumps(view)) > _VIEW_BYTES:
        raise SlackError("view_too_large")
    kind = view.get("type")
    common = ("private_metadata", "callback_id", "external_id")
    if kind == "modal":
        may = (*common, "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
        report.keys(view, "/view", ("type", "title", "blocks"), may)
        for name in ("title", "submit", "close"):
            report.text(view.get(name), f"/view/{name}", 24, plain=True)
    elif kind == "home":
        report.keys(view, "/view", ("type", "blocks"), common)
    else:
        report.add("must be one of: modal, home", "/view/type")
    report.string(view.get("private_metadata"), "/view/private_metadata", 3000)
    report.string(view.get("callback_id"), "/view/callback_id", 255)
    report.string(view.get("external_id"), "/view/external_id", 255)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        surface: Surface = "home" if kind == "home" else "modal"
        _check_all(report, blocks, surface, at="/view/blocks")
        has_input = any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
        if kind == "modal" and has_input and "submit" not in view:
            report.add("a view with input blocks must have a submit", "/view/submit")
    elif blocks is not None:
        report.add("must be an array", "/view/blocks")
    if report.messages:
        raise _refusal("invalid_arguments", report)
    return {**view, "blocks": named(view["blocks"])}


def named(blocks: list[Payload]) -> list[Payload]:
    """Return blocks as Slack keeps them, each with a block id, each action with an action id."""
    taken = {block.get("block_id") for block in blocks}
    kept: list[Payload] = []
    for number, block in enumerate(blocks):
        copy: Payload = json.loads(json.dumps(block))
        if not copy.get("block_id"):
            name = f"sb{number}"
            while name in taken:
                name += "x"
            copy["block_id"] = name
        inside = [*copy.get("elements", []), copy.get("accessory"), copy.get("element")]
        for place, each in enumerate(inside):
            if isinstance(each, dict) and each.get("type") in ACTIONS | INPUT:
                each.setdefault("action_id", f"{copy['block_id']}-{place}")
        kept.append(copy)
    return kept


def _refusal(code: str, report: Report) -> SlackError:
    plain = [text.removeprefix("[ERROR] ") for text in report.messages]
    return SlackError(code, errors=plain, response_metadata={"messages": report.messages})


def _check_all(report: Report, blocks: list[Any], surface: Surface, at: str = "/blocks") -> None:
    report.items(blocks, at, 50 if surface == "message" else 100, least=0)
    ids: set[str] = set()
    for number, block in enumerate(blocks):
        where = f"{at}/{number}"
        _check(report, block, where, surface)
        name = block.get("block_id") if isinstance(block, dict) else None
        if name and str(name) in ids:
            report.add(f"block_id already exists: {name}", f"{where}/block_id")
        ids.add(str(name))


def _check(report: Report, block: object, at: str, surface: Surface) -> None:
    if not isinstance(block, dict):
        report.add("must be an object", at)
        return
    kind = str(block.get("type"))
    if kind not in _CHECKS or (kind == "input" and surface == "message"):
        report.add(f"unsupported type: {kind}", f"{at}/type")
        return
    report.string(block.get("block_id"), f"{at}/block_id", 255, 1)
    report.actions = []
    _CHECKS[kind](report, block, at)
    for action in {each for each in report.actions if report.actions.count(each) > 1}:
        report.add(f"action_id already exists: {action}", at)


def _section(report: Report, block: Mapping[str, Any], at: str) -> None:
    report.keys(block, at, ("type",), ("block_id", "text", "fields", "accessory", "expand"))
    if block.get("text") is None and block.get("fields") is None:
        report.add("missing required field: text", at)
    report.text(block.get("text"), f"{at}/text", 3000)
    if block.get("fields") is not None:
        for number, each in enumerate(report.items(block["fields"], f"{at}/fields", 10)):
            report.text(each, f"{at}/fields/{number}", 2000)
    if block.get("accessory") is not None:
        element(report, block["accessory"], f"{at}/accessory", ACCESSORY)


def _header(report: Report, block: Mapping[str, Any], at: str) -> None:
    report.keys(block, at, ("type", "text"), ("block_id",))
    report.text(block.get("text"), f"{at}/text", 150, plain=True)


def _divider(report: Report, block: Mapping[str, Any], at: str) -> None:
    report.keys(block, at, ("type",), ("block_id",))


def _context(report: Report, block: Mapping[str, Any], at: str) -> None:
    report.keys(block, at, ("type", "elements"), ("block_id",))
    for number, each in enumerate(report.items(block.get("elements"), f"{at}/elements", 10)):
        where = f"{at}/elements/{number}"
        if isinstance(each, dict) and each.get("type") in {"plain_text", "mrkdwn"}:
            report.text(each, where, 3000)
        else:
            element(report, each, where, CONTEXT)


def _actions(report: Report, block: Mapping[str, Any], at: str) -> None:
    report.keys(block, at, ("type", "elements"), ("block_id",))
    for number, each in enumerate(report.items(block.get("elements"), f"{at}/elements", 25)):
        element(report, each, f"{at}/elements/{number}", ACTIONS)


def _input(report: Report, block: Mapping[str, Any], at: str) -> None:
    may = ("block_id", "hint", "optional", "dispatch_action")
    report.keys(block, at, ("type", "label", "element"), may)
    report.text(block.get("label"), f"{at}/label", 2000, plain=True)
    report.text(block.get("hint"), f"{at}/hint", 2000, plain=True)
    if "element" in block:
        element(report, block["element"], f"{at}/element", INPUT)


def _image(report: Report, block: Mapping[str, Any], at: str) -> None:
    may = ("block_id", "title", "image_url", "slack_file")
    report.keys(block, at, ("type", "alt_text"), may)
    report.string(block.get("alt_text"), f"{at}/alt_text", 2000, 1)
    report.string(block.get("image_url"), f"{at}/image_url", 3000, 1)
    report.text(block.get("title"), f"{at}/title", 2000, plain=True)
    slack_file(report, block, at)


def _rich_text(report: Report, block: Mapping[str, Any], at: str) -> None:
    report.keys(block, at, ("type", "elements"), ("block_id",))
    known = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for number, each in enumerate(report.items(block.get("elements"), f"{at}/elements", 100)):
        kind = each.get("type") if isinstance(each, dict) else None
        if kind not in known:
            report.add(f"unsupported type: {kind}", f"{at}/elements/{number}/type")
        else:
            report.letters += _letters(each)


def _letters(value: object) -> int:
    if isinstance(value, dict):
        return sum(
            len(each) if name == "text" and isinstance(each, str) else _letters(each)
            for name, each in value.items()
        )
    return sum(map(_letters, value)) if isinstance(value, list) else 0


_CHECKS: Final[Mapping[str, Callable[[Report, Mapping[str, Any], str], None]]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
}
