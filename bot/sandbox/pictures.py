"""Pictures in blocks that Slack draws from its own files."""

from collections.abc import Container, Iterator
from typing import Any

from bot.sandbox.model import File, Payload, SlackError
from bot.sandbox.workspace import Workspace

_DRAWN = frozenset({"image/png", "image/jpeg", "image/gif"})


def check_pictures(
    blocks: list[Payload], workspace: Workspace, bot: str, scopes: Container[str]
) -> None:
    """Check that each file that a block draws is a picture that the app may see.

    Raises:
        SlackError: ``invalid_blocks``, as Slack says of any other file.
    """
    for at, wanted in _files(blocks):
        item = _found(workspace, wanted)
        seen = item is not None and (
            item.user == bot
            or any(bot in workspace.channels[each].members for each in item.channels)
        )
        if item is None or item.mimetype not in _DRAWN or not seen or "files:read" not in scopes:
            text = f"invalid slack file [json-pointer:{at}]"
            messages = [f"[ERROR] {text}"]
            raise SlackError(
                "invalid_blocks", errors=[text], response_metadata={"messages": messages}
            )


def _files(blocks: list[Payload]) -> Iterator[tuple[str, Payload]]:
    for number, block in enumerate(blocks):
        for name, part in (("", block), ("/accessory", block.get("accessory"))):
            if isinstance(part, dict) and part.get("slack_file"):
                yield f"/blocks/{number}{name}/slack_file", part["slack_file"]


def _found(workspace: Workspace, wanted: dict[str, Any]) -> File | None:
    if "id" in wanted:
        return workspace.files.get(str(wanted["id"]))
    beginning = f"{workspace.base_url}/files/"
    ident, _, _ = str(wanted["url"]).removeprefix(beginning).partition("/")
    return workspace.files.get(ident) if str(wanted["url"]).startswith(beginning) else None
