"""*Save as idea*: a message that somebody chose is kept under its poster's name."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import NotAllowedError
from bot.core.model.ideas import Source, Withdrawal
from bot.core.model.people import Asker, ChannelInfo, Keep, Person, Profile
from bot.core.model.posts import Mention, Place, Post, Reaction, Span, Text
from bot.core.model.work import Effect
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, said
from tests.storage.making import jobs_of

SHORT = "Shelves on wheels!"


def posted(counter: Counter, text: str = SHORT, *, by: str = "UROSA", **more: Any) -> Post:
    """A message in the channel, a minute old."""
    at = counter.here.clock() - timedelta(minutes=1)
    body: tuple[Span, ...] = (Text(text),)
    given: dict[str, Any] = {"body": body} | more
    return Post(
        place=Place("T1", "C1", f"{at.timestamp():.6f}"), posted_at=at, author_id=by, **given
    )


async def saved(counter: Counter, post: Post | None, by: Asker = BEN) -> str:
    return said(await counter.desk.save(by, post))


async def test_a_saved_message_is_its_posters_idea(counter: Counter) -> None:
    """Whatever it reads like; its poster hears of it, and whoever saves it again is told."""
    assert "Kept as #1, under the name of UROSA Name." == await saved(counter, posted(counter))
    kept = await counter.idea()
    assert kept is not None
    assert ("UROSA", SHORT, Source.SHORTCUT) == (kept.author.id, kept.text, kept.source)
    told = await jobs_of(counter.here.store, counter.here.clock(), Effect.MARKED, 9)
    assert [str(kept.id)] == [job.key for job in told]
    again = await saved(counter, posted(counter), ROSA)
    assert "I have that one already: it is #1, by UROSA Name." == again


async def test_an_edit_does_not_undo_a_saving(counter: Counter) -> None:
    """It is still chosen, however short it is now."""
    post = posted(counter)
    await saved(counter, post)
    edited = replace(post, body=(Text("Wheels!"),), edited="2")
    await counter.desk.saving.keeper.edit(edited)
    kept = await counter.idea()
    assert kept is not None
    assert "Wheels!" == kept.text


async def test_a_saved_reply_is_kept(counter: Counter) -> None:
    """It counts as a reply too."""
    first = await counter.here.says("UROSA", IDEA)
    root = await counter.here.store.idea_by_id(first)
    assert root is not None
    assert "Kept as #2" in await saved(counter, posted(counter, by="UBEN", thread=root.ts))
    root = await counter.here.store.idea_by_id(first)
    assert root is not None
    assert 1 == root.replies


async def test_its_author_decides_what_is_kept(counter: Counter) -> None:
    """Nobody else's saving stands for theirs."""
    store = counter.here.store
    for keep in (Keep.NOTHING, Keep.MARKED):
        await store.set_profile("T1", "UROSA", Profile(keep=keep))
        assert "its author chooses what I keep" in await saved(counter, posted(counter))
    assert "Kept as #1" in await saved(counter, posted(counter), ROSA)


@pytest.mark.parametrize("text", ["", "Posted for everybody."])
async def test_an_app_that_names_nobody_is_not_kept(counter: Counter, text: str) -> None:
    """Neither is a bot."""
    counter.here.room.people["UAPP"] = Person(id="UAPP", name="Feeds", is_bot=True)
    for post in (
        posted(counter, text, by="", by_app=True),
        posted(counter, text, by="UAPP"),
    ):
        assert "an app posted it" in await saved(counter, post)


async def test_what_an_app_posted_for_somebody_is_theirs(counter: Counter) -> None:
    """The app names its sender."""
    body = (Text("Submitted by "), Mention("UROSA"), Text(": lunchtime chess club for everybody"))
    post = posted(counter, by="", by_app=True, body=body)
    assert "Kept as #1, under the name of UROSA Name." == await saved(counter, post)


async def test_what_the_bot_wrote_is_not_kept(counter: Counter) -> None:
    """Its ideas are."""
    assert "I wrote it" in await saved(counter, None)


async def test_what_shows_nothing_is_not_kept(counter: Counter) -> None:
    """There must be words or a link."""
    assert "no words" in await saved(counter, posted(counter, " "))


async def test_what_was_taken_back_stays_so(counter: Counter) -> None:
    """But for what lost its only mark a moment ago."""
    store, now, post = counter.here.store, counter.here.clock(), posted(counter)
    await saved(counter, post)
    await store.withdraw(post.place, Withdrawal.UNMARKED, now=now)
    assert "Kept as #1" in await saved(counter, post)
    await store.withdraw(post.place, Withdrawal.CROSSED, now=now)
    assert "taken back" in await saved(counter, post)


async def test_what_its_author_crossed_before_is_not_kept(counter: Counter) -> None:
    """They were first."""
    post = posted(counter)
    await counter.here.store.react(
        Reaction(post.place, "UROSA", "x", "1"), present=True, now=counter.here.clock()
    )
    assert "its author chooses" in await saved(counter, post)


async def test_whoever_saves_must_be_able_to_read_the_channel(counter: Counter) -> None:
    """And the bot must be in it."""
    here, post = counter.here, posted(counter)
    hidden = ChannelInfo(id="C1", name="ideas-c1", private=True)
    here.room.channels["C1"] = hidden
    here.room.inside["C1"] = {"UROSA"}
    await here.store.remember_channel("T1", hidden, now=here.clock())
    asker = replace(BEN, channel="", pressed=True)
    with pytest.raises(NotAllowedError, match="Nothing was kept"):
        await counter.desk.save(asker, post)
    with pytest.raises(NotAllowedError):
        await counter.desk.save(ROSA, replace(post, place=Place("T1", "CNONE", "1.000001")))
    await here.store.saw_channel("T1", "C1", now=here.clock(), member=False)
    with pytest.raises(NotAllowedError):
        await counter.desk.save(ROSA, post)
    assert await counter.idea() is None


async def test_a_mark_and_a_saving_are_one(counter: Counter) -> None:
    """What was saved stays when the mark goes that came after it."""
    post = posted(counter)
    await saved(counter, post)
    keeper, store, now = counter.desk.saving.keeper, counter.here.store, counter.here.clock()
    await store.react(Reaction(post.place, "UBEN", "bulb", "1"), present=True, now=now)
    await keeper.react(Reaction(post.place, "UBEN", "bulb", "2"), added=False)
    assert await counter.idea() is not None
