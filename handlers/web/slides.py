"""The slideshow of a board: one idea a screen, for meetings; by links alone without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from bot.core.messages.common import excerpt
from bot.core.model.boards import BoardIdea, BoardPage, Order
from handlers.web.boards import View, title_of
from handlers.web.visits import Visit

SIZE: Final = 24
"""Ideas in one page of the slideshow, of which one is shown."""
LONGEST: Final = 420
"""Characters of an idea that stand on a slide."""
SIZES: Final = {"short": 90, "fair": 200, "long": LONGEST}
"""How words are set, and up to how many characters."""


@dataclass(frozen=True, slots=True)
class Slide:
    """An idea on a screen. *size*: one of SIZES; *whole*: nothing of its words is left out."""

    idea: BoardIdea
    words: str
    size: str
    whole: bool


async def slides(visit: Visit) -> web.Response:
    """One slide, and its neighbours for the script. After the last one the first comes again."""
    parts = visit.reader.framework.components
    asked = View.read(visit.request.query, parts)
    view = replace(asked, author=0, by="week", sort=Order.NEWEST)
    page = await _stretch(visit, view)
    if view.start and not page.ideas:
        view = replace(view, start=0)
        page = await _stretch(visit, view)
    shown = page.start + min(view.start - page.start, max(len(page.ideas) - 1, 0))
    return visit.page(
        "slides.html",
        title=title_of(visit.opened),
        view=view,
        parts=visit.reader.framework.by_code,
        first=page.start,
        shown=shown,
        total=page.total,
        slides=_drawn(page.ideas),
        previous=_at(view, (shown - 1) % max(page.total, 1)),
        next=_at(view, (shown + 1) % max(page.total, 1)),
    )


async def _stretch(visit: Visit, view: View) -> BoardPage:
    first = view.start - view.start % SIZE
    return await visit.reader.page(
        visit.opened, view.filters, order=Order.LATEST, start=first, limit=SIZE
    )


def _drawn(ideas: Sequence[BoardIdea]) -> list[Slide]:
    slides = []
    for idea in ideas:
        words = excerpt(idea.text, LONGEST)
        size = next(name for name, most in SIZES.items() if len(words) <= most)
        slides.append(Slide(idea, words, size, words == " ".join(idea.text.split())))
    return slides


def _at(view: View, start: int) -> str:
    return f"slides{view.to(start=start).removeprefix('./')}"
