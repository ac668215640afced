"""Every button, list and form that people may see stands on the page about chat."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.core import messages
from bot.core.model.actions import Act
from tests.test_readme import COMMANDS, first_cells

SHOWN: Final = frozenset({"Button", "Select", "Menu", "Form"})
"""What takes the words of something to press, or of a form, as its first argument."""

NAMED: Final = {
    "title": ("Withdraw #…",),
    "back": ("Newer", "Previous"),
    "on": ("Older", "Next"),
    "label": ("All … of this week", "Earlier ideas"),
    "_NAMES[tab]": ("Start", "My ideas", "Saved", "Find", "About me", "Coordinate"),
    "words": ("All commands", "Filters", "Parts", "My name and school", "My school", "Neither"),
}
"""What the names hold that stand for words there."""

TURNED: Final = frozenset({Act.PAGE, Act.LIST, Act.PROMPT_PAGE, Act.DIGEST_PAGE})
"""What the desk hands to the buttons that turn a list's pages."""

SOURCES: Final = [file.read_text("utf-8") for file in Path(messages.__path__[0]).glob("*.py")]


def test_every_button_and_form_stands_on_the_page() -> None:
    """The page about chat names each button, list and form of a message, and no other."""
    wanted = {words for source in SOURCES for shown in to_press(source) for words in said(shown)}
    found = first_cells("Buttons and forms", COMMANDS)
    assert sorted(wanted, key=str.casefold) == found


def test_every_act_is_of_a_button() -> None:
    """Nothing can be pressed that no message offers."""
    used = {act for name, act in Act.__members__.items() if f"Act.{name}" in "".join(SOURCES)}
    assert set(Act) == used | TURNED


def to_press(source: str) -> Iterator[ast.expr]:
    """The words of each button, list and form that a module makes, as an expression."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SHOWN:
            yield node.args[0]


def said(words: ast.expr) -> Iterator[str]:
    """What an expression may say, with `…` for what is filled in."""
    match words:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=pieces):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in pieces)
        case ast.IfExp(body=one, orelse=other):
            yield from said(one)
            yield from said(other)
        case _:
            yield from NAMED[ast.unparse(words)]
