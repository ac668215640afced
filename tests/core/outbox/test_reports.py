"""The administrator's page, sent to a coordinator as a file."""

from pathlib import Path

from bot.core.model.people import ChannelInfo, Person, Profile, Shown
from bot.core.model.work import Effect, NewJob
from tests.core.outbox.doing import do_due
from tests.core.stage import Stage, stage

TEXT = "We planned a unit on sources with the science team, and 9 of 10 classes finished it."


async def asked(here: Stage, filters: str = "", channel: str = "C1") -> None:
    """Rosa asks for the page, and it is made."""
    payload = {"member": "UROSA", "channel": channel, "filters": filters}
    job = NewJob(effect=Effect.REPORT, key="k", payload=payload)
    await here.store.enqueue("T1", job, now=here.clock())
    await do_due(here)


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
    assert "Nothing was shared" in pages[2]


async def test_a_private_channel_is_on_it_only_when_it_is_named(tmp_path: Path) -> None:
    """The page is for people outside."""
    async with stage(tmp_path) as here:
        await set_up(here, private=True)
        await asked(here)
        await asked(here, "channel:C1")
        without, named = (content.decode() for _, _, content in here.room.files)
    assert "Nothing was shared" in without
    assert "shared 2 ideas." in named


async def test_who_coordinates_no_more_gets_nothing(tmp_path: Path) -> None:
    """Rights are those of the moment at which it is made."""
    async with stage(tmp_path) as here:
        await set_up(here)
        here.room.people["UROSA"] = Person(id="UROSA", name="Rosa", is_guest=True)
        await asked(here)
        assert [] == here.room.files
