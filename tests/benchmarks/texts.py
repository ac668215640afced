"""Made-up posts of 8 to 30 words, the same in every run, out of the labelled ideas."""

import random
import tomllib
from functools import cache
from pathlib import Path

LABELLED = Path(__file__).parents[1] / "data" / "labelled_ideas.toml"
TAGS = ("mentoring", "reading", "budget", "advocacy", "makerspace", "coteaching")
RARE = 20_000
"""How many made-up names there are; every second post has one."""


@cache
def _sentences() -> tuple[tuple[str, ...], ...]:
    data = tomllib.loads(LABELLED.read_text("utf-8"))
    return tuple(tuple(idea["text"].split()) for idea in data["idea"])


def rare_word(number: int) -> str:
    """A name that few posts have, such as a school's: `Lodamiru`."""
    syllables = [f"{c}{v}" for c in "bdfglmnprst" for v in "aeiou"]
    word = ""
    for _ in range(4):
        number, at = divmod(number, len(syllables))
        word += syllables[at]
    return word.capitalize()


def post(number: int) -> str:
    """The text of post *number*: a made-up name in each second, a tag in each third."""
    dice = random.Random(number)  # noqa: S311  (the same in every run)
    wanted = dice.randint(8, 30)
    words: list[str] = []
    while len(words) < wanted:
        words += dice.choice(_sentences())
    del words[wanted:]
    if number % 2 == 0:
        words[-1] = rare_word(dice.randrange(RARE))
    if number % 3 == 0:
        words.append(f"#{dice.choice(TAGS)}")
    return " ".join(words)
