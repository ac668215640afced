"""What people ask of the bot in the small Teams: the whole program, and what its answers hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.core.model.parts import Actions, Button, Message
from bot.teams import Teams as Ours
from storage import Store
from tests.conftest import Bot
from tests.teams.drawing import elements
from tests.teams.model import Channel, Item, Payload, Person, Whisper
from tests.teams.running import bot_in
from tests.teams.teams import Teams

IDEA = "We paired 5th graders with kindergartners for a weekly reading buddy hour."
BUTTONS = ("Action.Execute", "Action.Submit")


@dataclass(frozen=True, slots=True, repr=False)
class Office:
    """What a test touches."""

    teams: Teams
    bot: Bot
    database: Path

    @property
    def ours(self) -> Ours:
        """The bot's part in Teams."""
        assert self.bot.parts.teams is not None
        return self.bot.parts.teams

    @property
    def store(self) -> Store:
        """What the bot keeps."""
        return self.bot.parts.store

    async def idea(self, author: Person, room: Channel, text: str = IDEA) -> int:
        """Let a member post an idea; return its number. What the bot says of it is cleared away."""
        before = len(await self.bot.rows())
        await self.teams.act.post(author, room, f"<p>{text}</p>")
        rows = await self.bot.rows()
        assert before + 1 == len(rows)
        await self.hush()
        return int(rows[-1]["number"])

    async def hush(self) -> None:
        """Clear away what the bot told members of its own accord."""
        await self.bot.quiet()
        self.teams.tenant.whispers.clear()
        for chat in self.teams.tenant.chats:
            chat.items.clear()

    async def posted(self, room: Channel, *buttons: Button) -> Item:
        """Return a message that everybody sees, such as a digest, with these buttons."""
        message = Message("For all.", (Actions(buttons),))
        return room.items[await self.ours.chat.post(room.id, message, key="k")]

    def count(self, outcome: str) -> int:
        """Return of how many messages this came."""
        line = f'commonplace_events_total{{event="message",outcome="{outcome}"}} '
        found = self.bot.parts.metrics.render()[0].decode().partition(line)[2]
        return int(float(found.partition("\n")[0] or 0))


@asynccontextmanager
async def open_office(
    teams: Teams, clock: Clock, room: Channel, path: Path, *, coordinator: Person
) -> AsyncIterator[Office]:
    """Run the bot, which *coordinator* adds to the room's team."""
    async with bot_in(teams, path / "ideas.db", clock) as bot:
        office = Office(teams, bot, path / "ideas.db")
        await teams.act.install(coordinator, room.team, room)
        await office.hush()
        yield office


# -- what stands in a message of the bot's ---------------------------------------------------------


def card(shown: Item | Whisper) -> Payload:
    """Return the card of a message of the bot's."""
    (one,) = shown.activity["attachments"]
    found: Payload = one["content"]
    return found


def words(shown: Item | Whisper) -> str:
    """Return what a message of the bot's says to those who see no card."""
    return str(card(shown)["fallbackText"])


def of(drawn: Payload, title: str) -> Payload:
    """Return the first button of a title."""
    return next(one for one in elements(drawn, *BUTTONS) if one["title"] == title)


async def press(
    office: Office, who: Person, shown: Item | Whisper, title: str, **inputs: str
) -> Payload:
    """Press a button of a message of the bot's; return what it is answered with."""
    answered = await office.teams.act.press(who, shown, of(card(shown), title), **inputs)
    assert 200 == answered.status
    body: Payload = answered.body
    return body
