"""The page about the architecture speaks of files and names that there are."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
LONGEST = 120
"""How many lines count as one page."""

_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"[\w.]+\.(?:py|toml|md|example)")
_NAMED_IN = re.compile(r"`(\w+)`,? (?:in|of) `([\w./]+\.py)`")


def paths() -> list[str]:
    """Whatever is named between backticks and is a path, or the name of a file."""
    named = dict.fromkeys(_CODE.findall(PAGE))
    return [name for name in named if re.fullmatch(r"[\w./-]+", name) and _is_path(name)]


def _is_path(name: str) -> bool:
    return "/" in name or _FILE.fullmatch(name) is not None


@pytest.mark.parametrize("path", paths())
def test_every_path_exists(path: str) -> None:
    """A file or folder that the page names is there; one without a folder is a Slack handler."""
    beside = ROOT / "handlers" / "slack" / path
    assert (ROOT / path).exists() or ("/" not in path and beside.exists())
    assert (ROOT / path).is_dir() or not path.endswith("/")


@pytest.mark.parametrize(("name", "path"), _NAMED_IN.findall(PAGE))
def test_every_name_is_in_its_file(name: str, path: str) -> None:
    """A name that the page says is in a file is defined there."""
    text = (ROOT / path).read_text("utf-8")
    assert re.search(rf"^(?:async def|def|class)? ?{name}\b", text, re.MULTILINE)


def test_every_room_stands_on_the_page() -> None:
    """The tables of rooms name each package of the program."""
    rooms = _CODE.findall("".join(re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE)))
    packages = {
        file.parent.relative_to(ROOT).as_posix()
        for top in ("bot", "handlers", "storage")
        for file in (ROOT / top).rglob("__init__.py")
    }
    assert set() == packages - {"bot", "handlers"} - {name.rstrip("/") for name in rooms}


def test_the_rooms_stand_in_the_order_of_the_lint() -> None:
    """The core's rooms stand on the page from top to bottom, as `make lint` holds them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (core,) = (one for one in contracts if one.get("containers") == ["bot.core"])
    wanted = [room for layer in core["layers"] for room in layer.split(" | ")]
    shown = re.findall(r"^\| `bot/core/(\w+)/` \|", PAGE, re.MULTILINE)
    assert [room for room in wanted if (ROOT / "bot" / "core" / room).is_dir()] == shown


def test_it_is_one_page() -> None:
    """The page stays one page."""
    assert len(PAGE.splitlines()) <= LONGEST
