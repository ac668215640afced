"""Count common words, for `bot/data/common_words.toml`: `python -m tests.learn_common_words`.

The labelled posts are what is counted; the pairs of similar ideas are not among them.
"""

import textwrap
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.core.finding.likeness import stem_of, words_of
from bot.core.intake.reader import plain_text
from bot.core.model.posts import NOTHING
from handlers.slack.bodies import to_spans

DATA = Path(__file__).parent / "data"
COMMON = Path(__file__).parents[1] / "bot" / "data" / "common_words.toml"
FILES = ("posts", "posts_taught", "posts_tuning", "posts_unseen", "labelled_ideas")
LEAST = 8
HEAD = f"""\
# How common words are: in how many of the labelled posts in tests/data each word is, by its stem.
# Words of fewer than {LEAST} posts are left out: they count as rare. tests/learn_common_words.py
# writes this file.

"""


def texts_in(piece: Any) -> Iterator[str]:
    """Every text of a file of labelled posts."""
    if isinstance(piece, str):
        yield plain_text(to_spans(piece), NOTHING)[0]
    elif isinstance(piece, list):
        for one in piece:
            yield from texts_in(one)
    elif isinstance(piece, dict):
        named = [one for name, one in piece.items() if name == "text" or isinstance(one, list)]
        yield from texts_in([one for one in named if one is not piece.get("labels")])


def common_words() -> str:
    """The file as it should be."""
    files = (tomllib.loads((DATA / f"{name}.toml").read_text("utf-8")) for name in FILES)
    texts = {text for file in files for text in texts_in(file)}
    counts = Counter(stem for text in texts for stem in set(map(stem_of, words_of(text))))
    often = sorted((word, count) for word, count in counts.items() if count >= LEAST)
    # A word and its count stay on one line.
    listed = textwrap.wrap(", ".join(f"{word}_{count}" for word, count in often), 90)
    listed = [line.rstrip(",").replace("_", " ") for line in listed]
    lines = "\n".join(f'  "{line}",' for line in listed)
    return f"{HEAD}posts = {len(texts)}\nleast = {LEAST}\nwords = [\n{lines}\n]\n"


if __name__ == "__main__":
    COMMON.write_text(common_words(), "utf-8")
