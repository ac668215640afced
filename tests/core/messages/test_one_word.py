"""One thing has one name: what is asked each week is a question to everybody who reads."""

import ast
import re
from pathlib import Path

import pytest

CORE = Path(__file__).parents[3] / "bot" / "core"
FILES = sorted(
    {
        *(CORE / "messages").glob("*.py"),
        *CORE.rglob("*question*.py"),
        CORE / "finding/ideas.py",
        CORE.parent / "oneshot.py",
    }
)
PROMPT = re.compile(r"(?i)\bprompts?\b")


def said_in(source: str) -> list[str]:
    """The words of a module that are shown: its texts, without docstrings and commands."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    alone |= {
        id(inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "command"
        for inside in ast.walk(node)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
        if id(node) not in alone
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_asked_is_called_a_question(file: Path) -> None:
    """*Prompt* is the command's name and the code's word; no sentence has it."""
    assert [] == list(filter(PROMPT.search, said_in(file.read_text("utf-8"))))


def test_a_prompt_in_a_sentence_is_found() -> None:
    """The command's name is no sentence of ours; a label and a hint are."""
    source = "a = 'a prompt'\nb = f'{a}: no Prompts yet'\nc = f'see {command(\"prompt list\")}'"
    assert ["a prompt", ": no Prompts yet"] == list(filter(PROMPT.search, said_in(source)))
