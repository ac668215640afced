"""Texts, names and files that try to ping people, to deceive them, or to break what shows them."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.core.finding.export import write_csv
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Filters, Visibility
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.exported import exported
from tests.faults.wire import IDEA
from tests.people import calm
from tests.slack import Slack

HOSTILE = [
    f"{IDEA} <!channel> <!here> <!everyone>",
    f"{IDEA} <!subteam^S0123456|@all-librarians>",
    f"{IDEA} &lt;!channel&gt; &lt;!here|here&gt; &lt;@U0SB0000001&gt; &amp;lt;!channel&amp;gt;",
    f"{IDEA} <https://evil.example/login|https://bank.example/login>",
    f"{IDEA} <https://evil.example/|bank.example>",
    f"{IDEA} &lt;https://evil.example|https://bank.example&gt; *bold* _it_ ~no~ `code` ```block```",
    f"{IDEA}\n&gt; quote\n&gt;&gt;&gt; all of it\n\u202eesrever\u202c \u2066isolated\u2069",
    f"{IDEA} <javascript:alert(1)|click me> <data:text/html,x|y> <mailto:a@b.example|write>",
]
NAMES = [
    "<!channel>",
    "Ros<a|b> & Co",
    "Line\nbreak",
    "\u202eevil\u202c",
    "*bold* `code`",
    "=HYPERLINK(1)",
]


def strings(piece: Any, *, drawn: bool = False) -> Iterator[tuple[str, bool]]:
    """Every string of a message's blocks, and whether Slack looks for markup in it."""
    if isinstance(piece, dict):
        assert piece.get("type") != "markdown", "markdown blocks read raw entities"
        for name, value in piece.items():
            yield from strings(value, drawn=piece.get("type") == "mrkdwn" and name == "text")
    elif isinstance(piece, list):
        for one in piece:
            yield from strings(one)
    elif isinstance(piece, str):
        yield piece, drawn


def said(slack: Slack) -> Iterator[dict[str, Any]]:
    """Everything the bot sent to Slack to be shown."""
    for method in ("chat.postMessage", "chat.postEphemeral", "chat.update", "views.open"):
        for args in slack.called(method):
            whole = dict(args)
            for name in ("blocks", "view"):
                if isinstance(whole.get(name), str):
                    whole[name] = json.loads(whole[name])
            yield whole


def harmless(shown: dict[str, Any]) -> None:
    """Nobody is pinged by it, and no link pretends to lead elsewhere."""
    assert str(shown.get("link_names", "false")).lower() in {"false", "0"}
    drawn = [str(shown.get("text") or "")]
    drawn += [text for text, is_drawn in strings(shown.get("blocks") or []) if is_drawn]
    for text in drawn:
        assert not re.search(r"<[!@#]", text), text
        for target, label in re.findall(r"<([^<>|]+)(?:\|([^<>]*))?>", text):
            assert target.startswith(("https://", "http://", "mailto:")), text
            host = urlsplit(target).hostname or ""
            named = re.findall(r"[\w-]+(?:\.[\w-]+)+", label or "")
            told = (label or "").endswith(f" ({host})")  # a file's name may look like a host's
            assert told or all(host.endswith(one) for one in named if not one.isdigit()), text


async def test_no_words_of_a_member_ping_or_deceive(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Whatever people write, digests, prompts, answers, files' names and notes harm nobody."""
    for text in HOSTILE:
        slack.post(rosa, room, text)
    slack.upload(ben, room, "<!channel> plan.pdf", b"words", "A plan for our makerspace")
    await calm(bot, slack)
    answers = [
        await slack.command(ben, room, line)
        for line in (
            "/ideas list",
            "/ideas search unit",
            "/ideas search <!channel>",
            "/ideas show 1",
            "/ideas show 4",
            "/ideas show 6",
            "/ideas frobnicate <!channel> <https://evil.example|https://bank.example>",
            "/ideas list #<!channel>",
            "/ideas list since:<!here>",
            "/ideas digest",
            "/ideas export",
            f"/idea {HOSTILE[0]} {HOSTILE[3]}",
        )
    ]
    await calm(bot, slack)
    channel = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert channel is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, channel, bot.parts.clock())
    await bot.parts.weekly.post(DeliveryKind.PROMPT, channel, bot.parts.clock())
    shown = [*said(slack), *({"text": a.text, "blocks": a.blocks} for a in answers)]
    notes = [note for who in (rosa, ben) for note in slack.notes(who)]
    shown += [{"text": note.text, "blocks": note.blocks} for note in notes]
    assert len(shown) > 15
    assert any("evil.example" in json.dumps(one) for one in shown)
    for one in shown:
        harmless(one)


async def test_no_name_breaks_what_shows_it(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Names with markup, line breaks and turned letters leave digest, list and CSV whole."""
    people = []
    for number, name in enumerate(NAMES):
        people.append(slack.add_user(f"user{number}", display_name=name))
        slack.join(people[-1], room)
        slack.post(people[-1], room, f"{IDEA} number {number}")
    await calm(bot, slack)
    answer = await slack.command(rosa, room, "/ideas list")
    channel = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert channel is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, channel, bot.parts.clock())
    for shown in (*said(slack), {"text": answer.text, "blocks": answer.blocks}):
        harmless(shown)
    out = io.BytesIO()
    rows = exported(bot.parts.store, "", Filters(), Visibility(everything=True))
    assert len(NAMES) == write_csv(rows, out)
    table = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert {len(table[0])} == {len(row) for row in table}
    authors = [row[2] for row in table[1:]]
    assert [" ".join(name.split()) for name in (*NAMES[:3], NAMES[4])] == authors[:3] + authors[4:5]
    # What begins with a sign that nobody sees, or like a formula, is guarded.
    assert [f"'{NAMES[3]}", "'=HYPERLINK(1)"] == [authors[3], authors[5]]
