"""The export of the command line: which ideas an operator means, and the file they go to."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from bot.config import Settings
from bot.core.errors import SettingsError, StoreFullError
from bot.core.finding.export import counting
from bot.core.finding.names import unknown_channel
from bot.core.messages.common import tally
from bot.core.model.exports import Format
from bot.core.model.ideas import Filters, Kind, Visibility
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.people import Channel
from bot.terminal import Screen
from bot.values import OF_TEAM
from bot.workbook import WRITERS
from storage import Store, open_store

_EVERYTHING: Final = Visibility(everything=True)


async def export(
    settings: Settings,
    output: Path | None,
    form: Format,
    *,
    since: date | None,
    until: date | None,
    channel: str,
    author: str,
    progress: Callable[[Iterable[Any], int], AbstractContextManager[Iterable[Any]]],
) -> str:
    """Write the ideas of every workspace that an operator means, in a format.

    Args:
        output: None: standard output.
        channel: an id or a name; empty: every channel.
        author: likewise.
        progress: passes on rows, and may show how many of so many have been written.

    Returns:
        What was written, in words; empty for no idea.

    Raises:
        SettingsError: a day, a channel or an author is none.
    """
    check_days(since, until)
    store = open_store(settings.database_url, read_only=True)
    filters = Filters(
        since=since,
        until=until,
        zone=settings.zone,
        channel=(await known_channel(store, channel)).id if channel else "",
        people=(await known_author(store, author),) if author else (),
    )
    kinds = dict.fromkeys(Kind, 0)
    # No step of the writing gives the event loop a turn, so an interrupt must not wait for one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    total = await store.count("", filters, _EVERYTHING)
    with (
        store.export_book("", filters, _EVERYTHING) as book,
        target(output) as out,
        progress(book.ideas, total) as shown,
    ):
        WRITERS[form](replace(book, ideas=counting(shown, kinds)), out)
    return tally(kinds) if any(kinds.values()) else ""


def check_days(since: date | None, until: date | None) -> None:
    """Raise `SettingsError` where no day is between the two."""
    if since and until and since > until:
        raise SettingsError("--since is after --until, so no idea can match.")


async def known_channel(store: Store, name: str, homes: Iterable[str] = ()) -> Channel:
    """Return the channel of this id or name in one of *homes*; none: in any workspace.

    A channel of a team is `Team \u203a Channel` or, where no other one is called so, `Channel`.

    Raises:
        SettingsError: none is known; the words offer the nearest.
    """
    places = [*homes] or [one.id for one in await store.workspaces()]
    for home in places:
        if known := await store.channel(home, name):
            return known
    every = [one for home in places for one in await store.channels(home)]
    alike = [one for one in every if one.name.lower().endswith(f"{OF_TEAM}{name.lower()}")]
    if len(alike) == 1:
        return alike[0]
    raise await unknown_channel(store, name)


async def known_author(store: Store, name: str) -> str:
    """Return the id of the member that an operator means by *name*; else raise `SettingsError`."""
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
    """Yield standard output, or a file that appears under its name only when it is whole."""
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
