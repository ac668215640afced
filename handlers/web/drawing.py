"""Templates become pages: every text escaped, and only web addresses linked."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.core.model.links import ADDRESS, is_address, trimmed

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """What all pages are drawn with; the library for templates is loaded with the first one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  (where drawn)

    from bot.core.messages.common import count, excerpt  # noqa: PLC0415
    from handlers.web.signs import signs  # noqa: PLC0415

    made = Environment(
        loader=PackageLoader("handlers.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "signs": signs,
        "web": web_address,
        "linked": linked,
        "excerpt": excerpt,
        "count": count,
    }
    made.tests |= {"address": is_address}
    return made


def draw(template: str, **values: Any) -> str:
    """A page as HTML."""
    return environment().get_template(template).render(**values)


def web_address(url: str) -> str:
    """A web address; empty for anything else, which is then plain words."""
    url = url.strip()
    return url if is_address(url) else ""


def instant(at: datetime) -> str:
    """An instant to the second, as RFC 3339 writes it: `2026-10-14T15:00:00Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def linked(text: str) -> Any:
    """A text with its web addresses as links, as safe HTML."""
    from markupsafe import Markup, escape  # noqa: PLC0415  (comes with the templates)

    pieces, end = [], 0
    for found in ADDRESS.finditer(text):
        url = trimmed(found[0])
        if web_address(url):
            pieces.append(escape(text[end : found.start()]))
            pieces.append(
                Markup('<a href="{0}" rel="noopener nofollow" target="_blank">{0}</a>').format(url)
            )
            end = found.start() + len(url)
    return Markup("").join([*pieces, escape(text[end:])])
