"""Paper: an HTML page as a PDF, by a Chromium that is installed on this machine."""

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.core.errors import CommonplaceError

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


class PrintingError(CommonplaceError):
    """A page could not be printed."""


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
        page.write_text(html, "utf-8")
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
