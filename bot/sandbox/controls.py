"""What a click on an element, and a filled-in form, carry to the app."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.model import Payload, SlackError

_SINGLE = {"static_select", "radio_buttons", "overflow"}
_SEVERAL = {"checkboxes", "multi_static_select"}
_FIELD = {"datepicker": "selected_date", "timepicker": "selected_time"}


def elements(blocks: Sequence[Payload]) -> Iterator[tuple[Payload, Payload]]:
    """Yield every element that carries an action id, after its block."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for each in inside:
            if isinstance(each, dict) and "action_id" in each:
                yield block, each


def find_element(
    blocks: Sequence[Payload], action_id: str, block_id: str | None
) -> tuple[Payload, Payload]:
    """Return the element with this action id, after its block.

    Raises:
        SlackError: ``no_such_action``.
    """
    for block, each in elements(blocks):
        if each["action_id"] == action_id and block_id in {None, block["block_id"]}:
            return block, each
    raise SlackError("no_such_action")


def action_of(block: Payload, element: Payload, chosen: Any, action_ts: str) -> Payload:
    """Return what ``actions`` of a click carries.

    Args:
        block: The block it is in.
        element: The element.
        chosen: The option's value (or the option), a list of them, or what was typed or picked.
        action_ts: When.
    """
    about: Payload = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        about["text"] = element["text"]
        if "value" in element:
            about["value"] = element["value"]
        return about
    state = value_of(element, chosen)
    del state["type"]
    return {**about, **state}


def value_of(element: Payload, chosen: Any) -> Payload:
    """Return the state of one element, as ``state.values`` carries it."""
    kind = element["type"]
    if isinstance(chosen, dict) and "type" in chosen and chosen["type"] == kind:
        chosen = _inner(chosen)
    if kind in _SINGLE:
        return {"type": kind, "selected_option": _option(element, chosen)}
    if kind in _SEVERAL:
        return {"type": kind, "selected_options": [_option(element, each) for each in chosen or []]}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": [str(each) for each in chosen or []]}
    if kind in _FIELD:
        return {"type": kind, _FIELD[kind]: chosen}
    return {"type": kind, "value": chosen or None}


def form_state(
    blocks: Sequence[Payload], values: Mapping[str, Any]
) -> dict[str, dict[str, Payload]]:
    """Return the state of all elements of a form.

    Args:
        blocks: The form's.
        values: By block id: what was filled in, or that by action id. What is not named keeps
            its initial value.
    """
    state: dict[str, dict[str, Payload]] = {}
    unknown = set(values) - {block["block_id"] for block in blocks}
    if unknown:
        raise SlackError("no_such_block", block_id=min(unknown))
    for block, element in elements(blocks):
        if element["type"] in {"button", "overflow"}:
            continue
        name, action = block["block_id"], element["action_id"]
        chosen = values.get(name, _initial(element))
        if isinstance(chosen, dict) and action in chosen:
            chosen = chosen[action]
        state.setdefault(name, {})[action] = value_of(element, chosen)
    return state


def missing_inputs(
    blocks: Sequence[Payload], state: Mapping[str, Mapping[str, Payload]]
) -> dict[str, str]:
    """Return what is wrong with a form that is not ready to be sent, by block id."""
    wrong: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = next(
            v for k, v in state[block["block_id"]][element["action_id"]].items() if k != "type"
        )
        if not value and not block.get("optional"):
            wrong[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and element["type"] == "plain_text_input":
            least, most = element.get("min_length", 0), element.get("max_length", 3000)
            if value and not least <= len(value) <= most:
                wrong[block["block_id"]] = f"Please enter between {least} and {most} characters."
    return wrong


def _initial(element: Payload) -> Any:
    return next((value for name, value in element.items() if name.startswith("initial_")), None)


def _inner(chosen: Payload) -> Any:
    return next((value for name, value in chosen.items() if name != "type"), None)


def _option(element: Payload, chosen: Any) -> Payload | None:
    if chosen is None:
        return None
    wanted = chosen.get("value") if isinstance(chosen, dict) else chosen
    groups = element.get("option_groups", [])
    for option in [*element.get("options", []), *(o for g in groups for o in g["options"])]:
        if option["value"] == wanted:
            found: Payload = option
            return found
    raise SlackError("no_such_option")
