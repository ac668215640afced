"""A network's own framework: its file sorts, filters and heads the digest instead of ours."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import CommonplaceError
from bot.sandbox.model import Channel, Member
from tests.conftest import bot_at
from tests.people import calm
from tests.seeing import words
from tests.slack import Slack

OWN = """
version = "our district 1"
enough = 2
second = 0.6
ignored = []

[weights]
strong = 3

[[component]]
code = "GARDEN"
gear = "Our yard"
name = "Grows things"
aliases = ["green"]
description = "The library as a place where things grow."
colour = "#2e6b34"

[component.words]
strong = ["seed library", "garden"]

[[component]]
code = "SOUND"
gear = "Our yard"
name = "Makes itself heard"
aliases = ["audio"]
description = "Podcasts, choirs and everything else one hears."
colour = "#6b2e5f"

[component.words]
strong = ["podcast", "choir"]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A framework file of a network."""
    path = tmp_path / "ours.toml"
    path.write_text(OWN, "utf-8")
    return path


async def test_ideas_are_sorted_by_a_networks_own_framework(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock, own: Path
) -> None:
    """Its codes stand in the row, its names in the digest, and the filter takes its aliases."""
    async with bot_at(slack, database, clock, commonplace_framework=str(own)) as bot:
        slack.post(rosa, room, "We opened a seed library beside the returns desk")
        slack.post(rosa, room, "Our fifth graders record a podcast about what they read")
        await calm(bot, slack)
        assert ["GARDEN", "SOUND"] == [row["components"] for row in await bot.rows()]
        with closing(sqlite3.connect(database)) as con:
            named = con.execute("select parts from idea_list order by number").fetchall()
        assert [('["Grows things"]',), ('["Makes itself heard"]',)] == named
        found = words(await slack.command(rosa, room, "/ideas list component:audio"))
        assert "podcast" in found
        assert "seed library" not in found
        digest = words(await slack.command(rosa, room, "/ideas digest"))
        assert "Grows things" in digest
        assert "Makes itself heard" in digest
        why = words(await slack.command(rosa, room, "/ideas prompt why"))
        assert why


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "No such file or directory"),
        ("version = ", "not valid TOML"),
        (OWN.replace('code = "SOUND"', 'code = "GARDEN"'), "GARDEN"),
        (OWN.replace("#2e6b34", "green"), "colour"),
    ],
)
async def test_a_wrong_framework_file_stops_the_start_with_its_name(
    slack: Slack, database: Path, clock: Clock, tmp_path: Path, text: str | None, says: str
) -> None:
    """The line names the file and what is wrong in it."""
    path = tmp_path / "ours.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(CommonplaceError, match=r"ours\.toml") as caught:
        async with bot_at(slack, database, clock, commonplace_framework=str(path)):
            pass
    assert says in str(caught.value)
