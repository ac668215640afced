"""Buttons of old messages in Slack: each is answered where it stands or beside, to one member."""

from typing import Any

import pytest

from bot.core.model.actions import FORMS, Act, Action
from bot.sandbox.blocks import named
from bot.sandbox.model import Channel, Member, Message
from tests.seeing import words
from tests.slack import Slack

OLD = "I do not know that button any more, so nothing was changed."


def drawn(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return named([{"type": "actions", "elements": list(elements)}])


def button(action_id: str, value: str = "x") -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Press"}
    return {"type": "button", "action_id": action_id, "text": text, "value": value}


def menu(*values: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Choose"}
    return {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": text, "value": value} for value in values],
    }


def once_posted(slack: Slack, room: Channel, element: dict[str, Any]) -> Message:
    """What the bot of an earlier version posted for everybody."""
    bot = slack.installation.bot_user
    return slack.sandbox.messages.post(bot, room.id, "An idea of once", blocks=drawn(element))


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("element", "chosen"),
    [
        (button("gone_since"), None),
        (button("idea_share_here_too"), None),
        (menu("gone_since 1", "x"), "gone_since 1"),
        (menu("idea_gone", "x"), "x"),
    ],
)
async def test_a_button_that_is_no_more_explains_itself(
    slack: Slack, rosa: Member, room: Channel, element: dict[str, Any], chosen: str | None
) -> None:
    """To whoever pressed it, beside what everybody sees, which stays."""
    message = once_posted(slack, room, element)
    answer = await slack.click(rosa, message, element["action_id"], chosen)
    assert OLD in answer.text
    assert "An idea of once" == message.text
    assert [] == [one for one in slack.said_by_bot(room) if OLD in one.text]


@pytest.mark.usefixtures("bot")
async def test_every_button_without_what_it_needs_is_answered(
    slack: Slack, rosa: Member, room: Channel
) -> None:
    """In words, or with the form that it opens; alone and in a menu."""
    for act in Act:
        for element, chosen in (
            (button(act, Action(act, number=77, channel="C0GONE").value or "x"), None),
            (menu(f"{act} 77", "x"), f"{act} 77"),
        ):
            message = once_posted(slack, room, element)
            answer = await slack.click(rosa, message, element["action_id"], chosen)
            view = slack.view(rosa)
            assert answer.ok, act
            if act is Act.LINK:
                assert (None, "") == (view, answer.text)
            elif view is not None:
                assert act in {*FORMS, Act.SETTINGS_MORE}
                slack.interactions.close(rosa.id, view)
            else:
                assert len(words(answer).split()) > 3, act
                assert "Something went wrong" not in words(answer), act
