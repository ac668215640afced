"""Cards: what chats and sites show where somebody pastes the address of a board or of an idea."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from bot.core.messages.common import excerpt
from bot.core.model.boards import BoardIdea
from handlers.web.signs import signs
from handlers.web.visits import Visit

SITE: Final = "Commonplace"
ABOUT: Final = (
    "What school librarians lead, in their own words. Names are shown as each author chose."
)


@dataclass(frozen=True, slots=True)
class Card:
    """A page, for whoever shows a link to it. *kind*: as Open Graph has it."""

    title: str
    about: str
    url: str
    oembed: str
    kind: str = "article"
    site: str = SITE


def card_of(visit: Visit, title: str) -> Card:
    """The card of a board that is called so."""
    return _card(visit, visit.url, title, ABOUT, kind="website")


def card_of_idea(visit: Visit, idea: BoardIdea) -> Card:
    """The card of an idea."""
    about = signs(excerpt(idea.text, 200))
    url = f"{visit.url}{idea.number}"
    return _card(visit, url, name_of(idea), f"{about} – {idea.byline}" if about else idea.byline)


def name_of(idea: BoardIdea) -> str:
    """What an idea is called where it needs a title: its first words."""
    return signs(excerpt(idea.text, 80)) or f"Idea {idea.number}"


def _card(visit: Visit, url: str, title: str, about: str, **more: Any) -> Card:
    query = urlencode({"url": url, "format": "json"})
    return Card(title, about, url, f"{visit.base_url}/oembed?{query}", **more)
