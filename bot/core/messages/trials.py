"""Trials in words: the form that asks what came of it, the thanks, and the news to the author."""

from collections.abc import Sequence
from typing import Final

from bot.core.messages.common import (
    author_line,
    author_name,
    excerpt,
    place,
    radio,
    said,
    words_of,
)
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Idea, Trial, TrialOutcome
from bot.core.model.parts import (
    Choice,
    ChoiceField,
    Form,
    Message,
    Note,
    Paragraph,
    Quote,
    Run,
    TextField,
    Words,
)

LONGEST: Final = 500
"""Characters of the sentence about a trial."""

CAME: Final = {
    TrialOutcome.WORKED: "It worked",
    TrialOutcome.CHANGED: "It worked, with changes",
    TrialOutcome.FAILED: "It did not work this time",
}
GRADES: Final = (
    "Pre-K to grade 2",
    "Grades 3 to 5",
    "Grades 6 to 8",
    "Grades 9 to 12",
    "Several grades",
    "Adults",
)
SETTINGS: Final = (
    "One class",
    "A whole grade",
    "The whole school",
    "A club or small group",
    "The library",
    "With families or the community",
    "With colleagues",
)


def what_came(trial: Trial) -> str:
    """What came of it and where, as a sentence goes on: `it worked (grades 3 to 5, one class).`."""
    words = CAME[trial.came]
    about = ", ".join(_small(one) for one in (trial.grades, trial.setting) if one)
    where = f" ({about})" if about else ""
    return f"{_small(words)}{where}."


def _small(words: str) -> str:
    """With a small first letter; `Pre-K` keeps its capital."""
    return words if words[1:2].isupper() or "-K" in words else words[0].lower() + words[1:]


def form(idea: Idea, before: Trial | None = None) -> Form:
    """Ask what came of trying an idea; *before*: what the same member told of it already."""
    came, grades, setting, words = (
        (before.came, before.grades, before.setting, before.words) if before else ("", "", "", "")
    )
    return Form(
        "I tried this",
        "Share",
        (
            Words(f"#{idea.number} by {author_line(idea.author)}: {words_of(idea, 200)}"),
            radio("came", "How did it go?", *CAME.items(), value=came),
            ChoiceField("grades", "With whom?", _choices(GRADES), value=grades),
            ChoiceField("setting", "Where?", _choices(SETTINGS), value=setting),
            TextField(
                "words",
                "One sentence about it",
                hint="What you changed, what surprised you, what you would tell a colleague.",
                value=words,
                limit=LONGEST,
            ),
            Words("I tell the author, and it goes into the next digest with both your names."),
        ),
        about=Action(Act.TRIED, number=idea.number, channel=idea.channel),
    )


def _choices(words: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(one, one) for one in words)


def thanks(idea: Idea, day: str = "") -> Message:
    """Said to whoever told of a trial; *day*: the weekday of the next digest, if it is near."""
    digest = f"{day}’s digest" if day else "the next digest"
    return said(
        f"Thanks! I’ll tell {author_name(idea.author)}, and it goes into {digest}. To change what "
        f"you wrote, press “I tried this” at #{idea.number} again."
    )


def news(trial: Trial, idea: Idea) -> Message:
    """Told to an author whose idea somebody tried."""
    name = excerpt(trial.name, 60) or "Somebody"
    who = f"{name} ({place(trial)})" if place(trial) else name
    return Message.of(
        Paragraph((Run(f"{who} tried your idea #{idea.number}: {what_came(trial)}"),)),
        *((Quote(trial.words),) if trial.words else ()),
        Note((Run(f"Your idea was: {words_of(idea, 120)}"),)),
    )
