"""The front desk, through its own door: one reply for a command, a press or a form."""

import logging
from dataclasses import replace

import pytest

from bot.core.desk.replies import Answer, NoReply, OpenForm, Problems, Reply, apology
from bot.core.errors import (
    ChatError,
    ChatUnavailableError,
    CommandError,
    CommonplaceError,
    NoSuchIdeaError,
    NotAllowedError,
    StoreBusyError,
)
from bot.core.finding.ideas import PAGE
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Kind
from bot.core.model.parts import ChoiceField, Quote, Submission
from bot.core.model.people import ChannelInfo, Keep, Person, Profile, Shown
from bot.core.model.vocabulary import CHANNEL
from tests.core.desk.counter import BEN, ELSEWHERE, IDEA, ROSA, Counter, buttons, said, shown

# -- commands ---------------------------------------------------------------------------------


async def test_commands_are_answered(counter: Counter) -> None:
    """Each command of the table gets the answer of its subject, for the asker alone."""
    await counter.here.says("UROSA", IDEA)
    answers = {
        "": "What you can do",
        "help filters": "Filters",
        "list": "UROSA Name",
        "search reading buddy": "reading buddy",
        "1": f"#1 UROSA Name on November 24, 2026 in {CHANNEL}ideas-c1\nWe paired",
        "mine": "nothing yet that you can see",
        "random": "We paired",
        "random #nowhere": "nothing yet that you can see",
        "export": "a CSV file of 1 idea",
        "export since:2027-01-01": "nothing to export",
        "digest": "This is how the digest would look",
        "prompt": "This is the next question.",
        "prompt why": "Mon Nov 30",
        "prompt list": "This channel’s own questions",
        "prompt list all": "Questions 1-10",
        "prompt add What do your student helpers teach the others?": "passed your question on",
    }
    for text, words in answers.items():
        assert words in said(await counter.desk.command(BEN, text)), text


async def test_what_coordinators_do_with_questions(counter: Counter) -> None:
    """Who invited the bot adds, rewords, pins, skips, counts and removes them."""
    answers = {
        "prompt add What do your student helpers teach the others?": "Kept as question 1",
        "prompt edit 1 What do your student helpers teach you?": "Question 1 now reads",
        "prompt pin 1": "Pinned.",
        "prompt pin none": "No question is pinned.",
        "prompt skip": "for half a year",
        "prompt answers": "No question was asked in this channel yet.",
        "prompt remove 1": "I have stopped asking question 1",
    }
    for text, words in answers.items():
        assert words in said(await counter.desk.command(ROSA, text)), text
        if "add" not in text:
            with pytest.raises(NotAllowedError):
                await counter.desk.command(BEN, text)


async def test_what_is_not_understood_is_raised(counter: Counter) -> None:
    """The error has the words for the person."""
    for text in ("lst", "list component:XX", "show 99", "list #[C0ELSE]"):
        with pytest.raises(CommonplaceError):
            await counter.desk.command(BEN, text)


async def test_a_link_without_its_name_is_a_tag_by_the_channels_name(counter: Counter) -> None:
    """Where the platform left the name out, it is looked up among what the asker may see."""
    await counter.here.says("UROSA", IDEA)
    assert "tagged #ideas-c1" in said(await counter.desk.command(BEN, "list #[C1]"))


async def test_settings_open_a_form_or_tell_who_changed_them(counter: Counter) -> None:
    """Both are for coordinators."""
    opened = await counter.desk.command(ROSA, "settings")
    assert isinstance(opened, OpenForm)
    assert Action(Act.SETTINGS, channel="C1") == opened.form.about
    assert "Nobody has changed" in said(await counter.desk.command(ROSA, "settings log"))
    for text in ("settings", "settings log"):
        with pytest.raises(NotAllowedError):
            await counter.desk.command(BEN, text)


# -- sharing ----------------------------------------------------------------------------------


async def test_an_idea_that_is_typed_is_kept(counter: Counter) -> None:
    """It is kept once; the answer says whether it stands in the channel yet."""
    assert "Kept as #1" in said(await counter.desk.command(BEN, f" {IDEA} ", sharing=True))
    assert "already" in said(await counter.desk.command(BEN, IDEA, sharing=True))
    kept = await counter.idea()
    assert kept is not None
    assert ("UBEN", IDEA) == (kept.author.id, kept.text)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (ChatUnavailableError("The chat is busy."), "I keep trying"),
        (ChatError("The channel is archived."), "I could not post it: The channel is archived."),
    ],
)
async def test_an_idea_that_is_not_posted(counter: Counter, problem: ChatError, words: str) -> None:
    """Whoever typed it is told why, here and now."""
    counter.problem = problem
    assert words in said(await counter.desk.command(BEN, IDEA, sharing=True))
    assert await counter.idea() is not None


async def test_without_words_the_form_opens(counter: Counter) -> None:
    """After the command or a button; where no channel is open, words say what to do."""
    for opened in (
        await counter.desk.command(BEN, " ", sharing=True),
        await counter.desk.press(BEN, Action(Act.SHARE)),
    ):
        assert isinstance(opened, OpenForm)
        assert Act.SHARE is opened.form.about.act
    await counter.here.store.saw_channel("T1", "C1", now=counter.here.clock(), member=False)
    assert "not in a channel yet" in said(await counter.desk.command(ELSEWHERE, "", sharing=True))


async def test_where_it_cannot_be_posted_a_button_chooses_the_channel(counter: Counter) -> None:
    """Nothing is kept until it is pressed."""
    asked = await counter.desk.command(ELSEWHERE, IDEA, sharing=True)
    assert await counter.idea() is None
    (choose,) = buttons(asked).values()
    assert "Kept as #1" in said(await counter.desk.press(ELSEWHERE, choose))


def given_back(reply: Reply) -> str:
    """The words that come back because nothing was kept."""
    assert "Nothing was kept. Your words:" in said(reply)
    return "".join(part.text for part in shown(reply).parts if isinstance(part, Quote))


async def test_what_no_button_can_give_back_comes_back_whole(counter: Counter) -> None:
    """Too long, as platforms count, where no channel is open; or none takes it any more."""
    for text in ("word " * 2_000, "\U0001f4da" * 1_000):
        reply = await counter.desk.command(ELSEWHERE, text, sharing=True)
        assert "send it from one of these: #ideas-c1" in said(reply)
        assert text.strip() == given_back(reply)
    await counter.here.store.saw_channel("T1", "C1", now=counter.here.clock(), member=False)
    again = Action(Act.SHARE_HERE, text=IDEA)
    for reply in (
        await counter.desk.command(ELSEWHERE, IDEA, sharing=True),
        await counter.desk.press(ELSEWHERE, again),
        await counter.desk.press(ELSEWHERE, replace(again, channel="C1")),
    ):
        assert IDEA == given_back(reply)


async def test_whoever_was_deactivated_shares_nothing(counter: Counter) -> None:
    """Their words come back; the form does not open."""
    gone = Person(id="UBEN", name="Ben", deleted=True)
    counter.here.room.people["UBEN"] = gone
    await counter.here.store.remember_member("T1", gone, now=counter.here.clock())
    assert IDEA == given_back(await counter.desk.command(BEN, IDEA, sharing=True))
    with pytest.raises(NotAllowedError, match="not a member"):
        await counter.desk.command(BEN, "", sharing=True)


async def test_an_idea_that_cannot_be_stored_comes_back(counter: Counter) -> None:
    """Whatever failed: what was typed stands nowhere else."""
    await counter.here.store.close()
    reply = await counter.desk.command(BEN, f" {IDEA} ", sharing=True)
    assert "Something went wrong on my side" in said(reply)
    assert IDEA == given_back(reply)


async def test_what_looks_like_a_command_is_asked_about(counter: Counter) -> None:
    """A press keeps it as an idea; outside of channels the channel is asked for first."""
    asked = await counter.desk.command(BEN, "list of good books", sharing=True)
    assert (await counter.idea(), ["Share it as an idea"]) == (None, list(buttons(asked)))
    (share,) = buttons(await counter.desk.command(ELSEWHERE, "list", sharing=True)).values()
    (choose,) = buttons(await counter.desk.press(ELSEWHERE, share)).values()
    assert ("C1", "list") == (choose.channel, choose.text)


async def test_a_forged_channel_is_refused(counter: Counter) -> None:
    """By a button the words take its place; in the form they stand beside the field."""
    forged = Action(Act.SHARE_HERE, channel="CSECRET", text=IDEA)
    reply = await counter.desk.press(BEN, forged)
    assert "I cannot post there for you" in said(reply)
    form = Submission(Action(Act.SHARE), {"channel": "CSECRET", "text": IDEA})
    assert ["channel"] == fields(await counter.desk.submit(BEN, form))
    assert await counter.idea() is None


def fields(reply: Reply) -> list[str]:
    assert isinstance(reply, Problems)
    return list(reply.by_field)


async def test_the_form_keeps_an_idea(counter: Counter) -> None:
    """With whom it thanks; the answer goes to the channel it is posted in."""
    about = Action(Act.SHARE, channel="C1")
    values = {"channel": "C1", "text": IDEA, "thanks": "Ms Lee"}
    reply = await counter.desk.submit(BEN, Submission(about, values))
    assert isinstance(reply, Answer)
    assert "C1" == reply.channel
    kept = await counter.idea()
    assert kept is not None
    assert ("Ms Lee",) == tuple(kept.credits)
    empty = Submission(about, {"channel": "C1", "text": " "})
    assert ["text"] == fields(await counter.desk.submit(BEN, empty))


async def test_a_profile_is_shown_and_kept(counter: Counter) -> None:
    """By the command and by a button; what the form says stands in it the next time."""
    for opened in (
        await counter.desk.command(BEN, "me"),
        await counter.desk.press(BEN, Action(Act.PROFILE)),
    ):
        assert isinstance(opened, OpenForm)
        assert "C1" == opened.form.about.channel
    values = {"school": " Lincoln ", "role": "Librarian"}
    form = Submission(Action(Act.PROFILE, channel="C1"), values)
    assert "Lincoln" in said(await counter.desk.submit(BEN, form))
    member = await counter.here.store.member("T1", "UBEN")
    assert member is not None
    assert Profile(school="Lincoln", role="Librarian") == member.profile


async def test_what_pages_outside_show_is_the_members_choice(counter: Counter) -> None:
    """A form that does not ask for it changes nothing; one that opens anew says what holds."""
    about = Action(Act.PROFILE, channel="C1")
    reply = await counter.desk.submit(BEN, Submission(about, {"shown": "school"}))
    assert "show your school, and not your name" in said(reply)
    reply = await counter.desk.submit(BEN, Submission(about, {"school": "Lincoln"}))
    assert "show your school, and not your name" in said(reply)
    member = await counter.here.store.member("T1", "UBEN")
    assert member is not None
    assert Profile(school="Lincoln", shown=Shown.SCHOOL) == member.profile
    opened = await counter.desk.command(BEN, "me")
    assert isinstance(opened, OpenForm)
    field = next(one for one in opened.form.fields if getattr(one, "id", "") == "shown")
    assert isinstance(field, ChoiceField)
    assert Shown.SCHOOL == field.value


async def test_what_is_shown_outside_is_chosen_by_a_button(counter: Counter) -> None:
    """The rest of the profile stays; a button that says nothing known changes nothing."""
    about = Action(Act.PROFILE, channel="C1")
    await counter.desk.submit(BEN, Submission(about, {"school": "Lincoln", "keep": "marked"}))
    reply = await counter.desk.press(BEN, Action(Act.SHOWN, text="name"))
    assert "show your name and school" in said(reply)
    with pytest.raises(CommandError):
        await counter.desk.press(BEN, Action(Act.SHOWN, text="all"))
    member = await counter.here.store.member("T1", "UBEN")
    assert member is not None
    kept = Profile(school="Lincoln", keep=Keep.MARKED, shown=Shown.NAME)
    assert kept == member.profile
    await counter.desk.press(ROSA, Action(Act.SHOWN, text="nobody"))


# -- shares -----------------------------------------------------------------------------------


async def test_a_board_is_shared_and_revoked(counter: Counter) -> None:
    """By command, form and button; the address is shown once."""
    store, now = counter.here.store, counter.here.clock()
    await store.saw_channel("T1", "C1", now=now, private=True)
    reply = await counter.desk.command(ROSA, "board")
    assert "is shared. A share is a page" in said(reply)
    opened = await counter.desk.press(ROSA, buttons(reply)["Share a page"])
    assert isinstance(opened, OpenForm)
    form = Submission(
        opened.form.about,
        {
            "days": "x",
            "sites": "blog",
            "private": "no",
            "first": "2020-01-01",
            "shows": "since:soon",
        },
    )
    wrong = fields(await counter.desk.submit(ROSA, form))
    assert ["first", "days", "sites", "private", "shows"] == wrong
    form = Submission(
        opened.form.about,
        {
            "first": "2026-11-27",
            "days": "30",
            "shows": "#reading",
            "sites": "https://a.org, https://b.org",
            "public": "yes",
            "downloads": "yes",
            "private": "yes",
        },
    )
    made = said(await counter.desk.submit(ROSA, form))
    assert "https://ideas.example.org/b/" in made
    reply = await counter.desk.command(ROSA, "board")
    told = (
        "Share 1: the board, from November 27, 2026 until December 26, 2026",
        "ideas tagged #reading",
        "on pages of https://a.org, https://b.org",
        "search engines may list it",
        "with downloads",
        "opened 0 times",
    )
    assert ", ".join(told) in said(reply)
    assert "ideas.example.org" not in said(reply)
    done = await counter.desk.press(ROSA, buttons(reply)["Revoke share 1"])
    assert "Share 1 is revoked" in said(done)
    log = said(await counter.desk.command(ROSA, "settings log"))
    assert ["share 1 was revoked", "share 1 was made"] == [
        line.rpartition(": ")[2] for line in log.splitlines()[1:]
    ]
    await store.saw_channel("T1", "C1", now=now, private=False)
    opened = await counter.desk.press(ROSA, Action(Act.BOARD, channel="C1"))
    assert isinstance(opened, OpenForm)
    assert "private" not in {getattr(one, "id", "") for one in opened.form.fields}
    await counter.desk.submit(ROSA, Submission(opened.form.about, {"days": "30"}))
    await store.saw_channel("T1", "C1", now=now, private=True)
    log = said(await counter.desk.command(ROSA, "settings log"))
    assert "the bot: share 2 was revoked, because the channel became private" in log


# -- buttons beside ideas ---------------------------------------------------------------------


async def test_pages_turn_in_place(counter: Counter) -> None:
    """The buttons under a list carry its filters and where the next page starts."""
    for _ in range(PAGE + 1):
        await counter.here.says("UROSA")
    first = await counter.desk.command(BEN, "list component:PART")
    older = buttons(first)["Older"]
    assert (PAGE, "component:PART") == (older.start, older.text)
    second = await counter.desk.press(BEN, older)
    assert isinstance(second, Answer)
    assert ("Newer" in buttons(second), False) == (True, second.beside)


async def test_a_list_opens_beside_and_turns_in_place(counter: Counter) -> None:
    """What is like an idea, and what stood in a digest."""
    for _ in range(PAGE + 2):
        await counter.here.says("UROSA", kind=Kind.IDEA)
    for opened in (Action(Act.ALIKE, number=1), Action(Act.LIST, text="since:2026-11-01")):
        first = await counter.desk.press(BEN, opened)
        assert isinstance(first, Answer)
        assert first.beside
        second = await counter.desk.press(BEN, buttons(first)["Older"])
        assert isinstance(second, Answer)
        assert not second.beside


async def test_nothing_is_alike(counter: Counter) -> None:
    """Words say so."""
    await counter.here.says("UROSA")
    reply = await counter.desk.press(BEN, Action(Act.ALIKE, number=1))
    assert "no other idea like #1" in said(reply)


async def test_an_author_sorts_and_removes_their_idea(counter: Counter) -> None:
    """The idea is shown anew; a second press finds it gone."""
    await counter.here.says("UROSA", IDEA)
    sort = Action(Act.COMPONENT, number=1, text="-")
    assert "We paired" in said(await counter.desk.press(ROSA, sort))
    kept = await counter.idea()
    assert kept is not None
    assert () == tuple(kept.components)
    confirm = await counter.desk.command(ROSA, "remove 1")
    gone = await counter.desk.press(ROSA, buttons(confirm)["Withdraw #1"])
    assert "Withdrawn: #1" in said(gone)
    assert await counter.idea() is None
    with pytest.raises(NoSuchIdeaError):
        await counter.desk.press(ROSA, buttons(confirm)["Withdraw #1"])
    back = await counter.desk.press(ROSA, buttons(gone)["Put it back"])
    assert "cannot be put back" in said(back)  # its post is not in the chat


async def test_somebody_elses_idea_stays(counter: Counter) -> None:
    """A press is refused in place of the message; choosing a component raises."""
    await counter.here.says("UROSA", IDEA)
    refused = await counter.desk.press(BEN, Action(Act.REMOVE, number=1))
    assert "somebody else's idea" in said(refused)
    with pytest.raises(NotAllowedError):
        await counter.desk.press(BEN, Action(Act.COMPONENT, number=1, text="-"))
    assert await counter.idea() is not None


async def test_a_trial_is_told_in_a_form(counter: Counter) -> None:
    """What is missing stands beside its field; the thanks go to the idea's channel."""
    await counter.here.says("UROSA", IDEA)
    opened = await counter.desk.press(BEN, Action(Act.TRIED, number=1))
    assert isinstance(opened, OpenForm)
    about = Action.read(Act.TRIED, opened.form.about.value)
    empty = Submission(about, {})
    assert ["came"] == fields(await counter.desk.submit(BEN, empty))
    told = Submission(about, {"came": "worked", "words": "Loved it."})
    reply = await counter.desk.submit(BEN, told)
    assert isinstance(reply, Answer)
    assert ("C1", True) == (reply.channel, "Thanks!" in reply.message.fallback)


async def test_a_button_without_a_number_changes_nothing(counter: Counter) -> None:
    """What is done with one idea needs its number."""
    for act in (Act.REMOVE, Act.PUT_BACK, Act.ALIKE, Act.COMPONENT, Act.TRIED, Act.LEAVE_OUT):
        with pytest.raises(CommandError, match="I cannot read that button"):
            await counter.desk.press(BEN, Action(act))


async def test_help_and_links(counter: Counter) -> None:
    """Help gives way to other help; a link needs no answer."""
    assert "All commands" in said(await counter.desk.press(BEN, Action(Act.HELP, text="more")))
    assert NoReply() == await counter.desk.press(BEN, Action(Act.LINK, number=1))


@pytest.mark.parametrize("act", Act)
async def test_every_act_is_answered(counter: Counter, act: Act) -> None:
    """Whatever a button asks for, even with nothing in it, there is an answer or a refusal."""
    try:
        reply: object = await counter.desk.press(BEN, Action(act))
    except CommonplaceError as error:
        reply = error
    assert isinstance(reply, Answer | OpenForm | NoReply | CommonplaceError)


# -- the week ---------------------------------------------------------------------------------


async def test_settings_are_saved(counter: Counter) -> None:
    """What cannot be read stands beside its field; the answer goes to the channel."""
    more = await counter.desk.press(ROSA, Action(Act.SETTINGS_MORE, channel="C1"))
    assert isinstance(more, OpenForm)
    first = await counter.desk.press(ROSA, Action(Act.SETTINGS, channel="C1"))
    assert isinstance(first, OpenForm)
    assert (True, False) == (more.instead, first.instead)
    assert len(more.form.fields) > len(first.form.fields)
    wrong = Submission(first.form.about, {"pause": "soon"})
    assert ["pause"] == fields(await counter.desk.submit(ROSA, wrong))
    right = Submission(first.form.about, {"line": "Good morning!"})
    reply = await counter.desk.submit(ROSA, right)
    assert isinstance(reply, Answer)
    assert ("C1", "Good morning!") == (reply.channel, (await counter.here.channel()).line)
    with pytest.raises(NotAllowedError):
        await counter.desk.submit(BEN, right)


async def test_the_question_of_a_quiet_channel_is_off_until_it_is_switched_on(
    counter: Counter,
) -> None:
    """The form shows it so; its digest comes as everywhere."""
    here = counter.here
    heard = ChannelInfo(id="C2", name="general", private=False, quiet=True)
    here.room.channels["C2"], here.room.inside["C2"] = heard, {"UROSA"}
    await here.store.remember_channel("T1", heard, now=here.clock())
    await here.store.saw_channel("T1", "C2", now=here.clock(), invited_by="UROSA")
    opened = await counter.desk.command(replace(ROSA, channel="C2"), "settings")
    assert isinstance(opened, OpenForm)
    days = [(one.id, one.value) for one in opened.form.fields if isinstance(one, ChoiceField)]
    assert {("digest_day", "fri"), ("prompt_day", "off")} <= set(days)
    await here.timetable.plan()
    assert await here.due(DeliveryKind.DIGEST, "C2")
    assert await here.due(DeliveryKind.PROMPT, "C2") is None
    chosen = Submission(opened.form.about, {"prompt_day": "mon", "prompt_time": "09:00"})
    await counter.desk.submit(ROSA, chosen)
    await here.timetable.plan()
    assert await here.due(DeliveryKind.PROMPT, "C2")


async def test_a_coordinator_decides_on_a_proposal(counter: Counter) -> None:
    """Nobody else does; a second decision changes nothing."""
    await counter.desk.command(BEN, "prompt add What do your student helpers teach the others?")
    listed = buttons(await counter.desk.command(ROSA, "prompt list"))
    assert "Only" in said(await counter.desk.press(BEN, listed["Accept"]))
    assert "You accepted" in said(await counter.desk.press(ROSA, listed["Accept"]))
    assert "accepted already" in said(await counter.desk.press(ROSA, listed["Decline"]))
    page = await counter.desk.press(BEN, Action(Act.PROMPT_PAGE, start=10))
    assert "Questions 11-20" in said(page)


async def test_the_next_digest_is_changed_by_typing(counter: Counter) -> None:
    """Its coordinator skips it, takes that back, leaves an idea out and puts it back."""
    here = counter.here
    await here.says("UROSA", IDEA)
    typed = counter.desk.command
    assert "No digest of this channel is to come" in said(await typed(ROSA, "digest skip"))
    await here.timetable.plan()
    assert "is skipped" in said(await typed(ROSA, "digest skip"))
    assert "We paired" in said(await typed(ROSA, "digest unskip"))
    out = said(await typed(ROSA, "digest leave-out 1"))
    assert out.startswith("#1 is left out of every digest, and still kept.\nNothing is left for")
    back = said(await typed(ROSA, "digest put-back 1"))
    assert back.startswith("#1 is in the digests again.\nThis digest goes to")
    with pytest.raises(NoSuchIdeaError, match="#7 is no idea of this channel"):
        await typed(ROSA, "digest leave-out 7")
    for line in ("skip", "unskip", "leave-out 1", "put-back 1"):
        with pytest.raises(NotAllowedError, match="Only coordinators"):
            await typed(BEN, f"digest {line}")


async def test_a_digest_is_looked_at_and_changed_before_it_goes(counter: Counter) -> None:
    """Its coordinator skips the week, takes that back, and leaves an idea out."""
    here = counter.here
    await here.says("UROSA", IDEA)
    await here.timetable.plan()
    look = Action(Act.LOOK, channel="C1", period="2026-W48")
    first = await counter.desk.press(ROSA, look)
    assert isinstance(first, Answer)
    assert first.beside
    skipped = await counter.desk.press(ROSA, buttons(first)["Skip this week"])
    assert "is skipped" in said(skipped)
    again = await counter.desk.press(ROSA, buttons(skipped)["Post it after all"])
    left = await counter.desk.press(ROSA, buttons(again)["Leave this idea out"])
    assert "Nothing is left" in said(left)
    assert "We paired" in said(await counter.desk.press(ROSA, buttons(left)["Put #1 back"]))
    with pytest.raises(NotAllowedError):
        await counter.desk.press(BEN, look)


async def test_a_digest_of_nothing(counter: Counter) -> None:
    """The words say what will be in it."""
    for reply in (
        await counter.desk.command(BEN, "digest"),
        await counter.desk.press(BEN, Action(Act.DIGEST_PAGE, start=1)),
    ):
        assert "No idea has come in" in said(reply)


# -- errors -----------------------------------------------------------------------------------


def test_an_expected_error_has_its_own_words(caplog: pytest.LogCaptureFixture) -> None:
    """A person reads what happened; nothing is logged."""
    assert "Only its author." == apology(NotAllowedError("Only its author.")).fallback
    assert not caplog.records


@pytest.mark.parametrize("error", [ValueError("secret words"), StoreBusyError("It is locked.")])
def test_an_unexpected_error_has_a_reference(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """The person gets a reference and none of the reason; the log has both."""
    with caplog.at_level(logging.ERROR):
        words = apology(error).fallback
    reference = caplog.messages[0].rpartition(" ")[2]
    assert (8, True) == (len(reference), f"reference {reference}." in words)
    assert (str(error) in words, str(error) in caplog.text) == (False, True)
