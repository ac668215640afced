"""`commonplace import`: what comes in of a board's files and of our own, and what is said."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import CommonplaceError, SettingsError, StoreError
from bot.core.model.ideas import Withdrawal
from bot.core.model.imports import NO_CSV, BadRow, ImportStats
from bot.core.model.people import Keep, Licence, Person, Profile
from bot.imported import Report
from storage import Store
from tests.importing import SAMPLES, Network
from tests.processes import commonplace, names_in
from tests.storage.making import keep, post
from tests.workbooks import workbook, zipped

ANA = Person(id="U1", name="Ana Ruiz", title="Teacher librarian")
BOARD = SAMPLES / "padlet.csv"


@pytest.fixture
async def network(tmp_path: Path) -> Network:
    made = Network(tmp_path)
    await made.found(ANA)
    return made


async def test_a_board_comes_in_with_authors_and_days(network: Network) -> None:
    """A board's posts are ideas with their author, day, link, part of the framework and likes."""
    stats, _ = await network.bring(BOARD)
    first, *others = await network.rows()
    assert (4, 2, 3) == (stats.new, stats.bad, stats.unclaimed)
    assert (
        "2024-03-05T14:22:31Z",
        "Ana Ruiz",
        "U1",
        "reading",
        "https://example.org/sample-unit",
        4,
        "import",
        "idea",
    ) == tuple(
        first[name]
        for name in (
            "posted_at",
            "author",
            "author_id",
            "channel",
            "resources",
            "reactions",
            "source",
            "kind",
        )
    )
    assert first["components"].startswith("PART")
    assert first["text"].startswith("Sample: planning with science\nThe science teacher")
    assert ["Kim", "", "Lena Vogt"] == [one["author"] for one in others]
    assert ["", "", ""] == [one["author_id"] for one in others]
    assert ["idea", "question", "idea"] == [one["kind"] for one in others]


async def test_a_bad_row_is_told_with_its_line(network: Network) -> None:
    """A row that cannot be read is told with line and reason, and so are columns not read."""
    _, told = await network.bring(BOARD)
    assert [
        "These columns were not read: Color.",
        "line 7: it has no day",
        "line 8: there is nothing in it",
    ] == told.said


async def test_twice_is_once(network: Network) -> None:
    """What was brought in is known the second time, from another form of the board too."""
    await network.bring(BOARD)
    before = await network.rows()
    again, _ = await network.bring(BOARD)
    feed, _ = await network.bring(SAMPLES / "padlet.rss")
    assert (0, 4) == (again.new, again.known)
    assert (1, 1) == (feed.new, feed.known)
    assert before == [one for one in await network.rows() if "therapy" not in one["text"]]


async def test_a_dry_run_stores_nothing(network: Network) -> None:
    """A dry run tells what would come and changes nothing."""
    stats, told = await network.bring(BOARD, dry=True)
    assert (4, 4) == (stats.new, len(told.came))
    assert [] == await network.rows()


async def test_a_dry_run_needs_a_database_and_makes_none(tmp_path: Path) -> None:
    """A dry run where there is no database says so, and makes none."""
    with pytest.raises(StoreError):
        await Network(tmp_path).bring(BOARD, dry=True)
    assert [] == names_in(tmp_path)


async def test_nothing_follows_an_import(network: Network) -> None:
    """An import queues no mark, note, welcome or look-up, and counts as digested."""
    await network.bring(BOARD)
    assert [] == network.cells("select effect from outbox")
    assert [("import",)] == network.cells("select distinct digested from idea")
    assert [(0,)] == network.cells("select max(greeted) from member")


async def test_a_board_in_spanish(network: Network) -> None:
    """Headers of other languages, semicolons and days before months are understood."""
    stats, told = await network.bring(SAMPLES / "padlet_es.csv")
    (row,) = await network.rows()
    assert 1 == stats.new
    assert "2024-03-05T20:22:00Z" == row["posted_at"]  # 14:22 in COMMONPLACE_TIMEZONE
    assert "Marisol Peña" == row["author"]
    assert ["These columns were not read: Etiqueta rara."] == told.said


async def test_a_workbook(network: Network) -> None:
    """A board's workbook is read like its CSV: days as numbers, rows above its headers."""
    rows: list[list[Any]] = [
        ["Sample board"],
        [],
        ["Subject", "Body", "Author", "Created at", "Likes"],
        ["Sample", "We read to dogs & cats", "Kim", 45356.5993171296, 3],
        ["", "No day here", "Kim", ""],
    ]
    stats, told = await network.bring(network.write("board.xlsx", workbook(rows)))
    (row,) = await network.rows()
    assert (1, ["row 5: it has no day"]) == (stats.new, told.said)
    assert ("2024-03-05T20:23:01Z", 3) == (row["posted_at"], row["reactions"])
    assert "Sample\nWe read to dogs & cats" == row["text"]


async def test_the_archive_in_which_a_board_comes(network: Network) -> None:
    """A board's CSV in an archive is read where it lies."""
    packed = zipped({"board/posts.csv": BOARD.read_bytes(), "../evil.txt": "no"})
    stats, _ = await network.bring(network.write("board.zip", packed))
    assert 4 == stats.new
    assert not (network.folder.parent / "evil.txt").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.zip", b"PK\x03\x04 and then nothing", "damaged"),
        ("b.zip", zipped({"readme.txt": "hello"}), "b.zip cannot be read. These can be read"),
        ("b.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "b.png cannot be read. These can be read"),
        ("c.csv", b"Subject,Body,Author,Created at\n\xff\xfe\xfd,x,y,z\n", "UTF-8"),
        ("d.rss", b"<rss><channel><item></channel></rss>", "broken"),
        ("e.rss", b'<!DOCTYPE r [<!ENTITY a "b">]><rss><item/></rss>', "document type"),
        ("f.xlsx", workbook([["Subject"]], head="<!DOCTYPE x>"), "document type"),
        ("g.zip", zipped({"posts.csv": b"\0" * (65 << 20)}), "larger than 64 MiB"),
    ],
)
async def test_a_file_that_is_nothing(
    network: Network, name: str, content: bytes, words: str
) -> None:
    """A damaged, foreign or hostile file is told in words; the other files come in."""
    bad = network.write(name, content)
    (outcome, other), _ = await network.outcomes(bad, BOARD)
    assert isinstance(outcome, CommonplaceError)
    assert words in str(outcome)
    assert not isinstance(other, CommonplaceError)
    assert 4 == other.new


@pytest.mark.parametrize("content", ["", "a,b,c\n1,2,3\n", "hello\n", "Subject,Body\nx,y\n"])
async def test_a_csv_of_something_else(network: Network, content: str) -> None:
    """A CSV without a board's columns brings nothing, and what it begins with is said."""
    stats, told = await network.bring(network.write("x.csv", content))
    assert (0, 1) == (stats.new, stats.bad)
    assert "no columns of a Padlet export" in told.said[0]


async def test_a_quote_that_never_ends_costs_its_rows_alone(network: Network) -> None:
    """A row that breaks the rules of CSV is told; rows before it come in."""
    head = "Subject,Body,Author,Created at\n"
    good = "Sample,We read to dogs,Kim,2024-03-05\n"
    stats, told = await network.bring(network.write("x.csv", f'{head}{good}"never,ends\n'))
    assert (1, 1) == (stats.new, stats.bad)
    assert [f"line 3: {NO_CSV}"] == told.said


async def test_a_member_who_wants_nothing_kept(network: Network) -> None:
    """A post of somebody who wants nothing kept does not come in."""
    wish = Profile(keep=Keep.NOTHING)
    await network.with_store(lambda store: store.set_profile("T1", "U1", wish))
    own = network.write("own.csv", _own(author="Ana Ruiz", author_id="U1", workspace="Lincoln"))
    stats, _ = await network.bring(own)
    assert {"opted out": 1} == dict(stats.left)


async def test_a_first_name_is_not_enough(network: Network) -> None:
    """Who is called Ana on a board may be any Ana: the idea stays unclaimed."""
    content = "Body,Author,Created at\nWe read to dogs,Ana,2024-03-05\n"
    stats, _ = await network.bring(network.write("x.csv", content))
    assert 1 == stats.unclaimed


async def test_thousands_of_one_minute(network: Network) -> None:
    """Posts that a board was copied with share an instant, and all come in."""
    rows = "".join(f"We read to dog number {n},Kim,2024-03-05 10:00\n" for n in range(1500))
    stats, told = await network.bring(network.write("x.csv", f"Body,Author,Created at\n{rows}"))
    assert 1500 == stats.new == len(await network.rows())
    assert 1.0 == told.bars[-1]


async def test_a_stopped_import_goes_on(network: Network) -> None:
    """What was kept before an import stopped is known to the next run, which brings the rest."""
    head, row = "Body,Author,Created at\n", "We read to dog number {},Kim,2024-03-05 10:00\n"
    half = network.write("half.csv", head + "".join(map(row.format, range(700))))
    # Stopped in the middle of a row, as a copy that broke off is.
    half.write_bytes(half.read_bytes()[:-20])
    whole = network.write("whole.csv", head + "".join(map(row.format, range(1200))))
    first, _ = await network.bring(half)
    stats, _ = await network.bring(whole)
    assert (699, 699, 501) == (first.new, stats.known, stats.new)


# -- our own files ----------------------------------------------------------------------------


def _own(**cells: str) -> str:
    given = {
        "number": "7",
        "posted_at": "2025-01-07T10:00:00Z",
        "author": "Ben Okafor",
        "author_id": "",
        "channel": "reading",
        "text": "Sample: we open at lunch",
        "kind": "idea",
        "workspace": "",
    } | cells
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, given)
    writer.writeheader()
    writer.writerow(given)
    return out.getvalue()


async def _fill(store: Store) -> None:
    await store.set_profile("T1", "U3", Profile(licence=Licence.BY_NC))
    await keep(store, 0, "'=1+1 is how we begin; -2 is how we end", tags=("math", "lunch"))
    await keep(store, 1, "=SUM of what we read\nand more", author="U2", channel="C2")
    await keep(store, 2, "How do you weed?", asks=True, author="U3", components=("LIT",))
    await store.add_reply(post(0).place, post(9).place, "U2")
    await store.remember_member("T1", Person(id="U3", name="-Cy; O'Neil"), now=post(0).posted_at)


@pytest.mark.parametrize("style", ["csv", "json"])
async def test_an_export_brought_back_changes_nothing(network: Network, style: str) -> None:
    """Our own file in the database that it is from: everything is known, nothing changes."""
    await network.with_store(_fill)
    before = await network.exported(style)
    stats, _ = await network.bring(network.folder / f"own.{style}")
    assert (0, 2) == (stats.new, stats.known)
    assert before == await network.exported(style)


@pytest.mark.parametrize("style", ["csv", "json"])
async def test_an_export_fills_an_empty_database(
    network: Network, tmp_path_factory: pytest.TempPathFactory, style: str
) -> None:
    """Our own file in a new database gives the same rows, but for how they came in."""
    await network.with_store(_fill)
    await network.exported(style)
    other = Network(tmp_path_factory.mktemp("other"))
    await other.found(ANA)
    for channel in ("reading", "general"):
        await other.bring(network.folder / f"own.{style}", channel=channel)
    wanted = [one | {"source": "import"} for one in await network.rows()]
    # Numbers are given in the order in which ideas come in: here channel by channel.
    renumbered = [one | {"number": 0} for one in await other.rows()]
    assert [one | {"number": 0} for one in wanted] == renumbered


async def test_a_copy_keeps_its_numbers(network: Network) -> None:
    """In a database that holds nothing else, ideas keep the numbers of the file, gaps included."""
    stats, _ = await network.bring(network.write("x.csv", _own()))
    (row,) = await network.rows()
    assert (1, 7) == (stats.new, row["number"])
    await network.bring(network.write("y.csv", _own(number="3", text="Sample: another one")))
    assert {7, 8} == {one["number"] for one in await network.rows()}


async def test_numbers_go_on_where_there_are_ideas(network: Network) -> None:
    """Where ideas are kept already, what comes in gets the next numbers."""
    await network.with_store(_fill)
    await network.bring(network.write("x.csv", _own()))
    assert {1, 2, 3, 4} == {one["number"] for one in await network.rows()}


async def test_rows_of_other_channels_are_told(network: Network) -> None:
    """Rows of other channels stay out and are told; `--from` names the one that is wanted."""
    own = network.write("x.csv", _own(channel="elsewhere"))
    none, told = await network.bring(own)
    stats, _ = await network.bring(own, source="elsewhere")
    assert (0, 1) == (none.new, stats.new)
    assert "(elsewhere)" in told.said[0]
    assert "--from" in told.said[0]


async def test_what_was_withdrawn_stays_withdrawn(network: Network) -> None:
    """An idea that was withdrawn since its export does not come back with the file."""
    await network.with_store(_fill)
    await network.exported("csv")

    async def withdraw(store: Store) -> None:
        await store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=post(9).posted_at)

    await network.with_store(withdraw)
    stats, _ = await network.bring(network.folder / "own.csv")
    assert {"withdrawn": 1} == dict(stats.left)
    assert "=1+1" not in str(await network.rows())


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"posted_at": "yesterday"}, "posted_at is 'yesterday', which is no instant"),
        ({"posted_at": ""}, "posted_at is empty"),
        ({"kind": "poem"}, "kind is 'poem'; it can be idea, question, post"),
        ({"number": "seven"}, "number is 'seven', which is no number"),
    ],
)
async def test_a_bad_row_of_our_own(network: Network, cells: dict[str, str], why: str) -> None:
    """A row of our own CSV that cannot be read is told with its line and the reason."""
    stats, told = await network.bring(network.write("x.csv", _own(**cells)))
    assert (0, [f"line 2: {why}"]) == (stats.new, told.said)


@pytest.mark.parametrize(
    ("content", "new", "why"),
    [
        ("[]", 0, None),
        ("[ 1 ]", 0, "idea 1 of the file: it is no object"),
        ('{"number": 1}', 0, "idea 1 of the file: the file is no list of ideas"),
        (
            '[ROW,\n{"number": ]',
            1,
            "idea 2 of the file: the file is broken from here on, and the rest was left out",
        ),
        ("[ROW", 1, None),
        (
            "[" * 100_000,
            0,
            "idea 1 of the file: the file is broken from here on, and the rest was left out",
        ),
    ],
)
async def test_json_that_breaks_off(
    network: Network, content: str, new: int, why: str | None
) -> None:
    """Of a JSON file that is broken everything before the break comes in, and the break is told."""
    row = json.dumps(next(csv.DictReader(io.StringIO(_own()))))
    stats, told = await network.bring(network.write("x.json", content.replace("ROW", row)))
    assert new == stats.new
    assert [why] == [one[: len(why)] for one in told.said] if why else [] == told.said


# -- where it comes to, and the command line --------------------------------------------------


async def test_an_unknown_channel_offers_the_nearest(network: Network) -> None:
    """A channel that is not known is told, with the nearest name, and nothing comes in."""
    with pytest.raises(SettingsError, match="reading"):
        await network.bring(BOARD, channel="readin")


async def test_an_unknown_workspace_is_told(network: Network) -> None:
    """A workspace that is not known is told, with those that are."""
    with pytest.raises(SettingsError, match="Lincoln"):
        await network.bring(BOARD, workspace="Lincon")


@pytest.mark.parametrize(
    ("channel", "workspace"), [("C0123456789", ""), ("reading", "T0123456789")]
)
async def test_a_new_database_asks_for_both_ids(
    tmp_path: Path, channel: str, workspace: str
) -> None:
    """Where the bot never was, an import without both ids says which options to give."""
    with pytest.raises(SettingsError, match="--channel C0123456789 --workspace T0123456789"):
        await Network(tmp_path).bring(BOARD, channel=channel, workspace=workspace)


async def test_a_new_database_takes_a_copy(tmp_path: Path) -> None:
    """In a new database authors are known as in the file; those of a second workspace are not."""
    network = Network(tmp_path)
    # A database has several workspaces, and each may have a channel of that name.
    names = ("Lincoln", "Lincoln", "Prairie")
    given = [
        _own(author_id=f"U{n}", workspace=name, text=f"Sample: idea {n}")
        for n, name in enumerate(names)
    ]
    own = network.write(
        "x.csv", given[0] + "".join(one.splitlines(keepends=True)[1] for one in given[1:])
    )
    to = {"channel": "C0123456789", "workspace": "T0123456789", "source": "reading"}
    stats, _ = await network.bring(own, **to)
    assert (3, 1) == (stats.new, stats.unclaimed)
    assert ["U0", "U1", ""] == [row["author_id"] for row in await network.rows()]


@pytest.mark.parametrize(("name", "known"), [("Lincoln", "U7"), ("Prairie", ""), ("", "")])
async def test_ids_are_of_one_workspace(network: Network, name: str, known: str) -> None:
    """Where the workspace's name is known, authors of another one stay unclaimed."""
    await network.bring(network.write("x.csv", _own(author_id="U7", workspace=name)))
    (row,) = await network.rows()
    assert known == row["author_id"]


async def test_the_command_prints_a_table_and_then_what_came(network: Network) -> None:
    """A dry run prints a table; an import says what came; a bad row is on standard error."""
    settings = {"DATABASE_URL": network.url}
    words = ("import", str(BOARD), "--channel", "reading")
    dry = await commonplace(*words, "--dry-run", settings=settings)
    done = await commonplace(*words, settings=settings)
    assert (0, 0) == (dry.status, done.status)
    assert "2024-03-06  Kim                       unclaimed  idea" in dry.out
    assert "4 ideas would come in (3 unclaimed); 2 could not be read." in dry.out
    assert f"{BOARD}: 4 ideas came in (3 unclaimed); 2 could not be read.\n" == done.out
    assert "padlet.csv, line 7: it has no day" in done.err


async def test_a_file_of_something_else_is_an_error_status(network: Network) -> None:
    """Where nothing of a file can be read, the exit status is 1, as for one that is not there."""
    file = network.write("x.csv", "hello\n")
    words = ("import", str(file), "--channel", "reading")
    done = await commonplace(*words, settings={"DATABASE_URL": network.url})
    assert (1, f"{file}: 0 ideas came in; 1 could not be read.\n") == (done.status, done.out)


async def test_an_unreadable_file_is_an_error_status(network: Network) -> None:
    """A file that is not there is told on standard error, and the exit status is 1."""
    settings = {"DATABASE_URL": network.url}
    done = await commonplace("import", "/nowhere.csv", "--channel", "reading", settings=settings)
    assert (1, "/nowhere.csv cannot be read: No such file or directory.\n") == (
        done.status,
        done.err,
    )


def test_a_bar_is_gone_before_anything_else_is_said() -> None:
    """On a terminal the bar's line is emptied before a row that cannot be read is named."""
    said: list[str] = []

    def say(words: str = "", **_: bool) -> None:
        said.append(words)

    report = Report(say, lambda: said.append("(emptied)"), dry=False, bar=True)
    report.progress(BOARD, 0.5, ImportStats(read=2, new=1))
    report.tell(BOARD, BadRow("line 3", "it has no day"))
    assert [
        "[##########..........] padlet.csv: 2 read, 1 new",
        "(emptied)",
        f"{BOARD}, line 3: it has no day",
    ] == said
