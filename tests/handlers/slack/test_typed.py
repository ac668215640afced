"""What followed a slash command, as the core reads it: names and characters instead of escapes."""

import pytest

from bot.core.desk.commands import parse
from bot.core.model.ideas import Filters
from bot.core.model.typed import typed_text
from handlers.slack.bodies import to_spans


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("", ""),
        ("list #mentoring", "list #mentoring"),
        ("<@U1|rosa>", "@[U1|rosa]"),
        ("<@W2>", "@[W2]"),
        ("tag:<#C1|ai>", "tag:#[C1|ai]"),
        ("<#C1|>", "#[C1]"),
        ("Q&amp;A &lt;3 &amp;lt;", "Q&A <3 &lt;"),
        ("<https://a.org/x|a.org/x>", "a.org/x"),
        ("<https://a.org/x>", "https://a.org/x"),
        ("<mailto:r@a.org|r@a.org>", "r@a.org"),
        ("<!here> <!subteam^S1|@teachers>", "here teachers"),
        ("prompt pin `poetry-month`", "prompt pin `poetry-month`"),
    ],
)
def test_typed(sent: str, typed: str) -> None:
    """Mentions become references, links their words, and entities the characters they stand for."""
    assert typed == typed_text(to_spans(sent))


@pytest.mark.parametrize(
    ("sent", "filters"),
    [
        ("<#C1|mentoring>", Filters(tags=("mentoring",))),
        ("list tag:<#C1|ai>", Filters(tags=("ai",))),
        ("list channel:<#C1|leadership>", Filters(channel="leadership")),
        ("list channel:<#C1>", Filters(channel="C1")),
        ("<@U1|rosa> <@W2>", Filters(people=("U1", "W2"))),
        ('list @"Rosa &amp; Co"', Filters(people=("Rosa & Co",))),
        ("search <https://a.org/x|a.org/x>", Filters(words="a.org/x")),
    ],
)
def test_filters_that_slack_escaped(sent: str, filters: Filters) -> None:
    """What Slack makes of a typed filter is read as that filter."""
    assert filters == parse(typed_text(to_spans(sent))).filters
