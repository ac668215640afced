"""A channel's own questions beside the bank's: proposed, accepted, reworded, and when they come."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.core.model.prompts import NOT_AGAIN, Bank, OwnPrompt, Prompt, State, When, number_of

SKIPPED_FOR: Final = timedelta(weeks=NOT_AGAIN)
"""How long a question that the coordinator skipped stays away."""

_TOPIC: Final = 60


def bank_of(bank: Bank, own: Iterable[OwnPrompt]) -> Bank:
    """The bank as one channel knows it: reworded here and there, its own questions at the end."""
    accepted = [one for one in own if one.state is State.ACCEPTED]
    words = {one.rewords: one.text for one in accepted if one.rewords}
    known = tuple(
        replace(prompt, text=words[prompt.id]) if prompt.id in words else prompt
        for prompt in bank.prompts
    )
    return Bank((*known, *(_prompt(one) for one in accepted if not one.rewords)))


def without(bank: Bank, skipped: frozenset[str]) -> Bank:
    """The bank less what was skipped; all of it where nothing would be left to ask at any time."""
    left = tuple(prompt for prompt in bank.prompts if prompt.id not in skipped)
    return Bank(left) if any(prompt.names is None for prompt in left) else bank


def waiting(own: Iterable[OwnPrompt], recent: Sequence[str]) -> tuple[str, ...]:
    """Ids of own questions that were never asked, in the order in which they come first.

    None right after an own one: then the school year has its turn.
    """
    if recent and number_of(recent[0]) is not None:
        return ()
    return tuple(
        one.id
        for one in own
        if one.state is State.ACCEPTED and not one.rewords and one.asked_at is None
    )


def _prompt(own: OwnPrompt) -> Prompt:
    topic = own.text if len(own.text) <= _TOPIC else own.text[: _TOPIC - 1].rstrip() + "…"
    # A code that no framework has ranks last: such a question comes only when it is its turn.
    return Prompt(own.id, own.text, own.components or ("",), topic, When(flex=True), "warm")
