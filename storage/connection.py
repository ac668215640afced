"""What a query needs of a connection, whatever the driver."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


class Row(Protocol):
    """A row, whose values are asked for by column name, or taken in the order of the columns."""

    def __getitem__(self, column: str, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def keys(self) -> list[str]:
        """The names of its columns."""


class Connection(Protocol):
    """A connection within a transaction, which the driver begins and ends.

    Attributes:
        queued: whether the transaction queued jobs, so that the outbox is to be woken.
        erased: whether it erased words, which are to leave the file as well.
    """

    queued: bool
    erased: bool

    def execute(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ..., /) -> Any:
        """Run one statement, whose parameters are written `:name`, or `?` for a sequence.

        Returns:
            Its rows, one after the other, or by `fetchone` (None: no more) and `fetchall`.
        """

    def tables_with(self, column: str, /) -> list[str]:
        """The names of the tables that have *column*, in the reverse order of the alphabet."""

    def defer_foreign_keys(self) -> None:
        """Check whether rows point at rows when the transaction ends, and not before."""
