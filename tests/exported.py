"""What an export would hold, for tests that look into the store."""

from collections.abc import Iterator, Sequence

from bot.core.model.ideas import Filters, Visibility
from bot.core.ports import IdeaStore


def exported(
    store: IdeaStore, workspace: str, filters: Filters, visibility: Visibility
) -> Iterator[Sequence[object]]:
    """The rows of ideas in `export_book`, in the order of `COLUMNS`."""
    with store.export_book(workspace, filters, visibility) as book:
        yield from book.ideas
