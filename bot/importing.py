"""The import of the command line: what a file is, where it comes to, and its way in."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from zipfile import ZipFile

from bot.clock import real_now
from bot.config import Settings
from bot.core.errors import CommonplaceError, SettingsError, UnreadableFileError
from bot.core.finding import reading_back
from bot.core.finding.names import unknown_channel
from bot.core.intake.importing import Importer
from bot.core.intake.reader import Reader
from bot.core.model.imports import Arrival, BadRow, Destination, ImportStats, Item, Remark
from bot.core.model.people import Workspace
from bot.data.capture import load_rules
from bot.data.framework import framework_at
from bot.values import is_channel_id
from handlers.archives import opened, whole
from handlers.padlet.board import csv_rows, from_rows
from handlers.padlet.rss import from_rss
from handlers.padlet.xlsx import is_workbook, xlsx_rows
from handlers.slack.export import from_export, is_export
from storage import Store, open_store

_ZIP: Final = b"PK\x03\x04"
_HEAD: Final = 4096
_LONGEST_LINE: Final = 1 << 20
_MOST_TABLE: Final = 64 << 20
_MOST_TABLES: Final = 10
_NEW: Final = (
    "The bot was never in a channel with this database. Name the channel and its workspace by "
    "their ids: --channel C0123456789 --workspace T0123456789"
)
_CAN: Final = (
    "These can be read: a Padlet board as CSV, Excel or RSS, the ZIP of a Slack export, and the "
    "CSV or JSON of `commonplace export`."
)
_NO_TEXT: Final = re.compile(rb"[\0-\x08\x0e-\x1f]")
_PADLET: Final = (".csv", ".xlsx")
"""What the files of a board end in, where Padlet has put them into an archive."""


class Watching(Protocol):
    """What whoever imports is shown meanwhile."""

    def tell(self, file: Path, one: Arrival | BadRow | Remark) -> None:
        """Show what comes in, would come, or cannot be read."""

    def progress(self, file: Path, share: float, stats: ImportStats) -> None:
        """Show how far a file was read, from 0 to 1, and what came of it so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """One run: where it comes to, and by what it is read."""

    store: Store
    settings: Settings
    home: Workspace
    into: Destination
    reader: Reader
    dry: bool
    watching: Watching

    async def file(self, path: Path) -> ImportStats | CommonplaceError:
        """Bring in one file; an error says why it could not be read, or not to its end."""
        try:
            with open(path, "rb") as file:  # noqa: ASYNC230, PTH123  (nobody else waits here)
                size = max(file.seek(0, io.SEEK_END), 1)
                file.seek(0)
                importer = Importer(
                    store=self.store,
                    reader=self.reader,
                    now=real_now,
                    dry=self.dry,
                    tell=partial(self.watching.tell, path),
                    progress=lambda stats: self.watching.progress(
                        path, stats.share or file.tell() / size, stats
                    ),
                )
                return await importer.bring(self._items(file, path.name))
        except OSError as error:
            return UnreadableFileError(f"{path} cannot be read: {error.strerror}.")
        except UnreadableFileError as error:
            return error

    def _items(self, file: BinaryIO, name: str) -> Iterator[Item]:
        """What a file holds; its beginning tells what it is."""
        head = file.read(_HEAD)
        file.seek(0)
        if head.startswith(_ZIP):
            with closing(opened(file, name)) as archive:
                yield from self._zipped(archive, name)
            return
        encoding = "utf-16" if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
        if encoding != "utf-16" and _NO_TEXT.search(head):
            raise UnreadableFileError(f"{name} cannot be read. {_CAN}")
        start = head.decode(encoding, "ignore").lstrip()[:1]
        if start == "<":
            yield from from_rss(file, self.into)
            return
        lines, version = _lines(file, encoding, name), self.reader.framework.version
        if start in {"[", "{"}:
            yield from reading_back.from_json(lines, self.into, framework=version)
            return
        first = next(lines, "")
        every = chain([first], lines)
        if set(next(csv.reader([first]), [])) >= reading_back.NEEDED:
            yield from reading_back.from_csv(every, self.into, framework=version)
        else:
            yield from from_rows(csv_rows(every), self.into, zone=self.settings.zone)

    def _zipped(self, archive: ZipFile, name: str) -> Iterator[Item]:
        """A workbook, a Slack export, or an archive in which Padlet has put a board's files."""
        if is_workbook(archive):
            yield from from_rows(xlsx_rows(archive), self.into, zone=self.settings.zone)
            return
        if is_export(archive):
            yield from from_export(archive, self.into, self.home)
            return
        tables = [one for one in archive.namelist() if one.lower().endswith(_PADLET)]
        if not tables:
            raise UnreadableFileError(f"{name} cannot be read. {_CAN}")
        for table in tables[:_MOST_TABLES]:
            yield from self._items(io.BytesIO(whole(archive, table, most=_MOST_TABLE)), table)


async def bring(
    settings: Settings,
    files: Iterable[Path],
    *,
    channel: str,
    source: str,
    workspace: str,
    dry: bool,
    watching: Watching,
) -> list[tuple[Path, ImportStats | CommonplaceError]]:
    """Bring files into a channel, one after the other.

    Args:
        channel: its id or name.
        source: what the channel is called in the files; empty: as *channel*.
        workspace: the id or name of the channel's workspace; empty: the one that has it.
        dry: store nothing, not even a database.

    Returns:
        What came of each file: one that cannot be read keeps no other from being read.

    Raises:
        SettingsError: the channel is not known, or in more than one workspace.
    """
    store = open_store(settings.database_url, read_only=dry)
    try:
        home, into = await _destination(store, channel, source, workspace)
        run = _Import(
            store=store,
            settings=settings,
            home=home,
            into=into,
            reader=Reader(framework_at(settings.commonplace_framework), load_rules()),
            dry=dry,
            watching=watching,
        )
        return [(path, await run.file(path)) for path in files]
    finally:
        await store.close()


# -- where it comes to ------------------------------------------------------------------------


async def _destination(
    store: Store, channel: str, source: str, workspace: str
) -> tuple[Workspace, Destination]:
    every = await store.workspaces()
    chosen = [
        one for one in every if workspace.casefold() in {"", one.id.casefold(), one.name.casefold()}
    ]
    if every and not chosen:
        names = ", ".join(one.name or one.id for one in every)
        raise SettingsError(f"--workspace: {workspace!r} is not known. Known: {names}.")
    if not every:
        # A new database, for a copy of another one's ideas: the bot has never been anywhere.
        if not (workspace and is_channel_id(channel)):
            raise SettingsError(_NEW)
        return Workspace(id=workspace), Destination(
            workspace=workspace, workspace_name=None, channel=channel, source=source or channel
        )
    found = [(home, known) for home in chosen if (known := await store.channel(home.id, channel))]
    if len(found) > 1:
        names = ", ".join(home.name or home.id for home, _ in found)
        raise SettingsError(f"--channel: {channel!r} is in {names}. Say which with --workspace.")
    if not found:
        raise await unknown_channel(store, channel)
    ((home, known),) = found
    own = known.id if is_channel_id(channel) else known.name
    return home, Destination(
        workspace=home.id, workspace_name=home.name, channel=known.id, source=source or own
    )


def _lines(file: BinaryIO, encoding: str, name: str) -> Iterator[str]:
    """The lines of a text file with their ends; one without an end comes in pieces."""
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield from iter(lambda: text.readline(_LONGEST_LINE), "")
    except UnicodeError:
        raise UnreadableFileError(
            f"{name} is not in UTF-8. Save it as *CSV UTF-8* and try again."
        ) from None
    finally:
        text.detach()
