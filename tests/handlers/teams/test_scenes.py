"""Messages in odd shapes hold in Teams what they hold in Slack: the same table, from its files."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.intake.credits import sender_of
from bot.core.intake.reader import Reader, with_names
from bot.core.model.ideas import Draft, NotAnIdea
from bot.core.model.people import Workspace
from bot.core.model.posts import Post
from bot.data.capture import load_rules
from bot.data.framework import load_framework
from handlers.teams.activities import Said, to_incoming
from handlers.teams.history import to_post
from tests.teams.writing import as_graph
from tests.test_scenes import KEPT as IN_SLACK
from tests.test_scenes import NOT_KEPT

FOLDER = Path(__file__).parents[2] / "payloads" / "teams" / "scenes"
SCENES = sorted(path.stem for path in FOLDER.glob("*.json"))
BOT = Workspace(id="tenant", bot_user_id="28:bot", bot_id="bot")
READER = Reader(load_framework(), load_rules())
NAMES = {"U0ROSA": "Rosa Alvarez", "U0BEN": "Ben Okafor"}
GENERAL = "https://example.sharepoint.com/sites/Librarians/Shared%20Documents/General"
LINK = (
    "https://teams.microsoft.com/l/message/19:other@thread.tacv2/1795000000000"
    "?tenantId=tenant&groupId=group&parentMessageId=1795000000000"
)

IN_TEAMS: dict[str, dict[str, Any]] = {
    "s01_blocks_alone": {
        "text": IN_SLACK["s01_blocks_alone"]["text"].replace("\nLoved", "\n> Loved")
    },
    "s01_tables_without_words": {
        "text": IN_SLACK["s01_tables_without_words"]["text"].replace(":books:", "📚")
    },
    "s03_shared_file": {"resources": f"{GENERAL}/Maker%20cart.docx"},
    "s03_shared_file_two_words": {"resources": f"{GENERAL}/Maker%20cart.docx"},
    "forwarded_with_words": {"resources": f"{GENERAL}/pairs.pdf"},
    "link_to_a_message": {"text": f"See {LINK}"},
    "reply_with_a_quotation": {"text": "We did that too, with the science club", "tags": ""},
}
"""What is different of each message, for its files and pictures stand elsewhere."""


def message(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def told(name: str) -> Post:
    said = to_incoming(message(name), BOT)
    assert isinstance(said, Said)
    return said.post


def row(draft: Draft) -> dict[str, str]:
    """A draft as the table of scenes has it."""
    return {
        "text": draft.text,
        "kind": str(draft.kind),
        "author": "Rosa Alvarez",
        "tags": "; ".join(draft.tags),
        "credits": "; ".join(credit.name for credit in draft.credits),
        "resources": "; ".join(resource.url for resource in draft.resources),
    }


def test_every_file_is_read() -> None:
    """Each message of the folder is in the table, of Slack or of Teams."""
    assert not set(SCENES) - {*IN_SLACK, *NOT_KEPT, *IN_TEAMS}
    assert len(SCENES) > 30


@pytest.mark.parametrize("name", [name for name in SCENES if name not in NOT_KEPT])
def test_what_an_odd_message_holds_is_kept(name: str) -> None:
    """What a message holds is kept, wherever in it Teams puts that."""
    post = told(name)
    draft = READER.read(post)
    assert isinstance(draft, Draft)
    draft = with_names(draft, post, NAMES)
    wanted = IN_SLACK.get(name, {}) | IN_TEAMS.get(name, {})
    found = row(draft)
    assert wanted == {field: found[field] for field in wanted}
    assert draft.text or draft.resources


@pytest.mark.parametrize("name", [name for name in SCENES if name in NOT_KEPT])
def test_what_is_nobodys_idea_is_left_alone(name: str) -> None:
    """What is no idea, or not the person's own post, is not kept."""
    assert isinstance(READER.read(told(name)), NotAnIdea)


def test_an_apps_post_names_its_sender() -> None:
    """What a workflow posts for somebody is theirs once it is marked, and nobody's author."""
    post = told("s06_workflow")
    assert (True, "") == (post.by_app, post.author_id)
    assert "U0ROSA" == sender_of(post.body)


@pytest.mark.parametrize("name", SCENES)
def test_the_history_tells_the_same(name: str) -> None:
    """What was missed is read from Graph in the same way as from activities."""
    post = told(name)
    found = to_post(as_graph(message(name)), post.place.channel, BOT)
    assert found is not None
    expected = (post.body, post.files, post.author_id, post.by_app, post.credited, post.posted_at)
    assert expected == (
        found.body,
        found.files,
        found.author_id,
        found.by_app,
        found.credited,
        found.posted_at,
    )
