"""Buttons in Teams, through the bot's door: in one's own answers, and in what everybody sees."""

from typing import Any

import pytest

from bot.core.finding.ideas import PAGE
from bot.core.messages import questions
from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.parts import Actions, Button, Message
from handlers.teams import cards, presses
from tests.teams.desks import IDEA, Office, card, of, press, words
from tests.teams.model import Channel, Payload, Person, Whisper

CARD = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"


def made_up(action: Action) -> Payload:
    """A button, as any card of the bot's has it."""
    return cards.acting(action.act, "x", presses.of_button(action))


async def asked(office: Office, who: Person, room: Channel, typed: str) -> Whisper:
    await office.teams.act.mention(who, room, typed)
    return office.teams.whispers(who)[-1]


def told(body: Any) -> str:
    """What an invoke is answered with: the words of a card, or words alone."""
    value = body["value"]
    return str(value if body["type"] == WORDS else value["fallbackText"])


async def test_a_page_takes_the_place_of_another(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Of the same answer; further pages go on from there."""
    for number in range(2 * PAGE + 1):
        await office.idea(rosa, room, f"{IDEA} {number}")
    shown = await asked(office, rosa, room, "list")
    body = await press(office, rosa, shown, "Older")
    assert CARD == body["type"]
    assert f"({PAGE + 1}-{2 * PAGE} of {2 * PAGE + 1})" in told(body)
    answered = await office.teams.act.press(rosa, shown, of(body["value"], "Older"))
    assert f"({2 * PAGE + 1} of {2 * PAGE + 1})" in told(answered.body)
    assert [shown] == office.teams.whispers(rosa)


async def test_some_answers_stand_beside(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """What was pressed stays; its own pages are turned where they stand."""
    for number in range(2):
        await office.idea(ben, room, f"{IDEA} {number}")
    shown = await asked(office, rosa, room, "show 1")
    body = await press(office, rosa, shown, "More like this")
    assert (WORDS, "The answer stands below, for you alone.") == (body["type"], told(body))
    assert "More like #1" in words(office.teams.whispers(rosa)[-1])


async def test_what_everybody_sees_stays(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """One member's press shows the answer to them, in its thread, and to nobody else."""
    await office.idea(rosa, room)
    shown = await office.posted(room, Button("Help", Action(Act.HELP)))
    before = dict(shown.activity)
    body = await press(office, ben, shown, "Help")
    assert WORDS == body["type"]
    (whisper,) = office.teams.whispers(ben)
    assert (shown.id, "What you can do") == (whisper.thread, words(whisper)[:15])
    assert (before, []) == (shown.activity, office.teams.whispers(rosa))
    further = await press(office, ben, whisper, "All commands")
    assert CARD == further["type"]


async def test_where_nothing_is_whispered_the_answer_stands_in_the_chat(
    office: Office, rosa: Person, room: Channel
) -> None:
    """And the button says so."""
    office.teams.whispers_taken = False
    shown = await office.posted(room, Button("Help", Action(Act.HELP)))
    body = await press(office, rosa, shown, "Help")
    assert "The answer stands in your chat with me." == told(body)
    (help_,) = office.teams.chat(rosa).items.values()
    assert "What you can do" == words(help_)[:15]


async def test_an_ideas_component_is_chosen(office: Office, rosa: Person, room: Channel) -> None:
    """From the list below it; the idea is shown anew."""
    await office.idea(rosa, room)
    shown = await asked(office, rosa, room, "show 1")
    body = await press(office, rosa, shown, "Choose", choice1="1 PART")
    assert "About: Builds" in told(body)


async def test_an_idea_is_withdrawn_and_put_back(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Each answer takes the place of the question."""
    await office.idea(rosa, room)
    shown = await asked(office, rosa, room, "remove 1")
    body = await press(office, rosa, shown, "Withdraw #1")
    assert "#1 is gone" in told(body)
    again = await office.teams.act.press(rosa, shown, of(body["value"], "Put it back"))
    assert "#1" in told(again.body)


async def test_a_proposed_question_is_decided_upon(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """In the chat with the bot, where its coordinator is told of it; once."""
    await asked(office, ben, room, "prompt add What do your student helpers teach?")
    channel = await office.store.channel(office.ours.bot.id, room.id)
    (proposed,) = await office.store.own_prompts(office.ours.bot.id, room.id)
    assert channel is not None
    await office.ours.chat.tell(rosa.aad, questions.proposal(proposed, channel))
    (notice,) = office.teams.chat(rosa).items.values()
    assert "accepted" in told(await press(office, rosa, notice, "Accept")).lower()
    assert CARD == (await press(office, rosa, notice, "Decline"))["type"]


async def test_a_digest_is_looked_at_before_it_goes(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """Its coordinator leaves an idea out, skips the week and takes both back, each in place."""
    await office.idea(ben, room)
    await office.ours.chat.tell(rosa.aad, Message("Soon.", (Actions((look(room),)),)))
    (notice,) = office.teams.chat(rosa).items.values()
    shown = await office.teams.act.press(rosa, notice, of(card(notice), "Look at it"))
    assert "The answer stands below" in told(shown.body)
    look_ahead = list(office.teams.chat(rosa).items.values())[-1]
    body = await press(office, rosa, look_ahead, "Leave this idea out")
    for title, says in (
        ("Put #1 back", "This digest goes to"),
        ("Skip this week", "skipped"),
        ("Post it after all", "This digest goes to"),
    ):
        button = of(body["value"], title)
        body = (await office.teams.act.press(rosa, look_ahead, button)).body
        assert (CARD, True) == (body["type"], says in told(body))


def look(room: Channel) -> Button:
    """What a coordinator of several channels presses."""
    return Button("Look at it", Action(Act.LOOK, channel=room.id, period="2026-W48"))


async def test_an_idea_from_the_chat_goes_to_the_channel_that_is_chosen(
    office: Office, rosa: Person, room: Channel
) -> None:
    """It is asked for first, since a chat with the bot is no channel."""
    await office.teams.act.ask(rosa, f"idea {IDEA}")
    asks = list(office.teams.chat(rosa).items.values())[-1]
    assert "Which channel should I post this idea in?" in words(asks)
    body = await press(office, rosa, asks, "#Librarians \u203a Leadership")
    assert "Kept as #1, and posted in" in told(body)
    assert IDEA in words([one for one in room.items.values() if one.author is None][-1])


async def test_every_button_is_answered(office: Office, rosa: Person, room: Channel) -> None:
    """With a card or with words, in an answer of one's own and in what everybody sees."""
    await office.idea(rosa, room)
    own, public = await asked(office, rosa, room, "help"), await office.posted(room)
    for act in Act:
        drawn = made_up(Action(act, channel=room.id, number=1, period="2026-W48", text="list"))
        for shown, button in ((own, presses.alone(drawn, room.id)), (public, drawn)):
            answered = await office.teams.act.press(rosa, shown, button)
            assert (act, 200, True) == (act, answered.status, bool(told(answered.body)))


@pytest.mark.parametrize("kind", ["Action.Execute", "task/fetch"])
async def test_an_old_button_explains_itself(
    office: Office, rosa: Person, room: Channel, kind: str
) -> None:
    """One that no program of today has drawn changes nothing, and says so."""
    shown = await office.posted(room)
    odd: list[Any] = [{}, {"action": "gone_since"}, {"action": 3}, {"fields": []}, []]
    for data in odd:
        if kind == "task/fetch":
            answered = await office.teams.act.fetch_form(rosa, room, data, to=shown.id)
            said = str(answered.body["task"]["value"]["card"]["content"]["body"])
        else:
            answered = await office.teams.act.press(rosa, shown, {"type": kind, "data": data})
            said = told(answered.body)
        assert (200, True) == (answered.status, "I do not know that button any more" in said)


async def test_what_is_refused_is_said_below_the_button(
    office: Office, ben: Person, room: Channel
) -> None:
    """In the core's words; the card stays."""
    shown = await office.posted(room, Button("Remove", Action(Act.REMOVE, number=7)))
    assert "#7 is not an idea that you can see" in told(await press(office, ben, shown, "Remove"))


ODD: list[Any] = [None, 7, "x", [], {}, {"action": 3}, {"data": "x"}, {"action": {"data": [1]}}]


@pytest.mark.parametrize(
    "name", ["adaptiveCard/action", "task/fetch", "task/submit", "fileConsent/invoke"]
)
async def test_odd_invokes_are_answered(
    office: Office, rosa: Person, room: Channel, name: str
) -> None:
    """Whatever shape comes: with words, or as what Teams never sends."""
    for value in [*ODD, *({"data": {"action": act, "value": 7, "fields": [3]}} for act in FORMS)]:
        invoke = office.teams.act.activities.invoke(rosa, room, name, value)
        assert 200 == (await office.teams.courier.send(invoke)).status
    for gone in ("serviceUrl", "from", "conversation"):
        invoke = office.teams.act.activities.invoke(rosa, room, name, {})
        del invoke[gone]
        assert (await office.teams.courier.send(invoke)).status in {400, 401}


async def test_the_desk_turns_in_place_and_is_drawn_anew(
    office: Office, rosa: Person, room: Channel
) -> None:
    """What is filled in goes with its own button alone; Teams asks for the card again by itself."""
    await office.idea(rosa, room)
    shown = await asked(office, rosa, room, "home")
    drawn = card(shown)
    assert "home_open" == drawn["refresh"]["action"]["verb"]
    find = (await press(office, rosa, shown, "Find"))["value"]
    (line, *_) = [one for one in find["body"] if one["type"] == "Input.Text"]
    assert "words" == line["id"]
    assert "none" == of(find, "My ideas")["associatedInputs"]
    search = of(find, "Search")
    assert "associatedInputs" not in search
    search["data"] = {**search["data"], "words": "zebra", "component": "-"}
    answered = await office.teams.act.press(rosa, shown, search)
    assert "Nothing with the words zebra" in told(answered.body)
    refreshed = await office.teams.act.press(rosa, shown, find["refresh"]["action"])
    assert "The newest ideas" in told(refreshed.body)
