"""What the app hears of, and in which shape."""

from datetime import timedelta

import pytest

from bot.sandbox.model import Channel, Member, SlackError
from tests.sandbox.plain import Client, Clock, Listen, make_manifest
from tests.slack import Slack


async def test_a_post_comes_whole(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, clock: Clock
) -> None:
    """A person's message carries all that Slack sends with one, in its outer envelope."""
    ear = await listen()
    message = sandbox.post(rosa, room, "an idea for <@U1> &amp; all :bulb:")
    outer = (await ear.envelope("message"))["payload"]
    event = outer.pop("event")
    assert f"{int(clock().timestamp())}" == event["ts"].partition(".")[0]
    assert {
        "type": "message",
        "user": rosa.id,
        "text": "an idea for <@U1> &amp; all :bulb:",
        "ts": message.ts,
        "event_ts": message.ts,
        "team": sandbox.workspace.team_id,
        "channel": room.id,
        "channel_type": "channel",
        "client_msg_id": message.client_msg_id,
    } == {name: value for name, value in event.items() if name != "blocks"}
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert ["text", "user", "text", "emoji"] == [each["type"] for each in elements]
    assert ("event_callback", sandbox.workspace.team_id) == (outer["type"], outer["team_id"])
    assert sandbox.installation.app_id == outer["api_app_id"]
    assert int(clock().timestamp()) == outer["event_time"]
    authorization = outer["authorizations"][0]
    assert (sandbox.bot.id, True) == (authorization["user_id"], authorization["is_bot"])


async def test_moments_rise_even_when_the_clock_stands(
    sandbox: Slack, room: Channel, rosa: Member, clock: Clock
) -> None:
    """No two messages share a ts, and later ones are greater, whatever the clock does."""
    first, second = sandbox.post(rosa, room, "a"), sandbox.post(rosa, room, "b")
    clock.move(-timedelta(days=1))
    third = sandbox.post(rosa, room, "c")
    assert first.ts < second.ts < third.ts


async def test_an_edit_says_that_a_person_made_it(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """message_changed by a person carries edited, the new message and the old."""
    message = sandbox.post(rosa, room, "first")
    ear = await listen()
    sandbox.edit(message, "second")
    event = await ear.event("message_changed")
    assert ("second", "first") == (event["message"]["text"], event["previous_message"]["text"])
    assert rosa.id == event["message"]["edited"]["user"]
    assert message.ts == event["message"]["ts"] != event["ts"]
    assert event["hidden"]


async def test_a_preview_is_nobodys_edit(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """An unfurl is a message_changed without edited."""
    message = sandbox.post(rosa, room, "see <https://x.y/z>")
    ear = await listen()
    sandbox.unfurl(message, "https://x.y/z")
    event = await ear.event("message_changed")
    assert "edited" not in event["message"]
    assert "https://x.y/z" == event["message"]["attachments"][0]["from_url"]


async def test_a_deletion_names_what_is_gone(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """message_deleted carries deleted_ts and the message as it was."""
    message = sandbox.post(rosa, room, "oops")
    ear = await listen()
    sandbox.delete(message)
    event = await ear.event("message_deleted")
    assert message.ts == event["deleted_ts"] != event["ts"]
    assert "oops" == event["previous_message"]["text"]


async def test_a_parent_leaves_a_tombstone_until_its_last_reply_goes(
    sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member, ben: Member
) -> None:
    """Deleting a parent with replies is a change to a tombstone; it vanishes with the replies."""
    parent = sandbox.post(rosa, room, "an idea")
    reply = sandbox.reply(ben, parent, "more")
    ear = await listen()
    sandbox.delete(parent)
    event = await ear.event("message_changed")
    assert ("tombstone", "USLACKBOT", "This message was deleted.") == (
        event["message"]["subtype"],
        event["message"]["user"],
        event["message"]["text"],
    )
    shown = (await call("conversations.history", channel=room.id))["messages"]
    assert ["tombstone"] == [each["subtype"] for each in shown]
    with pytest.raises(SlackError, match="message_not_found"):
        sandbox.react(ben, sandbox.messages(room)[0], "bulb")
    sandbox.delete(reply)
    assert reply.ts == (await ear.event("message_deleted"))["deleted_ts"]
    gone = await ear.event("message_deleted")
    assert (parent.ts, "tombstone") == (gone["deleted_ts"], gone["previous_message"]["subtype"])
    assert [] == sandbox.messages(room)


async def test_reactions_name_message_and_author(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, ben: Member
) -> None:
    """Adding and taking back say who, what, where, and whose message it is."""
    message = sandbox.post(rosa, room, "an idea")
    ear = await listen()
    sandbox.react(ben, message, "bulb")
    sandbox.unreact(ben, message, "bulb")
    for kind in ("reaction_added", "reaction_removed"):
        event = await ear.event(kind)
        assert {"type": "message", "channel": room.id, "ts": message.ts} == event["item"]
        assert ("bulb", ben.id, rosa.id) == (event["reaction"], event["user"], event["item_user"])


async def test_replies_broadcasts_and_files_are_told_apart(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member, ben: Member
) -> None:
    """A reply has thread_ts, a broadcast its subtype and root, a file its subtype and address."""
    ear = await listen()
    parent = sandbox.post(rosa, room, "an idea")
    assert parent.ts == (await ear.event("message"))["ts"]
    sandbox.reply(ben, parent, "quiet")
    event = await ear.event("message")
    assert (parent.ts, rosa.id, None) == (
        event["thread_ts"],
        event["parent_user_id"],
        event.get("subtype"),
    )
    sandbox.reply(ben, parent, "loud", broadcast=True)
    assert parent.ts == (await ear.event("thread_broadcast"))["root"]["ts"]
    sandbox.upload(ben, room, "plan.pdf", b"%PDF", "see here")
    shared = await ear.event("file_share")
    assert ("plan.pdf", "application/pdf", 4) == tuple(
        shared["files"][0][name] for name in ("name", "mimetype", "size")
    )


async def test_the_bot_hears_itself(
    sandbox: Slack, listen: Listen, call: Client, room: Channel
) -> None:
    """What the bot posts and reacts is delivered to it too, under its bot_id."""
    ear = await listen()
    await call("chat.postMessage", channel=room.id, text="a digest")
    event = await ear.event("message")
    assert (sandbox.bot.id, sandbox.bot.bot_id, None) == (
        event["user"],
        event["bot_id"],
        event.get("subtype"),
    )
    assert sandbox.installation.app_id == event["app_id"] == event["bot_profile"]["app_id"]
    await call("reactions.add", channel=room.id, timestamp=event["ts"], name="bulb")
    assert sandbox.bot.id == (await ear.event("reaction_added"))["user"]


async def test_another_bot_has_its_subtype(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """Another app's message is a bot_message without a user."""
    other = sandbox.add_bot("helper")
    sandbox.invite(other, room, by=rosa)
    ear = await listen()
    sandbox.post(other, room, "beep")
    event = await ear.event("bot_message")
    assert "user" not in event
    assert other.bot_id == event["bot_id"]


async def test_joining_says_who_invited(
    sandbox: Slack, listen: Listen, rosa: Member, ben: Member
) -> None:
    """Inviting the bot is a member_joined_channel with its inviter, and a message."""
    channel = sandbox.add_channel("new", [rosa])
    ear = await listen()
    sandbox.invite_bot(channel, by=rosa)
    event = await ear.event("member_joined_channel")
    assert (sandbox.bot.id, rosa.id, channel.id, "C") == (
        event["user"],
        event["inviter"],
        event["channel"],
        event["channel_type"],
    )
    assert rosa.id == (await ear.event("channel_join"))["inviter"]
    sandbox.join(ben, channel)
    assert "inviter" not in await ear.event("member_joined_channel")
    sandbox.leave(ben, channel)
    assert ben.id == (await ear.event("member_left_channel"))["user"]
    sandbox.remove_bot(channel, by=rosa)
    left = await ear.event("channel_left")
    assert (channel.id, rosa.id) == (left["channel"], left["actor_id"])


async def test_kinds_of_channels_are_subscribed_one_by_one(
    sandbox: Slack, listen: Listen, rosa: Member
) -> None:
    """Private channels and direct messages say what they are."""
    ear = await listen()
    private = sandbox.add_channel("private", [rosa], private=True, bot=True)
    sandbox.post(rosa, private, "hush")
    assert "group" == (await ear.event("message"))["channel_type"]
    sandbox.post(rosa, sandbox.open_im(rosa), "hello")
    assert "im" == (await ear.event("message"))["channel_type"]


async def test_nothing_is_told_of_where_the_bot_is_not(
    sandbox: Slack, listen: Listen, rosa: Member
) -> None:
    """No message, reaction or joining of a channel without the bot is sent."""
    channel = sandbox.add_channel("elsewhere", [rosa], private=True)
    await listen()
    message = sandbox.post(rosa, channel, "secret")
    sandbox.react(rosa, message, "bulb")
    sandbox.rename_channel(channel, "other")
    assert set() == sandbox.delivery.pending


async def test_channels_tell_what_befalls_them(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """Renaming, archiving, a new id, going private and deletion each have their event."""
    ear = await listen()
    sandbox.rename_channel(room, "leading")
    assert "leading" == (await ear.event("channel_rename"))["channel"]["name"]
    sandbox.set_topic(rosa, room, "news")
    assert (await ear.event("channel_topic"))["text"].endswith("news")
    sandbox.archive(rosa, room)
    assert room.id == (await ear.event("channel_archive"))["channel"]
    sandbox.unarchive(rosa, room)
    assert rosa.id == (await ear.event("channel_unarchive"))["user"]
    old = room.id
    sandbox.change_channel_id(room)
    event = await ear.event("channel_id_changed")
    assert (old, room.id) == (event["old_channel_id"], event["new_channel_id"])
    sandbox.make_private(rosa, room)
    assert "group" == (await ear.event("channel_convert_to_private"))["channel_type"]
    public = sandbox.add_channel("public", [rosa])
    sandbox.delete_channel(public)
    assert public.id == (await ear.event("channel_deleted"))["channel"]


async def test_people_change(sandbox: Slack, listen: Listen, rosa: Member) -> None:
    """A new name, and leaving for good, are user_change."""
    ear = await listen()
    sandbox.rename_user(rosa, "Rosa A.")
    event = await ear.event("user_change")
    assert "Rosa A." == event["user"]["profile"]["display_name"]
    sandbox.deactivate(rosa)
    assert (await ear.event("user_change"))["user"]["deleted"]


async def test_only_what_is_subscribed_is_sent(clock: Clock) -> None:
    """An event that the manifest does not name stays unsent."""
    sandbox = Slack(make_manifest(events=["message.groups"]), clock)
    async with sandbox.serving():
        rosa = sandbox.add_user("rosa")
        room = sandbox.add_channel("public", [rosa], bot=True)
        sandbox.post(rosa, room, "public")
        assert set() == sandbox.delivery.pending
        private = sandbox.add_channel("private", [rosa], private=True, bot=True)
        sandbox.post(rosa, private, "private")
        assert 1 == len(sandbox.delivery.pending)


async def test_a_new_public_channel_is_announced(clock: Clock) -> None:
    """channel_created comes for public channels, wherever the bot is."""
    sandbox = Slack(make_manifest(events=["channel_created"]), clock)
    async with sandbox.serving():
        rosa = sandbox.add_user("rosa")
        sandbox.add_channel("private", [rosa], private=True)
        assert set() == sandbox.delivery.pending
        public = sandbox.add_channel("public", [rosa])
        (parcel,) = sandbox.delivery.pending
        assert public.id == parcel.payload["event"]["channel"]["id"]


async def test_app_home_is_told_when_looked_at(
    sandbox: Slack, listen: Listen, rosa: Member
) -> None:
    """Opening the app's home says who and which tab."""
    ear = await listen()
    sandbox.open_home(rosa)
    event = await ear.event("app_home_opened")
    assert (rosa.id, "home") == (event["user"], event["tab"])


async def test_people_may_not_do_what_slack_forbids(
    sandbox: Slack, room: Channel, rosa: Member, ben: Member
) -> None:
    """People are held to the rules too: membership, authorship, doubles."""
    outsider = sandbox.add_user("mei")
    message = sandbox.post(rosa, room, "mine")
    with pytest.raises(SlackError, match="not_in_channel"):
        sandbox.post(outsider, room, "let me in")
    private = sandbox.add_channel("private", [rosa], private=True)
    with pytest.raises(SlackError, match="channel_not_found"):
        sandbox.post(outsider, private, "let me in")
    with pytest.raises(SlackError, match="cant_delete_message"):
        sandbox.delete(message, by=ben)
    with pytest.raises(SlackError, match="already_in_channel"):
        sandbox.join(rosa, room)
    with pytest.raises(SlackError, match="name_taken"):
        sandbox.add_channel("leadership", [rosa])
    sandbox.change_user(ben, is_admin=True)
    sandbox.delete(message, by=ben)
    assert [] == sandbox.messages(room)
