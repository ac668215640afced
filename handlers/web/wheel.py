"""The wheel: how much was shared and tried about each part, drawn as rings that can be compared.

Each part has a sector of the same width. The paler area is what was shared, the darker what was
tried; both are areas, so that twice as many look twice as large. Everything is an attribute of SVG:
no style, so that no policy on styles has to make an exception for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Final

from bot.core.report.values import Share

SIZE: Final = 200
"""Width and height of the drawing, in its own units."""

_INNER: Final = 20.0
_OUTER: Final = 80.0
_LABELS: Final = 90.0
_GAP: Final = 0.02
"""Between two sectors, in radians."""


@dataclass(frozen=True, slots=True)
class Sector:
    """One part of the wheel: outlines as SVG paths, and where its number stands.

    Attributes:
        number: which row of the table beside the wheel it is.
        whole, shared, tried: outlines; empty where there is nothing to draw.
    """

    number: int
    colour: str
    whole: str
    shared: str
    tried: str
    x: float
    y: float


def wheel(shares: Sequence[Share]) -> tuple[Sector, ...]:
    """The sectors, clockwise from the top; what is about no part has none."""
    parts = [one for one in shares if one.component.code]
    most = max((max(one.shared, one.tried) for one in parts), default=0) or 1
    return tuple(_sector(n, len(parts), one, most) for n, one in enumerate(parts))


def _sector(n: int, of: int, share: Share, most: int) -> Sector:
    start, end = 2 * pi * n / of + _GAP, 2 * pi * (n + 1) / of - _GAP
    x, y = _at(_LABELS, (start + end) / 2)

    def area(value: int) -> str:
        if not value:
            return ""
        outer = sqrt(_INNER**2 + (_OUTER**2 - _INNER**2) * value / most)
        return _ring(_INNER, outer, start, end)

    return Sector(
        number=n + 1,
        colour=share.component.colour,
        whole=_ring(_INNER, _OUTER, start, end),
        shared=area(share.shared),
        tried=area(share.tried),
        x=x,
        y=y,
    )


def _ring(inner: float, outer: float, start: float, end: float) -> str:
    """A piece of a ring; one that goes all the way round is drawn in two halves."""
    half = (start + end) / 2
    a, b, c = _at(outer, start), _at(outer, half), _at(outer, end)
    d, e, f = _at(inner, end), _at(inner, half), _at(inner, start)
    out, back = f"A{outer:.2f} {outer:.2f} 0 0 1", f"A{inner:.2f} {inner:.2f} 0 0 0"
    return (
        f"M{a[0]} {a[1]}{out} {b[0]} {b[1]}{out} {c[0]} {c[1]}"
        f"L{d[0]} {d[1]}{back} {e[0]} {e[1]}{back} {f[0]} {f[1]}Z"
    )


def _at(radius: float, angle: float) -> tuple[float, float]:
    centre = SIZE / 2
    return round(centre + radius * sin(angle), 2), round(centre - radius * cos(angle), 2)
