"""The sentences that people read are plain English: no turn that was mended comes back."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = [
    *sorted((ROOT / "bot").glob("*.py")),
    *sorted((ROOT / "bot" / "core").rglob("*.py")),
    *sorted((ROOT / "handlers").rglob("*.py")),
    *sorted((ROOT / "storage").glob("*.py")),
    *sorted((ROOT / "bot" / "sandbox" / "static").glob("*.js")),
]
TURNS = {
    "the verb before its subject": r"\b(?:Is a channel|Was it off|Is a [a-z]+ archived)\b",
    "a riddle for 'depends on'": r"\bhangs on it\b",
    "'no more' behind the verb": r"\b(?:asks?|asked|counts?|fits) [^.;]{0,60}\bno more\b",
    "'other words' for reword": r"\bother words for\b|\bGives question\b",
    "'hears of it' for 'is told'": r"\bhears? of (?:it|that)\b",
    "a pun": r"\bhave no idea #|weather of the internet",
    "'there' for nothing": r"\bnot there yet\b|\b(?:is|stands) there (?:twice|already)\b",
    "take away for download": r"\b[Tt]ake (?:it|them) all away\b|\btake them away as\b",
    "'shall' for 'should'": r"\b[Ss]hall I\b",
    "an hour that strikes": r"\bhour (?:strikes|has come)\b",
    "of its own accord": r"\bof its own accord\b",
    "'should go on' for 'want me to'": r"\bIf I should\b",
    "'by myself' for nothing": r"\bby myself\b",
    "'will not do' for 'is not valid'": r"\bwill not do\b",
    "'told about' for 'said about'": r"\bcolleagues told\b",
    "'too late for that'": r"\btoo late for that\b",
    "a word that only says where it stands": r"\bNothing stands after\b|\bwhat stands there\b",
}


def sentences(file: Path) -> str:
    """What a page or a program shows: of Python its texts, without docstrings and comments."""
    text = file.read_text("utf-8")
    if file.suffix != ".py":
        return text
    tree = ast.parse(text)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    )


@pytest.mark.parametrize("turn", TURNS)
def test_no_sentence_has_it(turn: str) -> None:
    """No page, message, error or help has this turn of phrase."""
    pattern = re.compile(TURNS[turn])
    found = {
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in (*PAGES, *CODE)
        for match in pattern.finditer(sentences(file))
    }
    assert set() == found
