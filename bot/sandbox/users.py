"""Methods about people, the workspace and the app: ``users.``, ``team.``, ``bots.``, ``auth.``."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox import shapes
from bot.sandbox.call import Call, Method
from bot.sandbox.conversations import paged
from bot.sandbox.model import Payload, SlackError


def _test(call: Call) -> Payload:
    workspace, bot = call.workspace, call.workspace.member(call.bot)
    return {
        "url": f"{call.base_url}/",
        "team": workspace.name,
        "user": bot.name,
        "team_id": workspace.team_id,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }


def _info(call: Call) -> Payload:
    return {"user": shapes.member(call.workspace.member(call.text("user")))}


def _list(call: Call) -> Payload:
    everybody = list(call.workspace.members.values())
    page, more = paged(call, everybody, call.number("limit", 200, 1000))
    members = [shapes.member(each) for each in page]
    return {"members": members, "cache_ts": int(call.now.timestamp()), **more}


def _team(call: Call) -> Payload:
    workspace = call.workspace
    about = {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain}
    return {"team": {**about, "email_domain": "", "url": f"{call.base_url}/", "icon": {}}}


def _bot(call: Call) -> Payload:
    for each in call.workspace.members.values():
        if each.is_bot and each.bot_id == call.text("bot", str(call.installation.bot_id)):
            return {"bot": {**shapes.bot_profile(each), "user_id": each.id}}
    raise SlackError("bot_not_found")


USERS: Final[Mapping[str, Method]] = {
    "auth.test": Method(_test),
    "users.info": Method(_info, "users:read"),
    "users.list": Method(_list, "users:read"),
    "team.info": Method(_team, "team:read"),
    "bots.info": Method(_bot, "users:read"),
}
