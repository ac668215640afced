"""The app package asks for what is used, and is what Microsoft's schema takes."""

import ast
import io
import json
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from bot.core.desk.command_table import TABLE
from handlers.teams.manifest import (
    FOLDER,
    MOST_COMMANDS,
    PERMISSIONS,
    commands,
    manifest,
    package,
)
from tests.npm import NoNpmError, node_for

CLIENT = "6f1d3c9a-1b2c-4d5e-8f90-a1b2c3d4e5f6"
BASE = "https://ideas.example.org"
SCHEMA = Path(__file__).parents[2] / "teams" / "schema"
SOURCES = sorted(FOLDER.parent.glob("*.py"))
READS, NAMES, WHO = (
    "ChannelMessage.Read.Group",
    "ChannelSettings.Read.Group",
    "ChannelMember.Read.Group",
)
CONSENT_OF = {
    "channel_members": WHO,
    "channels": NAMES,
    "message": READS,
    "messages": READS,
    "replies": READS,
    "replies_of": READS,
}
"""What Graph's pages say that each of its calls needs; the connector's need none."""


def made(base_url: str = BASE) -> dict[str, Any]:
    return manifest(CLIENT, base_url=base_url, version="1.2.0")


@pytest.fixture(scope="session")
def node() -> Path:
    """A Node that reads Microsoft's schema, which is installed beside the script."""
    try:
        return node_for(SCHEMA, "schema")
    except NoNpmError as why:
        pytest.skip(str(why))


def problems(node: Path, given: dict[str, Any]) -> list[str]:
    """What Microsoft's schema finds wrong with a manifest."""
    done = subprocess.run(
        [node, SCHEMA / "check.mjs"],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("base_url", [BASE, "http://127.0.0.1:3000"])
def test_microsofts_schema_takes_it(node: Path, base_url: str) -> None:
    """The manifest is valid, of the version that it says; a wrong one would be found out."""
    assert [] == problems(node, made(base_url))
    assert "1.29" == made()["manifestVersion"]
    wrong = made() | {"id": "no guid"}
    wrong["bots"][0]["commandLists"][0]["triggers"] = ["shout"]
    assert 2 == len(problems(node, wrong))


def test_each_consent_has_its_reason() -> None:
    """Whoever installs the bot can read what each consent is for; there is no other."""
    asked = made()["authorization"]["permissions"]["resourceSpecific"]
    assert [{"name": name, "type": "Application"} for name in sorted(PERMISSIONS)] == asked
    assert [] == [name for name, why in PERMISSIONS.items() if len(why) < 10]
    assert "permissions" not in made()


def test_no_consent_is_asked_for_in_vain() -> None:
    """Each serves a call of Graph that we make, and each call that we make has its consent."""
    called = {
        node.func.attr
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "graph"
    }
    assert set(PERMISSIONS) == {CONSENT_OF[name] for name in called}


def test_the_ids_are_the_applications() -> None:
    """Bot, message action and consents belong to one application."""
    given = made()
    assert {CLIENT} == {
        given["id"],
        given["bots"][0]["botId"],
        given["composeExtensions"][0]["botId"],
        given["webApplicationInfo"]["id"],
    }


def test_the_commands_are_those_we_answer() -> None:
    """As many as Teams takes are offered, behind the name and behind a slash."""
    assert {one["title"] for one in commands()} <= {entry.name for entry in TABLE} | {"idea"}
    assert MOST_COMMANDS == len(commands())
    assert [] == [one for one in commands() if not 5 < len(one["description"]) <= 128]
    bot = made()["bots"][0]
    assert {"team": ["mention", "slash"], "personal": None} == {
        one["scopes"][0]: one.get("triggers") for one in bot["commandLists"]
    }
    assert bot["supportsTargetedMessages"] is True
    assert bot["supportsFiles"] is True


@pytest.mark.parametrize(
    ("base_url", "domains"),
    [
        (BASE, ["ideas.example.org"]),
        ("https://ideas.example.org:8443/x", ["ideas.example.org"]),
        ("http://127.0.0.1:3000", []),
        ("http://localhost:3000", []),
        ("http://[::1]:3000", []),
    ],
)
def test_only_our_own_name_is_a_valid_domain(base_url: str, domains: list[str]) -> None:
    """This machine's own is known to nobody else."""
    assert domains == made(base_url)["validDomains"]


def test_the_package_is_the_same_each_time() -> None:
    """It holds the manifest and two icons, at its top."""
    first, again = (package(CLIENT, base_url=BASE, version="1.2.0") for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert ["manifest.json", "color.png", "outline.png"] == archive.namelist()
        assert made() == json.loads(archive.read("manifest.json"))
        assert archive.testzip() is None


@pytest.mark.parametrize(("name", "side"), [("color.png", 192), ("outline.png", 32)])
def test_the_icons_have_the_size_that_teams_demands(name: str, side: int) -> None:
    """They are PNG files of that size."""
    data = (FOLDER / name).read_bytes()
    assert b"\x89PNG\r\n\x1a\n" == data[:8]
    assert (side, side) == struct.unpack(">II", data[16:24])


def test_the_outline_is_white_on_nothing() -> None:
    """Each of its points is white, or is not to be seen."""
    rows = rgba(FOLDER / "outline.png")
    points = [row[at : at + 4] for row in rows for at in range(0, len(row), 4)]
    seen = [point for point in points if point[3]]
    assert 40 < len(seen) < len(points) / 2
    assert {(255, 255, 255)} == {tuple(point[:3]) for point in seen if point[3] > 200}


def rgba(path: Path) -> list[bytes]:
    """The rows of a small PNG with four bytes a point."""
    data, at, packed = path.read_bytes(), 8, b""
    width = struct.unpack(">I", data[16:20])[0]
    assert (8, 6) == (data[24], data[25])
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    raw, rows, before = zlib.decompress(packed), [], bytes(4 * width)
    for start in range(0, len(raw), 4 * width + 1):
        how, row = raw[start], bytearray(raw[start + 1 : start + 1 + 4 * width])
        for place in range(len(row)):
            left, up = (row[place - 4] if place >= 4 else 0), before[place]
            corner = before[place - 4] if place >= 4 else 0
            row[place] = (row[place] + _guess(how, left, up, corner)) % 256
        rows.append(bytes(row))
        before = rows[-1]
    return rows


def _guess(how: int, left: int, up: int, corner: int) -> int:
    """What a point is taken for, by the kinds of guesses of PNG."""
    guess = left + up - corner
    nearest = min((left, up, corner), key=lambda known: abs(guess - known))
    return (0, left, up, (left + up) // 2, nearest)[how]
