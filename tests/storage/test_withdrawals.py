"""Ideas are withdrawn, and some come back."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Credit,
    Filters,
    NotAnIdea,
    Nothing,
    Source,
    Withdrawal,
    Withdrawn,
)
from bot.core.model.people import Keep, Profile
from bot.core.model.posts import Place
from bot.core.model.work import Effect
from storage import Store, open_store
from storage.sharing import SAME
from tests.exported import exported
from tests.storage.making import (
    ALL,
    NONE,
    T0,
    alter,
    at,
    draft,
    found,
    job_names,
    jobs_of,
    keep,
    person,
    place,
    post,
    query,
    reaction,
    rich,
)

SECRETS = ("zanzibarine", "quagmirely", "Ofelia", "Hogwash", "outsiderly")


def bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def fill(store: Store) -> None:
    """An idea whose every personal part is a word found nowhere else."""
    await store.remember_member("T1", person("U7", "Ofelia"), now=T0)
    await store.set_profile("T1", "U7", Profile(school="Hogwash"))
    secret = draft(
        "zanzibarine quagmirely",
        tags=("quagmirely",),
        components=("LIT",),
        resources=rich().resources,
        credits=rich("outsiderly").credits,
    )
    await store.add(post(0, author="U7"), secret, source=Source.POST, now=T0)


@pytest.mark.parametrize("how", list(Withdrawal))
async def test_nothing_is_left(store: Store, how: Withdrawal) -> None:
    """Of a withdrawn idea only number and key stay: no list, search, export or table has it."""
    await fill(store)
    assert [1] == await found(store, "zanzibarine")
    assert Withdrawn(1, 1) == await store.withdraw(place(0), how, now=T0)
    for words in ("", "zanzibarine", "quagmirely", "ofelia", "hogwash"):
        assert [] == await found(store, words)
    assert [] == list(exported(store, "T1", NONE, ALL))
    assert [] == query(store, "select * from idea_list")
    for table in ("tag", "idea_component", "resource", "credit"):
        assert [] == query(store, f"select * from {table}")
    assert 0 == await store.count("T1", NONE, ALL)
    assert {} == await store.by_component("T1", Filters(channel="C1"))
    assert None is await store.idea("T1", 1, ALL)
    shell = await store.idea_at(place(0))
    assert shell is not None
    assert (1, how, "", "") == (shell.number, shell.withdrawn, shell.text, shell.author.id)
    assert () == await store.check()


STAYS = {
    "aside", "channel", "digested", "edited", "kept_at", "mark", "posted_at", "prompt", "prompt_id",
    "reads_as", "source", "ts", "withdrawn", "withdrawn_at", "workspace",
}  # fmt: skip
"""Columns of an idea that hold nothing of its author's: keys, times, and what the bot asked."""


async def test_no_column_is_forgotten(store: Store) -> None:
    """Every text of an idea's row is emptied when it is withdrawn, but for keys and times."""
    await keep(store)
    texts = query(store, "select name from pragma_table_info('idea') where type = 'TEXT'")
    theirs = sorted({name for (name,) in texts} - STAYS)
    for column in theirs:
        word = "high" if column == "grades" else "zanzibarine"
        alter(store, f"update idea set {column} = '{word}'")
    await store.withdraw(place(0), Withdrawal.REMOVED, now=T0)
    left = query(store, f"select {', '.join(theirs)} from idea")[0]
    assert {} == {name: value for name, value in zip(theirs, left, strict=True) if value}


async def test_words_leave_the_file(tmp_path: Path) -> None:
    """After a withdrawal the words are in no byte of the file, index and log included."""
    path = tmp_path / "ideas.db"
    store = open_store(f"sqlite:///{path}")
    for n in range(1, 40):
        await keep(store, n)
    await store.add(
        post(0), draft("zanzibarine quagmirely", tags=("outsiderly",)), source=Source.POST, now=T0
    )
    assert b"zanzibarin" in bytes_in(tmp_path)
    await store.withdraw(place(0), Withdrawal.DELETED, now=T0)
    await store.close()
    left = bytes_in(tmp_path)
    for word in (b"zanzibarin", b"quagmire", b"outsiderl"):
        assert word not in left
    store = open_store(f"sqlite:///{path}")
    assert 39 == await store.count("T1", NONE, ALL)
    assert () == await store.check()
    await store.close()


async def test_numbers_are_not_given_again(store: Store) -> None:
    """The number of a withdrawn idea stays its own, and a replay does not bring it back."""
    await keep(store)
    await store.withdraw(place(0), Withdrawal.REMOVED, now=T0)
    assert Captured(2, 2) == await keep(store, 1)
    replay = await store.add(post(0), draft(), source=Source.POST, now=T0)
    assert Nothing("withdrawn") == replay
    edit = await store.change(post(0, edited="5"), draft("new"), fits=True, now=T0)
    assert Nothing("withdrawn") == edit
    assert [2] == await found(store)


async def test_what_follows(store: Store) -> None:
    """A withdrawal takes the mark away, except where the whole post is gone."""
    for n in range(2):
        await keep(store, n)
    alter(store, "delete from outbox")
    await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    await store.withdraw(place(1), Withdrawal.DELETED, now=T0)
    assert {("mark", "1")} == job_names(store)


async def test_withdrawn_twice(store: Store) -> None:
    """A second withdrawal changes nothing, but a final one makes an undoable one final."""
    await keep(store)
    await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    again = await store.withdraw(place(0), Withdrawal.UNMARKED, now=T0)
    assert Nothing("withdrawn") == again
    removed = await store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=T0)
    assert Nothing("withdrawn") == removed
    back = await store.restore(post(0), draft(), source=Source.POST, now=T0)
    assert Nothing("withdrawn") == back


async def test_unknown(store: Store) -> None:
    """What is not there cannot be withdrawn or restored."""
    assert Nothing("unknown") == await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    assert Nothing("unknown") == await store.withdraw_number("T1", 9, Withdrawal.REMOVED, now=T0)
    assert Nothing("unknown") == await store.restore(post(0), draft(), source=Source.POST, now=T0)
    late = await store.add(post(0), draft(), source=Source.POST, now=T0)
    assert Captured(1, 1) == late


async def test_restored(store: Store) -> None:
    """A restored idea has its number, its new words and the counts that it had."""
    await store.add(post(0), rich(), source=Source.POST, now=T0)
    await store.react(reaction(0, "U5", "1"), present=True, now=T0)
    await store.add_reply(place(0), place(9), "U6")
    await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    alter(store, "delete from outbox")
    back = await store.restore(
        post(0, author="U8"), draft("Better @U9", unnamed=("U9",)), source=Source.POST, now=at(5)
    )
    assert Captured(1, 1) == back
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    assert ("Better @U9", "U8", 1, 1, at(5)) == (
        idea.text,
        idea.author.id,
        idea.reactions,
        idea.replies,
        idea.kept_at,
    )
    looked_up = {("member", "U5"), ("member", "U8")}
    assert {("mark", "1"), ("permalink", "1"), ("names", "1"), *looked_up} == job_names(store)
    assert [1] == await found(store, "better")
    again = await store.restore(post(0), draft(), source=Source.POST, now=T0)
    assert AlreadyKnown(1, 1) == again
    assert () == await store.check()


async def test_restored_with_reactions_told(store: Store) -> None:
    """A restored post that tells its reactions brings them along."""
    await store.remember_member("T1", person(), now=T0)
    await keep(store)
    await store.withdraw(place(0), Withdrawal.UNMARKED, now=T0)
    alter(store, "delete from outbox")
    await store.restore(
        post(0, reactions=(("heart", "U5"), ("bulb", "U5"), ("bulb", "U6"))),
        draft(),
        source=Source.REACTION,
        now=T0,
    )
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    assert 2 == idea.reactions
    looked_up = {("member", "U5"), ("member", "U6")}
    assert {("mark", "1"), ("permalink", "1"), *looked_up} == job_names(store)


async def test_opted_out_meanwhile(store: Store) -> None:
    """Nothing is restored for somebody who wants nothing kept by now."""
    await keep(store)
    await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    await store.set_profile("T1", "U1", Profile(keep=Keep.NOTHING))
    back = await store.restore(post(0), draft(), source=Source.POST, now=T0)
    assert NotAnIdea("opted out") == back


@pytest.mark.parametrize("how", [Withdrawal.REMOVED, Withdrawal.DELETED])
async def test_responses_go_too(store: Store, how: Withdrawal) -> None:
    """Withdrawn for good, a message keeps no reply and no reaction, and takes none."""
    await keep(store)
    await store.react(reaction(0, "U5", "1"), present=True, now=T0)
    await store.add_reply(place(0), place(9), "U6")
    await store.withdraw(place(0), how, now=T0)
    await store.react(reaction(0, "U5", "2"), present=True, now=T0)
    await store.add_reply(place(0), place(10), "U6")
    assert [] == query(store, "select * from reaction")
    assert [] == query(store, "select * from reply")
    assert frozenset() == await store.reactors(place(0), "heart")


async def test_deleted_message_that_was_no_idea(store: Store) -> None:
    """A deleted message takes its reactions along, whatever it was."""
    await store.react(reaction(0, "U5", "1"), present=True, now=T0)
    await store.withdraw(place(0), Withdrawal.DELETED, now=T0)
    await store.react(reaction(0, "U5", "2"), present=True, now=T0)
    assert [] == query(store, "select * from reaction")


# -- ideas that the bot posts -----------------------------------------------------------------


async def share(store: Store, text: str = "Ask me", when: float = 0, **more: str) -> object:
    place_ = Place("T1", more.get("channel", "C1"), "")
    unposted = post(when, author=more.get("author", "U1"), private=None)
    credits_ = tuple(Credit(name) for name in more.get("credit", "").split(";") if name)
    read = draft(text, unnamed=("U9",) if "@U9" in text else (), credits=credits_)
    return await store.share(
        replace(unposted, place=place_), read, source=Source.COMMAND, now=at(when)
    )


async def test_shared(store: Store) -> None:
    """An idea from a command is kept first and then waits to be posted."""
    shared = await share(store, "Ask @U9", credit="Kim;Lee\0")
    assert Captured(1, 1) == shared
    assert {
        ("publish", "1"),
        ("member", "U1"),
        ("channel", "C1"),
        ("names", "1"),
    } == job_names(store)
    idea = await store.idea_by_id(1)
    assert idea is not None
    assert (None, None, ("Kim", "Lee")) == (idea.ts, idea.place, idea.credits)
    assert [] == list(await store.fresh("T1", "C1", at=at(9), oldest=at(9) - T0))


async def test_shared_twice(store: Store) -> None:
    """The same text by the same author within ten minutes is one idea; later it is another."""
    assert Captured(1, 1) == await share(store)
    assert AlreadyKnown(1, 1) == await share(store, when=SAME.total_seconds() - 1, channel="C2")
    assert Captured(2, 2) == await share(store, author="U2")
    assert Captured(3, 3) == await share(store, "Ask us")
    assert Captured(4, 4) == await share(store, when=SAME.total_seconds())
    await store.withdraw_number("T1", 4, Withdrawal.REMOVED, now=T0)
    assert Captured(5, 5) == await share(store, when=SAME.total_seconds() + 1)


async def test_posted(store: Store) -> None:
    """Once posted, the idea stands where its post does, with what gathered there before."""
    await share(store)
    await store.react(reaction(50, "U5", "1"), present=True, now=T0)
    await store.add_reply(place(50), place(60), "U6")
    alter(store, "delete from outbox")
    await store.posted(1, place(50).ts, at(50))
    idea = await store.idea_at(place(50))
    assert idea is not None
    assert (at(50), 1, 1) == (idea.posted_at, idea.reactions, idea.replies)
    assert {("permalink", "1"), ("member", "U5")} == job_names(store)
    assert [1] == await found(store, "ask")
    assert () == await store.check()
    await store.posted(1, place(50).ts, at(50))
    await store.posted(77, place(51).ts, at(51))
    assert () == await store.check()


async def test_removed_before_it_was_posted(store: Store) -> None:
    """An idea withdrawn while it was being posted is taken down again."""
    await share(store)
    await store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=T0)
    alter(store, "delete from outbox")
    await store.posted(1, place(50).ts, at(50))
    assert {("unpublish", "1")} == job_names(store)


async def test_removed_after_it_was_posted(store: Store) -> None:
    """Removing an idea that the bot posted takes the post down; a deleted post is down already."""
    await share(store)
    await store.posted(1, place(50).ts, at(50))
    await share(store, "Other")
    await store.posted(2, place(51).ts, at(51))
    alter(store, "delete from outbox")
    await store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=T0)
    await store.withdraw(place(51), Withdrawal.DELETED, now=T0)
    assert [("unpublish", "1")] == query(store, "select effect, key from outbox")
    (job,) = await jobs_of(store, at(99), Effect.UNPUBLISH, 9)
    idea = await store.idea_by_id(int(job.key))
    assert idea is not None
    assert place(50) == idea.place


async def test_mark_and_permalink(store: Store) -> None:
    """Mark and permalink are recorded; a withdrawn idea takes no permalink any more."""
    await keep(store)
    await store.set_post(1, mark="bulb")
    await store.set_post(1, permalink="https://chat.example/p1")
    idea = await store.idea_by_id(1)
    assert idea is not None
    assert ("bulb", "https://chat.example/p1") == (idea.mark, idea.permalink)
    await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    await store.set_post(1, permalink="https://chat.example/p1")
    idea = await store.idea_by_id(1)
    assert idea is not None
    assert ("bulb", "") == (idea.mark, idea.permalink)
    assert None is await store.idea_by_id(99)
    assert None is await store.idea_at(place(99))
