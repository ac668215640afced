"""What follows a stored change, done by the jobs of the outbox."""

from pathlib import Path

from bot.core.model.ideas import Source
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Place, Post, Text
from tests.core.outbox.doing import do_due, effects_on
from tests.core.stage import stage

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
        shared = await effects_on(here).keeper.share(typed, source=Source.COMMAND)
        await do_due(here)
        [posted] = here.room.said("C1")
        await here.store.remember_member("T1", Person(id="UBEN", name="Ben Ode"), now=here.clock())
        await do_due(here)
        [redrawn] = here.room.said("C1")
        assert posted.message != redrawn.message
        assert "Ben Ode shared" in redrawn.message.fallback
        assert f"idea:{shared.idea.id}" == posted.key == redrawn.key
