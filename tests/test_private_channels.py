"""Who is not in a private channel never sees its ideas, whichever way they try."""

import csv
import io
from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.core.outbox.exports import TRIES
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot
from tests.people import calm, tried
from tests.seeing import buttons, words
from tests.slack import Slack

SECRET = "We will cut the hardcover budget to pay for a second librarian"
OPEN = "Book tasting at lunch doubled our checkouts"
WHISPERED = ("will cut the", "second librarian")


@pytest.fixture
def closed(slack: Slack, rosa: Member) -> Channel:
    """A private channel of Rosa and the bot."""
    return slack.add_channel("budget-talk", [rosa], private=True, bot=True)


@pytest.fixture
async def secret(bot: Bot, slack: Slack, rosa: Member, room: Channel, closed: Channel) -> Message:
    """An idea in the private channel, number 1; a public one is number 2."""
    post = slack.post(rosa, closed, f"{SECRET} #budget")
    await slack.settled()
    slack.post(rosa, room, OPEN)
    await calm(bot, slack)
    assert [1, 2] == [row["number"] for row in await bot.rows()]
    return post


def leaked(text: str) -> list[str]:
    """What of the private idea is in it."""
    return [piece for piece in WHISPERED if piece in text]


WAYS = (
    "list",
    "list #budget",
    "list @rosa",
    "search hardcover",
    "show 1",
    "1",
    "random #budget",
    "random @rosa",
    "remove 1",
    "digest",
    "export",
    "export #budget",
)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("way", WAYS)
async def test_no_command_shows_it_to_somebody_outside(
    bot: Bot, slack: Slack, ben: Member, room: Channel, way: str
) -> None:
    """Ben, who is not in it, sees nothing of it, from a channel or from a direct message."""
    for place in (room, slack.open_im(ben)):
        answer = await slack.command(ben, place, f"/ideas {way}")
        assert [] == leaked(words(answer))
    await calm(bot, slack)
    sent = slack.said_by_bot(slack.open_im(ben))
    files = [file.content.decode() for message in sent for file in slack.files_of(message)]
    assert [] == leaked("".join(files))
    assert (way == "export") == bool(files)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("way", ["list", "search hardcover", "show 1", "mine", "random #budget"])
async def test_members_of_it_see_it_everywhere(
    slack: Slack, rosa: Member, room: Channel, closed: Channel, way: str
) -> None:
    """Rosa, who is in it, finds it there, in another channel and in a direct message."""
    for place in (closed, room, slack.open_im(rosa)):
        assert "hardcover" in words(await slack.command(rosa, place, f"/ideas {way}"))


@pytest.mark.usefixtures("secret")
async def test_its_digest_is_shown_in_it_alone(
    slack: Slack, rosa: Member, room: Channel, closed: Channel
) -> None:
    """A look at the digest shows what is from that channel."""
    assert "hardcover" in words(await slack.command(rosa, closed, "/ideas digest"))
    assert "hardcover" not in words(await slack.command(rosa, room, "/ideas digest"))


@pytest.mark.usefixtures("secret")
async def test_the_two_refusals_are_the_same(slack: Slack, ben: Member, room: Channel) -> None:
    """An idea that is hidden and one that never was are refused in the same words."""
    hidden = words(await slack.command(ben, room, "/ideas show 1"))
    missing = words(await slack.command(ben, room, "/ideas show 3"))
    assert missing.replace("#3", "#1") == hidden


async def asked(slack: Slack, who: Member, room: Channel, text: str) -> str:
    """The answer to `/ideas` and a text that is already as Slack writes it."""
    form = {
        "command": "/ideas",
        "text": text,
        "team_id": slack.workspace.team_id,
        "user_id": who.id,
        "channel_id": room.id,
        "trigger_id": "1.2",
    }
    outcome = await slack.delivery.ask("slash_commands", form)
    assert outcome.ok
    return str(outcome.body)


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("way", ["list", "search", "export", "list channel:"])
@pytest.mark.parametrize("label", ["", "|"])
async def test_a_link_does_not_tell_what_a_hidden_channel_is_called(
    slack: Slack, rosa: Member, ben: Member, room: Channel, closed: Channel, way: str, label: str
) -> None:
    """Ben is answered as for a channel that never was; what Rosa links has its name."""
    hidden = await asked(slack, ben, room, f"{way} <#{closed.id}{label}>")
    missing = await asked(slack, ben, room, f"{way} <#C0NOWHERE{label}>")
    assert hidden == missing.replace("C0NOWHERE", closed.id)
    assert "budget-talk" not in hidden
    hers = await asked(slack, rosa, room, f"list <#{closed.id}{label}>")
    assert "#budget-talk" in hers


@pytest.mark.usefixtures("secret")
async def test_an_admin_outside_it_sees_and_removes_nothing(
    bot: Bot, slack: Slack, room: Channel
) -> None:
    """Administering does not open private channels."""
    joan = slack.add_user("joan", is_admin=True)
    slack.join(joan, room)
    for way in ("list", "remove 1"):
        answer = await slack.command(joan, room, f"/ideas {way}")
        assert [] == leaked(words(answer))
    assert 2 == len(await bot.rows())


@pytest.mark.usefixtures("secret")
async def test_a_forged_button_shows_and_removes_nothing(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Another's button, pressed by Ben, looks with Ben's eyes; so does one with a forged value."""
    hers = await slack.command(rosa, slack.open_im(rosa), "/ideas remove 1")
    assert "hardcover" in words(hers)
    done = await slack.click(ben, hers.notes[-1], buttons(hers)["Withdraw #1"])
    assert "#1 is not an idea that you can see" in words(done)
    assert 2 == len(await bot.rows())
    for number in range(6):
        slack.post(ben, room, f"{OPEN}, for the {number}th time")
        await slack.settled()
    listed = await slack.command(ben, room, "/ideas list")
    *_, more = [e for b in listed.blocks for e in b.get("elements", ()) if "action_id" in e]
    for value in ("0 #budget", "0 search hardcover", "0 @rosa", "-5", "999999999999999999999 x"):
        more["value"] = value
        shown = await slack.click(ben, listed.notes[-1], more["action_id"])
        assert [] == leaked(words(shown))
        listed.notes[-1].blocks = [{"type": "actions", "block_id": "b", "elements": [more]}]


@pytest.mark.usefixtures("secret")
async def test_a_form_with_a_forged_channel_is_refused(
    bot: Bot, slack: Slack, ben: Member, room: Channel, closed: Channel
) -> None:
    """An idea cannot be sent into a private channel that its author is not in."""
    await slack.command(ben, room, "/idea")
    view = slack.view(ben)
    assert view is not None
    assert closed.id not in str(view.definition)
    assert "budget-talk" not in str(view.definition)
    (select,) = [b["element"] for b in view.definition["blocks"] if b.get("block_id") == "channel"]
    select["options"].append({"text": {"type": "plain_text", "text": "x"}, "value": closed.id})
    answer = await slack.submit(ben, {"text": OPEN, "channel": closed.id})
    assert ["channel"] == list(answer.errors)
    assert 2 == len(await bot.rows())


@pytest.mark.usefixtures("secret")
async def test_a_channel_button_with_a_forged_channel_is_refused(
    bot: Bot, slack: Slack, ben: Member, closed: Channel
) -> None:
    """Nor can a button be made to post there."""
    answer = await slack.command(ben, slack.open_im(ben), f"/idea {OPEN}")
    assert ["#leadership"] == list(buttons(answer))
    (button,) = [e for b in answer.blocks for e in b.get("elements", ()) if "action_id" in e]
    button["value"] = f"{closed.id} {OPEN}"
    refused = await slack.click(ben, answer.notes[-1], button["action_id"])
    assert "I cannot post there for you" in words(refused)
    assert 2 == len(await bot.rows())


@pytest.mark.usefixtures("secret")
async def test_who_left_sees_it_no_more(
    slack: Slack, rosa: Member, ben: Member, room: Channel, closed: Channel, bot: Bot
) -> None:
    """From the moment somebody leaves, neither a command nor an old button shows them a thing."""
    slack.invite(ben, closed, by=rosa)
    for number in range(6):
        slack.post(rosa, closed, f"{SECRET}, plan {number}")
        await slack.settled()
    await calm(bot, slack)
    listed = await slack.command(ben, closed, "/ideas list #budget")
    assert leaked(words(listed))
    pages = await slack.command(ben, closed, "/ideas list")
    slack.leave(ben, closed)
    assert [] == leaked(words(await slack.command(ben, room, "/ideas list")))
    turned = await slack.click(ben, pages.notes[-1], buttons(pages)["Older"])
    assert [] == leaked(words(turned))


@pytest.mark.usefixtures("secret")
async def test_a_guest_sees_the_channel_they_ask_from(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, closed: Channel
) -> None:
    """A guest finds what is from that channel and nothing else; in a direct message nothing."""
    gil = slack.add_user("gil", is_guest=True)
    slack.invite(gil, room, by=rosa)
    slack.invite(gil, closed, by=rosa)
    other = slack.add_channel("reading", [rosa], bot=True)
    slack.post(rosa, other, "Our sixth graders read to the second graders")
    await calm(bot, slack)
    here = words(await slack.command(gil, room, "/ideas list"))
    assert ("tasting" in here, leaked(here), "sixth" in here) == (True, [], False)
    inside = words(await slack.command(gil, closed, "/ideas list"))
    assert (list(WHISPERED), False) == (leaked(inside), "tasting" in inside)
    alone = words(await slack.command(gil, slack.open_im(gil), "/ideas list"))
    assert "nothing yet" in alone
    assert "#1 is not an idea that you can see" in words(
        await slack.command(gil, room, "/ideas show 1")
    )


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("method", ["users.conversations", "users.info"])
async def test_when_slack_cannot_tell_less_is_shown_and_said(
    bot: Bot,
    slack: Slack,
    clock: Clock,
    rosa: Member,
    room: Channel,
    closed: Channel,
    method: str,
) -> None:
    """While Slack does not tell who is where, private ideas stay hidden, and that is said."""
    mei = slack.add_user("mei")
    for place in (room, closed):
        slack.invite(mei, place, by=rosa)
    slack.faults.refuse(method, "internal_error", times=None)
    for way in ("list", "search hardcover", "show 1", "random #budget", "export #budget"):
        shown = words(await slack.command(mei, room, f"/ideas {way}"))
        assert [] == leaked(shown)
        assert "I could not ask the chat" in shown, way
    assert "tasting" in words(await slack.command(mei, room, "/ideas list"))
    await slack.command(mei, room, "/ideas export")
    im = slack.open_im(mei)

    def sent() -> list[Message]:
        return [one for one in slack.said_by_bot(im) if slack.files_of(one)]

    for _ in range(TRIES):  # it waits for better news
        await tried(bot)
        assert [] == sent()
        clock.jump(clock() + timedelta(minutes=2))
        bot.parts.outbox.wake()
    await slack.until(lambda: bool(sent()), saying="the file")
    (message,) = sent()
    (file,) = slack.files_of(message)
    texts = [row[9] for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig")))]
    assert ["text", OPEN] == texts
    assert "I could not ask the chat" in message.text


async def test_a_channel_that_turns_private_closes_at_once(
    bot: Bot, slack: Slack, rosa: Member, ben: Member
) -> None:
    """When a public channel is made private, whoever is not in it sees its ideas no more."""
    shared = slack.add_channel("plans", [rosa], bot=True)
    other = slack.add_channel("random", [ben])
    slack.post(rosa, shared, SECRET)
    await calm(bot, slack)
    assert leaked(words(await slack.command(ben, other, "/ideas list")))
    slack.make_private(rosa, shared)
    await slack.settled()
    assert [] == leaked(words(await slack.command(ben, other, "/ideas list")))
    assert leaked(words(await slack.command(rosa, shared, "/ideas list")))


async def test_whose_privacy_is_not_known_counts_as_private(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """While Slack does not describe a channel, its ideas are for whoever is in it."""
    await calm(bot, slack)
    for method in ("conversations.info", "conversations.list"):
        slack.faults.refuse(method, "internal_error", times=None)
    listing = slack.faults.refuse("users.conversations", "internal_error", times=None)
    hush = slack.add_channel("hush", [rosa], private=True, bot=True)
    said = {"type": "message", "channel": hush.id, "user": rosa.id, "text": SECRET}
    slack.raise_event(said | {"ts": "1795618801.000100", "event_ts": "1795618801.000100"}, hush)
    await slack.settled()
    assert [SECRET] == [row["text"] for row in await bot.rows()]
    await tried(bot)
    listing.clear()
    assert [] == leaked(words(await slack.command(ben, room, "/ideas list")))
    assert [] == leaked(words(await slack.command(ben, slack.open_im(ben), "/ideas digest")))
    assert leaked(words(await slack.command(rosa, hush, "/ideas list")))
