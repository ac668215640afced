"""`/ideas prompt …`: own questions, proposals and who decides, pin, skip, why, counted answers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.desk import replies
from bot.core.model.actions import Act, Action
from bot.core.model.people import Asker
from bot.core.model.prompts import OwnPrompt, State
from bot.sandbox.answers import Answer
from bot.sandbox.model import Channel, Member, Message, SlackError
from tests.conftest import Bot, bot_at
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack

HELPERS = "What do your student helpers teach the others?"
DESK = "Which question do you hear most at the desk?"
ANSWER = "Mine teach the younger ones how to find a book by its cover"
MONDAY = datetime(2026, 11, 30, 15, 0, 5, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock, transport="socket") as running:
        yield running


@pytest.fixture
async def here(bot: Bot, slack: Slack, rosa: Member, ben: Member) -> Channel:
    """A public channel that Rosa invited the bot to, so that she coordinates it; Ben is in it."""
    room = slack.add_channel("mentors", [rosa, ben])
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    return room


async def ask(slack: Slack, who: Member, room: Channel, line: str) -> str:
    """What somebody is answered to a command."""
    answer = await slack.command(who, room, f"/ideas prompt {line}".strip())
    assert answer.ok
    return words(answer)


async def monday(bot: Bot, slack: Slack, clock: Clock, at: datetime, room: Channel) -> Message:
    """The prompt that is posted at *at*."""
    clock.jump(at)
    await bot.parts.schedule.wake()
    await calm(bot, slack)
    return [m for m in slack.said_by_bot(room) if "question" in m.text][-1]


def told(slack: Slack, who: Member) -> list[Message]:
    """What the bot said to somebody in direct messages."""
    return slack.said_by_bot(slack.open_im(who))


async def hears(slack: Slack, who: Member, times: int = 1) -> list[Message]:
    """What the bot said to somebody in direct messages, once it has said so much."""
    direct = slack.open_im(who)
    await slack.until(lambda: len(slack.said_by_bot(direct)) >= times, saying="a direct message")
    return slack.said_by_bot(direct)


# -- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        f"edit 1 {HELPERS}",
        f"edit poetry-month {HELPERS}",
        "remove 1",
        "skip",
        "pin poetry-month",
        "pin none",
        "answers",
    ],
)
async def test_a_member_may_not(slack: Slack, ben: Member, here: Channel, line: str) -> None:
    """What only a coordinator may is refused to anybody else, and changes nothing."""
    before = await ask(slack, ben, here, "why")
    assert "Only coordinators" in await ask(slack, ben, here, line)
    assert before == await ask(slack, ben, here, "why")


async def test_a_guest_proposes_and_decides_nothing(bot: Bot, slack: Slack, here: Channel) -> None:
    """A guest may propose a question for the channel they are in, and nothing more."""
    guest = slack.add_user("gast", display_name="Gast", is_guest=True)
    slack.invite(guest, here, slack.member("rosa"))
    await calm(bot, slack)
    assert "passed your question on" in await ask(slack, guest, here, f"add {HELPERS}")
    assert "Only coordinators" in await ask(slack, guest, here, "skip")
    assert "waits for a decision" in await ask(slack, guest, here, "list")


async def test_a_forged_button_decides_nothing(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """Pressed by somebody who does not coordinate, *Accept* is refused and nothing is accepted."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await calm(bot, slack)
    listed = await slack.command(rosa, here, "/ideas prompt list")
    pressed = await slack.click(ben, listed.notes[-1], buttons(listed)["Accept"])
    assert "Only coordinators" in words(pressed)
    assert "waits for a decision" in await ask(slack, rosa, here, "list")


@pytest.mark.parametrize("value", ["", "C0NOWHERE 1", "x y z", "HERE 99", "HERE x", "mentors 1"])
async def test_a_button_with_a_made_up_value(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, value: str
) -> None:
    """What names no proposal is answered in words and decides nothing."""
    await ask(slack, ben, here, f"add {HELPERS}")
    asker = Asker(workspace=slack.workspace.team_id, member_id=rosa.id, pressed=True)
    action = Action.read(Act.PROMPT_ACCEPT, value.replace("HERE", here.id))
    reply = await bot.parts.desk.press(asker, action)
    assert isinstance(reply, replies.Answer)
    assert "waits for a decision" in await ask(slack, rosa, here, "list")


async def test_questions_of_a_private_channel_stay_there(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """A channel's own questions are seen and asked in no other channel."""
    room = slack.add_channel("budget", [rosa, ben], private=True)
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    await ask(slack, rosa, room, f"add {HELPERS}")
    assert HELPERS in await ask(slack, ben, room, "list")
    assert HELPERS not in await ask(slack, ben, here, "list")
    assert HELPERS in await ask(slack, ben, room, "")
    assert HELPERS not in await ask(slack, ben, here, "")


async def test_an_admin_outside_a_private_channel_hears_of_no_proposal(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock
) -> None:
    """The operator's admin is told of a public channel's proposal, not of a private one's."""
    joan = slack.add_user("joan", display_name="Joan Meyer")
    async with bot_at(slack, database, clock, commonplace_admins=joan.id) as bot:
        for name, private in (("budget", True), ("mentors", False)):
            room = slack.add_channel(name, [rosa, ben], private=private)
            slack.invite_bot(room, by=rosa)
            await calm(bot, slack)
            await slack.command(ben, room, f"/ideas prompt add {HELPERS}")
            await calm(bot, slack)
        assert ["#mentors" in words(m) for m in await hears(slack, joan)] == [True]
        assert 2 == len(await hears(slack, rosa, 2))
        with pytest.raises(SlackError):
            await slack.command(joan, slack.channel("budget"), "/ideas prompt list")


async def test_it_needs_a_channel(slack: Slack, rosa: Member, here: Channel) -> None:
    """In a direct message the answer says where to ask."""
    direct = slack.open_im(rosa)
    for line in ("", "why", "list", f"add {HELPERS}", "skip"):
        assert "in a channel that I am in" in await ask(slack, rosa, direct, line)
    assert "This channel has none yet" in await ask(slack, rosa, here, "list")


# -- what is no question --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Tell us about your helpers.", "question mark"),
        ("Do you have student helpers?", "yes or no"),
        ("What " + "x" * 300 + "?", "280 are enough"),
        ("What?" * 20_000, "280 are enough"),
        ("", "Which question?"),
        ('""', "Which question?"),
    ],
)
async def test_what_is_no_good_question(
    slack: Slack, rosa: Member, ben: Member, here: Channel, text: str, says: str
) -> None:
    """A closed, long or empty question is refused with the reason, whoever adds it."""
    for who in (rosa, ben):
        assert says in await ask(slack, who, here, f"add {text}")
    assert "This channel has none yet" in await ask(slack, rosa, here, "list")


async def test_the_same_question_twice(
    slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """A question that is there, or waits, is not kept again."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await ask(slack, rosa, here, f"add {DESK}")
    for text in (HELPERS, DESK, HELPERS.upper().replace("WHAT", "What")):
        assert "know that question already" in await ask(slack, ben, here, f"add {text}")


async def test_five_may_wait(slack: Slack, ben: Member, here: Channel) -> None:
    """The sixth question of a member who has five waiting is refused."""
    for number in range(5):
        await ask(slack, ben, here, f"add What did you try {number} times?")
    assert "are waiting for the coordinator" in await ask(slack, ben, here, f"add {HELPERS}")


async def test_a_channel_has_room_for_so_many(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, clock: Clock
) -> None:
    """Beyond 500 questions no more are kept; the list shows what waits, then the newest."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await asyncio.gather(
        *(
            bot.parts.store.add_prompt(
                slack.workspace.team_id,
                OwnPrompt(
                    channel=here.id,
                    number=0,
                    text=f"What did you try {n} times?",
                    state=State.ACCEPTED,
                    by=rosa.id,
                    at=clock(),
                ),
            )
            for n in range(499)
        )
    )
    assert "too many questions" in await ask(slack, rosa, here, f"add {DESK}")
    listed = await ask(slack, rosa, here, "list")
    assert listed.index(HELPERS) < listed.index("500. What did you try")
    assert "and 485 older ones" in listed


HOSTILE = "What of <!channel> &lt;!here&gt; *bold* `code` <https://evil.example|Slack> \u202e you?"


async def test_hostile_words_stay_words(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, clock: Clock
) -> None:
    """Markup in a question pings nobody and links nowhere, in any message that shows it."""
    slack.rename_user(ben, "<!everyone> *Ben*")
    await calm(bot, slack)
    await ask(slack, ben, here, f"add {HOSTILE}")
    await calm(bot, slack)
    (note,) = await hears(slack, rosa)
    listed = await slack.command(rosa, here, "/ideas prompt list")
    await slack.click(rosa, note, buttons(note)["Accept"])
    await calm(bot, slack)
    asked = await monday(bot, slack, clock, MONDAY, here)
    why = await slack.command(ben, here, "/ideas prompt why")
    assert "asked by" in words(asked)
    heard = await hears(slack, ben)
    everywhere: list[Message | Answer] = [note, listed, asked, why, *heard]
    for shown in everywhere:
        everything = str(shown.blocks) + shown.text
        assert "<!channel>" not in everything
        assert "<!here>" not in everything
        assert "<!everyone>" not in everything
        assert "<https://evil.example|" not in everything
        assert "'url'" not in everything


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("pin 7", "no question 7 of its own"),
        ("pin poetry-mnth", "Did you mean poetry-month"),
        ("pin qqqqqqqq", "/ideas prompt list all"),
        ("pin own:9", "I know no question own:9"),
        ("pin", "Which question?"),
        ("edit 7 " + HELPERS, "no question 7"),
        ("edit poetry-month Do you like poems?", "yes or no"),
        ("edit 3", "Which question, and what should it say?"),
        ("remove 7", "no question 7"),
        ("remove poetry-month", "Write its number"),
        ("list everything", "/ideas prompt list all"),
        ("addd this", "takes nothing after it but"),
    ],
)
async def test_what_names_no_question(
    slack: Slack, rosa: Member, here: Channel, line: str, says: str
) -> None:
    """A number or name that is none is answered with what to type."""
    assert says in (await ask(slack, rosa, here, line)).replace("`", "")


# -- proposals ------------------------------------------------------------------------------------


async def test_a_proposal_is_accepted_and_asked_with_its_authors_name(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, clock: Clock
) -> None:
    """Proposed, told to the coordinator, accepted with one press, asked by name, answered."""
    assert "passed your question on" in await ask(slack, ben, here, f"add {HELPERS}")
    assert HELPERS not in await ask(slack, ben, here, "")
    await calm(bot, slack)
    (note,) = await hears(slack, rosa)
    assert "Ben Okafor proposes a question for #mentors" in words(note)
    await slack.click(rosa, note, buttons(note)["Accept"])
    assert "You accepted" in words(told(slack, rosa)[-1])
    assert {} == buttons(told(slack, rosa)[-1])
    await calm(bot, slack)
    (heard,) = await hears(slack, ben)
    assert "was accepted for #mentors" in words(heard)
    assert f"{HELPERS} It is one of this channel’s own" in await ask(slack, ben, here, "why")
    asked = await monday(bot, slack, clock, MONDAY, here)
    assert HELPERS in words(asked)
    assert "asked by Ben Okafor" in words(asked)
    assert "asked by Ben Okafor" in asked.text
    slack.reply(rosa, asked, ANSWER)
    await calm(bot, slack)
    assert [HELPERS] == [row["prompt"] for row in await bot.rows()]


async def test_a_proposal_is_declined(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """Declined, it is in no list, is not asked, and its author hears of it kindly."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await calm(bot, slack)
    (note,) = await hears(slack, rosa)
    await slack.click(rosa, note, buttons(note)["Decline"])
    await calm(bot, slack)
    assert "does not plan to ask it" in words((await hears(slack, ben))[-1])
    assert HELPERS not in await ask(slack, rosa, here, "list")
    assert HELPERS not in await ask(slack, rosa, here, "")


async def test_a_proposal_is_decided_by_a_command(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """A coordinator types yes or no, and the member is told; others may not, and it stays."""
    for number, (word, came) in enumerate((("accept", "accepted"), ("decline", "plan")), start=1):
        await ask(slack, ben, here, f"add {HELPERS[:-1]} in week {number}?")
        await calm(bot, slack)
        assert "oordinator" in await ask(slack, ben, here, f"{word} {number}")
        assert f"You {word}" in await ask(slack, rosa, here, f"{word} {number}")
        await calm(bot, slack)
        assert came in words((await hears(slack, ben))[-1])
    assert "Which question?" in await ask(slack, rosa, here, "accept")


@pytest.mark.parametrize("reachable", [True, False])
async def test_a_declined_question_is_forgotten(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, *, reachable: bool
) -> None:
    """Once its author was told, or cannot be, its words and their name stand nowhere any more."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await calm(bot, slack)
    listed = await slack.command(rosa, here, "/ideas prompt list")
    listed = await slack.command(rosa, here, "/ideas prompt list")
    (note,) = await hears(slack, rosa)
    if not reachable:
        slack.faults.refuse("conversations.open", "user_disabled", times=None)
    await slack.click(rosa, note, buttons(note)["Decline"])
    await calm(bot, slack)
    (left,) = await bot.parts.store.own_prompts(rosa.team_id, here.id)
    assert ("", "", "", 1) == (left.text, left.name, left.by, left.number)
    again = await slack.click(rosa, listed.notes[-1], buttons(listed)["Decline"])
    assert "That was declined already." in words(again)


async def test_a_decision_holds(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """A second press, on an older copy of the buttons, says what was decided and changes it not."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await calm(bot, slack)
    listed = await slack.command(rosa, here, "/ideas prompt list")
    (note,) = await hears(slack, rosa)
    await slack.click(rosa, note, buttons(note)["Accept"])
    again = await slack.click(rosa, listed.notes[-1], buttons(listed)["Decline"])
    assert "accepted already" in words(again)
    await calm(bot, slack)
    assert 1 == len(told(slack, ben))
    assert "not asked yet" in await ask(slack, rosa, here, "list")


async def test_when_the_coordinator_cannot_be_told_now_they_hear_later(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, clock: Clock
) -> None:
    """A rate limit delays the direct message; it comes once."""
    fault = slack.faults.rate_limit("conversations.open", retry_after=1)
    await ask(slack, ben, here, f"add {HELPERS}")
    await slack.until(lambda: fault.struck == 1, saying="a try")
    clock.jump(clock() + timedelta(seconds=90))
    bot.parts.outbox.wake()
    assert 1 == len(await hears(slack, rosa))
    await calm(bot, slack)
    assert 1 == len(told(slack, rosa))


async def test_without_an_inviter_the_admins_hear(
    bot: Bot, slack: Slack, ben: Member, rosa: Member, room: Channel
) -> None:
    """Where nobody is known to have invited the bot, known admins of the workspace are told."""
    joan = slack.add_user("joan", display_name="Joan Meyer", is_admin=True)
    slack.join(joan, room)
    slack.post(joan, room, "We paired every new teacher with a librarian for a unit")
    slack.post(rosa, room, "We paired every new library with a teacher for a unit")
    await calm(bot, slack)
    await ask(slack, ben, room, f"add {HELPERS}")
    assert 1 == len(await hears(slack, joan))
    assert [] == told(slack, rosa)


async def test_a_proposal_decided_before_it_was_told_is_not_told(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, clock: Clock
) -> None:
    """Who decides by the list needs no direct message any more."""
    fault = slack.faults.rate_limit("conversations.open", retry_after=1)
    await ask(slack, ben, here, f"add {HELPERS}")
    await slack.until(lambda: fault.struck == 1, saying="a try")
    listed = await slack.command(rosa, here, "/ideas prompt list")
    await slack.click(rosa, listed.notes[-1], buttons(listed)["Decline"])
    clock.jump(clock() + timedelta(minutes=30))
    bot.parts.outbox.wake()
    assert 1 == len(await hears(slack, ben))
    await calm(bot, slack)
    assert [] == told(slack, rosa)


# -- for coordinators -----------------------------------------------------------------------------


async def test_a_coordinators_question_is_asked_without_a_name(
    bot: Bot, slack: Slack, rosa: Member, here: Channel, clock: Clock
) -> None:
    """What a coordinator adds has its turn at once, and the season has the week after it."""
    assert "question 1" in await ask(slack, rosa, here, f'add "{HELPERS}"')
    assert "question 2" in await ask(slack, rosa, here, f"add {DESK}")
    first = await monday(bot, slack, clock, MONDAY, here)
    assert HELPERS in words(first)
    assert "asked by" not in words(first)
    assert "week 17 of the school year" in await ask(slack, rosa, here, "why")
    second = await monday(bot, slack, clock, MONDAY + WEEK, here)
    assert DESK not in words(second)
    assert DESK in words(await monday(bot, slack, clock, MONDAY + 2 * WEEK, here))
    assert "asked before" in await ask(slack, rosa, here, "list")


async def test_pin_and_take_it_back(
    bot: Bot, slack: Slack, rosa: Member, here: Channel, clock: Clock
) -> None:
    """A pinned question comes next, once; `pin none` gives the choice back."""
    usual = await ask(slack, rosa, here, "why")
    pinned = await ask(slack, rosa, here, "pin one-move")
    assert "The coordinator chose this question for the week." in pinned
    assert "Mon Nov 30, 9:00 AM" in pinned
    assert "own choice" not in await ask(slack, rosa, here, "pin none")
    assert usual == await ask(slack, rosa, here, "why")
    await ask(slack, rosa, here, "pin one-move")
    assert "Its name is `one-move`" in await ask(slack, rosa, here, "why")
    shown = await ask(slack, rosa, here, "")
    asked = await monday(bot, slack, clock, MONDAY, here)
    assert asked.text in shown
    assert "one-move" not in await ask(slack, rosa, here, "why")
    log = words(await slack.command(rosa, here, "/ideas settings log"))
    assert "the next question: one-move (before: none pinned)" in log


async def test_a_day_that_is_not_then_is_not_pinned(
    slack: Slack, rosa: Member, here: Channel
) -> None:
    """A question that names an observance out of season is refused, and what was pinned stays."""
    await ask(slack, rosa, here, "pin one-move")
    refused = await ask(slack, rosa, here, "pin poetry-month")
    assert (
        "Poetry Month, and the next question comes on November 30, when that is not on." in refused
    )
    assert "Nothing was pinned" in refused
    assert "Its name is `one-move`" in await ask(slack, rosa, here, "why")


@pytest.mark.parametrize("own", [True, False])
async def test_a_pin_taken_back_brings_no_skipped_question_back(
    slack: Slack,
    rosa: Member,
    here: Channel,
    own: bool,  # noqa: FBT001
) -> None:
    """After skip, pin of the same question and pin none, another question comes next."""
    if own:
        await ask(slack, rosa, here, f"add {HELPERS}")
    first = (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]
    await ask(slack, rosa, here, "skip")
    await ask(slack, rosa, here, f"pin {first}")
    assert first == (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]
    await ask(slack, rosa, here, "pin none")
    assert first != (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]


async def test_what_the_bot_brings_is_counted_without_the_channels_own(
    bot: Bot, slack: Slack, rosa: Member, here: Channel
) -> None:
    """A question of the channel's own is not one that the bot brings."""
    brought = len(bot.parts.weekly.picker.bank.prompts)
    for _ in range(2):
        assert f"I have {brought} more questions of my own." in await ask(slack, rosa, here, "list")
        await ask(slack, rosa, here, f"add {HELPERS}")


async def test_the_log_says_what_came_of_the_channels_own_questions(
    slack: Slack, rosa: Member, here: Channel
) -> None:
    """A question that was added and one that was removed are told as that, by number."""
    await ask(slack, rosa, here, f"add {HELPERS}")
    await ask(slack, rosa, here, "remove 1")
    log = words(await slack.command(rosa, here, "/ideas settings log"))
    assert "question 1 is new" in log
    assert "question 1 was removed" in log
    assert "question: " not in log


async def test_a_name_that_no_question_has(slack: Slack, rosa: Member, here: Channel) -> None:
    """The nearest is offered, or else where the names stand."""
    near = await ask(slack, rosa, here, "pin one-mvoe")
    assert "I know no question one-mvoe. Did you mean `one-move`?" in near
    far = await ask(slack, rosa, here, "pin xyzzy")
    assert "I know no question xyzzy. `/ideas prompt list all` shows them." in far


async def test_skip_until_it_is_pinned(slack: Slack, rosa: Member, here: Channel) -> None:
    """Skipped, a question stays away and another comes; pinned again, it is there at once."""
    first = (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]
    assert "for half a year" in await ask(slack, rosa, here, "skip")
    second = (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]
    assert first != second
    await ask(slack, rosa, here, f"pin {first}")
    assert first == (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]
    await ask(slack, rosa, here, "skip")
    assert second == (await ask(slack, rosa, here, "why")).split("Its name is ")[-1]
    log = words(await slack.command(rosa, here, "/ideas settings log"))
    assert f"skipped: {first.strip('`')}" in log


async def test_half_a_year_later_a_skipped_question_is_back(
    slack: Slack, rosa: Member, here: Channel, clock: Clock
) -> None:
    """A skip wears off."""
    await ask(slack, rosa, here, f"add {HELPERS}")
    await ask(slack, rosa, here, "skip")
    assert HELPERS not in await ask(slack, rosa, here, "why")
    clock.jump(clock() + 27 * WEEK)
    assert HELPERS in await ask(slack, rosa, here, "why")


async def test_a_question_is_reworded(
    bot: Bot, slack: Slack, rosa: Member, here: Channel, clock: Clock
) -> None:
    """Own questions and those of the bank read as the coordinator wants, in this channel alone."""
    await ask(slack, rosa, here, f"add {HELPERS}")
    assert DESK in await ask(slack, rosa, here, f"edit 1 {DESK}")
    assert DESK in await ask(slack, rosa, here, "why")
    ours = "Which one thing did you stop doing, and who noticed?"
    assert "brings the original words back" in await ask(slack, rosa, here, f"edit one-move {ours}")
    await ask(slack, rosa, here, "pin one-move")
    assert ours in words(await monday(bot, slack, clock, MONDAY, here))
    again = "Which one thing did you start doing, and who noticed?"
    await ask(slack, rosa, here, f"edit one-move {again}")
    assert again in await ask(slack, rosa, here, "list")
    assert "original words again" in await ask(slack, rosa, here, "remove 2")
    assert again not in await ask(slack, rosa, here, "list")


async def test_an_own_question_is_removed(slack: Slack, rosa: Member, here: Channel) -> None:
    """Removed, it is not asked and not listed; its number is not given again."""
    await ask(slack, rosa, here, f"add {HELPERS}")
    assert "stopped asking" in await ask(slack, rosa, here, "remove 1")
    assert "no question 1" in await ask(slack, rosa, here, "remove 1")
    assert "This channel has none yet" in await ask(slack, rosa, here, "list")
    assert HELPERS not in await ask(slack, rosa, here, "")
    assert "question 2" in await ask(slack, rosa, here, f"add {HELPERS}")


async def test_removing_a_proposal_declines_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel
) -> None:
    """`remove` on what waits is a decision, and its author hears of it."""
    await ask(slack, ben, here, f"add {HELPERS}")
    await ask(slack, rosa, here, "remove 1")
    await calm(bot, slack)
    assert "does not plan to ask it" in words((await hears(slack, ben))[-1])


async def test_every_question_is_listed_page_by_page(
    slack: Slack, ben: Member, here: Channel
) -> None:
    """The whole bank stands in pages of ten with each question's name, turned by buttons."""
    answer = await slack.command(ben, here, "/ideas prompt list all")
    assert "first-planning-talk" in words(answer)
    seen = 10
    while "Next" in buttons(answer):
        answer = await slack.click(ben, answer.notes[-1], buttons(answer)["Next"])
        assert f"Questions {seen + 1}-" in words(answer)
        seen += 10
    assert seen >= 100
    back = await slack.click(ben, answer.notes[-1], buttons(answer)["Previous"])
    assert f"Questions {seen - 19}-" in words(back)


async def test_answers_are_counted_per_question(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Channel, clock: Clock
) -> None:
    """The coordinator sees which question nobody answers, first."""
    assert "No question was asked" in await ask(slack, rosa, here, "answers")
    first = await monday(bot, slack, clock, MONDAY, here)
    slack.reply(ben, first, ANSWER)
    slack.reply(rosa, first, f"{ANSWER}, and back again")
    gone = slack.reply(rosa, first, f"{ANSWER}, which I take back")
    await calm(bot, slack)
    slack.delete(gone)
    await monday(bot, slack, clock, MONDAY + WEEK, here)
    shown = await ask(slack, rosa, here, "answers")
    assert shown.index("Nobody has answered yet (1)") < shown.index("Answered (1)")
    assert "0 answers, last asked on December 7, 2026" in shown
    assert "2 answers, last asked on November 30, 2026" in shown


async def test_observances_are_named_where_they_are_wanted(
    slack: Slack, rosa: Member, here: Channel, clock: Clock
) -> None:
    """In April a channel that wants observances hears of one by name, and no other does."""
    clock.jump(datetime(2027, 4, 7, 15, 0, tzinfo=UTC))
    assert "wants to hear about such days" not in await ask(slack, rosa, here, "why")
    await slack.command(rosa, here, "/ideas settings")
    view = slack.view(rosa)
    assert view is not None
    await slack.click(rosa, view, "settings_more")
    await slack.submit(rosa, {"observances": "yes"})
    assert "wants to hear about such days" in await ask(slack, rosa, here, "why")


async def test_without_a_schedule_the_question_is_that_of_now(
    slack: Slack, rosa: Member, here: Channel
) -> None:
    """Where prompts are off, `why` says what would be asked now."""
    await slack.command(rosa, here, "/ideas settings")
    await slack.submit(rosa, {"prompt_day": "off"})
    assert "If a question were asked now" in await ask(slack, rosa, here, "why")
    assert "Next: “" in await ask(slack, rosa, here, "skip")
