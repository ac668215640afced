"""Learn the weights of `bot/data/capture.toml`: `python -m tests.learn_weights`.

It learns from labelled posts, never from the unseen half of them. It needs scikit-learn, which
nothing else here does: `.venv/bin/pip install scikit-learn`. With `compare` it writes nothing, and
says how well weights, and lists alone, do on parts of the tuning half that they did not learn from.
"""

import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.core.intake.reader import only_asks, plain_text, typed
from bot.core.intake.weights import tokens_of
from bot.core.model.posts import NOTHING
from handlers.slack.bodies import to_spans
from tests.capture_report import read_posts

DATA = Path(__file__).parent / "data"
WEIGHTS = Path(__file__).parents[1] / "bot" / "data" / "capture.toml"
MARKER = "# -- learnt: tests/learn_weights.py writes what follows --\n"
LEAST = 0.1
"""A weight nearer to 0 than this is left out."""
ROUNDS = 3
FOLDS = 10
MISSED, FALSE = 0.03, 0.25
"""The errors that are allowed: doubt begins where both are farthest from that."""
CLEARLY = 1.5
"""How much more an answer to the week's question starts with than a post."""


class Example(NamedTuple):
    """A labelled post: its words, and whether it tells of practice, only asks, is for tuning."""

    tokens: Sequence[str]
    practice: bool
    asks: bool
    tuning: bool


def examples() -> list[Example]:
    """All that may be learnt from."""

    def example(text: str, label: str, *, tuning: bool = False) -> Example:
        body = typed(to_spans(text))
        asks = only_asks(plain_text(body, NOTHING)[0])
        return Example(tokens_of(body), label not in {"none", "nothing"}, asks, tuning)

    found = [example(one.text, one.label, tuning=True) for one in read_posts("tuning")]
    posts = tomllib.loads((DATA / "posts.toml").read_text("utf-8"))["post"]
    found += [example(row["text"], row["expect"]) for row in posts]
    ideas = tomllib.loads((DATA / "labelled_ideas.toml").read_text("utf-8"))["idea"]
    found += [example(row["text"], "idea" if row["labels"] else "none") for row in ideas]
    taught = tomllib.loads((DATA / "posts_taught.toml").read_text("utf-8"))
    return found + [example(text, label) for label, texts in taught.items() for text in texts]


def groups() -> Mapping[str, frozenset[str]]:
    """The groups of words, by name."""
    table = tomllib.loads((DATA / "word_groups.toml").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in table.items()}


def learn(known: Sequence[Example], *, lists_alone: bool = False) -> tuple[dict[str, float], float]:
    """Each word's weight, and what a text starts with.

    A word's weight is what it learnt by itself and what its groups learnt.
    """
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415  (only here)
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    of: dict[str, list[str]] = defaultdict(list)
    for name, members in groups().items():
        for word in members:
            of[word].append(f"group {name}")
    counts = Counter(token for one in known for token in one.tokens)

    def features(one: Example) -> Counter[str]:
        found: Counter[str] = Counter()
        for token in one.tokens:
            found.update(of.get(token, ()))
            if counts[token] > 1 and not lists_alone:
                found[token] += 1
        return found

    vectors = DictVectorizer()
    table = vectors.fit_transform([features(one) for one in known])
    model: Any = LogisticRegression(C=0.5, max_iter=5_000, class_weight="balanced")
    model.fit(table, [one.practice for one in known])
    learnt = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
    words = {
        word: learnt.get(word, 0.0) + sum(learnt.get(group, 0.0) for group in of.get(word, ()))
        for word in {*of, *counts}
    }
    kept = {word: round(weight, 1) for word, weight in words.items() if abs(weight) >= LEAST}
    return kept, float(model.intercept_[0])


def scores(known: Sequence[Example], **how: bool) -> list[float]:
    """What each weighs for weights that were learnt from others."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415  (only here)

    found = [0.0] * len(known)
    kinds = [f"{one.practice} {one.asks} {one.tuning}" for one in known]
    for seed in range(ROUNDS):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        for learn_from, weigh in folds.split(kinds, kinds):
            words, start = learn([known[n] for n in learn_from], **how)
            for n in weigh:
                total = start + sum(words.get(token, 0.0) for token in known[n].tokens)
                found[n] += total / ROUNDS
    return found


def start_of(known: Sequence[Example], scored: Sequence[float], *, asks: bool) -> float:
    """What to add to scores, so that those above 0 are ideas, or questions where it *asks*.

    Midway between what is best for the tuning half, and for all posts: most of the others were
    written nearer to the line. The tuning half holds too few questions to say anything of them.
    """
    some = [pair for pair in zip(known, scored, strict=True) if pair[0].asks is asks]
    every = _best_start(some)
    return every if asks else (_best_start([pair for pair in some if pair[0].tuning]) + every) / 2


def _best_start(some: Sequence[tuple[Example, float]]) -> float:
    ideas = [score for one, score in some if one.practice]
    others = [score for one, score in some if not one.practice]

    def worst(start: float) -> tuple[float, float]:
        missed = sum(score + start < 0 for score in ideas) / len(ideas)
        false = sum(score + start >= 0 for score in others) / len(others)
        return max(missed / MISSED, false / FALSE), -start

    return min((step / 10 for step in range(-30, 60)), key=worst)


def threshold(scored: Iterable[float], lost: float) -> float:
    """The score beneath which this part of what tells of practice falls."""
    ordered = sorted(scored)
    return ordered[int(len(ordered) * lost)]


def compare(known: Sequence[Example]) -> None:
    """Print what is kept wrongly where so many ideas of the tuning half fall into doubt."""
    head = "| kept as ideas wrongly, of the tuning half | missed: 1% | 2% | 3% | 5% |"
    sys.stdout.write(f"{head}\n|---|---:|---:|---:|---:|\n")
    for name, how in (("lists alone", {"lists_alone": True}), ("weights", {})):
        pairs = [
            (score, one.practice)
            for score, one in zip(scores(known, **how), known, strict=True)
            if one.tuning and not one.asks
        ]
        ideas = [score for score, practice in pairs if practice]
        others = [score for score, practice in pairs if not practice]
        cells = []
        for lost in (0.01, 0.02, 0.03, 0.05):
            least = threshold(ideas, lost)
            cells.append(f"{sum(score >= least for score in others) / len(others):.0%}")
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")


def main(argv: Sequence[str]) -> int:
    """Learn, choose where doubt begins, and write both."""
    known = examples()
    if list(argv) == ["compare"]:
        compare(known)
        return 0
    scored = scores(known)
    say, ask = (start_of(known, scored, asks=asks) for asks in (False, True))
    words, start = learn(known)
    lines = [
        MARKER,
        "\n[start]\n",
        f"say = {start + say:.1f}\nask = {start + ask:.1f}\nanswer = {start + say + CLEARLY:.1f}\n",
    ]
    by_weight: dict[float, list[str]] = defaultdict(list)
    for word, weight in words.items():
        by_weight[weight].append(word)
    for name, sign in (("practice", 1), ("day", -1)):
        for weight in sorted((w for w in by_weight if w * sign > 0), key=abs, reverse=True):
            lines.append(f"\n[[{name}]]\nweight = {abs(weight)}\nwords = [\n")
            line = " "
            for word in sorted(by_weight[weight]):
                if len(line) + len(word) > 95:
                    lines.append(f"{line}\n")
                    line = " "
                line += f' "{word}",'
            lines.append(f"{line}\n]\n")
    before, _, _ = WEIGHTS.read_text("utf-8").partition(MARKER)
    WEIGHTS.write_text(before + "".join(lines), "utf-8")
    sys.stdout.write(f"{len(words):,} words have a weight now.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
