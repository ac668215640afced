"""What a card shows of an idea beside the idea itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.model.ideas import Resource, Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What is known beside an idea, as far as whoever sees its card may know it.

    Attributes:
        trials: what came of trying it, the latest first.
        saved: whether whoever alone sees the card has saved it.
    """

    resources: Sequence[Resource] = ()
    trials: Sequence[Trial] = ()
    saved: bool = False


NO_FACTS = CardFacts()
