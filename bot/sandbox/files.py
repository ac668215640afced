"""The methods under ``files.``: the upload in three steps, and what is known of a file."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox import shapes, talk
from bot.sandbox.blocks import check_message
from bot.sandbox.call import Call, Method
from bot.sandbox.model import File, Payload, SlackError


def _upload_url(call: Call) -> Payload:
    name = call.required("filename")
    length = call.required("length")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError("invalid_arguments")
    item = talk.add_file(call.workspace, call.bot, name, b"", now=call.now)
    item.complete = False
    return {"upload_url": f"{call.base_url}/upload/v1/{item.id}", "file_id": item.id}


def _complete(call: Call) -> Payload:
    wanted = call.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    items = [_uploaded(call, each) for each in wanted]
    channels = call.text("channel_id") or call.text("channels")
    for each in channels.split(","):
        if each:
            _share(call, each, items)
    base = call.base_url
    return {"files": [shapes.file(each, base) for each in items]}


def _uploaded(call: Call, wanted: object) -> File:
    if not isinstance(wanted, dict):
        raise SlackError("invalid_arguments")
    item = call.workspace.files.get(str(wanted.get("id")))
    if item is None or item.user != call.bot or not item.content:
        raise SlackError("file_not_found")
    item.title = str(wanted.get("title") or item.name)
    item.complete = True
    return item


def _share(call: Call, channel: str, items: list[File]) -> None:
    call.workspace.may_write(call.bot, channel)
    talk.post(
        call.workspace,
        call.bot,
        channel,
        call.text("initial_comment"),
        now=call.now,
        thread_ts=call.text("thread_ts") or None,
        blocks=check_message(call.structure("blocks", "invalid_blocks_format")),
        files=[each.id for each in items],
    )


def _info(call: Call) -> Payload:
    item = call.workspace.files.get(call.text("file"))
    if item is None or not item.complete or not _seen(call, item):
        raise SlackError("file_not_found")
    return {"file": shapes.file(item, call.base_url), "comments": [], "response_metadata": {}}


def _seen(call: Call, item: File) -> bool:
    rooms = [call.workspace.channels.get(each) for each in item.channels]
    return item.user == call.bot or any(room and call.bot in room.members for room in rooms)


FILES: Final[Mapping[str, Method]] = {
    "files.getUploadURLExternal": Method(_upload_url, "files:write"),
    "files.completeUploadExternal": Method(_complete, "files:write"),
    "files.info": Method(_info, "files:read"),
}
