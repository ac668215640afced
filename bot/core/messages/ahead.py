"""The look ahead at a digest: what its coordinator is shown an hour before the channel is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.core.messages.common import author_name, channel_name, excerpt, said, words_of
from bot.core.messages.digest_words import how_many
from bot.core.messages.hours import moment
from bot.core.model.actions import Act, Action
from bot.core.model.channel_week import WeeklyDelivery
from bot.core.model.digest import RenderedDigest
from bot.core.model.ideas import Idea
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    Divider,
    Message,
    Note,
    Paragraph,
    Part,
    Run,
    Select,
)
from bot.core.model.vocabulary import command

MOST_CHOICES: Final = 100
MOST_LOOKS: Final = 20
"""Digests that one message shows."""
_MOST_LEFT_OUT: Final = 10


def look_ahead(digest: RenderedDigest, left_out: Sequence[Idea]) -> Message:
    """A digest before it goes, with what can still be done about it.

    Args:
        left_out: what was left out of it.
    """
    words = f"This digest goes to {_where_and_when(digest.delivery)}. Only you see it now."
    leave = _of(digest.delivery, Act.LEAVE_OUT)
    skip = Button("Skip this week", _of(digest.delivery, Act.SKIP))
    later = [idea for reply in digest.replies for idea in reply]
    parts: list[Part] = [
        Paragraph((Run(words, bold=True),)),
        Actions((skip, *_more(later, leave))),
        *_left_out(left_out, leave),
        Divider(),
        *(
            _turned(part, leave)
            for part in digest.first.parts
            if not isinstance(part, Note) and _is_kept(part)
        ),
    ]
    told = (
        "If you skip this week, what came in waits for the next digest. If you leave an idea out, "
        "no digest shows it, but it is still kept and can be found."
    )
    return Message(f"{words} {told}\n\n{digest.first.fallback}", (*parts, Note((Run(told),))))


def several(digests: Sequence[RenderedDigest]) -> Message:
    """Digests of several channels before they go, a line each, with a button to look at it."""
    title = f"{len(digests)} digests go out within the hour. Only you see them now."
    return Message.of(
        Paragraph((Run(title, bold=True),)),
        *map(_line, digests),
        Note((Run("Look at one to skip its week, or to leave an idea out."),)),
    )


def _line(digest: RenderedDigest) -> Paragraph:
    words = f"{_where_and_when(digest.delivery)}: {how_many(digest.contents.fair_order)}."
    return Paragraph((Run(words),), Button("Look at it", _of(digest.delivery, Act.LOOK)))


def _of(delivery: WeeklyDelivery, act: Act) -> Action:
    return Action(act, channel=delivery.channel, period=delivery.subject)


def _where_and_when(delivery: WeeklyDelivery) -> str:
    """`#mentoring on Fri Nov 27, 3:00 PM, Chicago time`."""
    zone = delivery.week.zone
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{_where(delivery)} on {moment(delivery.at, zone)}, {city} time"


def _where(delivery: WeeklyDelivery) -> str:
    return channel_name(delivery.week.channel.name)


def _is_kept(part: Part) -> bool:
    """Whether a part is looked at: the digest's own buttons are not, those of an idea are."""
    return not isinstance(part, Actions) or bool(_number_in(part))


def _number_in(part: Actions) -> int:
    """The number of the idea that a row of buttons is about; 0: of none."""
    numbers = (one.action.number for one in part.buttons if isinstance(one, Button))
    return next(filter(None, numbers), 0)


def _turned(part: Part, leave: Action) -> Part:
    """With an idea stand not its own buttons, but one to leave it out."""
    if isinstance(part, Actions):
        this = replace(leave, number=_number_in(part))
        return Actions((Button("Leave this idea out", this),))
    if not isinstance(part, Paragraph) or part.button is None:
        return part
    this = replace(leave, number=part.button.action.number)
    return Paragraph(part.runs, Button("Leave this idea out", this))


def _more(later: Sequence[Idea], leave: Action) -> Iterator[Select]:
    if later:
        yield Select(
            "Leave out an idea from the thread",
            Act.LEAVE_OUT,
            tuple(
                Choice(replace(leave, number=idea.number).value, _label(idea))
                for idea in later[:MOST_CHOICES]
            ),
        )


def _label(idea: Idea) -> str:
    return excerpt(f"#{idea.number} {author_name(idea.author)}: {words_of(idea, 70)}", 70)


def _left_out(left_out: Sequence[Idea], leave: Action) -> Iterator[Part]:
    if left_out:
        yield Paragraph((Run("Left out", bold=True), Run(" of this and every later digest:")))
        yield Actions(
            tuple(
                Button(f"Put #{idea.number} back", replace(leave, number=idea.number, back=True))
                for idea in left_out[-_MOST_LEFT_OUT:]
            )
        )


def skipped(delivery: WeeklyDelivery) -> Message:
    """This week's digest will not be posted."""
    back = replace(_of(delivery, Act.SKIP), back=True)
    return said(
        f"The digest to {_where_and_when(delivery)}, is skipped. What came in waits for the next "
        "one.",
        Actions((Button("Post it after all", back),)),
    )


def nothing_left(delivery: WeeklyDelivery, left_out: Sequence[Idea]) -> Message:
    """Every idea was left out, or withdrawn; what was left out can be put back."""
    return said(
        f"Nothing is left for the digest to {_where_and_when(delivery)}, so I will not post one, "
        "unless somebody posts an idea before then.",
        *_left_out(left_out, _of(delivery, Act.LEAVE_OUT)),
    )


def none_to_come() -> Message:
    """No digest is waiting to be posted."""
    return said(
        "No digest of this channel is to come: its digests are off, or I am posting one now. "
        f"`{command('settings')}` shows its days and hours."
    )


def left_out(number: int, then: Message, *, back: bool) -> Message:
    """An idea was left out of digests, or put back; *then*: the digest that comes next."""
    done = "is in the digests again" if back else "is left out of every digest, and still kept"
    words = Paragraph((Run(f"#{number} {done}."),))
    return Message(f"{words.runs[0].text}\n{then.fallback}", (words, *then.parts))


def too_late() -> Message:
    """The digest is being posted already."""
    return said(
        "It is too late to change this digest: I am posting it now. To take back an idea that "
        f"should not be in it, write `{command('remove')}` and its number."
    )
