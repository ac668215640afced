"""The page for an administrator and the library plan: that they are being made, that they come."""

from collections.abc import Mapping
from typing import Final

from bot.core.messages.common import NOT_ALL, said
from bot.core.model.parts import Message

_USES: Final[Mapping[tuple[bool, str], tuple[str, str]]] = {
    (False, "html"): ("", "Open it in a browser and print it; it fits one sheet."),
    (False, "md"): (" as Markdown", "Paste its text where Markdown is read."),
    (False, "pdf"): (" as a PDF", "It is one sheet, ready to be printed."),
    (True, "html"): ("", "Open it in a browser, or in Word to go on writing."),
    (True, "md"): (" as Markdown", "Paste its text where Markdown is read."),
    (True, "csv"): (" as a CSV file", "It opens in any spreadsheet."),
}
"""Of a plan or not, and of a format: how it is called, and what it is for."""

_PRINT: Final = (
    "I cannot make a PDF on the machine that I run on, but your browser can: open this page in it, "
    "print it, and choose “Save as PDF”. It fits one sheet."
)


def started(form: str, *, plan: bool) -> Message:
    """It is being made."""
    called = _called(form, plan=plan)
    return said(f"I am making {called}. You will get it in a moment, in a direct message.")


def done(which: str, form: str, *, plan: bool, printed: bool = True, complete: bool = True) -> str:
    """What stands beside the file.

    Args:
        which: the filters in words.
        printed: whether a PDF that was asked for could be made.
        complete: whether everything that the asker may see was looked at.
    """
    use = _USES[plan, form][1] if printed else _PRINT
    words = (
        f"Here is {_called(form, plan=plan)}{f' ({which})' if which else ''}. {use} People are "
        "named as each of them chose. Please read it before you hand it on."
    )
    return words if complete else f"{words} {NOT_ALL}"


def _called(form: str, *, plan: bool) -> str:
    what = "the library plan" if plan else "the page for an administrator"
    return f"{what}{_USES[plan, form][0]}"
