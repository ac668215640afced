"""The stretch of a text in which the words stand that were looked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages.found import found_in, highlighted
from bot.core.model.ideas import Stretch
from bot.core.model.parts import Divider, Part, Quote, Run

LONG = " ".join(f"word{n}" for n in range(200))
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1fa\U0001f1f8"


def marks(text: str, *words: str) -> list[Stretch]:
    return sorted((at.start(), at.end()) for word in words for at in re.finditer(word, text))


def shown(runs: tuple[Run, ...]) -> str:
    return "".join(f"*{run.text}*" if run.bold else run.text for run in runs)


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("A reading garden", ["garden"], "A reading *garden*"),
        ("garden", ["garden"], "*garden*"),
        ("A  reading\n\ngarden  here ", ["reading", "garden"], "A *reading* *garden* here"),
        ("book tasting at lunch", ["book tasting"], "*book tasting* at lunch"),
        ("book\ntasting", ["book\ntasting"], "*book tasting*"),
        ("圖書館的閱讀花園", ["閱讀", "花園"], "圖書館的*閱讀**花園*"),
    ],
)
def test_a_short_text_is_shown_whole(text: str, words: list[str], says: str) -> None:
    """On one line, what was found in bold."""
    assert says == shown(found_in(text, marks(text, *words), 60))


def test_a_long_text_is_shown_where_the_words_stand() -> None:
    """It begins before a word, a little before the first of them; both ends say that more is."""
    text = shown(found_in(LONG, marks(LONG, "word150"), 60))
    assert text.startswith("…word1")
    assert "word149 *word150* word151" in text
    assert text.endswith("…")
    assert 40 < len(text) < 70
    first = shown(found_in(LONG, marks(LONG, "word2 ", "word150"), 60))
    assert first.startswith("word0 word1 *word2 *")
    assert "150" not in first
    last = shown(found_in(LONG, marks(LONG, "word199"), 60))
    assert last.endswith("word198 *word199*")


@pytest.mark.parametrize("sign", [FAMILY, FLAG, "e\u0301", "กำ", "\U0001f44d\U0001f3fd"])
def test_no_sign_is_cut_in_two(sign: str) -> None:
    """Where no blank is near, it begins between two things that are seen."""
    for shift in range(4):
        text = "x" * shift + sign * 100 + "garden"
        says = shown(found_in(text, marks(text, "garden"), 40))
        before = says.removeprefix("…").removesuffix("*garden*")
        assert "" == before.replace(sign, "")


@given(st.text(), st.integers(8, 40), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 9))))
def test_any_text(text: str, limit: int, wanted: list[tuple[int, int]]) -> None:
    """Runs have no blanks but single ones, are not empty, and are not much longer than asked."""
    cut = (text + "garden") * 3
    words = [*re.finditer(r"\S+", cut)]
    chosen = {words[at % len(words)].span() for at, _ in wanted} or {words[-1].span()}
    runs = found_in(cut, sorted(chosen), limit)
    assert all(run.text for run in runs)
    said = "".join(run.text for run in runs)
    assert " ".join(said.split()) == said.strip()
    assert len(said) <= limit + 2


def test_an_address_and_an_emoji_stay_whole() -> None:
    """What is found inside them is not parted from them; around them it stands out."""
    text = "See https://a.example/garden and :garden: in the garden"
    (quote,) = highlighted([Quote(text)], text, marks(text, "garden"), 90)
    assert isinstance(quote, Quote)
    assert "See https://a.example/garden and :garden: in the *garden*" == shown(quote.runs)
    whole: list[Part] = [Quote(text), Divider()]
    assert whole == [*highlighted(whole, text, marks(text, ":gard"), 90)]
    assert whole == [*highlighted(whole, text, (), 90)]
