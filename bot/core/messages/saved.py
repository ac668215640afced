"""Words about ideas that somebody saved for later; told to them alone."""

from bot.core.messages.common import author_name, said
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Idea
from bot.core.model.parts import Actions, Button, Message
from bot.core.model.vocabulary import command


def saved(idea: Idea, *, new: bool) -> Message:
    """It is on the list; *new*: since now."""
    which = f"#{idea.number} by {author_name(idea.author)}"
    words = f"Saved: {which}." if new else f"You have {which} on your list already."
    number = idea.number
    return said(
        f"{words} Only you see your list: `{command('saved')}`.",
        Actions(
            (
                Button("See my list", Action(Act.SAVED)),
                Button("Take it off", Action(Act.SAVE, number=number, back=True)),
            )
        ),
    )


def unsaved(idea: Idea, *, was: bool) -> Message:
    """It is not on the list; *was*: until now."""
    again = Button("Save it again" if was else "Save it", Action(Act.SAVE, number=idea.number))
    words = "is off your list" if was else "is not on your list"
    return said(f"#{idea.number} {words}.", Actions((again,)))


def nothing_saved() -> Message:
    """The list is empty."""
    return said(
        "You have saved no idea yet, or those that you saved were taken back. The button Save "
        f"beside an idea puts it on your list, and so does `{command('save 12')}`. Only you see it."
    )
