"""A channel's own questions beside the bank's: proposed, accepted, reworded, and when they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence  # noqa: TC003  (read with the signatures)
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.prompts import NOT_AGAIN, Bank, Prompt, When

SKIPPED_FOR: Final = timedelta(weeks=NOT_AGAIN)
"""How long a question that the coordinator skipped stays away."""

_OWN: Final = "own:"
_TOPIC: Final = 60


class State(StrEnum):
    """What became of a question that somebody wrote."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrompt:
    """A question of a channel's own.

    Attributes:
        number: counted per channel from 1.
        components: codes that its words suggest; none where they suggest nothing.
        rewords: id of the bank's question whose words these are instead; empty: a new question.
        proposed: whether a member proposed it, who is then named beside it.
        by: id of whoever wrote it; *name* is their name of that day.
        asked_at: when it was last asked in the channel; None: never.
    """

    channel: str
    number: int
    text: str
    components: tuple[str, ...] = ()
    state: State
    rewords: str = ""
    proposed: bool = False
    by: str
    name: str = ""
    at: datetime
    asked_at: datetime | None = None

    @property
    def id(self) -> str:
        """What is stored with its answers."""
        return self.rewords or f"{_OWN}{self.number}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked in a channel: how often, when last, how many answers are kept."""

    prompt_id: str
    text: str
    times: int
    last: datetime
    answers: int


def number_of(prompt_id: str) -> int | None:
    """The number of a channel's own question, from its id; None for one of the bank's."""
    return int(prompt_id[len(_OWN) :]) if prompt_id.startswith(_OWN) else None


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
