"""A member and a coordinator go through a month, on each platform, all of it in the chat."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.core.model.exports import Format
from tests.both.sides import Both, Side
from tests.both.test_friday import FRIDAY, MONDAY
from tests.conftest import Bot, eventually
from tests.faults.waiting import so
from tests.processes import commonplace
from tests.sharing import opened

TASTING = "Book tasting in the cafeteria doubled our lunch checkouts, with @Ben Okafor #reading"
CARTS = "We lend book carts to every science classroom for one week"
ANSWER = "Our principal opened the conversation and we planned the unit together"
CLUB = "Our student helpers teach a coding club after lunch on Fridays"
CLUB_NOW = "Our student helpers teach a coding club before school on Fridays"
NEWS = "The book fair delivery has moved from Tuesday to Thursday"
OF_BEN = ("Okafor", "Prairie Elementary", "cafeteria", "coding club", "Third graders")
WEEK = timedelta(weeks=1)


async def hears(side: Side, who: Any, *wanted: str) -> None:
    """Wait until somebody is told these words alone."""

    def told() -> bool:
        return any(all(words in one for words in wanted) for one in side.heard(who))

    try:
        await eventually(so(told), f"somebody is told {wanted}", within=8)
    except TimeoutError:
        raise AssertionError(side.heard(who)) from None


async def reads(side: Side, bot: Bot, who: Any, line: str, *wanted: str) -> None:
    """Somebody types a command, and reads these words."""
    shown = await side.ask(who, line)
    assert [] == [words for words in wanted if words not in shown], f"{line}: {shown}"
    await side.calm(bot)


async def comes(both: Both, stand: Callable[[], list[str]], number: int = 1) -> None:
    """Wait until so many stand there; the schedule looks often."""

    async def there() -> bool:
        await both.tick()
        return len(stand()) == number

    await eventually(there, f"there are {number}")
    await both.calm()


async def test_a_month(both: Both, side: Side, clock: Clock, database: Path) -> None:
    """Share, be thanked, try, edit, search, save, cite, care, subscribe; leave and be forgotten."""
    bot, rosa, ben = both.bot, side.rosa, side.ben
    # The first week: an idea, a question, what a colleague made of it.
    await side.post(ben, TASTING)
    await side.calm(bot)
    await hears(side, ben, "idea #1", "tell me your school")
    await side.fill(ben, "me", school="Prairie Elementary", district="", role="", ideas="earlier")
    await side.calm(bot)
    await side.post(rosa, CARTS)
    await side.calm(bot)
    await side.fill(rosa, "tried 1", send="Share", came="worked", words="Third graders loved it.")
    await hears(side, ben, "Rosa Alvarez", "Third graders loved it.")
    await reads(side, bot, rosa, "show 1", "Prairie Elementary", "Third graders loved it.")
    await reads(side, bot, ben, "search cafetria", "cafeteria")
    await reads(side, bot, ben, "save 2", "#2")
    await reads(side, bot, ben, "saved", "book carts")
    await reads(
        side, bot, ben, "cite 2", "APA", "MLA", "Chicago", "Alvarez, R. (2026, November 25)"
    )
    await reads(side, bot, ben, "subscribe weekly", "Your own weekly digest comes")
    await reads(side, bot, ben, "home", "You have shared 1 idea")
    # The coordinator looks after the channel.
    await side.post(ben, NEWS)
    await side.calm(bot)
    await reads(side, bot, rosa, "care", "Is this an idea?", NEWS)
    assert "Nothing is in doubt" in await side.press(rosa, "No, leave it")
    assert "#4" in await side.share(ben, CLUB)
    await side.calm(bot)
    await side.fill(ben, "edit 4", text=CLUB_NOW)
    await side.calm(bot)
    assert CLUB_NOW in " ".join(side.said())
    for what in ("hidden", "shown"):
        await side.fill(rosa, "care 4", what=what, reason="It names a school")
        await hears(side, ben, "#4", "It names a school")
    # The digest has all of it, and the question is answered.
    clock.jump(FRIDAY)
    await comes(both, side.digests)
    assert all(words in side.digests()[0] for words in ("Prairie Elementary", CARTS, CLUB_NOW))
    await hears(side, ben, "Only you see this", CARTS)
    clock.jump(MONDAY)
    await comes(both, side.prompts)
    # The weeks go on, each with one digest.
    for number in (1, 2, 3):
        await side.post(rosa, f"{CARTS}, and now for week {number} of the unit")
        await side.calm(bot)
        clock.jump(FRIDAY + number * WEEK)
        await comes(both, side.digests, number + 1)
    # Ben leaves, and is forgotten.
    settings = {"DATABASE_URL": f"sqlite:///{database}"}
    made = await commonplace("share", "--channel", side.room.id, "--private", settings=settings)
    board = bot.url + urlsplit(re.findall(r"https?://\S+", made.out)[0]).path
    assert "cafeteria" in (await opened(board)).text
    await reads(side, bot, ben, "forget-me", "3 ideas")
    await side.press(ben, "Erase everything…")
    assert "erased" in await side.press(ben, "Erase everything")
    await side.calm(bot)
    await eventually(bot.parts.store.is_scrubbed, "it is scrubbed")
    assert not [words for words in side.said() if CLUB_NOW in words and "shared" in words]
    shown = [(await opened(board + page)).text for page in ("", "feed.atom", "feed.json")]
    shown += [await side.ask(rosa, line) for line in ("list", "show 1", "settings log", "home")]
    assert [] == [word for word in OF_BEN for one in shown if word in one]
    await bot.parts.store.backup(database.parent / "copy.db")
    for form in (*Format, "report"):
        made_by = ("report",) if form == "report" else ("export", "--format", form)
        out = database.parent / f"out.{form}"
        done = await commonplace(*made_by, "--output", str(out), settings=settings)
        assert 0 == done.status, done.err
    held = b"".join(one.read_bytes() for one in database.parent.iterdir() if one.is_file())
    theirs = (ben.id,) if side.name == "slack" else (ben.aad, ben.id)
    assert [] == [word for word in (*OF_BEN, *theirs) if word.encode() in held]
    assert [row["author"] for row in await side.rows(bot)] == ["Rosa Alvarez"] * 4
