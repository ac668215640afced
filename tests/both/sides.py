"""A platform under test: what people do and what they see, in the same words on each.

A person, a channel and a post are each side's own; tests hand them on and read nothing in them.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.clock import Clock
from bot.core.finding.export import COLUMNS
from bot.core.model.ideas import Filters, Visibility
from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, File, Member, Message
from handlers.teams.emoji import CHARACTERS
from tests.conftest import Bot, eventually
from tests.exported import exported
from tests.faults.wire import envelope
from tests.people import tried
from tests.seeing import buttons, texts, words
from tests.slack import Slack
from tests.teams.desks import card, of
from tests.teams.drawing import elements
from tests.teams.model import Channel as Room
from tests.teams.model import Item, Payload, Person, Whisper
from tests.teams.running import bot_in
from tests.teams.teams import Teams

NAMES: Final = ("slack", "teams")


class Common(ABC):
    """What follows from what each side can.

    Attributes:
        home: The workspace's id.
        rosa, ben: Members, who are in *room*. Rosa brought the bot in.
    """

    home: str
    rosa: Any
    ben: Any
    room: Any

    @abstractmethod
    def said(self, room: Any = None) -> list[str]:
        """All that the bot posted at top level in a channel."""

    @abstractmethod
    async def settled(self) -> None:
        """Wait until the bot has heard all that happened."""

    def digests(self, room: Any = None) -> list[str]:
        """The digests in a channel; of a long one its first message."""
        return [one for one in self.said(room) if "deas from" in one]

    def prompts(self, room: Any = None) -> list[str]:
        """The prompts in a channel."""
        return [one for one in self.said(room) if "This week’s question" in one]

    async def calm(self, bot: Bot) -> None:
        """Wait until everything that was said is taken in and everything that follows is done."""
        for _ in range(2):  # what the bot does is told to it as events again
            await self.settled()
            await bot.quiet()

    async def caught_up(self, bot: Bot) -> None:
        """Wait until the bot has read every channel here."""
        history = bot.parts.history

        async def done() -> bool:
            here = [one for one in await history.channels() if one.workspace == self.home]
            return bool(here) and all(map(history.caught_up, here))

        await eventually(done, "the histories are read")
        await self.calm(bot)

    async def rows(self, bot: Bot) -> list[dict[str, Any]]:
        """The export's rows of this workspace, by column."""
        found = exported(bot.parts.store, self.home, Filters(), Visibility(everything=True))
        return [dict(zip(COLUMNS, row, strict=True)) for row in found]

    async def kept(self, bot: Bot) -> list[str]:
        """The texts that are kept of this workspace."""
        return [row["text"] for row in await self.rows(bot)]


class SlackSide(Common):
    """Slack, over HTTP."""

    name, posting, inside = "slack", "chat.postMessage", "users.conversations"

    def __init__(self, slack: Slack) -> None:
        self.slack, self.faults, self.home = slack, slack.faults, slack.workspace.team_id
        self.rosa: Any = slack.add_user("rosa", display_name="Rosa Alvarez")
        self.ben: Any = slack.add_user("ben", display_name="Ben Okafor")
        self.room: Any = slack.add_channel("leadership", [self.rosa, self.ben])
        self._latest: Payload = {}

    async def begin(self) -> None:
        """Let Rosa bring the bot in, once."""
        if self.slack.bot.id not in self.room.members:
            self.slack.invite_bot(self.room, by=self.rosa)

    async def post(self, who: Member, text: str, *, room: Channel | None = None) -> Any:
        """Write in a channel."""
        made = self.slack.post(who, room or self.room, text)
        event = self.slack.shape(made) | {"type": "message", "channel": made.channel}
        self._latest = envelope(self.slack, event | {"channel_type": "channel"})
        return made

    async def reply(self, who: Member, post: Message, text: str) -> Any:
        """Write below a post."""
        return self.slack.reply(who, post, text)

    async def edit(self, post: Message, text: str) -> None:
        """Let the author change a post."""
        self.slack.edit(post, text)

    async def delete(self, post: Message) -> None:
        """Let the author delete a post."""
        self.slack.delete(post)

    async def react(self, who: Member, post: Message, name: str) -> None:
        """React to a post."""
        self.slack.react(who, post, name)

    async def unreact(self, who: Member, post: Message, name: str) -> None:
        """Take a reaction back."""
        self.slack.unreact(who, post, name)

    async def again(self) -> None:
        """Tell once more of what was posted last."""
        self.slack.delivery.send(self._latest, "again")

    @asynccontextmanager
    async def swapped(self) -> AsyncIterator[None]:
        """Tell of two things that happen meanwhile, the later one first."""
        self.slack.faults.swap_events()
        yield

    async def ask(self, who: Member, line: str, *, room: Channel | None = None) -> str:
        """Ask the bot in a channel; return what the asker alone is shown."""
        return words(await self.slack.command(who, room or self.room, f"/ideas {line}"))

    async def ask_alone(self, who: Member, line: str) -> str:
        """Ask the bot in one's chat with it."""
        return words(await self.slack.command(who, self.slack.open_im(who), f"/ideas {line}"))

    async def share(self, who: Member, text: str) -> str:
        """Have the bot post an idea; return what the asker alone is shown."""
        return words(await self.slack.command(who, self.room, f"/idea {text}"))

    async def fill(self, who: Member, line: str, *, send: str = "Save", **entered: str) -> None:
        """Ask for a form, and send it with what is entered."""
        await self.ask(who, line)
        form = self.slack.view(who)
        assert form is not None
        assert send == form.definition["submit"]["text"]
        assert (await self.slack.submit(who, entered)).ok

    async def press(self, who: Member, title: str) -> str:
        """Press a button of what the bot showed somebody last; return what comes of it."""
        note = self.slack.notes(who)[-1]
        return words(await self.slack.click(who, note, buttons(note)[title]))

    def person(self, name: str, *, guest: bool = False) -> Any:
        """Add somebody who is in no channel."""
        return self.slack.add_user(name.lower(), display_name=name, is_guest=guest)

    def closed(self, name: str, *inside: Member) -> Any:
        """Add a channel that is for these people and the bot alone."""
        return self.slack.add_channel(name, list(inside), private=True, bot=True)

    async def enter(self, who: Member, room: Channel) -> None:
        """Let somebody come into a channel."""
        self.slack.invite(who, room, by=room.members[0])

    async def leave(self, who: Member, room: Channel) -> None:
        """Let somebody leave a channel."""
        self.slack.leave(who, room)

    def said(self, room: Channel | None = None) -> list[str]:
        """All that the bot posted at top level in a channel."""
        return [words(one) for one in self._own(room) if not one.is_reply]

    def below(self, room: Channel | None = None) -> list[str]:
        """All that the bot posted in threads of a channel."""
        return [words(one) for one in self._own(room) if one.is_reply]

    def _own(self, room: Channel | None) -> list[Message]:
        said = self.slack.said_by_bot(room or self.room)
        return [one for one in said if not one.subtype]

    def id_of(self, post: Message) -> str:
        """The id of a post, as it stands in addresses."""
        return post.ts.replace(".", "")

    def told(self, who: Member) -> list[str]:
        """What the bot wrote to somebody alone."""
        return [words(one) for one in self.slack.said_by_bot(self.slack.open_im(who))]

    def heard(self, who: Member) -> list[str]:
        """What the bot said to somebody alone, in a channel or in one's chat with it."""
        return [*map(words, self.slack.notes(who)), *self.told(who)]

    def offered(self, who: Member) -> list[File]:
        """The files that the bot sent somebody."""
        said = self.slack.said_by_bot(self.slack.open_im(who))
        return [file for one in said for file in self.slack.files_of(one)]

    async def take_file(self, who: Member, _bot: Bot) -> bytes:
        """What is in the file that the bot sent somebody last."""
        return self.offered(who)[-1].content

    def is_marked(self, post: Message) -> bool:
        """Whether a post bears the bot's mark."""
        return self.slack.bot.id in post.reactions.get("bulb", [])

    async def press_told(self, who: Member, title: str) -> str:
        """Press a button of what the bot told somebody last; return what they alone are shown."""
        last = self.slack.said_by_bot(self.slack.open_im(who))[-1]
        assert (await self.slack.click(who, last, buttons(last)[title])).ok
        return words(self.slack.notes(who)[-1])

    async def settled(self) -> None:
        """Wait until the bot has heard all that happened."""
        await self.slack.settled()

    def insist(self) -> None:
        """From now on, what is not acknowledged is told again and again."""
        self.slack.timing = Timing(ack=0.2, retries=(0.0,) * 200, hold=5.0)

    def tries(self) -> int:
        """How often what waits to be acknowledged was told so far."""
        return max((one.attempt + 1 for one in self.slack.delivery.pending), default=0)

    def give_up(self) -> None:
        """From now on, what is not acknowledged is not told again."""
        self.slack.timing = Timing(ack=1.0, retries=(), hold=0.0)

    def lock_out(self) -> None:
        """Take the bot's token no more, and give no other."""
        self.slack.revoke()


class TeamsSide(Common):
    """Teams. What stands in a channel of a team is for the team alone."""

    name, posting, inside = "teams", "connector.post", "connector.member"

    def __init__(self, teams: Teams) -> None:
        self.teams, self.faults, self.home = teams, teams.faults, teams.tenant.id
        self.rosa: Any = teams.add_person("Rosa Alvarez")
        self.ben: Any = teams.add_person("Ben Okafor")
        self.team = teams.add_team("Librarians", [self.rosa, self.ben], bot=False)
        self.room: Any = self.team.channels[0]
        self._latest: Payload = {}
        self._in_its_place: dict[str, Payload] = {}
        """The cards that stand where others stood that were pressed, by the message's id."""

    async def begin(self) -> None:
        """Let Rosa bring the bot in, once."""
        if not self.team.installed:
            await self.teams.act.install(self.rosa, self.team)

    async def post(self, who: Person, text: str, *, room: Room | None = None) -> Any:
        """Write in a channel."""
        made = await self.teams.act.post(who, room or self.room, _html(text))
        self._latest = self.teams.act.activities.message(made, room or self.room)
        return made

    async def reply(self, who: Person, post: Item, text: str) -> Any:
        """Write below a post."""
        room = self.teams.tenant.room(post.home)
        return await self.teams.act.post(who, room, _html(text), root=post)

    async def edit(self, post: Item, text: str) -> None:
        """Let the author change a post."""
        await self.teams.act.edit(post, _html(text))

    async def delete(self, post: Item) -> None:
        """Let the author delete a post."""
        await self.teams.act.delete(post)

    async def react(self, who: Person, post: Item, name: str) -> None:
        """React to a post; the bot hears of it when it reads the channel."""
        await self.teams.act.react(who, post, CHARACTERS[name])

    async def unreact(self, who: Person, post: Item, name: str) -> None:
        """Take a reaction back; see `react`."""
        await self.teams.act.unreact(who, post, CHARACTERS[name])

    async def again(self) -> None:
        """Tell once more of what was posted last."""
        await self.teams.courier.send(self._latest)

    @asynccontextmanager
    async def swapped(self) -> AsyncIterator[None]:
        """Tell of two things that happen meanwhile, the later one first."""
        held: list[Payload] = []
        self.teams.courier.held = held
        yield
        self.teams.courier.held = None
        for activity in reversed(held):
            await self.teams.courier.send(activity)

    async def ask(self, who: Person, line: str, *, room: Room | None = None) -> str:
        """Ask the bot in a channel; return what the asker alone is shown."""
        before = len(self.teams.whispers(who))
        await self.teams.act.whisper(who, room or self.room, line)
        return _words(*self.teams.whispers(who)[before:])

    async def ask_alone(self, who: Person, line: str) -> str:
        """Ask the bot in one's chat with it."""
        chat = self.teams.chat(who)
        before = len(chat.items)
        await self.teams.act.ask(who, line)
        return _words(*[one for one in list(chat.items.values())[before:] if one.author is None])

    async def share(self, who: Person, text: str) -> str:
        """Have the bot post an idea; return what the asker alone is shown."""
        return await self.ask(who, f"idea {text}")

    async def fill(self, who: Person, line: str, *, send: str = "Save", **entered: str) -> None:
        """Ask for a form, and send it with what is entered."""
        await self.ask(who, line)
        form = self.teams.whispers(who)[-1]
        answer = await self.teams.act.press(who, form, of(card(form), send), **entered)
        assert answer.status == 200

    async def press(self, who: Person, title: str) -> str:
        """Press a button of what the bot showed somebody last; return what comes of it."""
        shown = self.teams.whispers(who)[-1]
        drawn = self._in_its_place.get(shown.id) or card(shown)
        answer = await self.teams.act.press(who, shown, of(drawn, title))
        self._in_its_place[shown.id] = answer.body["value"]
        return " ".join(texts(answer.body))

    def person(self, name: str, *, guest: bool = False) -> Any:
        """Add somebody who is in no channel."""
        return self.teams.add_person(name, guest=guest)

    def closed(self, name: str, *inside: Person) -> Any:
        """Add a channel that is for these people and the bot alone."""
        return self.teams.add_channel(self.teams.add_team(f"Team {name}", list(inside)), name)

    async def enter(self, who: Person, room: Room) -> None:
        """Let somebody come into a channel."""
        await self.teams.act.join(who, room.team)

    async def leave(self, who: Person, room: Room) -> None:
        """Let somebody leave a channel."""
        await self.teams.act.leave(who, room.team)

    def said(self, room: Room | None = None) -> list[str]:
        """All that the bot posted at top level in a channel."""
        return [_words(one) for one in self._own(room) if one.is_root]

    def below(self, room: Room | None = None) -> list[str]:
        """All that the bot posted in threads of a channel."""
        return [_words(one) for one in self._own(room) if not one.is_root]

    def _own(self, room: Room | None) -> list[Item]:
        items = (room or self.room).items.values()
        return [one for one in items if one.author is None and one.deleted is None]

    def id_of(self, post: Item) -> str:
        """The id of a post, as it stands in addresses."""
        return post.id

    def told(self, who: Person) -> list[str]:
        """What the bot wrote to somebody alone."""
        items = self.teams.chat(who).items.values()
        return [_words(one) for one in items if one.author is None and one.card]

    def heard(self, who: Person) -> list[str]:
        """What the bot said to somebody alone, in a channel or in one's chat with it."""
        return [*map(_words, self.teams.whispers(who)), *self.told(who)]

    def offered(self, who: Person) -> list[Item]:
        """The files that the bot offered somebody."""
        items = self.teams.chat(who).items.values()
        return [one for one in items if "file.consent" in str(one.attachments)]

    async def take_file(self, who: Person, bot: Bot) -> bytes:
        """Accept the file that the bot offered somebody last; return what is in it.

        What is to be stored at no https address is behind a link.
        """
        await self.teams.act.answer_file(who, self.offered(who)[-1])
        shown = list(self.teams.chat(who).items.values())[-1]
        (address,) = (one["url"] for one in elements(shown.card, "Action.OpenUrl"))
        return await fetched(f"{bot.url}{urlsplit(address).path}")

    def is_marked(self, post: Item) -> bool:
        """Whether a post bears the bot's mark."""
        return "1f4a1_lightbulb" in {one.kind for one in post.reactions if one.person is None}

    async def press_told(self, who: Person, title: str) -> str:
        """Press a button of what the bot told somebody last; return what they are shown then."""
        last = self._told(who)[-1]
        assert (await self.teams.act.press(who, last, of(last.card, title))).status == 200
        return self.told(who)[-1]

    def _told(self, who: Person) -> list[Item]:
        return [one for one in self.teams.chat(who).items.values() if one.author is None]

    async def settled(self) -> None:
        """Wait until the bot has heard all that happened: whoever acts has waited for that."""

    def insist(self) -> None:
        """From now on, what is not acknowledged is told again and again."""
        self.teams.courier.retries = 200

    def tries(self) -> int:
        """How often what waits to be acknowledged was told so far."""
        sent = self.teams.courier.sent
        return len(sent[-1].answers) if sent else 0

    def taken(self) -> set[str]:
        """The ids of the posts that the bot has acknowledged."""
        sent = [one for one in self.teams.courier.sent if one.answers]
        return {one.activity["id"] for one in sent if one.answered.status == 200}

    def give_up(self) -> None:
        """From now on, what is not acknowledged is not told again."""
        self.teams.courier.retries = 0

    def lock_out(self) -> None:
        """Take the bot's token no more, and give no other."""
        self.teams.revoke()
        self.teams.faults.refuse("login", 401, "invalid_client", times=None)


Side = SlackSide | TeamsSide


@dataclass(frozen=True, slots=True)
class Sides:
    """Both platforms."""

    slack: SlackSide
    teams: TeamsSide

    def __iter__(self) -> Iterator[Side]:
        yield from (self.slack, self.teams)

    def of(self, name: str) -> Side:
        """Return the one of that name."""
        return next(one for one in self if one.name == name)

    def beside(self, side: Side) -> Side:
        """Return the other one."""
        return next(one for one in self if one is not side)


@dataclass(frozen=True, slots=True, repr=False)
class Both:
    """One program on both platforms."""

    bot: Bot
    sides: Sides

    async def calm(self) -> None:
        """Wait until everything that was said anywhere is taken in, with what follows."""
        for side in self.sides:
            await side.calm(self.bot)

    async def caught_up(self) -> None:
        """Wait until every channel is read; Teams' are known once something was said there."""
        for side in self.sides:
            await side.caught_up(self.bot)

    async def tick(self, times: int = 1) -> None:
        """The schedule looks, so often, and what is due is tried."""
        for _ in range(times):
            await self.bot.parts.schedule.wake()
            await tried(self.bot)


@asynccontextmanager
async def on_both(sides: Sides, database: Path, clock: Clock, **given: Any) -> AsyncIterator[Both]:
    """Run one program on both platforms."""
    async with bot_in(sides.teams.teams, database, clock, slack=sides.slack.slack, **given) as bot:
        both = Both(bot, sides)
        for side in sides:
            await side.begin()
        await both.calm()
        yield both


async def fetched(address: str) -> bytes:
    """What stands at an address."""
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 200
        return await answer.read()


def _html(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _words(*shown: Item | Whisper) -> str:
    return " ".join(piece for one in shown for piece in texts(one.activity))
