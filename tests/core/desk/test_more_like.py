"""*More like this*: what is like an idea, the most alike first, for whoever may see it."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.core.finding.ideas import PAGE
from bot.core.model.ideas import Draft, Filters, Idea, Kind, Source, Visibility
from bot.core.model.people import Asker, ChannelInfo
from bot.core.model.posts import Place, Post, Text
from tests.core.desk.counter import BEN, ROSA, Counter
from tests.core.stage import FRAMEWORK

PAIRS = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "similar_ideas.toml").read_text("utf-8")
)["pair"]
ALL: Final = Visibility(everything=True)


async def keep(counter: Counter, texts: list[str], tags: tuple[str, ...] = ()) -> None:
    """Keep ideas, a minute apart, about what the framework takes them to be about."""
    for number, text in enumerate(texts):
        at = counter.here.clock() + timedelta(minutes=number)
        place = Place("T1", "C1", f"{at.timestamp():.0f}.{len(text):06}")
        parts = tuple(one.code for one in FRAMEWORK.suggest(text))
        draft = Draft(text=text, kind=Kind.IDEA, marked=False, components=parts, tags=tags)
        post = Post(place=place, posted_at=at, author_id="UROSA", body=(Text(text),))
        await counter.here.store.add(post, draft, source=Source.POST, now=at)


async def like(counter: Counter, number: int, asker: Asker = BEN, start: int = 0) -> list[Idea]:
    idea = await counter.here.store.idea("T1", number, ALL)
    assert idea is not None
    similar = counter.desk.sharing.similar
    page = await similar.more_like(asker, idea, start=start, limit=PAGE)
    assert len(page.ideas) == min(PAGE, max(page.total - start, 0))
    return [*page.ideas]


async def test_how_often_the_same_idea_is_on_the_first_page(counter: Counter) -> None:
    """Of labelled pairs that say the same; by tag and component alone, it was there far less."""
    texts = [*dict.fromkeys(one[side] for one in PAIRS for side in ("new", "kept"))]
    await keep(counter, texts)
    store = counter.here.store
    number = {
        one.text: one.number for one in (await store.find("T1", Filters(), ALL, limit=200)).ideas
    }
    newest = found = 0
    same = [one for one in PAIRS if one["similar"]]
    for pair in same:
        other = pair["kept"]
        found += other in [one.text for one in await like(counter, number[pair["new"]])]
        idea = await store.idea("T1", number[pair["new"]], ALL)
        assert idea is not None
        before: list[str] = []
        for code in idea.components:
            filters = Filters(components=(code,), but=idea.number)
            before = [one.text for one in (await store.find("T1", filters, ALL, limit=PAGE)).ideas]
            if before:
                break
        newest += other in before
    assert (32, FOUND, BEFORE) == (len(same), found, newest)


FOUND, BEFORE = 32, 5
"""On the first page now, and by the newest of the same component."""


async def test_the_most_alike_comes_first(counter: Counter) -> None:
    """Then what shares a tag alone; an idea is never like itself, and pages go on."""
    tasting = "Book tasting at lunch: menus, tablecloths and five minutes for each genre"
    others = [f"Weeding day number {number} in the stacks" for number in range(6)]
    await keep(counter, [tasting, *others, "A book tasting with menus and tablecloths"], ("joy",))
    first = await like(counter, 1)
    assert [8, 7, 6, 5, 4] == [one.number for one in first]
    assert [3, 2] == [one.number for one in await like(counter, 1, start=PAGE)]


async def test_nobody_sees_what_they_may_not(counter: Counter) -> None:
    """An idea of a private channel is like one for those alone who are in it."""
    here = counter.here
    here.room.channels["C2"] = ChannelInfo(id="C2", name="inner", private=True)
    here.room.inside["C2"] = {"UROSA"}
    await here.store.remember_channel("T1", here.room.channels["C2"], now=here.clock())
    await here.says("UROSA", "Book tasting at lunch with menus and tablecloths")
    await here.says("UROSA", "A book tasting with menus and tablecloths", channel="C2")
    assert [] == await like(counter, 1, BEN)
    assert [2] == [one.number for one in await like(counter, 1, ROSA)]
