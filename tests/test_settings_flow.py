"""`/ideas settings`: who may, what the form refuses, what it changes, and that it acts at once."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel, Previews
from bot.core.model.weeks import Span
from bot.sandbox.answers import Answer
from bot.sandbox.model import Channel as Room
from bot.sandbox.model import Member, View
from tests.conftest import Bot, bot_at
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack
from tests.storage.making import dues_of

IDEA = "We paired every new teacher with a librarian for their first unit"


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock, transport="http") as running:
        yield running


@pytest.fixture
def joan(slack: Slack) -> Member:
    """An admin of the workspace, who coordinates."""
    return slack.add_user("joan", display_name="Joan Meyer", is_admin=True)


@pytest.fixture
async def here(bot: Bot, slack: Slack, rosa: Member, ben: Member, joan: Member) -> Room:
    """A public channel that Rosa invited the bot to; Ben and Joan are in it."""
    room = slack.add_channel("mentors", [rosa, ben, joan])
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    return room


async def known(bot: Bot, room: Room) -> Channel:
    """The channel as the bot knows it."""
    (home,) = await bot.parts.store.workspaces()
    found = await bot.parts.store.channel(home.id, room.id)
    assert found is not None
    return found


async def due(bot: Bot, room: Room, kind: DeliveryKind) -> datetime | None:
    """When the channel's next one is due."""
    channel = await known(bot, room)
    return (await dues_of(bot.parts.store, channel.workspace)).get((channel.id, kind))


def shown(slack: Slack, who: Member) -> str:
    """What stands in the form that somebody looks at."""
    view = slack.view(who)
    assert view is not None
    return words_of(view.definition)


def words_of(piece: Any) -> str:
    if isinstance(piece, dict):
        return " ".join(words_of(value) for value in piece.values())
    if isinstance(piece, list):
        return " ".join(map(words_of, piece))
    return str(piece)


async def opened(slack: Slack, who: Member, room: Room) -> View:
    """The form, with the fields that are rarely used."""
    answer = await slack.command(who, room, "/ideas settings")
    view = slack.view(who)
    assert view, words(answer)
    await slack.click(who, view, "settings_more")
    return view


async def fill(slack: Slack, who: Member, room: Room, **fields: str) -> Answer:
    """Open the form and send it with these fields changed."""
    await opened(slack, who, room)
    return await slack.submit(who, dict(fields))


# -- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["/ideas settings", "/ideas settings log"])
async def test_a_member_may_not(slack: Slack, ben: Member, here: Room, line: str) -> None:
    """Somebody who does not coordinate is told who may, and sees no form."""
    answer = await slack.command(ben, here, line)
    assert "Only coordinators" in words(answer)
    assert slack.view(ben) is None


async def test_a_guest_may_not(slack: Slack, here: Room, bot: Bot) -> None:
    """A guest who is called an admin somewhere else is refused all the same."""
    guest = slack.add_user("gast", is_guest=True)
    slack.join(guest, here)
    await calm(bot, slack)
    assert "Only coordinators" in words(await slack.command(guest, here, "/ideas settings"))


async def test_rights_are_checked_again_when_the_form_is_sent(
    bot: Bot, slack: Slack, joan: Member, here: Room, clock: Clock
) -> None:
    """Who lost the right while the form stood open changes nothing."""
    await slack.command(joan, here, "/ideas settings")
    slack.change_user(joan, is_admin=False)
    clock.jump(clock() + timedelta(days=2))  # until then a look-up is trusted
    answer = await slack.submit(joan, {"prompt_day": "off"})
    assert "Only coordinators" in words_of(answer.errors)
    assert (await known(bot, here)).prompt is None


async def test_a_private_channel_is_nobody_elses_business(
    bot: Bot, slack: Slack, rosa: Member, joan: Member
) -> None:
    """An admin who left a private channel opens and changes nothing of it."""
    room = slack.add_channel("budget", [rosa, joan], private=True)
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    await slack.command(joan, room, "/ideas settings")
    slack.leave(joan, room)
    await calm(bot, slack)
    answer = await slack.submit(joan, {"prompt_day": "off"})
    assert "in a channel that I am in" in words_of(answer.errors)
    assert (await known(bot, room)).prompt is None


@pytest.mark.parametrize("who", ["rosa", "joan"])
async def test_whoever_invited_the_bot_and_admins_may(slack: Slack, here: Room, who: str) -> None:
    """Rosa invited the bot, Joan is an admin: both see the form."""
    member = slack.member(who)
    await slack.command(member, here, "/ideas settings")
    assert "What comes next" in shown(slack, member)


async def test_those_whom_the_operator_named_may(
    slack: Slack, rosa: Member, ben: Member, database: Path, clock: Clock
) -> None:
    """A member named in COMMONPLACE_ADMINS coordinates every channel."""
    room = slack.add_channel("mentors", [rosa, ben])
    async with bot_at(slack, database, clock, commonplace_admins=ben.id) as bot:
        slack.invite_bot(room, by=rosa)
        await calm(bot, slack)
        await fill(slack, ben, room, prompt_day="off")
        assert "off" == (await known(bot, room)).prompt


@pytest.mark.usefixtures("here")
async def test_it_needs_a_channel(slack: Slack, joan: Member) -> None:
    """In a direct message, and where the bot is not, the answer says where to ask."""
    elsewhere = slack.add_channel("elsewhere", [joan])
    for place in (slack.open_im(joan), elsewhere):
        answer = await slack.command(joan, place, "/ideas settings")
        assert "in a channel that I am in" in words(answer)


@pytest.mark.usefixtures("here")
async def test_a_channel_that_was_quiet_so_far_has_settings(slack: Slack, joan: Member) -> None:
    """Where nothing was said since the bot came, it looks the channel up."""
    room = slack.add_channel("leadership", [joan], bot=True)
    await slack.command(joan, room, "/ideas settings")
    assert "#leadership" in shown(slack, joan)


@pytest.mark.usefixtures("here")
async def test_a_quiet_channel_cannot_be_looked_up(slack: Slack, joan: Member) -> None:
    """When Slack does not tell of the channel, the answer is words, not an error."""
    room = slack.add_channel("leadership", [joan], bot=True)
    slack.faults.refuse("conversations.info", "channel_not_found")
    answer = await slack.command(joan, room, "/ideas settings")
    assert "in a channel that I am in" in words(answer)


# -- what the form refuses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("digest_time", "", "Please choose a time"),
        ("prompt_time", "25:00", "Please choose a time"),
        ("break_last", "2027-01-04", "choose the first day"),
        ("breaks", "Christmas", "2026-12-21 to 2027-01-04"),
        ("breaks", "12/21/2026 - 1/4/2027", "2026-12-21 to 2027-01-04"),
        ("breaks", "2026-12-21 to 2026-02-30", "no such day"),
        ("breaks", "2027-01-04 to 2026-12-21", "ends before it begins"),
        ("breaks", "2026-12-21 to 2028-12-21", "longer than a year"),
        ("breaks", "2036-12-21", "three years away"),
        ("breaks", "next week to the one after", "cannot read"),
        ("breaks", "\n".join(["2026-12-21"] * 41), "40 are enough"),
        ("pause", "soon", "2027-01-04"),
        ("pause", "2026-11-25", "not in the future"),
        ("pause", "2028-11-25", "more than a year away"),
    ],
)
async def test_what_cannot_be_read_is_said_at_its_field(
    bot: Bot, slack: Slack, joan: Member, here: Room, field: str, value: str, says: str
) -> None:
    """A wrong value keeps the form open, with words beside the field, and changes nothing."""
    before = await known(bot, here)
    answer = await fill(slack, joan, here, **{field: value, "observances": "yes"})
    assert [field] == list(answer.errors)
    assert says in answer.errors[field]
    assert slack.view(joan) is not None
    assert before == await known(bot, here)


@pytest.mark.parametrize(
    ("zone", "other", "says"),
    [
        ("other", "", "Europe/Berlin"),
        ("other", "EST", "Did you mean America/New_York?"),
        ("other", "berlin", "Did you mean Europe/Berlin?"),
        ("other", "Europe/Berlni", "Did you mean Europe/Berlin?"),
        ("other", "qqqq", "Europe/Berlin"),
        ("America/Denver", "Europe/Berlin", "chose one zone and wrote another"),
    ],
)
async def test_a_zone_that_is_none(
    bot: Bot, slack: Slack, joan: Member, here: Room, zone: str, other: str, says: str
) -> None:
    """A zone that is misspelt, abbreviated or given twice is answered with the right form."""
    answer = await fill(slack, joan, here, zone=zone, zone_other=other)
    assert says in answer.errors["zone_other"]
    assert (await known(bot, here)).zone is None


async def test_every_wrong_field_is_said_at_once(slack: Slack, joan: Member, here: Room) -> None:
    """Two mistakes are two notes, not one after the other."""
    answer = await fill(slack, joan, here, breaks="x", pause="y", digest_time="z")
    assert {"breaks", "pause", "digest_time"} == set(answer.errors)


# -- what it changes ------------------------------------------------------------------------------


async def test_the_form_shows_what_holds_now(slack: Slack, joan: Member, here: Room) -> None:
    """The form says which posts come next, as they are due in the channel's zone."""
    await slack.command(joan, here, "/ideas settings")
    text = shown(slack, joan)
    for line in (
        "Fri Nov 27, 3:00 PM: the digest",
        "Mon Nov 30, 9:00 AM: a question",
        "Fri Dec 4, 3:00 PM: the digest",
        "Mon Dec 7, 9:00 AM: a question",
        "Nobody has changed these settings yet.",
    ):
        assert line in text


async def test_what_is_rarely_used_is_behind_more(
    bot: Bot, slack: Slack, joan: Member, here: Room
) -> None:
    """Day, hour, break and preview come first, as pickers; *More* adds the rest, keeps the rest."""
    await slack.command(joan, here, "/ideas settings")
    view = slack.view(joan)
    assert view is not None
    first = {block["block_id"]: block for block in view.definition["blocks"]}
    kinds = {name: first[name]["element"]["type"] for name in first if "element" in first[name]}
    assert {
        "digest_day": "static_select",
        "digest_time": "timepicker",
        "line": "plain_text_input",
        "prompt_day": "static_select",
        "prompt_time": "timepicker",
        "break_first": "datepicker",
        "break_last": "datepicker",
        "previews": "radio_buttons",
    } == kinds
    days = [one["value"] for one in first["digest_day"]["element"]["options"]]
    assert ["fri", "mon", "off"] == [*days[:2], days[-1]]
    view.values = {"digest_time": {"digest_time": {"type": "timepicker", "selected_time": "14:45"}}}
    await slack.click(joan, view, "settings_more")
    names = {block["block_id"] for block in view.definition["blocks"]}
    assert {"zone", "zone_other", "breaks", "pause", "observances", "capture"} <= names
    await slack.submit(joan, {"break_first": "2026-12-21", "break_last": "2027-01-01"})
    channel = await known(bot, here)
    assert ("fri 14:45", (Span(date(2026, 12, 21), date(2027, 1, 1)),)) == (
        channel.digest,
        channel.breaks,
    )
    await slack.command(joan, here, "/ideas settings")
    assert "Planned so far: Dec 21 to Jan 1." in shown(slack, joan)


async def test_more_is_for_coordinators_too(slack: Slack, joan: Member, here: Room) -> None:
    """Who lost the right while the form stood open sees no more of it."""
    await slack.command(joan, here, "/ideas settings")
    view = slack.view(joan)
    assert view is not None
    slack.change_user(joan, is_admin=False)
    await slack.click(joan, view, "settings_more")
    assert "zone" not in {block["block_id"] for block in view.definition["blocks"]}


async def test_sent_as_it_is_it_changes_nothing(
    bot: Bot, slack: Slack, joan: Member, here: Room
) -> None:
    """Who only looks and presses *Save* has changed nothing, and the log stays empty."""
    before = await known(bot, here)
    answer = await fill(slack, joan, here)
    assert (True, None) == (answer.ok, slack.view(joan))
    assert "Nothing has changed" in words(slack.notes(joan)[-1])
    assert before == await known(bot, here)
    log = words(await slack.command(joan, here, "/ideas settings log"))
    assert "Nobody has changed the settings" in log


async def test_everything_is_kept_and_told(
    bot: Bot, slack: Slack, joan: Member, here: Room
) -> None:
    """All fields are kept; the answer says what changed, what comes next, and who did it."""
    await fill(
        slack,
        joan,
        here,
        digest_day="thu",
        digest_time="14:00",
        prompt_day="tue",
        prompt_time="08:30",
        zone="other",
        zone_other="europe/berlin",
        breaks="2026-12-21 to 2027-01-04\n2027-01-05\n\n2026-12-10 – 2026-12-11",
        observances="yes",
        capture="marked",
        previews="always",
        pause="2026-12-01",
        line="Bring one book,\ntake one.",
    )
    channel = await known(bot, here)
    assert ("thu 14:00", "tue 08:30", "Europe/Berlin") == (
        channel.digest,
        channel.prompt,
        channel.zone,
    )
    assert (
        Span(date(2026, 12, 10), date(2026, 12, 11)),
        Span(date(2026, 12, 21), date(2027, 1, 5)),
    ) == channel.breaks
    assert (True, True, Previews.ALWAYS) == (
        channel.observances,
        channel.marked_only,
        channel.previews,
    )
    assert date(2026, 12, 1) == channel.paused_until
    assert "Bring one book, take one." == channel.line
    answer = words(slack.notes(joan)[-1])
    assert "digest: Thursday, 2:00 PM (before: as in all channels)" in answer
    assert "your line in the next digest: Bring one book, take one. (before: none)" in answer
    assert "Tue Dec 1, 8:30 AM: a question" in answer
    assert "Thu Dec 3, 2:00 PM: the digest" in answer
    assert "Tue Dec 8, 8:30 AM: a question" in answer
    assert "Tue Dec 15, 8:30 AM: a question" in answer  # the 10th is in a break
    assert "Last changed by Joan Meyer on November 25, 2026." in answer


async def test_off_is_off_and_on_again(bot: Bot, slack: Slack, joan: Member, here: Room) -> None:
    """Without digest and prompt nothing comes by itself; the hours are as before afterwards."""
    await fill(slack, joan, here, digest_day="off", prompt_day="off")
    assert "I post no digest and no question here" in words(slack.notes(joan)[-1])
    assert {} == await dues_of(bot.parts.store, (await known(bot, here)).workspace)
    await fill(slack, joan, here, digest_day="fri")
    assert "Fri Nov 27, 3:00 PM: the digest" in words(slack.notes(joan)[-1])
    assert datetime(2026, 11, 27, 21, tzinfo=UTC) == await due(bot, here, DeliveryKind.DIGEST)


async def test_the_log_says_who_and_when(
    slack: Slack, rosa: Member, joan: Member, here: Room, clock: Clock
) -> None:
    """Each change stands in the log, the latest first, with its author."""
    await fill(slack, joan, here, digest_day="thu")
    clock.jump(clock() + timedelta(days=1))
    await fill(slack, rosa, here, digest_day="wed", capture="marked", pause="2026-12-24")
    log = words(await slack.command(rosa, here, "/ideas settings log"))
    assert log.index("Rosa Alvarez: digest: Wednesday, 3:00 PM (before: Thursday") < log.index(
        "Joan Meyer: digest: Thursday, 3:00 PM (before: as in all channels)"
    )
    assert "what is kept: only what is marked (before: what reads like an idea)" in log
    assert "pause until: December 24, 2026 (before: none)" in log
    assert "Last changed by Rosa Alvarez" in shown_after(slack, rosa)


async def test_days_are_told_as_people_say_them(slack: Slack, joan: Member, here: Room) -> None:
    """The log names breaks with their years; the form adds a year to those that are far away."""
    await fill(slack, joan, here, breaks="2026-12-21 to 2027-01-04\n2027-12-20")
    log = words(await slack.command(joan, here, "/ideas settings log"))
    assert "breaks: Dec 21, 2026 to Jan 4, 2027 and Dec 20, 2027 (before: none)" in log
    await slack.command(joan, here, "/ideas settings")
    assert "Planned so far: Dec 21 to Jan 4 and Dec 20, 2027." in shown(slack, joan)


async def test_a_line_that_came_and_went_is_a_change(
    slack: Slack, joan: Member, here: Room
) -> None:
    """The log keeps no words of a coordinator's line, but says that it was changed."""
    await fill(slack, joan, here, line="Bring one book.")
    log = words(await slack.command(joan, here, "/ideas settings log"))
    assert "Joan Meyer: your line in the next digest: changed" in log


def shown_after(slack: Slack, who: Member) -> str:
    return " ".join(words(note) for note in slack.notes(who))


async def test_an_admin_from_outside_hears_by_direct_message(
    bot: Bot, slack: Slack, joan: Member, here: Room
) -> None:
    """Where Slack does not let us speak to a coordinator in the channel, the answer still comes."""
    await opened(slack, joan, here)
    slack.leave(joan, here)
    await calm(bot, slack)
    await slack.submit(joan, {"observances": "yes"})
    said = slack.said_by_bot(slack.open_im(joan))
    assert "Saved" in words(said[-1])


async def test_saved_though_nothing_can_be_said(
    bot: Bot, slack: Slack, joan: Member, here: Room
) -> None:
    """When Slack takes no answer, the settings are kept and the form closes all the same."""
    await opened(slack, joan, here)
    slack.faults.refuse("chat.postEphemeral", "user_not_in_channel")
    slack.faults.refuse("conversations.open", "user_disabled")
    answer = await slack.submit(joan, {"observances": "yes"})
    assert (True, None) == (answer.ok, slack.view(joan))
    assert (await known(bot, here)).observances


async def test_a_zone_typed_beside_the_list_is_taken(
    bot: Bot, slack: Slack, joan: Member, here: Room
) -> None:
    """Who writes a zone and leaves the list as it was meant what they wrote; and back again."""
    await fill(slack, joan, here, zone_other="America/St_Johns")
    assert "America/St_Johns" == (await known(bot, here)).zone
    await fill(slack, joan, here, zone="America/Chicago")
    assert "America/Chicago" == (await known(bot, here)).zone


async def test_where_the_operator_does_not_want_it_nothing_comes(
    slack: Slack, rosa: Member, database: Path, clock: Clock
) -> None:
    """In a channel that COMMONPLACE_CHANNELS leaves out, the form says that nothing comes."""
    room = slack.add_channel("mentors", [rosa])
    async with bot_at(slack, database, clock, commonplace_channels="reading") as bot:
        slack.invite_bot(room, by=rosa)
        await calm(bot, slack)
        await slack.command(rosa, room, "/ideas settings")
        assert "I post no digest and no question here" in shown(slack, rosa)


# -- it acts at once ------------------------------------------------------------------------------


async def test_only_what_is_marked_is_kept_from_then_on(
    bot: Bot, slack: Slack, rosa: Member, here: Room
) -> None:
    """After *marked only* a plain post is passed by, and a marked one kept."""
    await fill(slack, rosa, here, capture="marked")
    slack.post(rosa, here, IDEA)
    slack.post(rosa, here, f"idea: {IDEA}, and more")
    await calm(bot, slack)
    (row,) = await bot.rows()
    assert row["text"].endswith("and more")


async def test_a_digest_in_a_break_is_carried_over(
    bot: Bot, slack: Slack, rosa: Member, here: Room, clock: Clock
) -> None:
    """In a break neither digest nor prompt comes; the first digest after it holds what came."""
    slack.post(rosa, here, IDEA)
    await calm(bot, slack)
    await fill(slack, rosa, here, breaks="2026-11-26 to 2026-12-01")
    already = len(slack.said_by_bot(here))
    for day in range(26, 37):
        clock.jump(datetime(2026, 11, 25, 21, 1, tzinfo=UTC) + timedelta(days=day - 25))
        if day == 34:  # Friday, December 4
            break
        await bot.parts.schedule.wake()
    assert already == len(slack.said_by_bot(here))
    await bot.parts.schedule.wake()
    await calm(bot, slack)
    assert IDEA in words(slack.said_by_bot(here)[already])


async def test_a_pause_that_begins_while_something_is_due(
    bot: Bot, slack: Slack, rosa: Member, here: Room, clock: Clock
) -> None:
    """A digest that is due, and not posted yet, is kept away by a pause that was set meanwhile."""
    slack.post(rosa, here, IDEA)
    await calm(bot, slack)
    already = len(slack.said_by_bot(here))
    clock.jump(datetime(2026, 11, 27, 21, 0, 5, tzinfo=UTC))
    await fill(slack, rosa, here, pause="2026-12-04")
    await bot.parts.schedule.wake()
    await calm(bot, slack)
    assert already == len(slack.said_by_bot(here))
    assert datetime(2026, 12, 4, 21, tzinfo=UTC) == await due(bot, here, DeliveryKind.DIGEST)


async def test_a_week_has_one_digest_whatever_day_is_chosen(
    bot: Bot, slack: Slack, rosa: Member, here: Room, clock: Clock
) -> None:
    """After Friday's digest, Saturday's is not announced: it would be the same week's."""
    slack.post(rosa, here, IDEA)
    await calm(bot, slack)
    clock.jump(datetime(2026, 11, 27, 21, 0, 5, tzinfo=UTC))
    await bot.parts.schedule.wake()
    await calm(bot, slack)
    await fill(slack, rosa, here, digest_day="sat")
    told = words(slack.notes(rosa)[-1])
    assert "Sat Nov 28" not in told
    assert "Sat Dec 5, 3:00 PM: the digest" in told


# -- the welcome ----------------------------------------------------------------------------------


async def test_the_welcome_has_a_button_to_the_settings(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, here: Room
) -> None:
    """The button opens the form for who coordinates; anybody else is told, and it stays."""
    (welcome,) = [m for m in slack.said_by_bot(here) if buttons(m)]
    button = buttons(welcome)["Settings for this channel"]
    refused = await slack.click(ben, welcome, button)
    assert "Only coordinators" in words(refused)
    assert slack.view(ben) is None
    assert {"Settings for this channel": button} == buttons(welcome)
    await slack.click(rosa, welcome, button)
    assert "#mentors" in shown(slack, rosa)
    await slack.submit(rosa, {"previews": "always"})
    assert Previews.ALWAYS == (await known(bot, here)).previews
