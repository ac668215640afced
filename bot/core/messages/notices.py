"""What the bot says of itself, rarely: on joining, and once to a member whose post it kept."""

from collections.abc import Sequence
from typing import Final

from bot.core.messages.cards import to_do
from bot.core.messages.common import author_name, channel_name, listed, runs, said, words_of
from bot.core.messages.idea_form import edit_button
from bot.core.messages.removal import remove_button
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import POSTED_BY_US, Idea, Kind, Source
from bot.core.model.parts import Actions, Button, Message, Note, Paragraph, Part, Quote, Run
from bot.core.model.people import Channel
from bot.core.model.sightings import Sighting
from bot.core.model.vocabulary import (
    ASKED,
    KEPT,
    LATE,
    LEAVE,
    SHARE,
    WHERE_TAKEN,
    WITHDRAWN,
    command,
)


def welcome(channel: str) -> Message:
    """Said once in a channel that the bot joins, with a button to its settings."""
    words = (
        f"Hello, I am Commonplace. I keep the ideas you post here, with your name: a {KEPT} on a "
        f"post shows that I kept it{WHERE_TAKEN}. Once a week I bring them back in a digest, and "
        "ask one question."
    )
    stop = (
        f"Take your idea back with {WITHDRAWN}{LATE} or by deleting the post. `{command('me')}` "
        f"lets you choose what I keep; `{command('help')}` shows what else I can do. "
        f"To stop me here, {LEAVE}."
    )
    settings = Button("Settings for this channel", Action(Act.SETTINGS, channel=channel))
    return said(words, Note(runs(stop)), Actions((settings,)))


def joined(channel: Channel) -> Message:
    """Told once, privately, to a member who joined a channel."""
    name = channel_name(channel.name, "a channel where I am")
    return said(
        f"Welcome to {name}! I am Commonplace. I keep the ideas that people post there, with their "
        f"names, and bring them back once a week. To share yours, post it in a sentence or two: a "
        f"{KEPT} shows that I kept it{WHERE_TAKEN}. `{command('search reading garden')}` finds "
        f"what colleagues did. `{command('me')}` lets you choose what I keep of your posts, or "
        "nothing.",
        Actions((Button("What you can do", Action(Act.HELP)),)),
    )


def paused(channel: Channel) -> Message:
    """Told once, privately, to whoever invited the bot, when it cannot speak there any more."""
    name = channel_name(channel.name, "a channel")
    if channel.archived:
        why, again = "it was archived", "bring the channel back and invite me again"
    else:
        why, again = "I am no longer in it", "invite me again"
    return said(
        f"I have stopped in {name}: {why}. I post no digest and no question there for now. What I "
        f"kept stays, and `{command()}` finds it. If you want me to go on, {again}."
    )


def refused(channel: Channel, why: str) -> Message:
    """Told once, privately, to who coordinates a channel that takes nothing the bot posts."""
    name = channel_name(channel.name, "a channel")
    return said(
        f"I could not post in {name}: {why} I still keep the ideas that members post there, and "
        f"`{command()}` finds them. The first digest that I can post brings them back. If you want "
        "me to go on, let me post there in the channel’s settings, or ask an admin to. I keep "
        f"trying. If not, {LEAVE}. I will not write to you about this again."
    )


def doubtful(channel: Channel, kind: DeliveryKind) -> Message:
    """Told once, privately, to who coordinates a channel, of what only people can look for."""
    name = channel_name(channel.name, "a channel")
    what = "digest" if kind is DeliveryKind.DIGEST else "question"
    settle = f"commonplace {kind} --channel {channel.id} --post --stands"
    return said(
        f"I tried to post this week’s {what} in {name}, and the answer was lost. I may not look "
        "there myself, so I do not know whether it stands there, and post it no second time. "
        f"Please look. Whoever runs me can then settle it: `{settle} yes`, or `no`."
    )


def first_kept(idea: Idea) -> Message:
    """Told once, privately, to the author of a first idea, after its mark was tried."""
    if idea.source is Source.ANSWER:
        opening = f"I have kept your answer as idea #{idea.number}, under your name."
    else:
        what = {Kind.IDEA: "idea ", Kind.QUESTION: "question ", Kind.POST: ""}[idea.kind]
        shown = f"the {ASKED if idea.asks else KEPT}" if idea.mark else f"`{command('mine')}`"
        opening = (
            f"I have kept your post as {what}#{idea.number}, under your name: {shown} shows it."
        )
    if idea.kind is Kind.POST:
        back = (
            "Anyone here can find it. I am not sure that it is an idea: it comes back in the "
            f"weekly digest once a colleague answers or reacts to it, or somebody adds {KEPT}."
        )
    else:
        back = "It comes back in the weekly digest, and anyone here can find it."
    return said(
        f"{opening} {back} To take it back, add {WITHDRAWN} to it{LATE} or delete it. "
        f"`{command('me')}` lets you choose what I keep. I will not write to you about this again."
    )


def marked(idea: Idea) -> Message:
    """Told once, privately, to somebody whose post another member marked or saved."""
    did = "saved your post"
    if idea.source is Source.REACTION:
        did = f"marked your post with {KEPT}"
    return said(
        f"A colleague {did}, so I have kept it as idea #{idea.number}, "
        f"under your name. If you would rather not, add {WITHDRAWN} to it{LATE}. `{command('me')}` "
        "lets you choose what I keep."
    )


def tells_of_students(idea: Idea, seen: Sequence[Sighting]) -> Message:
    """Told once, privately, to an author whose words seem to tell who a student is."""
    first = [f"{one.sight}, “{one.words}”" for one in seen[:_MOST_SEEN]]
    more = f", and {len(seen) - _MOST_SEEN} more like these" if len(seen) > _MOST_SEEN else ""
    buttons = [remove_button(idea)]
    if idea.source in POSTED_BY_US:
        mend = (
            f"`{command(f'edit {idea.number}')}` changes it, and the post in the channel follows."
        )
        buttons = [edit_button(idea), *buttons]
    else:
        mend = (
            "Edit your post, and I keep what it says then. Or delete it, and nothing of it stays "
            "here."
        )
    return said(
        f"In your idea #{idea.number} I think I see {listed(first)}{more}. Am I right? {mend} “A "
        "fourth grader” says as much. I blocked nothing, and tell nobody but you.",
        Actions(tuple(buttons)),
    )


def saved(idea: Idea, *, new: bool) -> Message:
    """A message that a member saved is kept, or was kept before."""
    whose = author_name(idea.author)
    if new:
        return said(f"Kept as #{idea.number}, under the name of {whose}.")
    return said(f"I have that one already: it is #{idea.number}, by {whose}.")


def kept_for(idea: Idea) -> Message:
    """Told once, privately, to somebody who marked what an app had posted for a colleague."""
    return said(
        f"I have kept that post as idea #{idea.number}, under the name of "
        f"{author_name(idea.author)}: an app had posted it for them."
    )


_MOST_SEEN: Final = 3
"""Things that one warning names."""

_NOT_KEPT: Final = {
    "app": "an app posted it, and does not say whose words they are. You can share it with "
    f"`{SHARE}`, and name the person it is from: `via @name`.",
    "ours": f"I wrote it. The ideas in it are kept already: `{command('list')}` shows them. To add "
    "one of your own, post it.",
    "nothing to show": "it has no words and no link that I could show to others. Add a sentence to "
    "it, then mark it again.",
    "withdrawn": "it was kept and taken back, and stays so.",
    "outdated": "it was changed or deleted a moment ago. If it is still there, try again.",
}


def not_kept(why: str) -> Message:
    """Told once, privately, to somebody who marked or saved a post that is not kept."""
    reason = _NOT_KEPT.get(why, "its author chooses what I keep.")
    return said(f"I have not kept that post: {reason}")


def shared(idea: Idea) -> Message:
    """The post of an idea that came by command: who shared it, then the idea."""
    first = f"{author_name(idea.author)} shared an idea"
    parts: list[Part] = [Paragraph((Run(first, bold=True),)), Quote(idea.text)]
    if idea.credits:
        parts.append(Note((Run("With thanks to " + ", ".join(idea.credits)),)))
    # What stands in its words already is not said again.
    links = [Run(url, url=url) for url in idea.resources if url not in idea.text]
    tags = [Run(f"#{tag}") for tag in idea.tags if f"#{tag}" not in idea.text.lower()]
    apart = [piece for run in (*links, *tags) for piece in (Run(" "), run)][1:]
    if apart:
        parts.append(Note(tuple(apart)))
    return Message.of(*parts, to_do(idea))


def unposted(idea: Idea, why: str) -> Message:
    """Told to an author whose idea is kept but could not be posted."""
    return said(
        f"Your idea #{idea.number} (“{words_of(idea, 80)}”) is kept, but I could not post it: "
        f"{why} You still find it in `{command('mine')}` and in every export. "
        f"To take it back: `{command(f'remove {idea.number}')}`."
    )
