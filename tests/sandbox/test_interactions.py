"""Commands, clicks and forms, and what lets the app answer them."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import Channel, Member, SlackError
from bot.sandbox.triggers import RESPONSE_SECONDS, TRIGGER_SECONDS, Triggers
from tests.sandbox.plain import SILENT, Client, Clock, Ear, Listen, make_manifest
from tests.slack import Slack

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


BUTTONS = [
    {
        "type": "actions",
        "block_id": "choices",
        "elements": [
            {"type": "button", "action_id": "more", "text": plain("More"), "value": "2"},
            {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": plain("One"), "value": "1"}],
            },
        ],
    }
]
FORM = {
    "type": "modal",
    "callback_id": "share",
    "title": plain("Share"),
    "submit": plain("Keep"),
    "private_metadata": "kept",
    "blocks": [
        {
            "type": "input",
            "block_id": "idea",
            "label": plain("Your idea"),
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 10},
        },
        {
            "type": "input",
            "block_id": "extra",
            "optional": True,
            "label": plain("How"),
            "element": {
                "type": "checkboxes",
                "action_id": "how",
                "options": [
                    {"text": plain("Alone"), "value": "alone"},
                    {"text": plain("Together"), "value": "together"},
                ],
            },
        },
    ],
}


async def asked(ear: Ear, kind: str) -> dict[str, Any]:
    """The payload of the next command or click."""
    while (said := await ear.next())["type"] != kind:
        pass
    payload: dict[str, Any] = said["payload"]
    return payload


async def opened(sandbox: Slack, call: Client, listen: Listen, rosa: Member, room: Channel) -> Ear:
    """Rosa has the form open."""
    ear = await listen()
    await sandbox.command(rosa, room, "/try")
    trigger = (await asked(ear, "slash_commands"))["trigger_id"]
    assert (await call("views.open", trigger_id=trigger, view=FORM))["ok"]
    return ear


async def test_a_command_names_people_and_channels(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, ben: Member
) -> None:
    """With should_escape, mentions come as id and name, and signs escaped."""
    ear = await listen()
    await sandbox.command(rosa, room, "/try list @ben #leadership a<b & #other https://x.y/z.")
    expected = f"list <@{ben.id}|ben> <#{room.id}|leadership> a&lt;b &amp; #other <https://x.y/z>."
    assert expected == (await asked(ear, "slash_commands"))["text"]


async def test_without_should_escape_text_stays(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    """Without should_escape, only the three signs are escaped."""
    sandbox = Slack(make_manifest(escape=False), clock)
    async with sandbox.serving():
        rosa = sandbox.add_user("rosa")
        room = sandbox.add_channel("leadership", [rosa])
        url = await Client(session, sandbox)("apps.connections.open", sandbox.app_token)
        ear = Ear(await session.ws_connect(url["url"]))
        await ear.socket.receive_json()
        words = sandbox.command(rosa, room, "/try @rosa & co")
        payload = await answered(ear, words)
        assert "@rosa &amp; co" == payload["text"]
        await ear.socket.close()


async def answered(ear: Ear, words: Any) -> dict[str, Any]:
    asking = asyncio.create_task(words)
    said = await ear.socket.receive_json()
    await ear.socket.send_json({"envelope_id": said["envelope_id"]})
    await asking
    payload: dict[str, Any] = said["payload"]
    return payload


async def test_where_a_command_was_typed(sandbox: Slack, listen: Listen, rosa: Member) -> None:
    """Private channels and direct messages do not tell their names."""
    ear = await listen()
    private = sandbox.add_channel("secret", [rosa], private=True)
    await sandbox.command(rosa, private, "/try")
    assert "privategroup" == (await asked(ear, "slash_commands"))["channel_name"]
    await sandbox.command(rosa, sandbox.open_im(rosa), "/try")
    assert "directmessage" == (await asked(ear, "slash_commands"))["channel_name"]


async def test_commands_that_cannot_be(sandbox: Slack, room: Channel, rosa: Member) -> None:
    """A command that is not in the manifest is unknown; one needs to be in the channel."""
    with pytest.raises(SlackError, match="unknown_command"):
        await sandbox.command(rosa, room, "/idea list")
    outsider = sandbox.add_user("mei")
    with pytest.raises(SlackError, match="not_in_channel"):
        await sandbox.command(outsider, room, "/try")
    assert "dispatch_failed" == (await sandbox.command(rosa, room, "/try")).error


async def test_an_answer_in_the_acknowledgement_is_private(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, ben: Member
) -> None:
    """What comes with the ack of a command is seen by the asker alone."""
    await listen(lambda _: {"text": "hello"})
    answer = await sandbox.command(rosa, room, "/try")
    assert "hello" == answer.text
    assert ["hello"] == [note.text for note in sandbox.notes(rosa)]
    assert [] == sandbox.notes(ben)


async def test_a_response_address_takes_five_answers(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, session: aiohttp.ClientSession
) -> None:
    """The sixth is used_url; private by default, for everybody on request."""
    ear = await listen()
    answer = await sandbox.command(rosa, room, "/try")
    url = (await asked(ear, "slash_commands"))["response_url"]
    said = [{"text": str(number)} for number in range(3)]
    said += [{"text": "all", "response_type": "in_channel"}, {"text": "4"}]
    for each in said:
        async with session.post(url, json=each) as got:
            assert (200, "ok") == (got.status, await got.text())
    async with session.post(url, json={"text": "6"}) as got:
        assert (404, "used_url") == (got.status, (await got.json())["error"])
    assert ["0", "1", "2", "4"] == [note.text for note in answer.notes]
    assert ["all"] == [each.text for each in sandbox.said_by_bot(room)]


async def test_a_response_replaces_or_deletes_what_it_belongs_to(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, session: aiohttp.ClientSession
) -> None:
    """replace_original changes the private answer that was clicked; delete_original removes it."""
    ear = await listen(
        lambda said: {"text": "one", "blocks": BUTTONS} if said["type"] != "interactive" else None
    )
    answer = await sandbox.command(rosa, room, "/try")
    await sandbox.click(rosa, answer.notes[0], "more")
    url = (await asked(ear, "interactive"))["response_url"]
    for bad in ("nonsense", "[]", '{"text": ""}'):
        async with session.post(url, data=bad) as got:
            assert 400 == got.status
    async with session.post(url, json={"text": "two", "replace_original": True}) as got:
        assert 200 == got.status
    assert ["two"] == [note.text for note in sandbox.notes(rosa)]
    async with session.post(url, json={"delete_original": True}) as got:
        assert 200 == got.status
    assert [] == sandbox.notes(rosa)


async def test_a_response_changes_the_message_that_was_clicked(
    sandbox: Slack,
    listen: Listen,
    call: Client,
    room: Channel,
    rosa: Member,
    session: aiohttp.ClientSession,
) -> None:
    """On a message of the bot, replace_original updates it and delete_original deletes it."""
    ear = await listen()
    await call("chat.postMessage", channel=room.id, text="one", blocks=BUTTONS)
    message = sandbox.said_by_bot(room)[0]
    await sandbox.click(rosa, message, "more")
    url = (await asked(ear, "interactive"))["response_url"]
    await (await session.post(url, json={"text": "two", "replace_original": True})).text()
    assert ("two", []) == (message.text, message.blocks)
    await (await session.post(url, json={"delete_original": True})).text()
    assert [] == sandbox.messages(room)


async def test_a_click_says_what_was_pressed_and_where(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """block_actions carries the action, the message, and a trigger."""
    ear = await listen()
    await call("chat.postMessage", channel=room.id, text="one", blocks=BUTTONS)
    message = sandbox.said_by_bot(room)[0]
    await sandbox.click(rosa, message, "more")
    payload = await asked(ear, "interactive")
    action = payload["actions"][0]
    assert ("block_actions", rosa.id, "more", "choices", "2") == (
        payload["type"],
        payload["user"]["id"],
        action["action_id"],
        action["block_id"],
        action["value"],
    )
    assert (message.ts, room.id, False) == (
        payload["container"]["message_ts"],
        payload["container"]["channel_id"],
        payload["container"]["is_ephemeral"],
    )
    assert "one" == payload["message"]["text"]
    await sandbox.click(rosa, message, "pick", "1")
    payload = await asked(ear, "interactive")
    assert "1" == payload["actions"][0]["selected_option"]["value"]
    assert "1" == payload["state"]["values"]["choices"]["pick"]["selected_option"]["value"]


async def test_what_is_not_there_cannot_be_pressed(
    sandbox: Slack, call: Client, room: Channel, rosa: Member
) -> None:
    """A click on a missing button, or of a missing choice, fails before the app hears."""
    await call("chat.postMessage", channel=room.id, text="one", blocks=BUTTONS)
    message = sandbox.said_by_bot(room)[0]
    with pytest.raises(SlackError, match="no_such_action"):
        await sandbox.click(rosa, message, "less")
    with pytest.raises(SlackError, match="no_such_option"):
        await sandbox.click(rosa, message, "pick", "9")


async def test_a_trigger_opens_one_view(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """A trigger is used once; one that never was is invalid."""
    ear = await opened(sandbox, call, listen, rosa, room)
    view = sandbox.view(rosa)
    assert view is not None
    assert "share" == view.callback_id
    await sandbox.command(rosa, room, "/try")
    trigger = (await asked(ear, "slash_commands"))["trigger_id"]
    bad = {**FORM, "title": plain("x" * 25)}
    refused = await call("views.open", trigger_id=trigger, view=bad)
    assert "invalid_arguments" == refused["error"]
    assert (await call("views.open", trigger_id=trigger, view=FORM))["ok"]
    again = await call("views.open", trigger_id=trigger, view=FORM)
    assert "exchanged_trigger_id" == again["error"]
    never = await call("views.open", trigger_id="1.nonsense", view=FORM)
    assert "invalid_trigger_id" == never["error"]


def test_triggers_and_response_addresses_run_out() -> None:
    """A trigger lives three seconds, a response address half an hour."""
    time = [100.0]
    triggers = Triggers(real_time=lambda: time[0])
    quick, slow = triggers.trigger("U1"), triggers.trigger("U1")
    word, _ = triggers.response("U1", "C1")
    time[0] += TRIGGER_SECONDS
    assert "U1" == triggers.exchange(quick)
    time[0] += 0.01
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.exchange(slow)
    time[0] = 100.0 + RESPONSE_SECONDS
    assert 1 == triggers.use(word).uses
    time[0] += 0.01
    with pytest.raises(SlackError, match="expired_url"):
        triggers.use(word)
    with pytest.raises(SlackError, match="invalid_url"):
        triggers.use("never given")


async def test_a_form_arrives_with_everything_in_it(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """view_submission carries every field's state, and closes the form when acknowledged."""
    ear = await opened(sandbox, call, listen, rosa, room)
    answer = await sandbox.submit(rosa, {"idea": "short", "extra": ["together"]})
    assert answer.ok
    assert sandbox.view(rosa) is None
    view = (await asked(ear, "interactive"))["view"]
    values = view["state"]["values"]
    assert {"type": "plain_text_input", "value": "short"} == values["idea"]["text"]
    assert ["together"] == [each["value"] for each in values["extra"]["how"]["selected_options"]]
    assert ("share", "kept") == (view["callback_id"], view["private_metadata"])


@pytest.mark.parametrize("value", [None, "", "x" * 11])
async def test_a_form_that_is_not_filled_in_does_not_leave(
    sandbox: Slack,
    listen: Listen,
    call: Client,
    room: Channel,
    rosa: Member,
    value: str | None,
) -> None:
    """An empty required field or too long a text is refused before the app hears."""
    ear = await opened(sandbox, call, listen, rosa, room)
    answer = await sandbox.submit(rosa, {"idea": value})
    assert ["idea"] == list(answer.errors)
    assert ear.heard.empty()
    assert sandbox.view(rosa) is not None
    with pytest.raises(SlackError, match="no_such_block"):
        await sandbox.submit(rosa, {"ideas": "x"})


async def test_the_app_may_refuse_a_form_field_by_field(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """response_action errors shows its words at the fields and keeps the form open."""
    said: dict[str, Any] = {"response_action": "errors", "errors": {"idea": "Say more."}}
    ear = await opened(sandbox, call, listen, rosa, room)
    ear.answer = lambda _: said
    answer = await sandbox.submit(rosa, {"idea": "short"})
    assert (False, {"idea": "Say more."}) == (answer.ok, answer.errors)
    view = sandbox.view(rosa)
    assert view is not None
    assert {"idea": "Say more."} == view.errors
    said["errors"] = {"nowhere": "Say more."}
    assert "invalid_errors" == (await sandbox.submit(rosa, {"idea": "short"})).error


async def test_a_form_whose_app_is_silent_stays_open(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """Without an answer nothing that was typed is lost."""
    ear = await opened(sandbox, call, listen, rosa, room)
    ear.answer = lambda _: SILENT
    sandbox.timing = type(sandbox.timing)(ack=0.02)
    answer = await sandbox.submit(rosa, {"idea": "short"})
    assert "operation_timeout" == answer.error
    view = sandbox.view(rosa)
    assert view is not None
    assert "short" == view.values["idea"]["text"]["value"]


async def test_views_are_updated_by_id_and_hash(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """views.update takes the current hash or none; an old one is hash_conflict."""
    await opened(sandbox, call, listen, rosa, room)
    view = sandbox.view(rosa)
    assert view is not None
    old = view.hash
    args: dict[str, Any] = {"view_id": view.id, "view": {**FORM, "callback_id": "new"}}
    assert (await call("views.update", **args, hash=old))["ok"]
    assert "new" == view.callback_id
    assert "hash_conflict" == (await call("views.update", **args, hash=old))["error"]
    args["view_id"] = "V0NOWHERE"
    assert "not_found" == (await call("views.update", **args))["error"]


async def test_a_home_is_published_for_one_member(
    sandbox: Slack, call: Client, rosa: Member, ben: Member
) -> None:
    """views.publish sets a member's App Home."""
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert (await call("views.publish", user_id=rosa.id, view=home))["ok"]
    view = sandbox.home(rosa)
    assert view is not None
    assert "divider" == view.definition["blocks"][0]["type"]
    assert sandbox.home(ben) is None
    wrong = await call("views.publish", user_id=rosa.id, view=FORM)
    assert "invalid_arguments" == wrong["error"]


async def test_a_home_is_published_strictly(sandbox: Slack, call: Client, rosa: Member) -> None:
    """An old hash, more than Slack takes, or an app without a Home: nothing is shown anew."""
    home: dict[str, Any] = {"type": "home", "blocks": [{"type": "divider"}]}
    assert (await call("views.publish", user_id=rosa.id, view=home))["ok"]
    view = sandbox.home(rosa)
    assert view is not None
    old = view.hash
    assert (await call("views.publish", user_id=rosa.id, view=home, hash=old))["ok"]
    refused = await call("views.publish", user_id=rosa.id, view=home, hash=old)
    assert "hash_conflict" == refused["error"]
    for wrong in (
        {**home, "blocks": [{"type": "divider"}] * 101},
        {**home, "title": {"type": "plain_text", "text": "x"}},
        {**home, "private_metadata": "x" * 3_001},
    ):
        answer = await call("views.publish", user_id=rosa.id, view=wrong)
        assert "invalid_arguments" == answer["error"]
    assert "user_not_found" == (await call("views.publish", user_id="U0", view=home))["error"]
    sandbox.installation.has_home = False
    assert "not_enabled" == (await call("views.publish", user_id=rosa.id, view=home))["error"]


async def test_a_press_in_a_home_carries_all_that_stands_in_it(
    sandbox: Slack, listen: Listen, call: Client, rosa: Member
) -> None:
    """The view with its state and hash; no channel, no message, no address to answer to."""
    ear = await listen()
    wanted: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": "find.words",
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    line = {
        "type": "input",
        "block_id": "words",
        "dispatch_action": True,
        "label": {"type": "plain_text", "text": "What?"},
        "element": wanted,
    }
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [line, {"type": "actions", "block_id": "row", "elements": [button]}]
    home = {"type": "home", "private_metadata": "start", "blocks": blocks}
    assert (await call("views.publish", user_id=rosa.id, view=home))["ok"]
    view = sandbox.home(rosa)
    assert view is not None
    assert (await sandbox.click(rosa, view, "go", entered={"words": "tea"})).ok
    press = await asked(ear, "interactive")
    assert {"type": "view", "view_id": view.id} == press["container"]
    assert {"channel", "message", "response_url"}.isdisjoint(press)
    told = press["view"]
    assert ("home", "start", view.hash) == (told["type"], told["private_metadata"], told["hash"])
    typed = {"find.words": {"type": "plain_text_input", "value": "tea"}}
    assert typed == told["state"]["values"]["words"]
    wanted["dispatch_action_config"] = {"trigger_actions_on": ["on_blur"]}
    refused = await call("views.publish", user_id=rosa.id, view=home)
    assert "invalid_arguments" == refused["error"]


async def test_a_form_is_closed_once(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """A form that is closed is there no more."""
    await opened(sandbox, call, listen, rosa, room)
    sandbox.close(rosa)
    assert sandbox.view(rosa) is None
    with pytest.raises(SlackError, match="no_such_view"):
        sandbox.close(rosa)


async def test_a_message_shortcut_carries_the_message(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """A shortcut of the manifest on a message sends that message."""
    ear = await listen()
    message = sandbox.post(rosa, room, "an idea")
    await sandbox.shortcut(rosa, "keep", message)
    payload = await asked(ear, "interactive")
    assert ("message_action", "keep", message.ts) == (
        payload["type"],
        payload["callback_id"],
        payload["message"]["ts"],
    )
    with pytest.raises(SlackError, match="unknown_shortcut"):
        await sandbox.shortcut(rosa, "keep")


async def test_guests_from_other_workspaces_run_no_commands(
    sandbox: Slack, room: Channel, listen: Listen
) -> None:
    """In a shared channel, an outsider's posts are marked and their commands unknown."""
    ear = await listen()
    room.is_ext_shared = True
    other = sandbox.add_user("omar", team_id="T0OTHER", is_stranger=True)
    room.members.append(other.id)
    sandbox.post(other, room, "hello")
    payload = (await ear.envelope("message"))["payload"]
    assert payload["is_ext_shared_channel"]
    assert "T0OTHER" == payload["event"]["user_team"] == payload["event"]["team"]
    with pytest.raises(SlackError, match="unknown_command"):
        await sandbox.command(other, room, "/try")
