"""Somebody is erased: nothing of them stays in any file, and nothing comes back."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import SchemaError, StoreBusyError, StoreFullError
from bot.core.model.care import Cared, CareNote
from bot.core.model.deliveries import Delivery, DeliveryKind, Plan
from bot.core.model.ideas import (
    Captured,
    Credit,
    Kind,
    NotAnIdea,
    Nothing,
    Source,
    Trial,
    TrialOutcome,
    Withdrawal,
)
from bot.core.model.imports import Arrival
from bot.core.model.people import Author, Keep, Profile
from bot.core.model.posts import Mention, Text
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.shares import Share, ShareKind
from bot.core.model.work import Effect, NewJob
from storage import Store, migrate, open_store, read_store
from tests.conftest import eventually
from tests.storage.making import (
    ALL,
    NONE,
    T0,
    alter,
    at,
    draft,
    job_names,
    keep,
    person,
    place,
    post,
    query,
    reaction,
    stamp_of,
    take,
)

GONE = "U0ZANZIBAR"
NAME = "Zanziba Quagmire"
WORDS = ("zanzib", "quagmi")
LATER = at(500)


def held(folder: Path) -> list[str]:
    """Which of the words any file in a folder still holds, in whatever form the index has them."""
    data = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file()).lower()
    return [word for word in WORDS if word.encode() in data]


async def erase(store: Store, *, nothing: bool = False) -> None:
    await store.erase("T1", GONE, keeps_nothing=nothing, now=LATER)


def trial(idea_id: int, member: str, words: str = "") -> Trial:
    return Trial(
        id=0,
        workspace="T1",
        idea_id=idea_id,
        member_id=member,
        came=TrialOutcome.CHANGED,
        words=words,
        tried_at=at(5),
    )


@pytest.fixture
async def whole(store: Store) -> Store:
    """A store with somebody in every table, between others."""
    channel = await store.saw_channel("T1", "C1", now=T0, private=False, invited_by=GONE)
    who = person(GONE, NAME, real_name=f"{NAME}-Real", title="zanzibar librarian")
    await store.remember_member("T1", who, now=T0)
    await store.set_profile("T1", GONE, Profile(school="Zanzibar School", role="quagmire"))
    await store.remember_member("T1", person("U2", "Ben Okafor"), now=T0)
    # 1: their own, with everything on it
    await keep(
        store, 1, "A zanzibar story", author=GONE, tags=("zanzibar",), credits=(Credit(NAME, None),)
    )
    await store.add_trial(trial(1, "U2", "what I did with the zanzibar story"))
    await store.add_reply(place(1), place(2), "U2")
    # 2 to 4: what others wrote of them
    credit = (Credit(NAME, GONE), Credit("Cem Aydin", "U4"))
    await keep(
        store, 10, f"As @{NAME} showed, and {NAME.upper()} again", author="U2", credits=credit
    )
    await keep(store, 11, f"Thanks to @{GONE} we read", author="U2", unnamed=(GONE, "U3|okapi"))
    await store.share(
        replace(post(12, author="U2"), place=replace(place(12), ts="")),
        draft(f"We did what @{NAME} did", credits=(Credit(f"@{NAME}"),)),
        source=Source.COMMAND,
        now=at(12),
    )
    await store.posted(4, stamp_of(at(12)), at(12))
    await store.add_trial(trial(2, GONE, "it was a quagmire"))
    await store.react(reaction(10, GONE, stamp_of(at(20))), present=True, now=at(20))
    await store.react(reaction(10, "U3", stamp_of(at(20))), present=True, now=at(20))
    await store.add_reply(place(10), place(21), GONE)
    # 5: posted by the bot for them; 6: imported, and claimed by them
    await store.share(
        replace(post(30, author=GONE), place=replace(place(30), ts="")),
        draft("The zanzibar corner"),
        source=Source.FORM,
        now=at(30),
    )
    await store.posted(5, stamp_of(at(30)), at(30))
    outside = Author(id="", name="Somebody Else")
    old = Arrival(
        where="line 1",
        key="own:1",
        post=replace(post(40, author=""), place=replace(place(40), ts="")),
        author=outside,
        draft=draft("We imported this"),
    )
    await store.bring([old], [], now=at(41))
    await store.add_claim(6, GONE, now=at(42))
    # what they did as a coordinator
    for number, state in enumerate((State.PROPOSED, State.ACCEPTED), 1):
        prompt = OwnPrompt(
            channel="C1",
            number=number,
            text=f"What is {'zanzibar' if state is State.PROPOSED else 'a good corner'}?",
            state=state,
            proposed=True,
            by=GONE,
            name=NAME,
            at=T0,
        )
        await store.add_prompt("T1", prompt)
    await store.set_settings(replace(channel, zone="Europe/Paris"), who=GONE, now=T0)
    await store.skip("T1", "C1", "2026-W48", member_id=GONE, now=T0)
    await store.leave_out(2, member_id=GONE, now=T0)
    for filters in ("", f'@"{NAME}"'):
        share = Share(
            workspace="T1",
            channel="C1",
            kind=ShareKind.BOARD,
            starts_at=T0,
            ends_at=at(9e6),
            made_by=GONE,
            made_at=T0,
            shows=filters,
        )
        await store.add_share(share, token=f"hash {filters and 1}", now=T0)
    # what was and is to be told them
    await take(
        store,
        "T1",
        "C1",
        DeliveryKind.NOTICE,
        f"tried 1 {GONE}",
        at=T0,
        now=T0,
        lease=timedelta(minutes=1),
    )
    asked = {"member": GONE, "filters": "zanzibar"}
    await store.enqueue("T1", NewJob(effect=Effect.EXPORT, key="1", payload=asked), now=T0)
    await store.note("T1", "chat", GONE, "[]")
    await store.note("T1", "member", "29:1", GONE)
    await store.note("T1", "team", "19:1", f'{{"added_by": "{GONE}"}}')
    return store


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return query(store, sql)


async def test_nothing_of_them_stays_in_any_file(whole: Store, tmp_path: Path) -> None:
    """No id, name or word of theirs: in no row, index, page, log, or later copy."""
    assert list(WORDS) == held(tmp_path)
    await erase(whole)
    await eventually(whole.is_scrubbed, "it is scrubbed")
    await whole.backup(tmp_path / "copy.db")
    assert [] == held(tmp_path)
    assert () == await whole.check()


async def test_what_others_made_stays_and_names_a_colleague(whole: Store) -> None:
    """Ideas of others, their credits, a question that was accepted, who changed what."""
    await erase(whole)
    kept = rows(whole, "select number, text, credits, unnamed, reactions, tried from idea")
    assert [
        (1, "", "", "", 0, 0),
        (
            *(2, "As a colleague showed, and a colleague again", "a colleague; Cem Aydin"),
            *("", 1, 0),
        ),
        (3, "Thanks to a colleague we read", "", "U3|okapi", 0, 0),
        (4, "We did what a colleague did", "a colleague", "", 0, 0),
        (5, "", "", "", 0, 0),
        (6, "We imported this", "", "", 0, 0),
    ] == list(kept)
    assert [
        ("declined", "", "", ""),
        ("accepted", "What is a good corner?", "", "a colleague"),
    ] == (rows(whole, 'select state, text, "by", name from own_prompt order by number'))
    assert {("a colleague",)} == set(rows(whole, "select who from change"))
    assert [(0, "", "a colleague"), (1, "", "a colleague")] == rows(
        whole, "select revoked_at is not null, shows, made_by from share order by number"
    )
    assert [("team", '{"added_by": ""}')] == rows(whole, "select kind, value from note")
    assert await whole.skipped_by("T1", "C1", "2026-W48")


async def test_a_question_that_nobody_else_answered_is_open_again(store: Store) -> None:
    """Also where their answer in its thread was kept as an idea."""
    await keep(store, 1, "How do you shelve zines?", author="U2", kind=Kind.QUESTION, asks=True)
    await store.add_reply(place(1), place(2), GONE)
    await keep(store, 2, "In shoe boxes", author=GONE)
    assert [(1, 1), (2, 0)] == rows(store, "select number, replies from idea")
    await erase(store)
    assert [(1, 0), (2, 0)] == rows(store, "select number, replies from idea")


async def test_a_trial_by_another_names_a_colleague(whole: Store, tmp_path: Path) -> None:
    """What somebody told of trying an idea stays, as what they write elsewhere does."""
    await whole.add_trial(trial(2, "U2", f"{NAME} did it with me, see {GONE}"))
    await erase(whole)
    assert [("U2", "a colleague did it with me, see a colleague")] == rows(
        whole, "select member_id, words from trial"
    )
    await eventually(whole.is_scrubbed, "it is scrubbed")
    assert [] == held(tmp_path)


async def test_the_chat_is_put_right(whole: Store) -> None:
    """Their marks are taken back, the bot's post for them is deleted, that for another redrawn."""
    await erase(whole)
    jobs = job_names(whole)
    assert {("mark", "1"), ("unpublish", "5"), ("redraw", "4")} <= jobs
    assert not {name for name, _ in jobs} & {"export"}


async def test_the_log_says_that_somebody_was_erased(whole: Store) -> None:
    """Once, when, and not who or what; also where the same erasure is done a second time."""
    await erase(whole)
    await erase(whole)
    latest, *others = await whole.changes("T1", "C1", 9)
    assert ("a colleague", LATER, "erased", "", "") == (
        *(latest.who, latest.at, latest.what),
        *(latest.old, latest.new),
    )
    assert "erased" not in {one.what for one in others}


# -- nothing comes back ------------------------------------------------------------------------


async def test_what_they_posted_before_is_refused_for_ever(whole: Store) -> None:
    """A replay, an edit, a mark by another, one never seen, an import: all by their instant."""
    await erase(whole)
    again, unseen = post(1, author=GONE), post(3, author=GONE)
    assert Nothing("withdrawn") == await whole.add(again, draft(), source=Source.POST, now=LATER)
    refused = NotAnIdea("erased")
    for source, by in ((Source.POST, ""), (Source.REACTION, "U2"), (Source.SHORTCUT, GONE)):
        told = draft(marked=True)
        assert refused == await whole.add(unseen, told, source=source, now=LATER, by=by)
    edited = replace(unseen, edited="9")
    assert refused == await whole.change(edited, draft(), fits=True, now=LATER)
    for ts in (unseen.place.ts, ""):
        one = Arrival(
            where="line 1",
            key="own:9",
            post=replace(unseen, place=replace(unseen.place, ts=ts)),
            author=Author(id=GONE, name=NAME),
            draft=draft(),
        )
        assert [refused] == list(await whole.foresee([one], now=LATER))
        assert [refused] == list(await whole.bring([one], [unseen], now=LATER))
    assert [] == rows(whole, f"select * from member where id = '{GONE}'")


@pytest.mark.parametrize("chosen", ["in the profile", "at an erasure"])
async def test_who_wanted_nothing_kept_still_does(
    whole: Store, url: str, tmp_path: Path, chosen: str
) -> None:
    """Whoever erases them, and also by a line of the file beside that does not say so."""
    if chosen == "at an erasure":
        await erase(whole, nothing=True)
    else:
        await whole.set_profile("T1", GONE, Profile(keep=Keep.NOTHING))
    assert await whole.erase("T1", GONE, keeps_nothing=False, now=LATER + timedelta(seconds=1))
    await whole.close()
    beside = tmp_path / "ideas.db.erased"
    line = beside.read_text().splitlines()[-1].removesuffix(" nothing")
    with beside.open("a") as file:
        file.write(line.replace("2026-", "2027-", 1) + "\n")
    again = open_store(url)
    much_later = LATER + timedelta(days=800)
    new = replace(post(1, author=GONE), place=place(9_999), posted_at=much_later)
    came = await again.add(new, draft(), source=Source.POST, now=much_later)
    assert NotAnIdea("opted out") == came
    await again.close()


async def test_what_they_took_back_before_stays_so(store: Store) -> None:
    """An idea that they crossed cannot be restored, though its row does not say whose it was."""
    await keep(store, author=GONE)
    alter(store, "update idea set withdrawn = 'crossed', author_id = null")
    await erase(store)
    again = await store.restore(post(0, author=GONE), draft(), source=Source.POST, now=LATER)
    assert NotAnIdea("erased") == again


@pytest.mark.parametrize(("poster", "to"), [("U2", GONE), (GONE, "U2")])
async def test_what_was_given_and_taken_back_before_stays_so(
    store: Store, tmp_path: Path, poster: str, to: str
) -> None:
    """Whether it was given by or to who was erased it returns to nobody, and names neither."""
    for who, name in ((GONE, NAME), ("U2", "Ben Okafor")):
        await store.remember_member("T1", person(who, name), now=T0)
    await keep(store, author=poster)
    note = CareNote(idea_id=1, who="U3", at=at(51), what=Cared.MOVED, reason="It is theirs")
    assert await store.care_for(note, target=to) is not None
    await store.withdraw(place(0), Withdrawal.CROSSED, now=at(52))
    await erase(store)
    one = post(0, author=poster)
    for how in (Withdrawal.CROSSED, Withdrawal.REMOVED):
        alter(store, f"update idea set withdrawn = '{how}'")
        came = await store.restore(one, draft(), source=Source.POST, now=LATER, also=how)
        assert NotAnIdea("erased") == came
    assert ("" if to == GONE else to) == await store.owner_of(one)
    await eventually(store.is_scrubbed, "it is scrubbed")
    assert [] == held(tmp_path)


async def test_answers_from_before_do_not_come_back(whole: Store) -> None:
    """A reply and a reaction that are told again, or stand in a history that is read again."""
    await erase(whole)
    await whole.add_reply(place(10), place(21), GONE, posted_at=at(21))
    await whole.react(reaction(10, GONE, stamp_of(at(20))), present=True, now=LATER)
    await whole.set_reactions(place(10), [("heart", GONE), ("heart", "U3")], now=LATER)
    await whole.set_reactions(place(99), [("heart", GONE)], now=LATER)
    old = replace(post(21, author=GONE), thread=place(10).ts)
    await whole.bring([], [old], now=LATER)
    assert [] == rows(whole, f"select * from reply where member_id = '{GONE}'")
    assert [] == rows(whole, f"select * from reaction where member_id = '{GONE}'")


async def test_who_mentioned_them_before_mentions_a_colleague_for_ever(whole: Store) -> None:
    """Edited or read again, an older post names and credits nobody who was erased since."""
    await erase(whole)
    await whole.remember_member("T1", person(GONE, "Zanzi"), now=LATER)  # they are here again
    body = (Text("thanks to "), Mention(GONE), Text(" "), Mention("U2"))
    one = replace(post(10, author="U2", edited="9"), body=body)
    credit = (Credit("Zanzi", GONE), Credit("Cem Aydin", "U4"))
    told = draft(f"thanks to @Zanzi and @{GONE} and @Ben Okafor", credits=credit, unnamed=(GONE,))
    await whole.change(one, told, fits=True, now=LATER)
    await whole.add(
        replace(post(13, author="U2"), body=(Mention("U2"),)),
        draft(f"@{NAME} of another workspace"),
        source=Source.POST,
        now=LATER,
    )
    assert [
        ("thanks to a colleague and a colleague and @Ben Okafor", "a colleague; Cem Aydin", "")
    ] == rows(whole, "select text, credits, unnamed from idea where number = 2")
    later = replace(post(600, author="U2"), body=body)
    await whole.add(later, told, source=Source.POST, now=at(601))
    assert [("Zanzi; Cem Aydin",)] == rows(whole, "select credits from idea where number = 8")


async def test_what_they_post_later_is_a_new_beginning(whole: Store) -> None:
    """Kept, answered and named as anybody's."""
    await erase(whole)
    await whole.remember_member("T1", person(GONE, NAME), now=LATER)
    came = await whole.add(post(600, author=GONE), draft(), source=Source.POST, now=at(600))
    assert Captured(7, 7) == came
    await whole.add_reply(place(10), place(601), GONE, posted_at=at(601))
    await whole.react(reaction(10, GONE, stamp_of(at(602))), present=True, now=at(602))
    await whole.set_reactions(place(600), [("heart", GONE), ("tada", "U2")], now=at(700))
    idea = await whole.idea("T1", 2, ALL)
    assert idea is not None
    assert (2, 1) == (idea.reactions, idea.replies)


async def test_to_look_is_no_new_beginning(whole: Store, tmp_path: Path) -> None:
    """A look-up that was under way, or whoever opens the desk, brings no name back; a trial does.

    Until their name is asked for again the trial is somebody's.
    """
    await erase(whole)
    await whole.remember_member("T1", person(GONE, NAME, title="zanzibar librarian"), now=LATER)
    await eventually(whole.is_scrubbed, "it is scrubbed")
    assert [] == held(tmp_path)
    assert await whole.member("T1", GONE) is None
    await whole.add_trial(trial(2, GONE))
    assert ("member", GONE) in job_names(whole)
    await whole.remember_member("T1", person(GONE, NAME), now=LATER)
    assert [NAME] == [one.name for one in await whole.trials_of(2)]


async def test_nothing_of_theirs_is_kept_from_then_on(whole: Store) -> None:
    """If they choose so: no name, no idea, no answer, until they say otherwise."""
    await erase(whole, nothing=True)
    member = await whole.member("T1", GONE)
    assert member is not None
    assert Keep.NOTHING is member.profile.keep
    await whole.remember_member("T1", person(GONE, NAME), now=LATER)
    new = post(600, author=GONE)
    assert NotAnIdea("opted out") == await whole.add(new, draft(), source=Source.POST, now=LATER)
    await whole.react(reaction(10, GONE, stamp_of(at(602))), present=True, now=at(602))
    await whole.add_reply(place(10), place(601), GONE, posted_at=at(601))
    assert [] == rows(whole, f"select * from member where id = '{GONE}'")
    assert [] == rows(whole, f"select * from reaction where member_id = '{GONE}'")
    # An idea that they hand over all the same bears their name.
    await whole.share(
        replace(new, place=replace(new.place, ts="")), draft(), source=Source.COMMAND, now=at(603)
    )
    await whole.remember_member("T1", person(GONE, NAME), now=LATER)
    assert [(NAME, "")] == rows(
        whole,
        f"""select i.author_name, m.name from idea i join member m on m.id = i.author_id
        where m.id = '{GONE}'""",
    )
    await whole.set_profile("T1", GONE, Profile())
    assert isinstance(
        await whole.add(post(700, author=GONE), draft(), source=Source.POST, now=LATER), Captured
    )


async def test_somebody_of_that_name_keeps_it(store: Store) -> None:
    """Where two are called so, only credits and ids tell whom a text means."""
    for member in (GONE, "U2"):
        await store.remember_member("T1", person(member, "Rosa"), now=T0)
    await store.remember_member("T1", person("U4", "Ana Ruiz", real_name="Ana"), now=T0)
    await store.remember_member("T1", person("U5", "Ana Diaz"), now=T0)
    await keep(store, 1, "with @Rosa We read", author="U3", credits=(Credit("Rosa", GONE),))
    await keep(store, 2, "with @Rosa We read", author="U3")
    await keep(store, 3, "@Ana Diaz and @Ana: a book, a.b@Ana", author="U3")
    await erase(store)
    await store.erase("T1", "U4", keeps_nothing=False, now=LATER)
    assert [
        ("with a colleague We read",),
        ("with @Rosa We read",),
        ("@Ana Diaz and a colleague: a book, a.b@…",),
    ] == rows(store, "select text from idea order by number")


# -- kept apart --------------------------------------------------------------------------------


def put_in_place(copy: Path, store: Store) -> None:
    """Put a copy where the database of a closed store was."""
    for end in ("", "-wal", "-shm"):
        store.path.with_name(store.path.name + end).unlink(missing_ok=True)
    copy.rename(store.path)


async def test_a_restored_older_copy_is_cleaned_before_anything_is_read(
    whole: Store, url: str, tmp_path: Path
) -> None:
    """It is refused for reading, then erased in by the next start, and says so in the log."""
    copy = tmp_path / "older" / "copy.db"
    await whole.backup(copy)
    await erase(whole, nothing=True)
    await whole.close()
    put_in_place(copy, whole)
    with pytest.raises(SchemaError, match="before somebody was erased"), read_store(url):
        pass
    with pytest.raises(SchemaError, match="before somebody was erased"):
        open_store(url, read_only=True, older=True)
    migrate(url)
    again = open_store(url)
    await eventually(again.is_scrubbed, "it is scrubbed")
    assert [] == held(tmp_path)
    assert "erased" == (await again.changes("T1", "C1", 1))[0].what
    member = await again.member("T1", GONE)
    assert member is not None
    assert Keep.NOTHING is member.profile.keep
    await again.close()


async def test_what_was_theirs_after_a_copy_was_made_is_erased_in_it(
    store: Store, url: str, tmp_path: Path
) -> None:
    """What they claimed or were given, and kept or took back, though the copy has no id of theirs.

    What others posted stays.
    """
    old = Arrival(
        where="line 1",
        key="padlet:1",
        post=replace(post(0, author=""), place=replace(place(0), ts="")),
        author=Author(id="", name=NAME),
        draft=draft("We imported a zanzibar corner"),
    )
    await store.bring([old], [], now=at(1))
    for n in (2, 3, 4):
        await keep(store, n, f"Zanzibar, told by another {n}", author="U2")
    await keep(store, 5, "Of another", author="U2")
    copy = tmp_path / "older" / "copy.db"
    await store.backup(copy)
    await store.remember_member("T1", person(GONE, NAME), now=at(6))
    await store.remember_member("T1", person("U2", "Ben Okafor"), now=at(6))
    assert await store.set_author(1, GONE)
    for idea_id in (2, 3, 4, 5):
        note = CareNote(idea_id=idea_id, who="U3", at=at(7), what=Cared.MOVED, reason="Theirs")
        assert await store.care_for(note, target=GONE) is not None
    await store.care_for(replace(note, reason="No"), target="U2")
    await store.withdraw(place(3), Withdrawal.CROSSED, now=at(8))
    await store.withdraw(place(4), Withdrawal.REMOVED, now=at(8))
    await erase(store)
    beside = (tmp_path / "ideas.db.erased").read_text()
    assert 5 == len(beside.split("\n")[1:-1])
    await store.close()
    put_in_place(copy, store)
    with pytest.raises(SchemaError, match="before somebody was erased"), read_store(url):
        pass
    again = open_store(url)
    await eventually(again.is_scrubbed, "it is scrubbed")
    assert [] == held(tmp_path)
    assert [(5, "Of another")] == rows(
        again, "select number, text from idea where withdrawn is null"
    )
    assert Nothing("withdrawn") == await again.add(
        post(2, author="U2"), draft(), source=Source.POST, now=LATER
    )
    await again.close()
    assert beside == (tmp_path / "ideas.db.erased").read_text()


async def test_a_number_that_a_copy_gives_anew_is_another_ideas(
    store: Store, url: str, tmp_path: Path
) -> None:
    """That one stays, even where the copy was written to before it was told of the erasure."""
    await store.remember_member("T1", person(GONE, NAME), now=T0)
    copy, beside = tmp_path / "older" / "copy.db", tmp_path / "ideas.db.erased"
    await store.backup(copy)
    await keep(store, 1, author=GONE)
    await erase(store)
    noted = beside.read_bytes()
    await store.close()
    put_in_place(copy, store)
    beside.unlink()
    again = open_store(url)
    assert Captured(1, 1) == await keep(again, 2, "Of another", author="U2")
    await again.close()
    beside.write_bytes(noted)
    for _ in range(2):
        again = open_store(url)
        assert [("Of another",)] == rows(again, "select text from idea")
        await again.close()
    assert noted == beside.read_bytes()


async def test_a_copy_from_before_erasures_were_known_is_cleaned_too(
    whole: Store, url: str
) -> None:
    """A file of an older program has neither table nor salt; the file beside it has both."""
    await erase(whole)
    await whole.close()
    with closing(sqlite3.connect(whole.path)) as con:
        con.executescript(
            f"""drop table erased; alter table upkeep drop column salts;
            delete from _sqlite_migrations where name = '0012_erased';
            insert into member (workspace, id, name) values ('T1', '{GONE}', 'Z')"""
        )
    with pytest.raises(SchemaError, match="before somebody was erased"):
        open_store(url, read_only=True, older=True)
    again = open_store(url)
    assert [] == rows(again, f"select * from member where id = '{GONE}'")
    await again.close()


async def test_a_kill_between_note_and_erasure_is_made_good(
    whole: Store, url: str, tmp_path: Path
) -> None:
    """What stands beside the database counts: the next start finishes it."""
    await erase(whole)
    beside = tmp_path / "ideas.db.erased"
    noted = beside.read_bytes()
    await whole.close()
    alter(whole, "delete from erased")
    alter(whole, "insert into member (workspace, id, name) values ('T1', ?, ?)", GONE, NAME)
    for cut in (b"2026-11-29T15:08", b""):  # a line that a crash cut short is none
        beside.write_bytes(noted + cut)
        again = open_store(url)
        assert [] == rows(again, f"select * from member where id = '{GONE}'")
        await again.erase("T1", "U2", keeps_nothing=False, now=LATER)
        await again.close()
    lines = beside.read_text().splitlines()
    # Two members, and the ideas of both.
    assert 2 + 5 == sum(
        bool(re.fullmatch(r"\S{27} [0-9a-f]{32} [0-9a-f]{40}", one)) for one in lines
    )


async def test_the_file_apart_is_made_anew_from_the_database(
    whole: Store, url: str, tmp_path: Path
) -> None:
    """Lost, it holds every erasure again after the next start; nobody but its owner reads it."""
    await erase(whole)
    beside = tmp_path / "ideas.db.erased"
    noted = beside.read_bytes()
    await whole.close()
    beside.unlink()
    await open_store(url).close()
    assert sorted(noted.split(b"\n")) == sorted(beside.read_bytes().split(b"\n"))
    assert 0o600 == beside.stat().st_mode & 0o777
    assert GONE.encode() not in noted


async def test_an_erasure_that_cannot_be_noted_does_not_happen(
    whole: Store, url: str, tmp_path: Path
) -> None:
    """Where the file beside the database cannot be written, nothing is erased, and it is said."""
    beside = tmp_path / "ideas.db.erased"
    beside.mkdir()
    with pytest.raises(StoreFullError, match=re.escape(str(beside))):
        await erase(whole)
    assert [(NAME,)] == rows(whole, f"select name from member where id = '{GONE}'")
    await whole.close()
    for attempt in (open_store, lambda url: open_store(url, read_only=True)):
        with pytest.raises(StoreFullError, match=re.escape(str(beside))):
            attempt(url)
    beside.rmdir()


async def test_an_erasure_that_does_not_happen_is_not_noted(url: str, tmp_path: Path) -> None:
    """While another program holds the file nothing is erased, and no later start erases it."""
    store = open_store(url, patience=0.1)
    await keep(store, 1, author=GONE)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreBusyError):
            await erase(store)
    await keep(store, 2, author=GONE)
    await store.close()
    again = open_store(url)
    assert 2 == await again.count("T1", NONE, ALL)
    await again.close()
    assert not (tmp_path / "ideas.db.erased").exists()


async def test_two_databases_may_have_made_salts_of_their_own(
    whole: Store, url: str, tmp_path: Path
) -> None:
    """Erasures under another salt hold as well."""
    await erase(whole)
    beside = tmp_path / "ideas.db.erased"
    noted = beside.read_text()
    await whole.close()
    alter(whole, "delete from erased")
    alter(whole, "update upkeep set salts = '[]'")
    beside.unlink()
    again = open_store(url)
    await again.erase("T1", "U2", keeps_nothing=False, now=LATER)
    await again.close()
    with beside.open("a") as file:
        file.write(noted)
    both = open_store(url)
    for member in (GONE, "U2"):
        one = post(3, author=member)
        came = await both.add(one, draft(), source=Source.POST, now=LATER)
        assert NotAnIdea("erased") == came
    await both.close()


async def test_a_store_of_samples_begins_anew(whole: Store, tmp_path: Path) -> None:
    """Wiped, it knows of no erasure any more, here or beside."""
    await erase(whole)
    await whole.wipe()
    assert not (tmp_path / "ideas.db.erased").exists()
    assert isinstance(
        await whole.add(post(1, author=GONE), draft(), source=Source.POST, now=LATER), Captured
    )


# -- what is held ------------------------------------------------------------------------------


async def test_everything_held_is_told(whole: Store) -> None:
    """A section of each table that holds them, in words, and how many rows each has."""
    with whole.held_about("T1", GONE) as found:
        told = {title: list(each) for title, each in found}
    counts = await whole.holdings("T1", GONE)
    assert {title: len(each) for title, each in told.items()} == counts
    assert {
        *("ideas", "profile", "names", "trials", "replies", "reactions", "credits by others"),
        *("claims", "questions", "changes of settings", "skipped digests", "shared pages"),
        *("ideas left out of digests", "channels that the bot was invited to", "what the bot told"),
        *("what waits to be done", "what the chat needs", "ideas of others that name you"),
    } == set(told)
    assert ["A zanzibar story", "The zanzibar corner"] == [one["text"] for one in told["ideas"]]
    assert ("zanzibar",) == told["ideas"][0]["tags"]
    assert {"idea": 2, "words": "it was a quagmire"}.items() <= told["trials"][0].items()
    assert "2026-11-25T15:00:21.000000Z" == told["replies"][0]["posted at"]
    assert {"member": GONE, "filters": "zanzibar"} in [
        one.get("payload") for one in told["what waits to be done"]
    ]


async def test_a_file_about_one_member_tells_no_id_and_name_of_another(whole: Store) -> None:
    """Who decided, who moved a credit, who claimed, whom else the chat needs: a colleague."""
    await whole.remember_member("T1", person("U3", "Xenia Petrov"), now=T0)
    await whole.decide_prompt("T1", "C1", 1, State.DECLINED, who="U3", now=at(50))
    note = CareNote(idea_id=1, who="U3", at=at(51), what=Cared.MOVED, reason="It is Ben's")
    assert await whole.care_for(note, target="U2") is not None
    told = Delivery(
        workspace="T1", channel="C1", kind=DeliveryKind.NOTICE, subject=f"claimed {GONE} U3", at=T0
    )
    await whole.claim(told, Plan(), now=at(52), lease=timedelta(minutes=1))
    await whole.note("T1", "pair", "team", f'["{GONE}", "U3"]')
    for member, others in ((GONE, ("U3", "Xenia")), ("U3", (GONE, NAME))):
        with whole.held_about("T1", member) as found:
            file = json.dumps({title: list(each) for title, each in found})
        assert "a colleague" in file
        assert [] == [one for one in others if one in file]


async def test_what_is_told_of_ideas_names_them_by_number(whole: Store) -> None:
    """An idea that was merged says which one it is part of, as people know it."""
    (first, third) = [await whole.idea_numbered("T1", number) for number in (1, 3)]
    assert first is not None
    assert third is not None
    note = CareNote(
        idea_id=third.id, who="U2", at=at(51), what=Cared.MERGED, reason="Same", other_id=first.id
    )
    assert await whole.care_for(note) is not None
    with whole.held_about("T1", "U2") as found:
        told = {title: list(each) for title, each in found}
    assert {"idea": 3, "other idea": 1}.items() <= told["care"][0].items()
    assert [1] == [one["part of"] for one in told["ideas"] if "part of" in one]


async def test_of_who_was_erased_only_that_is_held(whole: Store) -> None:
    """What is told of them then is when that was."""
    await erase(whole)
    with whole.held_about("T1", GONE) as found:
        told = {title: list(each) for title, each in found}
    assert {"erasures": [{"at": "2026-11-25T15:08:20.000000Z"}]} == told
