"""Disks of our own: a small one that fills up, one that cannot be written."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def mount(*arguments: str) -> None:
    """Mount something, or skip by name where that is not allowed."""
    try:
        done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs the program mount")
    if done.returncode:
        pytest.skip(f"needs the right to mount: {done.stderr.decode().strip()}")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def read_only(folder: Path, seen_at: Path) -> Iterator[Path]:
    """The same folder, seen through a read-only mount."""
    seen_at.mkdir()
    mount("--bind", "-o", "ro", str(folder), str(seen_at))
    try:
        yield seen_at
    finally:
        subprocess.run(["umount", "--lazy", str(seen_at)], check=True)
