"""The member's desk: what stands in each part of it, and for whom."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.desk.replies import Answer, OpenForm
from bot.core.errors import NotAllowedError
from bot.core.finding.ideas import PAGE
from bot.core.messages import home as messages
from bot.core.messages.common import NOT_ALL
from bot.core.messages.common import said as say
from bot.core.model.actions import Act, Action
from bot.core.model.home import Tab
from bot.core.model.parts import (
    Actions,
    Button,
    ChoiceField,
    Entry,
    Home,
    Submission,
    TextField,
)
from bot.core.model.people import Asker, ChannelInfo, Keep, Person, Profile
from bot.core.model.posts import NOTHING, Reaction, Reading
from bot.core.week.shares import ShareWish
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, buttons, said
from tests.core.stage import DIGEST, PROMPT

BENS = replace(BEN, channel="", pressed=True)
ROSAS = replace(ROSA, channel="", pressed=True)


async def at(
    counter: Counter,
    tab: Tab,
    asker: Asker = BENS,
    entered: Mapping[str, str] = NOTHING,
    **more: object,
) -> Answer:
    """A part of the desk, as a press shows it."""
    action = Action(Act.HOME, tab=tab, **more)  # type: ignore[arg-type]
    reply = await counter.desk.press(asker, action, entered)
    assert isinstance(reply, Answer)
    assert isinstance(reply.message, Home)
    return reply


def chosen(answer: Answer) -> dict[str, str]:
    """What stands in the fields of the search."""
    (entry,) = [one for one in answer.message.parts if isinstance(one, Entry)]
    return {one.id: one.value for one in entry.fields}


def links(answer: Answer) -> list[str]:
    """Where buttons lead that open a page."""
    rows = (one.buttons for one in answer.message.parts if isinstance(one, Actions))
    return [one.url for row in rows for one in row if isinstance(one, Button) and one.url]


# -- the start --------------------------------------------------------------------------------


async def test_an_empty_desk_teaches(counter: Counter) -> None:
    """Where nobody has shared yet, it says what to write and that yours can be the first."""
    start = await at(counter, Tab.START)
    assert "yours can be the first" in said(start)
    assert Action(Act.SHARE) == buttons(start)["Share an idea"]
    every = ["Start", "My ideas", "Saved", "Find", "About me", "Share an idea"]
    assert every == list(buttons(start))


async def test_where_the_bot_is_in_no_channel_it_says_how_to_invite_it(counter: Counter) -> None:
    """Nothing could be shared yet."""
    await counter.here.store.saw_channel("T1", "C1", now=counter.here.clock(), member=False)
    assert "I am in no channel yet" in said(await at(counter, Tab.START))


async def test_the_start_has_what_is_new_and_what_was_gathered(counter: Counter) -> None:
    """Three ideas of the last seven days, how many there are, and what one's own gathered."""
    here = counter.here
    await here.says("UBEN", "An old one: we planned a unit together and taught it.")
    idea = await here.store.idea_by_id(1)
    assert idea is not None
    assert idea.place is not None
    await here.store.react(
        Reaction(idea.place, "UROSA", "heart", "1"), present=True, now=here.clock()
    )
    assert "You have shared 1 idea; it gathered 1 reaction." in said(await at(counter, Tab.START))
    here.clock.move(timedelta(days=8))
    start = await at(counter, Tab.START)
    assert "Nothing new in the last seven days." in said(start)
    assert messages.to(Tab.FIND) == buttons(start)["Earlier ideas"]
    for number in range(4):
        await here.says("UROSA", f"{IDEA} {number}")
    start = await at(counter, Tab.START)
    assert messages.to(Tab.NEW) == buttons(start)["All 4 of this week"]
    week = await at(counter, Tab.NEW)
    assert "New this week\n#5 UROSA Name" in said(week)
    assert "An old one" not in said(week)
    assert [True] == [one.primary for one in tabs(week) if one.text == "Start"]


def tabs(answer: Answer) -> list[Button]:
    """The row of tabs."""
    row = answer.message.parts[0]
    assert isinstance(row, Actions)
    return [one for one in row.buttons if isinstance(one, Button)]


async def test_a_week_without_ideas_says_so(counter: Counter) -> None:
    """Also where its list is opened."""
    assert "Nothing new in the last seven days." in said(await at(counter, Tab.NEW))


async def test_what_was_tried_is_counted(counter: Counter) -> None:
    """Replies and trials stand in the sentence, each with its number."""
    here = counter.here
    await here.says("UROSA", IDEA)
    form = Action(Act.TRIED, number=1)
    await counter.desk.submit(BEN, Submission(form, {"came": "worked"}))
    found = said(await at(counter, Tab.START, ROSAS))
    assert "You have shared 1 idea; 1 colleague tried one." in found


async def test_this_weeks_question_is_answered_in_its_thread(counter: Counter) -> None:
    """The button opens the thread; a week later the question is none of this week's."""
    here = counter.here
    await here.weekly.post(PROMPT, await here.channel(), here.clock())
    (asked,) = here.room.said("C1", "prompt")
    start = await at(counter, Tab.START)
    assert "This week’s question" in said(start)
    assert [f"https://chat.example.org/C1/{asked.ts}"] == links(start)
    await here.open_channel("C2")
    await here.weekly.post(PROMPT, await here.channel("C2"), here.clock())
    assert 1 == said(await at(counter, Tab.START)).count("This week’s question")
    here.room.linkless = True
    start = await at(counter, Tab.START)
    assert ("This week’s question" in said(start), links(start)) == (True, [])
    here.clock.move(timedelta(days=7))
    assert "This week’s question" not in said(await at(counter, Tab.START))


# -- one's own ideas --------------------------------------------------------------------------


async def test_ones_own_ideas(counter: Counter) -> None:
    """Without one it says how to begin; with many, they are turned page by page."""
    assert "You have shared no idea yet" in said(await at(counter, Tab.MINE))
    for number in range(PAGE + 1):
        await counter.here.says("UBEN", f"{IDEA} {number}")
    await counter.here.says("UROSA", "Somebody else’s")
    mine = await at(counter, Tab.MINE)
    assert f"My ideas (1-{PAGE} of {PAGE + 1})" in said(mine)
    assert "Somebody else" not in said(mine)
    older = await counter.desk.press(BENS, buttons(mine)["Older"])
    assert f"My ideas ({PAGE + 1} of {PAGE + 1})" in said(older)


async def test_what_was_saved(counter: Counter) -> None:
    """Empty it says how to save; then the latest saved comes first, and for its member alone."""
    assert "You have saved no idea yet" in said(await at(counter, Tab.SAVED))
    for number in range(3):
        await counter.here.says("UROSA", f"{IDEA} {number}")
    for number in (3, 1):
        await counter.desk.command(BEN, f"save {number}")
        counter.here.clock.move(timedelta(minutes=1))
    shown = said(await at(counter, Tab.SAVED))
    assert shown.startswith("Ideas you saved\n#1")
    assert ("#3" in shown, "#2" in shown) == (True, False)
    assert "You have saved no idea yet" in said(await at(counter, Tab.SAVED, ROSAS))


# -- the search -------------------------------------------------------------------------------


async def test_the_search_shows_the_newest_until_something_is_asked(counter: Counter) -> None:
    """Without an idea at all it teaches; else there is a list at once."""
    assert "yours can be the first" in said(await at(counter, Tab.FIND))
    await counter.here.says("UROSA", IDEA)
    assert "The newest ideas" in said(await at(counter, Tab.FIND))


async def test_words_and_lists_are_searched_together(counter: Counter) -> None:
    """What was entered stands in the fields again, and turning pages keeps it."""
    here = counter.here
    await here.open_channel("C2")
    for number in range(PAGE + 1):
        await here.says("UROSA", f"{IDEA} {number}")
    await here.says("UROSA", IDEA, channel="C2")
    entered = {"words": "reading buddy", "component": "PART", "channel": "C1"}
    found = await at(counter, Tab.FIND, entered=entered)
    assert f"of {PAGE + 1})" in said(found)
    assert {"words": "reading buddy", "component": "PART", "channel": "C1"} == chosen(found)
    older = await counter.desk.press(BENS, buttons(found)["Next"], {"words": "typed meanwhile"})
    assert isinstance(older, Answer)
    assert chosen(found) == chosen(older)
    everything = await counter.desk.press(BENS, messages.to(Tab.FIND, start=0), entered)
    assert isinstance(everything, Answer)
    assert {"words": "", "component": "-", "channel": "-"} == chosen(everything)


async def test_what_is_typed_may_be_filters(counter: Counter) -> None:
    """A part or a channel that was typed is chosen in its list; two parts stay as typed."""
    await counter.here.says("UROSA", IDEA)
    found = await at(counter, Tab.FIND, entered={"words": "component:PART #x"})
    assert {"words": "#x", "component": "PART"} == chosen(found)
    found = await at(counter, Tab.FIND, entered={"words": "component:PART component:LIT"})
    assert {"words": "component:PART component:LIT", "component": "-"} == chosen(found)


async def test_nothing_found_says_what_to_type(counter: Counter) -> None:
    """And offers everything again."""
    await counter.here.says("UROSA", IDEA)
    found = await at(counter, Tab.FIND, entered={"words": "zebra"})
    assert "Nothing with the words zebra that you can see." in said(found)
    assert messages.to(Tab.FIND, start=0) == buttons(found)["Show everything"]


async def test_a_slip_of_the_fingers_is_offered_mended(counter: Counter) -> None:
    """What was probably meant is a press away, and searched in place."""
    for number in range(3):
        await counter.here.says("UROSA", f"A makerspace corner for families, number {number}")
    found = await at(counter, Tab.FIND, entered={"words": "makrspace"})
    better = messages.to(Tab.FIND, start=0, text="makerspace")
    assert better == buttons(found)["Search for “makerspace”"]


@pytest.mark.parametrize("words", ["since:yesterday", "@Nobody", "channel:nowhere", "x " * 900])
async def test_what_cannot_be_searched_stays_in_its_field(counter: Counter, words: str) -> None:
    """The reason stands below; nothing that was typed is lost."""
    await counter.here.says("UROSA", IDEA)
    found = await at(counter, Tab.FIND, entered={"words": words})
    assert words == chosen(found)["words"]
    assert "Find\n" in said(found)
    assert "UROSA Name" not in said(found)


async def test_the_lists_hold_what_the_asker_sees(counter: Counter) -> None:
    """Each part of the framework, and each channel that they may read; one channel is no list."""
    here = counter.here
    hidden = ChannelInfo(id="C3", name="budget", private=True)
    here.room.channels["C3"] = hidden
    here.room.inside["C3"] = {"UROSA"}
    await here.store.remember_channel("T1", hidden, now=here.clock())
    bens, rosas = await at(counter, Tab.FIND), await at(counter, Tab.FIND, ROSAS)
    assert ["words", "component"] == list(chosen(bens))
    (entry,) = [one for one in rosas.message.parts if isinstance(one, Entry)]
    words, component, channel = entry.fields
    assert isinstance(words, TextField)
    assert isinstance(component, ChoiceField)
    assert isinstance(channel, ChoiceField)
    assert ["-", "C3", "C1"] == [one.value for one in channel.choices]
    assert 1 + len(counter.desk.framework.components) == len(component.choices)


# -- about oneself ----------------------------------------------------------------------------


async def test_the_part_about_oneself(counter: Counter) -> None:
    """What one told, what is kept, what people outside see; the form is a press away."""
    me = await at(counter, Tab.ME)
    assert "Tell me your school and role" in said(me)
    assert Action(Act.PROFILE) == buttons(me)["Change it"]
    profile = Profile(school="Prairie Elementary", role="K-5", keep=Keep.MARKED)
    await counter.here.store.set_profile("T1", "UBEN", profile)
    me = await at(counter, Tab.ME)
    assert "beside the ideas that you share: Prairie Elementary, K-5." in said(me)
    assert "I keep only what you mark" in said(me)
    assert "“a school librarian” instead of your name" in said(me)


async def test_a_digest_of_ones_own_and_ones_data(counter: Counter) -> None:
    """Each is begun, changed, stopped, sent or erased from there, by the same rules as typed."""
    me = await at(counter, Tab.ME)
    assert "You get none." in said(me)
    assert isinstance(await counter.desk.press(BENS, buttons(me)["Subscribe"]), OpenForm)
    await counter.desk.command(BEN, "subscribe weekly")
    me = await at(counter, Tab.ME)
    assert "in your time zone" in said(me)
    await counter.desk.press(BENS, buttons(me)["Stop these"])
    assert "You get none." in said(await at(counter, Tab.ME))
    await counter.here.says("UBEN", IDEA)
    sent = await counter.desk.press(BENS, buttons(me)["Send me my data"])
    assert "I am putting together everything I hold about you" in said(sent)
    first = await counter.desk.press(BENS, buttons(me)["Forget me…"])
    assert "1 idea" in said(first)
    second = await counter.desk.press(BENS, buttons(first)["Erase everything…"])
    await counter.desk.press(BENS, buttons(second)["Erase everything"])
    assert await counter.idea() is None


# -- for who coordinates ----------------------------------------------------------------------


async def test_who_coordinates_sees_how_their_channels_do(counter: Counter) -> None:
    """What comes next, up to when it was read, what is shared, and what can be done there."""
    here = counter.here
    lead = await at(counter, Tab.LEAD, ROSAS)
    assert "Next digest: Fri Nov 27, 3:00 PM." in said(lead)
    assert "Next question: Mon Nov 30, 9:00 AM." in said(lead)
    assert "I have not read back in it yet" in said(lead)
    done = {"Settings", "Look at the next digest", "Share a page", "Export as CSV"}
    assert Action(Act.ROUNDS) == buttons(lead)["Go through the week"]
    assert done <= set(buttons(lead))
    assert Action(Act.SETTINGS, channel="C1") == buttons(lead)["Settings"]
    look = await counter.desk.press(ROSAS, buttons(lead)["Look at the next digest"])
    assert isinstance(look, Answer)
    read = here.clock()
    reading = Reading(channel="C1", since=read, until=read, reached=read, finished=True)
    await here.store.set_reading("T1", reading)
    await here.says("UBEN", IDEA)
    await here.weekly.post(DIGEST, await here.channel(), here.clock())
    await counter.desk.boards.shares.make(ROSA, "C1", ShareWish())
    await here.store.set_refusing("T1", "C1", since=here.clock())
    lead = await at(counter, Tab.LEAD, ROSAS)
    assert "I have read it up to Tue Nov 24, 10:00 AM." in said(lead)
    assert "The last was that of the week of November 23, 2026." in said(lead)
    assert "I have not been allowed to post here since Tue Nov 24" in said(lead)
    assert "Share 1: the board, until" in said(lead)
    assert "Revoke share 1" in buttons(lead)
    sent = await counter.desk.press(ROSAS, buttons(lead)["Export as CSV"])
    assert "a CSV file of 1 idea" in said(sent)


async def test_a_channel_without_a_schedule_says_so(counter: Counter) -> None:
    """Nothing comes of itself there."""
    here = counter.here
    off = replace(await here.channel(), digest="off", prompt="off")
    await here.store.set_settings(off, who="UROSA", now=here.clock())
    lead = await at(counter, Tab.LEAD, ROSAS)
    assert "No digest is planned." in said(lead)
    assert "No question is planned." in said(lead)
    assert "Look at the next digest" not in buttons(lead)


async def test_nobody_else_sees_it(counter: Counter) -> None:
    """A member who asks for it all the same is shown the start."""
    assert "Coordinate" in buttons(await at(counter, Tab.START, ROSAS))
    start = await at(counter, Tab.LEAD)
    assert "Your desk" in said(start)
    assert "Coordinate" not in buttons(start)


async def test_many_channels_are_turned_page_by_page(counter: Counter) -> None:
    """Five on a page, by name."""
    for number in range(2, 8):
        channel = f"C{number}"
        await counter.here.open_channel(channel)
        await counter.here.store.saw_channel(
            "T1", channel, now=counter.here.clock(), invited_by="UROSA"
        )
    first = await at(counter, Tab.LEAD, ROSAS)
    then = await counter.desk.press(ROSAS, buttons(first)["Next"])
    assert ("ideas-c5" in said(first), "ideas-c6" in said(first)) == (True, False)
    assert "ideas-c7" in said(then)


# -- rights -----------------------------------------------------------------------------------


async def test_a_private_channel_that_was_left_vanishes(counter: Counter) -> None:
    """At the next drawing nothing of it is there: no idea, no question, no list, no count."""
    here = counter.here
    hidden = ChannelInfo(id="C3", name="budget", private=True)
    here.room.channels["C3"], here.room.inside["C3"] = hidden, {"UBEN", "UROSA"}
    await here.store.remember_channel("T1", hidden, now=here.clock())
    await here.store.saw_channel("T1", "C3", now=here.clock(), private=True, invited_by="UBEN")
    await here.says("UROSA", "The furniture on wheels cost less than the shelves", channel="C3")
    await here.weekly.post(PROMPT, await here.channel("C3"), here.clock())
    every = [Tab.START, Tab.NEW, Tab.FIND, Tab.LEAD]
    for tab in every:
        assert "budget" in said(await at(counter, tab)), tab
    here.room.inside["C3"] = {"UROSA"}
    for tab in every:
        shown = await at(counter, tab)
        assert "budget" not in repr(shown.message.parts), tab
        assert "furniture" not in said(shown)


async def test_while_the_chat_does_not_answer_it_shows_ones_own(counter: Counter) -> None:
    """And says that there may be more."""
    here = counter.here
    await here.says("UROSA", "Somebody else’s idea about the reading garden")
    await here.says("UBEN", IDEA)
    here.room.away = True
    start = await at(counter, Tab.START)
    assert ("We paired" in said(start), "garden" in said(start)) == (True, False)
    assert NOT_ALL in said(start)


async def test_a_guest_sees_their_own_and_why(counter: Counter) -> None:
    """Nothing of anybody else’s; a channel of theirs they ask in that channel."""
    here = counter.here
    here.room.people["UBEN"] = Person(id="UBEN", name="Ben", is_guest=True)
    await here.says("UROSA", "Somebody else’s idea about the reading garden")
    await here.says("UBEN", IDEA)
    start = await at(counter, Tab.START)
    assert ("We paired" in said(start), "garden" in said(start)) == (True, False)
    assert "As a guest you see here what you shared yourself." in said(start)


async def test_what_is_said_in_it_has_a_way_back(counter: Counter) -> None:
    """Whatever a button of it is answered with, the part that was open is a press away."""
    shown = messages.beside(messages.to(Tab.MINE, start=5), say("Done."))
    assert {"Back to my desk": messages.to(Tab.MINE, start=5)} == buttons(Answer(shown))
    reply = await counter.desk.press(BENS, messages.to(Tab.MINE, start=5))
    assert "You have shared no idea yet" in said(reply)


async def test_it_is_typed_too(counter: Counter) -> None:
    """`home` shows the start, wherever it is typed."""
    reply = await counter.desk.command(BEN, "home")
    assert isinstance(reply, Answer)
    assert isinstance(reply.message, Home)
    assert messages.to(Tab.START) == reply.message.place


async def test_a_notice_stands_above_the_part_that_is_open(counter: Counter) -> None:
    """What a form did is said first; whoever is deactivated is drawn no desk."""
    home = await counter.desk.home(BENS, messages.to(Tab.ME), say("Saved."))
    assert home.fallback.startswith("Saved.\nAbout me")
    assert messages.to(Tab.ME) == home.place
    gone = Person(id="UBEN", name="Ben", deleted=True)
    counter.here.room.people["UBEN"] = gone
    await counter.here.store.remember_member("T1", gone, now=counter.here.clock())
    with pytest.raises(NotAllowedError):
        await counter.desk.home(BENS)
