"""The yardstick for `--help`: click, a group and one command."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Do something."""


@main.command()
def run() -> None:
    """Do it."""


if __name__ == "__main__":
    main()
