"""The forms: sharing an idea, and telling about oneself."""

from collections.abc import Sequence
from typing import Final

from bot.core.messages.common import said
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Choice, ChoiceField, Form, Message, TextField, Words
from bot.core.model.people import Keep, Profile
from bot.core.model.vocabulary import KEPT, SHARE, command


def share(channels: Sequence[tuple[str, str]], *, here: str, text: str = "") -> Form:
    """The form for an idea.

    Args:
        channels: (id, name) of the channels it may be posted in.
        here: the channel it was opened from; chosen already when it is one of them.
    """
    choices = tuple(Choice(ident, f"#{name or ident}") for ident, name in channels[:100])
    known = {ident for ident, _ in channels}
    return Form(
        "Share an idea",
        "Share",
        "Cancel",
        (
            TextField(
                "text",
                "Your idea",
                hint="What you did, with whom, and how it went. A sentence is enough.",
                value=text,
                lines=True,
                required=True,
            ),
            ChoiceField(
                "channel",
                "Post it in",
                choices,
                value=here if here in known else (channels[0][0] if channels else ""),
                required=True,
            ),
            TextField(
                "thanks",
                "Somebody to thank who is not in this workspace",
                hint="A teacher you planned with, a public librarian, a colleague elsewhere.",
                limit=150,
            ),
            Words("Commonplace posts it, with your name in the first line."),
        ),
        about=Action(Act.SHARE, channel=here),
    )


def profile(now: Profile, *, here: str) -> Form:
    """The form about oneself; *here*: the channel it was opened from."""
    return Form(
        "About me",
        "Save",
        "Cancel",
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
            ChoiceField(
                "keep",
                "What I keep of your posts",
                (
                    Choice(Keep.ALL, "Keep what reads like an idea"),
                    Choice(Keep.MARKED, "Keep only what I mark"),
                    Choice(Keep.NOTHING, "Keep nothing of mine"),
                ),
                value=now.keep,
                required=True,
                radio=True,
            ),
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


def profile_saved(now: Profile) -> Message:
    """Told after the form about oneself was sent: what stands beside ideas, what is kept."""
    told = ", ".join(filter(None, (now.school, now.district, now.role)))
    beside = f"From now on I show this beside your ideas: {told}. " if told else ""
    return said(f"Saved. {beside}{_KEPT[now.keep]} You can change this with `{command('me')}`.")
