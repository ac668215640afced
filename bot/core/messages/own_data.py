"""Words about what is held of somebody: the file of it, and the two questions before it goes."""

from collections.abc import Mapping
from typing import Final

from bot.core.messages.common import count, listed, runs, said
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Actions, Button, Message, Paragraph
from bot.core.model.vocabulary import DIRECT, command

ALL: Final = "all"
"""The answer to the second question that erases everything."""
FROM_NOW_ON: Final = "nothing"
"""The answer that also lets nothing be kept from then on."""
ASK: Final = "ask"
"""Not an answer yet: what would go is to be said, and the first question asked."""
NOT: Final = "keep"
"""The answer that erases nothing."""

_NOUNS: Final = {
    "ideas": ("idea", "ideas"),
    "trials": ("“I tried this”", "“I tried this”"),
    "replies": ("reply", "replies"),
    "reactions": ("reaction", "reactions"),
    "questions": ("proposed question", "proposed questions"),
    "claims": ("claimed idea", "claimed ideas"),
}
"""Sections of what is held, as the question counts them."""

_STAYS: Final = (
    "Ideas by others that credit or mention you say “a colleague” instead, and a question of yours "
    "that was accepted stays, without your name. What you wrote in the chat stays there, as do "
    "digests that were posted and files that others took."
)


def started() -> Message:
    """The file is being made."""
    return said(f"I am putting together everything I hold about you. It comes in {DIRECT}.")


def done() -> str:
    """What is said with the file."""
    return (
        "Here is everything I hold about you, as a JSON file; any editor opens it. "
        f"{command('forget-me')} erases it."
    )


def goes(held: Mapping[str, int]) -> str:
    """What goes, counted."""
    counted = [count(held[name], *nouns) for name, nouns in _NOUNS.items() if held.get(name)]
    return listed([*counted, "the profile", "every name", "what waits to be sent"])


def nothing_held() -> Message:
    """There is nothing to erase."""
    return said("I hold nothing about you, so there is nothing to erase.")


def first(held: Mapping[str, int]) -> Message:
    """Say what would go, and ask for the first time."""
    goes_too = "What I posted of your ideas leaves the channels, and so do my marks."
    return said(
        f"This erases for good what I hold about you: {goes(held)}. {goes_too}",
        Paragraph(runs(_STAYS)),
        Actions(
            (
                Button("Erase everything…", Action(Act.FORGET), danger=True),
                Button("First send me my data", Action(Act.MY_DATA)),
            )
        ),
    )


def second() -> Message:
    """Ask for the second time, and what is to be kept from then on."""
    return said(
        "Are you sure? Nobody can bring it back, and what you posted until now is never kept "
        "again, whoever marks it. What you post from now on is a new beginning, unless you choose "
        "that nothing is kept of that either.",
        Actions(
            (
                Button("Erase everything", Action(Act.FORGET, text=ALL), danger=True),
                Button(
                    "Erase it, and keep nothing of mine from now on",
                    Action(Act.FORGET, text=FROM_NOW_ON),
                    danger=True,
                ),
                Button("Erase nothing", Action(Act.FORGET, text=NOT)),
            )
        ),
    )


def not_erased() -> Message:
    """They changed their mind."""
    return said("Nothing was erased.")


def erased(*, keeps_nothing: bool) -> Message:
    """It is done."""
    later = (
        f"From now on I keep nothing of yours; `{command('me')}` changes that."
        if keeps_nothing
        else f"What you post from now on is a new beginning; `{command('me')}` has the choices."
    )
    return said(
        "Done: what I held about you is erased. Whoever coordinates sees that somebody was erased, "
        f"not who. {later}"
    )
