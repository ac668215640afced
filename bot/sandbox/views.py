"""The methods under ``views.``: forms (modals) and App Home."""

import secrets
from collections.abc import Mapping
from typing import Final

from bot.sandbox.blocks import check_view
from bot.sandbox.call import Call, Method
from bot.sandbox.installation import Installation
from bot.sandbox.model import Payload, SlackError, View
from bot.sandbox.workspace import Workspace


def shape(view: View, team_id: str, installation: Installation) -> Payload:
    """Return a view as methods and interactions carry it."""
    wanted = view.definition
    return {
        "id": view.id,
        "team_id": team_id,
        "type": wanted["type"],
        "blocks": wanted["blocks"],
        "private_metadata": wanted.get("private_metadata", ""),
        "callback_id": view.callback_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": wanted.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "submit": wanted.get("submit"),
        "close": wanted.get("close"),
        "clear_on_close": bool(wanted.get("clear_on_close", False)),
        "notify_on_close": bool(wanted.get("notify_on_close", False)),
        "previous_view_id": None,
        "root_view_id": view.id,
        "app_id": installation.app_id,
        "external_id": wanted.get("external_id", ""),
        "app_installed_team_id": team_id,
        "bot_id": installation.bot_id,
    }


def show(workspace: Workspace, user: str, definition: Payload) -> View:
    """Open a form for a member, in place of any that is open."""
    view = View(workspace.new_id("V"), user, definition, _hash())
    workspace.views[user] = view
    workspace.changed()
    return view


def change(workspace: Workspace, view: View, definition: Payload) -> None:
    """Put another definition into a view; what was entered in blocks that stay is kept."""
    view.definition = definition
    stay = {block["block_id"] for block in definition["blocks"]}
    view.values = {name: value for name, value in view.values.items() if name in stay}
    view.hash = _hash()
    view.errors = {}
    workspace.changed()


def _hash() -> str:
    return secrets.token_hex(8)


def _answer(call: Call, view: View) -> Payload:
    return {"view": shape(view, call.workspace.team_id, call.installation)}


def _open(call: Call) -> Payload:
    definition = check_view(call.structure("view"))
    if definition["type"] != "modal":
        raise SlackError("invalid_arguments")
    user = call.triggers.exchange(call.required("trigger_id"))
    return _answer(call, show(call.workspace, user, definition))


def _update(call: Call) -> Payload:
    definition = check_view(call.structure("view"))
    wanted = call.text("view_id")
    view = next((each for each in call.workspace.views.values() if each.id == wanted), None)
    if view is None:
        raise SlackError("not_found")
    if call.text("hash", view.hash) != view.hash:
        raise SlackError("hash_conflict")
    change(call.workspace, view, definition)
    return _answer(call, view)


def _publish(call: Call) -> Payload:
    definition = check_view(call.structure("view"))
    if definition["type"] != "home":
        raise SlackError("invalid_arguments")
    if not call.installation.has_home:
        raise SlackError("not_enabled")
    user = call.workspace.member(call.required("user_id")).id
    home = call.workspace.homes.get(user)
    if home is None:
        name = call.workspace.new_id("V")
        home = call.workspace.homes[user] = View(name, user, definition, _hash())
    elif call.text("hash", home.hash) != home.hash:
        raise SlackError("hash_conflict")
    change(call.workspace, home, definition)
    return _answer(call, home)


VIEWS: Final[Mapping[str, Method]] = {
    "views.open": Method(_open),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
