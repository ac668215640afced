"""The report of the command line: whose page an operator means, and the file it goes to."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.clock import Clock
from bot.config import Settings
from bot.core.errors import SettingsError
from bot.core.messages.common import excerpt
from bot.core.model.ideas import Filters, Visibility
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.people import folded
from bot.core.report.reporter import NETWORK, Reporter, title_of
from bot.core.report.values import Scope
from bot.data.framework import framework_at
from bot.exporting import check_days, known_author, known_channel
from bot.printing import chromium, drawn
from handlers.web.report import Paper
from storage import Store, open_store

_EVERYTHING: Final = Visibility(everything=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an operator asks for: of a channel, an author, a school, or of all there is."""

    channel: str = ""
    author: str = ""
    school: str = ""
    since: date | None = None
    until: date | None = None


async def report(
    settings: Settings, wanted: Wanted, style: str, *, plan: bool = False, paper: Paper = "letter"
) -> tuple[bytes, str]:
    """Make the administrator's page as `html`, `md` or `pdf`; a *plan* as `html`, `md` or `csv`.

    Ideas of a private channel are in it only where *wanted* names the channel.

    Returns:
        The file, and what its reader should know of it: which private channels are not in it.

    Raises:
        SettingsError: a day, a channel, an author or a school is none.
        PrintingError: a PDF is asked for, and cannot be printed here.
    """
    check_days(wanted.since, wanted.until)
    if style == "pdf":
        chromium()  # before anything is looked up
    store = open_store(settings.database_url, read_only=True)
    try:
        reporter = Reporter(store=store, framework=framework_at(settings.commonplace_framework))
        workspace, filters, scope = await _scope(store, settings, wanted)
        seen = Visibility(only=filters.channel) if filters.channel else Visibility()
        credited = await reporter.credited(workspace)
        note = "" if filters.channel else await _left_out(store)
        make = reporter.plan if plan else reporter.page
        made = make(workspace, filters, seen, scope, credited)
        await _check_school(store, wanted.school, empty=made.empty)
    finally:
        await store.close()
    return await drawn(lambda: made, style, paper), note


async def _left_out(store: Store) -> str:
    """Say which private channels hold ideas; empty: none."""
    names = [
        f"#{one.name or one.id}"
        for home in await store.workspaces()
        for one in await store.channels(home.id)
        if one.private and await store.count(home.id, Filters(channel=one.id), _EVERYTHING)
    ]
    if not names:
        return ""
    which = excerpt(", ".join(names), 300)
    return f"Ideas of private channels are not in it unless --channel names one: {which}"


async def _scope(store: Store, settings: Settings, wanted: Wanted) -> tuple[str, Filters, Scope]:
    """The workspace (empty: all), the filters, and whose page it is."""
    homes = await store.workspaces()
    workspace, title, within = "", "", []
    channel = await known_channel(store, wanted.channel) if wanted.channel else None
    if channel is not None:
        workspace = channel.workspace
        within.append(f"#{channel.name or channel.id}")
    names = [one.name for one in homes if one.name and workspace in {"", one.id}]
    network = names[0] if len(names) == 1 else NETWORK
    people: tuple[str, ...] = ()
    if wanted.author:
        people = (await known_author(store, wanted.author),)
        title = title_of((await store.called("", people[0]))[0])
        within.insert(0, network)
    if wanted.school:
        within.insert(0, title or network)
        title = await _written(store, wanted.school)
    filters = Filters(
        since=wanted.since,
        until=wanted.until,
        zone=settings.zone,
        channel=channel.id if channel else "",
        people=people,
    )
    scope = Scope(
        title=title or network,
        within=", ".join(dict.fromkeys(within)),
        school=wanted.school,
        members=frozenset(people),
        since=wanted.since,
        until=wanted.until,
        zone=settings.zone,
        made=Clock.starting(settings.commonplace_clock)().astimezone(settings.zone).date(),
    )
    return workspace, filters, scope


async def _written(store: Store, school: str) -> str:
    """A school's name as its people write it; as the operator does where none is known."""
    known = [one.profile.school for one in await store.authors("", _EVERYTHING)]
    typed = " ".join(school.split())
    return next((name for name in known if folded(name) == folded(school)), typed)


async def _check_school(store: Store, school: str, *, empty: bool) -> None:
    """Raise `SettingsError` where nothing came of a school because nobody is of it."""
    if not school or not empty:
        return
    ideas = store.reported_ideas("", Filters(), _EVERYTHING)
    known = {folded(one.author.school): one.author.school for one in ideas}
    if folded(school) not in known:
        hint = did_you_mean(nearest(school, [one for one in known.values() if one], most=3))
        advice = hint or "Take the name from the column school of the export."
        raise SettingsError(f"--school: no idea comes from a school called {school!r}. {advice}")
