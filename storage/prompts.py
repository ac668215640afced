"""A channel's own prompts, what was skipped there, and what was asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model.people import Channel
from bot.core.model.prompts import OwnPrompt, PromptStats, State
from bot.core.model.settings import Change
from bot.core.model.work import Effect, NewJob
from storage import outbox
from storage.connection import Connection
from storage.rows import cells_of, clean, column, insert, joined, many, note_erasure, stamp, upsert
from storage.settings import HERE, note_changes

_OWN = f"""select channel, number, text, components, state, rewords, proposed, by, name, at,
  (select max(d.at) from delivery d
    where d.workspace = own_prompt.workspace and d.channel = own_prompt.channel
      and d.kind = 'prompt' and d.prompt_id = 'own:' || own_prompt.number
      and d.sent_at is not null) as asked_at
from own_prompt {HERE}"""


def own_prompts(con: Connection, workspace: str, channel: str) -> Sequence[OwnPrompt]:
    """A channel's own questions, by number."""
    return many(
        con, OwnPrompt, f"{_OWN} order by number", {"workspace": workspace, "channel": channel}
    )


def add_prompt(con: Connection, workspace: str, prompt: OwnPrompt) -> int:
    """Keep a question; returns its number. One that waits for a decision is told of."""
    key = {"workspace": workspace, "channel": prompt.channel}
    (number,) = con.execute(
        f"select coalesce(max(number), 0) + 1 from own_prompt {HERE}", key
    ).fetchone()
    row = cells_of(replace(prompt, number=number)) | {"workspace": workspace}
    del row["asked_at"]
    insert(con, "own_prompt", [row])
    if prompt.state is State.PROPOSED:
        _tell(con, workspace, Effect.PROPOSED, prompt.channel, number, now=prompt.at)
    else:
        note_changes(con, key, Change(prompt.by, prompt.at, "question", "", str(number)))
    return int(number)


def edit_prompt(
    con: Connection, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
) -> None:
    """Give a question other words."""
    key = {"workspace": workspace, "channel": prompt.channel, "number": prompt.number}
    con.execute(
        f"""update own_prompt set text = :text, components = :components
        {HERE} and number = :number""",
        key | {"text": clean(prompt.text), "components": joined(prompt.components)},
    )
    note_erasure(con)
    note_changes(con, key, Change(who, now, "question", str(prompt.number), str(prompt.number)))


def decide_prompt(
    con: Connection,
    workspace: str,
    channel: str,
    number: int,
    state: State,
    *,
    who: str,
    now: datetime,
) -> bool:
    """Accept or decline a proposal, and let its author know; False: it waits for no decision."""
    key = {"workspace": workspace, "channel": channel, "number": number}
    row = con.execute(
        f"""update own_prompt set state = :state, decided_by = :who, decided_at = :at
        {HERE} and number = :number and state = 'proposed' returning number""",
        key | {"state": state.value, "who": who, "at": stamp(now)},
    ).fetchone()
    if row is None:
        return False
    if state is State.ACCEPTED:
        note_changes(con, key, Change(who, now, "question", "", str(number)))
    _tell(con, workspace, Effect.DECIDED, channel, number, now=now)
    return True


def _tell(
    con: Connection, workspace: str, effect: Effect, channel: str, number: int, *, now: datetime
) -> None:
    job = NewJob(effect=effect, channel=channel, key=str(number), payload={"number": number})
    outbox.enqueue(con, workspace, job, now=now)


def drop_prompt(
    con: Connection, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
) -> None:
    """Ask a question no more, and forget its words; its answers stay as they are."""
    key = {"workspace": workspace, "channel": prompt.channel, "number": prompt.number}
    con.execute(
        f"""update own_prompt set state = 'declined', decided_by = :who, decided_at = :at
        {HERE} and number = :number""",
        key | {"who": who, "at": stamp(now)},
    )
    forget_prompt(con, workspace, prompt.channel, prompt.number)
    note_changes(con, key, Change(who, now, "question", str(prompt.number), ""))


def forget_prompt(con: Connection, workspace: str, channel: str, number: int) -> None:
    """Of a question that was declined only the number stays."""
    con.execute(
        f"""update own_prompt set text = '', components = '', by = '', name = ''
        {HERE} and number = :number and state = 'declined'""",
        {"workspace": workspace, "channel": channel, "number": number},
    )
    note_erasure(con)


def skip_prompt(
    con: Connection, channel: Channel, prompt_id: str, *, who: str, now: datetime
) -> None:
    """Do not ask this one for a while."""
    key = {"workspace": channel.workspace, "channel": channel.id}
    row = key | {"prompt_id": prompt_id, "at": stamp(now)}
    upsert(con, "skipped_prompt", row, "workspace, channel, prompt_id")
    note_changes(con, key, Change(who, now, "skipped", "", prompt_id))


def skipped_prompts(
    con: Connection, workspace: str, channel: str, *, since: datetime
) -> frozenset[str]:
    """Ids of what was skipped since then."""
    return frozenset(
        column(
            con,
            f"select prompt_id from skipped_prompt {HERE} and at >= :since",
            {"workspace": workspace, "channel": channel, "since": stamp(since)},
        )
    )


def asked_prompts(con: Connection, workspace: str, channel: str) -> Sequence[PromptStats]:
    """Every question that was asked in a channel, the latest first, with its answers counted."""
    return many(
        con,
        PromptStats,
        """select d.prompt_id, d.prompt_text as text, count(*) as times, max(d.at) as last,
          (select count(*) from idea i
            where i.workspace = :workspace and i.channel = :channel
              and i.prompt_id = d.prompt_id and i.prompt_id <> '' and i.withdrawn is null
              and i.kind <> 'post') as answers
        from delivery d
        where d.workspace = :workspace and d.channel = :channel and d.kind = 'prompt'
          and d.sent_at is not null and d.prompt_id <> ''
        group by d.prompt_id order by max(d.at) desc""",
        {"workspace": workspace, "channel": channel},
    )
