"""What the source must never do, for it would lose rows without a word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py")
)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """The calls of methods in a file, each with the method's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def lossy(source: str) -> list[str]:
    """What in *source* may lose rows, with its line."""
    tree = ast.parse(source)
    found = [
        f"{node.lineno}: {name}()"
        for name, node in calls(tree)
        if name in {"upsert", "upsert_all", "insert_all", "atomic", "delete_where"}
    ]
    found += [
        f"{node.lineno}: a row replaced whole"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"\b(insert or replace|replace into)\b", node.value.lower())
    ]
    # A transaction is a function that is handed to the writer; none of those may wait for others.
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            found += [
                f"{node.lineno}: a transaction in a coroutine"
                for _, call in calls(node)
                if _first_text(call).lstrip().lower().startswith(("begin", "insert", "update"))
            ]
    return found


def _first_text(node: ast.Call) -> str:
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


@pytest.mark.parametrize(
    "source",
    [
        'db["idea"].upsert({"id": 1}, pk="id")',
        "with db.atomic():\n    pass",
        'con.execute("insert or replace into idea values (1)")',
        'async def f(con):\n    con.execute("begin immediate")\n    await g()',
        'async def f(con):\n    con.execute("insert into idea default values returning id")',
    ],
)
def test_the_scan_sees_what_loses_rows(source: str) -> None:
    """Each way in which rows were lost before is found."""
    assert lossy(source)


def test_nothing_in_the_source_loses_rows() -> None:
    """No `upsert` or `atomic` of sqlite-utils, no row replaced whole, no await in a transaction."""
    assert len(FILES) > 80
    found = {
        str(path.relative_to(ROOT)): hits
        for path in FILES
        if "sandbox" not in path.parts and (hits := lossy(path.read_text()))
    }
    assert {} == found


def test_whatever_returns_rows_runs_on_the_writer() -> None:
    """SQL with `returning` stands in storage alone, where the writer commits it."""
    outside = [
        str(path.relative_to(ROOT))
        for path in FILES
        if path.parts[len(ROOT.parts)] != "storage"
        for _, node in calls(ast.parse(path.read_text()))
        if "returning" in _first_text(node).lower().split()
    ]
    assert [] == outside
