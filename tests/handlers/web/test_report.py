"""The administrator's page and the library plan as HTML: harmless, readable, one sheet of paper."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from playwright.async_api import Browser

from bot.core.model.digest import TrialWithIdea
from bot.core.model.ideas import Idea
from bot.core.model.people import Author
from bot.core.report.values import Scope
from handlers.web.report import Paper, plan_page, report_page
from tests import browsing
from tests.core.report.making import SCOPE, ideas, plan, report, trial, trials
from tests.core.samples import idea
from tests.handlers.web.test_preview import Reader

HOSTILE = '<script>alert(1)</script> & "quotes" {{ 7 * 7 }} <img src=x onerror=alert(1)>'
SCRIPTS = (
    ("مريم حداد", "مدرسة النور", "نقيم ساعة قراءة أسبوعية مع الصف الأول، ونجحت مع كل المعلمين"),
    ("प्रिया शर्मा 🌸", "ओक हिल", "हमने विज्ञान टीम के साथ मिलकर 40 पाठ बनाए और सभी शिक्षक जुड़े"),
    (
        "Zoë 👩🏽‍🏫 Okafor",
        "Oak Hill 🏫",
        "We paired 40 readers with partners :tada: because it worked",
    ),
)
LONG = (
    "We mapped every unit with the science team and the counselors because 40 of them had no "
    "library partner, and now each grade has two weeks of shared planning in spring. "
)


PARTS = ("LEAD", "PART", "PPL", "LIT", "COMM", "DATA", "SPACE", "BUDG", "INFRA", "")
"""More than a column has lines for."""

Told = tuple[list[Idea], list[TrialWithIdea], Scope]
"""What a page is made of."""


def told() -> dict[str, Told]:
    """What makes pages that are empty, small, large, and as full as a page gets."""
    made: dict[str, Told] = {}
    for number in (0, 1, 10, 3000):
        every = ideas(number)
        made[f"{number} ideas"] = every, trials(every), SCOPE
    who = Author(
        id="U1",
        name="Wilhelmina Wolfeschlegelsteinhausenbergerdorff of Minnesota",
        school="The Wonderful Northwestern Academy of Mathematics, Music and Commonwealth Studies",
    )
    scope = replace(
        SCOPE,
        title="The Wonderful Northwestern Network of Librarians and Media Specialists",
        within="#a-channel-with-a-rather-long-name-for-its-own-good, and more",
        since=date(2025, 9, 1),
    )
    for name, text in (
        ("long words", LONG * 3),
        ("no blanks", f"{'W' * 300} we did it with 40 teachers because it worked {'M' * 300}"),
    ):
        full = [
            replace(one, text=text, author=replace(who, id=one.author.id), components=(code,))
            for one, code in zip(ideas(60), PARTS * 6, strict=True)
        ]
        tried = [trial(one, n, words=text) for n, one in enumerate(full)]
        made[name] = full, tried, scope
    every = [
        replace(one, text=text, author=replace(one.author, name=name, school=school))
        for one, (name, school, text) in zip(ideas(12), SCRIPTS * 4, strict=True)
    ]
    made["every script"] = (
        every,
        trials(every),
        replace(SCOPE, title=SCRIPTS[0][1], within="📚 #पुस्तक"),
    )
    return made


TOLD = told()
PAGES = {name: report(*one) for name, one in TOLD.items()}
EVERY = {f"page: {name}": report_page(one) for name, one in PAGES.items()} | {
    f"plan: {name}": plan_page(plan(*one)) for name, one in TOLD.items()
}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing.browser() as started:
        yield started


# -- paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["Letter", "A4"])
async def test_it_is_exactly_one_sheet(browser: Browser, paper: str) -> None:
    """However much or little there is to tell, on either paper."""
    sheets = {}
    for name, page in PAGES.items():
        sheet = await browser.new_page()
        await sheet.set_content(report_page(page))
        sheets[name] = len(re.findall(rb"/Type\s*/Page\b", await sheet.pdf(format=paper)))
    assert dict.fromkeys(PAGES, 1) == sheets


async def test_nothing_is_cut_off_on_paper(browser: Browser) -> None:
    """Every column and table stands on the sheet whole; only long words end in an ellipsis."""
    sheet = await browser.new_page(viewport={"width": 725, "height": 970})  # Letter's inside
    await sheet.emulate_media(media="print")
    cut = {}
    for name, page in PAGES.items():
        await sheet.set_content(report_page(page))
        cut[name] = await sheet.evaluate(
            """[...document.querySelectorAll("main, .columns, .columns section, .below")]
            .filter((one) => one.scrollHeight > one.clientHeight + 1)
            .map((one) => [one.tagName, one.className, one.scrollHeight, one.clientHeight])"""
        )
    assert [] == [what for what in cut.items() if what[1]]


async def test_a_sheet_breathes_evenly(browser: Browser) -> None:
    """What short stories leave of a sheet stands between its parts in equal bands."""
    sheet = await browser.new_page(viewport={"width": 725, "height": 970})
    await sheet.emulate_media(media="print")
    for name, page in PAGES.items():
        await sheet.set_content(report_page(page))
        bands = await sheet.evaluate(
            """[...document.querySelector("main").children]
            .map((one) => one.getBoundingClientRect())
            .flatMap((one, n, every) => n ? [Math.round(one.top - every[n - 1].bottom)] : [])"""
        )
        assert max(bands) - min(bands) <= 1, name


@pytest.mark.parametrize(("paper", "size"), [("letter", "8.5in 11in"), ("a4", "210mm 297mm")])
def test_a_paper_may_be_asked_for(paper: Paper, size: str) -> None:
    """Else it is whatever the printer holds."""
    assert f"size: {size}" in report_page(PAGES["1 ideas"], paper=paper)
    assert "{ size:" not in report_page(PAGES["1 ideas"])


# -- screen -----------------------------------------------------------------------------------


async def test_nothing_keeps_anybody_out(browser: Browser) -> None:
    """By axe, by WCAG 2.2 AA: every page and plan, on a phone in the light, wide in the dark."""
    script, found = await browsing.axe(), {}
    page = await browser.new_page()
    for name, width in product(EVERY, (320, 1280)):
        if "words" in name or "blanks" in name:  # those are about the layout alone
            continue
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme="light" if width == 320 else "dark")
        await page.goto("about:blank")  # else the policy of the page before holds, too
        await page.set_content(EVERY[name])
        if wrong := await browsing.barriers(page, script):
            found[name, width] = wrong
    assert {} == found


async def test_nothing_is_wider_than_the_screen(browser: Browser) -> None:
    """Nobody scrolls sideways: on a phone, or where 1280 or 1536 pixels are shown at 200 %."""
    page = await browser.new_page()
    wide = []
    for name, width in product(EVERY, (320, 640, 768)):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.goto("about:blank")
        await page.set_content(EVERY[name])
        if width < await page.evaluate("document.documentElement.scrollWidth"):
            wide.append((name, width))
    assert [] == wide


async def test_it_is_dark_where_people_want_it_dark(browser: Browser) -> None:
    """On a screen; never on paper."""
    page = await browser.new_page(color_scheme="dark")
    await page.set_content(report_page(PAGES["1 ideas"]))
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    assert "rgb(28, 37, 36)" == await page.evaluate(ground)
    await page.emulate_media(media="print")
    assert "rgb(255, 255, 255)" == await page.evaluate(ground)


async def test_its_style_needs_no_exception(browser: Browser) -> None:
    """The page's own policy lets its style in, and nothing of the page is refused."""
    page = await browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for html in (report_page(PAGES["10 ideas"]), plan_page(plan(ideas(10)))):
        await page.goto("about:blank")
        await page.set_content(html)
        family = await page.evaluate("getComputedStyle(document.body).fontFamily")
        assert "sans-serif" in family
    assert [] == said


# -- what stands on it ------------------------------------------------------------------------


@pytest.mark.parametrize("html", [report_page(PAGES["10 ideas"]), plan_page(plan(ideas(10)))])
def test_nothing_stands_inline(html: str) -> None:
    """One style, known by its digest; no script, no style of an element, nothing from elsewhere."""
    seen = Reader(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in seen.tags}
    assert " style=" not in html
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.replace("&#39;", "'")
    assert "url(" not in style
    assert 1 == sum(tag == "h1" for tag, _ in seen.tags)
    assert ("html", {"lang": "en"}) in seen.tags


def test_a_server_gives_its_own_nonce() -> None:
    """The page then carries no policy: the server's holds."""
    for html in (
        report_page(PAGES["1 ideas"], nonce="abc"),
        plan_page(plan(ideas(1)), nonce="abc"),
    ):
        assert '<style nonce="abc">' in html
        assert "Content-Security-Policy" not in html


def test_nothing_anybody_wrote_acts() -> None:
    """Titles, names, words and addresses are only text."""
    mine = replace(
        idea(1, text=f"{HOSTILE} and we did it with all 9 of our partners, every week"),
        author=Author(id="U1", name=HOSTILE, school=HOSTILE),
        resources=('https://a.example/"><script>x', "javascript:alert(1)"),
    )
    scope = replace(SCOPE, title=HOSTILE, within=HOSTILE)
    tried = [trial(mine, 0, words=f"{HOSTILE} and it worked well for all of us here")]
    for html in (
        report_page(report([mine], tried, scope)),
        plan_page(plan([mine], tried, scope)),
    ):
        assert "<script" not in html
        assert "<img" not in html
        assert "javascript:" not in html
        assert "{{ 7 * 7 }}" in html


def test_the_wheel_is_read_as_a_table() -> None:
    """The drawing is hidden from screen readers; the table has a caption and headed rows."""
    html = report_page(PAGES["10 ideas"])
    assert '<svg viewBox="0 0 200 200" aria-hidden="true"' in html
    assert 11 == html.count('<th scope="row"')
    assert 3 == html.count('<th scope="col"')
    assert "<caption>What it was about</caption>" in html
    assert 11 == html.count("<text ")


def test_one_part_alone_is_a_whole_ring() -> None:
    """A framework of one component has a wheel, too."""
    page = replace(PAGES["10 ideas"], shares=PAGES["10 ideas"].shares[:1])
    assert 1 == report_page(page).count("<text ")


def test_the_plan_tells_how_much_is_left() -> None:
    """A long list ends with a pointer to the CSV; links lead to the post and its resources."""
    html = plan_page(plan(ideas(400)))
    assert "more, in the CSV of this plan" in html
    assert 'rel="noopener nofollow">#' in html
    assert "https://files.example/" in html
