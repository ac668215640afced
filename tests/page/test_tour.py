"""The two-minute tour in a real browser, against what `make sandbox` starts."""

import asyncio
import base64
import csv
import io
import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import FilePayload, Page, Route, expect

from tests.page.acting import places, say, start

# Two points wide, one high.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGM4EaChEXACAAjHAoFEgCm0AAAAAElF"
    "TkSuQmCC"
)

pytestmark = pytest.mark.browser


async def test_the_tour_in_two_minutes(page: Page) -> None:
    """A newcomer posts, finds, opens the form, looks ahead as Joan, sees the digest, answers."""
    await expect(page.get_by_text("This is not Slack")).to_be_visible()
    await say(page, "The science teacher and I co-plan each research unit #coplanning")
    log = page.get_by_role("log").first
    mine = log.get_by_role("article").filter(has_text="co-plan each research unit").first
    await expect(mine.get_by_role("button", name=re.compile("bulb"))).to_be_visible()

    await say(page, "/ideas search coplanning")
    await expect(log.get_by_text("Only visible to you").last).to_be_visible()
    await expect(log.get_by_text("#coplanning").last).to_be_visible()

    await say(page, "/idea")
    form = page.get_by_role("dialog", name="Share an idea")
    await form.get_by_role("textbox", name="Your idea").fill("Book tasting with the math teachers")
    await form.get_by_role("button", name="Share").click()
    await expect(form).to_be_hidden()
    await expect(log.get_by_text(re.compile("Rosa Alvarez.* shared an idea"))).to_be_visible()

    await start(page, "Open the Home")
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home.get_by_text("Your desk")).to_be_visible()
    await expect(home.get_by_text(re.compile("You have shared 6 ideas"))).to_be_visible()

    await start(page, "Act as Joan, Friday 2 PM")
    await expect(log.get_by_role("button", name="Look at it").first).to_be_visible()
    await expect(page.locator(".guide-count")).to_have_text("4 of 11")
    await log.get_by_role("button", name="Look at it").first.click()
    await expect(log.get_by_role("button", name="Skip this week")).to_be_visible()
    await expect(page.locator(".guide-count")).to_have_text("5 of 11")
    await say(page, "list #coplanning")
    await expect(log.get_by_text(re.compile("Ideas.*#coplanning")).last).to_be_visible()

    await page.locator("#jump-friday").click()
    await expect(log.get_by_text(re.compile("Ideas from "))).to_be_visible()
    await expect(log.get_by_text("Asked, and not answered yet")).to_be_visible()
    # The other channels have their digests too: until then a second jump is not taken.
    await expect(page.locator("#jump-monday")).not_to_have_attribute("aria-busy", "true")
    await page.locator("#jump-monday").click()
    await expect(log.get_by_text("This week’s question").first).to_be_visible()

    await start(page, "Open its thread, with an answer to send")
    reply = page.locator("#thread").get_by_role("textbox")
    await expect(reply).to_have_value(re.compile("^I began small"))
    await page.get_by_role("button", name="Close the thread").click()
    question = log.get_by_role("article").filter(has_text="This week’s question").last
    await question.hover()
    await question.get_by_role("button", name=re.compile("thread", re.IGNORECASE)).first.click()
    await reply.press("Enter")
    thread = page.get_by_role("log").last
    answer = thread.get_by_role("article").filter(has_text="I began small").last
    await expect(answer.get_by_role("button", name=re.compile("bulb"))).to_be_visible()


async def test_the_csv_is_downloaded(page: Page) -> None:
    """`/ideas export` puts a CSV file into the direct message, and it opens as one.

    Its first lines are brought into view, also in a low window.
    """
    width = await page.evaluate("innerWidth")
    await page.set_viewport_size({"width": width, "height": 520})
    await say(page, "/ideas export")
    await expect(page.get_by_text("I am making a CSV file")).to_be_visible()
    await (await places(page)).get_by_role("button", name=re.compile("^Commonplace")).click()
    await page.get_by_text("Look inside").click()
    inside = page.get_by_role("region", name=re.compile("^First lines of .*csv$"))
    await expect(inside.get_by_role("row").last).to_be_in_viewport()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=re.compile("Download", re.IGNORECASE)).first.click()
    path = await (await coming.value).path()
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert 14 <= len(rows)
    assert "number" in rows[0]
    assert all(row["author"].endswith("(sample)") for row in rows)


async def test_starting_afresh_forgets_what_was_posted(page: Page) -> None:
    """*Start afresh* brings the samples back and nothing else."""
    await say(page, "Something that is only for this afternoon and not for longer")
    log = page.get_by_role("log").first
    await expect(log.get_by_text("only for this afternoon")).to_be_visible()
    await page.get_by_role("button", name=re.compile("Start afresh")).click()
    await page.get_by_role("dialog").get_by_role("button", name=re.compile("afresh")).click()
    await expect(log.get_by_text("only for this afternoon")).to_be_hidden()
    # The samples come back one by one: what is typed before the last of them is forgotten as well.
    await expect(page.locator("#afresh")).not_to_have_attribute("aria-busy", "true")
    await say(page, "/ideas search afternoon")
    await expect(page.get_by_text("nothing yet that you can see").last).to_be_visible()


FOCUSED = """() => {
  const at = document.activeElement;
  return [at.closest("#composer, article, .log")?.id ?? "", at.tagName, at.textContent].join(" ");
}"""


async def test_the_message_box_is_few_stops_away(page: Page) -> None:
    """Tab reaches the box in five at most; the messages are one stop, and arrows go into them."""
    log = page.get_by_role("log").first
    await expect(log.get_by_role("article").last).to_be_visible()
    for _ in range(5):
        await page.keyboard.press("Tab")
        if "composer TEXTAREA" in await page.evaluate(FOCUSED):
            break
    await expect(page.locator("#composer").get_by_role("textbox")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(log).to_be_focused()
    await page.keyboard.press("ArrowUp")
    last = log.get_by_role("article").last
    await expect(last).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(last.locator("button, a").first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(log.get_by_role("article").nth(-2)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(log).to_be_focused()


async def test_what_waits_for_the_coordinator_is_seen(page: Page) -> None:
    """Her name says how much the bot told her alone, and so does the place where it stands."""
    await page.locator("#jump-friday").click()
    await expect(page.get_by_text("Joan Halvorsen has a message.")).to_be_visible()
    nav = await places(page)
    await expect(nav.get_by_role("radio", name=re.compile("Joan.* 1 new$"))).to_be_visible()
    await expect(nav.get_by_role("radio", name=re.compile(" new$"))).to_have_count(1)
    await page.reload()
    nav = await places(page)
    await nav.get_by_text("Joan Halvorsen").click()
    nav = await places(page)
    desk = nav.get_by_role("button", name=re.compile("^Commonplace.*1 new$"))
    badge = await desk.locator(".badge").bounding_box()
    assert badge is not None
    assert badge["height"] < badge["width"]
    await desk.click()
    await expect(page.get_by_text("go out within the hour")).to_be_visible()
    nav = await places(page)
    await expect(nav.get_by_role("radio", name=re.compile(" new$"))).to_have_count(0)


async def test_a_picked_name_stands_once(page: Page) -> None:
    """However much of it is typed, before or behind the caret: it becomes the name as a whole."""
    box = page.locator("#composer").get_by_role("textbox")
    for before, behind in (("@be", ""), ("@Ben Whi", "taker (sample)"), ("@ben", " Whitaker")):
        await box.fill(behind)
        await box.press("Home")
        await box.press_sequentially(before)
        await box.press("Tab")
        await expect(box).to_have_value("@Ben Whitaker (sample) ")
    await page.keyboard.insert_text("lent us the tables for our reading corner")
    await box.press("Enter")
    mine = page.get_by_role("log").first.get_by_role("article").filter(has_text="lent us").first
    await expect(mine.locator(".mrkdwn")).to_have_text(
        "@Ben Whitaker (sample) lent us the tables for our reading corner"
    )
    await expect(mine.locator(".mention")).to_have_text("@Ben Whitaker (sample)")


BRING = """([way, name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/png" }));
  const on = document.querySelector(way === "paste" ? "#composer textarea" : "#log");
  const more = way === "paste" ? { clipboardData: data } : { dataTransfer: data };
  const kind = way === "paste" ? ClipboardEvent : DragEvent;
  on.dispatchEvent(new kind(way, { bubbles: true, cancelable: true, ...more }));
}"""


async def test_a_photo_is_posted_and_kept(page: Page) -> None:
    """Chosen, dropped or pasted: it is shown before it goes, stands in the channel, and is kept."""
    log = page.get_by_role("log").first
    waiting = page.get_by_role("list", name="Goes with the message")
    names = {way: f"corner-{way}.png" for way in ("choose", "drop", "paste")}
    for way, name in names.items():
        if way == "choose":
            photo = FilePayload(name=name, mimeType="image/png", buffer=PICTURE)
            await page.locator("#composer input[type=file]").set_input_files([photo])
        else:
            await page.evaluate(BRING, [way, name, base64.b64encode(PICTURE).decode()])
        await expect(waiting.get_by_role("button", name=f"Take {name} away")).to_be_visible()
        await page.locator("#composer").get_by_role("button", name="Send").click()
        await expect(waiting).to_be_hidden()
        shown = page.get_by_role("img", name=f"Photo: {name}")
        await expect(shown).to_be_visible()
        assert 2 == await shown.evaluate("image => image.decode().then(() => image.naturalWidth)")
        mine = log.get_by_role("article").filter(has=shown)
        await expect(mine.get_by_role("button", name=re.compile("bulb"))).to_be_visible()
    await say(page, "/ideas mine")
    answer = log.get_by_role("article").filter(has_text="Only visible to you")
    for name in names.values():
        await expect(answer.get_by_role("link", name=name)).to_be_visible()


async def test_a_photo_chosen_before_the_room_is_drawn_waits_for_it(page: Page) -> None:
    """What somebody does before the page knows who acts is done as whoever that is."""
    drawn = asyncio.Event()

    async def hold(route: Route) -> None:
        await drawn.wait()
        await route.continue_()

    await page.route("**/sandbox/state*", hold)
    await page.evaluate("sessionStorage.clear()")
    await page.reload()
    photo = FilePayload(name="early.png", mimeType="image/png", buffer=PICTURE)
    async with page.expect_request("**/sandbox/file*") as put:
        await page.locator("#composer input[type=file]").set_input_files([photo])
        drawn.set()
    answer = await (await put.value).response()
    assert answer is not None
    assert (await answer.json())["ok"]
    await expect(page.get_by_role("button", name="Take early.png away")).to_be_visible()


async def test_a_photo_that_is_not_wanted_is_taken_away(page: Page) -> None:
    """What is taken away does not go with the message."""
    photo = FilePayload(name="mistake.png", mimeType="image/png", buffer=PICTURE)
    await page.locator("#composer input[type=file]").set_input_files([photo])
    await page.get_by_role("button", name="Take mistake.png away").click()
    await say(page, "The reading corner is ready, and I forgot to take a picture")
    log = page.get_by_role("log").first
    await expect(log.get_by_text("forgot to take a picture").first).to_be_visible()
    await expect(page.get_by_text("mistake.png")).to_have_count(0)


async def test_on_the_way_to_friday_the_coordinator_is_shown_the_digest(address: str) -> None:
    """The jump stops an hour before: in her direct messages stands what is about to be posted."""
    async with aiohttp.ClientSession(address) as session:

        async def state() -> dict[str, Any]:
            async with session.get("/sandbox/state", params={"as": joan}) as answer:
                return dict(await answer.json())

        joan = ""
        joan = next(one["id"] for one in (await state())["members"] if "Joan" in one["name"])
        wanted = {"as": joan, "do": "jump", "to": "friday"}
        async with session.post("/sandbox/act", json=wanted) as answer:
            assert (await answer.json())["ok"]
        seen = await state()
        (desk,) = (one["id"] for one in seen["channels"] if one["is_im"])
        told = [one["text"] for one in seen["messages"][desk]]
        assert any("#library-leadership on Fri " in one for one in told)
