"""What is gone is gone: from rows, the search index, the file's pages, its log and later copies."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.model.deliveries import Claim, DeliveryKind, Extra
from bot.core.model.ideas import Resource, ResourceKind, Source, Trial, TrialOutcome, Withdrawal
from bot.core.model.people import Keep, Profile
from bot.core.model.prompts import OwnPrompt, State
from storage import Store, open_store
from tests.conftest import eventually
from tests.storage.making import (
    ALL,
    T0,
    at,
    busy,
    draft,
    found,
    keep,
    person,
    place,
    post,
    query,
    reaction,
    take,
)

WORDS = ("zanzibarine", "quagmirely")


def held(folder: Path) -> list[str]:
    """Which of the words any file in a folder still holds, in whatever form the index has them."""
    data = b"".join(file.read_bytes() for file in folder.iterdir()).lower()
    return [word for word in WORDS if word[:9].encode() in data]


async def clean(folder: Path) -> None:
    """Wait until the words have left every file."""

    async def left() -> bool:
        return not held(folder)

    await eventually(left, "the words are gone", within=20)


async def secret(store: Store, seconds: float = 0, *, others: int = 40) -> None:
    """An idea with words that stand nowhere else, among others."""
    for n in range(1, others + 1):
        await keep(store, n)
    await keep(
        store, seconds, "Zanzibarine was quagmirely pleased with her book", tags=("zanzibarine",)
    )


async def edit(store: Store) -> None:
    """Take the words out of the post."""
    await store.change(post(0, edited="5"), draft("A student was pleased"), fits=True, now=at(9))


async def take_back(store: Store) -> None:
    """Withdraw the idea."""
    await store.withdraw(place(0), Withdrawal.CROSSED, now=at(9))


@pytest.mark.parametrize("act", [edit, take_back])
async def test_words_leave_every_file_while_the_program_runs(
    store: Store, tmp_path: Path, act: object
) -> None:
    """Edited away or taken back, they are soon in no byte of file, index and log, nor in a copy."""
    await secret(store)
    assert list(WORDS) == held(tmp_path)
    await act(store)  # type: ignore[operator]
    await clean(tmp_path)
    await store.backup(tmp_path / "copy.db")
    assert [] == held(tmp_path)
    assert () == await store.check()


async def test_what_a_deleted_photo_was_called_leaves_the_file(
    store: Store, tmp_path: Path
) -> None:
    """Its address and its words, like words that were edited away."""
    for n in range(1, 41):
        await keep(store, n)
    url, title = "https://example.org/F7/zanzibarine.png", "quagmirely pleased"
    await keep(store, resources=(Resource(url, ResourceKind.IMAGE, title, photo="F7"),))
    assert [] != held(tmp_path)
    await store.change(post(0, lost=frozenset({"F7"})), draft(), fits=True, now=at(9))
    await clean(tmp_path)
    assert () == await store.check()


async def test_words_leave_the_log_although_it_was_being_read(store: Store, tmp_path: Path) -> None:
    """While another program reads, the log cannot be emptied; it is as soon as that ends."""
    await secret(store)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin")
        other.execute("select count(*) from idea").fetchall()
        await take_back(store)

        async def looked() -> bool:
            return [(0,)] == query(store, "select stale from upkeep")

        await eventually(looked, "the file was rewritten")
        await store.ping()  # whoever writes does not wait for that reader
        assert list(WORDS) == held(tmp_path)
        copy = tmp_path / "elsewhere"
        copy.mkdir()
        await store.backup(copy / "copy.db")
        assert [] == held(copy)
        (copy / "copy.db").unlink()
        copy.rmdir()
    await clean(tmp_path)


async def test_an_erasure_that_a_stop_cut_short_is_finished_by_the_next_start(
    tmp_path: Path,
) -> None:
    """Closed while somebody reads, the store empties the log when it is opened again."""
    url = f"sqlite:///{tmp_path}/ideas.db"
    store = open_store(url)
    await secret(store)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin")
        other.execute("select count(*) from idea").fetchall()
        await take_back(store)
        await store.close()
        assert list(WORDS) == held(tmp_path)
    store = open_store(url)
    await clean(tmp_path)
    await store.close()


async def test_copies_that_pages_keep_go_too(store: Store, tmp_path: Path) -> None:
    """What lies between the rows of a page, where no row has it, goes with the next erasure."""
    await keep(store)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("pragma secure_delete = off")
        other.execute(
            "insert into ignored_message (workspace, channel, ts) values ('T1', ?, '1')",
            (" ".join(WORDS),),
        )
        other.execute("delete from ignored_message")
        other.execute("pragma wal_checkpoint(truncate)").fetchall()
    assert list(WORDS) == held(tmp_path)
    await take_back(store)
    await clean(tmp_path)


async def test_an_idea_that_went_as_it_came_leaves_no_word(store: Store, tmp_path: Path) -> None:
    """Kept and taken back in one commit, the very first idea is in the index no more."""
    async with busy(store):
        both = asyncio.gather(secret(store, others=0), take_back(store))
        await asyncio.sleep(0)
    await both
    await clean(tmp_path)


TRIAL = Trial(
    id=0,
    workspace="T1",
    idea_id=1,
    member_id="U5",
    came=TrialOutcome.CHANGED,
    grades=WORDS[0],
    setting=WORDS[0],
    words=WORDS[1],
    tried_at=at(5),
)


async def test_what_was_said_of_an_idea_goes_with_it(store: Store, tmp_path: Path) -> None:
    """Taken back, an idea leaves no word of a trial; the trial counts again should it come back."""
    await keep(store)
    await store.add_trial(TRIAL)
    assert list(WORDS) == held(tmp_path)
    await take_back(store)
    await clean(tmp_path)
    await store.restore(post(0), draft(), source=Source.POST, now=at(20))
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    assert 1 == idea.tried


async def ask(store: Store, state: State) -> OwnPrompt:
    """A channel's own question with words that stand nowhere else."""
    await store.saw_channel("T1", "C1", now=T0)
    prompt = OwnPrompt(
        channel="C1", number=1, text=" ".join(WORDS), state=state, by="U5", name=WORDS[0], at=T0
    )
    await store.add_prompt("T1", prompt)
    return prompt


async def test_a_declined_question_is_forgotten(store: Store, tmp_path: Path) -> None:
    """Of a question that was declined and told of only the number stays."""
    await ask(store, State.PROPOSED)
    await store.decide_prompt("T1", "C1", 1, State.DECLINED, who="U1", now=T0)
    await store.forget_prompt("T1", "C1", 1)
    await clean(tmp_path)
    assert [("declined", 1)] == query(store, "select state, number from own_prompt")


async def test_a_question_that_is_reworded_or_removed_leaves_no_word(
    store: Store, tmp_path: Path
) -> None:
    """Its old words stand in no row, not in that of who changed what either."""
    prompt = await ask(store, State.ACCEPTED)
    await store.edit_prompt("T1", replace(prompt, text=WORDS[1]), who="U1", now=T0)
    await store.drop_prompt("T1", prompt, who="U1", now=T0)
    await clean(tmp_path)
    assert ["question"] * 3 == [one.what for one in await store.changes("T1", "C1", 9)]


async def test_a_coordinators_line_that_is_taken_back_leaves_no_word(
    store: Store, tmp_path: Path
) -> None:
    """What they changed is noted, and no word of it."""
    channel = await store.saw_channel("T1", "C1", now=T0)
    for line in (" ".join(WORDS), ""):
        await store.set_settings(replace(channel, line=line), who="U1", now=T0)
    await clean(tmp_path)
    assert ["line"] * 2 == [one.what for one in await store.changes("T1", "C1", 9)]


async def test_a_line_that_a_digest_has_said_is_kept_no_longer(
    store: Store, tmp_path: Path
) -> None:
    """It stands in the chat now, and who deletes it there need not ask for it here."""
    channel = await store.saw_channel("T1", "C1", now=T0)
    line = " ".join(WORDS)
    await store.set_settings(replace(channel, line=line), who="U1", now=T0)
    claim = await take(
        store,
        "T1",
        "C1",
        DeliveryKind.DIGEST,
        "2026-W48",
        at=T0,
        now=T0,
        lease=timedelta(minutes=1),
        extras=((Extra.LINE, line),),
    )
    assert isinstance(claim, Claim)
    await store.sent(claim, "1.000100", now=T0)
    await clean(tmp_path)
    assert "" == (await store.saw_channel("T1", "C1", now=T0)).line


# -- keep nothing of mine ----------------------------------------------------------------------


async def opt_out(store: Store, member: str = "U5") -> None:
    """Choose *keep nothing of mine*."""
    await store.set_profile("T1", member, Profile(keep=Keep.NOTHING))


async def respond(store: Store) -> None:
    """U5 and U6 are looked up, react and reply."""
    for member in ("U5", "U6"):
        who = person(member, WORDS[0], real_name=WORDS[1], title=WORDS[1], is_admin=True)
        await store.remember_member("T1", who, now=T0)
        await store.react(reaction(0, member, "1"), present=True, now=T0)
    await store.add_reply(place(0), place(7), "U5")
    await store.add_reply(place(0), place(8), "U6")


async def counts(store: Store) -> tuple[int, int]:
    """Reactions and replies of the first idea."""
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    return idea.reactions, idea.replies


@pytest.mark.parametrize("first", [True, False])
async def test_nothing_is_kept_of_who_wants_nothing_kept(store: Store, *, first: bool) -> None:
    """Whether chosen before or after: no name, no reaction, no reply; rights are known."""
    await keep(store)
    if first:
        await opt_out(store)
    await respond(store)
    await opt_out(store)
    assert (1, 1) == await counts(store)
    assert [("U6",)] == query(store, "select member_id from reaction")
    assert [("U6",)] == query(store, "select member_id from reply")
    assert [("", "", "", 1)] == query(
        store, "select name, real_name, title, is_admin from member where id = 'U5'"
    )
    assert [] == query(store, "select name from member_name where member_id = 'U5'")
    await store.set_reactions(place(0), [("heart", "U5"), ("tada", "U6")], now=at(99))
    assert (1, 1) == await counts(store)
    assert {("U6",)} == set(query(store, "select member_id from reaction"))


async def trials(store: Store) -> tuple[int, list[tuple[str, str]]]:
    """How many tried the first idea by its own count; who, and their names."""
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    return idea.tried, [(one.member_id, one.name) for one in await store.trials_of(1)]


async def test_a_trial_of_who_wants_nothing_kept_goes(store: Store, tmp_path: Path) -> None:
    """Neither its words nor the name on it stay, in no file, and it counts no more."""
    await keep(store)
    await store.remember_member("T1", person("U5", WORDS[0]), now=T0)
    await store.add_trial(TRIAL)
    await store.add_trial(replace(TRIAL, member_id="U6", grades="", setting="", words=""))
    assert list(WORDS) == held(tmp_path)
    await opt_out(store)
    await clean(tmp_path)
    assert (1, [("U6", "")]) == await trials(store)


async def test_a_trial_said_after_opting_out_stays_without_a_name(store: Store) -> None:
    """It was said of their own accord, and stays when they choose the same again."""
    await keep(store)
    await opt_out(store)
    await store.remember_member("T1", person("U5"), now=T0)
    await store.add_trial(TRIAL)
    await opt_out(store)
    assert (1, [("U5", "")]) == await trials(store)


async def test_who_opts_out_is_still_found_by_the_name_on_their_ideas(store: Store) -> None:
    """An idea that they do not take back keeps its name, and a filter by it finds the idea."""
    await store.remember_member("T1", person("U1"), now=T0)
    await keep(store)
    await opt_out(store, "U1")
    assert [1] == await found(store, people=("Ana Ruiz",))
    await take_back(store)
    await opt_out(store, "U1")
    assert [] == query(store, "select * from member_name")


async def test_a_kept_reply_is_not_taken_for_a_post(store: Store) -> None:
    """A reply that is an idea itself is still known to be a reply."""
    await store.add_reply(place(0), place(7), "U5")
    await keep(store, 7, author="U5", source=Source.ANSWER)
    await opt_out(store)
    assert [("U5",)] == query(store, "select member_id from reply")
