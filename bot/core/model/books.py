"""A channel's book: what is known of its page, and how its sections are found there."""

from dataclasses import dataclass

from bot.core.model.parts import Header, Paragraph

Section = Header | Paragraph
"""What a page is written of: each is found there by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """How far a book was written.

    Attributes:
        page: the platform's id of the page that it stands on; empty: it is to be looked for.
        edition: counts how often it was written; 0: nothing of it stands there.
        sections: how many sections that edition has.
        told: the trouble that was told; empty: none since it was last written.
    """

    page: str = ""
    edition: int = 0
    sections: int = 0
    told: str = ""


def mark_of(edition: int) -> str:
    """What stands in each section of an edition, and in nothing that people write."""
    return f"❧{edition}❧"
