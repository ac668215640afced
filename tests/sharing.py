"""Boards as their readers meet them: shared by a coordinator, opened over HTTP."""

from dataclasses import dataclass

import aiohttp
from multidict import CIMultiDictProxy

from bot.core.model.people import Asker, Licence, Profile, Shown
from bot.core.model.shares import Share
from bot.core.week.shares import ShareWish
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import calm
from tests.slack import Slack


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gets."""

    status: int
    text: str
    headers: CIMultiDictProxy[str]


async def opened(url: str, **headers: str) -> Answer:
    """Open an address; follow nothing."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        return Answer(answer.status, await answer.text(), answer.headers)


async def shared(
    bot: Bot, slack: Slack, by: Member, room: Channel, **wish: object
) -> tuple[Share, str]:
    """A board of a channel, and its address on the bot's web side."""
    await bot.parts.store.saw_channel(
        slack.workspace.team_id, room.id, now=bot.parts.clock(), invited_by=by.id
    )
    asker = Asker(workspace=slack.workspace.team_id, member_id=by.id, channel=room.id)
    made = ShareWish(**wish)  # type: ignore[arg-type]
    _, new = await bot.parts.desk.boards.shares.make(asker, room.id, made)
    await calm(bot, slack)
    return new.share, f"{bot.url}/{'/'.join(new.address.split('/')[-3:])}"


async def shows(bot: Bot, slack: Slack, who: Member, shown: Shown, school: str = "") -> None:
    """Somebody chooses what may be shown of them."""
    profile = Profile(shown=shown, school=school, licence=Licence.BY)
    await bot.parts.store.set_profile(slack.workspace.team_id, who.id, profile)
