"""The prompt, and what is said of digest and prompt before they are posted."""

from __future__ import annotations

from bot.core.messages import weekly
from bot.core.parts import Header, Message, Note, Paragraph


def lines(message: Message) -> list[str]:
    """What a reader sees, part by part."""
    return [
        part.text if isinstance(part, Header) else "".join(run.text for run in part.runs)
        for part in message.parts
        if isinstance(part, Header | Paragraph | Note)
    ]


def test_a_prompt_asks_and_says_how_to_answer() -> None:
    """The question stands alone; beneath, one line says what a reply becomes."""
    message = weekly.prompt("Which teacher did you plan with first this year?")
    assert [
        "This week’s question",
        "Which teacher did you plan with first this year?",
    ] == lines(message)[:2]
    assert "kept under your name" in lines(message)[2]
    for line in lines(message):
        assert line in message.fallback


def test_a_preview_says_that_only_the_asker_sees_it() -> None:
    """Before the message itself stands one line of small print."""
    posted = Message("One idea.", (Header("Ideas"),))
    preview = weekly.digest_preview(posted)
    assert posted.parts == preview.parts[1:]
    assert lines(preview)[0].startswith("Only you see this.")
    assert preview.fallback.endswith(posted.fallback)
    asked = weekly.prompt_preview(weekly.prompt("Why?"))
    assert lines(asked)[0].startswith("Only you see this.")


def test_where_there_is_nothing_the_bot_says_what_comes_next() -> None:
    """No dead end: the answer says what will happen."""
    message = weekly.nothing_new()
    assert "will be in it" in message.fallback
    assert [message.fallback] == lines(message)
