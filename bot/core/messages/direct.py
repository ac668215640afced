"""What the bot answers, in its own conversation with a member, to what is no command there."""

from bot.core.messages.common import said
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Actions, Button, Form, Message


def hello(idea: str) -> Message:
    """Told a member once. *idea*: what they wrote, where it may be an idea; else empty."""
    words = (
        "Hello, I am Commonplace. I keep the ideas that people post in the channels I am in, with "
        "their names. Here you can just write to me: `search reading garden` finds ideas, and "
        "`list` shows the newest. I keep nothing of what you write here, unless you share it."
    )
    share = _share(idea) if idea else Button("Share an idea", Action(Act.SHARE))
    return said(words, Actions((share, Button("What you can do", Action(Act.HELP)))))


def hint(words: str, idea: str) -> Message:
    """Told each time after that, in a line; *idea* as with `hello`."""
    if idea:
        return said(
            "I know no command like that. If it is an idea, share it.",
            Actions((_share(idea),)),
        )
    return said(words)


def form_offered(form: Form) -> Message:
    """Told where no form can be opened by itself: a button opens it."""
    words = f"There is a form for that: {form.title}."
    return said(words, Actions((Button("Open the form", form.about),)))


def _share(idea: str) -> Button:
    return Button("Share it as an idea", Action(Act.SHARE_HERE, text=idea))
