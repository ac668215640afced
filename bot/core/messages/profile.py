"""A member about themselves: the form, the question that opens it once, and what is said then."""

from typing import Final

from bot.core.messages import licences, shares
from bot.core.messages.bylines import NOBODY
from bot.core.messages.common import radio, runs, said
from bot.core.model.actions import Act, Action
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    Form,
    Message,
    Paragraph,
    Run,
    TextField,
    Words,
)
from bot.core.model.people import Grades, Keep, Profile, Shown
from bot.core.model.vocabulary import KEPT, SHARE, command

UNTOLD: Final = "untold"
"""The choice of who does not tell the grades of their school: a choice of nothing has no value."""
EARLIER: Final = "earlier"
"""The choice of who wants what they enter on their earlier ideas, too."""

GRADES: Final = {
    Grades.ELEMENTARY: "Elementary",
    Grades.MIDDLE: "Middle",
    Grades.HIGH: "High",
    Grades.SEVERAL: "Several, or other",
}
"""What the grades of a school are called."""

SCHOOLS: Final = {
    Grades.ELEMENTARY: "an elementary school",
    Grades.MIDDLE: "a middle school",
    Grades.HIGH: "a high school",
    Grades.SEVERAL: "a school of several grades",
}
"""What a school of these grades is called."""

WAYS_TO_BE_SHOWN: Final = (
    (Shown.NAME, "Show my name and school"),
    (Shown.SCHOOL, "Show my school"),
    (Shown.NOBODY, f"Show “{NOBODY}”"),
)


def with_question(words: Message, *, here: str) -> Message:
    """A message to the author of a first idea, who is asked about themselves beneath it, once.

    *here*: the channel that it is shown in.
    """
    question = (
        "If you like, tell me your school and role: I show them beside your ideas, so that "
        "colleagues know where an idea works. I will not ask again."
    )
    buttons = (
        Button("About me", Action(Act.PROFILE, channel=here)),
        Button("Not now", Action(Act.NOT_NOW, channel=here)),
    )
    return Message.of(*words.parts, Paragraph(runs(question)), Actions(buttons))


def put_off() -> Message:
    """Told to whoever does not want to tell about themselves."""
    return said(
        "All right, I will not ask again. Should you want to later: "
        f"`{command('me')}` opens the form."
    )


def profile(now: Profile, *, here: str) -> Form:
    """The form about oneself; *here*: the channel it was opened from."""
    grades = tuple(Choice(one.value, words) for one, words in GRADES.items())
    return Form(
        "About me",
        "Save",
        (
            Words("I show this beside the ideas you share. You may leave any field empty."),
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
                "grades",
                "Grades of my school",
                (*grades, Choice(UNTOLD, "I do not say")),
                value=now.grades or "",
            ),
            radio(
                "ideas",
                "Where I show it",
                ("new", "On the ideas I share from now on"),
                (EARLIER, "Also on my earlier ideas"),
                # Who has told nothing yet has nothing on them that would be lost.
                value="new" if now.place else EARLIER,
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


def profile_saved(now: Profile, earlier: int, *, changed: int) -> Message:
    """Told after the form about oneself was sent: what stands beside ideas, what is kept.

    Args:
        earlier: how many earlier ideas are under other terms than they chose.
        changed: on how many earlier ideas their school stands now, too.
    """
    told = ", ".join(now.place)
    beside = f"From now on I show this beside your ideas: {told}. " if told else ""
    if changed:
        ideas = "your earlier idea" if changed == 1 else f"your {changed:,} earlier ideas"
        beside += f"I have put it right on {ideas}, too. "
    words = (f"Saved. {beside}{_KEPT[now.keep]}", _outside(now), licences.told(now.licence))
    return said(" ".join(filter(None, words)), *licences.offer(earlier))


def standing(now: Profile) -> tuple[str, str]:
    """What is kept of a member's posts, and what pages for people outside show of them."""
    return _KEPT[now.keep], _outside(now)


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
