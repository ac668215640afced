"""Finding at the desk: what is offered where little is found."""

from dataclasses import replace

from bot.core.model.parts import Quote
from bot.core.model.people import ChannelInfo
from tests.core.desk.counter import BEN, ROSA, Counter, buttons, said, shown

GARDEN = "We built a reading garden with the science club #outdoors"


async def test_the_words_that_were_meant_are_offered(counter: Counter) -> None:
    """With the filters; the button finds them in the place of the answer."""
    await counter.here.says("UROSA", GARDEN)
    offered = await counter.desk.command(BEN, "search reeding gardne since:2026-01-01")
    assert "nothing yet that you can see" in said(offered)
    assert "Did you mean “reading garden”?" in said(offered)
    (press,) = buttons(offered).values()
    assert "since:2026-01-01 reading garden" == press.text
    found = await counter.desk.press(BEN, press)
    assert GARDEN in said(found)
    assert "Did you mean" not in said(found)


async def test_nothing_else_is_offered(counter: Counter) -> None:
    """For words that are found, that nobody wrote, and where none were typed."""
    await counter.here.says("UROSA", GARDEN)
    for typed in ("search garden", "search xylophone", "list #nothing", "list"):
        assert "Did you mean" not in said(await counter.desk.command(BEN, typed))


async def test_words_of_a_private_channel_stay_there(counter: Counter) -> None:
    """Whoever is not in it is offered none of its words; whoever is, is."""
    here = counter.here
    here.room.channels["C2"] = ChannelInfo(id="C2", name="inner", private=True)
    here.room.inside["C2"] = {"UROSA"}
    await here.store.remember_channel("T1", here.room.channels["C2"], now=here.clock())
    await here.says("UROSA", "The zebrafish tank calms whoever reads beside it", channel="C2")
    outside = await counter.desk.command(replace(BEN, channel=""), "search zebrafsh")
    assert "zebrafish" not in said(outside)
    inside = await counter.desk.command(replace(ROSA, channel=""), "search zebrafsh")
    assert "Did you mean “zebrafish”?" in said(inside)


async def test_what_was_found_stands_out(counter: Counter) -> None:
    """In the stretch where it stands, however long the idea is."""
    await counter.here.says("UROSA", f"{'We plan and teach units together. ' * 20}{GARDEN}")
    found = await counter.desk.command(BEN, "search gardens")
    (quote,) = [part for part in shown(found).parts if isinstance(part, Quote)]
    assert ["garden"] == [run.text for run in quote.runs if run.bold]
    assert quote.text.startswith("…")
    listed = await counter.desk.command(BEN, "list")
    (plain,) = [part for part in shown(listed).parts if isinstance(part, Quote)]
    assert () == plain.runs
