"""The administrator's page, sent to a coordinator as a file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.errors import PrintingError
from bot.core.model.people import ChannelInfo, Person, Profile, Shown
from bot.core.model.work import Effect, NewJob
from bot.core.outbox.reports import Draw
from bot.core.report.values import Plan, Report
from bot.core.report.words import EMPTY
from bot.printing import drawn
from tests.browsing import CHROMIUM
from tests.core.outbox.doing import do_due
from tests.core.stage import Stage, stage

TEXT = "We planned a unit on sources with the science team, and 9 of 10 classes finished it."


async def asked(here: Stage, filters: str = "", draw: Draw = drawn, **more: str) -> None:
    """Rosa asks for the page, and it is made. *more*: what else stands in the job."""
    payload = {"member": "UROSA", "channel": "C1", "filters": filters, **more}
    job = NewJob(effect=Effect.REPORT, key="k", payload=payload)
    await here.store.enqueue("T1", job, now=here.clock())
    await do_due(here, draw)


async def set_up(here: Stage, *, private: bool = False) -> None:
    """Rosa invited the bot to a channel, in which she and Ben share an idea each."""
    for who in ("UROSA", "UBEN"):
        here.room.people[who] = Person(id=who, name=f"{who} Name")
    info = ChannelInfo(id="C1", name="ideas-c1", private=private)
    here.room.channels["C1"] = info
    here.room.inside["C1"] = {"UROSA", "UBEN"}
    await here.store.saw_channel("T1", "C1", now=here.clock(), invited_by="UROSA")
    await here.store.remember_channel("T1", info, now=here.clock())
    await here.says("UROSA", TEXT)
    await here.says("UBEN", TEXT.replace("science", "history"))


async def test_the_page_comes_as_a_file(tmp_path: Path) -> None:
    """With words beside it; people are named as they chose."""
    async with stage(tmp_path) as here:
        await set_up(here)
        await here.store.set_profile("T1", "UBEN", Profile(shown=Shown.NAME))
        await asked(here)
        ((member, name, content),) = here.room.files
    assert ("UROSA", True) == (member, name.startswith("report-") and name.endswith(".html"))
    page = content.decode()
    assert "shared 2 ideas." in page
    assert "UBEN Name" in page
    assert "UROSA" not in page
    assert "A network of school librarians" in page


@pytest.mark.parametrize(
    ("plan", "form", "begins", "words"),
    [
        ("", "md", "# A network of school librarians", "as Markdown. Paste its text"),
        ("yes", "html", "<!doctype html>", "library plan. Open it in a browser, or in Word"),
        ("yes", "md", "# Library plan: A network", "as Markdown. Paste its text"),
        ("yes", "csv", "\ufeffcomponent,name,", "as a CSV file. It opens in any spreadsheet."),
    ],
)
async def test_page_and_plan_come_in_every_format(
    tmp_path: Path, plan: str, form: str, begins: str, words: str
) -> None:
    """As the file of that name, with words that say what it is for."""
    async with stage(tmp_path) as here:
        await set_up(here)
        await asked(here, plan=plan, format=form)
        ((_, name, content),) = here.room.files
        assert f"{'library-plan' if plan else 'report'}-2026-11-24.{form}" == name
        assert content.decode().lstrip().startswith(begins)
        assert words in here.room.said("DUROSA")[-1].message.fallback


async def test_a_pdf_comes_as_one(tmp_path: Path) -> None:
    """Printed by a Chromium of this machine, where it has one."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    async with stage(tmp_path) as here:
        await set_up(here)
        await asked(here, format="pdf")
        ((_, name, content),) = here.room.files
    assert name.endswith(".pdf")
    assert content.startswith(b"%PDF-")


async def test_who_cannot_have_a_pdf_gets_the_page(tmp_path: Path) -> None:
    """For a browser, with words that say why and how to print it; nothing is tried again."""

    async def unprinted(make: Callable[[], Report | Plan], form: str) -> bytes:
        if form == "pdf":
            raise PrintingError("There is no Chromium.")
        return await drawn(make, form)

    async with stage(tmp_path) as here:
        await set_up(here)
        await asked(here, draw=unprinted, format="pdf")
        ((_, name, content),) = here.room.files
        assert name.endswith(".html")
        assert b"shared 2 ideas." in content
        assert "print it, and choose “Save as PDF”" in here.room.said("DUROSA")[-1].message.fallback


async def test_one_members_page(tmp_path: Path) -> None:
    """It is called what they chose to be called."""
    async with stage(tmp_path) as here:
        await set_up(here)
        await asked(here, "@UROSA")
        await asked(here, "@UBEN @UROSA")
        await asked(here, "@UNOBODY")
        pages = [content.decode() for _, _, content in here.room.files]
    assert [True, False, False] == [">A school librarian</h1>" in page for page in pages]
    assert "shared 1 idea." in pages[0]
    assert EMPTY in pages[2]


async def test_a_private_channel_is_on_it_only_when_it_is_named(tmp_path: Path) -> None:
    """The page is for people outside."""
    async with stage(tmp_path) as here:
        await set_up(here, private=True)
        await asked(here)
        await asked(here, "channel:C1")
        without, named = (content.decode() for _, _, content in here.room.files)
    assert EMPTY in without
    assert "shared 2 ideas." in named


async def test_who_coordinates_no_more_gets_nothing(tmp_path: Path) -> None:
    """Rights are those of the moment at which it is made."""
    async with stage(tmp_path) as here:
        await set_up(here)
        here.room.people["UROSA"] = Person(id="UROSA", name="Rosa", is_guest=True)
        await asked(here)
        assert [] == here.room.files
