"""What is posted by the week: the digest and the prompt, and what is said of them before."""

from __future__ import annotations

from typing import Final

from bot.core.messages.common import excerpt, said
from bot.core.parts import Header, Message, Note, Paragraph, Run

_HOW_TO_ANSWER: Final = (
    "Reply in this thread, in a sentence or two. Your reply is kept under your name, so that "
    "others can find it later."
)
_QUESTION: Final = "This week’s question"


# -- the prompt -------------------------------------------------------------------------------


def prompt(text: str, *, by: str = "") -> Message:
    """The week's question, and how to answer it.

    Args:
        by: the name of the member who proposed it.
    """
    question = excerpt(text, 1_500)
    asked = f"asked by {excerpt(by, 60)}" if by.strip() else ""
    credit = (Note((Run(asked, italic=True),)),) if asked else ()
    return Message(
        "\n\n".join(filter(None, (f"{_QUESTION}: {question}", asked, _HOW_TO_ANSWER))),
        (Header(_QUESTION), Paragraph((Run(question),)), *credit, Note((Run(_HOW_TO_ANSWER),))),
    )


# -- before it is posted ----------------------------------------------------------------------


def nothing_new() -> Message:
    """There would be no digest."""
    return said(
        "There is nothing for a digest yet: no idea has come in since the last one. The next idea "
        "that is posted in this channel will be in it."
    )


def digest_preview(message: Message) -> Message:
    """A digest as it would be posted now, shown to one member."""
    return _preview(message, "how the digest would look if it were posted now")


def prompt_preview(message: Message) -> Message:
    """A prompt as it would be posted now, shown to one member."""
    return _preview(message, "the question that would be asked now")


def _preview(message: Message, what: str) -> Message:
    words = f"Only you see this. It is {what}."
    return Message(f"{words}\n\n{message.fallback}", (Note((Run(words),)), *message.parts))
