"""The methods under ``views.``: modals and App Home."""

import secrets
from collections.abc import Mapping
from typing import Final

from bot.sandbox.blocks import check_view
from bot.sandbox.call import Call, Method
from bot.sandbox.installation import Installation
from bot.sandbox.model import Payload, SlackError, View
from bot.sandbox.workspace import Workspace

_STACK = 3


def shape(view: View, team_id: str, installation: Installation) -> Payload:
    """A view as methods and interactions carry it."""
    wanted = view.definition
    common: Payload = {
        "id": view.id,
        "team_id": team_id,
        "type": wanted["type"],
        "blocks": wanted["blocks"],
        "private_metadata": wanted.get("private_metadata", ""),
        "callback_id": view.callback_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": wanted.get("title"),
        "submit": wanted.get("submit"),
        "close": wanted.get("close"),
        "clear_on_close": bool(wanted.get("clear_on_close", False)),
        "notify_on_close": bool(wanted.get("notify_on_close", False)),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": installation.app_id,
        "external_id": wanted.get("external_id", ""),
        "app_installed_team_id": team_id,
        "bot_id": installation.bot_id,
    }
    return common


def show(workspace: Workspace, user: str, definition: Payload, *, on_top: bool) -> View:
    """Opens a view for a member, alone or on top of those that are open.

    Raises:
        SlackError: ``push_limit_reached``.
    """
    stack = workspace.views.setdefault(user, [])
    if not on_top:
        stack.clear()
    if len(stack) >= _STACK:
        raise SlackError("push_limit_reached")
    name = workspace.new_id("V")
    below = stack[-1] if stack else None
    root = below.root_id if below else name
    view = View(name, user, definition, _hash(), root, below.id if below else None)
    stack.append(view)
    workspace.changed()
    return view


def change(workspace: Workspace, view: View, definition: Payload) -> None:
    """Puts another definition into an open view."""
    view.definition = definition
    view.hash = _hash()
    view.errors = {}
    workspace.changed()


def _hash() -> str:
    return secrets.token_hex(8)


def _answer(call: Call, view: View) -> Payload:
    return {"view": shape(view, call.workspace.team_id, call.installation)}


def _modal(call: Call) -> Payload:
    definition = check_view(call.structure("view"))
    if definition["type"] != "modal":
        raise SlackError("invalid_arguments")
    return definition


def _open(call: Call) -> Payload:
    definition = _modal(call)
    user = call.triggers.exchange(call.required("trigger_id"))
    return _answer(call, show(call.workspace, user, definition, on_top=False))


def _push(call: Call) -> Payload:
    definition = _modal(call)
    user = call.triggers.exchange(call.required("trigger_id"))
    if not call.workspace.views.get(user):
        raise SlackError("not_found")
    return _answer(call, show(call.workspace, user, definition, on_top=True))


def _update(call: Call) -> Payload:
    definition = check_view(call.structure("view"))
    wanted, external = call.text("view_id"), call.text("external_id")
    for stack in call.workspace.views.values():
        for view in stack:
            if view.id == wanted or (external and view.definition.get("external_id") == external):
                if call.text("hash", view.hash) != view.hash:
                    raise SlackError("hash_conflict")
                change(call.workspace, view, definition)
                return _answer(call, view)
    raise SlackError("not_found")


def _publish(call: Call) -> Payload:
    definition = check_view(call.structure("view"))
    if definition["type"] != "home":
        raise SlackError("invalid_arguments")
    user = call.workspace.member(call.required("user_id")).id
    home = call.workspace.homes.get(user)
    if home is None:
        name = call.workspace.new_id("V")
        home = call.workspace.homes[user] = View(name, user, definition, _hash(), name)
    elif call.text("hash", home.hash) != home.hash:
        raise SlackError("hash_conflict")
    change(call.workspace, home, definition)
    return _answer(call, home)


VIEWS: Final[Mapping[str, Method]] = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
