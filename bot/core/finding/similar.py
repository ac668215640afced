"""Similar ideas: whether somebody has said before what a member is about to share."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.errors import CommonplaceError
from bot.core.finding.likeness import Likeness
from bot.core.finding.permissions import Permissions
from bot.core.model.ideas import Idea
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore

ENOUGH: Final = 0.5
"""So alike are two ideas that say the same; tests/README.md says how often that is wrong."""
MOST: Final = 3
TELLING: Final = 8
"""Words by which ideas are looked up: the rarest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Finds ideas that say nearly the same, among those that the asker may see."""

    store: IdeaStore
    permissions: Permissions
    likeness: Likeness

    async def to(self, asker: Asker, text: str, *, but: int = 0) -> Sequence[Idea]:
        """Up to three ideas like *text*, the most alike first.

        It never fails: a hint is not worth an idea.

        Args:
            but: the number of an idea that is not meant.
        """
        with contextlib.suppress(CommonplaceError):
            return await self._like(asker, text, but)
        return ()

    async def _like(self, asker: Asker, text: str, but: int) -> Sequence[Idea]:
        weights = self.likeness.weights(text)
        rarest = sorted(weights.items(), key=lambda word: -word[1])[:TELLING]
        seen = (await self.permissions.visible_to(asker)).visibility
        ideas = await self.store.sharing_words(asker.workspace, dict(rarest), seen)
        alike = self.likeness.to(text)
        scored = ((alike(one.text), one) for one in ideas if one.number != but)
        enough = [(score, one) for score, one in scored if score >= ENOUGH]
        enough.sort(key=lambda found: (-found[0], -found[1].number))
        return [one for _, one in enough[:MOST]]
