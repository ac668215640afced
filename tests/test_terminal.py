"""What others write reaches an operator's terminal as letters, never as a command to it."""

import asyncio
import logging
import os
import pty
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.sandbox.model import Channel
from bot.telemetry import set_up_logging
from bot.terminal import shown
from tests.processes import commonplace, environment
from tests.slack import Slack

COMMANDS = "\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066\x08\x7f\r\u200f"
"""A window's title, a colour, words that run the other way, a step back, a line begun anew."""


async def on_a_terminal(*words: str, settings: Mapping[str, str]) -> tuple[int, str]:
    """Run `python -m bot …` on a terminal; its status, and all that was written there."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env=environment(settings), stdout=theirs, stderr=theirs
    )
    os.close(theirs)

    def read() -> bytes:
        data = b""
        while True:
            try:
                more = os.read(ours, 65_536)
            except OSError:  # the other end is closed
                return data
            data += more

    try:
        written = await asyncio.to_thread(read)
        return await process.wait(), written.decode().replace("\r\n", "\n").replace("\r\n", "\n")
    finally:
        os.close(ours)


def harmless(text: str) -> bool:
    """Whether none of the commands stands in a text."""
    return not set(COMMANDS) & set(text) - set("]0;owned31mgnp.exe")


@pytest.fixture
def hostile(kept: dict[str, str], database: Path) -> dict[str, str]:
    """Settings of a database in which texts and names hold commands."""
    with closing(sqlite3.connect(database)) as con:
        con.execute("update idea set text = text || ? where number = 1", (COMMANDS,))
        con.execute("update idea set author_name = author_name || ?", (COMMANDS,))
        con.execute("update member set name = name || ?", (COMMANDS,))
        con.execute("update channel set name = name || ? where name = 'reading'", (COMMANDS,))
        con.commit()
    return kept


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("export",), 0),
        *((("export", "--format", form), 0) for form in ("json", "md", "ris", "bib", "csl")),
        (("export", "--author", "alvares"), 2),
        (("export", "--channel", "nowhere"), 2),
        (("digest", "--channel", "leadership", "--at", "2026-11-27T15:00"), 0),
        (("prompt", "--channel", "leadership", "--at", "2026-11-27T15:00"), 0),
        (("digest", "--channel", "nowhere"), 2),
    ],
)
async def test_no_command_reaches_the_terminal(
    hostile: dict[str, str], words: tuple[str, ...], status: int
) -> None:
    """Each is written out: the operator sees that it is there, and nothing else happens."""
    ended, written = await on_a_terminal(*words, settings=hostile)
    assert status == ended, written
    assert harmless(written)


async def test_what_the_doctor_and_a_reading_say_is_harmless_too(
    slack: Slack, room: Channel, kept: dict[str, str]
) -> None:
    """A channel's name is Slack's word, and is shown in lines, progress and log."""
    slack.workspace.channels[room.id].name = f"leadership{COMMANDS}"
    settings = {
        **kept,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
    for words in (("doctor",), ("catch-up",)):
        status, written = await on_a_terminal(*words, settings=settings)
        assert 0 == status, written
        assert "owned" in written
        assert harmless(written.replace("\r\033[K", ""))


async def test_a_file_holds_the_words_as_they_are(hostile: dict[str, str]) -> None:
    """Where no terminal is, an export is not changed."""
    done = await commonplace("export", settings=hostile)
    assert COMMANDS.encode() in done.raw


@contextmanager
def log_on_a_terminal() -> Iterator[None]:
    """The log as a terminal would show it."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    set_up_logging("console")
    try:
        yield
    finally:
        root.handlers, root.level = before, level


def test_no_command_reaches_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """In a line of the log, in what was logged with it, and in a traceback."""
    log = logging.getLogger("bot")
    with log_on_a_terminal():
        log.info("the channel %s is gone\nbot: all is well", COMMANDS)
        try:
            int(f"x{COMMANDS}")
        except ValueError as error:
            error.add_note(COMMANDS)
            log.exception("a tick failed")
    written = capsys.readouterr().err
    assert harmless(written)
    assert "ValueError" in written
    assert not [line for line in written.splitlines() if line.startswith("bot: all is well")]


def test_what_is_no_command_is_shown_as_it_is() -> None:
    """Letters of every script, emoji, tabs and lines stay."""
    text = "Zoë\t謝謝 📚\nمكتبة\r\n"
    assert text == shown(text)
    assert "\\x1b[31m \\u202e" == shown("\x1b[31m \u202e")


async def test_a_workbook_is_not_shown_on_a_terminal(kept: dict[str, str]) -> None:
    """What is no text is written to a file or a pipe only; the terminal gets the remedy."""
    status, shown_there = await on_a_terminal("export", "--format", "xlsx", settings=kept)
    assert 2 == status
    assert "--output ideas.xlsx" in shown_there


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_long_export_shows_how_far_it_is(
    kept: dict[str, str], tmp_path: Path, form: str
) -> None:
    """A terminal shows a bar that is full at the end, then what was written."""
    target = str(tmp_path / "ideas")
    words = ("export", "--format", form, "--output", target)
    status, shown_there = await on_a_terminal(*words, settings=kept)
    assert 0 == status
    assert "Exporting" in shown_there
    assert "100%" in shown_there
    assert f"3 ideas written to {target}" in shown_there
