"""The yardstick for `--help`: click, a group and one command."""

import click


@click.group()
def main() -> None:
    """Do something."""


@main.command()
def run() -> None:
    """Do it."""


if __name__ == "__main__":
    main()
