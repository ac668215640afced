"""Editing an idea of one's own: what the form shows, what it keeps, and what it refuses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.desk.replies import Answer, OpenForm, Problems
from bot.core.errors import NoSuchIdeaError, NotAllowedError
from bot.core.messages import idea_form
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Idea, Source, Withdrawal
from bot.core.model.parts import Actions, Paragraph, Submission, TextField, Words
from bot.core.model.people import Person
from bot.core.model.posts import Mention, Place, Post, Text
from bot.core.model.vocabulary import command
from bot.core.model.work import Effect
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, buttons, said
from tests.core.samples import idea as sample
from tests.core.stage import FRAMEWORK
from tests.storage.making import jobs_of

ABOUT = Action(Act.EDIT, number=1, channel="C1")


async def shared(counter: Counter, **values: str) -> Idea:
    """Ben shares an idea in the form."""
    given = {"channel": "C1", "text": IDEA} | values
    await known(counter)
    await counter.desk.submit(BEN, Submission(Action(Act.SHARE, channel="C1"), given))
    return await kept(counter)


async def known(counter: Counter) -> None:
    """The bot has met Rosa."""
    rosa = counter.here.room.people["UROSA"]
    await counter.here.store.remember_member("T1", rosa, now=counter.here.clock())


async def kept(counter: Counter) -> Idea:
    found = await counter.idea()
    assert found is not None
    return found


async def opened(counter: Counter, asked: str = "edit 1") -> dict[str, str]:
    """The values with which Ben's form opens, by field."""
    reply = await counter.desk.command(BEN, asked)
    assert isinstance(reply, OpenForm)
    assert replace(ABOUT) == reply.form.about
    return {
        one.id: one.value
        for one in reply.form.fields
        if not isinstance(one, Actions | Paragraph | Words)
    }


async def sent(counter: Counter, **values: str) -> Any:
    return await counter.desk.submit(BEN, Submission(ABOUT, values))


async def test_the_form_comes_back_as_it_was_sent(counter: Counter) -> None:
    """Sent as it opens, nothing is changed; people keep their ids."""
    given = {"component": "-", "tags": "shade", "link": "https://a.example/x"}
    before = await shared(counter, **given, credit="UROSA", thanks="Ms Lee")
    values = await opened(counter)
    assert {"text": IDEA, "credit": "UROSA", "thanks": "Ms Lee"} | given == values
    answer = await sent(counter, **values)
    assert isinstance(answer, Answer)
    assert "C1" == answer.channel
    assert before == await kept(counter)
    assert (("UROSA Name", "Ms Lee"), ()) == (before.credits, before.components)


async def test_a_button_on_ones_own_idea_opens_the_form(counter: Counter) -> None:
    """Nobody else has it."""
    await shared(counter)
    press = buttons(await counter.desk.command(BEN, "show 1"))["Edit"]
    assert isinstance(await counter.desk.press(BEN, press), OpenForm)
    assert "Edit" not in buttons(await counter.desk.command(ROSA, "show 1"))
    with pytest.raises(NotAllowedError, match="Only its author can edit it"):
        await counter.desk.press(ROSA, press)
    with pytest.raises(NotAllowedError):
        await counter.desk.submit(ROSA, Submission(ABOUT, {"text": "Mine now"}))
    assert IDEA == (await kept(counter)).text


async def test_new_words_are_read_anew(counter: Counter) -> None:
    """Tags, credits and what it is about; whoever was thanked by id keeps it, and it is redrawn."""
    await shared(counter, text="With @Zoe we read aloud", credit="UROSA")
    await jobs_of(counter.here.store, counter.here.clock(), Effect.PUBLISH, 9)
    counter.here.clock.move(timedelta(minutes=1))
    words = "Thanks to @Zoe and @UROSA Name we co-taught #sources"
    await sent(counter, text=words, credit="UROSA", component="?")
    now = await kept(counter)
    assert (words, ("sources",), ("Zoe", "UROSA Name")) == (now.text, now.tags, now.credits)
    assert now.edited_at is not None
    redrawn = await jobs_of(counter.here.store, counter.here.clock(), Effect.REDRAW, 9)
    assert [str(now.id)] == [job.key for job in redrawn]


async def test_an_idea_without_words_is_refused(counter: Counter) -> None:
    """What stood there stays; so it does where a tag or the link cannot be read."""
    await shared(counter)
    for field, wrong in (("text", " "), ("tags", "12"), ("link", "a b"), ("link", "ftp://x.y")):
        reply = await sent(counter, **{"text": IDEA, field: wrong})
        assert isinstance(reply, Problems)
        assert [field] == list(reply.by_field)
    assert (IDEA, ()) == ((await kept(counter)).text, (await kept(counter)).tags)


NARROW = 200
"""Characters of a message, and of a field of a form."""


def narrowed(counter: Counter) -> None:
    """From now on the platform takes no more than so many."""
    editing, sharing = counter.desk.editing, counter.desk.sharing
    sharer = replace(editing.sharer, longest=NARROW)
    counter.desk = replace(
        counter.desk,
        editing=replace(editing, sharer=sharer),
        sharing=replace(sharing, sharer=sharer),
    )


async def test_what_the_form_shows_cut_stays_whole(counter: Counter) -> None:
    """Sent as it was shown, no end is lost; with another tag only the tags change."""
    given = {
        "text": f"{IDEA} " * 4,
        "tags": " ".join(f"{'tasting' * 3}{number}" for number in range(20)),
        "link": f"https://a.example/{'x' * NARROW}",
        "thanks": ", ".join(f"Ms Lee of Prairie {number}" for number in range(20)),
    }
    before = await shared(counter, **given)
    narrowed(counter)
    reply = await counter.desk.command(BEN, "edit 1")
    assert isinstance(reply, OpenForm)
    lines = [one for one in reply.form.fields if isinstance(one, TextField)]
    shown = {one.id: one.shown(NARROW) for one in lines}
    assert list(given) == [name for name, words in shown.items() if words.endswith("…")]
    await sent(counter, **shown)
    assert before == await kept(counter)
    await sent(counter, **shown | {"tags": "shade"})
    assert replace(before, tags=("shade",)) == await kept(counter)


async def test_an_idea_is_measured_as_platforms_do(counter: Counter) -> None:
    """Most emoji count twice: what would not be drawn whole is refused, in a line and edited."""
    await shared(counter)
    narrowed(counter)
    emoji = "\U0001f4da" * (NARROW // 2)
    reply = await sent(counter, text=f"{emoji}!")
    assert isinstance(reply, Problems)
    assert f"{NARROW + 1} characters" in reply.by_field["text"]
    assert isinstance(await sent(counter, text=emoji), Answer)


async def test_what_was_withdrawn_meanwhile_says_so(counter: Counter) -> None:
    """Before the form is sent, or while it is."""
    await shared(counter)
    await counter.here.store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=counter.here.clock())
    with pytest.raises(NoSuchIdeaError):
        await sent(counter, text=IDEA)
    none = await counter.here.store.revise(
        "T1", 9, None, added=(await counter.here.store.added_to(1)), components=(), framework="",
        now=counter.here.clock(),
    )  # fmt: skip
    assert none is None


async def test_a_colleague_whose_name_comes_later_is_credited_by_it(counter: Counter) -> None:
    """Until then their id stands there; an edit in between loses neither."""
    idea = await shared(counter, credit="UZOE,UBEN,,UZOE")
    assert ("UZOE",) == idea.credits
    await sent(counter, text=f"{IDEA} #new", credit="UZOE")
    counter.here.room.people["UZOE"] = Person(id="UZOE", name="Zoe Quist")
    jobs = await jobs_of(counter.here.store, counter.here.clock(), Effect.NAMES, 9)
    assert [str(idea.id)] == [job.key for job in jobs]
    assert () == await counter.here.store.set_names(idea.id, {"UZOE": "Zoe Quist"})
    assert ("Zoe Quist",) == (await kept(counter)).credits


async def test_what_was_added_to_a_post_stays_when_it_is_edited(counter: Counter) -> None:
    """Also what its words say, too; a question and a post in doubt stay what they are."""
    await known(counter)
    at = counter.here.clock()
    body = (Text("Who has tried a #garden with "), Mention("UROSA", None), Text("?"))
    post = Post(
        place=Place("T1", "C1", f"{at.timestamp():.6f}"), posted_at=at, author_id="UBEN", body=body
    )
    await counter.desk.saving.keeper.capture(post)
    before = await kept(counter)
    values = {"text": "not these words", "tags": "garden shade", "link": "a.example/x"}
    await sent(counter, **values, credit="UROSA", component="-")
    now = await kept(counter)
    assert (before.text, before.kind, ("garden", "shade")) == (now.text, now.kind, now.tags)
    assert now.edited_at is None
    assert ("UROSA Name",) == now.credits
    edited = replace(
        post, body=(Text("Who has tried one of these? https://b.example/y"),), edited="2"
    )
    await counter.desk.saving.keeper.edit(edited)
    now = await kept(counter)
    assert (("garden", "shade"), ("UROSA Name",)) == (now.tags, now.credits)
    assert "https://a.example/x" in now.resources
    await sent(counter, text="", tags="shade")
    assert (("shade",), ()) == ((await kept(counter)).tags, (await kept(counter)).credits)


def test_the_form_says_where_words_are_edited() -> None:
    """In the channel, by its link or by its name; what was imported stays as it came."""
    ours = idea_form.edit(replace(sample(3), source=Source.FORM), FRAMEWORK, {}, here="")
    assert isinstance(ours.fields[0], TextField)
    linked = idea_form.edit(sample(3, permalink="https://x.example/p"), FRAMEWORK, {}, here="")
    assert isinstance(linked.fields[0], Paragraph)
    assert "https://x.example/p" == linked.fields[0].runs[-1].url
    plain = idea_form.edit(sample(3, permalink=""), FRAMEWORK, {}, here="")
    assert isinstance(plain.fields[0], Paragraph)
    assert "edit the post itself in " in plain.fields[0].runs[0].text
    brought = idea_form.edit(replace(sample(3), source=Source.IMPORT), FRAMEWORK, {}, here="")
    assert isinstance(brought.fields[0], Words)


def test_a_component_that_is_gone_is_none() -> None:
    """Its idea is under no part, and the way to choose one is said."""
    words = idea_form.sorted_under(sample(3, components=("GONE",)), FRAMEWORK, chosen=False)
    assert f"none. `{command('edit 3')}` lets you choose one." in words


# -- similar ideas, before one is posted ----------------------------------------------------------

TASTING = "Book tasting at lunch: tablecloths, menus, and five minutes with each genre."
AGAIN = "We held a book tasting with menus and tablecloths, five genres, five minutes each."


async def test_the_form_shows_similar_ideas_before_it_posts(counter: Counter) -> None:
    """With everything that was entered; sent again, whatever it says now is posted."""
    await counter.here.says("UROSA", TASTING)
    values = {"channel": "C1", "text": AGAIN, "tags": "genres", "credit": "UROSA", "component": "-"}
    asked = await counter.desk.submit(BEN, Submission(Action(Act.SHARE, channel="C1"), values))
    assert isinstance(asked, OpenForm)
    assert asked.instead
    assert "Post anyway" == asked.form.submit
    stands = {one.id: one.value for one in asked.form.fields if isinstance(one, TextField)}
    assert (AGAIN, "genres") == (stands["text"], stands["tags"])
    shown = [one.runs for one in asked.form.fields if isinstance(one, Paragraph)]
    assert "#1 UROSA Name: " in [run.text for runs in shown for run in runs]
    assert 1 == len(shown) - 1
    done = await counter.desk.submit(BEN, Submission(asked.form.about, values))
    assert isinstance(done, Answer)
    kept_now = await counter.idea(2)
    assert kept_now is not None
    assert (AGAIN, ("genres",)) == (kept_now.text, kept_now.tags)


async def test_an_idea_in_one_line_is_posted_and_similar_ones_are_named(counter: Counter) -> None:
    """To its author alone, with a button to say that they tried one; none for their own."""
    await counter.here.says("UROSA", TASTING)
    await counter.here.says("UBEN", f"{TASTING} And again.")
    reply = await counter.desk.command(BEN, AGAIN, sharing=True)
    assert "Kept as #3" in said(reply)
    assert "nearly the same before" in said(reply)
    assert Action(Act.TRIED, number=1) == buttons(reply)["I tried this"]
    other = await counter.desk.command(BEN, IDEA, sharing=True)
    assert "nearly the same" not in said(other)
