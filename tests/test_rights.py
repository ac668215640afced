"""A right is asked at the moment something is handed over, not when it was asked for."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at, eventually
from tests.faults.waiting import deaf
from tests.people import calm, keep, tried
from tests.seeing import buttons, words
from tests.slack import Slack

SECRET = "We will cut the hardcover budget to pay for a second librarian"
OPEN = "Book tasting at lunch doubled our checkouts"
LUNCH = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
"""Half an hour before the digest, on Friday at 15:00 in Chicago."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock) as running:
        yield running


@pytest.fixture
def joan(slack: Slack) -> Member:
    """Who invites the bot."""
    return slack.add_user("joan", display_name="Joan Petersen")


@pytest.fixture
def amy(slack: Slack) -> Member:
    """An admin of the workspace, who is in no channel."""
    return slack.add_user("amy", display_name="Amy Novak", is_admin=True)


async def invited(
    bot: Bot, slack: Slack, by: Member, *others: Member, private: bool = True
) -> Channel:
    """A channel that somebody invited the bot to."""
    made = slack.add_channel("den", [by, *others], private=private)
    slack.invite_bot(made, by=by)
    await calm(bot, slack)
    return made


@pytest.fixture
async def den(bot: Bot, slack: Slack, joan: Member, rosa: Member, ben: Member) -> Channel:
    """A private channel that Joan invited the bot to, with an idea of Rosa's in it."""
    made = await invited(bot, slack, joan, rosa, ben)
    await keep(bot, slack, rosa, made, SECRET)
    return made


def heard(slack: Slack, who: Member) -> str:
    """All that the bot said to somebody in direct messages."""
    return " ".join(words(one) for one in slack.said_by_bot(slack.open_im(who)))


async def at(bot: Bot, clock: Clock, when: datetime) -> None:
    """It is so late; the timetable looks, and what is due is tried."""
    clock.jump(when)
    await bot.parts.schedule.wake()
    await tried(bot)


def quietly(who: Member, **fields: object) -> None:
    """Somebody is changed, and no event says so."""
    for name, value in fields.items():
        setattr(who, name, value)


async def ask(slack: Slack, who: Member, where: Channel, line: str) -> str:
    return words(await slack.command(who, where, f"/ideas {line}"))


# -- the look ahead ---------------------------------------------------------------------------


def leaves(slack: Slack, who: Member, den: Channel) -> None:
    slack.leave(who, den)


def deactivated(slack: Slack, who: Member, den: Channel) -> None:
    assert who.id in den.members
    slack.deactivate(who)


def stranger(slack: Slack, who: Member, den: Channel) -> None:
    assert who.id in den.members
    slack.change_user(who, is_stranger=True, team_id="T0OTHER")


@pytest.mark.parametrize("befalls", [leaves, deactivated, stranger])
async def test_who_does_not_coordinate_any_more_is_not_shown_the_digest(
    bot: Bot,
    slack: Slack,
    clock: Clock,
    joan: Member,
    den: Channel,
    befalls: Callable[[Slack, Member, Channel], None],
) -> None:
    """Who invited the bot, and has left, was deactivated or is a stranger, gets no look ahead."""
    befalls(slack, joan, den)
    await calm(bot, slack)
    await at(bot, clock, LUNCH)
    assert "" == heard(slack, joan)
    await at(bot, clock, LUNCH + 31 * MINUTE)
    assert any("hardcover" in words(one) for one in slack.said_by_bot(den))


@pytest.mark.parametrize("inviter", [True, False])
async def test_an_admin_by_settings_is_shown_the_digest_of_rooms_they_are_in(
    slack: Slack,
    joan: Member,
    rosa: Member,
    amy: Member,
    clock: Clock,
    database: Path,
    inviter: bool,  # noqa: FBT001  (drawn)
) -> None:
    """Where the inviter is not known, or gone, the named admins take over, if they are inside."""
    ivy = slack.add_user("ivy")
    named = f"{amy.id},{ivy.id}"
    den = slack.add_channel("den", [joan, rosa, ivy], private=True, bot=not inviter)
    async with bot_at(slack, database, clock, commonplace_admins=named) as bot:
        if inviter:
            slack.invite_bot(den, by=joan)
            await calm(bot, slack)
            slack.leave(joan, den)
        await keep(bot, slack, rosa, den, SECRET)
        await at(bot, clock, LUNCH)
        assert ("", "") == (heard(slack, joan), heard(slack, amy))
        assert "hardcover" in heard(slack, ivy)


async def test_while_it_cannot_be_asked_who_is_inside_the_look_ahead_waits(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, den: Channel
) -> None:
    """Nothing is shown while Slack does not say who is in the channel; it is shown after that."""
    assert joan.id in den.members
    away = slack.faults.refuse("users.conversations", "internal_error", times=None)
    await at(bot, clock, LUNCH)
    assert away.struck
    assert "" == heard(slack, joan)
    away.clear()
    await at(bot, clock, LUNCH + 10 * MINUTE)
    assert "hardcover" in heard(slack, joan)


@pytest.mark.parametrize("button", ["digest_skip", "digest_leave_out"])
async def test_an_admin_outside_cannot_press_the_look_aheads_buttons(
    bot: Bot, slack: Slack, clock: Clock, joan: Member, amy: Member, den: Channel, button: str
) -> None:
    """An admin who is not in the channel changes nothing and is shown nothing."""
    await at(bot, clock, LUNCH)
    (look,) = slack.said_by_bot(slack.open_im(joan))
    answer = await slack.click(amy, look, button)
    shown = [words(one) for one in [*answer.notes, *slack.notes(amy)]]
    assert ["Only coordinators of"] == [one[:20] for one in dict.fromkeys(shown)]
    assert "Skip this week" in buttons(look)
    await at(bot, clock, LUNCH + 31 * MINUTE)
    assert any("hardcover" in words(one) for one in slack.said_by_bot(den))


# -- files ------------------------------------------------------------------------------------


def sent(slack: Slack, who: Member) -> list[str]:
    """The texts in the files that somebody was sent."""
    found = []
    for message in slack.said_by_bot(slack.open_im(who)):
        for file in slack.files_of(message):
            rows = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
            found += [row["text"] for row in rows]
    return found


@pytest.mark.parametrize("guest", [False, True])
async def test_an_export_put_off_holds_what_its_asker_may_see_when_it_goes(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    den: Channel,
    guest: bool,  # noqa: FBT001
) -> None:
    """Removed while Slack asked to wait, the asker gets nothing of that channel but their own."""
    mei = slack.add_user("mei", is_guest=guest)
    for where in (room, den):
        slack.invite(mei, where, by=rosa)
    await keep(bot, slack, rosa, room, OPEN)
    await keep(bot, slack, mei, den, "My own idea about the hardcovers and the fines")
    fault = slack.faults.rate_limit("files.getUploadURLExternal", retry_after=1)
    await ask(slack, mei, den, "export")
    await slack.until(lambda: fault.struck == 1, saying="Slack asks to wait")
    slack.leave(mei, den, by=rosa)
    await slack.until(lambda: bool(sent(slack, mei)), saying="the file")
    mine = "My own idea about the hardcovers and the fines"
    assert ([mine] if guest else [OPEN, mine]) == sent(slack, mei)


# -- news -------------------------------------------------------------------------------------


@pytest.mark.parametrize("befalls", [None, leaves, deactivated])
async def test_i_tried_this_is_told_to_authors_who_are_still_there(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    ben: Member,
    den: Channel,
    befalls: Callable[[Slack, Member, Channel], None] | None,
) -> None:
    """An author who has left a private channel hears nothing of what is said in it."""
    if befalls is not None:
        befalls(slack, rosa, den)
        await calm(bot, slack)
    shown = await slack.command(ben, den, "/ideas show 1")
    await slack.click(ben, shown.notes[-1], "idea_tried")
    answer = await slack.submit(ben, {"came": "worked", "words": "The board said yes at once"})
    assert answer.ok
    await calm(bot, slack)
    assert (befalls is None) == ("The board said yes" in heard(slack, rosa))
    shown = await slack.command(rosa, slack.open_im(rosa), "/ideas show 1")
    assert (befalls is None) == ("The board said yes" in words(shown))
    assert "The board said yes" in await ask(slack, ben, den, "show 1")


@pytest.mark.parametrize("still", [True, False])
async def test_who_left_a_private_channel_does_not_hear_what_became_of_their_question(
    bot: Bot,
    slack: Slack,
    joan: Member,
    ben: Member,
    den: Channel,
    still: bool,  # noqa: FBT001
) -> None:
    """The outcome names the channel and its words: it is for those who are in it."""
    await ask(slack, ben, den, "prompt add What do your student helpers teach the others?")
    await calm(bot, slack)
    (offer,) = slack.said_by_bot(slack.open_im(joan))
    if not still:
        slack.leave(ben, den)
    await slack.click(joan, offer, buttons(offer)["Accept"])
    await calm(bot, slack)
    assert still == ("was accepted" in heard(slack, ben))


async def test_a_proposal_is_told_to_those_who_coordinate_now(
    bot: Bot, slack: Slack, joan: Member, amy: Member, rosa: Member, ben: Member, den: Channel
) -> None:
    """Who invited the bot, and has left the channel, is not told; an admin in it is, in turn."""
    slack.invite(amy, den, by=rosa)
    await ask(slack, amy, den, "list")
    slack.leave(joan, den)
    await ask(slack, ben, den, "prompt add What do your student helpers teach the others?")
    await calm(bot, slack)
    assert "" == heard(slack, joan)
    assert "proposes a question" in heard(slack, amy)


@pytest.mark.parametrize(("moves", "told"), [("", True), ("left", False), ("left back", True)])
@pytest.mark.parametrize("how", ["removed", "archived"])
async def test_the_pause_of_a_private_channel_is_no_news_for_who_left_it(
    bot: Bot,
    slack: Slack,
    joan: Member,
    rosa: Member,
    den: Channel,
    moves: str,
    told: bool,  # noqa: FBT001
    how: str,
) -> None:
    """Who invited the bot hears that it is out, unless they were out before."""
    if "left" in moves:
        slack.leave(joan, den)
        await slack.settled()
    if "back" in moves:
        slack.invite(joan, den, by=rosa)
    await calm(bot, slack)
    if how == "removed":
        slack.remove_bot(den, by=rosa)
    else:
        slack.archive(rosa, den)
    await calm(bot, slack)
    assert told == ("I have stopped in #den" in heard(slack, joan))


async def test_a_deactivated_inviter_is_not_told_of_a_pause(
    bot: Bot, slack: Slack, joan: Member, rosa: Member, den: Channel
) -> None:
    """An account that is closed is told nothing."""
    quietly(joan, deleted=True)
    slack.remove_bot(den, by=rosa)
    await calm(bot, slack)
    assert [] == slack.said_by_bot(slack.open_im(joan))


# -- forms and posts that come later ------------------------------------------------------------


async def test_settings_sent_by_who_has_left_change_nothing(
    slack: Slack, joan: Member, den: Channel
) -> None:
    """The form was opened in time; when it comes, its sender is not in the channel any more."""
    await slack.command(joan, den, "/ideas settings")
    slack.leave(joan, den)
    answer = await slack.submit(joan)
    assert "in a channel that I am in" in str(answer.errors)


async def test_a_trial_sent_by_who_has_left_is_not_kept(
    bot: Bot, slack: Slack, ben: Member, den: Channel
) -> None:
    """*I tried this* was pressed in time; what is sent after leaving is refused."""
    shown = await slack.command(ben, den, "/ideas show 1")
    await slack.click(ben, shown.notes[-1], "idea_tried")
    slack.leave(ben, den)
    answer = await slack.submit(ben, {"came": "worked"})
    assert "#1 is not an idea that you can see" in str(answer.errors)
    assert [0] == [row["tried"] for row in await bot.rows()]


async def test_a_guest_tells_a_trial_of_an_idea_in_their_channel(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A form says nothing of where it was opened; the channel is asked for all the same."""
    gil = slack.add_user("gil", is_guest=True)
    slack.invite(gil, room, by=rosa)
    await keep(bot, slack, rosa, room, OPEN)
    shown = await slack.command(gil, room, "/ideas show 1")
    await slack.click(gil, shown.notes[-1], "idea_tried")
    assert (await slack.submit(gil, {"came": "worked"})).ok
    assert [1] == [row["tried"] for row in await bot.rows()]


@pytest.mark.parametrize("befalls", [None, leaves, deactivated])
async def test_an_idea_put_off_is_posted_for_who_is_still_there(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    den: Channel,
    befalls: Callable[[Slack, Member, Channel], None] | None,
) -> None:
    """Its author left while Slack asked to wait: it is kept, they hear why, nothing is posted."""
    fault = slack.faults.rate_limit("chat.postMessage", retry_after=1)
    await slack.command(rosa, den, f"/idea {OPEN}")
    await slack.until(lambda: fault.struck == 1, saying="Slack asks to wait")
    if befalls is not None:
        befalls(slack, rosa, den)
    await calm(bot, slack)
    posted = [one for one in slack.said_by_bot(den) if OPEN in one.text]
    assert (befalls is None) == bool(posted)
    assert (befalls is leaves) == ("you are not in that channel any more" in heard(slack, rosa))
    assert 2 == len(await bot.rows())
    here, now = (slack.workspace.team_id, den.id), bot.parts.clock()
    fresh = await bot.parts.store.fresh(*here, at=now, oldest=timedelta(days=1))
    assert (befalls is None) == (OPEN in [idea.text for idea in fresh])


# -- one's own --------------------------------------------------------------------------------


@pytest.mark.parametrize("guest", [False, True])
async def test_ones_own_words_are_ones_own_from_anywhere(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    ben: Member,
    den: Channel,
    guest: bool,  # noqa: FBT001
) -> None:
    """Who left a private channel still finds, exports and withdraws what they wrote there."""
    await keep(bot, slack, ben, den, "We lend board games over the weekend, with a deposit")
    slack.leave(rosa, den)
    quietly(rosa, is_guest=guest)
    direct = slack.open_im(rosa)
    for way in ("mine", "show 1", "list @rosa", "search hardcover", "random @rosa", "list"):
        answer = await ask(slack, rosa, direct, way)
        assert ("hardcover" in answer, "board games" in answer) == (True, False), way
    await ask(slack, rosa, direct, "export")
    await slack.until(lambda: bool(sent(slack, rosa)), saying="the file")
    assert [SECRET] == sent(slack, rosa)
    asked = await slack.command(rosa, direct, "/ideas remove 1")
    await slack.click(rosa, asked.notes[-1], buttons(asked)["Withdraw #1"])
    assert [2] == [row["number"] for row in await bot.rows()]
    assert "#2 is not an idea" in await ask(slack, rosa, direct, "show 2")


# -- roles ------------------------------------------------------------------------------------


async def remove(slack: Slack, who: Member, where: Channel, number: int = 1) -> str:
    """What somebody is told who wants to withdraw an idea, and presses the button if it comes."""
    asked = await slack.command(who, where, f"/ideas remove {number}")
    button = buttons(asked).get(f"Withdraw #{number}")
    if button is None:
        return words(asked)
    return words(await slack.click(who, asked.notes[-1], button))


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"is_admin": False}, "somebody else's idea"),
        ({"is_guest": True}, "somebody else's idea"),
        ({"is_stranger": True}, "somebody else's idea"),
        ({"deleted": True}, "#1 is not an idea that you can see"),
    ],
)
async def test_who_is_no_admin_any_more_withdraws_nothing(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    amy: Member,
    room: Channel,
    fields: dict[str, bool],
    answer: str,
) -> None:
    """A minute ago an admin: the role is asked again before an idea is gone for good."""
    slack.join(amy, room)
    await keep(bot, slack, rosa, room, OPEN, f"{OPEN} twice")
    asked = await slack.command(amy, room, "/ideas remove 1")
    quietly(amy, **fields)
    assert answer in words(await slack.click(amy, asked.notes[-1], buttons(asked)["Withdraw #1"]))
    gone = "not a member of this workspace any more" if amy.deleted else answer
    assert gone in await remove(slack, amy, room)
    assert 2 == len(await bot.rows())


async def test_while_roles_cannot_be_asked_nothing_is_withdrawn(
    bot: Bot, slack: Slack, rosa: Member, amy: Member, room: Channel
) -> None:
    """The button stays, and works when Slack answers again; authors are not kept waiting."""
    slack.join(amy, room)
    await keep(bot, slack, rosa, room, OPEN, f"{OPEN} twice")
    asked = await slack.command(amy, room, "/ideas remove 1")
    away = slack.faults.refuse("users.info", "internal_error", times=None)
    refused = words(await slack.click(amy, asked.notes[-1], buttons(asked)["Withdraw #1"]))
    assert "please try again in a minute" in refused
    assert "Withdrawn: #2" in await remove(slack, rosa, room, 2)
    away.clear()
    await slack.click(amy, asked.notes[-1], buttons(asked)["Withdraw #1"])
    assert [] == await bot.rows()


@pytest.mark.parametrize(
    ("fields", "seen"),
    [({"is_guest": True}, (True, False)), ({"deleted": True}, (False, False))],
)
async def test_what_is_listed_goes_by_todays_role(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    ben: Member,
    room: Channel,
    fields: dict[str, bool],
    seen: tuple[bool, bool],
) -> None:
    """Made a guest a minute ago, Ben lists the channel he is in; deactivated, nothing."""
    other = slack.add_channel("reading", [rosa], bot=True)
    await keep(bot, slack, rosa, room, OPEN)
    await keep(bot, slack, rosa, other, "Our sixth graders read to the second graders")
    assert "sixth" in await ask(slack, ben, room, "list")
    quietly(ben, **fields)
    found = await ask(slack, ben, room, "list")
    assert seen == ("tasting" in found, "sixth" in found)
    assert seen[0] == ("tasting" in await ask(slack, ben, room, "digest"))


async def test_a_guest_who_left_a_public_channel_sees_it_no_more(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An old button of a guest looks with the eyes of who is not in the channel now."""
    gil = slack.add_user("gil", is_guest=True)
    slack.invite(gil, room, by=rosa)
    await keep(bot, slack, rosa, room, *(f"{OPEN}, week {n}" for n in range(6)))
    pages = await slack.command(gil, room, "/ideas list")
    questions = await slack.command(gil, room, "/ideas prompt list all")
    slack.leave(gil, room, by=rosa)
    turned = await slack.click(gil, pages.notes[-1], buttons(pages)["Older"])
    assert "tasting" not in words(turned)
    turned = await slack.click(gil, questions.notes[-1], "prompt_page")
    assert "Please ask me that in a channel" in words(turned)


async def test_what_slack_says_of_a_member_counts_at_once(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """After a rename the next idea has the new name; a new status is not even looked at."""
    await keep(bot, slack, rosa, room, OPEN)
    slack.rename_user(rosa, "Rosa Alvarez-Kim")
    await calm(bot, slack)
    asked = len([call for call in slack.calls if call.method == "users.info"])
    slack.change_user(rosa, color="aabbcc")
    slack.change_user(slack.add_user("zoe"), title="Somebody we never met")
    await calm(bot, slack)
    assert asked == len([call for call in slack.calls if call.method == "users.info"])
    slack.faults.refuse("users.info", "internal_error", times=None)
    await keep(bot, slack, rosa, room, f"{OPEN} again")
    assert ["Rosa Alvarez", "Rosa Alvarez-Kim"] == [row["author"] for row in await bot.rows()]


@pytest.mark.parametrize(
    "fields", [{"is_guest": True}, {"is_stranger": True, "team_id": "T0OTHER"}]
)
async def test_a_guest_or_stranger_who_invited_the_bot_does_not_coordinate(
    bot: Bot, slack: Slack, rosa: Member, fields: dict[str, object]
) -> None:
    """Somebody of another organization may bring the bot into a shared channel, not rule it."""
    ola = slack.add_user("ola", **fields)
    shared = await invited(bot, slack, ola, rosa, private=False)
    await keep(bot, slack, rosa, shared, OPEN)
    welcome = slack.said_by_bot(shared)[-1]
    answer = await slack.click(ola, welcome, buttons(welcome)["Settings for this channel"])
    assert "Only coordinators" in words(answer)
    assert slack.view(ola) is None


@pytest.mark.parametrize(
    "where", [{"team_id": "T0OTHER", "teams": ("T0OTHER", "T0SANDBOX1")}, {"team_id": ""}]
)
async def test_a_member_of_a_sister_workspace_is_a_member(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, where: dict[str, object]
) -> None:
    """On Enterprise Grid an admin whose home is elsewhere lists and administers like any other."""
    priya = slack.add_user("priya", is_admin=True, **where)
    other = slack.add_channel("reading", [rosa, priya], bot=True)
    await keep(bot, slack, rosa, room, OPEN)
    assert "tasting" in await ask(slack, priya, other, "list")
    assert "Withdrawn: #1" in await remove(slack, priya, other)
    assert [] == await bot.rows()


# -- channels that the bot is out of ----------------------------------------------------------


async def test_a_channel_made_private_behind_our_back_is_closed(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Removed from a public channel the bot asks whether it still is one, each time."""
    plans = slack.add_channel("plans", [rosa], bot=True)
    await keep(bot, slack, rosa, plans, OPEN)
    slack.remove_bot(plans, by=rosa)
    await calm(bot, slack)
    assert "tasting" in await ask(slack, ben, room, "list")
    away = slack.faults.refuse("conversations.info", "internal_error", times=None)
    unsure = await ask(slack, ben, room, "list")
    assert (False, True) == ("tasting" in unsure, "I could not ask the chat" in unsure)
    away.clear()
    assert "tasting" in await ask(slack, ben, room, "list")
    slack.make_private(rosa, plans)
    for way in ("list", "search lunch", "show 1", "random", "export"):
        assert "tasting" not in await ask(slack, ben, room, way), way
    assert "tasting" in await ask(slack, rosa, room, "mine")
    slack.invite(ben, plans, by=rosa)
    slack.invite_bot(plans, by=rosa)
    await calm(bot, slack)
    assert "tasting" in await ask(slack, ben, room, "list")


async def test_a_public_channel_that_is_deleted_leaves_its_ideas(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What was open to everybody stays so when the channel is gone for good."""
    plans = slack.add_channel("plans", [rosa], bot=True)
    await keep(bot, slack, rosa, plans, OPEN)
    slack.delete_channel(plans)
    await calm(bot, slack)
    await at(bot, bot.parts.clock, bot.parts.clock() + timedelta(days=2))
    assert "tasting" in await ask(slack, ben, room, "list")


async def test_a_channel_made_private_while_the_bot_was_away_is_closed(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Removed and shut out while it was stopped, the bot takes what Slack hides for private."""
    plans = slack.add_channel("plans", [rosa], bot=True)
    async with bot_at(slack, database, clock) as bot:
        await keep(bot, slack, rosa, plans, OPEN)
        assert "tasting" in await ask(slack, ben, room, "list")
    deaf(slack)
    slack.remove_bot(plans, by=rosa)
    slack.make_private(rosa, plans)
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:

        async def closed() -> bool:
            known = await bot.parts.store.channel(slack.workspace.team_id, plans.id)
            return known is not None and known.private

        await eventually(closed, "the channel counts as private")
        assert "tasting" not in await ask(slack, ben, room, "list")
        assert "tasting" in await ask(slack, rosa, room, "list")


async def test_whom_slack_does_not_show_is_a_stranger(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Of whom Slack says for good that it does not tell, the channel they ask from is all."""
    other = slack.add_channel("reading", [rosa], bot=True)
    await keep(bot, slack, rosa, other, "Our sixth graders read to the second graders")
    await keep(bot, slack, rosa, room, *(f"{OPEN}, week {n}" for n in range(6)))
    pages = await slack.command(ben, room, "/ideas list")
    slack.faults.refuse("users.info", "user_not_visible", times=None)
    found = await ask(slack, ben, room, "list")
    assert (True, False) == ("tasting" in found, "sixth" in found)
    slack.faults.refuse("users.conversations", "user_not_found", times=None)
    turned = words(await slack.click(ben, pages.notes[-1], buttons(pages)["Older"]))
    assert (False, False) == ("tasting" in turned, "I could not ask" in turned)


async def test_an_idea_is_shown_although_roles_cannot_be_asked(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What the channel holds is shown in it; only the list of parts to choose from is not there."""
    await keep(bot, slack, rosa, room, OPEN)
    slack.faults.refuse("users.info", "internal_error", times=None)
    shown = await slack.command(ben, room, "/ideas show 1")
    assert "tasting" in words(shown)
    assert "static_select" not in str(shown.blocks)


async def test_a_channel_that_slack_describes_as_private_is_closed(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Back in a channel that was made private, of which no event has told yet."""
    plans = slack.add_channel("plans", [rosa], bot=True)
    await keep(bot, slack, rosa, plans, OPEN)
    slack.remove_bot(plans, by=rosa)
    await calm(bot, slack)
    plans.is_private = True
    plans.members.append(slack.bot.id)
    assert "tasting" not in await ask(slack, ben, room, "list")
