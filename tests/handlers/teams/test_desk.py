"""What people ask of the bot in Teams, through its door: words, and what is pressed in answers."""

from collections.abc import Awaitable, Callable

import pytest

from bot.core.desk.command_table import TABLE
from bot.core.desk.entries import Verb
from tests.teams.desks import IDEA, Office, press, words
from tests.teams.model import Channel, Item, Person, Whisper

Way = Callable[[Office, Person, Channel, str], Awaitable[Item | Whisper]]

ELSEWHERE = "Please ask me that in a channel that I am in"


async def mentioned(office: Office, who: Person, room: Channel, asked: str) -> Item | Whisper:
    await office.teams.act.mention(who, room, asked)
    return office.teams.whispers(who)[-1]


async def slashed(office: Office, who: Person, room: Channel, asked: str) -> Item | Whisper:
    await office.teams.act.whisper(who, room, f"/{asked}")
    return office.teams.whispers(who)[-1]


async def alone(office: Office, who: Person, _room: Channel, asked: str) -> Item | Whisper:
    await office.teams.act.ask(who, asked)
    return [one for one in office.teams.chat(who).items.values() if "fallbackText" in one.card][-1]


def public(room: Channel) -> list[Item]:
    """What the bot said for everybody; its welcome comes once."""
    ours = (one for one in room.items.values() if one.author is None)
    return [one for one in ours if not words(one).startswith("Hello")]


ASKED = {
    Verb.HELP: ("help", "What"),
    Verb.LIST: ("list component:LIT", "Ideas about Inspires"),
    Verb.SEARCH: ("search reading", "Ideas with the words"),
    Verb.SHOW: ("show 1", "#1 Rosa Alvarez on"),
    Verb.MINE: ("mine", "Ideas by Rosa Alvarez"),
    Verb.RANDOM: ("random", "#1 Rosa Alvarez on"),
    Verb.LIKE: ("like 1", "I know no other idea"),
    Verb.TRIED: ("tried 1", "#1 is your own idea"),
    Verb.CITE: ("cite 1", "Cite #1"),
    Verb.EXPORT: ("export", "I am making"),
    Verb.EDIT: ("edit 1", "Edit #1"),
    Verb.REMOVE: ("remove 1", "Withdraw #1"),
    Verb.PUT_BACK: ("put-back 1", "#1 is back"),
    Verb.CARE: ("care 1", "Look after idea #1"),
    Verb.ME: ("me", "About me"),
    Verb.DIGEST: ("digest", "This is how the digest"),
    Verb.DIGEST_SKIP: ("digest skip", "The digest to "),
    Verb.DIGEST_UNSKIP: ("digest unskip", "This digest goes to"),
    Verb.DIGEST_LEAVE_OUT: ("digest leave-out 1", "#1 is left out"),
    Verb.DIGEST_PUT_BACK: ("digest put-back 1", "#1 is in the digests again"),
    Verb.PROMPT: ("prompt", "This is the next question"),
    Verb.PROMPT_WHY: ("prompt why", "Mon Nov 30"),
    Verb.PROMPT_ADD: ("prompt add What do your helpers teach?", "Kept as question 1"),
    Verb.PROMPT_LIST: ("prompt list all", "Questions 1-10 of"),
    Verb.PROMPT_EDIT: ("prompt edit poetry-month Where do poems turn up?", "The question"),
    Verb.PROMPT_REMOVE: ("prompt remove 1", "I have stopped asking question 1"),
    Verb.PROMPT_ACCEPT: ("prompt accept 1", "That was declined already"),
    Verb.PROMPT_DECLINE: ("prompt decline 1", "That was declined already"),
    Verb.PROMPT_SKIP: ("prompt skip", "I will not ask"),
    Verb.PROMPT_PIN: ("prompt pin poetry-month", "poetry-month "),
    Verb.PROMPT_ANSWERS: ("prompt answers", "No question was asked"),
    Verb.SETTINGS: ("settings", "Settings"),
    Verb.REPORT: ("report pdf", "This channel is private"),
    Verb.REPORT_PLAN: ("report plan", "This channel is private"),
    Verb.CLAIM: ("claim 1", "#1 "),
    Verb.SAVE: ("save 1", "Saved: #1 by Rosa"),
    Verb.UNSAVE: ("unsave 1", "#1 is "),
    Verb.SAVED: ("saved", "You have saved no idea yet"),
    Verb.BOARD: ("board", "Nothing of"),
    Verb.SUBSCRIBE: ("subscribe weekly", "Your own weekly digest"),
    Verb.HOME: ("home", "Your desk"),
    Verb.MY_DATA: ("my-data", "I am "),
    Verb.FORGET_ME: ("forget-me", "This erases for good"),
}
"""What is typed for each command, and how its answer begins."""

OF_CHANNELS = {verb for verb in Verb if verb.startswith(("digest", "prompt", "settings", "board"))}
OF_REPORTS = {verb for verb in Verb if verb.startswith("report")}


@pytest.mark.parametrize("way", [mentioned, slashed, alone])
async def test_every_command_is_answered(
    office: Office, rosa: Person, room: Channel, way: Way
) -> None:
    """Whoever names the bot, uses a slash command or writes to it alone is answered alone."""
    await office.idea(rosa, room)
    expected, found = {}, {}
    nowhere = dict.fromkeys(OF_CHANNELS, ELSEWHERE) | dict.fromkeys(OF_REPORTS, "Which channel")
    for verb in (entry.verb for entry in TABLE):
        typed, begins = ASKED[verb]
        expected[verb] = nowhere.get(verb, begins) if way is alone else begins
        found[verb] = words(await way(office, rosa, room, typed))[: len(expected[verb])]
    assert expected == found
    assert (len(TABLE), []) == (office.count("answered"), public(room))


async def test_an_answer_stands_where_it_was_asked_for(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """In the same thread, for whoever asked alone."""
    root = await office.teams.act.post(ben, room, "<p>Good morning</p>")
    await office.teams.act.mention(rosa, room, "list", root=root)
    (whisper,) = office.teams.whispers(rosa)
    assert (room, root.id) == (whisper.room, whisper.thread)
    assert [] == office.teams.whispers(ben)


async def test_where_nothing_is_whispered_it_is_told_in_the_chat(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Its buttons still ask about the channel that was asked about."""
    office.teams.whispers_taken = False
    await office.teams.act.mention(rosa, room, "prompt list all")
    (told,) = office.teams.chat(rosa).items.values()
    assert "Questions 1-10 of" in words(told)
    turned = await press(office, rosa, told, "Next")
    assert "Questions 11-20 of" in turned["value"]["fallbackText"]
    assert [] == public(room)


async def test_an_idea_is_shared_by_its_word(office: Office, rosa: Person, room: Channel) -> None:
    """With words at once, without them by the form, which stands as a card."""
    await office.teams.act.mention(rosa, room, f"idea {IDEA}")
    await office.teams.act.mention(rosa, room, "idea")
    kept, form = office.teams.whispers(rosa)
    assert "Kept as #1, and posted in" in words(kept)
    assert "Share an idea" == words(form)


async def test_what_is_refused_is_said(office: Office, ben: Person, room: Channel) -> None:
    """In the core's words, with Teams' names for commands."""
    await office.teams.act.mention(ben, room, "settings")
    await office.teams.act.mention(ben, room, "lost")
    refused, unknown = map(words, office.teams.whispers(ben))
    assert "Only coordinators can change that" in refused
    assert "Did you mean @Commonplace list?" in unknown
    assert 2 == office.count("answered")


async def test_a_question_that_comes_again_is_not_answered_twice(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Teams sends an activity again when the answer to it was lost on its way."""
    await office.teams.act.mention(rosa, room, "list")
    await office.teams.courier.again(office.teams.courier.sent[-1])
    assert (1, 1) == (len(office.teams.whispers(rosa)), office.count("asked before"))


async def test_what_is_no_command_is_answered_once_at_length(
    office: Office, rosa: Person, room: Channel
) -> None:
    """In the chat with the bot the first answer says what can be written, later ones are a line."""
    first = words(await alone(office, rosa, room, "hello there"))
    again = words(await alone(office, rosa, room, "hello there"))
    assert ["Hello, I am Commonplace." in one for one in (first, again)] == [True, False]
