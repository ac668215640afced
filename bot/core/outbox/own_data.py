"""Everything that is held about somebody, as a file, sent to them."""

from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from bot.core.delivery.files import FileSender
from bot.core.finding.own_data import write_held
from bot.core.finding.permissions import Permissions
from bot.core.messages import own_data
from bot.core.model.people import Asker
from bot.core.model.work import Job
from bot.core.outbox.reports import FileOf
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataSender:
    """Makes the file of a job, for whoever it is about."""

    store: IdeaStore
    files: FileSender
    permissions: Permissions
    file_of: FileOf

    async def send(self, job: Job) -> None:
        """Send the file; nothing to whoever was deactivated since they asked."""
        asker = Asker(workspace=job.workspace, member_id=job.payload["member"], pressed=True)
        if not await self.permissions.is_active(asker):
            return
        write = partial(self._write, asker)
        async with self.file_of("my-data.json", write) as file:
            await self.files.send(job, asker.member_id, file, own_data.done())

    def _write(self, asker: Asker, out: BinaryIO) -> None:
        with self.store.held_about(asker.workspace, asker.member_id) as held:
            write_held(held, out)
