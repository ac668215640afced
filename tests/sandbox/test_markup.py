"""Slack's markup: typed words in, tokens out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.markup import command_text, escape, rich_text, sent_by_app, typed, unescape

PEOPLE = {"rosa": "U1", "Rosa Alvarez (sample)": "U1", "ben": "U2", "ben-two": "U3"}
CHANNELS = {"reading": "C1", "read": "C2"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a & b < c", "a &amp; b &lt; c"),
        ("thanks @rosa!", "thanks <@U1>!"),
        ("thanks @Rosa Alvarez (sample), again", "thanks <@U1>, again"),
        ("@ROSA and @ben-two", "<@U1> and <@U3>"),
        ("@benny is nobody", "@benny is nobody"),
        ("see #reading", "see <#C1|reading>"),
        ("#readings #read", "#readings <#C2|read>"),
        ("a#reading &#reading;", "a#reading &amp;#reading;"),
        ("see https://x.y/a?b=1&c=2.", "see <https://x.y/a?b=1&amp;c=2>."),
        ("(https://x.y)", "(<https://x.y>)"),
        ('=X("https://x.y","z")', '=X("<https://x.y>","z")'),
        ("https://x.y/@rosa", "<https://x.y/@rosa>"),
        ("@here and @channel", "<!here> and <!channel>"),
        ("<@U1>", "&lt;@U1&gt;"),
    ],
)
def test_typed_words_become_markup(words: str, expected: str) -> None:
    """Names, channels, addresses and signs are turned into tokens; nothing else is."""
    assert expected == typed(words, PEOPLE, CHANNELS)


def test_a_command_names_the_handle() -> None:
    """In a command, a mention holds the handle, whichever name was typed."""
    handles = {"U1": "rosa", "U2": "ben", "U3": "ben-two"}
    words = "@Rosa Alvarez (sample) #reading"
    expected = "<@U1|rosa> <#C1|reading>"
    assert expected == command_text(words, PEOPLE, CHANNELS, handles)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a &amp; b", "a &amp; b"),
        ("<@U1> <#C1|x> <!here> <https://x.y|z>", "<@U1> <#C1|x> <!here> <https://x.y|z>"),
        ("<nothing> & 1 < 2", "&lt;nothing&gt; &amp; 1 &lt; 2"),
        ("https://x.y", "<https://x.y>"),
    ],
)
def test_an_apps_text_keeps_its_tokens(text: str, expected: str) -> None:
    """What is already markup stays; stray signs are escaped, once."""
    once = sent_by_app(text, links=True)
    assert expected == once
    assert expected == sent_by_app(once, links=True)


def test_links_may_be_left_alone() -> None:
    """Without linking, an address stays plain."""
    assert "https://x.y" == sent_by_app("https://x.y", links=False)


@given(st.text())
def test_escaping_loses_nothing(words: str) -> None:
    """Any words come back from escaping as they were."""
    assert words == unescape(escape(words))


@given(st.text(alphabet=st.sampled_from("ab@#<>&|!: rosahttps://x.y()"), max_size=60))
def test_typed_words_cannot_forge_tokens(words: str) -> None:
    """Without names or addresses to find, nothing that is typed becomes a token."""
    text = typed(words, {}, {})
    for token in ("<@", "<#", "<!sub"):
        assert token not in text


def test_rich_text_tells_the_parts_apart() -> None:
    """Mentions, channels, links, emoji and broadcasts are elements of their own."""
    text = "hi <@U1> in <#C1|reading>, <https://x.y|look> :bulb: <!here> <!subteam^S1> &amp; bye"
    elements = rich_text(text, "b1")["elements"][0]["elements"]
    kinds = [each["type"] for each in elements if each["type"] != "text"]
    assert ["user", "channel", "link", "emoji", "broadcast", "usergroup"] == kinds
    assert {"type": "text", "text": " & bye"} == elements[-1]
    assert {"type": "link", "url": "https://x.y", "text": "look"} in elements
