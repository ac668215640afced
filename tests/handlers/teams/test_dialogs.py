"""Forms in Teams, through the bot's door: as dialogs, and as cards for whoever typed."""

from copy import copy
from typing import Any

from bot.core.model.actions import Act, Action
from bot.core.model.parts import Button
from bot.core.model.people import Profile
from handlers.teams import presses
from tests.teams.desks import IDEA, Office, card, of, press, words
from tests.teams.drawing import INPUTS, elements, shown
from tests.teams.model import Channel, Item, Payload, Person, Whisper

ABOUT_ME = {"school": "Prairie", "district": "D214", "role": "Librarian", "keep": "marked"}


async def opened(office: Office, who: Person, room: Channel, act: Act) -> Payload:
    """The dialog that a button opens which everybody sees."""
    button = Button("Open", Action(act, channel=room.id, number=1))
    return dialog(await press(office, who, await office.posted(room, button), "Open"))


def dialog(body: Any) -> Payload:
    """The card in a dialog."""
    assert "continue" == body["task"]["type"]
    found: Payload = body["task"]["value"]["card"]["content"]
    return found


def entered(drawn: Payload) -> dict[str, str]:
    """What stands in the fields of a form."""
    return {one["id"]: one["value"] for one in elements(drawn, *INPUTS) if "value" in one}


async def send(office: Office, who: Person, room: Channel, drawn: Payload, **inputs: str) -> Any:
    """Send a dialog; what stood in it already goes with it."""
    (button,) = drawn["actions"]
    data = {**button["data"], **entered(drawn), **inputs}
    answered = await office.teams.act.submit(who, room, data)
    assert 200 == answered.status
    return answered.body


def last(office: Office, who: Person) -> Whisper:
    return office.teams.whispers(who)[-1]


async def profile(office: Office, who: Person) -> Profile:
    known = await office.store.member(office.ours.bot.id, who.aad)
    assert known is not None
    return known.profile


async def test_an_idea_is_shared_in_a_dialog(office: Office, ben: Person, room: Channel) -> None:
    """It closes; what came of it is whispered in the channel where the idea will stand."""
    form = await opened(office, ben, room, Act.SHARE)
    assert "" == await send(office, ben, room, form, text=IDEA)
    assert "Kept as #1, and posted in" in words(last(office, ben))


async def test_what_is_told_of_another_channel_is_whispered_there(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """A trial is told where its idea stands, wherever the form was opened."""
    await office.idea(rosa, room)
    chat = office.teams.chat(ben)
    await office.teams.act.ask(ben, "show 1")
    (shown,) = (one for one in chat.items.values() if one.author is None)
    form = dialog(await press(office, ben, shown, "I tried this"))
    answered = await office.teams.act.submit(
        ben, chat, {**form["actions"][0]["data"], "came": "worked", "words": "They loved it."}
    )
    assert (200, "") == (answered.status, answered.body)
    assert "Thanks!" in words(last(office, ben))
    assert room is last(office, ben).room


async def test_what_is_wrong_stands_beside_its_field(
    office: Office, rosa: Person, room: Channel
) -> None:
    """All that was entered stays."""
    form = await opened(office, rosa, room, Act.SETTINGS)
    wrong = {"break_first": "2026-12-31", "break_last": "2026-12-21", "line": "Happy holidays!"}
    again = dialog(await send(office, rosa, room, form, **wrong))
    assert wrong == {name: entered(again)[name] for name in wrong}
    assert any("break" in line.lower() for line in shown(again))
    right = await send(office, rosa, room, again, break_last="2027-01-04")
    assert "" == right
    assert "Saved" in words(last(office, rosa))


async def test_a_form_grows(office: Office, rosa: Person, room: Channel) -> None:
    """The longer form takes the shorter one's place with what was entered, and stays the longer."""
    form = await opened(office, rosa, room, Act.SETTINGS)
    (more,) = [one for one in elements(form, "Action.Submit") if one["title"] == "More settings"]
    data = {**more["data"], **entered(form), "line": "Hello, all."}
    longer = dialog((await office.teams.act.submit(rosa, room, data)).body)
    assert "Hello, all." == entered(longer)["line"]
    again = dialog(await send(office, rosa, room, longer, breaks="some day"))
    assert "some day" == entered(again)["breaks"]


async def test_a_profile_is_kept(office: Office, ben: Person, room: Channel) -> None:
    """From a dialog, and from the card that a command is answered with, which makes room."""
    form = await opened(office, ben, room, Act.PROFILE)
    assert "" == await send(office, ben, room, form, **ABOUT_ME)
    assert "Prairie" == (await profile(office, ben)).school
    await office.teams.act.mention(ben, room, "me")
    whisper = last(office, ben)
    assert "Prairie" == entered(card(whisper))["school"]
    body = await press(office, ben, whisper, "Save", **{**ABOUT_ME, "school": "Lincoln"})
    assert "Lincoln" in body["value"]["fallbackText"]
    assert "Lincoln" == (await profile(office, ben)).school
    assert whisper is last(office, ben)


async def test_a_form_as_a_card_says_what_is_wrong(
    office: Office, rosa: Person, room: Channel
) -> None:
    """It is drawn again where it stands."""
    await office.teams.act.mention(rosa, room, "settings")
    given = {**entered(card(last(office, rosa))), "line": "Hi!", "break_last": "2026-12-21"}
    body = await press(office, rosa, last(office, rosa), "Save", **given)
    assert "Hi!" == entered(body["value"])["line"]
    longer = await office.teams.act.press(
        rosa, last(office, rosa), of(body["value"], "More settings"), **given
    )
    assert "Hi!" == entered(longer.body["value"])["line"]
    assert "breaks" in {one["id"] for one in elements(longer.body["value"], *INPUTS)}


async def test_without_dialogs_a_form_stands_beside(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """As in the Agents Playground, which opens none."""
    await office.idea(rosa, room)
    button = presses.of_button(Action(Act.TRIED, number=1))
    drawn = {"type": "Action.Execute", "title": "x", "data": button}
    answered = await office.teams.act.press(ben, await office.posted(room), drawn)
    assert "The answer stands below" in answered.body["value"]
    assert "Action.Execute" == of(card(last(office, ben)), "Share")["type"]


async def test_what_fails_loses_nothing_that_was_entered(
    office: Office, rosa: Person, room: Channel
) -> None:
    """The form comes again with words at its head."""
    form = await opened(office, rosa, room, Act.SETTINGS)
    office.teams.faults.crash("connector.member", times=2)
    again = dialog(await send(office, rosa, room, form, line="Hello, all."))
    assert "Hello, all." == entered(again)["line"]
    assert "Nothing was changed; please try again" in shown(again)[0]


async def test_a_form_that_is_of_no_use_any_more_explains_itself(
    office: Office, ben: Person, room: Channel
) -> None:
    """Its sender coordinates nothing; or no such form is known."""
    for data in (
        presses.of_form(Action(Act.SETTINGS, channel=room.id), ["line"]),
        presses.of_form(Action(Act.HELP), ["line"]),
    ):
        answered = await office.teams.act.submit(ben, room, {**data, "line": "x"})
        said = " ".join(shown(dialog(answered.body)))
        assert "Only coordinators" in said or "I do not know" in said


# -- Save as idea ---------------------------------------------------------------------------------


async def test_a_message_is_saved_as_its_authors_idea(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """Whoever chose it is told in a dialog, whose buttons work there; a second time, too."""
    item = await office.teams.act.post(ben, room, f"<p>{IDEA}</p>")
    answered = await office.teams.act.message_action(rosa, item, "save_idea")
    said = dialog(answered.body)
    assert "Ben Okafor" in " ".join(shown(said))
    kept = await office.store.idea_by_id(1)
    assert kept is not None
    assert (ben.aad, IDEA) == (kept.author.id, kept.text)
    again = await office.teams.act.message_action(rosa, item, "save_idea")
    assert "#1" in " ".join(shown(dialog(again.body)))
    for one in elements(said, "Action.Submit"):
        sent = await office.teams.act.message_action(rosa, item, "save_idea", data=one["data"])
        assert dialog(sent.body)["body"]


async def test_a_reply_is_saved(office: Office, rosa: Person, ben: Person, room: Channel) -> None:
    """Under the name of whoever wrote it, and only for those who are in its team."""
    root = await office.teams.act.post(rosa, room, "<p>What worked?</p>")
    reply = await office.teams.act.post(ben, room, f"<p>{IDEA}</p>", root=root)
    said = dialog((await office.teams.act.message_action(rosa, reply, "save_idea")).body)
    assert "Ben Okafor" in " ".join(shown(said))
    room.team.members.remove(ben)
    refused = dialog((await office.teams.act.message_action(ben, reply, "save_idea")).body)
    assert "that you can read" in " ".join(shown(refused))


async def test_nobody_puts_words_into_anothers_mouth(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """What is sent with the action may say anything: the message is kept as it stands there."""
    root = await office.teams.act.post(ben, room, f"<p>{IDEA}</p>")
    reply = await office.teams.act.post(ben, room, "<p>Ours was at lunch.</p>", root=root)
    room.items["9"] = forged = copy(root)
    for item in (root, reply, forged):
        sent = copy(item)
        sent.html, sent.id = "<p>Our readers are lazy, all of them.</p>", item.id
        if item is forged:
            del room.items["9"]
            sent.id = "1795618800999"
        await office.teams.act.message_action(rosa, sent, "save_idea")
    texts = [row["text"] for row in await office.bot.rows()]
    assert [IDEA, "Ours was at lunch."] == texts


async def test_what_cannot_be_saved_says_why(office: Office, rosa: Person, room: Channel) -> None:
    """The bot's own words, and a message of a chat among people."""
    own = await office.posted(room)
    own.author = office.teams.bot
    activity = office.teams.act.activities.invoke(
        rosa,
        room,
        "composeExtension/fetchTask",
        {
            "commandId": "save_idea",
            "messagePayload": {
                "id": own.id,
                "from": {"application": {"id": office.teams.app_id}},
                "body": {"contentType": "html", "content": "<p>Mine.</p>"},
            },
        },
    )
    mine = await office.teams.courier.send(activity)
    assert "I have not kept that post" in " ".join(shown(dialog(mine.body)))
    among = office.teams.chat(rosa)
    item = await office.teams.act.post(rosa, among, f"<p>{IDEA}</p>")
    theirs = await office.teams.act.message_action(rosa, item, "save_idea")
    assert "only from channels" in " ".join(shown(dialog(theirs.body)))


async def test_what_nobody_knows_is_told_so(office: Office, rosa: Person, room: Channel) -> None:
    """Teams then says that the app does not do that."""
    for name in ("composeExtension/query", "signin/verifyState", ""):
        invoke = office.teams.act.activities.invoke(rosa, room, name, {"commandId": "x"})
        assert 501 == (await office.teams.courier.send(invoke)).status
    item = await office.teams.act.post(rosa, room, "<p>Hello</p>")
    assert 501 == (await office.teams.act.message_action(rosa, item, "other")).status


async def test_an_idea_is_shared_from_anywhere(office: Office, rosa: Person, room: Channel) -> None:
    """From the box to write in, and from the command box; the form asks for a channel."""
    await office.idea(rosa, room)
    for context in ("compose", "commandBox"):
        value = {"commandId": "share_idea", "commandContext": context}
        opening = office.teams.act.activities.invoke(
            rosa, office.teams.chat(rosa), "composeExtension/fetchTask", value
        )
        opened = (await office.teams.courier.send(opening)).body["task"]["value"]
        assert "Share an idea" == opened["title"]
        (send,) = opened["card"]["content"]["actions"]
        data = {**send["data"], "text": f"Book tasting, {context}", "channel": room.id}
        sending = office.teams.act.activities.invoke(
            rosa, office.teams.chat(rosa), "composeExtension/submitAction", {**value, "data": data}
        )
        assert 200 == (await office.teams.courier.send(sending)).status
    await office.bot.quiet()
    texts = [row["text"] for row in await office.bot.rows()]
    assert ["Book tasting, compose", "Book tasting, commandBox"] == texts[1:]


async def test_the_form_shows_similar_ideas_and_credits_colleagues(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """It is drawn again with all that was entered; Teams' picker answers with ids."""
    await office.idea(ben, room, "Book tasting at lunch: tablecloths, menus, five genres")
    await office.teams.act.mention(ben, room, "me")  # the bot has met Ben
    again = "We held a book tasting with tablecloths and menus, and five genres"
    value = {"commandId": "share_idea", "commandContext": "compose"}

    async def answered(name: str, **more: Any) -> Any:
        act = office.teams.act.activities.invoke(rosa, room, name, value | more)
        return (await office.teams.courier.send(act)).body

    opened = await answered("composeExtension/fetchTask")
    content = opened["task"]["value"]["card"]["content"]
    (picker,) = [one for one in content["body"] if one.get("id") == "credit"]
    assert (True, "graph.microsoft.com/users") == (
        picker["isMultiSelect"],
        picker["choices.data"]["dataset"],
    )
    (send,) = content["actions"]
    data = {**send["data"], "text": again, "channel": room.id, "credit": f"{ben.aad},{rosa.aad}"}
    asked = (await answered("composeExtension/submitAction", data=data))["task"]["value"]["card"]
    assert "Already said?" in " ".join(shown(asked["content"]))
    entered = {one["id"]: one.get("value") for one in asked["content"]["body"] if "id" in one}
    assert (again, f"{ben.aad},{rosa.aad}") == (entered["text"], entered["credit"])
    (send,) = asked["content"]["actions"]
    assert "Post anyway" == send["title"]
    await answered("composeExtension/submitAction", data=data | send["data"])
    await office.bot.quiet()
    row = (await office.bot.rows())[-1]
    assert (again, ben.name) == (row["text"], row["credits"])


# -- a file ---------------------------------------------------------------------------------------


async def exported(office: Office, who: Person, room: Channel) -> Item:
    """The offer of a file in a member's chat with the bot."""
    await office.idea(who, room)
    await office.teams.act.mention(who, room, "export")
    await office.bot.quiet()
    (offer,) = office.teams.chat(who).items.values()
    return offer


async def test_a_file_is_handed_over_or_not(office: Office, rosa: Person, room: Channel) -> None:
    """Its offer is gone then; a file that waits no more is said to be gone."""
    offer = await exported(office, rosa, room)
    as_it_was = copy(offer)
    answered = await office.teams.act.answer_file(rosa, offer, accept=False)
    assert (200, True) == (answered.status, offer.deleted is not None)
    await office.teams.act.answer_file(rosa, as_it_was)
    last = list(office.teams.chat(rosa).items.values())[-1]
    assert "That file has waited too long" in last.html


async def test_a_file_that_cannot_be_handed_over_is_spoken_of(
    office: Office, rosa: Person, room: Channel
) -> None:
    """In the chat where it was offered."""
    offer = await exported(office, rosa, room)
    office.teams.faults.rate_limit("connector.post", times=1)
    await office.teams.act.answer_file(rosa, offer)
    last = list(office.teams.chat(rosa).items.values())[-1]
    assert "Teams asked me to slow down" in words(last)
