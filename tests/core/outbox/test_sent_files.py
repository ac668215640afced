"""Files for one member: each comes once, whatever becomes of the answers."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.delivery.files import MOST_ATTEMPTS, FileSender
from bot.core.delivery.poster import LEASE
from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.model.work import Effect, Job
from tests.core.chat import Crash, Fault
from tests.core.stage import Stage, stage

JOB = Job(id=1, workspace="T1", effect=Effect.MY_DATA, key="UBEN")
WORDS = "Here is everything that I hold about you."
TRIES = (ChatUnavailableError, ChatInDoubtError)


@dataclass(frozen=True, slots=True)
class Sending:
    """A file for Ben, on a stage."""

    here: Stage
    file: Path

    async def send(self) -> None:
        here = self.here
        sender = FileSender(store=here.store, chats=here.room, now=here.clock, real_now=here.real)
        await sender.send(JOB, "UBEN", self.file, WORDS)

    async def fails(self, *errors: type[BaseException]) -> None:
        with pytest.raises(errors):
            await self.send()
        self.here.clock.move(timedelta(seconds=5))

    def stands(self) -> int:
        """How often it stands in Ben's direct messages."""
        return len(self.here.room.said("DUBEN"))


def sending(here: Stage, tmp_path: Path) -> Sending:
    file = tmp_path / "my-data.json"
    file.write_text("{}")
    return Sending(here, file)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.DROPPED, Fault.AWAY])
async def test_a_file_comes_once(tmp_path: Path, fault: Fault) -> None:
    """Tried again, it is looked for; asked for again another hour, it comes again."""
    async with stage(tmp_path) as here:
        mine = sending(here, tmp_path)
        here.room.posting += [fault]
        await mine.fails(*TRIES)
        here.room.finding += [Fault.AWAY]
        if fault is not Fault.AWAY:  # then nothing was sent, so nothing is looked for
            await mine.fails(ChatUnavailableError)
        await mine.send()
        assert 1 == mine.stands()
        here.clock.move(timedelta(hours=1))
        await mine.send()
        assert 2 == mine.stands()


async def test_where_nobody_can_look_a_file_is_tried_a_few_times(tmp_path: Path) -> None:
    """Then it counts as sent."""
    async with stage(tmp_path) as here:
        mine, here.room.shows_history = sending(here, tmp_path), False
        here.room.posting += [Fault.LOST] * 9
        for _ in range(MOST_ATTEMPTS):
            await mine.fails(ChatInDoubtError)
        await mine.send()
        assert MOST_ATTEMPTS == mine.stands()


async def test_a_file_that_is_refused_is_free_again(tmp_path: Path) -> None:
    """Nothing waits for it when it is asked for anew."""
    async with stage(tmp_path) as here:
        mine = sending(here, tmp_path)
        here.room.posting += [Fault.REFUSED]
        await mine.fails(ChatError)
        await mine.send()
        assert (1, 0) == (mine.stands(), here.room.searches)


async def test_a_file_that_came_before_a_crash_is_found(tmp_path: Path) -> None:
    """As soon as nobody can be at it any more."""
    async with stage(tmp_path) as here:
        mine = sending(here, tmp_path)
        here.room.posting += [Fault.DIES_AFTER]
        await mine.fails(Crash)
        await mine.fails(ChatUnavailableError)
        here.clock.move(LEASE)
        await mine.send()
        assert 1 == mine.stands()
