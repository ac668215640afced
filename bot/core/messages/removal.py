"""Words about withdrawing an idea: the question before, what came of it, and how to undo it."""

from dataclasses import replace

from bot.core.messages.common import author_name, said, words_of
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import (
    POSTED_BY_US,
    AlreadyKnown,
    Captured,
    Idea,
    NotAnIdea,
    Outcome,
    Source,
)
from bot.core.model.parts import Actions, Button, Confirm, Message, Paragraph, Run
from bot.core.model.vocabulary import SHARE, WITHDRAWN, command


def remove_button(shown: Idea) -> Button:
    """The button that withdraws an idea; it asks before it acts."""
    title = f"Withdraw #{shown.number}"
    sure = Confirm(f"{title}?", _leaves(shown), "Withdraw it", "Keep it")
    return Button(title, Action(Act.REMOVE, number=shown.number), danger=True, confirm=sure)


def confirm_remove(shown: Idea) -> Message:
    """Ask before an idea is withdrawn."""
    words = f"Withdraw #{shown.number}, “{words_of(shown, 120)}”? {_leaves(shown)}"
    sure = replace(remove_button(shown), confirm=None)
    return Message.of(Paragraph((Run(words),)), Actions((sure,)))


def _leaves(shown: Idea) -> str:
    """What goes when an idea is withdrawn."""
    words = "It leaves every list, digest and later export."
    return f"{words} What colleagues said about trying it goes too." if shown.tried else words


def removed(gone: Idea, asker: str) -> Message:
    """It is withdrawn, and how to undo that.

    Args:
        gone: the idea as it was.
        asker: id of whoever withdrew it.
    """
    words = f"Withdrawn: #{gone.number} is gone from every list, digest and later export."
    if gone.place is None and gone.source is Source.IMPORT:
        return said(words)  # no post of it can be read again
    if gone.source not in POSTED_BY_US:
        return said(words, Actions((Button("Put it back", Action(Act.PUT_BACK, number=gone.id)),)))
    if gone.author.id != asker:
        return said(words)
    # My post of it is deleted, and with it the last copy of these words.
    again = Action(Act.SHARE_AGAIN, channel=gone.channel, text=gone.text)
    return said(words, Actions((Button("Share it again", again),)))


def put_back(number: int, outcome: Outcome) -> Message:
    """What came of putting a withdrawn idea back."""
    match outcome:
        case Captured() | AlreadyKnown():
            return said(f"#{number} is back, as its post reads now.")
        case NotAnIdea():
            return said(
                f"#{number} stays withdrawn: in `{command('me')}` its author chose that nothing is "
                "kept."
            )
        case _:
            return said(f"#{number} cannot be put back: I cannot read its post any more.")


def removed_before(number: int) -> Message:
    """It was withdrawn already."""
    return said(f"#{number} was withdrawn already.")


def crossed(number: int) -> Message:
    """Told once, privately, to an author who withdrew their idea, and with it my post of it."""
    return said(
        f"Your {WITHDRAWN} has withdrawn #{number}, and I have deleted my post of it. To share it "
        f"again, write `{SHARE}` and your words."
    )


def not_theirs(idea: Idea) -> Message:
    """Told once, privately, to somebody who tried to withdraw another person's idea by a sign."""
    return said(
        f"Your {WITHDRAWN} changes nothing: idea #{idea.number} is {author_name(idea.author)}’s, "
        "and only its author can take it back that way. If it should not be kept, tell them; a "
        f"coordinator can also use `{command(f'remove {idea.number}')}`."
    )
