"""The weekly prompts: the bank, what a channel adds to it, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.core.model.people import Channel

NOT_AGAIN = 26
"""So many questions pass before one is asked again."""


@dataclass(frozen=True, slots=True)
class When:
    """When a prompt is in season: when any of these holds."""

    weeks: tuple[int, int] | None = None
    """First and last week of the school year."""
    months: tuple[int, ...] = ()
    observance: str | None = None
    """Key of an observance; its dates must be confirmed, but it is not named."""
    last_friday: bool = False
    flex: bool = False
    """At any time, for the sake of its component."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question.

    Attributes:
        id: stored with every answer.
        text: what is asked.
        components: codes, the one it is most about first.
        when: its season.
        names: key of the observance that the text names, if any.
    """

    id: str
    text: str
    components: tuple[str, ...]
    when: When
    names: str | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """All prompts, in the order of the file."""

    prompts: tuple[Prompt, ...]

    def get(self, prompt_id: str) -> Prompt | None:
        """The prompt of that id."""
        return next((prompt for prompt in self.prompts if prompt.id == prompt_id), None)


def to_complete(text: str) -> bool:
    """Whether it is a sentence that people complete, rather than a question."""
    return text.endswith(("…", "..."))


_OWN: Final = "own:"


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
class PromptStats:
    """A question as it was asked in a channel: how often, when last, how many answers are kept."""

    prompt_id: str
    text: str
    times: int
    last: datetime
    answers: int


def number_of(prompt_id: str) -> int | None:
    """The number of a channel's own question, from its id; None for one of the bank's."""
    return int(prompt_id[len(_OWN) :]) if prompt_id.startswith(_OWN) else None


@dataclass(frozen=True, slots=True)
class UpcomingPrompt:
    """The question that comes next, why it is this one, and when; *at* None: not by itself."""

    channel: Channel
    prompt: Prompt
    why: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Questions:
    """What an asker may see of a channel's own questions, and all that it knows."""

    channel: Channel
    own: tuple[OwnPrompt, ...]
    bank: Bank
    coordinates: bool


@dataclass(frozen=True, slots=True)
class ProposalDecision:
    """What became of a proposal; not *now*: it was decided before."""

    channel: Channel
    prompt: OwnPrompt
    now: bool
