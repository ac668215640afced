"""How well posts are read: `python -m tests.capture_report`.

Prints a table per half. With `tuning` it reads that half alone and also lists what went wrong,
word by word; that is the way to work on the rules. Texts of the unseen half are never printed.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.core.intake.reader import Reader, typed
from bot.core.intake.weights import tokens_of
from bot.core.model.ideas import Draft, Kind
from bot.core.model.posts import Place, Post
from bot.data.capture import load_rules
from bot.data.framework import load_framework
from handlers.slack.bodies import to_spans
from tests.classifier_report import report

DATA = Path(__file__).parent / "data"
LABELS = ("idea", "question", "none")
READ_AS = (*(kind.value for kind in Kind), "not kept")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post, what a librarian calls it (`idea`, `question` or `none`), and whose voice it is."""

    text: str
    label: str
    voice: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A post and what it was read as: a kind, or `not kept`."""

    post: Labelled
    read_as: str


def read_posts(half: str) -> list[Labelled]:
    """The labelled posts of one half, in the order of the file."""
    rows = tomllib.loads((DATA / f"posts_{half}.toml").read_text("utf-8"))["post"]
    return [Labelled(row["text"], row["label"], row["voice"]) for row in rows]


def incoming(text: str) -> Post:
    """A text as a post in a channel."""
    return Post(
        place=Place("T1", "C1", "1.0"),
        posted_at=datetime(2026, 11, 25, tzinfo=UTC),
        author_id="U1",
        body=typed(to_spans(text)),
    )


def judge(reader: Reader, posts: Sequence[Labelled]) -> list[Judged]:
    """What each post is read as."""
    found = []
    for post in posts:
        read = reader.read(incoming(post.text))
        found.append(Judged(post, read.kind.value if isinstance(read, Draft) else "not kept"))
    return found


def missed(judged: Sequence[Judged]) -> list[Judged]:
    """Ideas that are not kept as ideas; one that is taken for a question is missed too."""
    return [one for one in judged if one.post.label == "idea" and one.read_as != "idea"]


def false(judged: Sequence[Judged]) -> list[Judged]:
    """Posts that are no ideas and would have a place of their own in a digest."""
    return [
        one for one in judged if one.post.label == "none" and one.read_as in {"idea", "question"}
    ]


def share(some: Sequence[Judged], judged: Sequence[Judged], label: str) -> float:
    """How many *some* are of all those with this label, 0 to 1."""
    return len(some) / sum(one.post.label == label for one in judged)


def table(reader: Reader, half: str) -> str:
    """What the posts of one half are read as, a row per label, and both rates of errors."""
    judged = judge(reader, read_posts(half))
    found = Counter((one.post.label, one.read_as) for one in judged)
    lines = [
        f"| {half} half | posts | {' | '.join(READ_AS)} |",
        "|---|---:|" + "---:|" * len(READ_AS),
    ]
    for label in LABELS:
        cells = [str(found[label, name]) for name in READ_AS]
        total = sum(one.post.label == label for one in judged)
        lines.append(f"| **{label}** | {total} | {' | '.join(cells)} |")
    lost = [one for one in judged if one.post.label == "idea" and one.read_as == "not kept"]
    kept = [one for one in judged if one.post.label == "none" and one.read_as != "not kept"]
    ideas = [one for one in false(judged) if one.read_as == "idea"]
    lines += [
        "",
        f"| {half} half | rate |",
        "|---|---:|",
        f"| ideas missed: not kept as ideas | {share(missed(judged), judged, 'idea'):.1%} |",
        f"| ideas lost: not kept at all | {share(lost, judged, 'idea'):.1%} |",
        f"| no ideas, kept as ideas | {share(ideas, judged, 'none'):.1%} |",
        f"| no ideas, kept as ideas or questions | {share(false(judged), judged, 'none'):.1%} |",
        f"| no ideas, kept at all | {share(kept, judged, 'none'):.1%} |",
    ]
    return "\n".join(lines)


def mistakes(reader: Reader) -> str:
    """Every post of the tuning half that was not read right, with the words that decided."""
    weights = reader.rules
    judged = judge(reader, read_posts("tuning"))
    wrong = [one for one in judged if one.post.label == "question" and one.read_as != "question"]
    lines = []
    for one in (*missed(judged), *wrong, *false(judged)):
        body = incoming(one.post.text).body
        by = [(weights.words[token], token) for token in tokens_of(body) if token in weights.words]
        heaviest = sorted(by, key=lambda pair: -abs(pair[0]))[:12]
        words = ", ".join(f"{word} {weight:+g}" for weight, word in heaviest)
        score = weights.score(body, weights.say)
        lines.append(
            f"{one.post.label} read as {one.read_as} ({one.post.voice}): {one.post.text}\n"
            f"       -> {'another language' if score is None else f'{score:+.1f}'}: {words}"
        )
    return "\n".join(lines)


def main(argv: Sequence[str]) -> int:
    """Print the report; the arguments are the halves to read, all of them by default."""
    reader = Reader(load_framework(), load_rules())
    return report(argv, lambda half: table(reader, half), lambda: mistakes(reader))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
