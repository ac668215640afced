"""Files, sent up in three steps and fetched again."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import Client, Listen
from tests.slack import Slack


async def uploaded(call: Client, name: str, content: bytes) -> str:
    """The id of a file whose bytes are there and that is not yet shared."""
    args: dict[str, Any] = {"filename": name, "length": len(content)}
    step = await call("files.getUploadURLExternal", **args)
    async with call.session.post(step["upload_url"], data=content) as answer:
        assert 200 == answer.status
    return str(step["file_id"])


async def test_three_steps_share_a_file(
    call: Client, sandbox: Slack, listen: Listen, rosa: Member
) -> None:
    """Address, bytes, completion: then it stands in the direct messages with its comment."""
    ear = await listen()
    im = sandbox.open_im(rosa)
    file = await uploaded(call, "ideas.csv", b"number,text\r\n")
    wanted = [{"id": file, "title": "All ideas"}]
    done = await call(
        "files.completeUploadExternal", files=wanted, channel_id=im.id, initial_comment="Here"
    )
    assert [(file, "All ideas")] == [(each["id"], each["title"]) for each in done["files"]]
    event = await ear.event("file_share")
    assert ("Here", im.id, file) == (event["text"], event["channel"], event["files"][0]["id"])
    (about,) = done["files"]
    assert ("text/csv", 13) == (about["mimetype"], about["size"])


async def test_who_may_fetch_a_file(
    call: Client, sandbox: Slack, rosa: Member, ben: Member
) -> None:
    """The bot by its token, and members who see a place where it is shared; nobody else."""
    file = await uploaded(call, "ideas.csv", b"a,b\r\n")
    im = sandbox.open_im(rosa)
    wanted = [{"id": file}]
    shared = await call("files.completeUploadExternal", files=wanted, channel_id=im.id)
    url = shared["files"][0]["url_private"]

    async def fetched(query: str = "", token: str = "") -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with call.session.get(url + query, headers=headers) as answer:
            return answer.status, await answer.read()

    assert (200, b"a,b\r\n") == await fetched(token=sandbox.bot_token)
    assert (200, b"a,b\r\n") == await fetched(f"?as={rosa.id}")
    for refused in (await fetched(), await fetched(f"?as={ben.id}"), await fetched(token="xoxb-1")):
        assert 403 == refused[0]


async def test_a_page_opens_and_anything_else_is_saved(
    call: Client, sandbox: Slack, rosa: Member
) -> None:
    """A file that a browser opens runs no script, fetches nothing and is of no origin."""
    im = sandbox.open_im(rosa)
    for name, how in (("report.html", "inline"), ("ideas.csv", "attachment")):
        wanted = [{"id": await uploaded(call, name, b"<p>Read me")}]
        shared = await call("files.completeUploadExternal", files=wanted, channel_id=im.id)
        url = shared["files"][0]["url_private"]
        async with call.session.get(f"{url}?as={rosa.id}") as answer:
            assert how == answer.headers["Content-Disposition"].partition(";")[0]
            policy = answer.headers["Content-Security-Policy"].split("; ")
            assert ["sandbox", "default-src 'none'"] == policy[:2]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "invalid_arguments"),
        ({"filename": "x.csv"}, "invalid_arguments"),
        ({"filename": "x.csv", "length": "many"}, "invalid_arguments"),
        ({"filename": "x.csv", "length": 0}, "invalid_arguments"),
    ],
)
async def test_an_upload_needs_name_and_length(
    call: Client, sandbox: Slack, args: dict[str, Any], error: str
) -> None:
    """Without both there is no address, and no file."""
    assert error == (await call("files.getUploadURLExternal", **args))["error"]
    assert {} == sandbox.workspace.files


async def test_a_file_is_completed_once_it_is_there(
    call: Client, sandbox: Slack, room: Channel
) -> None:
    """Without bytes it is not found; in a channel without the bot it is not shared."""
    step = await call("files.getUploadURLExternal", filename="x.csv", length=5)
    wanted = [{"id": step["file_id"]}]
    early = await call("files.completeUploadExternal", files=wanted, channel_id=room.id)
    assert "file_not_found" == early["error"]
    file = await uploaded(call, "x.csv", b"12345")
    elsewhere = sandbox.add_channel("elsewhere", [])
    refused = await call(
        "files.completeUploadExternal", files=[{"id": file}], channel_id=elsewhere.id
    )
    assert "not_in_channel" == refused["error"]
    async with call.session.post(f"{sandbox.workspace.base_url}/upload/v1/F0NONE") as answer:
        assert 404 == answer.status


async def test_an_upload_may_come_as_a_form(call: Client) -> None:
    """A multipart body holds the file in one of its parts."""
    step = await call("files.getUploadURLExternal", filename="x.csv", length=3)
    parts = aiohttp.FormData()
    parts.add_field("file", b"abc", filename="x.csv")
    async with call.session.post(step["upload_url"], data=parts) as answer:
        assert "OK - 3" == await answer.text()
