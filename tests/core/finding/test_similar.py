"""Similar ideas: how often they are found and how often wrongly, and who sees them."""

import tomllib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import StoreBusyError
from bot.core.finding.likeness import stem_of, words_of
from bot.core.finding.similar import MOST, Similar
from bot.core.model.ideas import Idea, Kind
from bot.core.model.people import Asker, ChannelInfo
from bot.data.common_words import load_likeness
from tests.core.desk.counter import BEN, ROSA, Counter, at_the_counter
from tests.learn_common_words import COMMON, common_words

DATA = Path(__file__).parents[2] / "data"
PAIRS = tomllib.loads((DATA / "similar_ideas.toml").read_text("utf-8"))["pair"]
TASTING = "Book tasting at lunch: tablecloths, menus, and five minutes with each genre."
AGAIN = "We held a book tasting with menus and tablecloths, five genres, five minutes each."


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """Rosa invited the bot to #ideas-c1; Ben is a member."""
    async with at_the_counter(tmp_path) as made:
        yield made


def similar(counter: Counter) -> Similar:
    return counter.desk.sharing.similar


async def to(
    counter: Counter, text: str = AGAIN, asker: Asker = BEN, **more: Any
) -> Sequence[Idea]:
    return await similar(counter).to(asker, text, **more)


async def test_how_often_similar_ideas_are_found(counter: Counter) -> None:
    """tests/README.md has these figures: each text is looked up among all that are kept."""
    numbers = {}
    for text in dict.fromkeys(pair["kept"] for pair in PAIRS):
        numbers[text] = await counter.here.says("UROSA", text)
    right = wrong = others = 0
    for pair in PAIRS:
        found = {one.number for one in await to(counter, pair["new"])}
        said = numbers[pair["kept"]] in found
        right += said and pair["similar"]
        wrong += said and not pair["similar"]
        true = {numbers[one["kept"]] for one in PAIRS if one["new"][:30] == pair["new"][:30]}
        others += len(found - true)
    same = sum(pair["similar"] for pair in PAIRS)
    assert (64, 32) == (len(PAIRS), same)
    assert RIGHT == (right, wrong, others)


RIGHT = (24, 4, 1)
"""Pairs that are found rightly and wrongly, and ideas that belong to no pair of the text."""


async def test_the_most_alike_comes_first_and_three_at_most(counter: Counter) -> None:
    """An idea is not like itself where its number is given."""
    for number in range(MOST + 1):
        await counter.here.says("UROSA", f"{TASTING} {'More of it. ' * number}")
    exact = await counter.here.says("UROSA", AGAIN)
    found = await to(counter)
    assert (MOST, exact) == (len(found), found[0].number)
    assert exact not in [one.number for one in await to(counter, but=exact)]


async def test_nobody_sees_what_they_may_not(counter: Counter) -> None:
    """An idea of a private channel is similar for those alone who are in it."""
    here = counter.here
    here.room.channels["C2"] = ChannelInfo(id="C2", name="closed", private=True)
    here.room.inside["C2"] = {"UROSA"}
    await here.store.remember_channel("T1", here.room.channels["C2"], now=here.clock())
    await here.says("UROSA", TASTING, channel="C2")
    assert [] == list(await to(counter))
    assert [TASTING] == [one.text for one in await to(counter, asker=ROSA)]
    here.room.inside["C2"] = {"UROSA", "UBEN"}
    assert [TASTING] == [one.text for one in await to(counter)]


async def test_what_is_no_idea_is_not_similar(counter: Counter) -> None:
    """Neither a question, nor what was withdrawn, nor a text of signs alone."""
    await counter.here.says("UROSA", TASTING, kind=Kind.QUESTION)
    assert [] == list(await to(counter))
    assert [] == list(await to(counter, ':-) "" *'))
    assert [] == list(await to(counter, ""))


async def test_a_hint_costs_no_idea(counter: Counter) -> None:
    """Where the store does not answer, there is none."""
    await counter.here.says("UROSA", TASTING)

    class Busy:
        def __getattr__(self, name: str) -> Any:
            raise StoreBusyError

    one = similar(counter)
    broken = Similar(store=Busy(), permissions=one.permissions, likeness=one.likeness)
    assert () == await broken.to(BEN, AGAIN)


@pytest.mark.parametrize(
    ("words", "stems"),
    [
        ("Reading readers read", ["read", "read", "read"]),
        ("stories story", ["story", "story"]),
        ("planned planning plans", ["plan", "plan", "plan"]),
        ("class classes genre genres", ["class", "class", "genr", "genr"]),
        ("us as Café https://a.example/books", ["us", "as", "caf"]),
        ("чтения 도서관에서", ["чтения", "도서관에서"]),
    ],
)
def test_forms_of_a_word_count_as_one(words: str, stems: list[str]) -> None:
    """English endings do not tell words apart; addresses are no words."""
    assert stems == [stem_of(word) for word in words_of(words)]


def test_the_same_is_alike_and_nothing_is_not() -> None:
    """From 0 to 1; the rare words decide."""
    likeness = load_likeness()
    assert 1.0 == pytest.approx(likeness.to(TASTING)(TASTING))
    assert 0.0 == likeness.to(TASTING)("")
    assert 0.0 == likeness.to("the")("garden")
    assert likeness.to("the tasting")("a tasting") > likeness.to("the tasting")("the dog")


def test_the_list_of_common_words_is_that_of_the_labelled_posts() -> None:
    """`python -m tests.learn_common_words` writes it."""
    assert COMMON.read_text("utf-8") == common_words()
