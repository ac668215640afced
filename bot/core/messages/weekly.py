"""What is posted by the week: the digest and the prompt, and what is said of them before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.messages.common import excerpt, said, turns
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import NEXT_DIGEST
from bot.core.model.parts import Actions, Button, Header, Message, Note, Paragraph, Part, Run
from bot.core.model.prompts import to_complete

_HOW_TO_ANSWER: Final = (
    "Reply in this thread, in a sentence or two. Your reply is kept under your name, so that "
    "others can find it later."
)
_QUESTION: Final = "This week’s question"
_SENTENCE: Final = "This week’s question, a sentence to complete"
_LARGEST: Final = 150
"""Characters that a large line takes."""


# -- the prompt -------------------------------------------------------------------------------


def prompt(text: str, *, by: str = "") -> Message:
    """The week's question, larger than all around it, and how to answer it.

    Args:
        by: the name of the member who proposed it.
    """
    question = excerpt(text, 1_500)
    asks = _SENTENCE if to_complete(question) else _QUESTION
    credit = (Note((Run(f"asked by {excerpt(by, 60)}", italic=True),)),) if by.strip() else ()
    large = len(question) <= _LARGEST
    return Message.of(
        Note((Run(asks),)),
        Header(question) if large else Paragraph((Run(question, bold=True),)),
        *credit,
        Note((Run(_HOW_TO_ANSWER),)),
    )


# -- before it is posted ----------------------------------------------------------------------


def nothing_new() -> Message:
    """There would be no digest."""
    return said(
        "No idea has come in since the last digest, so there is nothing to show yet. Post an idea "
        "in this channel, and the next digest will hold it. Questions wait for that digest too."
    )


def digest_preview(whole: Sequence[Message], start: int = 0) -> Message:
    """A digest as it would be posted now, shown to one member, a message at a time.

    Args:
        whole: its first message, then the replies in its thread.
        start: which of them to show, counted from 0; buttons lead to the others.
    """
    start = min(max(start, 0), len(whole) - 1)
    told = "This is how the digest would look if it were posted now."
    if len(whole) > 1:
        told += f" This is message {start + 1} of {len(whole)}; all but the first go in its thread."
    shown = replace(whole[start], parts=tuple(map(_of_next, whole[start].parts)))
    return _preview(shown, told, *turns(Action(Act.DIGEST_PAGE), start, 1, len(whole)))


def _of_next(part: Part) -> Part:
    """Its list is of what is in no digest yet: the week may have had one already."""
    if not isinstance(part, Actions):
        return part
    return Actions(
        tuple(
            replace(one, action=replace(one.action, period=NEXT_DIGEST))
            if isinstance(one, Button) and one.act is Act.LIST
            else one
            for one in part.buttons
        )
    )


def prompt_preview(message: Message) -> Message:
    """The prompt that comes next, shown to one member."""
    return _preview(message, "This is the next question.")


def _preview(message: Message, told: str, *after: Actions) -> Message:
    return Message(f"{told}\n\n{message.fallback}", (Note((Run(told),)), *message.parts, *after))
