"""The program against a Slack that nobody here wrote: the npm package `emulate`.

The first half holds the launcher itself to what the second half relies on.
"""

import asyncio
import json
import signal
import stat
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from tests.emulator.conftest import (
    OLDEST_NODE,
    SIGNING_SECRET,
    Installed,
    StartWorkspace,
    launched,
)
from tests.emulator.workspace import Person, Workspace, eventually
from tests.npm import new_enough, node_version

pytestmark = pytest.mark.emulator


# --- the launcher -------------------------------------------------------------------------------


class Receiver:
    """The end of a webhook: keeps what arrives, and answers as it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.answer = 200
        self.requests: list[tuple[dict[str, str], str]] = []

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body)["event"] for _, body in self.requests]

    async def receive(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.text()))
        return web.Response(status=self.answer)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/slack/events", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield receiver
    await runner.cleanup()


async def test_an_event_without_a_secret_is_never_sent(node: Path) -> None:
    """Without a signing secret the launcher refuses to start and says why."""
    async with launched(node) as process:
        output, complaint = await process.communicate()
        assert (2, b"") == (process.returncode, output)
        assert b"--signing-secret is missing" in complaint


async def test_the_launcher_ends_with_whoever_started_it(node: Path) -> None:
    """When its standard input closes, the launcher ends in peace."""
    async with launched(node, "--signing-secret", SIGNING_SECRET) as process:
        assert process.stdin
        assert process.stdout
        async with asyncio.timeout(30):
            assert json.loads(await process.stdout.readline())["url"]
            process.stdin.close()
            assert 0 == await process.wait()


async def test_the_launcher_obeys_sigterm(node: Path) -> None:
    """On SIGTERM the launcher ends in peace."""
    async with launched(node, "--signing-secret", SIGNING_SECRET) as process:
        assert process.stdout
        async with asyncio.timeout(30):
            assert json.loads(await process.stdout.readline())["url"]
            process.send_signal(signal.SIGTERM)
            assert 0 == await process.wait()


def test_an_old_node_is_passed_over(tmp_path: Path) -> None:
    """A Node older than 22.15, and a program that is none, are passed over for the next one."""
    programs = {}
    for name, says in {"old": "v22.14.9", "other": "Python 3.11.7", "new": "v24.1.0"}.items():
        programs[name] = tmp_path / name
        programs[name].write_text(f"#!/bin/sh\necho {says}\n")
        programs[name].chmod(stat.S_IRWXU)
    assert (22, 14) == node_version(programs["old"])
    assert programs["new"] == new_enough(
        (None, "", tmp_path / "absent", programs["other"], programs["old"], programs["new"]),
        OLDEST_NODE,
    )
    assert new_enough((programs["old"], None), OLDEST_NODE) is None


async def test_a_post_arrives_signed(workspace: Workspace, receiver: Receiver) -> None:
    """What a person posts arrives as an event signed the way Slack signs, and reads back."""
    await workspace.send_events_to(receiver.url)
    person, channel = workspace.people[0], workspace.channels["ideas"]

    ts = await person.post(channel, "A reading log that pupils keep for each other")

    [(headers, body)] = receiver.requests
    event = json.loads(body)["event"]
    assert ("message", person.id, channel, ts) == (
        event["type"],
        event["user"],
        event["channel"],
        event["ts"],
    )
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    [message] = await workspace.history(channel)
    assert (ts, "A reading log that pupils keep for each other") == (message["ts"], message["text"])


async def test_a_person_edits_deletes_replies_and_reacts(
    workspace: Workspace, receiver: Receiver
) -> None:
    """Each thing a person does arrives as Slack's event for it and is there to be read."""
    await workspace.send_events_to(receiver.url)
    (one, two), channel = workspace.people, workspace.channels["ideas"]

    ts = await one.post(channel, "before")
    reply = await two.reply(channel, ts, "and how?")
    await two.react(channel, ts, "tada")
    await one.edit(channel, ts, "after")
    assert {("tada", two.id)} == await workspace.reactions(channel, ts)
    message = await workspace.message(channel, ts)
    assert message
    assert ("after", 1) == (message["text"], message["reply_count"])
    await two.unreact(channel, ts, "tada")
    assert set() == await workspace.reactions(channel, ts)
    await two.delete(channel, reply)
    await one.delete(channel, ts)
    assert await workspace.message(channel, ts) is None

    assert [
        ("message", None),
        ("message", None),
        ("reaction_added", None),
        ("message", "message_changed"),
        ("reaction_removed", None),
        ("message", "message_deleted"),
        ("message", "message_deleted"),
    ] == [(event["type"], event.get("subtype")) for event in receiver.events]


async def test_arguments_in_the_address_reach_the_emulator(workspace: Workspace) -> None:
    """The client's reads (GET) and its calls with arguments in the address are understood."""
    person, channel = workspace.people[0], workspace.channels["ideas"]
    ts = await person.post(channel, "A question & an <answer>")

    history = await workspace.bot.conversations_history(channel=channel, limit=1)
    assert ["A question & an <answer>"] == [each["text"] for each in history["messages"]]
    user = await workspace.bot.users_info(user=person.id)
    assert (person.name, person.title) == (
        user["user"]["profile"]["display_name"],
        user["user"]["profile"]["title"],
    )
    link = await workspace.bot.chat_getPermalink(channel=channel, message_ts=ts)
    assert f"{workspace.url}/archives/{channel}/p{ts.replace('.', '')}" == link["permalink"]
    await workspace.bot.reactions_add(channel=channel, timestamp=ts, name="bulb")
    assert {("bulb", workspace.bot_user)} == await workspace.reactions(channel, ts)


async def test_the_bot_is_in_one_channel_only(workspace: Workspace) -> None:
    """The bot is a member of #ideas, not of the others, and cannot read the closed one."""
    listed = await workspace.bot.conversations_list(types="public_channel,private_channel")
    assert ["ideas"] == [each["name"] for each in listed["channels"] if each["is_member"]]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await workspace.bot.conversations_history(channel=workspace.channels["closed"])


async def test_scopes_bind_the_bot_alone(start_workspace: StartWorkspace) -> None:
    """With scopes given, the bot is refused what they do not cover, and people are not."""
    workspace = await start_workspace(["channels:history"])
    channel = workspace.channels["ideas"]
    assert await workspace.people[0].post(channel, "allowed")
    assert (await workspace.bot.conversations_history(channel=channel))["messages"]
    with pytest.raises(SlackApiError) as refused:
        await workspace.bot.chat_postMessage(channel=channel, text="refused")
    assert ("missing_scope", "chat:write") == (
        refused.value.response["error"],
        refused.value.response["needed"],
    )


async def test_how_events_were_answered_is_told(workspace: Workspace, receiver: Receiver) -> None:
    """Each delivery is listed with the status it was answered with, and none is tried again."""
    await workspace.send_events_to(receiver.url)
    receiver.answer = 500
    await workspace.people[0].post(workspace.channels["ideas"], "lost")
    receiver.answer = 200
    await workspace.people[0].post(workspace.channels["ideas"], "received")
    await workspace.send_events_to("")
    await workspace.people[0].post(workspace.channels["ideas"], "not sent")
    assert [("message", 500, False), ("message", 200, True)] == [
        (each["event"], each["status_code"], each["success"])
        for each in await workspace.deliveries()
    ]
    assert ["lost", "received"] == [event["text"] for event in receiver.events]


# --- the program --------------------------------------------------------------------------------

POSTED = "Fourth &amp; fifth grade choose the books for our #reading corner and say why"
IDEA = "Fourth & fifth grade choose the books for our #reading corner and say why"


async def bulb(workspace: Workspace, channel: str, ts: str) -> set[tuple[str, str]]:
    """Wait until the bot has marked a post, and return who reacted to it."""
    return await eventually(
        lambda: workspace.reactions(channel, ts),
        lambda seen: ("bulb", workspace.bot_user) in seen,
    )


async def next_second() -> None:
    """Let the current second end: the emulator's timestamps are whole seconds and a counter."""

    async def now() -> int:
        return int(time.time())

    begun = await now()
    await eventually(now, lambda second: second > begun)


async def test_an_idea_is_marked_and_exported_with_its_author(installed: Installed) -> None:
    """What a person posts gets the bot's :bulb: and is exported with the author's name."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    channel = workspace.channels["ideas"]
    async with installed.running():
        ts = await person.post(channel, POSTED)
        assert {("bulb", workspace.bot_user)} == await bulb(workspace, channel, ts)
        [row] = await eventually(
            installed.program.export, lambda rows: bool(rows[0]["author"] and rows[0]["permalink"])
        )
    expected = {
        "number": "1",
        "author": person.name,
        "author_id": person.id,
        "title": person.title,
        "channel": "ideas",
        "channel_id": channel,
        "text": IDEA,
        "tags": "reading",
        "reactions": "0",
        "replies": "0",
        "permalink": f"{workspace.url}/archives/{channel}/p{ts.replace('.', '')}",
        "edited_at": "",
        "source": "post",
        "kind": "idea",
    }
    assert expected == {name: row[name] for name in expected}


async def test_what_was_acknowledged_is_stored(installed: Installed) -> None:
    """Posts are in the export as soon as their events were answered, each once, in order."""
    workspace = installed.workspace
    texts = [f"Idea {n}: older pupils read to younger ones on Fridays" for n in range(1, 21)]
    async with installed.running():
        for text in texts:
            await workspace.people[0].post(workspace.channels["ideas"], text)
        rows = await installed.program.export()
    assert [(str(n), text) for n, text in enumerate(texts, 1)] == [
        (row["number"], row["text"]) for row in rows
    ]


async def test_an_edit_changes_the_idea(installed: Installed) -> None:
    """An edited post changes its idea, which keeps its number and tells when it was edited."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    channel = workspace.channels["ideas"]
    async with installed.running():
        ts = await person.post(channel, POSTED)
        await person.edit(channel, ts, "Pupils choose the books and record a short talk about each")
        [row] = await installed.program.export()
    assert ("1", "Pupils choose the books and record a short talk about each") == (
        row["number"],
        row["text"],
    )
    assert row["edited_at"]


async def test_a_deleted_post_takes_its_idea_along(installed: Installed) -> None:
    """A deleted post, replies or not, is in no export, and its number is not given again."""
    workspace, (one, two) = installed.workspace, installed.workspace.people
    channel = workspace.channels["ideas"]
    async with installed.running():
        alone = await one.post(channel, POSTED)
        answered = await one.post(channel, "A reading log that pupils keep for each other")
        await two.reply(channel, answered, "How do they hand it on?")
        await one.delete(channel, alone)
        await one.delete(channel, answered)
        assert [] == await installed.program.export()
        await two.post(channel, "Parents lend the tools for our repair afternoon in May")
        [row] = await installed.program.export()
    assert ("3", two.id) == (row["number"], row["author_id"])


async def test_replies_and_reactions_are_counted(installed: Installed) -> None:
    """Replies and people's reactions are counted and counted back; the bot's mark is not one."""
    workspace, (one, two) = installed.workspace, installed.workspace.people
    channel = workspace.channels["ideas"]

    async def counts() -> tuple[str, str]:
        [row] = await installed.program.export()
        return row["replies"], row["reactions"]

    async with installed.running():
        ts = await one.post(channel, POSTED)
        await bulb(workspace, channel, ts)
        assert ("0", "0") == await counts()
        first = await two.reply(channel, ts, "How many pupils take part in it?")
        await one.reply(channel, ts, "About thirty, and more each year since we began")
        await two.react(channel, ts, "tada")
        await two.react(channel, ts, "heart")
        await one.react(channel, ts, "tada")
        assert ("2", "2") == await counts()
        await two.delete(channel, first)
        await one.unreact(channel, ts, "tada")
        assert ("1", "1") == await counts()


async def test_the_author_takes_an_idea_back(installed: Installed) -> None:
    """The author's :x: withdraws the idea and the bot takes its mark away; the post stays."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    channel = workspace.channels["ideas"]
    async with installed.running():
        ts = await person.post(channel, POSTED)
        await bulb(workspace, channel, ts)
        await person.react(channel, ts, "x")
        assert {("x", person.id)} == await eventually(
            lambda: workspace.reactions(channel, ts), lambda seen: len(seen) == 1
        )
        assert [] == await installed.program.export()
    assert [ts] == [message["ts"] for message in await workspace.history(channel)]


async def test_a_file_is_a_resource(installed: Installed) -> None:
    """A shared file makes its comment an idea, and the file's address is its resource."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    async with installed.running():
        await person.share_file(
            workspace.channels["ideas"], "lesson.pdf", "one page", "A handout for the first week"
        )
        [row] = await installed.program.export()
    assert "A handout for the first week" == row["text"]
    assert row["resources"].startswith(f"{workspace.url}/files")


async def test_a_direct_message_is_nobodys_idea(installed: Installed) -> None:
    """A message between two people is not kept, even where its event arrives."""
    workspace, (one, two) = installed.workspace, installed.workspace.people
    opened = await one.client.conversations_open(users=two.id)
    async with installed.running():
        await one.post(opened["channel"]["id"], POSTED)
        assert {200} == {each["status_code"] for each in await workspace.deliveries()}
        assert [] == await installed.program.export()


async def test_a_channel_is_watched_once_the_bot_is_invited(installed: Installed) -> None:
    """Invited to a closed channel, the bot says what it does and keeps ideas from then on."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    channel = workspace.channels["closed"]
    async with installed.running():
        await person.invite_bot(channel, workspace.bot_user)
        ts = await person.post(channel, POSTED)
        assert {("bulb", workspace.bot_user)} == await bulb(workspace, channel, ts)
        said = await eventually(
            lambda: workspace.history(channel),
            lambda seen: any(message["user"] == workspace.bot_user for message in seen),
        )
        rows = await eventually(
            installed.program.export, lambda seen: all(row["channel"] for row in seen)
        )
    assert 1 == sum(message["user"] == workspace.bot_user for message in said)
    assert [("closed", IDEA)] == [(row["channel"], row["text"]) for row in rows]


async def test_every_event_is_answered(installed: Installed) -> None:
    """Every event of the emulator gets a 200, those we know nothing about included."""
    workspace, (one, two) = installed.workspace, installed.workspace.people
    channel = workspace.channels["ideas"]
    async with installed.running():
        ts = await one.post(channel, POSTED)
        await two.reply(channel, ts, "And what did the teachers say to that?")
        await two.client.chat_postMessage(
            channel=channel, text="Seen by all", thread_ts=ts, reply_broadcast=True
        )
        await one.client.conversations_setTopic(channel=channel, topic="Ideas of the week")
        await one.client.conversations_open(users=two.id)
        await one.client.users_profile_set(name="title", value="Head librarian")
        await one.client.conversations_leave(channel=workspace.channels["uninvited"])
        await two.client.conversations_archive(channel=workspace.channels["uninvited"])
        await one.share_file(channel, "plan.txt", "a plan", "Our plan for the whole spring term")
        await bulb(workspace, channel, ts)
        sent = await workspace.deliveries()
    assert {"message", "reaction_added", "im_created", "user_change", "file_created"} <= {
        each["event"] for each in sent
    }
    assert [] == [each for each in sent if each["status_code"] != 200]


async def test_a_restart_loses_nothing(installed: Installed) -> None:
    """What was kept before a restart is there after it, and numbers go on."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    channel = workspace.channels["ideas"]
    async with installed.running():
        await person.post(channel, POSTED)
    async with installed.running():
        await person.post(channel, "A reading log that pupils keep for each other")
        rows = await installed.program.export()
    assert ["1", "2"] == [row["number"] for row in rows]


async def test_what_was_missed_is_caught_up(installed: Installed) -> None:
    """Posts, edits, replies and reactions made while the program was down are found after it."""
    workspace, (one, two) = installed.workspace, installed.workspace.people
    channel = workspace.channels["ideas"]
    async with installed.running():
        before = await one.post(channel, POSTED)
        await bulb(workspace, channel, before)

    await next_second()
    await one.edit(channel, before, "Pupils choose the books and record a short talk about each")
    await two.reply(channel, before, "How many pupils take part in it?")
    await two.react(channel, before, "tada")
    missed = await two.post(channel, "Parents lend the tools for our repair afternoon in May")

    async with installed.running():
        assert {("bulb", workspace.bot_user)} == await bulb(workspace, channel, missed)
        wanted = [
            ("1", one.name, "Pupils choose the books and record a short talk about each", "1", "1"),
            ("2", two.name, "Parents lend the tools for our repair afternoon in May", "0", "0"),
        ]
        columns = ("number", "author", "text", "replies", "reactions")

        async def seen() -> list[tuple[str, ...]]:
            return [
                tuple(row[name] for name in columns) for row in await installed.program.export()
            ]

        assert wanted == await eventually(seen, lambda rows: rows == wanted)


async def ask(installed: Installed, person: Person, channel: str, command: str) -> str:
    """Play Slack's part in a slash command, which the emulator has none of; return the answer."""
    name, _, text = command.partition(" ")
    form = {
        "command": name,
        "text": text,
        "user_id": person.id,
        "channel_id": channel,
        "channel_name": "ideas",
        "team_id": "T000000001",
        "trigger_id": "1.2.3",
        "response_url": f"{installed.workspace.url}/nowhere",
    }
    body, now = urlencode(form), str(int(time.time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=now, body=body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(signature),
    }
    url = f"{installed.program.url}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        assert answer.status == 200
        return await answer.text()


async def test_the_file_from_chat_is_the_file_from_the_command_line(installed: Installed) -> None:
    """`/ideas export` uploads to the asker, byte for byte, what the command line writes."""
    workspace, (one, two) = installed.workspace, installed.workspace.people
    channel = workspace.channels["ideas"]
    async with installed.running():
        await one.post(channel, POSTED)
        await two.post(
            channel, "=1+1 is how our *number club* starts: see https://example.org/club"
        )
        await eventually(
            installed.program.export,
            lambda rows: all(row["author"] and row["permalink"] and row["channel"] for row in rows),
        )
        await ask(installed, two, channel, "/ideas export")

        async def files() -> list[dict[str, Any]]:
            listed = await two.client.files_list(user=workspace.bot_user)
            found: list[dict[str, Any]] = listed["files"]
            return found

        # The emulator does not say which channels somebody is in: the file waits for that a while.
        [file] = await eventually(files, bool, within=90.0)
        written = await installed.program.command("export")
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            file["url_private_download"], headers={"Authorization": f"Bearer {two.client.token}"}
        ) as download,
    ):
        assert written.output == await download.read()
    assert written.output.startswith(b"\xef\xbb\xbfnumber,")
    assert b"'=1+1" in written.output
    assert file["name"].endswith(".csv")


async def test_an_idea_from_a_command_is_posted_once(installed: Installed) -> None:
    """`/idea TEXT` puts one post in the channel, which names its author and is itself the idea."""
    workspace, person = installed.workspace, installed.workspace.people[1]
    channel = workspace.channels["ideas"]
    async with installed.running():
        answer = await ask(
            installed, person, channel, "/idea Pupils run the desk on Friday mornings"
        )
        assert "#1" in answer
        [post] = await eventually(lambda: workspace.history(channel), bool)
        assert (workspace.bot_user, person.name) == (
            post["user"],
            post["text"].partition(" shared an idea")[0],
        )
        [row] = await eventually(installed.program.export, lambda rows: bool(rows[0]["permalink"]))
    assert ("1", person.id, "Pupils run the desk on Friday mornings", "command") == (
        row["number"],
        row["author_id"],
        row["text"],
        row["source"],
    )
    assert row["permalink"].endswith(f"/p{post['ts'].replace('.', '')}")


async def digests(workspace: Workspace) -> list[dict[str, Any]]:
    """The bot's own posts in #ideas."""
    messages = await workspace.history(workspace.channels["ideas"])
    return [message for message in messages if message["user"] == workspace.bot_user]


async def test_a_digest_is_posted_once(installed: Installed) -> None:
    """Asked twice for a week's digest, the program posts one, and says so; it is no idea."""
    workspace, person = installed.workspace, installed.workspace.people[0]
    async with installed.running():
        await person.post(workspace.channels["ideas"], POSTED)
        for said in ("posted", "already"):
            done = await installed.program.command("digest", "--channel", "ideas", "--post")
            assert done.code == 0, done.complaints
            assert said in done.output.decode().lower()
        [digest] = await digests(workspace)
        assert 1 == len(await installed.program.export())
    assert person.name in json.dumps(digest)


async def test_two_processes_post_one_digest(installed: Installed) -> None:
    """Asked for a week's digest by two processes at once, the channel gets one."""
    workspace = installed.workspace
    async with installed.running():
        await workspace.people[0].post(workspace.channels["ideas"], POSTED)
        command = ("digest", "--channel", "ideas", "--post")
        both = await asyncio.gather(
            installed.program.command(*command), installed.program.command(*command)
        )
        # Whoever comes second while the first has not finished may be told to try again.
        assert {done.code for done in both} <= {0, 3}, [done.complaints for done in both]
        assert 0 in {done.code for done in both}
        assert 1 == len(await digests(workspace))


async def test_a_week_without_ideas_gets_no_digest(installed: Installed) -> None:
    """Where there is nothing new, nothing is posted, and that is no failure."""
    channel = installed.workspace.channels["ideas"]
    async with installed.running():
        done = await installed.program.command("digest", "--channel", channel, "--post")
    assert done.code == 0, done.complaints
    assert [] == await digests(installed.workspace)
