"""`commonplace import` of a Slack workspace's export: read by the rules of live posts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import CommonplaceError
from bot.core.model.ideas import Captured, Source
from bot.core.model.people import Keep, Person, Profile
from bot.core.model.posts import Place, Post, Reaction, Text
from storage import Store
from tests.importing import NO_FILES, NOW, Network, slack_export
from tests.storage.making import draft
from tests.workbooks import zipped

TASTING = "1736244000.000200"


@pytest.fixture
async def network(tmp_path: Path) -> Network:
    made = Network(tmp_path)
    await made.found()
    return made


def packed(network: Network, more: Mapping[str, str | bytes] = NO_FILES) -> Path:
    return network.write("export.zip", slack_export(more))


def starts(rows: list[dict[str, Any]]) -> list[str]:
    return [row["text"][:24] for row in rows]


async def test_what_reads_as_an_idea_comes_in(network: Network) -> None:
    """Of a channel's days comes in what would be kept live: no small talk, replies, or apps."""
    stats, told = await network.bring(packed(network))
    assert [
        "Sample: book tasting at ",
        "Sample: I marked this",
        "",  # a file alone, shown by its address
        "@Ben Okafor: Sample: our",
        "How do you weed nonficti",
        "Sample: we lend telescop",
    ] == starts(await network.rows())
    assert (6, [], 1.0) == (stats.new, told.said, told.bars[-1])
    assert {"reply": 2, "short": 1, "crossed": 1, "app": 1} == dict(stats.left)


async def test_an_idea_has_its_place_and_all_that_gathered(network: Network) -> None:
    """An idea has its author, names, credit, link, tag, reactions, replies, edit and address."""
    await network.bring(packed(network))
    row = (await network.rows())[0]
    assert {
        "author": "Ana",
        "author_id": "U1",
        "title": "Teacher librarian",
        "text": "Sample: book tasting at lunch with @Ben Okafor, see our menu "
        "(https://example.org/tasting) #lunch",
        "credits": "Ben Okafor",
        "tags": "lunch",
        "resources": "https://example.org/tasting",
        "reactions": 1,  # the bot, and an author's own mark, do not count
        "replies": 2,
        "edited_at": "2025-01-07T10:01:40Z",
        "permalink": f"https://lincoln.slack.com/archives/C1/p{TASTING.replace('.', '')}",
        "source": "import",
        "channel_id": "C1",
    }.items() <= row.items()


async def test_what_a_forwarded_message_says_is_credited(network: Network) -> None:
    """A forwarded message is its first author's words."""
    await network.bring(packed(network))
    (row,) = [one for one in await network.rows() if "printer" in one["text"]]
    assert ("Ana", "Ben Okafor") == (row["author"], row["credits"])


async def test_no_token_of_a_file_is_kept(network: Network) -> None:
    """The token with which an export lets anybody open a file is in no table."""
    await network.bring(packed(network))
    (row,) = [one for one in await network.rows() if "plan.pdf" in one["resources"]]
    assert "https://files.slack.com/files-pri/T1-F1/plan.pdf" == row["resources"]


async def test_twice_is_once_and_nothing_follows(network: Network) -> None:
    """A second import changes nothing; none queues a job, greets anybody, or makes news."""
    await network.bring(packed(network))
    before = await network.rows()
    stats, _ = await network.bring(packed(network))
    assert (0, 6) == (stats.new, stats.known)
    assert before == await network.rows()
    assert [] == network.cells("select effect from outbox")
    assert [("import",)] == network.cells("select distinct digested from idea")


async def test_a_dry_run_says_the_same_and_stores_nothing(network: Network) -> None:
    """A dry run counts what an import then brings."""
    dry, _ = await network.bring(packed(network), dry=True)
    assert [(0,)] == network.cells("select count(*) from idea")
    assert [(0,)] == network.cells("select count(*) from reply")
    stats, _ = await network.bring(packed(network))
    assert (dry.new, dry.left) == (stats.new, stats.left)


async def test_what_is_kept_live_is_known(network: Network) -> None:
    """A post that the bot kept itself is known; its reactions of today stay, its replies count."""

    async def keep(store: Store) -> None:
        place = Place("T1", "C1", TASTING)
        live = Post(place=place, posted_at=NOW, author_id="U1", body=(Text("x"),))
        kept = await store.add(live, draft("Book tasting"), source=Source.POST, now=NOW)
        assert isinstance(kept, Captured)
        await store.react(Reaction(place, "U9", "tada", "1"), present=True, now=NOW)

    await network.with_store(keep)
    stats, _ = await network.bring(packed(network))
    (row,) = [one for one in await network.rows() if one["number"] == 1]
    # The export has an edit that the bot has missed.
    assert (5, 1, "post", 1, 2) == (
        stats.new,
        stats.changed,
        row["source"],
        row["reactions"],
        row["replies"],
    )
    assert row["text"].startswith("Sample: book tasting")


async def test_a_tombstone_withdraws(network: Network) -> None:
    """A message that the export shows as deleted is withdrawn here."""

    async def keep(store: Store) -> None:
        place = Place("T1", "C1", "1736244600.000700")
        live = Post(place=place, posted_at=NOW, author_id="U1", body=(Text("x"),))
        await store.add(live, draft("Gone since"), source=Source.POST, now=NOW)

    await network.with_store(keep)
    stats, _ = await network.bring(packed(network))
    assert 1 == stats.withdrawn
    assert "Gone since" not in str(await network.rows())


async def test_wishes_hold(network: Network) -> None:
    """Of who wants nothing kept nothing comes in, nor their reactions and replies."""

    async def wish(store: Store) -> None:
        await store.remember_member("T1", Person(id="U2", name="Ben Okafor"), now=NOW)
        await store.set_profile("T1", "U2", Profile(keep=Keep.NOTHING))

    await network.with_store(wish)
    stats, _ = await network.bring(packed(network))
    rows = await network.rows()
    assert 3 == stats.left["opted out"]
    assert {"U1", "W77"} == {row["author_id"] for row in rows}
    assert (0, 0) == (rows[0]["reactions"], rows[0]["replies"])


async def test_another_channel_of_the_workspace(network: Network) -> None:
    """What comes from another channel keeps author and day, and stands nowhere in this one."""
    export = packed(network)
    stats, _ = await network.bring(export, source="general")
    again, _ = await network.bring(export, source="general")
    (row,) = await network.rows()
    assert (1, 1) == (stats.new, again.known)
    assert ("U1", "", 1, 1) == (
        row["author_id"],
        row["permalink"],
        row["reactions"],
        row["replies"],
    )


async def test_another_workspace(tmp_path: Path) -> None:
    """Authors of another workspace's export are unclaimed, unless one member bears the name."""
    network = Network(tmp_path)
    await network.found(Person(id="U77", name="ben", real_name="Ben Okafor"))
    users = [
        {"id": "U1", "team_id": "T5", "name": "a", "profile": {"real_name": "Ana Ruiz"}},
        {"id": "U2", "team_id": "T5", "name": "b", "profile": {"real_name": "Ben Okafor"}},
    ]
    channels = [{"id": "C5", "name": "reading"}]
    export = packed(
        network, {"users.json": json.dumps(users), "channels.json": json.dumps(channels)}
    )
    await network.bring(export)
    assert {"Ana Ruiz": "", "Ben Okafor": "U77", "Chidi": ""} == {
        row["author"]: row["author_id"] for row in await network.rows()
    }


@pytest.mark.parametrize(
    ("members", "known"),
    [
        ({"Ben Okafor": "U77"}, "U77"),
        ({"Benny Okafor": "U77"}, "U77"),
        ({"Ben Okafor": "U77", "Benny Okafor": "U78"}, ""),
        ({"Benny": "U77"}, ""),
    ],
)
async def test_both_names_of_an_author(
    tmp_path: Path, members: Mapping[str, str], known: str
) -> None:
    """Who has a display name too is found by either full name, if both are one member's."""
    network = Network(tmp_path)
    await network.found(*(Person(id=id_, name=name) for name, id_ in members.items()))
    names = {"real_name": "Ben Okafor", "display_name": "Benny Okafor"}
    users = [{"id": "U2", "team_id": "T5", "name": "b", "profile": names}]
    channels = [{"id": "C5", "name": "reading"}]
    await network.bring(
        packed(network, {"users.json": json.dumps(users), "channels.json": json.dumps(channels)})
    )
    ids = {row["author_id"] for row in await network.rows() if row["author"] == "Benny Okafor"}
    assert {known} == ids


async def test_an_export_in_a_folder(network: Network) -> None:
    """An export that was packed again, with a folder around it, is read all the same."""
    stats, _ = await network.bring(network.write("x.zip", slack_export(folder="Lincoln export/")))
    assert 6 == stats.new


async def test_a_channel_that_is_not_there(network: Network) -> None:
    """A channel that the export lacks is an error, which names those that it has."""
    (outcome,), _ = await network.outcomes(packed(network), source="nowhere", channel="general")
    assert isinstance(outcome, CommonplaceError)
    assert "It has general, reading" in str(outcome)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (b"[{", "json: the day is broken, and was left out"),
        (b"\xff\xfe\x00", "json: the day is broken, and was left out"),
        (b"[" * 100_000, "json: the day is broken, and was left out"),
        (b"{}", "the day is no list of messages, and was left out"),
        (b"[7]", "message 1: it is no message"),
        (b'[{"type": "message", "text": "without a time, but with words"}]', "no message"),
        (b'[{"ts": "soon", "user": "U1", "text": "without a real time"}]', "no message"),
        (b'[{"ts": "1736244000.1", "user": ["U1"], "text": "five words or so"}]', "no message"),
        (b'[{"ts": "1736244000.1", "user": "U1", "reply_count": Infinity}]', "no message"),
        (b'[{"ts": "1736244000.1", "user": "W1", "user_profile": 7, "text": "a"}]', "no message"),
        (b"[" + b" " * (65 << 20) + b"]", "larger than 64 MiB"),
    ],
)
async def test_a_broken_day_costs_itself_alone(network: Network, day: bytes, why: str) -> None:
    """A day or a message that is broken is told, and all the others come in."""
    stats, told = await network.bring(packed(network, {"reading/2025-01-09.json": day}))
    assert (6, 1) == (stats.new, stats.bad)
    assert told.said[0].startswith("reading/2025-01-09.json")
    assert why in told.said[0]


async def test_paths_that_lead_elsewhere_are_not_followed(network: Network) -> None:
    """Nothing is unpacked: a name that leads out of the archive is no day of the channel."""
    names = ("../reading/2025-01-09.json", "/reading/2025-01-09.json", "reading/../2025-01-09.json")
    more = dict.fromkeys(names, b"[7]")
    stats, told = await network.bring(packed(network, more))
    assert (6, 0, []) == (stats.new, stats.bad, told.said)


async def test_lists_that_are_broken(network: Network) -> None:
    """An export whose list of members is broken is told as a whole."""
    (outcome,), _ = await network.outcomes(packed(network, {"users.json": b"[{"}))
    assert "users.json is broken, so nothing of the export came in." == str(outcome)


async def test_an_archive_without_members_is_no_export(network: Network) -> None:
    """A ZIP with a list of channels alone is no export."""
    (outcome,), _ = await network.outcomes(network.write("x.zip", zipped({"channels.json": "[]"})))
    assert "x.zip cannot be read. These can be read" in str(outcome)
