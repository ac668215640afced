"""A file reaches the member whom it is for, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from stat import S_IMODE

import aiohttp
import pytest

from bot.core.errors import ChatUnavailableError
from bot.core.model.parts import Message
from bot.serve import listen
from handlers.shapes import Payload
from handlers.teams.chat import TeamsChat
from handlers.teams.files import ADDRESS, Files, files_handler
from handlers.teams.offers import OFFER, STORED, Offers
from handlers.web import Answers, make_app
from tests.teams import Channel, Item, Person, Teams
from tests.teams.fixtures import chat_of

CSV = "number,text\r\n1,Bücherwürmer\r\n".encode()
BASE = "https://bot.example.org"


@pytest.fixture
async def chat(teams: Teams, room: Channel, tmp_path: Path) -> AsyncIterator[TeamsChat]:
    """The bot's chat; it is in the room's team."""
    assert room.team.installed
    async with chat_of(teams, tmp_path) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to be sent."""
    at = tmp_path / "export.csv"
    at.write_bytes(CSV)
    return at


async def offered(teams: Teams, chat: TeamsChat, rosa: Person, file: Path) -> Item:
    """Offer the file to a member; return the message in their chat."""
    await chat.upload(rosa.aad, file, name="ideas.csv", words="One idea.")
    await asyncio.to_thread(file.unlink)  # whoever made it deletes it then
    return list(teams.chat(rosa).items.values())[-1]


def agreed(teams: Teams, shown: Item, **told: object) -> Payload:
    """What Teams tells when the member accepts; *told*: instead of where the file may go."""
    (offer,) = (one for one in shown.attachments if one["contentType"] == OFFER)
    info = {
        "contentUrl": f"{teams.url}/files/f1",
        "name": "ideas.csv",
        "uploadUrl": f"{teams.url}/upload/f1",
        "uniqueId": "f1",
        "fileType": "csv",
    }
    context = offer["content"]["acceptContext"]
    return {"action": "accept", "context": context, "uploadInfo": {**info, **told}}


def last(teams: Teams, person: Person) -> Item:
    """The last message in somebody's chat with the bot."""
    return list(teams.chat(person).items.values())[-1]


def link_in(shown: Item) -> str:
    """The address behind a message's button."""
    (row,) = (one for one in shown.card["body"] if one["type"] == "ActionSet")
    url: str = row["actions"][0]["url"]
    return url


@asynccontextmanager
async def served(files: Files) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """The web side, with these files."""

    async def ready() -> dict[str, str]:
        return {}

    answers = Answers(ready=ready, metrics=lambda: (b"", "text/plain"), files=files_handler(files))
    app = make_app(lambda: answers)
    async with listen(app, "127.0.0.1", 0) as url, aiohttp.ClientSession() as session:
        yield session, url


async def test_an_accepted_file_is_stored_where_teams_says(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path
) -> None:
    """Whole, without a token of ours; then it is shown, and does not wait any more."""
    shown = await offered(teams, chat, rosa, file)
    (offer,) = shown.attachments
    assert ("ideas.csv", len(CSV)) == (offer["name"], offer["content"]["sizeInBytes"])
    await chat.accept_file(rosa.aad, agreed(teams, shown))
    assert {"f1": CSV} == teams.files
    (stored,) = last(teams, rosa).attachments
    assert (STORED, "ideas.csv") == (stored["contentType"], stored["name"])
    assert {"uniqueId": "f1", "fileType": "csv"} == stored["content"]
    assert [] == list(chat.offers.files.folder.iterdir())


async def test_a_file_is_accepted_once(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path
) -> None:
    """Whoever presses again is told to ask again."""
    shown = await offered(teams, chat, rosa, file)
    for _ in range(2):
        await chat.accept_file(rosa.aad, agreed(teams, shown))
    assert 1 == len(teams.called("upload"))
    assert "Please ask again" in last(teams, rosa).html


async def test_a_file_is_for_one_member(
    teams: Teams, chat: TeamsChat, rosa: Person, ben: Person, file: Path
) -> None:
    """Who sends another's acceptance gets nothing, and takes nothing away."""
    shown = await offered(teams, chat, rosa, file)
    await chat.accept_file(ben.aad, agreed(teams, shown))
    await chat.decline_file(ben.aad, agreed(teams, shown))
    assert {} == teams.files
    await chat.accept_file(rosa.aad, agreed(teams, shown))
    assert {"f1": CSV} == teams.files


async def test_a_declined_file_is_deleted(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path
) -> None:
    """At once."""
    shown = await offered(teams, chat, rosa, file)
    await chat.decline_file(rosa.aad, agreed(teams, shown))
    assert [] == list(chat.offers.files.folder.iterdir())


@pytest.mark.parametrize("strange", [{}, {"context": 7}, {"context": {"file": ["x"]}}])
async def test_an_acceptance_in_an_odd_shape_takes_nothing(
    teams: Teams, chat: TeamsChat, rosa: Person, strange: Payload
) -> None:
    """The member is told to ask again."""
    await chat.accept_file(rosa.aad, strange)
    assert "Please ask again" in last(teams, rosa).html


async def test_where_no_file_may_be_offered_there_is_a_link(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path
) -> None:
    """It opens the file once."""
    teams.faults.refuse("connector.post", 403, "Forbidden")
    shown = await offered(teams, chat, rosa, file)
    address = link_in(shown)
    assert address.startswith(f"{BASE}{ADDRESS}")
    async with served(chat.offers.files) as (session, url):
        async with session.get(url + address.removeprefix(BASE)) as answer:
            assert (200, CSV) == (answer.status, await answer.read())
        async with session.get(url + address.removeprefix(BASE)) as answer:
            assert 404 == answer.status


@pytest.mark.parametrize("fault", ["refuse", "crash", "cut"])
async def test_a_file_that_teams_does_not_take_has_a_link(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path, fault: str
) -> None:
    """It is still there, under another address."""
    shown = await offered(teams, chat, rosa, file)
    given = {"refuse": (507,)}.get(fault, ())
    getattr(teams.faults, fault)("upload", *given, times=None)
    await chat.accept_file(rosa.aad, agreed(teams, shown))
    token = link_in(last(teams, rosa)).removeprefix(f"{BASE}{ADDRESS}")
    assert token != agreed(teams, shown)["context"]["file"]
    found = chat.offers.files.take(token)
    assert found is not None
    assert CSV == found.content


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "http://d-my.sharepoint.com/x",
        "https://intranet.example.org/x",
        "https://sharepoint.com.example.org/x",
        "https://[x",
        7,
    ],
)
async def test_a_file_goes_only_where_nobody_reads_along(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path, url: object
) -> None:
    """To no address but OneDrive's, with https; the member gets a link."""
    shown = await offered(teams, chat, rosa, file)
    await chat.accept_file(rosa.aad, agreed(teams, shown, uploadUrl=url))
    assert link_in(last(teams, rosa)).startswith(f"{BASE}{ADDRESS}")


async def test_only_a_rehearsal_stores_a_file_on_this_machine(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path
) -> None:
    """In earnest nothing that Teams says leads here."""
    shown = await offered(teams, chat, rosa, file)
    where = await chat.directory.chat_with(rosa.aad)
    earnest: Offers = replace(chat.offers, rehearsal=False)
    await earnest.accept(where, rosa.aad, agreed(teams, shown))
    assert {} == teams.files


async def test_a_file_is_put_off_while_teams_is_away(
    teams: Teams, chat: TeamsChat, rosa: Person, file: Path
) -> None:
    """Whoever sends it tries again; no link is posted."""
    await chat.tell(rosa.aad, Message("Good morning"))
    teams.faults.rate_limit("connector.post", retry_after=5)
    with pytest.raises(ChatUnavailableError):
        await chat.upload(rosa.aad, file, name="ideas.csv", words="One idea.")
    assert 1 == len(teams.chat(rosa).items)
    assert [] == list(chat.offers.files.folder.iterdir())


# -- files that wait ------------------------------------------------------------------------------


async def test_a_file_is_answered_as_one_to_keep(tmp_path: Path) -> None:
    """Browsers store it under its name, show it to nobody, and keep no copy of it."""
    files = Files(tmp_path)
    token = files.keep('Ideen ä\r\n".csv', "U1", CSV)
    async with served(files) as (session, url), session.get(f"{url}{ADDRESS}{token}") as answer:
        told = answer.headers
        assert (
            "attachment; filename*=UTF-8''Ideen%20%C3%A4%0D%0A%22.csv"
            == (told["Content-Disposition"])
        )
        assert "no-store" == told["Cache-Control"]
        assert "nosniff" == told["X-Content-Type-Options"]
        assert CSV == await answer.read()


async def test_wrong_used_and_old_tokens_look_alike(tmp_path: Path) -> None:
    """Nobody learns whether there was a file."""
    now = [0.0]
    files = Files(tmp_path, lambda: now[0])
    used, old = (files.keep("ideas.csv", "U1", CSV) for _ in range(2))
    assert files.take(used) is not None
    now[0] = 600.0
    async with served(files) as (session, url):
        seen = set()
        for token in (used, old, "x", "..%2F..", "x" * 5_000):
            async with session.get(f"{url}{ADDRESS}{token}") as answer:
                seen.add((answer.status, await answer.text()))
    assert {404} == {status for status, _ in seen}
    assert 1 == len(seen)
    assert [] == list(files.folder.iterdir())


async def test_a_preview_takes_no_file(tmp_path: Path) -> None:
    """Who asks only what stands there, with HEAD, is refused, and the link still works."""
    files = Files(tmp_path)
    token = files.keep("ideas.csv", "U1", CSV)
    async with served(files) as (session, url), session.head(f"{url}{ADDRESS}{token}") as answer:
        assert 405 == answer.status
    assert files.take(token) is not None


def test_files_are_for_us_alone(tmp_path: Path) -> None:
    """They are readable by their owner alone, and the name says nothing."""
    files = Files(tmp_path)
    token = files.keep("ideas.csv", "U1", CSV)
    (kept,) = files.folder.iterdir()
    assert 0o600 == S_IMODE(kept.stat().st_mode)
    assert token not in kept.name
    assert files.take(token, "U2") is None
    assert files.take(token, "U1") is not None
