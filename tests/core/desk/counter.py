"""The front desk on a stage, and what its replies say."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.desk.desk import Desk, make_desk
from bot.core.desk.replies import Answer, Reply
from bot.core.errors import ChatError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import Keeper
from bot.core.intake.reader import Reader
from bot.core.model.actions import Action
from bot.core.model.ideas import Idea
from bot.core.model.parts import Actions, Button, Menu, Message, Paragraph, Part, Select
from bot.core.model.people import Asker, ChannelInfo, Person
from bot.core.model.posts import Text
from bot.core.model.work import Effect
from bot.core.week.ahead import DigestPreviews
from bot.core.week.rounds import Rounds
from bot.core.week.settings import ChannelSettings
from bot.data.capture import load_rules
from bot.data.common_words import load_likeness
from tests.core.stage import CHICAGO, FRAMEWORK, Stage, stage

ROSA = Asker(workspace="T1", member_id="UROSA", channel="C1")
BEN = Asker(workspace="T1", member_id="UBEN", channel="C1")
ELSEWHERE = Asker(workspace="T1", member_id="UBEN")
IDEA = "We paired 5th graders with kindergartners for a weekly reading buddy hour."


@dataclass(slots=True, repr=False)
class Counter:
    """The desk on a stage. *problem*: why the next idea is not posted; None: it waits."""

    here: Stage
    desk: Desk
    problem: ChatError | None = None

    async def idea(self, number: int = 1) -> Idea | None:
        found = await self.here.store.idea_by_id(number)
        return None if found is None or found.withdrawn is not None else found


@asynccontextmanager
async def at_the_counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """Rosa invited the bot to #ideas-c1; Ben is a member."""
    async with stage(tmp_path) as here:
        for who in ("UROSA", "UBEN"):
            here.room.people[who] = Person(id=who, name=f"{who} Name")
        here.room.channels["C1"] = ChannelInfo(id="C1", name="ideas-c1", private=False)
        here.room.inside["C1"] = {"UROSA", "UBEN"}
        await here.store.saw_channel("T1", "C1", now=here.clock(), invited_by="UROSA")
        permissions = Permissions(store=here.store, chats=here.room, now=here.clock)
        finder = IdeaFinder(
            store=here.store,
            chats=here.room,
            permissions=permissions,
            framework=FRAMEWORK,
            now=here.clock,
            zone=CHICAGO,
        )
        settings = ChannelSettings(
            store=here.store,
            chats=here.room,
            permissions=permissions,
            defaults=here.weekly.defaults,
            speaks=here.timetable.watched,
            plan=here.timetable.plan,
            now=here.clock,
        )

        async def settle(effect: Effect, key: str) -> ChatError | None:
            assert (Effect.PUBLISH, True) == (effect, key.isdecimal())
            return made.problem

        desk = make_desk(
            store=here.store,
            finder=finder,
            keeper=Keeper(here.store, Reader(FRAMEWORK, load_rules()), here.clock),
            weekly=here.weekly,
            ahead=DigestPreviews(
                store=here.store,
                permissions=permissions,
                builder=here.weekly.builder,
                rounds=Rounds(
                    store=here.store,
                    finder=finder,
                    permissions=permissions,
                    settings=settings,
                    picker=here.weekly.picker,
                    now=here.clock,
                ),
                poster=here.weekly.poster,
                defaults=here.weekly.defaults,
                now=here.clock,
            ),
            settings=settings,
            spans=lambda workspace, text: (Text(text),) if workspace == "T1" else (),
            settle=settle,
            likeness=load_likeness(),
            base_url="https://ideas.example.org",
        )
        made = Counter(here, desk)
        yield made


def shown(reply: Reply) -> Message:
    assert isinstance(reply, Answer)
    return reply.message


def said(reply: Reply) -> str:
    return shown(reply).fallback


def _in(part: Part) -> tuple[Button | Select, ...]:
    match part:
        case Actions(buttons):
            menus = (one.buttons for one in buttons if isinstance(one, Menu))
            return (
                *(one for one in buttons if not isinstance(one, Menu)),
                *(one for menu in menus for one in menu),
            )
        case Paragraph(button=Button() as button):
            return (button,)
        case _:
            return ()


def buttons(reply: Reply) -> dict[str, Action]:
    """What the buttons of a message say, and what they ask for."""
    every = (one for part in shown(reply).parts for one in _in(part))
    return {one.text: one.action for one in every if isinstance(one, Button)}
