"""The effects of the outbox on a stage, done when a test says so."""

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import Keeper
from bot.core.intake.reader import Reader
from bot.core.model.work import Effect
from bot.core.outbox.effects import Effects, make_effects
from bot.core.outbox.reports import Draw
from bot.core.week.ahead import DigestPreviews
from bot.core.week.personal import PersonalDigests
from bot.core.week.rounds import Rounds
from bot.core.week.settings import ChannelSettings
from bot.data.capture import load_rules
from bot.outbox import file_of
from bot.printing import drawn
from bot.workbook import WRITERS
from tests.core.stage import CHICAGO, FRAMEWORK, Stage


def effects_on(here: Stage, draw: Draw = drawn) -> Effects:
    """What does the jobs that wait on this stage."""
    permissions = Permissions(store=here.store, chats=here.room, now=here.clock)
    poster = here.weekly.poster
    finder = IdeaFinder(
        store=here.store,
        chats=here.room,
        permissions=permissions,
        framework=FRAMEWORK,
        now=here.clock,
        zone=CHICAGO,
    )
    ahead = DigestPreviews(
        store=here.store,
        permissions=permissions,
        builder=here.weekly.builder,
        rounds=Rounds(
            store=here.store,
            finder=finder,
            permissions=permissions,
            settings=ChannelSettings(
                store=here.store,
                chats=here.room,
                permissions=permissions,
                defaults=here.weekly.defaults,
                speaks=here.timetable.watched,
                plan=here.timetable.plan,
                now=here.clock,
            ),
            picker=here.weekly.picker,
            now=here.clock,
        ),
        poster=poster,
        defaults=here.weekly.defaults,
        now=here.clock,
    )
    return make_effects(
        finder=finder,
        keeper=Keeper(here.store, Reader(FRAMEWORK, load_rules()), here.clock),
        poster=poster,
        ahead=ahead,
        personal=personal_on(here, permissions),
        file_of=file_of,
        draw=draw,
        writers=WRITERS,
    )


def personal_on(here: Stage, permissions: Permissions | None = None) -> PersonalDigests:
    """What queues and sends members' own digests on this stage."""
    return PersonalDigests(
        store=here.store,
        permissions=permissions or Permissions(store=here.store, chats=here.room, now=here.clock),
        builder=here.weekly.builder,
        poster=here.weekly.poster,
        usual=CHICAGO,
        now=here.clock,
        on_result=lambda _kind, _result: None,
    )


async def do_due(here: Stage, draw: Draw = drawn) -> list[Effect]:
    """Do each job that is due, in the order of the table, and those that come of them.

    Return those that were refused for good.
    """
    effects = effects_on(here, draw)
    refused: list[Effect] = []
    while jobs := await here.store.jobs(here.clock(), limit=20):
        for job in jobs:
            try:
                await effects.run(job)
            except (ChatUnavailableError, ChatInDoubtError):
                raise
            except ChatError:
                refused.append(job.effect)
            await here.store.done(job)
    return refused
