"""Words counted in every script, and tags in one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.posts import ChannelMention, Code, Link, Mention, Special, Text
from bot.core.model.words import count_words, tag_of, tags_in, words_in


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("We planned a unit", 4, 4),
        ("we - planned | a & unit", 4, 4),
        ("we _ planned __ a unit", 4, 4),
        (":tada: we:heart: planned 10:30 🎉", 3, 3),
        ("謝謝大家", 1, 4),
        ("谢谢大家的帮助", 1, 4),
        ("圖書館午休也開放了", 5, 7),
        ("ありがとうございます", 1, 4),
        ("図書館で読書会を開いたら、三年生がたくさん集まりました", 9, 16),
        ("ขอบคุณทุกคนค่ะ", 1, 4),
        ("สัปดาห์นี้เราจัดชมรมหนังสือตอนพักกลางวัน", 7, 12),
        ("ຂອບໃຈຫຼາຍໆ", 1, 4),
        ("យើងបើកបណ្ណាល័យនៅពេលថ្ងៃត្រង់", 5, 9),
        ("ကျေးဇူးတင်ပါတယ်", 1, 4),
        ("이번 주에 과학 선생님과 연구했어요", 5, 5),
        ("감사합니다 여러분", 2, 2),
        ("用Canva做海報", 3, 4),
        ("हम किताबें पढ़ते हैं", 4, 4),
    ],
)
def test_words_are_counted_in_every_script(text: str, least: int, most: int) -> None:
    """A text has about as many words as its readers see in it; thanks stay below five."""
    assert least <= words_in(text) <= most


def test_what_is_no_word_is_not_counted() -> None:
    """Names, dates and addresses are no words; a link's own words, code and channels are."""
    body = (
        Mention("U1"),
        Special("@here"),
        Link("https://example.org/a"),
        Link("http://example.org/plan", "example.org/plan"),
        Link("https://example.org/b", "our plan"),
        Link("http://notes.txt", "notes.txt"),
        Code("`print me`"),
        ChannelMention("C1"),
    )
    assert 6 == count_words(body)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Mentoring, and", "mentoring"),
        ("k-5", "k-5"),
        ("k5-", "k5"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u0d15\u0d35\u0d3f\u0d24 with", "\u0d15\u0d35\u0d3f\u0d24"),
        (
            "\u0e2b\u0e19\u0e31\u0e07\u0e2a\u0e37\u0e2d",
            "\u0e2b\u0e19\u0e31\u0e07\u0e2a\u0e37\u0e2d",
        ),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646",
        ),
        ("2026", ""),
        ("2026-", ""),
        ("2673D9", ""),
        ("2673d9ff", ""),
        ("decade", "decade"),
        ("", ""),
        ("!", ""),
    ],
)
def test_a_tag_is_its_letters_with_all_their_marks(typed: str, tag: str) -> None:
    """A tag ends where its letters end; a number and a colour are none."""
    assert tag == tag_of(typed)


def test_tags_stand_in_words_alone() -> None:
    """What stands in code, in an address or right behind a letter is no tag."""
    body = (
        Text("#One \uff03Two a#b &#39; ##x /#y #idea #one"),
        Code("`#three`"),
        Link("https://example.org/#four"),
    )
    assert ("one", "two") == tags_in(body)


@given(st.text(max_size=60))
def test_a_tag_read_again_is_the_same(text: str) -> None:
    """A tag as it is kept is found by typing it."""
    tag = tag_of(text)
    assert tag in {"", tag_of(tag)}
