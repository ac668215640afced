"""Reading what a platform sends: strictly what all depends on, leniently what hangs on messages.

A name without a value counts as missing.
"""

from typing import Any, TypeVar

Payload = dict[str, Any]
T = TypeVar("T")


class OddShapeError(ValueError):
    """A body is not what its platform sends. It changes nothing; sent again it would not either."""


def text(value: object, *path: str) -> str:
    """The text at *path*, a name in a name; empty where one is missing.

    Raises:
        OddShapeError: something else than objects and a text stands there.
    """
    for name in path:
        if value is None:
            return ""
        if not isinstance(value, dict):
            raise OddShapeError(name)
        value = value.get(name)
    if not isinstance(value, str | None):
        raise OddShapeError(*path[-1:])
    return value or ""


def needed(value: object, *path: str) -> str:
    """The text at *path*, without which nothing can be made of a body; else as `text`."""
    if found := text(value, *path):
        return found
    raise OddShapeError(path[-1])


def whole(value: object, name: str, kind: type[T]) -> T:
    """What stands under a name that is not missing; else as `text`."""
    if isinstance(value, dict) and isinstance(found := value.get(name), kind):
        return found
    raise OddShapeError(name)


def string(value: object) -> str:
    """A text that was sent, or an empty one where something else was."""
    return value if isinstance(value, str) else ""


def inside(value: object) -> Payload:
    """An object that was sent, or an empty one where something else was."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list that was sent, or an empty one where something else was."""
    return value if isinstance(value, list) else []


def dicts(value: object) -> list[Payload]:
    """The objects in a list that was sent."""
    return [one for one in items(value) if isinstance(one, dict)]
