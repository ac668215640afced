"""A coordinator looks after ideas; those whose they are are told once, and the log has it all."""

from typing import Any

from bot.core.model.ideas import Visibility
from tests.both.sides import Side
from tests.conftest import Bot
from tests.people import GARDEN

TASTING = "Book tasting at lunch doubled our checkouts"
AGAIN = "Book tasting in the cafeteria doubled our checkouts too"


async def look_after(side: Side, bot: Bot, number: int, **given: str) -> None:
    """Let Rosa, who brought the bot, send the form about an idea."""
    await side.fill(side.rosa, f"care {number}", reason="it fits better so", **given)
    await side.calm(bot)


async def texts(side: Side, bot: Bot) -> list[str]:
    await side.calm(bot)
    return await side.kept(bot)


def told(side: Side, who: Any) -> list[str]:
    return [one for one in side.told(who) if "The reason" in one]


async def test_an_idea_is_hidden_and_restored(side: Side, bot: Bot) -> None:
    """Its author is told once each time, and still sees it; others find nothing."""
    post = await side.post(side.ben, TASTING)
    await side.calm(bot)
    await look_after(side, bot, 1, what="hidden")
    assert [] == await texts(side, bot)
    assert not side.is_marked(post)
    (news,) = told(side, side.ben)
    assert "Rosa Alvarez has hidden your idea #1" in news
    assert "The reason: “it fits better so”" in news
    assert [] == told(side, side.rosa)
    assert "#1 is hidden by a coordinator" in await side.ask(side.ben, "mine")
    assert "Hidden by a coordinator" in await side.ask(side.ben, "show 1")
    mei = side.person("Mei")
    await side.enter(mei, side.room)
    assert "not an idea that you can see" in await side.ask(mei, "show 1")
    assert "doubled" not in await side.ask(mei, "search tasting")
    await look_after(side, bot, 1, what="shown")
    assert [TASTING] == await texts(side, bot)
    assert side.is_marked(post)
    assert 2 == len(told(side, side.ben))
    log = await side.ask(side.rosa, "settings log")
    assert "#1 was restored: “it fits better so”" in log
    assert "#1 was hidden" in log


async def test_only_coordinators_look_after_ideas(side: Side, bot: Bot) -> None:
    """Not the author, and nobody an idea that is withdrawn."""
    post = await side.post(side.ben, TASTING)
    await side.calm(bot)
    assert "Only coordinators" in await side.ask(side.ben, "care 1")
    await side.delete(post)
    await side.calm(bot)
    assert "not an idea that you can see" in await side.ask(side.rosa, "care 1")


async def test_two_ideas_become_one_and_two_again(side: Side, bot: Bot) -> None:
    """The later number says where it went; both authors are told; it can be undone."""
    await side.post(side.rosa, GARDEN)
    await side.post(side.ben, TASTING)
    await side.post(side.rosa, AGAIN)
    await side.calm(bot)
    await look_after(side, bot, 2, what="merged", other="#3")
    assert [GARDEN, TASTING] == await texts(side, bot)
    (news,) = told(side, side.ben)
    assert "has merged Rosa Alvarez’s idea #3" in news
    both = await side.ask(side.ben, "show 3")
    assert TASTING in both
    assert "Also said by Rosa Alvarez (#3)" in both
    assert "#3 is part of #2" in await side.ask(side.ben, "remove 3")
    assert "#3 is part of #2 now" in await side.ask(side.rosa, "mine")
    await look_after(side, bot, 3, what="parted")
    assert [GARDEN, TASTING, AGAIN] == await texts(side, bot)
    assert "Also said" not in await side.ask(side.ben, "show 2")


async def test_an_idea_is_put_under_its_authors_name(side: Side, bot: Bot) -> None:
    """Whoever had posted it is thanked, and both are told."""
    await side.post(side.rosa, TASTING)
    await side.post(side.ben, GARDEN)
    await side.calm(bot)
    await look_after(side, bot, 1, what="moved", whose="@Ben Okafor")
    row, _ = await side.rows(bot)
    assert ("Ben Okafor", "Rosa Alvarez") == (row["author"], row["credits"])
    (news,) = told(side, side.ben)
    assert "has put your name to idea #1" in news
    shown = await bot.parts.store.idea(side.home, 1, Visibility(everything=True))
    assert shown is not None
    assert shown.author.name == "Ben Okafor"


async def given(side: Side, bot: Bot) -> tuple[Any, Any]:
    """Mei, to whom an idea was given, and Ben's post of it."""
    mei = side.person("Mei Tanaka")
    await side.enter(mei, side.room)
    post = await side.post(side.ben, TASTING)
    await side.post(mei, GARDEN)
    await side.calm(bot)
    await look_after(side, bot, 1, what="moved", whose="Mei Tanaka")
    return mei, post


async def whose(side: Side, bot: Bot) -> list[tuple[str, str]]:
    """By whom each idea is and whom it thanks, once all that is said and crossed was read again."""
    await side.calm(bot)
    bot.parts.history.gap()
    await side.caught_up(bot)
    return [(row["author"], row["credits"]) for row in await side.rows(bot)]


BOTH = [("Mei Tanaka", "Ben Okafor"), ("Mei Tanaka", "")]
"""What was given to Mei, and her own."""


async def test_only_its_author_takes_an_idea_back_that_was_given_to_them(
    side: Side, bot: Bot
) -> None:
    """Nor does it return before they undo that; then it is theirs, and thanks who had posted it."""
    mei, post = await given(side, bot)
    await side.react(side.ben, post, "x")
    assert BOTH == await whose(side, bot)
    await side.unreact(side.ben, post, "x")
    await side.react(mei, post, "x")
    for _ in range(2):
        assert BOTH[1:] == await whose(side, bot)
    await side.react(side.ben, post, "x")
    await side.unreact(mei, post, "x")
    assert BOTH == await whose(side, bot)


async def test_only_its_author_puts_an_idea_back_that_was_given_to_them(
    side: Side, bot: Bot
) -> None:
    """Not who had posted it, who is thanked again."""
    mei, _ = await given(side, bot)
    await side.ask(mei, "remove 1")
    await side.press(mei, "Withdraw #1")
    assert BOTH[1:] == await whose(side, bot)
    assert "Only its author or a coordinator" in await side.ask(side.ben, "put-back 1")
    assert "#1 is back" in await side.ask(mei, "put-back 1")
    assert BOTH == await whose(side, bot)


async def test_whoever_had_posted_for_somebody_is_told(side: Side, bot: Bot) -> None:
    """That they are thanked. Whoever may not see the channel any more hears nothing of it."""
    mei = side.person("Mei Tanaka")
    await side.enter(mei, side.room)
    for who in (side.ben, mei):
        await side.post(who, TASTING)
    await side.calm(bot)
    await look_after(side, bot, 1, what="moved", whose="Mei Tanaka")
    (news,) = told(side, side.ben)
    assert "has put Mei Tanaka’s name to idea #1" in news
    assert "You are thanked in it" in news
    heard = len(told(side, mei))
    await side.leave(mei, side.room)
    await look_after(side, bot, 2, what="hidden")
    open_to_all = side.name == "slack"  # a team's channels are for the team alone
    assert heard + open_to_all == len(told(side, mei))


async def test_the_part_of_the_framework_is_changed(side: Side, bot: Bot) -> None:
    """Its author is told, and may change it again."""
    await side.post(side.ben, TASTING)
    await side.calm(bot)
    await look_after(side, bot, 1, what="sorted", component="PART")
    assert ["PART"] == [row["components"] for row in await side.rows(bot)]
    (news,) = told(side, side.ben)
    assert "has changed what your idea #1 is about" in news
