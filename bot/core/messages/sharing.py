"""Sharing an idea, and telling about oneself: the forms, and what is said to whoever does so."""

from collections.abc import Sequence
from typing import Final

from bot.core.messages import licences, shares
from bot.core.messages.bylines import NOBODY
from bot.core.messages.common import channel_name, excerpt, radio, said
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Idea
from bot.core.model.parts import (
    Actions,
    Button,
    Form,
    Message,
    Paragraph,
    Quote,
    Run,
    TextField,
    Words,
)
from bot.core.model.people import Keep, Profile, Shown
from bot.core.model.vocabulary import BRING, INVITE, KEPT, SHARE, command

MOST_BUTTONS = 20
MOST_CHANNELS = 25


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
        channels: (id, name) of the channels to choose from.
    """
    if not channels:
        return said(
            "I am not in a channel yet where I could post this, so nothing was kept. "
            f"{BRING} `{INVITE}`, then try again."
        )
    buttons = tuple(
        Button(f"#{name or ident}", _share_here(ident, text))
        for ident, name in channels[:MOST_BUTTONS]
    )
    return said(
        "Which channel should I post this idea in? Nothing is kept until you choose.",
        Quote(excerpt(text)),
        Actions(buttons),
    )


def too_long_to_ask(channels: Sequence[tuple[str, str]]) -> Message:
    """A long idea was typed where it cannot be posted; the text is too long for a button."""
    names = ", ".join(f"#{name or ident}" for ident, name in channels[:MOST_CHANNELS])
    where = f"Please send it from one of these: {names}." if names else "Invite me to one first."
    return said(f"I do not keep ideas in this channel, so this one was not kept. {where}")


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


# -- about oneself ----------------------------------------------------------------------------


WAYS_TO_BE_SHOWN: Final = (
    (Shown.NAME, "Show my name and school"),
    (Shown.SCHOOL, "Show my school"),
    (Shown.NOBODY, f"Show “{NOBODY}”"),
)


def profile(now: Profile, *, here: str) -> Form:
    """The form about oneself; *here*: the channel it was opened from."""
    return Form(
        "About me",
        "Save",
        (
            Words(
                "I show this beside the ideas you share from now on. You may leave any field empty."
            ),
            TextField("school", "School", value=now.school, limit=150),
            TextField("district", "District", value=now.district, limit=150),
            TextField(
                "role",
                "Role",
                hint="For example: K-5 teacher librarian.",
                value=now.role,
                limit=150,
            ),
            radio(
                "keep",
                "What I keep of your posts",
                (Keep.ALL, "Keep what reads like an idea"),
                (Keep.MARKED, "Keep only what I mark"),
                (Keep.NOTHING, "Keep nothing of mine"),
                value=now.keep,
            ),
            radio(
                "shown",
                "On pages that people outside can open",
                *WAYS_TO_BE_SHOWN,
                value=now.shown or Shown.NOBODY,
            ),
            licences.field(now.licence),
        ),
        about=Action(Act.PROFILE, channel=here),
    )


_KEPT: Final = {
    Keep.ALL: "I keep what you post when it reads like an idea.",
    Keep.MARKED: (
        f"I keep only what you mark with `idea:`, `#idea` or {KEPT}, or share with `{SHARE}`."
    ),
    Keep.NOTHING: (
        "From now on I keep nothing that you post, even when somebody marks it. I still keep what "
        f"you share with `{SHARE}` yourself. What I kept before stays: `{command('mine')}` shows "
        f"it, and `{command('remove')}` with a number takes it back."
    ),
}


_SHOWN: Final = {
    Shown.NAME: "your name and school",
    Shown.SCHOOL: "your school, and not your name",
    Shown.NOBODY: f"“{NOBODY}” instead of your name",
}


def profile_saved(now: Profile, earlier: int) -> Message:
    """Told after the form about oneself was sent: what stands beside ideas, what is kept.

    Args:
        earlier: how many earlier ideas are under other terms than they chose.
    """
    told = ", ".join(filter(None, (now.school, now.district, now.role)))
    beside = f"From now on I show this beside your ideas: {told}. " if told else ""
    words = (f"Saved. {beside}{_KEPT[now.keep]}", _outside(now), licences.told(now.licence))
    return said(" ".join(filter(None, words)), *licences.offer(earlier))


def shown_saved(now: Profile) -> Message:
    """Told after somebody chose what pages that people outside can open show of them."""
    more = () if now.licence else licences.question()
    return said(f"Thank you. {_outside(now)}", *more)


def licence_saved(now: Profile, earlier: int) -> Message:
    """Told after somebody chose what others may do with their ideas; *earlier*: see above."""
    words = f"Thank you. {licences.told(now.licence)} You can change this with `{command('me')}`."
    asked = "And what may pages that people outside can open show with them?"
    more = () if now.shown else (Paragraph((Run(asked),)), shares.name_buttons())
    return said(words, *licences.offer(earlier), *more)


def _outside(now: Profile) -> str:
    shown = _SHOWN[now.shown or Shown.NOBODY]
    return (
        f"Pages that people outside can open show {shown}. You can change this with "
        f"`{command('me')}`."
    )
