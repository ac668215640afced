"""A network's database to import into, and what an import says and leaves behind."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.config import Settings, load_settings
from bot.core.errors import CommonplaceError
from bot.core.finding.export import COLUMNS, write_csv, write_json
from bot.core.model.ideas import Filters, Visibility
from bot.core.model.imports import Arrival, BadRow, ImportStats, Remark
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.importing import bring
from storage import Store, open_store
from tests.exported import exported
from tests.workbooks import zipped

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
EVERYTHING = Visibility(everything=True)
NO_FILES: Mapping[str, str | bytes] = {}
SAMPLES = Path(__file__).parent / "payloads" / "imports"


@dataclass(slots=True)
class Told:
    """Collects what an import shows."""

    said: list[str] = field(default_factory=list)
    came: list[Arrival] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)

    def tell(self, _file: Path, one: Arrival | BadRow | Remark) -> None:
        match one:
            case Arrival():
                self.came.append(one)
            case BadRow(where=where, why=why):
                self.said.append(f"{where}: {why}")
            case Remark(words=words):
                self.said.append(words)

    def progress(self, _file: Path, share: float, _stats: ImportStats) -> None:
        self.bars.append(share)


@dataclass(frozen=True, slots=True)
class Network:
    """A workspace `T1` called `Lincoln`, with the channels `C1`, `reading`, and `C2`, `general`."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return load_settings(env_file=None, database_url=self.url)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'ideas.db'}"

    def write(self, name: str, content: bytes | str) -> Path:
        """A file to import."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    async def found(self, *people: Person) -> None:
        """Make the workspace, its channels and these members."""
        store = open_store(self.url)
        home = Workspace(
            id="T1", name="Lincoln", url="https://lincoln.slack.com/", bot_user_id="UBOT"
        )
        await store.remember_workspace(home)
        for id_, name in (("C1", "reading"), ("C2", "general")):
            info = ChannelInfo(id=id_, name=name, private=False)
            await store.remember_channel("T1", info, now=NOW)
        for one in people:
            await store.remember_member("T1", one, now=NOW)
        await store.close()

    async def bring(self, *files: Path, **more: Any) -> tuple[ImportStats, Told]:
        """Import files into `C1`; what came of the last one, and what was said."""
        outcomes, told = await self.outcomes(*files, **more)
        outcome = outcomes[-1]
        assert isinstance(outcome, ImportStats), outcome
        return outcome, told

    async def outcomes(
        self, *files: Path, **more: Any
    ) -> tuple[Sequence[ImportStats | CommonplaceError], Told]:
        """Import files into `C1`; what came of each, and what was said."""
        told = Told()
        given: dict[str, Any] = {
            "channel": "reading",
            "source": "",
            "workspace": "",
            "dry": False,
        } | more
        outcomes = await bring(self.settings, files, watching=told, **given)
        return [outcome for _, outcome in outcomes], told

    async def with_store(self, work: Any) -> Any:
        """What *work* returns of the open store."""
        store = open_store(self.url)
        try:
            return await work(store)
        finally:
            await store.close()

    async def rows(self) -> list[dict[str, Any]]:
        """The rows of the export."""
        rows: list[dict[str, Any]] = await self.with_store(_rows)
        return rows

    async def exported(self, style: str) -> bytes:
        """The export as CSV or JSON."""
        path = self.folder / f"own.{style}"

        async def write(store: Store) -> None:
            rows = exported(store, "", Filters(), EVERYTHING)
            with path.open("wb") as out:
                (write_json if style == "json" else write_csv)(rows, out)

        await self.with_store(write)
        return path.read_bytes()

    def cells(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a statement, as the file has them."""
        with closing(sqlite3.connect(self.folder / "ideas.db")) as con:
            return con.execute(sql).fetchall()


async def _rows(store: Store) -> list[dict[str, Any]]:
    rows = exported(store, "", Filters(), EVERYTHING)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def slack_export(more: Mapping[str, str | bytes] = NO_FILES, *, folder: str = "") -> bytes:
    """The sample of a workspace's export, packed, with *more* files."""
    sample = SAMPLES / "slack_export"
    files: dict[str, str | bytes] = {
        folder + file.relative_to(sample).as_posix(): file.read_bytes()
        for file in sorted(sample.rglob("*.json"))
    }
    return zipped({**files, **more})
