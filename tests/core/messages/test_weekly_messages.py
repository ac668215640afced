"""The prompt, and what is said of digest and prompt before they are posted."""

import pytest

from bot.core.messages import weekly
from bot.core.model.actions import Act
from bot.core.model.parts import Actions, Button, Header, Message, Note, Paragraph, Run


def lines(message: Message) -> list[str]:
    """What a reader sees, part by part."""
    return [
        part.text if isinstance(part, Header) else "".join(run.text for run in part.runs)
        for part in message.parts
        if isinstance(part, Header | Paragraph | Note)
    ]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Which teacher did you plan with first this year?", "This week’s question"),
        ("Next year I will stop …", "This week’s question, a sentence to complete"),
    ],
)
def test_a_prompt_asks_and_says_how_to_answer(text: str, asks: str) -> None:
    """The question is the one large line; beneath, small print says what a reply becomes."""
    message = weekly.prompt(text, by="Ana Bell")
    small, large, credit, how = message.parts
    assert (Header(text), True) == (large, all(isinstance(p, Note) for p in (small, credit, how)))
    assert [asks, text, "asked by Ana Bell"] == lines(message)[:3]
    assert "kept under your name" in lines(message)[3]
    assert message.fallback.startswith(f"{asks}\n{text}\n")
    for line in lines(message):
        assert line in message.fallback


def test_a_long_question_is_not_cut() -> None:
    """What a large line has no room for stands bold and whole."""
    text = f"What {'would you ' * 20}do?"
    assert Paragraph((Run(text, bold=True),)) in weekly.prompt(text).parts


def led_to(message: Message) -> list[tuple[str, str]]:
    """What its buttons to other messages say, and where they lead."""
    return [
        (button.text, button.action.value)
        for part in message.parts
        if isinstance(part, Actions)
        for button in part.buttons
        if isinstance(button, Button) and button.act is Act.DIGEST_PAGE
    ]


def test_a_preview_says_that_it_is_one() -> None:
    """Before the message itself stands one line of small print."""
    posted = Message("One idea.", (Header("Ideas"),))
    preview = weekly.digest_preview([posted])
    assert posted.parts == preview.parts[1:]
    assert lines(preview)[0].startswith("This is how the digest would look")
    assert preview.fallback.endswith(posted.fallback)
    asked = weekly.prompt_preview(weekly.prompt("Why?"))
    assert lines(asked)[0].startswith("This is the next question.")


def test_a_digest_in_parts_is_looked_at_a_message_at_a_time() -> None:
    """Buttons lead on and back; a number that no message has shows the nearest that is there."""
    whole = [Message(f"Message {n}", (Header(f"Message {n}"),)) for n in range(3)]
    first, second, last = (weekly.digest_preview(whole, n) for n in range(3))
    assert [("Next", "1")] == led_to(first)
    assert [("Previous", "0"), ("Next", "2")] == led_to(second)
    assert [("Previous", "1")] == led_to(last)
    assert "message 1 of 3" in lines(first)[0]
    assert "message 2 of 3" in lines(second)[0]
    assert (first, last) == (weekly.digest_preview(whole, -9), weekly.digest_preview(whole, 9))


def test_where_there_is_nothing_the_bot_says_what_comes_next() -> None:
    """No dead end: the answer says what will happen."""
    message = weekly.nothing_new()
    assert "the next digest will hold it" in message.fallback
    assert [message.fallback] == lines(message)
