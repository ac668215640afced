"""Orders for files, as they wait in the outbox: who asks, and which ideas are meant."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core.finding.filters import parse_filters, to_text
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters
from bot.core.model.people import Asker
from bot.core.model.work import Effect, Job, NewJob


@dataclass(frozen=True, slots=True)
class Order:
    """A file that somebody asked for. Rights are looked at again when it is made."""

    asker: Asker
    filters: Filters

    def job(self, effect: Effect, *, key: str, **more: str) -> NewJob:
        """Return the job that makes the file. *more*: what else it has to know."""
        asked = {
            "member": self.asker.member_id,
            "channel": self.asker.channel,
            "filters": to_text(self.filters),
        }
        if self.filters.number:
            asked["number"] = str(self.filters.number)
        return NewJob(effect=effect, key=key, payload=asked | more)

    @classmethod
    def of(cls, job: Job, framework: Framework, zone: ZoneInfo) -> "Order":
        """Read the order that a job was made of. *zone*: that of the filters' days."""
        asked = job.payload
        asker = Asker(
            workspace=job.workspace,
            member_id=asked["member"],
            channel=asked["channel"],
            pressed=True,  # they may have left since they asked
        )
        filters = parse_filters(asked["filters"], framework.typed)
        number = int(asked.get("number", 0))
        return cls(asker, replace(filters, zone=zone, number=number))
