"""Texts cut on a word, with `…`, and counted as those do who draw them."""

import re
from collections.abc import Callable
from typing import Final

_JOINED: Final = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\u20d0-\u20ff\U0001f3fb-\U0001f3ff]")
_FLAG: Final = re.compile("[\U0001f1e6-\U0001f1ff]")


def cut(text: str, limit: int, written: Callable[[str], str] = str) -> str:
    """Return the beginning of *text* as it is *written*, in at most *limit* characters.

    Cut before a word, with `…`; inside a word only when it is very long, and never inside an
    emoji or before an accent.
    """
    # Writing never makes it shorter.
    if len(text) <= limit and size(written(text)) <= limit:
        return written(text)
    low, high = 0, min(len(text), max(limit, 0))
    while low < high:
        middle = (low + high + 1) // 2
        if size(written(text[:middle])) < limit:
            low = middle
        else:
            high = middle - 1
    end = max((text.rfind(c, low - low // 3, low + 1) for c in " \n"), default=-1)
    if end <= 0:
        end = low
        while 0 < end < len(text) and _inseparable(text[end - 1], text[end]):
            end -= 1
    return written(text[:end].rstrip() + "…") if limit > 0 else ""


def size(text: str) -> int:
    """Return a text's length as JavaScript counts: most emoji are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _inseparable(left: str, right: str) -> bool:
    if _JOINED.match(right) or left == "\u200d":
        return True
    return bool(_FLAG.match(left) and _FLAG.match(right))
