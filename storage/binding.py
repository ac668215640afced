"""How queries become methods of a store: each says on which connection and thread it runs."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from storage.connection import Connection
from storage.sqlite.readers import Readers

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Bound(Protocol):
    """What has such methods: connections that read, and one that writes."""

    _readers: Readers

    def _write(self, work: Callable[[Connection], R]) -> Awaitable[R]: ...

    def _write_together(
        self, work: Callable[[Connection, Sequence[T]], Sequence[R]], item: T
    ) -> Awaitable[R]: ...


def reads(
    query: Callable[Concatenate[Connection, P], R],
) -> Callable[Concatenate[Bound, P], Coroutine[Any, Any, R]]:
    """Make a method that runs *query* where it is called: for look-ups that take microseconds."""

    @wraps(query)
    async def method(store: Bound, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return store._readers.here(lambda con: query(con, *args, **kwargs))  # noqa: SLF001

    return method


def lists(
    query: Callable[Concatenate[Connection, P], R],
) -> Callable[Concatenate[Bound, P], Coroutine[Any, Any, R]]:
    """Make a method that runs *query* in a reader's thread: for whatever may take longer."""

    @wraps(query)
    async def method(store: Bound, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await store._readers.read(lambda con: query(con, *args, **kwargs))  # noqa: SLF001

    return method


def writes(
    query: Callable[Concatenate[Connection, P], R],
) -> Callable[Concatenate[Bound, P], Coroutine[Any, Any, R]]:
    """Make a method that runs *query* on the writer's thread, and returns when it is on disk."""

    @wraps(query)
    async def method(store: Bound, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await store._write(lambda con: query(con, *args, **kwargs))  # noqa: SLF001

    return method


def writes_together(
    item: Callable[P, T], query: Callable[[Connection, Sequence[T]], Sequence[R]]
) -> Callable[Concatenate[Bound, P], Coroutine[Any, Any, R]]:
    """Make a method like those of `writes`; *query* takes all items that wait in a row at once."""

    async def method(store: Bound, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await store._write_together(query, item(*args, **kwargs))  # noqa: SLF001

    return method
