"""`commonplace report` as an operator runs it: real processes, their files and exit status."""

import csv
import io
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.model.ideas import Captured, Draft, Kind, Source, Trial, TrialOutcome
from bot.core.model.people import ChannelInfo, Person, Profile, Shown, Workspace
from bot.core.model.posts import Place, Post, Text
from storage import open_store
from tests.browsing import CHROMIUM
from tests.processes import Done, commonplace, names_in

NOON = datetime(2026, 11, 25, 18, tzinfo=UTC)
TEXT = "We planned a unit on sources with the science team, and 9 of 10 classes finished it."


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with a database in it: two people, two channels, three ideas, one trial."""
    store = open_store(f"sqlite:///{tmp_path / 'ideas.db'}")
    await store.remember_workspace(Workspace(id="T1", name="Four Rivers", bot_user_id="UBOT"))
    for ident, name in (("C1", "ideas"), ("C2", "reading")):
        info = ChannelInfo(id=ident, name=name, private=False)
        await store.remember_channel("T1", info, now=NOON)
    for ident, name, school, shown in (
        ("UA", "Ana Ruiz", "Prairie Elementary", Shown.NAME),
        ("UB", "Ben Okafor", "Lincoln High", None),
    ):
        await store.remember_member("T1", Person(id=ident, name=name), now=NOON)
        await store.set_profile("T1", ident, Profile(school=school, shown=shown))
    for n, (who, where) in enumerate((("UA", "C1"), ("UA", "C2"), ("UB", "C1"))):
        at = NOON + timedelta(days=n)
        place = Place("T1", where, f"{at.timestamp():.6f}")
        post = Post(place=place, posted_at=at, author_id=who, body=(Text(TEXT),))
        draft = Draft(text=TEXT, kind=Kind.IDEA, marked=False, components=("PART",))
        kept = await store.add(post, draft, source=Source.POST, now=at)
        assert isinstance(kept, Captured)
        if not n:
            trial = Trial(
                workspace="T1",
                idea_id=kept.id,
                member_id="UB",
                came=TrialOutcome.WORKED,
                tried_at=at,
            )
            await store.add_trial(trial)
    await store.close()
    return tmp_path


async def report(folder: Path, *words: str, **settings: str) -> Done:
    """Run the command on the folder's database."""
    given = {"DATABASE_URL": f"sqlite:///{folder / 'ideas.db'}", **settings}
    return await commonplace("report", *words, settings=given, folder=folder)


async def test_the_page_goes_to_standard_output_or_a_file(folder: Path) -> None:
    """HTML unless something else is asked for; the file is for its owner's eyes alone."""
    shown = await report(folder)
    assert (0, "") == (shown.status, shown.err)
    assert "<!doctype html>" in shown.out
    assert "Four Rivers" in shown.out
    assert "2 school librarians at 2 schools shared 3 ideas." in shown.out
    done = await report(folder, "--output", "page.html")
    assert (0, "", "Written to page.html\n") == (done.status, done.out, done.err)
    assert 0o600 == (folder / "page.html").stat().st_mode & 0o777


async def test_markdown(folder: Path) -> None:
    """Ready to be pasted; people are named as they chose."""
    done = await report(folder, "--format", "md")
    assert done.out.startswith("# Four Rivers\n")
    assert "Ana Ruiz, Prairie Elementary" in done.out
    assert "Ben" not in done.out
    assert "a school librarian" in done.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--channel", "#reading"), "# Four Rivers\n\nNovember 26, 2026, #reading\n"),
        (("--since", "2026-11-27"), "# Four Rivers\n\nNovember 27, 2026\n"),
        (("--until", "2026-11-25"), "# Four Rivers\n\nNovember 25, 2026\n"),
        (("--school", "lincoln high"), "# Lincoln High\n\nNovember 25 to 27, 2026, Four Rivers\n"),
        (("--author", "Ana Ruiz"), "# Ana Ruiz, Prairie Elementary\n\nNovember 25 to 26, 2026, "),
        (("--author", "@UB"), "# A school librarian\n\nNovember 25 to 27, 2026, Four Rivers\n"),
    ],
)
async def test_whose_page_it_is(folder: Path, words: tuple[str, ...], told: str) -> None:
    """A network's, a channel's, a school's or a member's, of all days or of some."""
    done = await report(folder, "--format", "md", *words)
    assert (0, "") == (done.status, done.err)
    assert done.out.startswith(told)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("--since", "2026-12-01", "--until", "2026-11-01"), 2, "--since is after --until"),
        (("--channel", "readin"), 2, "reading"),
        (("--author", "Ana Ruis"), 2, "Ana Ruiz"),
        (("--school", "Prairy Elementary"), 2, "Did you mean Prairie Elementary"),
        (("--plan", "--school", "Elsewhere"), 2, "the column school"),
        (("--format", "csv"), 2, "html, md or pdf"),
        (("--plan", "--format", "pdf"), 2, "html, md or csv"),
        (("--output", "no/such/page.html"), 1, "cannot be written"),
    ],
)
async def test_what_is_wrong_is_said(
    folder: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    """In words, with the nearest that would be right; no file is written."""
    done = await report(folder, *words)
    assert (status, "") == (done.status, done.out)
    assert told in done.err
    assert not [name for name in names_in(folder) if name.endswith((".html", ".part"))]


async def test_a_school_without_ideas_in_these_days_is_no_error(folder: Path) -> None:
    """It is known; the page says that nothing was shared."""
    done = await report(folder, "--school", "Lincoln High", "--since", "2027-01-01")
    assert 0 == done.status
    assert "Nothing that fits was shared yet." in done.out


async def test_a_private_channel_is_in_it_only_when_it_is_named(folder: Path) -> None:
    """The page is for people outside; which channels are not in it is said beside it."""
    store = open_store(f"sqlite:///{folder / 'ideas.db'}")
    info = ChannelInfo(id="C1", name="ideas", private=True)
    await store.remember_channel("T1", info, now=NOON)
    await store.close()
    for more in ((), ("--plan",)):
        done = await report(folder, "--format", "md", *more)
        assert "November 26, 2026\n" in done.out
        assert "not in it unless --channel names one: #ideas\n" in done.err
    named = await report(folder, "--format", "md", "--channel", "ideas")
    assert "shared 2 ideas." in named.out
    assert "" == named.err


# -- the plan ---------------------------------------------------------------------------------


async def test_the_plan(folder: Path) -> None:
    """As a page, as Markdown, and as CSV."""
    page = await report(folder, "--plan")
    assert '<h1 dir="auto">Library plan: Four Rivers</h1>' in page.out
    text = await report(folder, "--plan", "--format", "md")
    assert "## Builds Instructional Partnerships\n\n### Current practices\n\n- “We" in text.out
    table = await report(folder, "--plan", "--format", "csv")
    found = list(csv.DictReader(io.StringIO(table.raw.decode("utf-8-sig"), newline="")))
    assert [("current practice", "1"), ("opportunity", "3"), ("opportunity", "2")] == [
        (row["standing"], row["number"]) for row in found
    ]


# -- PDF --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
async def test_a_pdf_is_one_sheet(folder: Path, paper: str, size: tuple[int, int]) -> None:
    """Of the paper asked for; nothing of the printing stays behind."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    words = ("--format", "pdf", "--paper", paper, "--output", "page.pdf")
    with tempfile.TemporaryDirectory(prefix="x") as aside:  # short: a socket's path goes in there
        done = await report(folder, *words, TMPDIR=aside)
        left = [name for name in names_in(Path(aside)) if name.startswith("commonplace")]
    assert (0, "Written to page.pdf\n") == (done.status, done.err)
    pdf = (folder / "page.pdf").read_bytes()
    assert 1 == len(re.findall(rb"/Type\s*/Page\b", pdf))
    box = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box is not None
    assert size == (round(float(box[1])), round(float(box[2])))
    assert [] == left


async def test_without_chromium_it_says_what_can_be_done(folder: Path) -> None:
    """Before anything is read or written."""
    done = await report(folder, "--format", "pdf", "--output", "page.pdf", CHROMIUM="/no/such")
    assert 1 == done.status
    assert "CHROMIUM names /no/such, and there is none" in done.err
    assert "--format html" in done.err
    none = await report(folder, "--format", "pdf", "--output", "page.pdf", CHROMIUM="", PATH="")
    assert "no Chromium is installed" in none.err
    assert not (folder / "page.pdf").exists()


async def test_a_chromium_that_fails_is_told(folder: Path) -> None:
    """With its last line. It is told none of our settings."""
    fake = folder / "chromium"
    fake.write_text('#!/bin/sh\necho "out of paper$DATABASE_URL" >&2\n')
    fake.chmod(0o755)
    done = await report(folder, "--format", "pdf", "--output", "page.pdf", CHROMIUM=str(fake))
    assert 1 == done.status
    assert "printed nothing: out of paper\n" in done.err
    fake.write_text("#!/bin/sh\nexit 1\n")
    done = await report(folder, "--format", "pdf", "--output", "page.pdf", CHROMIUM=str(fake))
    assert "it said nothing" in done.err
