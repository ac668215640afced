"""Learn what words say for each component: `python -m tests.learn_components` writes it down.

The weights stand in `bot/data/component_weights.json`. It needs scikit-learn, which nothing else
here does: `.venv/bin/pip install scikit-learn`. It learns from the tuning half of the labelled
ideas, and from the everyday posts of the tuning half of the labelled posts as texts about nothing
of the kind. It also prints how the texts of each fifth are sorted by what the others taught.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.core.model.component_weights import (
    LETTERS,
    MOST_POINTS,
    NOTHING,
    ComponentWeights,
    Weights,
)
from bot.core.model.framework import tokens_of
from bot.data.framework import WEIGHTS, load_framework
from tests.capture_report import read_posts
from tests.classifier_report import Judged, Labelled, read_labelled

SILENT, LEAST, SECOND = 0.5, 0.2, 0.12
FREEDOM = 0.5
"""How freely weights may grow: the inverse of the penalty on their squares."""
SEEN = 3
"""A word is learnt when so many texts hold it."""
SMALLEST = 0.1
"""Weights that are closer to 0 are left out."""
FOLDS = 5

PLAIN = replace(load_framework(), learned=None)


def examples() -> list[Labelled]:
    """The texts to learn from."""
    ideas = [one for one in read_labelled() if one.half == "tuning"]
    chatter = [one for one in read_posts("tuning") if one.label == "none"]
    return ideas + [Labelled(one.text, (), "tuning") for one in chatter]


def best(example: Labelled) -> str:
    """The best label of an example; `NOTHING` where there is none."""
    return example.labels[0] if example.labels else NOTHING


def fit(texts: Sequence[Labelled]) -> ComponentWeights:
    """Fit the weights to *texts*."""
    codes = [component.code for component in PLAIN.components]
    words = [dict.fromkeys(token[:LETTERS] for token in tokens_of(one.text)) for one in texts]
    counted = Counter(word for each in words for word in each)
    features = [
        {word: 1.0 for word in each if counted[word] >= SEEN}
        | {(code,): min(found, MOST_POINTS) for code, found in PLAIN.points(one.text).items()}
        for one, each in zip(texts, words, strict=True)
    ]
    vectors = DictVectorizer(sort=False)
    model = LogisticRegression(C=FREEDOM, max_iter=1000)
    model.fit(vectors.fit_transform(features), [best(one) for one in texts])
    classes = [*map(str, model.classes_)]
    order = [classes.index(code) for code in (*codes, NOTHING)]
    found = {
        name: tuple(round(float(row[at]), 2) for at in order)
        for name, row in zip(vectors.feature_names_, model.coef_.T, strict=True)
    }
    return ComponentWeights(
        codes=tuple(codes),
        silent=SILENT,
        least=LEAST,
        second=SECOND,
        base=tuple(round(float(model.intercept_[at]), 2) for at in order),
        points={code: found[code,] for code in codes},
        words={
            word: tuple(value if abs(value) >= SMALLEST else 0.0 for value in found[word])
            for word in sorted(name for name in found if isinstance(name, str))
            if max(map(abs, found[word])) >= SMALLEST
        },
    )


def text_of(learned: ComponentWeights) -> str:
    """The file: a word in each line, so that a change can be read."""
    classes = (*learned.codes, NOTHING)

    def line(row: Weights) -> str:
        return json.dumps({one: value for one, value in zip(classes, row, strict=True) if value})

    def lines(table: Mapping[str, Weights]) -> str:
        each = (
            f"    {json.dumps(key, ensure_ascii=False)}: {line(row)}" for key, row in table.items()
        )
        return "{\n" + ",\n".join(each) + "\n  }"

    parts = {
        "silent": json.dumps(learned.silent),
        "least": json.dumps(learned.least),
        "second": json.dumps(learned.second),
        "base": line(learned.base),
        "points": lines(learned.points),
        "words": lines(learned.words),
    }
    return "{\n" + ",\n".join(f'  "{key}": {value}' for key, value in parts.items()) + "\n}\n"


def check(texts: Sequence[Labelled]) -> str:
    """How the texts of each fifth are sorted by what the others taught."""
    verdicts: Counter[tuple[str, str]] = Counter()
    firsts = [best(one) for one in texts]
    for taught, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(firsts, firsts):
        framework = replace(PLAIN, learned=fit([texts[at] for at in taught]))
        for at in asked:
            judged = Judged(texts[at], framework.suggest(texts[at].text))
            verdicts["ideas" if texts[at].labels else "nothing", judged.verdict] += 1
    lines = []
    for kind in ("ideas", "nothing"):
        whole = sum(count for (one, _), count in verdicts.items() if one == kind)
        shares = ", ".join(
            f"{verdict} {verdicts[kind, verdict] / whole:.1%}"
            for verdict in ("right", "second", "silent", "wrong")
        )
        lines.append(f"{kind}: {whole} texts, {shares}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(check(examples()) + "\n")
    WEIGHTS.write_text(text_of(fit(examples())), "utf-8")
