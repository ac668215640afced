"""Similar ideas: what somebody has said before, and what is like an idea that is shown."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.errors import CommonplaceError
from bot.core.finding.likeness import Likeness
from bot.core.finding.permissions import Permissions
from bot.core.model.ideas import Filters, Idea, Page, Visibility
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore

ENOUGH: Final = 0.5
"""So alike are two ideas that say the same; tests/README.md says how often that is wrong."""
MOST: Final = 3
ALIKE: Final = 0.15
"""So alike is an idea that shares neither a tag nor a component and is shown all the same."""
NEAR: Final = 100
"""Ideas with a tag or a component that are compared, the newest."""
TAG: Final = 0.1
PART: Final = 0.05
"""What a tag or a component in common adds to how alike two texts are."""
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

    async def more_like(self, asker: Asker, idea: Idea, *, start: int, limit: int) -> Page:
        """Other ideas like one that is shown to the asker, the most alike first.

        They share its rare words, a tag or a component; of the latter, the newest are looked at.
        """
        seen = await self.permissions.visible_to(asker)
        but = idea.number
        asked = [Filters(tags=(tag,), but=but) for tag in idea.tags]
        asked += [Filters(components=(code,), but=but) for code in idea.components]
        pages = [
            await self.store.find(asker.workspace, one, seen.visibility, limit=NEAR)
            for one in asked
        ]
        told = await self._sharing(asker, idea.text, seen.visibility)
        near = {one.id: one for page in pages for one in page.ideas}
        alike = self.likeness.to(idea.text)
        scores = {one.id: alike(one.text) for one in (*told, *near.values())}
        near |= {one.id: one for one in told if scores[one.id] >= ALIKE and one.number != but}

        def closeness(one: Idea) -> tuple[float, int]:
            tags = len({*idea.tags} & {*one.tags})
            parts = len({*idea.components} & {*one.components})
            return scores[one.id] + TAG * tags + PART * parts, one.number

        ranked = sorted(near.values(), key=closeness, reverse=True)
        return Page(ranked[start : start + limit], start, len(ranked), seen.complete)

    async def _like(self, asker: Asker, text: str, but: int) -> Sequence[Idea]:
        seen = (await self.permissions.visible_to(asker)).visibility
        ideas = await self._sharing(asker, text, seen)
        alike = self.likeness.to(text)
        scored = ((alike(one.text), one) for one in ideas if one.number != but)
        enough = [(score, one) for score, one in scored if score >= ENOUGH]
        enough.sort(key=lambda found: (-found[0], -found[1].number))
        return [one for _, one in enough[:MOST]]

    async def _sharing(self, asker: Asker, text: str, seen: Visibility) -> Sequence[Idea]:
        weights = self.likeness.weights(text)
        rarest = sorted(weights.items(), key=lambda word: -word[1])[:TELLING]
        return await self.store.sharing_words(asker.workspace, dict(rarest), seen)
