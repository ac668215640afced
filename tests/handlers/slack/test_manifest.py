"""The manifest asks for what is used, and for nothing else."""

import ast
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.core.model.actions import FORMS, Act
from handlers.slack import events as events_module
from handlers.slack.events import EVENTS
from handlers.slack.manifest import SCOPES, manifest
from tests.conftest import Bot, bot_at
from tests.signing import get, send, signed
from tests.slack import Slack

SOURCES = sorted(Path(events_module.__file__).parent.glob("*.py"))

SCOPES_OF = {
    "auth.test": (),
    "apps.connections.open": (),  # the app-level token's own scope
    "bots.info": ("users:read",),
    "canvases.edit": ("canvases:write",),
    "canvases.sections.lookup": ("canvases:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.canvases.create": ("canvases:write",),
    "conversations.history": ("channels:history", "groups:history"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history"),
    "files.upload_v2": ("files:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "users.conversations": ("channels:read", "groups:read"),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
"""What Slack's pages say each method needs, for public and private channels."""

SCOPES_OF_EVENT = {
    "app_home_opened": (),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "user_change": ("users:read",),
}
"""What Slack's pages say each event needs."""


def methods_called() -> set[str]:
    """Every Web API method that our sources call, by its name or as a method of the client."""
    found = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="ask" | "call" | "pages" | "items"),
                    args=[ast.Constant(value=str(method)), *_],
                ):
                    found.add(method)
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr in {"client", "web_client"}
                and "_" in node.attr
                and node.attr != "base_url"
            ):
                found.add(node.attr.replace("_", "."))
    return found


@pytest.fixture
async def http(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A bot that takes everything over HTTP."""
    async with bot_at(slack, database, clock, transport="http") as running:
        yield running


async def unheard(bot: Bot, slack: Slack, payload: dict[str, Any]) -> bool:
    """Whether no listener of ours takes it, whatever a listener then makes of it."""
    counted = 'commonplace_events_total{event="unhandled",outcome="ignored"}'
    before = (await get(f"{bot.url}/metrics"))[1].partition(counted)[2][:5]
    data = json.dumps({"team_id": slack.workspace.team_id, "event_time": 1, **payload}).encode()
    status, _ = await send(bot, data, signed(slack.signing_secret, data))
    assert 400 != status
    return (await get(f"{bot.url}/metrics"))[1].partition(counted)[2][:5] != before


def asked_for(made: dict[str, Any]) -> set[str]:
    """The scopes of a manifest."""
    return set(made["oauth_config"]["scopes"]["bot"])


def test_every_method_we_call_is_known() -> None:
    """Whoever adds a call adds it to the table of scopes, and whoever removes one likewise."""
    assert set(SCOPES_OF) == methods_called()


def test_the_scopes_are_those_of_what_is_used() -> None:
    """The manifest has the scopes of the methods, the events and the commands, and no other."""
    made = manifest()
    used = {scope for scopes in SCOPES_OF.values() for scope in scopes}
    used |= {
        scope
        for event in made["settings"]["event_subscriptions"]["bot_events"]
        for scope in SCOPES_OF_EVENT[event]
    }
    used |= {"commands", "files:read"}  # the latter lets Slack draw a photo in our blocks
    assert used == asked_for(made)
    assert used == set(SCOPES)


def test_each_scope_has_its_reason() -> None:
    """Whoever installs the bot can read what each scope is for."""
    assert [] == [scope for scope, why in SCOPES.items() if len(why) < 10]


async def test_the_events_are_those_we_listen_to(http: Bot, slack: Slack) -> None:
    """Every event subscribed to is taken by a listener, and a strange one is not."""
    subscribed = {
        event.partition(".")[0]
        for event in manifest()["settings"]["event_subscriptions"]["bot_events"]
    }
    assert set(EVENTS) == subscribed
    more: dict[str, dict[str, object]] = {
        "channel_id_changed": {"old_channel_id": "C0SB0000008", "new_channel_id": "C0SB0000009"},
        "user_change": {"user": {"id": "U0SB0000009"}},
    }
    for name in sorted(subscribed):
        event = {"type": name, "channel": "C0SB0000009", "user": "U0SB0000009"} | more.get(name, {})
        assert not await unheard(http, slack, {"type": "event_callback", "event": event}), name
    assert await unheard(http, slack, {"type": "event_callback", "event": {"type": "team_join"}})


async def test_every_button_and_form_is_answered(http: Bot, slack: Slack) -> None:
    """No button that a message may carry, and no form, is left without a listener."""
    user = {"id": "U0SB0000009", "team_id": slack.workspace.team_id}
    press: dict[str, object] = {"type": "block_actions", "user": user, "trigger_id": "1.2"}
    for act in Act:
        assert not await unheard(http, slack, press | {"actions": [{"action_id": f"{act}.1"}]}), act
    for form in FORMS:
        view = {"callback_id": str(form), "type": "modal", "state": {"values": {}}}
        assert not await unheard(
            http, slack, {"type": "view_submission", "user": user, "view": view}
        ), form
    assert not await unheard(http, slack, press | {"actions": [{"action_id": "strange"}]})


async def test_the_commands_are_those_we_answer(http: Bot, slack: Slack) -> None:
    """Every command of the manifest is answered, and escaped so that names come with ids."""
    offered = manifest()["features"]["slash_commands"]
    assert {"/idea", "/ideas"} == {one["command"] for one in offered}
    assert all(one["should_escape"] for one in offered)
    rosa = slack.add_user("rosa")
    room = slack.add_channel("leadership", [rosa], bot=True)
    for one in offered:
        assert (await slack.command(rosa, room, f"{one['command']} help")).text
    assert http.parts.sockets is None


def test_socket_mode_needs_no_address() -> None:
    """Without an address Socket Mode is on, and no request address stands anywhere."""
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(made)


@pytest.mark.parametrize("base", ["https://ideas.example.org", "https://ideas.example.org/"])
def test_http_names_its_address_everywhere(base: str) -> None:
    """With an address events, buttons and both commands come to it, and Socket Mode is off."""
    made = manifest(base)
    url = "https://ideas.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert [url] * 4 == [
        made["settings"]["event_subscriptions"]["request_url"],
        made["settings"]["interactivity"]["request_url"],
        *(one["url"] for one in made["features"]["slash_commands"]),
    ]
