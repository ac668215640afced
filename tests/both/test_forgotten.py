"""A member has everything about them sent to them, then erased, on both platforms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from bot.clock import Clock
from bot.core.model.exports import Format
from tests.both.sides import Side, SlackSide
from tests.conftest import Bot, bot_at, eventually
from tests.processes import commonplace
from tests.teams.running import bot_in

WORDS: Final = ("Alvarez", "zanzibar", "Quagmire")
GARDEN: Final = "We read zanzibar stories in the garden with the science club #zanzibar"


def traces(data: bytes, *who: str) -> list[str]:
    """Which of their words, and whether their id, somebody finds who only looks at the bytes."""
    return [word for word in (*WORDS, *who) if word.lower().encode() in data.lower()]


def files(database: Path) -> bytes:
    """Everything that lies in the database's folder."""
    return b"".join(one.read_bytes() for one in database.parent.iterdir() if one.is_file())


@asynccontextmanager
async def bot_on(side: Side, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """Run a program on this platform alone: on each there is somebody of the same name."""
    alone = (
        bot_at(side.slack, database, clock, transport="http")
        if isinstance(side, SlackSide)
        else bot_in(side.teams, database, clock)
    )
    async with alone as bot:
        await side.begin()
        await side.calm(bot)
        yield bot


async def live(bot: Bot, side: Side) -> None:
    """Rosa is in every way in what the bot keeps; so is Ben."""
    own = await side.post(side.rosa, GARDEN)
    await side.calm(bot)
    other = await side.post(side.ben, "We opened the makerspace at lunch, with @Rosa Alvarez")
    await side.calm(bot)
    await side.react(side.rosa, other, "heart")
    await side.reply(side.rosa, other, "Lovely")
    await side.reply(side.ben, own, "Lovely")
    await side.share(side.rosa, "A quagmire of a quiz, shared by command, on Fridays")
    await side.fill(side.rosa, "me", school="Zanzibar School", district="", role="")
    await side.ask(side.rosa, "prompt add What would you read aloud with your students?")
    await side.ask(side.rosa, "export")
    await side.calm(bot)
    await side.edit(own, f"{GARDEN} and @Ben Okafor")
    await side.calm(bot)


async def erase(side: Side, how: str = "Erase everything") -> str:
    """Ask to be forgotten, and say yes twice."""
    first = await side.ask(side.rosa, "forget-me")
    assert "2 ideas" in first
    assert "Are you sure?" in await side.press(side.rosa, "Erase everything…")
    return await side.press(side.rosa, how)


async def test_nothing_of_somebody_erased_is_found_anywhere(
    side: Side, database: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """No id, name or word of theirs: in file, log, copy, export, answers, or what is said."""
    async with bot_on(side, database, clock) as bot:
        await live(bot, side)
        who = (side.rosa.id,) if isinstance(side, SlackSide) else (side.rosa.aad, side.rosa.id)
        assert [*WORDS, who[0]] == traces(files(database), who[0])
        caplog.clear()
        assert "erased" in await erase(side)
        await side.calm(bot)
        await eventually(bot.parts.store.is_scrubbed, "it is scrubbed")
        await bot.parts.store.backup(database.parent / "copy.db")
        assert [] == traces(files(database), *who)
        assert [] == traces(caplog.text.encode(), *who)
        assert ["We opened the makerspace at lunch, with a colleague"] == await side.kept(bot)
        settings = {"DATABASE_URL": f"sqlite:///{database}"}
        for form in Format:
            output = database.parent / f"ideas.{form.ending}"
            done = await commonplace(
                "export", "--format", form, "--output", str(output), settings=settings
            )
            assert 0 == done.status, done.err
        for command in ("report", "report --plan"):
            assert [] == traces((await commonplace(*command.split(), settings=settings)).raw, *who)
        assert [] == traces(files(database), *who)
        for asked in ("list", "search stories", "digest", "settings log", "prompt list all"):
            assert [] == traces((await side.ask(side.ben, asked)).encode(), *who)
        assert not [one for one in side.said() if "quagmire" in one]
