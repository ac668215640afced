"""The administrator's page and the library plan as HTML: each one file that needs nothing else."""

import base64
import hashlib
from typing import Final, Literal

from bot.core.report import words
from bot.core.report.markdown import MOST, links_of
from bot.core.report.values import Plan, Report
from handlers.web.drawing import draw
from handlers.web.wheel import SIZE, wheel

Paper = Literal["", "letter", "a4"]

_SIZES: Final = {"": "", "letter": "size: 8.5in 11in; ", "a4": "size: 210mm 297mm; "}


def report_page(report: Report, *, paper: Paper = "", nonce: str = "") -> str:
    """Draw the administrator's page; printed it takes exactly one sheet, Letter or A4.

    Args:
        paper: the sheet that it is printed on; empty: whatever the printer holds.
        nonce: of the page's Content-Security-Policy, where a server sends one; empty: the page
            carries a policy of its own.
    """
    return _drawn("report.html", report, paper, nonce, sectors=wheel(report.shares), size=SIZE)


def plan_page(plan: Plan, *, nonce: str = "") -> str:
    """Draw the library plan, so that a browser and Word open it alike."""
    return _drawn("plan.html", plan, "", nonce, most=MOST)


def _drawn(template: str, page: Report | Plan, paper: Paper, nonce: str, **more: object) -> str:
    style = draw(template.replace(".html", ".css"), sheet=_SIZES[paper])
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return draw(
        template,
        page=page,
        links_of=links_of,
        words=words,
        style=style,
        nonce=nonce,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'",
        **more,
    )
