"""Members are asked about themselves once, beneath what they hear of their first idea."""

from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.core.model.people import Grades, Profile
from bot.sandbox.model import Channel, Ephemeral, Member
from tests.conftest import Bot
from tests.people import keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club #outdoors"
TASTING = "A book tasting at lunch doubled our checkouts #reading"


async def note_on(bot: Bot, slack: Slack, who: Member, room: Channel, text: str) -> Ephemeral:
    """The latest private note after somebody's idea."""
    await keep(bot, slack, who, room, text)
    await bot.quiet()
    return slack.notes(who)[-1]


async def profile_of(bot: Bot, who: Member) -> Profile:
    member = await bot.parts.store.member(who.team_id, who.id)
    assert member is not None
    return member.profile


async def test_the_first_note_asks_and_its_form_puts_the_idea_right(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """One note says what was kept and asks; what is entered stands on that first idea, too."""
    note = await note_on(bot, slack, rosa, room, GARDEN)
    assert ["idea #1", "I will not ask again"] == [
        one for one in ("idea #1", "I will not ask again") if one in words(note)
    ]
    await slack.click(rosa, note, buttons(note)["About me"])
    told = {"school": "Prairie Elementary", "grades": "elementary"}
    answer = await slack.submit(rosa, told)
    assert answer.ok
    assert "I have put it right on your earlier idea, too." in words(slack.notes(rosa)[-1])
    assert Profile(school="Prairie Elementary", grades=Grades.ELEMENTARY) == await _bare(bot, rosa)
    assert ["Prairie Elementary"] == [row["school"] for row in await bot.rows()]
    shown = words(await slack.command(rosa, room, "/ideas show 1"))
    assert "from an elementary school" in shown
    answer = await slack.command(rosa, room, f"/idea {TASTING}")
    assert "Not now" not in buttons(answer)


async def _bare(bot: Bot, who: Member) -> Profile:
    """A profile, but for what the form always asks."""
    return replace(await profile_of(bot, who), shown=None)


async def test_a_lost_answer_asks_nobody_twice(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, room: Channel
) -> None:
    """The note may have been shown: it counts as shown, and the next idea brings no other."""
    slack.faults.lose_answer("chat.postEphemeral")
    await keep(bot, slack, rosa, room, GARDEN)
    clock.jump(clock() + timedelta(minutes=2))
    await keep(bot, slack, rosa, room, TASTING)
    assert 1 == len(slack.notes(rosa))


async def test_not_now_holds_for_good(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Who puts it off is not asked again, however the next idea comes in."""
    note = await note_on(bot, slack, rosa, room, GARDEN)
    answer = await slack.click(rosa, note, buttons(note)["Not now"])
    assert "I will not ask again" in words(answer)
    assert "Not now" not in buttons(await slack.command(rosa, room, f"/idea {TASTING}"))
    post = slack.post(rosa, room, "short one")
    slack.react(ben, post, "bulb")
    await slack.settled()
    await bot.quiet()
    assert all("Not now" not in buttons(one) for one in slack.notes(rosa))
    assert Profile() == await profile_of(bot, rosa)


async def test_a_first_idea_by_command_asks_beneath_its_answer(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """No second message is sent; the note on the first post does not ask again."""
    answer = await slack.command(rosa, room, f"/idea {TASTING}")
    assert {"About me", "Not now"} <= set(buttons(answer))
    note = await note_on(bot, slack, rosa, room, GARDEN)
    assert "About me" not in buttons(note)


async def test_whoever_was_marked_is_asked_too(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Their first idea is one that a colleague saw; who told something already is not asked."""
    slack.react(ben, slack.post(rosa, room, "reading garden"), "bulb")
    await slack.settled()
    await bot.quiet()
    assert "About me" in buttons(slack.notes(rosa)[0])
    await bot.parts.store.set_profile(ben.team_id, ben.id, Profile(school="Lincoln"))
    assert "About me" not in buttons(await note_on(bot, slack, ben, room, GARDEN))
