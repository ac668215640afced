"""How long people and the weekly digest wait for the store."""

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.finding.similar import TELLING
from bot.core.model.ideas import Filters, Visibility
from bot.data.common_words import load_likeness
from storage import Store
from tests.benchmarks import texts
from tests.benchmarks.books import IN_CHANNEL, LAST, TEAM, WEEKS, channel
from tests.benchmarks.table import Row

ASKED = 400
MILLION = 1_000_000


def queries() -> list[str]:
    """What people look for: one word, two words of a post, a rare name, the beginning of a word."""
    dice = random.Random(7)  # noqa: S311  (the same in every run)
    found = []
    for number in range(ASKED):
        words = [word for word in texts.post(dice.randrange(10_000)).split() if len(word) > 3]
        match number % 4:
            case 0:
                found.append(dice.choice(words))
            case 1:
                found.append(" ".join(dice.sample(words, k=min(2, len(words)))))
            case 2:
                found.append(texts.rare_word(dice.randrange(texts.RARE)))
            case _:
                found.append(f"{dice.choice(words)[:4]}*")
    return found


async def search_row(store: Store, count: int) -> Row:
    """The first ten hits of many searches, by a member who sees the public channels."""

    async def search(number: int) -> None:
        await store.find(TEAM, Filters(words=asked[number]), Visibility(), limit=10)

    asked = queries()
    took = await _times(search)
    million = count >= MILLION
    return Row(
        what=f"search, top 10 of {count:,} ideas, p99",
        value=p99(took),
        goal=60 if million else 10,
        stretch=20 if million else 5,
        at_most=True,
        unit=" ms",
        note=f"p50 {statistics.median(took):.2f} ms, {len(took)} searches",
    )


async def mending_row(store: Store, count: int) -> Row:
    """Words that are one letter wrong, mended for such a member."""
    dice = random.Random(7)  # noqa: S311  (the same in every run)
    asked: list[str] = []
    while len(asked) < ASKED:
        word = dice.choice(texts.post(dice.randrange(10_000)).split())
        if word.isalpha() and len(word) > 4:
            at = dice.randrange(1, len(word) - 1)
            asked.append(word[:at] + word[at + 1 :])

    async def mend(number: int) -> None:
        await store.mended(TEAM, Filters(words=asked[number]), Visibility())

    took = await _times(mend)
    return Row(
        what=f"what was meant by a mistyped word, {count:,} ideas, p99",
        value=p99(took),
        goal=50,
        stretch=25,
        at_most=True,
        unit=" ms",
        note=f"p50 {statistics.median(took):.2f} ms, {len(took)} words",
    )


async def similar_row(store: Store, count: int) -> Row:
    """Whether somebody said before what a member is about to share, who sees public channels."""

    async def look(number: int) -> None:
        text = texts.post(20_000 + number)
        words = sorted(likeness.weights(text).items(), key=lambda word: -word[1])[:TELLING]
        alike = likeness.to(text)
        for one in await store.sharing_words(TEAM, dict(words), Visibility()):
            alike(one.text)

    likeness = load_likeness()
    took = await _times(look)
    return Row(
        what=f"similar ideas of {count:,}, p99",
        value=p99(took),
        goal=20,
        stretch=10,
        at_most=True,
        unit=" ms",
        note=f"p50 {statistics.median(took):.2f} ms, {len(took)} texts",
    )


async def week_times(store: Store, count: int) -> list[float]:
    """The digest's query for one week of one channel, for many weeks and channels."""
    dice = random.Random(7)  # noqa: S311  (the same in every run)
    channels = max(1, count // IN_CHANNEL)

    async def ask(_: int) -> None:
        at = LAST - timedelta(weeks=dice.randrange(WEEKS - 1))
        await store.fresh(TEAM, channel(dice.randrange(channels)), at=at, oldest=timedelta(weeks=1))

    return await _times(ask)


def week_row(took: list[float], count: int) -> Row:
    """The slowest of such queries."""
    return Row(
        what=f"digest query of one week at {count:,} ideas, p99",
        value=p99(took),
        goal=5,
        stretch=2,
        at_most=True,
        unit=" ms",
        note=f"p50 {statistics.median(took):.2f} ms, about {IN_CHANNEL // WEEKS} ideas a week",
    )


def growth_row(small: list[float], large: list[float]) -> Row:
    """What a hundred times as many ideas cost the digest."""
    p50s = statistics.median(large), statistics.median(small)
    return Row(
        what="digest query, p50 at 1,000,000 ÷ at 10,000 ideas",
        value=p50s[0] / p50s[1],
        goal=1.5,
        stretch=1.2,
        at_most=True,
        note=f"{p50s[0]:.2f} ms ÷ {p50s[1]:.2f} ms",
    )


async def _times(ask: Callable[[int], Awaitable[None]]) -> list[float]:
    """Milliseconds that each of many questions took, after some to warm up."""
    for number in range(ASKED // 10):
        await ask(number)
    took = []
    for number in range(ASKED):
        began = time.perf_counter()
        await ask(number)
        took.append((time.perf_counter() - began) * 1000)
    return took


def p99(took: list[float]) -> float:
    """What one in a hundred takes longer than."""
    return statistics.quantiles(took, n=100)[-1]
