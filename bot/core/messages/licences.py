"""What others may do with a member's ideas: the question, its answers, what is said of them."""

from typing import Final

from bot.core.messages.common import count, radio, said
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Actions, Button, ChoiceField, Message, Part
from bot.core.model.people import Licence

OPEN: Final = "none"
"""The answer of whoever leaves it open."""

_MEANS: Final = {
    Licence.BY: "anyone may use and adapt them, with credit",
    Licence.BY_NC: "the same, but not to earn money",
    Licence.RESERVED: "others ask me first",
}

QUESTION: Final = (
    f"And what may others do with your ideas? I suggest {Licence.BY}: {_MEANS[Licence.BY]}. "
    f"{Licence.BY_NC}: {_MEANS[Licence.BY_NC]}. It stands beside your ideas wherever they are "
    "cited, exported or shared."
)


def question() -> tuple[Part, ...]:
    """The question, with its answers as buttons."""
    by = Button("CC BY 4.0", Action(Act.LICENCE, text=Licence.BY))
    by_nc = Button("CC BY-NC 4.0", Action(Act.LICENCE, text=Licence.BY_NC))
    reserved = Button("All rights reserved", Action(Act.LICENCE, text=Licence.RESERVED))
    return (*said(QUESTION).parts, Actions((by, by_nc, reserved)))


def field(now: Licence | None) -> ChoiceField:
    """The same in a form."""
    choices = ((one, f"{one[0].upper()}{one[1:]}: {means}") for one, means in _MEANS.items())
    return radio(
        "licence",
        "What others may do with your ideas",
        *choices,
        (OPEN, "I have not decided"),
        value=now or OPEN,
    )


def told(now: Licence | None) -> str:
    """What stands from now on beside a member's ideas; empty: nothing does."""
    return f"From now on your ideas are under “{now}”." if now else ""


def offer(earlier: int) -> tuple[Part, ...]:
    """The button that puts earlier ideas under the same terms; *earlier*: so many are not."""
    if not earlier:
        return ()
    words = f"{count(earlier, 'earlier idea')} of yours: not yet under these terms."
    apply = Button("Use it for my earlier ideas", Action(Act.LICENCE_EARLIER))
    return (*said(words).parts, Actions((apply,)))


def applied(now: Licence | None, changed: int) -> Message:
    """Told after earlier ideas were put under the terms of today."""
    if now is None:
        return said("You have not said yet what others may do with your ideas, so nothing changed.")
    return said(f"Done: {count(changed, 'earlier idea')} of yours changed to “{now}”.")
