"""Ideas as a file: which ones an operator means, and where they are written."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from bot.config import Settings
from bot.core.errors import SettingsError, StoreFullError
from bot.core.finding import export
from bot.core.finding.names import unknown_channel
from bot.core.messages.common import tally
from bot.core.model.ideas import Filters, Kind, Visibility
from bot.core.model.nearest import did_you_mean, nearest
from bot.terminal import Screen
from storage import Store, open_store

_EVERYTHING: Final = Visibility(everything=True)


@dataclass(frozen=True, slots=True)
class Selection:
    """The ideas that an operator wants, of every workspace."""

    store: Store
    filters: Filters

    async def count(self) -> int:
        """Return how many ideas there are."""
        return await self.store.count("", self.filters, _EVERYTHING)

    def rows(self) -> Iterable[Sequence[Any]]:
        """Yield the rows of the export, read as they are asked for."""
        return self.store.export_rows("", self.filters, _EVERYTHING)

    def write(self, rows: Iterable[Sequence[Any]], out: BinaryIO, style: str) -> str:
        """Write *rows* as `csv` or `json`; return what was written in words, empty for none."""
        kinds = dict.fromkeys(Kind, 0)
        write = export.write_json if style == "json" else export.write_csv
        write(export.counting(rows, kinds), out)
        return tally(kinds) if any(kinds.values()) else ""


async def choose(
    settings: Settings, *, since: date | None, until: date | None, channel: str, author: str
) -> Selection:
    """Find the ideas that an operator means.

    Args:
        channel: an id or a name; empty: every channel.
        author: likewise.

    Raises:
        SettingsError: a day, a channel or an author is none.
    """
    if since and until and since > until:
        raise SettingsError("--since is after --until, so no idea can match.")
    store = open_store(settings.database_url, read_only=True)
    filters = Filters(
        since=since,
        until=until,
        zone=settings.zone,
        channel=await _channel(store, channel) if channel else "",
        people=(await _author(store, author),) if author else (),
    )
    return Selection(store, filters)


async def _channel(store: Store, name: str) -> str:
    """The id of the channel that an operator means by *name*; else `SettingsError`."""
    for workspace in await store.workspaces():
        known = await store.channel(workspace.id, name.removeprefix("#"))
        if known is not None:
            return known.id
    raise await unknown_channel(store, name)


async def _author(store: Store, name: str) -> str:
    """The id of the member that an operator means by *name*; else `SettingsError`."""
    name = name.removeprefix("@")
    found = await store.called("", name)
    if len(found) == 1:
        return found[0].person.id
    if found:
        each = [(one.person.id, one.profile.school, one.person.title) for one in found]
        which = "; ".join(", ".join(filter(None, one)) for one in each)
        raise SettingsError(
            f"--author: {len(found)} people are called {name!r}. Name one by id: {which}"
        )
    authors = await store.authors("", _EVERYTHING)
    hint = did_you_mean(nearest(name, [one.person.name for one in authors], most=3))
    raise SettingsError(
        f"--author: nobody called {name!r} is known. "
        f"{hint or 'Take the name or the id from the columns author and author_id.'}"
    )


@contextmanager
def target(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears only when it is whole."""
    if output is None:
        out = Screen() if sys.stdout.isatty() else sys.stdout.buffer
        yield cast("BinaryIO", out)
        out.flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        if output.exists() and not output.is_file():  # a device or a pipe stays what it is
            with output.open("wb") as out:
                yield out
            return
        part.unlink(missing_ok=True)  # perhaps somebody else's, or a link to what is to stay
        with part.open("xb") as out:
            yield out
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreFullError(
            f"{output} cannot be written ({error.strerror}). Nothing was changed there."
        ) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
