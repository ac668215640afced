"""The realistic posts, written in Teams: the same verdicts, texts, tags, resources and credits."""

import tomllib
from dataclasses import replace
from pathlib import Path

from bot.core.intake.reader import Reader, typed, with_names
from bot.core.model.ideas import Draft, NotAnIdea
from bot.core.model.people import Workspace
from bot.core.model.posts import ChannelMention, Mention, Post, Span
from bot.data.capture import load_rules
from bot.data.framework import load_framework
from handlers.slack.bodies import to_spans
from handlers.teams.activities import Said, to_incoming
from tests.teams.writing import message

DATA = Path(__file__).parents[2] / "data"
BOT = Workspace(id="tenant", bot_user_id="28:bot", bot_id="bot")
READER = Reader(load_framework(), load_rules())
NAMES = {ident: f"Name {ident}" for ident in ("U1", "U2", "U3", "U4", "U5", "U9")}


def posts() -> list[str]:
    files = sorted(DATA.glob("posts*.toml"))
    tables = [tomllib.loads(file.read_text("utf-8")) for file in files]
    return [row["text"] for table in tables for row in table.get("post", [])]


def in_teams(spans: tuple[Span, ...]) -> Post:
    said = to_incoming(message(spans), BOT)
    assert isinstance(said, Said)
    return said.post


def told(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Members and channels with names, as Teams always tells them."""
    named: list[Span] = []
    for span in spans:
        match span:
            case Mention(ident, label):
                named.append(Mention(ident, label or NAMES.get(ident, ident)))
            case ChannelMention(ident, label):
                named.append(ChannelMention(ident, label or ident))
            case _:
                named.append(span)
    return tuple(named)


def with_links(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Bare addresses as links, as both platforms make them; channels by their ids in Teams."""
    return typed(
        ChannelMention(f"19:{span.channel_id}@thread.tacv2", span.label)
        if isinstance(span, ChannelMention)
        else span
        for span in spans
    )


def read(post: Post) -> Draft | NotAnIdea:
    draft = READER.read(post)
    return with_names(draft, post, NAMES) if isinstance(draft, Draft) else draft


def test_the_realistic_posts_read_the_same() -> None:
    """Each post of the tables is read in Teams as it is in Slack."""
    texts = posts()
    assert len(texts) > 500
    different = []
    for text in texts:
        spans = told(to_spans(text))
        post = in_teams(spans)
        expected, found = read(replace(post, body=with_links(spans))), read(post)
        if expected != found:
            different.append((text, expected, found))
    assert [] == different
