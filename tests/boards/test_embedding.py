"""What is shown where somebody pastes the address of a board or of an idea."""

import json
from urllib.parse import quote

import pytest
from lxml import html

from bot.core.model.people import Shown
from bot.core.model.shares import ShareKind
from bot.sandbox.model import Channel, Member
from handlers.web.visitors import BURST
from tests.conftest import Bot
from tests.people import GARDEN, keep
from tests.sharing import Answer, opened, shared, shows
from tests.slack import Slack

SITE = "https://blog.example.org"


def public(bot: Bot, url: str) -> str:
    """The address of a page as people outside know it."""
    return bot.parts.settings.base_url + url.removeprefix(bot.url)


async def asked(bot: Bot, url: str, more: str = "") -> Answer:
    """What oEmbed answers for an address."""
    return await opened(f"{bot.url}/oembed?url={quote(url, safe='')}{more}")


async def test_pages_have_cards(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """The board's and an idea's, by Open Graph, with the way to oEmbed; one leads to the other."""
    await shows(bot, slack, rosa, Shown.SCHOOL, school="Prairie")
    await keep(bot, slack, rosa, room, f'{GARDEN} "><script>x</script>')
    _, url = await shared(bot, slack, rosa, room)
    for path, kind, title in (("", "website", "Ideas from leadership"), ("1", "article", GARDEN)):
        page = html.fromstring((await opened(url + path)).text)
        card = {one.get("property"): one.get("content") for one in page.xpath("//meta[@property]")}
        assert (kind, "Commonplace", public(bot, url) + path) == (
            card["og:type"],
            card["og:site_name"],
            card["og:url"],
        )
        assert card["og:title"].startswith(title)
        assert ("Prairie" in card["og:description"]) == (path == "1")
        assert ["summary"] == page.xpath("//meta[@name='twitter:card']/@content")
        (leads,) = page.xpath("//link[@type='application/json+oembed']/@href")
        told = await opened(bot.url + leads.removeprefix(bot.parts.settings.base_url))
        assert (200, card["og:title"]) == (told.status, json.loads(told.text)["title"])


async def test_oembed_is_a_frame_where_sites_may_show_one(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Sandboxed, lazy, titled, no larger than asked for; else it is a link."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, plain = await shared(bot, slack, rosa, room)
    _, framed = await shared(bot, slack, rosa, room, sites=(SITE,))
    link = await asked(bot, public(bot, plain))
    assert {
        "version": "1.0",
        "type": "link",
        "title": "Ideas from leadership",
        "provider_name": "Commonplace",
        "provider_url": f"{bot.parts.settings.base_url}/",
    } == json.loads(link.text)
    assert ("application/json; charset=utf-8", "*", "no-referrer", "no-store") == tuple(
        link.headers[name]
        for name in (
            "Content-Type",
            "Access-Control-Allow-Origin",
            "Referrer-Policy",
            "Cache-Control",
        )
    )
    wide = json.loads((await asked(bot, public(bot, framed), "&maxwidth=9999&maxheight=x")).text)
    rich = json.loads(
        (await asked(bot, f"{public(bot, framed)}1?part=x#y", "&format=json&maxwidth=320")).text
    )
    assert ("rich", 800, 600) == (wide["type"], wide["width"], wide["height"])
    assert ("rich", 320, "a school librarian") == (
        rich["type"],
        rich["width"],
        rich["author_name"],
    )
    (frame,) = html.fragments_fromstring(rich["html"])
    assert (f"{public(bot, framed)}1", "320", "lazy", "no-referrer", rich["title"]) == tuple(
        frame.get(name) for name in ("src", "width", "loading", "referrerpolicy", "title")
    )
    assert "allow-top-navigation" not in frame.get("sandbox")


async def test_oembed_answers_for_open_boards_alone(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """Anything else is not here, in the same words; no log names it, and there is no XML."""
    caplog.set_level("DEBUG")
    await keep(bot, slack, rosa, room, GARDEN)
    share, url = await shared(bot, slack, rosa, room)
    _, report = await shared(bot, slack, rosa, room, kind=ShareKind.REPORT)
    here, base = public(bot, url), bot.parts.settings.base_url
    assert 200 == (await asked(bot, here)).status
    assert 501 == (await asked(bot, here, "&format=xml")).status
    await bot.parts.store.revoke_share(share.number, who=rosa.id, now=bot.parts.clock())
    _, open_one = await shared(bot, slack, rosa, room)
    token = open_one.split("/")[-2]
    closed = [
        await asked(bot, one)
        for one in (
            here,
            "",
            f"{base}/b/nothing/",
            f"{base}/b/{token}/99",
            f"{base}/b/{token}/feed.atom",
            f"https://elsewhere.example/b/{token}/",
            f"{base}.elsewhere.example/b/{token}/",
            public(bot, report),
        )
    ]
    gone = await opened(f"{bot.url}/b/nothing/")
    assert {(404, len(gone.text))} == {(one.status, len(one.text)) for one in closed}
    assert {"frame-ancestors 'none'"} == {
        one.headers["Content-Security-Policy"].rpartition("; ")[2] for one in closed
    }
    assert not any(one in caplog.text for one in (token, url.split("/")[-2]))
    assert 429 in [(await asked(bot, here)).status for _ in range(2 * int(BURST))]
