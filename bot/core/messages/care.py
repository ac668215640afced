"""Words about looking after an idea: the form, what came of it, and what its author is told."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.core.messages.common import author_name, channel_name, listed, radio, said, words_of
from bot.core.model.actions import Act, Action
from bot.core.model.care import LONGEST_REASON, Cared, CareNote
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, Withdrawal
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
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
from bot.core.model.settings import Change
from bot.core.model.vocabulary import command

_WORDS: Final = {
    Cared.HIDDEN: "Hide it from everybody but its author and coordinators",
    Cared.SHOWN: "Restore it: everybody finds it again",
    Cared.SORTED: "Change the part of the framework that it is about",
    Cared.MERGED: "Merge it with another that says the same; the older number stays",
    Cared.PARTED: "Take it out of the idea that it was merged into",
    Cared.MOVED: "Put another member’s name to it: it is their idea",
}


def care_button(shown: Idea) -> Button:
    """What opens the form about an idea, for its coordinators."""
    return Button(f"Look after #{shown.number}", Action(Act.CARE, number=shown.number))


def form(
    shown: Idea, offered: Sequence[Cared], framework: Framework, into: Idea | None = None
) -> Form:
    """What can be done with an idea, and why it is done."""
    also = f" It is part of #{into.number}." if into else ""
    words = f"#{shown.number} by {author_name(shown.author)}: “{words_of(shown, 200)}”{also}"
    choices = [(str(one), _WORDS[one]) for one in offered]
    first = choices[0][0] if len(choices) == 1 else ""
    more: list[Field] = []
    if Cared.SORTED in offered:
        parts = [Choice(one.code, one.name) for one in framework.components]
        more.append(ChoiceField("component", "What it is about", tuple(parts)))
    if Cared.MERGED in offered:
        more.append(TextField("other", "Number of the idea that says the same", limit=20))
    if Cared.MOVED in offered:
        hint = "As the chat shows the name. Whose it was until now is thanked in it."
        more.append(TextField("whose", "Whose idea it is", hint=hint, limit=80))
    return Form(
        f"Look after idea #{shown.number}",
        submit="Save",
        fields=(
            Words(words),
            radio("what", "What I should do", *choices, value=first),
            *more,
            TextField(
                "reason",
                "Why",
                hint="A line. Its author reads it, and so does whoever coordinates the channel.",
                required=True,
                limit=LONGEST_REASON,
            ),
        ),
        about=Action(Act.CARE, number=shown.number),
    )


def done(idea: Idea, what: Cared, other: Idea | None, framework: Framework) -> Message:
    """Told to whoever did it."""
    number, more = f"#{idea.number}", (Actions((care_button(idea),)),)
    match what:
        case Cared.HIDDEN:
            words = f"{number} is hidden. To restore it, look after it again."
        case Cared.SHOWN:
            words = f"{number} is restored."
        case Cared.MERGED:
            into = f"#{other.number}" if other else "the other"
            words = f"{number} is part of {into} now. To take it out again, look after {number}."
        case Cared.PARTED:
            words = f"{number} is an idea of its own again."
        case Cared.MOVED:
            words = f"{number} bears {author_name(idea.author)}’s name now."
        case _:
            words = f"{number} is about {_parts(idea, framework)} now."
    return said(f"{words} {_LOGGED}", *more)


CARE: Final = "care "
"""What begins the name of a change in a channel's log that is about an idea."""
_LOGGED: Final = f"Its author is told, and it stands in `{command('settings log')}`."


def _parts(idea: Idea, framework: Framework) -> str:
    names = [framework.component(code) for code in idea.components]
    return listed([one.name for one in names if one]) or "no part of the framework"


def told(note: CareNote, idea: Idea, other: Idea | None, member: str, who: str) -> Message:
    """Told once to somebody whom it concerns.

    Args:
        other: the idea that it was merged into, or taken out of.
        member: the id of whoever is told.
        who: the name of whoever did it.
    """
    number, coordinator = f"#{idea.number}", who or "A coordinator"
    mine = idea.author.id == member
    about = f"“{words_of(idea, 120)}”, in {channel_name(idea.channel_name, 'a channel')}"
    back = (
        f"You still find it with `{command('mine')}`, and can take it back with "
        f"`{command(f'remove {idea.number}')}`."
    )
    match note.what:
        case Cared.HIDDEN:
            did = f"has hidden your idea {number} ({about}): nobody else finds it for now. {back}"
        case Cared.SHOWN:
            did = f"has restored your idea {number} ({about}): everybody finds it again."
        case Cared.MERGED | Cared.PARTED if other is not None:
            merged = note.what is Cared.MERGED
            whose = "your idea" if mine else f"{author_name(idea.author)}’s idea"
            end = f"Your words stand there, with your name. {back}" if mine and merged else ""
            moved = f"{whose} {number} ({about})"
            did = (
                f"has merged {moved} into #{other.number}. {end}".rstrip()
                if merged
                else f"has taken {moved} out of #{other.number} again."
            )
        case Cared.MOVED if mine:
            did = (
                f"has put your name to idea {number} ({about}). To take it back: "
                f"`{command(f'remove {idea.number}')}`."
            )
        case Cared.MOVED:
            did = (
                f"has put {author_name(idea.author)}’s name to idea {number} ({about}), which you "
                "had posted. You are thanked in it."
            )
        case _:
            did = f"has changed what your idea {number} is about ({about}). You can change it, too."
    end = "If you disagree, please write to them."
    return said(f"{coordinator} {did} The reason: “{note.reason}”. {end}")


def beside(
    shown: Idea, parts: Sequence[Idea], last: CareNote | None, *, cares: bool
) -> Iterator[Part]:
    """What stands below an idea in full: what was merged into it, whether it is hidden.

    Args:
        cares: whether who sees it coordinates its channel.
    """
    if shown.withdrawn is Withdrawal.HIDDEN:
        why = f" The reason: “{last.reason}”" if last and last.reason else ""
        words = f"Hidden by a coordinator: only its author and coordinators find it.{why}"
        yield Note((Run(words),))
    for one in parts:
        yield Paragraph(
            (Run(f"Also said by {author_name(one.author)} (#{one.number})", bold=True),)
        )
        yield Quote(words_of(one, 1_000))
    if cares:
        yield Actions((care_button(shown),))


def mine(aside: Sequence[Idea], into: Sequence[Idea | None]) -> Iterator[Part]:
    """Below the list of one's own ideas: those that a coordinator hid or merged."""
    for one, whole in zip(aside, into, strict=True):
        where = f"part of #{whole.number} now" if whole else "hidden by a coordinator"
        yield Note((Run(f"#{one.number} is {where}: “{words_of(one, 100)}”"),))


def merged(number: int, into: int) -> str:
    """Said to who asks for an idea that was merged into another."""
    return f"#{number} is part of #{into} now: `{command(f'show {into}')}` shows both."


def logged(change: Change) -> str:
    """One line of a channel's log; *old*: the number, and what belongs to it; *new*: the reason."""
    what = Cared(change.what.removeprefix(CARE))
    number, _, rest = change.old.partition(" ")
    did = {
        Cared.HIDDEN: f"{number} was hidden",
        Cared.SHOWN: f"{number} was restored",
        Cared.MERGED: f"{number} was made part of {rest}",
        Cared.PARTED: f"{number} was taken out of {rest}",
        Cared.SORTED: f"{number} is about {rest.partition('> ')[2] or 'no part'}",
        Cared.MOVED: f"{number} was given to its author",
        Cared.IDEA: f"{number} is an idea",
        Cared.NO_IDEA: f"{number} is no idea",
    }[what]
    return f"{did}: “{change.new}”" if change.new else did
