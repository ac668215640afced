"""Feeds of boards: valid, as names are given, and gone with what they tell of."""

import asyncio
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
from lxml import html

from bot.clock import Clock
from bot.core.model.people import Shown
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.npm import NoNpmError, node_for
from tests.people import GARDEN, calm, keep
from tests.sharing import Answer, opened, shared, shows
from tests.slack import Slack

HERE = Path(__file__).parent
HOSTILE = (
    "idea: <script>alert(1)</script> ]]> &amp; \x0b\x07 \ufffe \U0001f4da\nsecond line "
    "<https://example.org/a?b=1&c=2> javascript:alert(1)"
)
ATOM = "{http://www.w3.org/2005/Atom}"


async def complaints(feed: Answer) -> object:
    """What the schema of JSON Feed says against a feed."""
    try:
        node = await asyncio.to_thread(node_for, HERE, "the schema of JSON Feed")
    except NoNpmError as error:
        pytest.skip(f"needs the schema of JSON Feed: {error}")
    said = await asyncio.to_thread(
        subprocess.run,
        [node, HERE / "check.mjs"],
        input=feed.text.encode(),
        capture_output=True,
        check=True,
    )
    return json.loads(said.stdout)


async def test_feeds_are_valid(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """By feedparser and by the schema of JSON Feed, empty ones and those of hostile words too."""
    await keep(bot, slack, ben, room, GARDEN, HOSTILE, "idea: <https://example.org/plan>")
    for wanted, ideas in (("#nothing", 0), ("", 3)):
        _, url = await shared(bot, slack, rosa, room, shows=wanted)
        atom, other = await opened(f"{url}feed.atom"), await opened(f"{url}feed.json")
        assert ("application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8") == (
            atom.headers["Content-Type"],
            other.headers["Content-Type"],
        )
        read = feedparser.parse(
            atom.text.encode(), response_headers={"content-type": atom.headers["Content-Type"]}
        )
        assert (False, "atom10", ideas) == (bool(read.bozo), read.version, len(read.entries))
        assert [] == await complaints(other)
        assert ideas == len(json.loads(other.text)["items"])


async def test_an_entry_says_what_a_reader_needs(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Title, author, days, tags, parts, words and the address of the idea's page; nothing acts."""
    await shows(bot, slack, rosa, Shown.NAME, school="Prairie")
    await keep(bot, slack, rosa, room, f"{GARDEN} with <@{ben.id}>", HOSTILE)
    _, url = await shared(bot, slack, rosa, room)
    public = bot.parts.settings.base_url + url.removeprefix(bot.url)
    atom, other = await opened(f"{url}feed.atom"), await opened(f"{url}feed.json")
    hostile, garden = feedparser.parse(atom.text).entries
    assert "We built a reading garden with the science club #outdoors with a school" in garden.title
    assert "Rosa Alvarez, Prairie" == garden.author
    assert "outdoors" in {one.term for one in garden.tags}
    assert (f"{public}1", f"{public}2") == (garden.link, hostile.link)
    items = json.loads(other.text)["items"]
    assert [hostile.id, garden.id] == [one["id"] for one in items]
    assert [hostile.updated, garden.published] == [
        items[0]["date_modified"],
        items[1]["date_published"],
    ]
    root = ET.fromstring(atom.text)  # noqa: S314  (of our own making)
    links = {(one.get("rel"), one.get("href")) for one in root.findall(f"{ATOM}link")}
    assert {("self", f"{public}feed.atom"), ("alternate", public)} == links
    content = root.findtext(f"{ATOM}entry/{ATOM}content") or ""
    assert "<br>second line" in content
    page = html.fromstring(content)
    assert ([], {"https://example.org/a?b=1&c=2"}) == (
        page.xpath("//script"),
        {*page.xpath("//a/@href")},
    )
    for secret in (ben.id, rosa.id, room.id, slack.workspace.team_id, "Okafor", room.name + "@"):
        assert secret not in atom.text + other.text


async def test_ids_outlive_a_share(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """Feed and entries keep theirs under another address; neither holds the address."""
    await keep(bot, slack, rosa, room, GARDEN, HOSTILE)
    ids = []
    for _ in range(2):
        share, url = await shared(bot, slack, rosa, room)
        read = feedparser.parse((await opened(f"{url}feed.atom")).text)
        ids.append([read.feed.id, *(one.id for one in read.entries)])
        assert not any(url.split("/")[-2] in one for one in ids[-1])
        await bot.parts.store.revoke_share(share.number, who=rosa.id, now=clock())
        assert 404 == (await opened(f"{url}feed.atom")).status
    assert ids[0] == ids[1]
    assert 3 == len({*ids[0]})


async def test_a_feed_is_in_step(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Who knows it is told so; an edit is news, and what is withdrawn is gone at once."""
    post = slack.post(rosa, room, GARDEN)
    await keep(bot, slack, rosa, room, HOSTILE)
    _, url = await shared(bot, slack, rosa, room)
    known = await opened(f"{url}feed.json")
    again = await opened(f"{url}feed.json", **{"If-None-Match": known.headers["ETag"]})
    assert (304, "") == (again.status, again.text)
    assert known.headers["ETag"] == again.headers["ETag"]
    assert "no-store" not in again.headers["Cache-Control"]
    slack.edit(post, "We built a second reading garden with the science club")
    await calm(bot, slack)
    news = await opened(f"{url}feed.json", **{"If-None-Match": known.headers["ETag"]})
    garden = json.loads(news.text)["items"][1]
    assert garden["date_modified"] >= garden["date_published"]
    assert "second reading garden" in garden["content_html"]
    slack.delete(post)
    await calm(bot, slack)
    for name in ("feed.atom", "feed.json"):
        assert "garden" not in (await opened(url + name)).text


async def test_a_feed_has_the_newest_ideas(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Fifty of them, the latest first, also where a share is of some words."""
    texts = [f"Reading hour number {n} in our library, with buddies" for n in range(53)]
    await keep(bot, slack, rosa, room, *texts)
    _, url = await shared(bot, slack, rosa, room, shows="reading buddies")
    items = json.loads((await opened(f"{url}feed.json")).text)["items"]
    assert [f"{bot.parts.settings.base_url}/" in items[0]["url"], *range(53, 3, -1)] == [
        True,
        *(int(one["url"].rpartition("/")[2]) for one in items),
    ]


async def test_a_board_leads_to_its_feeds(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """In its head, for programs, and on the page."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    page = html.fromstring((await opened(url)).text)
    for kind, name in (("atom+xml", "feed.atom"), ("feed+json", "feed.json")):
        wanted = f"//link[@rel='alternate'][@type='application/{kind}']/@href"
        assert [name] == page.xpath(wanted)
        assert [name] == page.xpath(f"//nav//a[@href='{name}']/@href")
