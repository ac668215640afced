"""What is said about the weekly question: why this one, proposals, lists, counts of answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.messages.common import channel_name, count, excerpt, runs, said, turns
from bot.core.messages.hours import day, moment
from bot.core.model.actions import Act, Action
from bot.core.model.parts import (
    Actions,
    Button,
    Divider,
    Header,
    Message,
    Note,
    Paragraph,
    Part,
    Quote,
    Run,
)
from bot.core.model.people import Channel
from bot.core.model.prompts import (
    OwnPrompt,
    Prompt,
    PromptStats,
    ProposalDecision,
    Questions,
    State,
    UpcomingPrompt,
    number_of,
)
from bot.core.model.vocabulary import command

PAGE: Final = 10
"""Questions shown at once."""
MOST_OWN: Final = 15
MOST_ASKED: Final = 15
_WORDS: Final = 280


def why(shown: UpcomingPrompt, zone: ZoneInfo) -> Message:
    """The question that comes next, and why it is this one."""
    when = "If a question were asked now" if shown.at is None else moment(shown.at, zone)
    return Message.of(
        Paragraph((Run(f"{when}:"),)),
        Quote(shown.prompt.text),
        Paragraph((Run(shown.why),)),
        Note((Run("Its name is "), Run(_shown_id(shown.prompt.id), code=True))),
    )


def added(prompt: OwnPrompt) -> Message:
    """A question was kept."""
    if prompt.state is State.ACCEPTED:
        return said(
            f"Kept as question {prompt.number} of this channel. I ask it when its turn comes; "
            f"`{command(f'prompt pin {prompt.number}')}` makes it the next one."
        )
    return said(
        "Thank you! I have passed your question on to the coordinator, and will tell you what "
        "they decide. When I ask it, I show your name with it."
    )


def edited(prompt: OwnPrompt) -> Message:
    """A question was reworded."""
    what = f"Question {prompt.number}" if not prompt.rewords else f"The question {prompt.rewords}"
    back = f" `{command(f'prompt remove {prompt.number}')}` brings the original words back."
    return said(
        f"{what} now reads, in this channel: {_quoted(prompt.text)}{back if prompt.rewords else ''}"
    )


def removed(prompt: OwnPrompt) -> Message:
    """A question is no longer asked."""
    if prompt.rewords:
        return said(f"The question {prompt.rewords} has its original words again.")
    return said(
        f"I have stopped asking question {prompt.number}: {_quoted(prompt.text)} Its answers stay."
    )


def skipped(prompt: Prompt, then: UpcomingPrompt, zone: ZoneInfo) -> Message:
    """Another question comes next."""
    return _then(f"I will not ask {_quoted(prompt.text)} for half a year.", then, zone)


def pinned(then: UpcomingPrompt, zone: ZoneInfo) -> Message:
    """What was chosen comes next, or the choice is the bot's again."""
    return _then("Pinned." if then.channel.pinned else "No question is pinned.", then, zone)


def _then(first: str, then: UpcomingPrompt, zone: ZoneInfo) -> Message:
    when = "Next" if then.at is None else f"Next, on {moment(then.at, zone)}"
    return said(f"{first} {when}: {_quoted(then.prompt.text)} {then.why}")


# -- proposals --------------------------------------------------------------------------------


def proposal(prompt: OwnPrompt, channel: Channel) -> Message:
    """Told to a coordinator: a member proposes a question."""
    words = f"{_who(prompt)} proposes a question for {_where(channel)}:"
    small = (
        "If you accept it, I ask it when its turn comes, with their name. "
        "I tell them what you decide."
    )
    return Message.of(
        Paragraph((Run(words),)), Quote(prompt.text), _decision(prompt), Note((Run(small),))
    )


def decided(result: ProposalDecision) -> Message:
    """Told to a coordinator who pressed a button."""
    prompt = result.prompt
    word = "accepted" if prompt.state is State.ACCEPTED else "declined"
    who = _who(prompt).replace("`", "'")
    what = f"{_quoted(prompt.text)} by {who}, for {_where(result.channel)}"
    if not result.now:
        return said(f"That was {word} already{f': {what}' if prompt.text else ''}.")
    tail = (
        "I ask it when its turn comes, with their name."
        if prompt.state is State.ACCEPTED
        else "I do not ask it."
    )
    return said(f"You {word} the question {what}. {tail}")


def outcome(prompt: OwnPrompt, channel: Channel) -> Message:
    """Told to whoever proposed a question."""
    words = _quoted(prompt.text)
    if prompt.state is State.ACCEPTED:
        return said(
            f"Your question was accepted for {_where(channel)}: {words} I ask it when its turn "
            "comes, with your name. Thank you!"
        )
    return said(
        f"Thank you for your question for {_where(channel)}: {words} The coordinator does not plan "
        "to ask it for now."
    )


def _decision(prompt: OwnPrompt) -> Actions:
    accept = Action(Act.PROMPT_ACCEPT, channel=prompt.channel, number=prompt.number)
    decline = replace(accept, act=Act.PROMPT_DECLINE)
    return Actions((Button("Accept", accept, primary=True), Button("Decline", decline)))


def _quoted(text: str) -> str:
    """Somebody's words in a sentence of ours, in which backticks have a meaning."""
    return f"“{excerpt(text, _WORDS)}”".replace("`", "'")


def _who(prompt: OwnPrompt) -> str:
    return excerpt(prompt.name, 60) or "A member"


def _where(channel: Channel) -> str:
    return channel_name(channel.name, "a channel")


# -- lists ------------------------------------------------------------------------------------


def own(shown: Questions) -> Message:
    """A channel's own questions; proposals with buttons for those who decide."""
    parts: list[Part] = [Header("This channel’s own questions")]
    # What waits comes first, then the newest.
    ordered = sorted(shown.own, key=lambda one: (one.state is not State.PROPOSED, -one.number))
    for prompt in ordered[:MOST_OWN]:
        line = f"{prompt.number}. {prompt.text}"
        parts += [Paragraph((Run(line),)), Note((Run(_standing(prompt)),))]
        if prompt.state is State.PROPOSED and shown.coordinates:
            parts.append(_decision(prompt))
    if len(ordered) > MOST_OWN:
        parts.append(Note((Run(f"and {len(ordered) - MOST_OWN} older ones"),)))
    if not ordered:
        words = (
            f"This channel has none yet. Add the first with `{command('prompt add')}` and your "
            "question."
        )
        parts.append(Paragraph(runs(words)))
    brought = sum(number_of(prompt.id) is None for prompt in shown.bank.prompts)
    every_one = f"`{command('prompt list all')}` shows every one."
    return Message.of(*parts, Note(runs(f"I have {brought} more questions of my own. {every_one}")))


def every(shown: Questions, start: int) -> Message:
    """A stretch of all the questions that a channel knows, with their names."""
    prompts = shown.bank.prompts
    start = min(max(start, 0), max(len(prompts) - 1, 0)) // PAGE * PAGE
    stretch = prompts[start : start + PAGE]
    return Message.of(
        Header(f"Questions {start + 1}-{start + len(stretch)} of {len(prompts)}"),
        *(Paragraph((Run(_shown_id(o.id), code=True), Run(f" {o.text}"))) for o in stretch),
        *turns(Action(Act.PROMPT_PAGE), start, PAGE, len(prompts)),
    )


def answers(asked: Sequence[PromptStats], zone: ZoneInfo) -> Message:
    """How many answers each question has had; those that nobody answered first."""
    if not asked:
        return said("No question was asked in this channel yet.")
    silent = [one for one in asked if not one.answers]
    heard = [one for one in asked if one.answers]
    parts: list[Part] = [Header("Answers to the weekly questions")]
    for heading, group in (("Nobody has answered yet", silent), ("Answered", heard)):
        if not group:
            continue
        parts += [Divider(), Paragraph((Run(f"{heading} ({len(group)})", bold=True),))]
        for one in group[:MOST_ASKED]:
            small = _counted(one, zone)
            parts.append(Paragraph((Run(excerpt(one.text, 150)), Run(f"\n{small}", italic=True))))
        if len(group) > MOST_ASKED:
            parts.append(Note((Run(f"and {len(group) - MOST_ASKED} asked before these"),)))
    return Message.of(*parts)


def _counted(one: PromptStats, zone: ZoneInfo) -> str:
    often = f", asked {one.times} times" if one.times > 1 else ""
    last = day(one.last.astimezone(zone))
    return f"{count(one.answers, 'answer')}, last asked on {last}{often}"


def _standing(prompt: OwnPrompt) -> str:
    by = f" by {_who(prompt)}" if prompt.proposed else ""
    if prompt.state is State.PROPOSED:
        return f"proposed{by}, waits for a decision"
    if prompt.rewords:
        return f"instead of the original words of {prompt.rewords}"
    asked = "asked before" if prompt.asked_at else "not asked yet"
    return f"proposed{by}, {asked}" if by else asked


def _shown_id(prompt_id: str) -> str:
    return prompt_id.removeprefix("own:")
