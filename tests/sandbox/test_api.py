"""Who may call the Web API, and how."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import Client, Clock, Listen, make_manifest
from tests.slack import Slack


async def test_an_unknown_method_is_an_error(call: Client) -> None:
    """A method this Slack does not have is refused by name."""
    answer = await call("chat.postMesage", channel="C1", text="hello")
    assert {"ok": False, "error": "unknown_method", "req_method": "chat.postMesage"} == answer


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-wrong", "invalid_auth"),
        ("auth.test", "APP", "not_allowed_token_type"),
        ("apps.connections.open", "BOT", "not_allowed_token_type"),
        ("apps.connections.open", "xapp-wrong", "invalid_auth"),
    ],
)
async def test_only_the_right_token_opens_a_method(
    call: Client, sandbox: Slack, method: str, token: str, error: str
) -> None:
    """A missing, wrong or misplaced token is refused with Slack's code for it."""
    token = {"APP": sandbox.app_token, "BOT": sandbox.bot_token}.get(token, token)
    assert {"ok": False, "error": error} == await call(method, token)


async def test_auth_test_says_who_the_bot_is_and_what_it_may_do(
    call: Client, sandbox: Slack
) -> None:
    """auth.test names workspace and bot, and its header lists the scopes."""
    async with call.raw("auth.test") as answer:
        body = await answer.json()
        header = answer.headers["X-OAuth-Scopes"]
    assert sandbox.bot.id == body["user_id"]
    assert sandbox.bot.bot_id == body["bot_id"]
    assert sandbox.workspace.team_id == body["team_id"]
    assert ",".join(sandbox.installation.scopes) == header


async def test_the_token_may_come_as_an_argument(call: Client, sandbox: Slack) -> None:
    """A token in the form counts like one in the header, and is not kept in the log of calls."""
    async with call.raw("auth.test", "", data={"token": sandbox.bot_token}) as answer:
        assert (await answer.json())["ok"]
    assert {} == sandbox.calls[-1].args


async def test_forms_json_and_queries_say_the_same(
    call: Client, sandbox: Slack, session: aiohttp.ClientSession, room: Channel
) -> None:
    """Arguments arrive by form, by JSON, or in the address."""
    url = f"{sandbox.api_url}conversations.info"
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    args = {"channel": room.id, "include_num_members": "true"}
    async with session.get(url, params=args, headers=headers) as answer:
        by_query = await answer.json()
    async with session.post(url, data=args, headers=headers) as answer:
        by_form = await answer.json()
    assert 3 == by_query["channel"]["num_members"]
    assert by_query == by_form == await call("conversations.info", **args)


async def test_broken_json_is_refused(call: Client) -> None:
    """A body that says it is JSON and is not gets an answer, not a crash."""
    headers = {"Content-Type": "application/json"}
    async with call.session.post(
        f"{call.sandbox.api_url}auth.test", data=b"{", headers=headers
    ) as answer:
        assert "invalid_json" == (await answer.json())["error"]


async def test_people_are_looked_up(call: Client, rosa: Member) -> None:
    """users.info says who somebody is, and an unknown id is user_not_found."""
    found = (await call("users.info", user=rosa.id))["user"]
    assert "Rosa (sample)" == found["profile"]["display_name"]
    assert "user_not_found" == (await call("users.info", user="U0NOBODY"))["error"]


async def test_a_bot_is_described(call: Client, sandbox: Slack) -> None:
    """bots.info says which member a bot is."""
    about = (await call("bots.info", bot=sandbox.bot.bot_id))["bot"]
    assert sandbox.bot.id == about["user_id"]
    assert "bot_not_found" == (await call("bots.info", bot="B0NOBODY"))["error"]


class TestWithoutScopes:
    """The sandbox enforces the manifest."""

    @pytest.fixture
    async def sandbox(self, clock: Clock) -> AsyncIterator[Slack]:
        made = Slack(make_manifest(["users:read"], ["message.channels"]), clock)
        async with made.serving():
            yield made

    @pytest.mark.parametrize(
        ("method", "needed"),
        [
            ("chat.postMessage", "chat:write"),
            ("reactions.add", "reactions:write"),
            ("reactions.get", "reactions:read"),
            ("conversations.history", "channels:history"),
            ("conversations.info", "channels:read"),
            ("conversations.list", "channels:read"),
            ("files.getUploadURLExternal", "files:write"),
        ],
    )
    async def test_a_method_without_its_scope_is_refused(
        self, call: Client, room: Channel, method: str, needed: str
    ) -> None:
        """missing_scope says what was needed and what there is."""
        expected = {
            "ok": False,
            "error": "missing_scope",
            "needed": needed,
            "provided": "users:read",
        }
        assert expected == await call(method, channel=room.id, text="hello")

    async def test_an_event_without_its_scope_is_not_sent(
        self, sandbox: Slack, listen: Listen, rosa: Member, room: Channel
    ) -> None:
        """A subscription alone does not make an event come."""
        await listen()
        sandbox.post(rosa, room, "hello")
        assert set() == sandbox.delivery.pending
