"""Methods about people and the app: ``users.``, ``bots.`` and ``auth.``."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox import payloads
from bot.sandbox.call import Call, Method
from bot.sandbox.model import Payload, SlackError


def _test(call: Call) -> Payload:
    workspace, bot = call.workspace, call.workspace.member(call.bot)
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.name,
        "user": bot.name,
        "team_id": workspace.team_id,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }


def _info(call: Call) -> Payload:
    return {"user": payloads.member(call.workspace.member(call.text("user")))}


def _bot(call: Call) -> Payload:
    for each in call.workspace.members.values():
        if each.is_bot and each.bot_id == call.text("bot", str(call.installation.bot_id)):
            return {"bot": {**payloads.bot_profile(each), "user_id": each.id}}
    raise SlackError("bot_not_found")


USERS: Final[Mapping[str, Method]] = {
    "auth.test": Method(_test),
    "users.info": Method(_info, "users:read"),
    "bots.info": Method(_bot, "users:read"),
}
