"""A digest as a page of its own: whole, harmless, and readable without anything else."""

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import sandbox
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Captured, Draft, Kind, Source
from bot.core.model.parts import (
    Actions,
    Bar,
    Button,
    Chart,
    Choice,
    Divider,
    Header,
    Message,
    Note,
    Paragraph,
    Quote,
    Run,
    Select,
)
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Place, Post, Text
from handlers.web.preview import page
from handlers.web.signs import signs
from storage import open_store
from tests.browsing import browser
from tests.handlers.slack.test_digest_blocks import edition

VOID = {"meta", "br", "hr", "link"}
HOSTILE = '<script>alert(1)</script> & "quotes" {{ 7 * 7 }}'


class Reader(HTMLParser):
    """What a page holds; fails where a tag is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert [] == self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


def read(messages: Sequence[Message]) -> Reader:
    return Reader(page(messages, about="How it would look."))


@pytest.mark.parametrize("number", [1, 7, 60, 300])
def test_the_page_is_whole_and_needs_nothing_else(number: int) -> None:
    """Every message is an article; no script, no style, image or font is fetched."""
    messages = edition(number)
    seen = read(messages)
    assert len(messages) == sum(tag == "article" for tag, _ in seen.tags)
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in seen.tags}
    html = page(messages, about="x")
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html
    for wanted in ('lang="en"', "prefers-color-scheme: dark", "@media print", "viewport"):
        assert wanted in html
    assert 1 == sum(tag == "h1" for tag, _ in seen.tags)


def test_nothing_anybody_wrote_acts() -> None:
    """Markup is only text, in every part; what is no web address is no link."""
    message = Message(
        "x",
        (
            Header(HOSTILE),
            Paragraph((Run(HOSTILE, bold=True),)),
            Paragraph(
                (
                    Run(HOSTILE, url="javascript:alert(1)"),
                    Run(HOSTILE, url='https://ok.example/"><script>'),
                    Run("broken", url="https://["),
                    Run(HOSTILE, code=True),
                    Run(HOSTILE, italic=True),
                ),
                Button(HOSTILE, Action(Act.SHARE)),
            ),
            Quote(HOSTILE),
            Note((Run(HOSTILE),)),
            Divider(),
            Actions(
                (
                    Button(HOSTILE, Action(Act.SHARE), primary=True),
                    Select(HOSTILE, Act.COMPONENT, (Choice("1", "One"),)),
                )
            ),
            Chart(HOSTILE, (Bar(HOSTILE, 3, "#123456"), Bar("None", 0))),
        ),
    )
    seen = read([message])
    assert not any(tag == "script" for tag, _ in seen.tags)
    assert ['https://ok.example/"><script>'] == [
        given["href"] for tag, given in seen.tags if tag == "a"
    ]
    assert 11 == seen.text.count(HOSTILE)
    assert "49" not in seen.text


def test_a_chart_is_a_table_that_can_be_read_aloud() -> None:
    """Each row has a heading and a number; the bar itself is hidden from screen readers."""
    seen = read([Message("x", (Chart("About", (Bar("Reading", 1_200), Bar("Money", 3))),))])
    assert 2 == sum(tag == "th" and given.get("scope") == "row" for tag, given in seen.tags)
    assert all(given["aria-hidden"] == "true" for tag, given in seen.tags if tag == "i")
    assert re.search(r"Reading\s*1,200", seen.text)


def test_what_cannot_be_pressed_is_not_shown() -> None:
    """Buttons and menus stand in the channel alone: on a page they would be dead."""
    message = Message(
        "x",
        (
            Header("Ideas"),
            Paragraph((Run("words"),), Button("I tried this", Action(Act.SHARE))),
            Actions((Button("Share", Action(Act.SHARE)), Select("Part", Act.COMPONENT, ()))),
        ),
    )
    seen = read([message])
    assert ["Ideas", "words"] == seen.text.replace("How it would look.", "").split()[1:]
    for text in ("I tried this", "See all", "Share an idea"):
        assert text not in read(edition(12)).text


def test_emoji_are_shown_by_their_signs() -> None:
    """What people type by name is a sign, with its shade; what nobody knows stays as typed."""
    text = "Done :tada: :+1::skin-tone-4: at 10:30:15, :our_owl: :books:"
    seen = read([Message("x", (Paragraph((Run(text), Run(" :tada:", code=True))), Quote(":x:")))])
    assert "Done 🎉 👍🏽 at 10:30:15, :our_owl: 📚 :tada:" in seen.text
    assert "❌" in seen.text


def test_signs_are_those_of_the_practice_room() -> None:
    """Every emoji that the practice Slack draws is drawn alike on the page."""
    script = Path(sandbox.__file__).with_name("static").joinpath("emoji.js").read_text("utf-8")
    known = re.findall(r'"?([a-z0-9_+-]+)"?: "([^"a-z]+)"', script)
    assert len(known) > 150
    assert [] == [
        (name, sign, signs(f":{name}:"))
        for name, sign in known
        if sign.rstrip("\ufe0f") != signs(f":{name}:").rstrip("\ufe0f")
    ]


@pytest.mark.parametrize("paper", ["Letter", "A4"])
async def test_ten_ideas_are_printed_on_one_sheet(paper: str) -> None:
    """A digest of ten ideas, with all that stands around them, needs no second page."""
    async with browser() as started:
        sheet = await started.new_page()
        await sheet.set_content(page(edition(10), about="The digest of #ideas."))
        printed = await sheet.pdf(format=paper)
    assert 1 == len(re.findall(rb"/Type\s*/Page\b", printed))


def test_an_empty_chart_is_an_empty_table() -> None:
    """Nothing to count, nothing to divide by."""
    assert "About" in read([Message("x", (Chart("About", ()),))]).text


def test_a_page_without_a_title_has_one_all_the_same() -> None:
    """A browser's tab says what it is."""
    assert "<title>A digest</title>" in page([Message("x", (Note((Run("y"),)),))], about="z")


# -- the command ------------------------------------------------------------------------------

COMMONPLACE = Path(sys.executable).with_name("commonplace")
NOON = datetime(2026, 11, 25, 18, tzinfo=UTC)


async def filled(path: Path, ideas: int) -> None:
    """A database with a channel and so many ideas in it."""
    store = open_store(f"sqlite:///{path}")
    try:
        await store.remember_workspace(Workspace(id="T1", bot_user_id="UBOT", bot_id="BBOT"))
        info = ChannelInfo(id="C1", name="ideas", private=False)
        await store.remember_channel("T1", info, now=NOON)
        await store.remember_member("T1", Person(id="UA", name="Ana <b>Ruiz"), now=NOON)
        for n in range(ideas):
            at = NOON + timedelta(seconds=n)
            place = Place("T1", "C1", f"{at.timestamp():.6f}")
            words = f"Idea {n}: we planned & taught it together"
            post = Post(place=place, posted_at=at, author_id="UA", body=(Text(words),))
            draft = Draft(text=words, kind=Kind.IDEA, marked=False, components=("PART",))
            kept = await store.add(post, draft, source=Source.POST, now=at)
            assert isinstance(kept, Captured)
    finally:
        await store.close()


def preview(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMONPLACE, "digest", "--channel", "ideas", "--at", "2026-11-27T15:00", *more],
        cwd=tmp_path,
        env={"DATABASE_URL": f"sqlite:///{tmp_path / 'ideas.db'}", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_the_command_writes_the_page(tmp_path: Path) -> None:
    """All parts of the digest stand in one file, without Slack and without posting."""
    await filled(tmp_path / "ideas.db", 60)
    done = preview(tmp_path, "--preview-html", "digest.html")
    assert (0, "") == (done.returncode, done.stdout)
    assert "Written to digest.html" in done.stderr
    html = (tmp_path / "digest.html").read_text("utf-8")
    seen = Reader(html)
    about = (
        "The digest of #ideas as it would be posted on Fri Nov 27, 2026, 3:00 PM (America/Chicago)."
    )
    assert about in seen.text
    assert "Ana <b>Ruiz" in seen.text
    assert all(f"Idea {n}: we planned & taught" in seen.text for n in range(60))
    printed = preview(tmp_path)
    assert "More ideas (1 of" in printed.stdout


async def test_without_ideas_no_page_is_written(tmp_path: Path) -> None:
    """It says so, and is no error."""
    await filled(tmp_path / "ideas.db", 0)
    done = preview(tmp_path, "--preview-html", "digest.html")
    assert 0 == done.returncode
    assert "nothing to post" in done.stderr
    assert not (tmp_path / "digest.html").exists()


async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The words say which file and why; nothing half is left."""
    await filled(tmp_path / "ideas.db", 1)
    done = preview(tmp_path, "--preview-html", "no/such/folder/digest.html")
    assert 1 == done.returncode
    assert "no/such/folder/digest.html cannot be written" in done.stderr


async def test_looking_and_posting_are_two_things(tmp_path: Path) -> None:
    """Both at once is refused, before anything is posted."""
    done = preview(tmp_path, "--preview-html", "digest.html", "--post")
    assert 2 == done.returncode
    assert "choose one" in done.stderr
