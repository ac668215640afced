"""What people type to the bot in Teams, and what sentences call it."""

import pytest

from bot.core.model.posts import ChannelMention, Link, Mention, Span, Text
from bot.core.model.vocabulary import INVITE, KEPT, SHARE, command
from handlers.teams.typed import typed_spans, typed_words
from handlers.teams.vocabulary import TEAMS


def test_sentences_are_put_into_the_words_of_teams() -> None:
    """Commands stand behind the bot's name, signs are characters."""
    sentence = f"{command('list #mentoring')}, {command()}, {SHARE} TEXT, {KEPT}, {INVITE}"
    assert (
        "@Commonplace list #mentoring, @Commonplace, @Commonplace idea TEXT, 💡, "
        "Manage team \u203a Apps"
    ) == TEAMS.put_into(sentence)


@pytest.mark.parametrize(
    "spans",
    [
        (Text("list "), Mention("U1", "Rosa Alvarez"), Text(" since:2026-09-01")),
        (ChannelMention("19:a@thread.tacv2", "Reading"), Text(" now")),
        (Text("A plan"),),
        (),
    ],
)
def test_what_was_typed_comes_back(spans: tuple[Span, ...]) -> None:
    """Members and channels keep their ids and names on the way to the desk."""
    assert spans == typed_spans(typed_words(spans))


def test_a_link_that_is_typed_keeps_its_address() -> None:
    """Its words stand before it."""
    spans = (Link("https://a.example", "our plan"), Text(" "), Link("https://b.example"))
    assert "our plan (https://a.example) https://b.example" == typed_words(spans)
