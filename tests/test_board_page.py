"""Boards in a browser: read by everybody, whole without scripts, framed by listed sites alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page

from bot.compose import Components, build
from bot.config import load_settings
from bot.core.model.ideas import Draft, Kind, Resource, ResourceKind, Source
from bot.core.model.people import ChannelInfo, Person, Profile, Shown
from bot.core.week.shares import ShareMaker, ShareWish
from bot.readiness import answers
from bot.serve import listen
from handlers.web import make_app
from tests.browsing import axe, barriers, browser
from tests.storage.making import T0, post

PEOPLE = (
    ("U1", "Rosa Alvarez", "Prairie Elementary"),
    ("U2", "مريم حداد", "مدرسة النور"),
    ("U3", "प्रिया शर्मा 🌸", "Oak Hill"),
    ("U4", "Ben Okafor", ""),
)
TEXTS = (
    "We paired 5th graders with kindergartners for a weekly reading buddy hour. :tada:",
    "نقيم ساعة قراءة أسبوعية مع الصف الأول",
    "A makerspace at lunch; the plan is at https://example.org/plan",
    "Averyveryverylongwordwithoutanyblank" * 6,
)
PAGES = ("", "?start=9999", "?by=part", "?by=school&sort=tried", "?q=reading", "?q=zzz", "1", "999")
SLIDES = ("slides", "slides?start=3", "slides?q=makerspace&start=9", "slides?q=zzz")


@dataclass(frozen=True, slots=True)
class Board:
    """A served board of so many ideas, its parts, and a browser to look at it with."""

    parts: Components
    url: str
    browser: Browser

    async def look(self, path: str = "", **how: object) -> tuple[Page, list[str]]:
        """Open a page of it; return it with what the browser complains of."""
        context = await self.browser.new_context(**how)  # type: ignore[arg-type]
        page, complaints = await context.new_page(), list[str]()
        page.on("console", lambda one: complaints.append(one.text))
        page.on("pageerror", lambda one: complaints.append(str(one)))
        await page.goto(self.url + path)
        return page, complaints

    async def add(self, n: int, text: str = "") -> None:
        """Keep another idea; the greater *n*, the older."""
        await add(self.parts, n, text)


async def add(parts: Components, n: int, text: str = "") -> None:
    """Keep an idea of a board."""
    codes = [one.code for one in parts.finder.framework.components]
    draft = Draft(
        text=text or TEXTS[n % 4],
        kind=Kind.IDEA,
        marked=False,
        tags=("reading",),
        components=(codes[n % 7],),
        framework="1",
        resources=(Resource("https://example.org/plan", ResourceKind.LESSON, "A plan"),),
    )
    kept = post(-90_000 * n, author=PEOPLE[n % 4][0])
    await parts.store.add(kept, draft, source=Source.POST, now=T0)


@asynccontextmanager
async def board(folder: Path, ideas: int, sites: tuple[str, ...] = ()) -> AsyncIterator[Board]:
    """A board of *ideas*, by people of several scripts, and a browser."""
    settings = load_settings(
        env_file=None,
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        slack_api_url="http://127.0.0.1:9/api/",
        database_url=f"sqlite:///{folder / 'ideas.db'}",
        port=0,
    )
    async with build(settings) as parts:
        store = parts.store
        channel = ChannelInfo(id="C1", name="leadership", private=False)
        known = await store.remember_channel("T1", channel, now=T0)
        for id_, name, school in PEOPLE:
            await store.remember_member("T1", Person(id=id_, name=name), now=T0)
            profile = Profile(school=school, shown=Shown.NAME if school else None)
            await store.set_profile("T1", id_, profile)
        for n in range(ideas):
            await add(parts, n)
        maker = ShareMaker(
            store=store, framework=parts.desk.framework, base_url="", now=parts.clock
        )
        made = await maker.make(
            known, ShareWish(sites=sites, downloads=True), who="", zone=settings.zone
        )
        async with (
            listen(make_app(partial(answers, parts)), "127.0.0.1", 0) as url,
            browser() as started,
        ):
            yield Board(parts, url + made.address, started)


@pytest.mark.parametrize(("ideas", "pages"), [(0, (PAGES[0], SLIDES[0])), (12, PAGES + SLIDES)])
async def test_nothing_keeps_anybody_out(
    tmp_path: Path, ideas: int, pages: tuple[str, ...]
) -> None:
    """By axe, by WCAG 2.2 AA: every page, light and dark, narrow and wide; nothing overflows."""
    script, found = await axe(), dict[str, object]()
    async with board(tmp_path, ideas) as shown:
        for path in pages:
            for width, scheme in ((320, "light"), (1280, "dark")):
                size = {"width": width, "height": 900}
                page, _ = await shown.look(path, viewport=size, color_scheme=scheme)
                if wrong := await barriers(page, script):
                    found[f"{path} {width}"] = wrong
    assert {} == found


async def test_search_as_you_type_and_without_scripts(tmp_path: Path) -> None:
    """Both find the same, and the policy stands in the way of neither."""
    async with board(tmp_path, 8) as shown:
        page, complaints = await shown.look()
        await page.fill("input[name=q]", "makerspa")
        await page.get_by_text("2 ideas with “makerspa”").wait_for()
        await page.fill("input[name=q]", "makerspace")
        await page.get_by_text("2 ideas with “makerspace”").wait_for()
        assert [] == [one for one in complaints if "404" not in one]
        assert "q=makerspace" in page.url
        plain, _ = await shown.look(java_script_enabled=False)
        await plain.fill("input[name=q]", "makerspace")
        await plain.keyboard.press("Enter")
        await plain.get_by_text("2 ideas with “makerspace”").wait_for()
        style = "getComputedStyle(document.body).backgroundColor"
        assert "rgb(251, 250, 246)" == await page.evaluate(style)


async def test_only_listed_sites_frame_it(tmp_path: Path) -> None:
    """Another origin's page shows the board in a frame if it is listed, and else does not."""

    async def blog(request: web.Request) -> web.Response:
        html = f'<iframe src="{request.query["board"]}"></iframe>'
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", blog)
    async with (
        listen(app, "127.0.0.1", 0) as listed,
        listen(app, "127.0.0.1", 0) as other,
        board(tmp_path, 1, sites=(listed,)) as shown,
    ):
        for site, heading in ((listed, 1), (other, 0)):
            page = await shown.browser.new_page()
            await page.goto(f"{site}/?board={shown.url}", wait_until="networkidle")
            frame = page.frame_locator("iframe")
            assert heading == await frame.get_by_text("Ideas from leadership").count()
