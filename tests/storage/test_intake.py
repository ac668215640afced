"""Posts come in, are edited, and are refused."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Changed,
    Credit,
    Filters,
    Kind,
    NotAnIdea,
    Nothing,
    Resource,
    ResourceKind,
    Source,
    Withdrawal,
)
from bot.core.model.people import ChannelInfo, Keep, Profile
from bot.core.model.posts import Reaction
from storage import Store, open_store
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
    keep,
    person,
    place,
    post,
    query,
    rich,
    stamp_of,
    take,
)

# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "marked", "source", "by", "kept"),
    [
        (Keep.NOTHING, False, Source.POST, "", "opted out"),
        (Keep.NOTHING, True, Source.POST, "", "opted out"),
        (Keep.NOTHING, True, Source.REACTION, "U1", "opted out"),
        (Keep.MARKED, False, Source.POST, "", "marked only"),
        (Keep.MARKED, False, Source.ANSWER, "", "marked only"),
        (Keep.MARKED, True, Source.REACTION, "U2", "marked only"),
        (Keep.MARKED, True, Source.SHORTCUT, "U2", "marked only"),
        (Keep.MARKED, True, Source.REACTION, "U1", ""),
        (Keep.MARKED, True, Source.POST, "", ""),
        (Keep.ALL, True, Source.REACTION, "U2", ""),
        (Keep.ALL, False, Source.POST, "", ""),
    ],
)
async def test_wishes(
    store: Store, wish: Keep, source: Source, by: str, kept: str, *, marked: bool
) -> None:
    """What a member lets us keep decides, and nobody else's mark stands for theirs."""
    await store.set_profile("T1", "U1", Profile(keep=wish))
    outcome = await store.add(post(0), draft(marked=marked), source=source, by=by, now=T0)
    assert kept == (outcome.why if isinstance(outcome, NotAnIdea) else "")
    assert (not kept) == bool(await found(store))
    member = await store.member("T1", "U1")
    assert member is not None
    assert wish is member.profile.keep


async def test_channel_that_wants_marks(store: Store) -> None:
    """In a channel of marked ideas only, a post must be marked or chosen by somebody."""
    await store.saw_channel("T1", "C1", now=T0)
    alter(store, "update channel set marked_only = 1")
    plain = await store.add(post(0), draft(), source=Source.POST, now=T0)
    assert NotAnIdea("marked only") == plain
    marked = await store.add(post(1), draft(marked=True), source=Source.POST, now=T0)
    assert Captured(1, 1) == marked
    chosen = await store.add(post(2), draft(), source=Source.REACTION, by="U2", now=T0)
    assert Captured(2, 2) == chosen


async def test_deletion_before_creation(store: Store) -> None:
    """An idea whose deletion came first never appears, by whichever door."""
    gone = await store.withdraw(place(0), Withdrawal.DELETED, now=T0)
    assert Nothing("unknown") == gone
    late = await store.add(post(0), draft(), source=Source.POST, now=T0)
    assert Nothing("outdated") == late
    edited = await store.change(post(0, edited="9"), draft(), fits=True, now=T0)
    assert Nothing("outdated") == edited
    assert [] == await found(store)


async def test_edit_before_creation(store: Store) -> None:
    """An edit that no longer fits keeps an older copy out, but not a newer one."""
    passed = await store.change(post(0, edited="5"), draft(), fits=False, now=T0)
    assert NotAnIdea("edited") == passed
    late = await store.add(post(0), draft(), source=Source.POST, now=T0)
    assert Nothing("outdated") == late
    older = await store.change(post(0, edited="4"), draft(), fits=True, now=T0)
    assert Nothing("outdated") == older
    newer = await store.change(post(0, edited="6"), draft(), fits=True, now=T0)
    assert Captured(1, 1) == newer


async def test_passed_and_then_chosen(store: Store) -> None:
    """A post that passed by after its edit is kept when somebody marks that very version."""
    await store.change(post(0, edited="5"), draft(), fits=False, now=T0)
    chosen = await store.add(post(0, edited="5"), draft(), source=Source.REACTION, by="U2", now=T0)
    assert Captured(1, 1) == chosen


async def test_two_passing_edits_swapped(store: Store) -> None:
    """The newest stamp of a passed message is remembered, not the last to come."""
    await store.change(post(0, edited="7"), draft(), fits=False, now=T0)
    await store.change(post(0, edited="7"), draft(), fits=False, now=T0)
    older = await store.change(post(0, edited="6"), draft(), fits=True, now=T0)
    assert Nothing("outdated") == older


async def test_taken_back_before_it_was_kept(store: Store) -> None:
    """A post that its author crossed out before it came is not kept."""
    await store.react(Reaction(place(0), "U1", "x", "1"), present=True, now=T0)
    outcome = await store.add(post(0), draft(), source=Source.POST, now=T0)
    assert NotAnIdea("crossed") == outcome


async def test_other_zones(store: Store) -> None:
    """An instant of any zone is kept as what it is in UTC."""
    elsewhere = T0.astimezone(timezone(timedelta(hours=-6)))
    local = replace(post(0), posted_at=elsewhere)
    await store.add(local, draft(), source=Source.POST, now=elsewhere)
    assert [("2026-11-25T15:00:00.000000Z",)] == query(store, "select posted_at from idea")


# -- what is kept -----------------------------------------------------------------------------


async def test_four_times_the_same(store: Store) -> None:
    """The same post four times is one idea, one number and one job of each kind."""
    first = await store.add(post(0), rich(), source=Source.POST, now=T0)
    assert Captured(1, 1) == first
    for _ in range(3):
        again = await store.add(post(0), rich(), source=Source.POST, now=at(86_400))
        assert AlreadyKnown(1, 1) == again
    assert Captured(2, 2) == await keep(store, 1)
    assert [(2,)] == query(store, "select count(*) from outbox where effect = 'mark'")


async def test_first_idea_of_a_stranger(store: Store) -> None:
    """A first post by an unknown member in an unknown channel queues every look-up it needs.

    Its author hears of it once: that a colleague marked it.
    """
    await store.add(
        post(0), draft("Ask @U9", unnamed=("U9",)), source=Source.REACTION, by="U2", now=T0
    )
    assert {
        ("mark", "1"),
        ("permalink", "1"),
        ("member", "U1"),
        ("channel", "C1"),
        ("names", "1"),
        ("marked", "1"),
    } == job_names(store)


async def test_second_idea_of_somebody_known(store: Store) -> None:
    """A known author in a known channel needs only the mark and the permalink."""
    await keep(store)
    await store.remember_member("T1", person(), now=T0)
    await store.remember_channel("T1", ChannelInfo(id="C1", name="ideas", private=False), now=T0)
    alter(store, "delete from outbox")
    await keep(store, 1)
    assert {("mark", "2"), ("permalink", "2")} == job_names(store)
    alter(store, "delete from outbox")
    await keep(store, 2 * 86_400)
    assert {
        ("mark", "3"),
        ("permalink", "3"),
        ("member", "U1"),
        ("channel", "C1"),
    } == job_names(store)


async def test_author_is_frozen(store: Store) -> None:
    """Name, title and school stay as they were on the day of the post."""
    await store.remember_member("T1", person(title="Librarian", real_name="Ana R."), now=T0)
    await store.set_profile("T1", "U1", Profile(school="Hill", district="D4", role="K-5"))
    await keep(store)
    await store.remember_member("T1", person(name="Dr Ruiz", title="Head"), now=at(60))
    await store.set_profile("T1", "U1", Profile(school="Lake"))
    await keep(store, 120)
    (old, new) = [await store.idea("T1", number, ALL) for number in (1, 2)]
    assert old is not None
    assert new is not None
    assert ("Ana Ruiz", "Ana R.", "Librarian", "Hill", "D4", "K-5") == (
        old.author.name,
        old.author.real_name,
        old.author.title,
        old.author.school,
        old.author.district,
        old.author.role,
    )
    assert ("Dr Ruiz", "Lake") == (new.author.name, new.author.school)


async def test_name_looked_up_long_ago(store: Store) -> None:
    """A name older than a day is shown, but not frozen; the next look-up fills it in."""
    await store.remember_member("T1", person(), now=T0 - timedelta(days=2))
    await keep(store)
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    assert "Ana Ruiz" == idea.author.name
    assert [("",)] == query(store, "select author_name from idea")
    assert [] == await found(store, "ruiz")
    await store.remember_member("T1", person(name="Ana Neu"), now=T0)
    assert [("Ana Neu",)] == query(store, "select author_name from idea")
    assert [1] == await found(store, "neu")


async def test_author_without_a_name(store: Store) -> None:
    """While nobody knows the author's name, there is the id alone."""
    await keep(store)
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    assert ("U1", "") == (idea.author.id, idea.author.name)
    await store.remember_member("T1", person(name=""), now=T0)
    await keep(store, 1)
    assert ("member", "U1") in job_names(store)


async def test_everything_of_an_idea(store: Store) -> None:
    """What a draft holds comes back as it was."""
    await take(
        store,
        "T1",
        "C1",
        DeliveryKind.PROMPT,
        "2026-W48",
        at=T0,
        now=T0,
        lease=timedelta(minutes=5),
        prompt_id="p7",
        prompt_text="What helped?",
    )
    await store.add(
        post(0, edited=stamp_of(at(30))), rich(), source=Source.ANSWER, prompt_id="p7", now=at(60)
    )
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert ("makerspace", "lunch") == idea.tags
    assert ("LIT", "ADV") == idea.components
    assert ("https://example.org/plan", "https://example.org/talk") == idea.resources
    assert ("Ms Outside", "@U9") == idea.credits
    assert ("What helped?", Source.ANSWER, Kind.IDEA) == (idea.prompt, idea.source, idea.kind)
    assert (T0, at(30), at(60)) == (idea.posted_at, idea.edited_at, idea.kept_at)
    assert place(0) == idea.place


async def test_unknown_prompt(store: Store) -> None:
    """An answer to a prompt that we know nothing of has no prompt text."""
    await store.add(post(0), draft(), source=Source.ANSWER, prompt_id="p8", now=T0)
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert "" == idea.prompt


async def test_hostile_text(store: Store) -> None:
    """NUL and halves of characters are mended; everything else stays as it is."""
    await keep(store, text="a\0b \ud83d\ude00 \ud83d é 'x' \"y\" <!channel> --")
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert "ab 😀 � é 'x' \"y\" <!channel> --" == idea.text


async def test_lists_with_semicolons(store: Store) -> None:
    """An item never turns into two, whatever stands in it."""
    await keep(
        store,
        credits=(Credit("Ruiz; Lee"), Credit("Kim")),
        resources=(Resource("https://x.org/a; b", ResourceKind.LINK),),
        tags=("a", "a", "b"),
    )
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert ("Ruiz, Lee", "Kim") == idea.credits
    assert ("https://x.org/a;%20b",) == idea.resources
    assert ("a", "b") == idea.tags


async def test_same_instant(store: Store) -> None:
    """Ideas of the same microsecond in several channels are all kept and found."""
    for channel in ("C1", "C2", "C3"):
        await keep(store, channel=channel)
    await keep(store, 0.000001)
    assert [4, 3, 2, 1] == await found(store)
    assert {1, 2, 3, 4} == set(await found(store, "makerspace"))
    assert () == await store.check()


async def test_a_message_makes_a_channel_private(store: Store) -> None:
    """A message can hide a channel at once, but only the platform's word can open it again."""
    await store.remember_channel("T1", ChannelInfo(id="C1", name="x", private=False), now=T0)
    await keep(store, private=True)
    channel = await store.channel("T1", "C1")
    assert channel is not None
    assert channel.private
    assert ("channel", "C1") in job_names(store)
    await keep(store, 1, private=False)
    channel = await store.channel("T1", "C1")
    assert channel is not None
    assert channel.private


async def test_unknown_privacy(store: Store) -> None:
    """A channel of unknown privacy counts as private until a message tells."""
    await keep(store, private=None)
    channel = await store.channel("T1", "C1")
    assert channel is not None
    assert channel.private
    await keep(store, 1, private=False)
    channel = await store.channel("T1", "C1")
    assert channel is not None
    assert not channel.private


# -- edits ------------------------------------------------------------------------------------


async def test_swapped_edits(store: Store) -> None:
    """Of two edits the newest wins, in whichever order they come."""
    await keep(store)
    newer = await store.change(post(0, edited="3"), draft("third"), fits=True, now=T0)
    assert Changed(1, 1) == newer
    older = await store.change(post(0, edited="2"), draft("second"), fits=True, now=T0)
    assert AlreadyKnown(1, 1) == older
    assert [1] == await found(store, "third")
    assert [] == await found(store, "makerspace")
    assert [] == await found(store, "second")


async def test_edit_that_changes_nothing(store: Store) -> None:
    """With the same text and resources nothing changes, not even the time of the edit."""
    await store.add(post(0), rich(), source=Source.POST, now=T0)
    same = await store.change(post(0, edited="2"), rich(), fits=True, now=T0)
    assert AlreadyKnown(1, 1) == same
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert idea.edited_at is None
    older = await store.change(post(0, edited="1"), draft("old"), fits=True, now=T0)
    assert AlreadyKnown(1, 1) == older


async def test_the_same_edit_again(store: Store) -> None:
    """An edit that comes again changes nothing, not even names that were put in since."""
    await keep(store)
    first = await store.change(
        post(0, edited="2"), draft("Ask @U9", unnamed=("U9",)), fits=True, now=T0
    )
    assert Changed(1, 1) == first
    await store.set_names(1, {"U9": "Kim"})
    again = await store.change(
        post(0, edited="2"), draft("Ask @U9", unnamed=("U9",)), fits=True, now=T0
    )
    assert AlreadyKnown(1, 1) == again
    assert [("Ask @Kim",)] == query(store, "select text from idea")


async def test_a_deleted_file_takes_only_itself(store: Store) -> None:
    """What else the post has stays, whether it is shown or hidden now; a link is no file."""
    urls = [f"https://e.org/files/U1/F{n}/p.png" for n in (1, 2, 3)]
    files = [Resource(url, ResourceKind.IMAGE, f"photo {url[-7]}") for url in urls]
    await keep(store, resources=tuple(files))
    lost, left = frozenset({"F1", "F"}), draft(resources=(files[1],))
    for expected in (Changed(1, 1), AlreadyKnown(1, 1)):
        assert expected == await store.change(post(0, lost=lost), left, fits=True, now=T0)
        assert [(urls[1],), (urls[2],)] == query(store, "select url from resource order by url")
    assert not query(store, "select 1 from resource where title = 'photo 1'")
    assert () == await store.check()


async def test_edit_rewrites_everything(store: Store) -> None:
    """An edit replaces tags, resources, credits and components, and asks for a new mark."""
    await store.add(post(0), rich(), source=Source.POST, now=T0)
    alter(store, "delete from outbox")
    edit = draft("What about @U8?", kind=Kind.QUESTION, tags=("new",), unnamed=("U8",))
    await store.add(post(0, edited=stamp_of(at(90))), edit, source=Source.POST, now=at(99))
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert (("new",), (), (), ()) == (idea.tags, idea.components, idea.resources, idea.credits)
    assert (Kind.QUESTION, at(90)) == (idea.kind, idea.edited_at)
    assert {("names", "1"), ("mark", "1")} == job_names(store)
    assert () == await store.check()


async def test_edit_with_another_stamp(store: Store) -> None:
    """An edit stamp that is no time counts from when it came."""
    await keep(store)
    await store.change(post(0, edited="v2"), draft("new words"), fits=True, now=at(7))
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert at(7) == idea.edited_at


async def test_component_set_by_hand(store: Store) -> None:
    """A component that was set by hand survives every edit."""
    await store.add(post(0), rich(), source=Source.POST, now=T0)
    alter(store, "update idea set components_by_hand = 1")
    await store.change(post(0, edited="2"), draft("new", components=("OTHER",)), fits=True, now=T0)
    idea = await store.idea_at(place(0))
    assert idea is not None
    assert ("LIT", "ADV") == idea.components
    assert {"LIT": 1, "ADV": 1} == await store.by_component("T1", Filters(channel="C1"))


async def test_titles(store: Store) -> None:
    """Titles found for links are kept with them; elsewhere they do nothing."""
    await store.add(post(0), rich(), source=Source.POST, now=T0)
    await store.set_titles(place(0), {"https://example.org/plan": "A plan", "https://x.org": "X"})
    await store.set_titles(place(1), {"https://example.org/plan": "Nobody"})
    assert [("A plan",), ("A talk",)] == query(
        store, "select title from resource order by position"
    )


async def test_names(store: Store) -> None:
    """Names replace ids in text and credits; what has none yet is told."""
    await store.add(
        post(0),
        draft(
            "Ask @U9, @U98 and see #C7",
            unnamed=("U9", "U98", "#C7"),
            credits=rich().credits,
        ),
        source=Source.POST,
        now=T0,
    )
    assert ("U9", "U98", "#C7") == await store.set_names(1, {})
    still = await store.set_names(1, {"U9": "Lee \\1", "#C7": "plans", "U98": ""})
    assert ("U98",) == still
    idea = await store.idea_by_id(1)
    assert idea is not None
    assert "Ask @Lee \\1, @U98 and see #plans" == idea.text
    assert ("Ms Outside", "Lee \\1") == idea.credits
    assert [1] == await found(store, "plans")
    assert () == await store.set_names(77, {"U9": "x"})


# -- numbers ----------------------------------------------------------------------------------


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "withdraw", "change", "other"]), st.integers(0, 5)),
        max_size=30,
    )
)
async def test_numbers_without_gaps(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Whatever is repeated, withdrawn or refused, numbers run from 1 without gaps."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('n') / 'n.db'}")
    try:
        for what, n in steps:
            if what == "add":
                await store.add(post(n), draft(), source=Source.POST, now=T0)
            elif what == "withdraw":
                await store.withdraw(place(n), Withdrawal.DELETED, now=T0)
            elif what == "change":
                await store.change(post(n, edited=str(n)), draft(), fits=bool(n % 2), now=T0)
            else:
                await store.add(post(n, workspace="T2"), draft(), source=Source.POST, now=T0)
        for workspace in ("T1", "T2"):
            numbers = query(
                store, "select number from idea where workspace = ? order by 1", workspace
            )
            assert [(n + 1,) for n in range(len(numbers))] == numbers
        assert () == await store.check()
    finally:
        await store.close()


async def test_two_workspaces_share_ids(store: Store) -> None:
    """Two workspaces with the same ids never see each other's rows."""
    await keep(store, text="ours")
    await keep(store, workspace="T2", text="theirs")
    for workspace, text in (("T1", "ours"), ("T2", "theirs")):
        page = await store.find(workspace, NONE, ALL)
        assert [(1, text)] == [(idea.number, idea.text) for idea in page.ideas]
        assert 1 == await store.count(workspace, NONE, ALL)
        rows = list(exported(store, workspace, NONE, ALL))
        assert [text] == [row[9] for row in rows]
    await store.withdraw(place(0), Withdrawal.DELETED, now=T0)
    assert 1 == await store.count("T2", NONE, ALL)
