"""Pages and plans as files, in every format; a PDF by a Chromium that is installed here."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.core.errors import PrintingError
from bot.core.report.markdown import plan_text, report_text
from bot.core.report.plan_csv import plan_csv
from bot.core.report.values import Plan, Report
from handlers.web.report import Paper, plan_page, report_page

NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
"""Programs that print a page; the first that there is does."""

PATIENCE: Final = 60.0
"""Seconds that Chromium may take."""

_SECRET: Final = ("SLACK_", "TEAMS_", "DATABASE_")
"""How settings begin that are nothing for a program that draws what people wrote."""


async def drawn(make: Callable[[], Report | Plan], form: str, paper: Paper = "letter") -> bytes:
    """Draw the page or the plan that a function makes, in one of its formats.

    Both are done in a thread, so that nobody has to wait. *paper*: that of a PDF; a page in HTML
    takes whichever the printer holds.

    Raises:
        PrintingError: a PDF is asked for, and cannot be printed here.
    """
    if form == "pdf":
        chromium()  # before anything is counted
    text = await asyncio.to_thread(lambda: _text(make(), form, paper))
    return await to_pdf(text) if form == "pdf" else text.encode("utf-8", "replace")


def _text(page: Report | Plan, form: str, paper: Paper) -> str:
    if isinstance(page, Plan):
        return {"html": plan_page, "md": plan_text, "csv": plan_csv}[form](page)
    if form == "md":
        return report_text(page)
    return report_page(page, paper=paper if form == "pdf" else "")


def chromium() -> str:
    """Return the program that prints, `CHROMIUM` where that is set.

    Raises:
        PrintingError: there is none; the words say what else can be done.
    """
    own = os.environ.get("CHROMIUM", "")
    found = next(filter(None, map(shutil.which, (own,) if own else NAMES)), None)
    if found is None:
        missing = f"CHROMIUM names {own}, and there is none" if own else "no Chromium is installed"
        raise PrintingError(
            f"A PDF is printed by Chromium, and {missing}. Install Chromium or Chrome; or write "
            "the page with --format html, open it in a browser, and print it there."
        )
    return found


async def to_pdf(html: str) -> bytes:
    """Print a page of ours, on the sheets that its own style asks for.

    Raises:
        PrintingError: there is no Chromium, or it fails.
    """
    program = chromium()
    with tempfile.TemporaryDirectory(prefix="commonplace-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page, pdf = folder / "page.html", folder / "page.pdf"
        page.write_text(html, "utf-8", "replace")
        said = await _print(program, folder, page, pdf)
        if not pdf.is_file():
            last = (said.strip().splitlines() or ["it said nothing"])[-1]
            raise PrintingError(f"{program} printed nothing: {last[:300]}")
        return pdf.read_bytes()


async def _print(program: str, folder: Path, page: Path, pdf: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        program,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={pdf}",
        "--no-pdf-header-footer",
        # Chromium's own sandbox does not start for root; the page is ours and has no script.
        *(["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []),
        page.as_uri(),
        env={name: one for name, one in os.environ.items() if not name.startswith(_SECRET)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            _, said = await process.communicate()
    except TimeoutError:
        raise PrintingError(f"{program} did not print within {PATIENCE:g} seconds.") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return said.decode(errors="replace")
