"""Sharing an idea, and telling about oneself: the forms, and what is said to whoever does so."""

from collections.abc import Sequence
from textwrap import TextWrapper
from typing import Final

from bot.core.messages.common import channel_name, excerpt, runs, said
from bot.core.messages.fitting import most
from bot.core.model.actions import Act, Action
from bot.core.model.cutting import size
from bot.core.model.ideas import Idea
from bot.core.model.parts import (
    Actions,
    Button,
    Message,
    Note,
    Paragraph,
    Quote,
    Run,
)
from bot.core.model.vocabulary import BRING, INVITE, command

MOST_BUTTONS = 20
MOST_CARRIED: Final = 12_000
"""Characters that the buttons of a message carry together; a long text leaves room for few."""
MOST_CHANNELS = 25
_PIECES: Final = TextWrapper(
    width=1_500,
    expand_tabs=False,
    replace_whitespace=False,
    drop_whitespace=False,
    break_on_hyphens=False,
)
"""Takes a long text apart, so that each platform shows all of it."""


def kept(shown: Idea, *, new: bool) -> Message:
    """An idea from a command is kept, and stands in the channel or will in a moment."""
    where = channel_name(shown.channel_name)
    if not new:
        return said(f"I have that one already: it is #{shown.number}.")
    if shown.ts is None:
        return said(f"Kept as #{shown.number}. I am posting it in {where} under your name.")
    words = f"Kept as #{shown.number}, and posted in {where} under your name."
    link = (Run(" "), Run("Open it", url=shown.permalink)) if shown.permalink else ()
    return Message.of(Paragraph((Run(words), *link)))


def kept_waiting(shown: Idea, why: str) -> Message:
    """An idea is kept, and could not be posted yet."""
    return said(
        f"Kept as #{shown.number}, but I could not post it yet: {why} I keep trying, and will "
        f"post it in {channel_name(shown.channel_name)} under your name."
    )


def kept_unposted(shown: Idea, why: str) -> Message:
    """An idea is kept, but could not be posted."""
    return said(
        f"Kept as #{shown.number}, but I could not post it: {why} You still find it in "
        f"`{command('mine')}` and in every export. To take it back: "
        f"`{command(f'remove {shown.number}')}`."
    )


def which_channel(text: str, channels: Sequence[tuple[str, str]]) -> Message:
    """Ask where an idea should be posted; it is not kept yet.

    Args:
        text: what was typed; the buttons give it back.
        channels: (id, name) of the channels to choose from, one at least.
    """
    buttons = [
        Button(f"#{name or ident}", _share_here(ident, text))
        for ident, name in channels[:MOST_BUTTONS]
    ]
    shown = buttons[: most(buttons, lambda some: sum(map(_carried, some)) <= MOST_CARRIED)]
    others = Note(runs("Not listed? Send it from the channel itself."))
    return said(
        "Which channel should I post this idea in? Nothing is kept until you choose.",
        Quote(excerpt(text)),
        Actions(tuple(shown)),
        *([others] if len(shown) < len(channels) else []),
    )


def _carried(button: Button) -> int:
    return size(button.action.value)


def elsewhere(channels: Sequence[tuple[str, str]]) -> str:
    """Say from where an idea can be sent that no button can give back; it is not kept."""
    if not channels:
        return (
            "I am not in a channel yet where I could post an idea. "
            f"{BRING} `{INVITE}`, then try again."
        )
    names = ", ".join(f"#{name or ident}" for ident, name in channels[:MOST_CHANNELS])
    return f"I do not keep ideas in this channel. Please send it from one of these: {names}."


def unkept(why: Message, words: str) -> Message:
    """An idea that was typed is not kept: *why*, and its words, to be copied."""
    pieces = map(Quote, _PIECES.wrap(words))
    return Message.of(*why.parts, Paragraph(runs("Nothing was kept. Your words:")), *pieces)


def meant_ideas(text: str, meant: str, *, channel: str) -> Message:
    """Ask whether an idea that begins as a command was meant as one. Nothing is kept or posted."""
    share = Button("Share it as an idea", _share_here(channel, text))
    return said(
        f"Did you mean `{command(meant)}`? Nothing was kept or posted. If these words are your "
        "idea, press the button.",
        Quote(excerpt(text)),
        Actions((share,)),
    )


def _share_here(channel: str, text: str) -> Action:
    return Action(Act.SHARE_HERE, channel=channel, text=text)
