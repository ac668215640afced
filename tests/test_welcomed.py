"""Whoever joins a channel by themselves is welcomed, once, in direct messages."""

from datetime import timedelta

from bot.clock import Clock
from bot.core.model.people import Profile
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import keep
from tests.seeing import words
from tests.slack import Slack

MOMENT = timedelta(minutes=2, seconds=1)
IDEA = "A book tasting at lunch doubled our checkouts #reading"


async def told(bot: Bot, slack: Slack, clock: Clock, who: Member) -> list[str]:
    """What somebody has in direct messages a moment later."""
    await slack.settled()
    clock.jump(clock() + MOMENT)
    await bot.quiet()
    return [words(one) for one in slack.said_by_bot(slack.open_im(who))]


async def test_who_joins_is_welcomed_once(
    bot: Bot, slack: Slack, clock: Clock, room: Channel
) -> None:
    """The note says what happens there; leaving, coming back and other channels bring no other."""
    dana = slack.add_user("dana")
    slack.join(dana, room)
    (note,) = await told(bot, slack, clock, dana)
    assert f"Welcome to #{room.name}!" in note
    assert "/ideas me" in note
    slack.leave(dana, room)
    slack.join(dana, room)
    slack.join(dana, slack.add_channel("reading", [], bot=True))
    assert 1 == len(await told(bot, slack, clock, dana))


async def test_a_crowd_is_not_welcomed(bot: Bot, slack: Slack, clock: Clock, room: Channel) -> None:
    """Those who are brought in together hear nothing, the first no more than the last."""
    crowd = [slack.add_user(f"member{n}") for n in range(7)]
    for one in crowd:
        slack.join(one, room)
    for one in (crowd[0], crowd[-1]):
        assert [] == await told(bot, slack, clock, one)


async def test_who_knows_the_bot_is_not_welcomed(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, ben: Member, room: Channel
) -> None:
    """Neither who shared an idea, nor who said what may be kept."""
    other = slack.add_channel("reading", [], bot=True)
    await keep(bot, slack, rosa, room, IDEA)
    await bot.parts.store.set_profile(ben.team_id, ben.id, Profile(role="K-5"))
    for one in (rosa, ben):
        slack.join(one, other)
        assert [] == await told(bot, slack, clock, one)


async def test_guests_and_bots_are_not_welcomed(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, room: Channel
) -> None:
    """Few of the commands are for guests; a bot reads no welcome."""
    guest = slack.add_user("guest", is_guest=True)
    slack.invite(guest, room, rosa)
    assert [] == await told(bot, slack, clock, guest)
    robot = slack.add_bot("robot")
    slack.invite(robot, room, rosa)
    await told(bot, slack, clock, rosa)
    assert await bot.parts.store.next_due() is None


async def test_a_channel_that_the_bot_has_left_meanwhile(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, room: Channel
) -> None:
    """Nobody is welcomed to where nothing is kept any more."""
    dana = slack.add_user("dana")
    slack.join(dana, room)
    await slack.settled()
    slack.remove_bot(room, rosa)
    assert [] == await told(bot, slack, clock, dana)
