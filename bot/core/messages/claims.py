"""Words about imported ideas without an author: a claim, its decision, and what came of it."""

from dataclasses import replace

from bot.core.messages.common import author_name, channel_name, excerpt, said, words_of
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Idea
from bot.core.model.parts import Actions, Button, Message, Note, Paragraph, Quote, Run


def claim_button(shown: Idea) -> Button:
    """The button by which whoever sees an idea without an author says that it is theirs."""
    return Button("This is mine", Action(Act.CLAIM, number=shown.number))


def asked(idea: Idea, *, again: bool) -> Message:
    """Told to whoever claims an idea."""
    if again:
        return said(f"I have asked about #{idea.number} already. You will hear what is decided.")
    return said(
        f"I have asked the coordinator of {_where(idea)} to put your name to #{idea.number}. You "
        "will hear what is decided."
    )


def done(idea: Idea) -> Message:
    """Told to a coordinator who claims an idea."""
    return said(f"#{idea.number} bears your name now.")


def proposal(idea: Idea, member_id: str, name: str) -> Message:
    """Told to a coordinator: a member says that an idea is theirs."""
    yes = Action(Act.CLAIM_ACCEPT, number=idea.number, text=member_id)
    buttons = (
        Button("Yes, it is theirs", yes, primary=True),
        Button("No", replace(yes, act=Act.CLAIM_DECLINE)),
    )
    name = _name(name)
    told = author_name(idea.author) if idea.author.name else "nobody"
    small = f"The file that it came from names {told}. I tell {name} what you decide."
    return Message.of(
        Paragraph((Run(f"{name} says that #{idea.number} in {_where(idea)} is theirs:"),)),
        Quote(words_of(idea, 500)),
        Actions(buttons),
        Note((Run(small),)),
    )


def decided(idea: Idea, *, accept: bool, now: bool) -> Message:
    """Told to a coordinator who pressed a button."""
    if not now:
        return said(f"That was decided already. #{idea.number} is {_whose(idea)}.")
    if accept:
        return said(f"#{idea.number} is {_whose(idea)} now.")
    return said(f"#{idea.number} stays as it is: {_whose(idea)}.")


def outcome(idea: Idea, *, accepted: bool) -> Message:
    """Told to whoever claimed an idea."""
    if accepted:
        return said(f"#{idea.number} in {_where(idea)} bears your name now. Thank you!")
    return said(
        f"The coordinator of {_where(idea)} did not put your name to #{idea.number}. If that is a "
        "mistake, please talk to them."
    )


def _whose(idea: Idea) -> str:
    return f"{author_name(idea.author)}’s" if idea.author.id else "without an author"


def _where(idea: Idea) -> str:
    return channel_name(idea.channel_name, "a channel")


def _name(name: str) -> str:
    return excerpt(name, 60) or "A member"
