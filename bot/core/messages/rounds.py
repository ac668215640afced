"""Words of a coordinator's round: what is in doubt, the next digest, the questions to come."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.messages.common import (
    author_line,
    author_name,
    channel_name,
    count,
    excerpt,
    listed,
    runs,
    words_of,
)
from bot.core.messages.hours import day, moment
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Idea
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    Divider,
    Field,
    Form,
    Message,
    Note,
    Paragraph,
    Part,
    Quote,
    Run,
    TextField,
    Words,
)
from bot.core.model.rounds import ChannelRound, Round
from bot.core.model.settings import LONGEST_LINE
from bot.core.model.vocabulary import command

_MOST_PICKS: Final = 99
_TOGETHER: Final = 8
"""Questions in one paragraph: more of the longest have no room in it on every platform."""
YES, NO = "yes", "no"
"""What a press says of a post in doubt."""


def round_(shown: Round, zone: ZoneInfo) -> Message:
    """A whole round: the first post in doubt, then each channel."""
    names = [_name(one) for one in shown.channels]
    title = Paragraph((Run(f"This week in {listed(names)}", bold=True),))
    digests = map(_digest, shown.channels)
    return Message.of(
        title, *_doubtful(shown, zone), Divider(), *digests, *_questions(shown.channels)
    )


def _doubtful(shown: Round, zone: ZoneInfo) -> Iterator[Part]:
    """The first post in doubt, to be judged; the next one comes in its place."""
    if not shown.doubtful:
        yield Paragraph((Run("Nothing is in doubt."),))
        return
    one, left = shown.doubtful[0], len(shown.doubtful)
    where = channel_name(one.channel_name)
    when = day(one.posted_at.astimezone(zone))
    yield Paragraph((Run("Is this an idea?", bold=True), Run(f" ({left} in doubt)")))
    about = [Run(f"#{one.number} {author_line(one.author)} on {when} in {where}")]
    if one.permalink:
        about += [Run(" · "), Run("open in the channel", url=one.permalink)]
    yield Note(tuple(about))
    yield Quote(words_of(one, 600))
    yield Actions(
        (
            Button("Yes, an idea", Action(Act.JUDGE, number=one.number, text=YES), primary=True),
            Button("No, leave it", Action(Act.JUDGE, number=one.number, text=NO)),
        )
    )
    yield Note((Run("An idea goes into the next digest. Any other post can only be found."),))


def _digest(one: ChannelRound) -> Paragraph:
    when = ""
    if one.digest is not None:
        at = moment(one.digest.at, one.digest.week.zone)
        when = (
            f"the digest of {at} is skipped"
            if one.digest.skipped
            else f"the next digest comes {at}"
        )
    words = [when or "no digest is due", f"{count(len(one.fresh), 'new idea')} so far"]
    if one.channel.line:
        words.append(f"your line: “{one.channel.line}”")
    if one.pick:
        words.append(f"your pick: #{one.pick.number}")
    return Paragraph(
        (Run(_name(one), bold=True), Run(f": {'; '.join(words)}.")),
        Button("Line and pick", Action(Act.WEEK, channel=one.channel.id)),
    )


def _questions(channels: Sequence[ChannelRound]) -> Iterator[Part]:
    """The questions to come, each once: most channels are asked the same on the same day."""
    asked: dict[tuple[datetime, str, str], list[str]] = {}
    for one in channels:
        for then in one.questions:
            at = moment(then.delivery.at, then.delivery.week.zone)
            key = (then.delivery.at, at, then.prompt.text)
            asked.setdefault(key, []).append(_name(one))
    if not asked:
        return
    yield Divider()
    yield Paragraph((Run("The next questions, as things stand", bold=True),))
    lines = [
        f"{at}{'' if len(names) == len(channels) else f', in {listed(names)}'}: {text}"
        for (_, at, text), names in sorted(asked.items())
    ]
    for start in range(0, len(lines), _TOGETHER):
        yield Paragraph((Run("\n".join(lines[start : start + _TOGETHER])),))
    yield Note(
        runs(
            "I choose each question on its day, so new ideas may change them. In a channel, "
            f"`{command('prompt skip')}` skips its next one, and "
            f"`{command('prompt list all')}` shows others that you can pin."
        )
    )


def opens(waiting: int) -> Iterator[Part]:
    """Below a look ahead: the button to the round."""
    doubts = f"{waiting} posts are in doubt" if waiting > 1 else "1 post is in doubt"
    words = f"{doubts}. " if waiting else ""
    yield Divider()
    yield Paragraph(
        (Run(f"{words}You can also write a line, pick an idea, and see the next questions."),),
        Button("Go through the week", Action(Act.ROUNDS)),
    )


def form(one: ChannelRound, opened: str = "") -> Form:
    """What opens the next digest of a channel.

    *opened*: the pick and the line that it opened with, where it is drawn again.
    """
    pick = str(one.pick.number) if one.pick else "-"
    fields: list[Field] = [
        Words(f"For {_name(one)}."),
        TextField(
            "line",
            "A line of yours",
            hint="It opens the next digest. Leave it empty for none.",
            value=one.channel.line,
            limit=LONGEST_LINE,
        ),
    ]
    if one.fresh:
        choices = [Choice(str(idea.number), _label(idea)) for idea in one.fresh[-_MOST_PICKS:]]
        fields.append(
            ChoiceField(
                "pick",
                "Your pick of the week",
                (Choice("-", "None"), *choices),
                value=pick,
                hint="The next digest shows it first, as your pick, with your name.",
            )
        )
    text = opened or f"{pick} {one.channel.line}"
    about = Action(Act.WEEK, channel=one.channel.id, text=text)
    return Form("The next digest", "Save", tuple(fields), about)


def saved(one: ChannelRound) -> Message:
    """The line and the pick are kept."""
    return Message.of(Paragraph((Run("Saved."),)), _digest(one))


def _label(idea: Idea) -> str:
    return excerpt(f"#{idea.number} {author_name(idea.author)}: {words_of(idea, 70)}", 70)


def _name(one: ChannelRound) -> str:
    return channel_name(one.channel.name, "a channel")
