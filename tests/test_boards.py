"""Boards over HTTP: what people outside see of a channel, and what they never see."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import Clock
from bot.core.errors import FormError
from bot.core.model.ideas import Trial, TrialOutcome, Visibility
from bot.core.model.people import Shown
from bot.core.model.shares import ShareKind
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at
from tests.people import GARDEN, calm, keep
from tests.processes import environment
from tests.scenes import play
from tests.seeing import buttons
from tests.sharing import Answer, opened, shared, shows
from tests.slack import Slack

LIE = '<script>alert(1)</script> "quoted" & kept for the makerspace team'
DAY = timedelta(days=1)
WITHDRAWS = """
import asyncio, datetime, sys
from bot.core.model.ideas import Withdrawal
from storage import open_store
async def withdraw():
    store, now = open_store(sys.argv[1]), datetime.datetime.now(datetime.UTC)
    await store.withdraw_number(sys.argv[2], 1, Withdrawal.CROSSED, now=now)
    await store.close()
asyncio.run(withdraw())
"""


@pytest.fixture
def joan(slack: Slack) -> Member:
    """Who invites the bot."""
    return slack.add_user("joan", display_name="Joan Petersen")


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot, over one transport."""
    async with bot_at(slack, database, clock) as running:
        yield running


async def too_often(url: str, **headers: str) -> Answer:
    """Open an address again and again; the first answer that is another."""
    for _ in range(3_000):
        answer = await opened(url, **headers)
        if answer.status != 200:
            break
    return answer


# -- who may open it ------------------------------------------------------------------------------


async def test_what_is_not_open_answers_alike(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Unknown, revoked and over: the same words, uncached, in nobody's frame; no log names them."""
    caplog.set_level("DEBUG")
    await keep(bot, slack, rosa, room, GARDEN)
    site = ("https://blog.example.org",)
    first, revoked = await shared(bot, slack, rosa, room, days=200, sites=site)
    _, over = await shared(bot, slack, rosa, room, days=1)
    assert (200, 200) == ((await opened(revoked)).status, (await opened(over)).status)
    await bot.parts.store.revoke_share(first.number, who=rosa.id, now=bot.parts.clock())
    clock.jump(clock() + 2 * DAY)
    gone = [
        await opened(one)
        for one in (revoked, over, f"{bot.url}/b/nothing/", f"{bot.url}/b/nothing/1", f"{over}1")
    ]
    bare = [re.sub('nonce="[^"]*"', "", one.text) for one in gone]
    assert {404} == {one.status for one in gone}
    assert 1 == len({*bare})
    assert not any(url.split("/")[-2] in caplog.text for url in (revoked, over))
    for one in gone:
        assert "frame-ancestors 'none'" in one.headers["Content-Security-Policy"]
        assert "no-store" == one.headers["Cache-Control"]


async def test_a_channel_that_turns_private_takes_its_shares_down(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """With the event; public again, it needs a new share."""
    await keep(bot, slack, rosa, room, GARDEN)
    share, url = await shared(bot, slack, rosa, room)
    slack.make_private(rosa, room)
    await calm(bot, slack)
    assert 404 == (await opened(url)).status
    store, home = bot.parts.store, slack.workspace.team_id
    await store.saw_channel(home, room.id, now=bot.parts.clock(), private=False)
    assert 404 == (await opened(url)).status
    (change, *_) = await store.changes(home, room.id, 5)
    assert ("share", str(share.number), "private") == (change.what, change.old, change.new)


# -- what it shows --------------------------------------------------------------------------------


async def test_names_are_shown_as_their_owners_chose(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Authors, credits, mentions and what is found: nobody is named who did not say so."""
    await shows(bot, slack, rosa, Shown.NAME, school="Prairie")
    await keep(bot, slack, rosa, room, f"A reading garden for everyone, with <@{ben.id}>")
    await keep(bot, slack, ben, room, "Book tasting at lunch doubled our checkouts")
    _, url = await shared(bot, slack, rosa, room)
    board, idea = await opened(url), await opened(f"{url}1")
    for page in (board, idea):
        assert (200, True) == (page.status, "Rosa Alvarez, Prairie" in page.text)
        assert not re.search(f"Ben|Okafor|{ben.id}|{rosa.id}", page.text)
    assert "A school librarian" in board.text
    assert "With thanks to a school librarian" in idea.text
    for word, number in (("okafor", 0), ("rosa", 0), ("garden", 1), ("tasting", 1)):
        assert number == (await opened(f"{url}?q={word}")).text.count("<article>"), word
    await shows(bot, slack, ben, Shown.NAME)
    assert "Ben Okafor" in (await opened(f"{url}2")).text


async def test_nobody_is_found_by_being_mentioned(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A total would tell, letter by letter, which name was taken out of a text."""
    await keep(bot, slack, rosa, room, f"A reading garden for everyone, with <@{ben.id}>")
    await keep(bot, slack, rosa, room, "The écoles of our <#C1|district> read @ lunch, okay.")
    _, url = await shared(bot, slack, rosa, room)
    expected = {
        "okafor": 0,
        "okaf*": 0,
        "ben+garden": 0,
        "okay": 1,
        "ecole": 1,
        "gardens": 1,
        "garden": 1,
        "@": 1,
        "%F0%9F%93%9A": 0,
        "READ": 2,
    }
    found = {word: (await opened(f"{url}?q={word}")).text for word in expected}
    for word, page in found.items():
        assert f"{expected[word]} idea" in page.partition('<h2 id="found"')[2][:60], word
    assert expected == {word: page.count("<article>") for word, page in found.items()}
    for q in ("okafor", "okaf*"):
        assert 'data-total="0"' in (await opened(f"{url}slides?q={q}")).text


async def test_what_is_only_a_file_does_not_tell_whose(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Neither a clip's words nor a file's address name who brought it."""
    play(slack, "s04_voice_clip_unheard", rosa, ben, room)
    await calm(bot, slack)
    _, url = await shared(bot, slack, rosa, room, downloads=True)
    pages = ("1", "", "feed.atom", "feed.json", "ideas.csv", "ideas.json")
    for page in pages:
        text = (await opened(f"{url}{page}")).text
        assert "A voice clip by a school librarian" in text
        assert not re.search(f"Rosa|Alvarez|{rosa.id}|slack.com", text), page
    assert "0 ideas with" in (await opened(f"{url}?q=alva")).text
    await shows(bot, slack, rosa, Shown.NAME)
    assert "A voice clip by @Rosa Alvarez" in (await opened(f"{url}1")).text


async def test_a_withdrawn_idea_is_gone_at_once(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """From the board and from its own page; one of another channel was never there."""
    other = slack.add_channel("reading", [rosa], bot=True)
    post = slack.post(rosa, room, GARDEN)
    await keep(bot, slack, rosa, other, "Book tasting at lunch doubled our checkouts")
    _, url = await shared(bot, slack, rosa, room)
    assert 404 == (await opened(f"{url}2")).status
    assert "Book tasting" not in (await opened(url)).text
    assert "garden" in (await opened(url)).text
    slack.delete(post)
    await calm(bot, slack)
    assert 404 == (await opened(f"{url}1")).status
    page = await opened(url)
    assert ("garden" in page.text, "No idea has been shared yet" in page.text) == (False, True)


async def test_what_another_process_withdraws_is_gone_at_once(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """From the first view on, though the one before it was the same for everybody."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    for _ in range(2):
        assert "garden" in (await opened(url)).text
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WITHDRAWS, f"sqlite:///{database}", slack.workspace.team_id),
        env=environment({}),
    )
    assert 0 == await other.wait()
    assert "No idea has been shared yet" in (await opened(url)).text


async def test_a_word_is_found_from_its_second_letter(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The last word may be one that is only begun, in any of its forms; those before are whole."""
    await keep(bot, slack, rosa, room, "Collaboration at a book tasting for readers")
    _, url = await shared(bot, slack, rosa, room)
    typed = "collaboration tasting"
    for end in range(2, len(typed) + 1):
        if end != typed.index(" ") + 2:
            page = await opened(f"{url}?q={typed[:end].replace(' ', '+')}")
            assert "1 idea with" in page.text, typed[:end]
    for words in ("bo+tasting", "cold", "tasted+no"):
        assert "Nothing fits" in (await opened(f"{url}?q={words}")).text, words


async def test_what_people_write_is_text(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Nothing in it acts; only web addresses are links, which pass nothing on."""
    await keep(bot, slack, rosa, room, f"idea: {LIE} https://example.org/a?b=1&c=2. javascript:x")
    _, url = await shared(bot, slack, rosa, room)
    page = await opened(f"{url}1")
    assert "<script>alert" not in page.text
    link = '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow" target="_blank">'
    assert link in page.text
    assert 'href="javascript' not in page.text
    board = await opened(f"{url}?q=%22%3E%3Cscript%3Ex&part=NO&by=NO&sort=NO&start=-1&tag=%3Cb%3E")
    assert (200, False) == (board.status, "<script>x" in board.text)


async def test_headers(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Nothing inline runs, only listed sites may frame it, and its address is passed to nobody."""
    await keep(bot, slack, rosa, room, GARDEN)
    sites = ("https://Blog.example.org/", "http://127.0.0.1:8123")
    _, url = await shared(bot, slack, rosa, room, sites=sites)
    page = await opened(url)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    assert policy.endswith("frame-ancestors https://blog.example.org http://127.0.0.1:8123")
    assert "unsafe" not in policy
    assert "Content-Encoding" in page.headers
    assert ("no-referrer", "nosniff", "noindex, nofollow", "no-store") == tuple(
        page.headers[name]
        for name in ("Referrer-Policy", "X-Content-Type-Options", "X-Robots-Tag", "Cache-Control")
    )
    nonces = {*re.findall('nonce="([^"]+)"', page.text)}
    assert 1 == len(nonces)
    assert f"'nonce-{nonces.pop()}'" in policy
    assert not re.search(r"<style|style=|<script>|\son\w+=", page.text)
    for name in ("board.css", "board.js"):
        assert 200 == (await opened(f"{bot.url}/board/{name}")).status
    assert 404 == (await opened(f"{bot.url}/board/..%2Fboards.py")).status
    assert 301 == (await opened(url.rstrip("/"))).status


async def test_whatever_is_refused_is_kept_by_nobody(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """No such path, no such method, another address, too often: uncached, unframed, unsniffed."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    found = {path: await opened(f"{bot.url}{path}") for path in ("/b/x/y", "/board/x", "/oembed")}
    found["moved"] = await opened(url.rstrip("/"))
    async with aiohttp.ClientSession() as http, http.post(url) as answer:
        found["post"] = Answer(answer.status, "", answer.headers)
    found["often"] = await too_often(url)
    assert [404, 404, 404, 301, 405, 429] == [one.status for one in found.values()]
    for one in found.values():
        assert ("no-store", "no-referrer", "nosniff") == tuple(
            one.headers[name]
            for name in ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")
        )
        assert "frame-ancestors 'none'" in one.headers["Content-Security-Policy"]


async def test_an_author_who_gives_their_name_has_a_page(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """With their ideas alone, in lists, counts and searches; nobody else has one."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, "Book tasting at lunch doubled our checkouts")
    await keep(bot, slack, rosa, room, "Planned the ecosystems unit with our science teacher")
    _, url = await shared(bot, slack, rosa, room)
    assert 404 == (await opened(f"{url}?author=1")).status
    await shows(bot, slack, rosa, Shown.NAME, school="Prairie")
    page = await opened(f"{url}?author=3")
    assert '<h1 dir="auto">Ideas by Rosa Alvarez' in page.text
    assert ("2 ideas</h2>" in page.text, "Book tasting" in page.text) == (True, False)
    assert "1 idea with" in (await opened(f"{url}?author=3&q=garden")).text
    assert "Nothing fits" in (await opened(f"{url}?author=3&q=tasting")).text
    assert '<a href="./?author=1">Rosa Alvarez' in (await opened(f"{url}1")).text
    assert "?author=2" not in (await opened(url)).text
    assert [404, 404] == [(await opened(f"{url}?author={n}")).status for n in (2, 99)]


async def test_an_ideas_page_tells_what_came_of_trying_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """How it went and where, in whose words: by name only of who gave theirs."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, "Book tasting at lunch doubled our checkouts")
    _, url = await shared(bot, slack, rosa, room)
    idea = await bot.parts.store.idea(slack.workspace.team_id, 1, Visibility(everything=True))
    assert idea is not None
    trial = Trial(
        workspace=idea.workspace,
        idea_id=idea.id,
        member_id=ben.id,
        came=TrialOutcome.CHANGED,
        grades="Grades 3 to 5",
        words=f"@rosa helped. {LIE}",
        tried_at=bot.parts.clock(),
    )
    await bot.parts.store.add_trial(trial)
    page = (await opened(f"{url}1")).text
    assert "It worked, with changes (grades 3 to 5)." in page
    assert "@… helped. &lt;script&gt;" in page
    assert "a school librarian</li>" in page
    await shows(bot, slack, ben, Shown.NAME)
    assert "Ben Okafor</li>" in (await opened(f"{url}1")).text


async def test_what_the_wheel_says_is_what_its_links_show(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Also beside a search: the numbers are the whole board's, and so are the lists behind them."""
    await keep(bot, slack, rosa, room, "We planned a unit with the art teacher, as partners")
    _, url = await shared(bot, slack, rosa, room)
    page = (await opened(f"{url}?q=zzz&sort=oldest")).text
    assert "Try another word." in page
    (link,) = re.findall(r'<a href="\./(\?[^"]+)">[^\n]*</a></th><td>1</td>', page)
    assert "1 idea about" in (await opened(url + link.replace("&amp;", "&"))).text


async def test_a_share_shows_only_the_ideas_that_it_names(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """On the board, in its counts, and by an idea's own address."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, rosa, room, "Book tasting at lunch doubled our checkouts #reading")
    _, url = await shared(bot, slack, rosa, room, shows="#reading")
    page = await opened(url)
    assert "Book tasting" in page.text
    assert "1 idea</h2>" in page.text
    assert (404, 200) == ((await opened(f"{url}1")).status, (await opened(f"{url}2")).status)


async def test_a_shares_days_are_those_of_its_channel(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """What is shown as of a day after its last one is not shown."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room, shows="until:2026-11-25")
    assert "garden" in (await opened(f"{url}1")).text
    store, home = bot.parts.store, slack.workspace.team_id
    known = await store.channel(home, room.id)
    assert known is not None
    there = replace(known, zone="Pacific/Auckland")
    await store.set_settings(there, who=rosa.id, now=bot.parts.clock())
    assert 404 == (await opened(f"{url}1")).status


async def test_a_board_names_nobody_by_its_choice_of_ideas(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A board of one person would tell who they are; an administrator's page of one may be."""
    await keep(bot, slack, rosa, room, GARDEN)
    await shows(bot, slack, rosa, Shown.NOBODY, school="Prairie")
    await keep(bot, slack, rosa, room, "Planned the ecosystems unit with our science teacher")
    for which in ("@rosa", "school:prairie"):
        with pytest.raises(FormError) as refused:
            await shared(bot, slack, rosa, room, shows=which)
        assert ["shows"] == [*refused.value.problems]
    with pytest.raises(FormError, match=r'Did you mean `school:"Prairie"`'):
        await shared(bot, slack, rosa, room, shows="school:prairy", kind=ShareKind.REPORT)
    _, url = await shared(bot, slack, rosa, room, shows="school:prairie", kind=ShareKind.REPORT)
    page = await opened(url)
    assert '<h1 dir="auto">Prairie</h1>' in page.text
    assert ("1 school librarian shared 1 idea" in page.text, "garden" in page.text) == (True, False)
    _, url = await shared(bot, slack, rosa, room, shows="@rosa", kind=ShareKind.REPORT)
    page = await opened(url)
    assert (200, False) == (page.status, "Rosa" in page.text)
    await shows(bot, slack, rosa, Shown.NAME)
    assert "Rosa" in (await opened(url)).text


async def test_a_report_is_shared_as_a_board_is(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """As HTML and as Markdown; its token opens no board, and a board's opens no report."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, board = await shared(bot, slack, rosa, room)
    _, url = await shared(bot, slack, rosa, room, kind=ShareKind.REPORT, public=True)
    for address, start in ((url, "<!doctype html>"), (f"{url}report.md", "# ")):
        page = await opened(address)
        assert page.text.startswith(start)
        assert ", in #leadership" in page.text
        assert "X-Robots-Tag" not in page.headers
    crossed = (board.replace("/b/", "/r/"), url.replace("/r/", "/b/"))
    assert [404, 404] == [(await opened(one)).status for one in crossed]
    assert not re.search(r"<style>|style=|<script>|\son\w+=", (await opened(url)).text)


# -- manners --------------------------------------------------------------------------------------


async def test_openings_are_counted(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Of the board itself, and not of what is looked for on it."""
    await keep(bot, slack, rosa, room, GARDEN)
    share, url = await shared(bot, slack, rosa, room)
    for address in (url, url, f"{url}?q=garden", f"{url}9"):
        await opened(address)
    await bot.parts.shared.openings.write()
    kept = await bot.parts.store.share_of_number(share.number)
    assert replace(share, opened=2) == kept


async def test_who_asks_too_often_waits(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """One address at a time; behind a proxy it is the reader's own that counts."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    assert 429 == (await too_often(url, **{"X-Forwarded-For": "x, 192.0.2.1"})).status
    assert 200 == (await opened(url, **{"X-Forwarded-For": "192.0.2.2"})).status


async def test_authors_are_asked_once(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, joan: Member, room: Channel
) -> None:
    """With the first share, by direct message; who chose already, or wrote nothing, is not."""
    await shows(bot, slack, rosa, Shown.SCHOOL)
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, "Book tasting at lunch doubled our checkouts")
    for _ in range(2):
        await shared(bot, slack, rosa, room)

    def asked(who: Member) -> int:
        told = slack.said_by_bot(slack.open_im(who))
        return sum("Your name is yours to give" in str(one) for one in told)

    assert [0, 1, 0] == [asked(who) for who in (rosa, ben, joan)]
    (message,) = [
        one for one in slack.said_by_bot(slack.open_im(ben)) if "yours to give" in str(one)
    ]
    await slack.click(ben, message, buttons(message)["My name and school"])
    await calm(bot, slack)
    member = await bot.parts.store.member(slack.workspace.team_id, ben.id)
    assert member is not None
    assert Shown.NAME is member.profile.shown
