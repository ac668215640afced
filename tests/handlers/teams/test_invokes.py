"""What comes with a press, and what it is answered with."""

import pytest

from bot.core.model.actions import Act, Action
from bot.core.model.parts import Message
from handlers.shapes import Payload
from handlers.teams import cards, forms, invokes, presses

CARRIED = {"action": "idea_remove", "value": "3"}


@pytest.mark.parametrize(
    "value",
    [
        {"action": {"type": "Action.Execute", "verb": "idea_remove", "data": CARRIED}},
        {"data": CARRIED, "context": {"theme": "dark"}},
        CARRIED | {"unknown": 1},
    ],
)
def test_what_a_button_carried_is_found(value: Payload) -> None:
    """In a press in a card, in one in a dialog, and in a message that Action.Submit made."""
    assert Action(Act.REMOVE, number=3) == presses.to_action(invokes.data_of(value))


@pytest.mark.parametrize("value", [{}, {"action": {}}, {"action": {"data": []}}, {"data": None}])
def test_an_odd_press_carries_nothing(value: Payload) -> None:
    """Nothing is made of it."""
    assert presses.to_action(invokes.data_of(value)) is None


def test_answers() -> None:
    """A card in place, or words below it; a dialog shows a card or words, or is closed."""
    card = cards.to_card(Message("Done"))
    assert (200, card) == tuple(invokes.in_place(card)[name] for name in ("statusCode", "value"))
    assert "Done" == invokes.said("Done")["value"]
    assert "continue" == forms.told(Message("Done"))["task"]["type"]
    assert {"task": {"type": "message", "value": "Done"}} == forms.closed("Done")
    assert forms.closed() is None
