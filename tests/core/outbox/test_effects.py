"""What follows a stored change, done by the jobs of the outbox."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.intake.reader import Reader
from bot.core.intake.share import Sharer
from bot.core.model.books import Book
from bot.core.model.ideas import Source
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Place, Post, Text
from bot.core.model.vocabulary import KEPT, command
from bot.core.model.work import Effect, NewJob
from bot.data.capture import load_rules
from tests.core.outbox.doing import do_due, effects_on
from tests.core.stage import FRAMEWORK, stage

IDEA = "We paired 5th graders with kindergartners for a weekly reading buddy hour."


async def test_a_post_of_ours_that_is_put_right_keeps_its_key(tmp_path: Path) -> None:
    """It is posted before its author's name is known, and drawn anew when that comes."""
    async with stage(tmp_path) as here:
        here.room.channels["C1"] = ChannelInfo(id="C1", name="ideas-c1", private=False)
        typed = Post(
            place=Place("T1", "C1", ""),
            posted_at=here.clock(),
            author_id="UBEN",
            body=(Text(IDEA),),
        )
        shared = await Sharer(here.store, Reader(FRAMEWORK, load_rules()), here.clock).share(
            typed, source=Source.COMMAND
        )
        await do_due(here)
        [posted] = here.room.said("C1")
        await here.store.remember_member("T1", Person(id="UBEN", name="Ben Ode"), now=here.clock())
        await do_due(here)
        [redrawn] = here.room.said("C1")
        assert posted.message != redrawn.message
        assert "Ben Ode shared" in redrawn.message.fallback
        assert f"idea:{shared.idea.id}" == posted.key == redrawn.key


@pytest.mark.parametrize(
    ("takes", "words"), [(True, f"the {KEPT} shows it"), (False, f"{command('mine')} shows it")]
)
async def test_the_first_note_speaks_of_the_mark_where_there_is_one(
    tmp_path: Path, words: str, *, takes: bool
) -> None:
    """Where the platform takes none from a bot, nothing is refused, and it says how to look."""
    async with stage(tmp_path) as here:
        here.room.takes_marks = takes
        here.room.channels["C1"] = ChannelInfo(id="C1", name="ideas-c1", private=False)
        await here.says("UROSA", IDEA)
        assert [] == await do_due(here)
        [(_, member, message)] = here.room.whispers
        assert ("UROSA", True) == (member, words in message.fallback)


@pytest.mark.parametrize(
    ("source", "words"),
    [(Source.SHORTCUT, "saved your post,"), (Source.REACTION, f"marked your post with {KEPT},")],
)
async def test_whose_post_was_chosen_hears_how(tmp_path: Path, source: Source, words: str) -> None:
    """By a mark, or by saving it."""
    async with stage(tmp_path) as here:
        here.room.channels["C1"] = ChannelInfo(id="C1", name="ideas-c1", private=False)
        ts = here.room.says("UROSA", "C1", "Shelves on wheels")
        post = await here.room.fetch(Place("T1", "C1", ts))
        assert post is not None
        await effects_on(here).keeper.choose(post, source=source, by="UBEN")
        await do_due(here)
        [(_, member, message)] = here.room.whispers
        assert ("UROSA", True) == (member, words in message.fallback)


async def test_no_book_is_written_where_no_page_stands_beside_a_channel(tmp_path: Path) -> None:
    """Whatever a form says: the platform lacks it by type, and the job is pointless."""
    async with stage(tmp_path) as here:
        channel = replace(await here.channel(), book=True)
        await here.store.set_settings(channel, who="UROSA", now=here.clock())
        for ident in ("C1", "CNONE"):
            job = NewJob(effect=Effect.BOOK, channel=ident)
            await here.store.enqueue("T1", job, now=here.clock())
        assert [] == await do_due(here)
        assert Book() == await here.store.book("T1", "C1")
