"""The methods under ``files.``: the first and the last of an upload's three steps."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox import payloads
from bot.sandbox.blocks import check_message
from bot.sandbox.call import Call, Method
from bot.sandbox.model import File, Payload, SlackError


def _upload_url(call: Call) -> Payload:
    name = call.required("filename")
    length = call.required("length")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError("invalid_arguments")
    item = call.messages.add_file(call.bot, name, b"")
    item.complete = False
    return {"upload_url": f"{call.workspace.base_url}/upload/v1/{item.id}", "file_id": item.id}


def _complete(call: Call) -> Payload:
    wanted = call.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    items = [_uploaded(call, each) for each in wanted]
    channels = call.text("channel_id") or call.text("channels")
    for each in channels.split(","):
        if each:
            _share(call, each, items)
    base = call.workspace.base_url
    return {"files": [payloads.file(each, base) for each in items]}


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
    call.messages.post(
        call.bot,
        channel,
        call.text("initial_comment"),
        thread_ts=call.text("thread_ts") or None,
        blocks=check_message(call.structure("blocks", "invalid_blocks_format")),
        files=[each.id for each in items],
    )


FILES: Final[Mapping[str, Method]] = {
    "files.getUploadURLExternal": Method(_upload_url, "files:write"),
    "files.completeUploadExternal": Method(_complete, "files:write"),
}
