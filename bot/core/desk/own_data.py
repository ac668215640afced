"""What is held about the asker: a file of it, and its end. Nobody can ask for somebody else's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.messages import own_data
from bot.core.model.actions import Action
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.model.work import Effect, NewJob
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """Answers for the asker alone."""

    store: IdeaStore
    now: Callable[[], datetime]

    async def my_data(self, asker: Asker) -> Message:
        """Have a file made of everything that is held about the asker."""
        asked = {"member": asker.member_id}
        job = NewJob(effect=Effect.MY_DATA, key=asker.member_id, payload=asked)
        await self.store.enqueue(asker.workspace, job, now=self.now())
        return own_data.started()

    async def ask_to_forget(self, asker: Asker) -> Message:
        """Say what would go, and ask."""
        held = await self.store.holdings(asker.workspace, asker.member_id)
        return own_data.first(held) if held else own_data.nothing_held()

    async def forget(self, asker: Asker, action: Action) -> Message:
        """Ask once more; then erase everything, or nothing, as the asker answered."""
        if action.text == own_data.ASK:
            return await self.ask_to_forget(asker)
        if action.text == own_data.NOT:
            return own_data.not_erased()
        if action.text not in {own_data.ALL, own_data.FROM_NOW_ON}:
            return own_data.second()
        nothing = await self.store.erase(
            asker.workspace,
            asker.member_id,
            keeps_nothing=action.text == own_data.FROM_NOW_ON,
            now=self.now(),
        )
        return own_data.erased(keeps_nothing=nothing)
