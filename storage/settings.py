"""What coordinators choose for a channel, who changed what, and the channel's own questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.model.people import Channel
from bot.core.model.prompts import Asked, OwnPrompt, State
from bot.core.model.settings import Change
from bot.core.model.work import DeliveryKind, Effect
from storage import outbox, upkeep
from storage.rows import clean, instant, joined, maybe_instant, split, stamp
from storage.sqlite import Connection

_HERE = "where workspace = :workspace and channel = :channel"

_COLUMNS = (
    "zone",
    "digest",
    "prompt",
    "breaks",
    "paused_until",
    "observances",
    "marked_only",
    "previews",
    "pinned",
    "line",
)
"""The columns of a channel that people choose, in the order in which changes are told."""


# -- settings ---------------------------------------------------------------------------------


def set_settings(con: Connection, channel: Channel, *, who: str, now: datetime) -> Sequence[Change]:
    """Keep what *channel* says in those columns; returns what that changed."""
    key = {"workspace": channel.workspace, "channel": channel.id}
    columns = ", ".join(_COLUMNS)
    row = con.execute(
        f"select {columns} from channel where workspace = :workspace and id = :channel",  # noqa: S608
        key,
    ).fetchone()
    if row is None:
        return ()
    wanted = _row_of(channel)
    changes = [
        Change(who, now, what, _said(old), _said(wanted[what]))
        for what, old in zip(_COLUMNS, row, strict=True)
        if old != wanted[what]
    ]
    pairs = ", ".join(f"{name} = :{name}" for name in _COLUMNS)
    con.execute(
        f"update channel set {pairs} where workspace = :workspace and id = :channel",  # noqa: S608
        key | wanted,
    )
    _note(con, key, *changes)
    if changes:
        upkeep.erased(con)  # a line of theirs, perhaps
    return changes


def _note(con: Connection, key: Mapping[str, object], *changes: Change) -> None:
    """Write down who changed what in a channel, but nobody's words: they may be taken back."""
    con.executemany(
        """insert into change (workspace, channel, who, at, what, old, new)
        values (:workspace, :channel, :who, :at, :what, :old, :new)""",
        [
            {
                "workspace": key["workspace"],
                "channel": key["channel"],
                "who": one.who,
                "at": stamp(one.at),
                "what": one.what,
                "old": "" if one.what == "line" else one.old,
                "new": "" if one.what == "line" else one.new,
            }
            for one in changes
        ],
    )


def changes(con: Connection, workspace: str, channel: str, limit: int) -> Sequence[Change]:
    """What was changed, latest first."""
    rows = con.execute(
        f"select who, at, what, old, new from change {_HERE} order by id desc limit :limit",  # noqa: S608
        {"workspace": workspace, "channel": channel, "limit": limit},
    )
    return [Change(row[0], instant(row[1]), row[2], row[3], row[4]) for row in rows]


def _row_of(channel: Channel) -> dict[str, object]:
    return {
        "zone": channel.zone,
        "digest": channel.digest,
        "prompt": channel.prompt,
        "breaks": "\n".join(f"{span.first} to {span.last}" for span in channel.breaks),
        "paused_until": None if channel.paused_until is None else str(channel.paused_until),
        "observances": int(channel.observances),
        "marked_only": int(channel.marked_only),
        "previews": channel.previews.value,
        "pinned": channel.pinned,
        "line": clean(channel.line),
    }


def _said(value: object) -> str:
    return "" if value is None else str(value)


def last_sent(con: Connection, workspace: str, channel: str) -> Mapping[DeliveryKind, str]:
    """The latest week, as `2026-W48`, of which each kind stands in the channel."""
    rows = con.execute(
        f"""select kind, max(period) from delivery {_HERE} and sent_at is not null
        group by kind""",  # noqa: S608
        {"workspace": workspace, "channel": channel},
    )
    return {DeliveryKind(kind): period for kind, period in rows}


def admins(con: Connection, workspace: str) -> Sequence[str]:
    """Ids of the workspace's admins and owners, as far as they are known."""
    rows = con.execute(
        """select id from member
        where workspace = :workspace and is_admin = 1 and is_guest = 0 and is_bot = 0
          and deleted = 0
        order by id""",
        {"workspace": workspace},
    )
    return [row[0] for row in rows]


# -- questions --------------------------------------------------------------------------------

_OWN = f"""select channel, number, text, components, state, rewords, proposed, by, name, at,
  (select max(d.at) from delivery d
    where d.workspace = own_prompt.workspace and d.channel = own_prompt.channel
      and d.kind = 'prompt' and d.prompt_id = 'own:' || own_prompt.number
      and d.sent_at is not null)
from own_prompt {_HERE}"""  # noqa: S608


def own_prompts(con: Connection, workspace: str, channel: str) -> Sequence[OwnPrompt]:
    """A channel's own questions, by number."""
    rows = con.execute(f"{_OWN} order by number", {"workspace": workspace, "channel": channel})
    return [
        OwnPrompt(
            channel=row[0],
            number=row[1],
            text=row[2],
            components=split(row[3]),
            state=State(row[4]),
            rewords=row[5],
            proposed=bool(row[6]),
            by=row[7],
            name=row[8],
            at=instant(row[9]),
            asked_at=maybe_instant(row[10]),
        )
        for row in rows
    ]


def add_prompt(con: Connection, workspace: str, prompt: OwnPrompt) -> int:
    """Keep a question; returns its number. One that waits for a decision is told of."""
    key = {"workspace": workspace, "channel": prompt.channel}
    number = con.execute(
        f"""insert into own_prompt (workspace, channel, number, text, components, state, rewords,
          proposed, by, name, at)
        select :workspace, :channel, coalesce(max(number), 0) + 1, :text, :components, :state,
          :rewords, :proposed, :by, :name, :at
        from own_prompt {_HERE} returning number""",  # noqa: S608
        key
        | {
            "text": clean(prompt.text),
            "components": joined(prompt.components),
            "state": prompt.state.value,
            "rewords": prompt.rewords,
            "proposed": prompt.proposed,
            "by": prompt.by,
            "name": clean(prompt.name),
            "at": stamp(prompt.at),
        },
    ).fetchone()[0]
    if prompt.state is State.PROPOSED:
        job = f"{prompt.channel} {number}"
        outbox.put(con, workspace, Effect.PROPOSED, job, stamp(prompt.at))
    else:
        _note(con, key, Change(prompt.by, prompt.at, "question", "", str(number)))
    return int(number)


def edit_prompt(
    con: Connection, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
) -> None:
    """Give a question other words."""
    key = {"workspace": workspace, "channel": prompt.channel, "number": prompt.number}
    con.execute(
        f"""update own_prompt set text = :text, components = :components
        {_HERE} and number = :number""",  # noqa: S608
        key | {"text": clean(prompt.text), "components": joined(prompt.components)},
    )
    upkeep.erased(con)
    _note(con, key, Change(who, now, "question", str(prompt.number), str(prompt.number)))


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
        {_HERE} and number = :number and state = 'proposed' returning number""",  # noqa: S608
        key | {"state": state.value, "who": who, "at": stamp(now)},
    ).fetchone()
    if row is None:
        return False
    if state is State.ACCEPTED:
        _note(con, key, Change(who, now, "question", "", str(number)))
    outbox.put(con, workspace, Effect.DECIDED, f"{channel} {number}", stamp(now))
    return True


def drop_prompt(
    con: Connection, workspace: str, prompt: OwnPrompt, *, who: str, now: datetime
) -> None:
    """Ask a question no more, and forget its words; its answers stay as they are."""
    key = {"workspace": workspace, "channel": prompt.channel, "number": prompt.number}
    con.execute(
        f"""update own_prompt set state = 'declined', decided_by = :who, decided_at = :at
        {_HERE} and number = :number""",  # noqa: S608
        key | {"who": who, "at": stamp(now)},
    )
    forget_prompt(con, workspace, prompt.channel, prompt.number)
    _note(con, key, Change(who, now, "question", str(prompt.number), ""))


def forget_prompt(con: Connection, workspace: str, channel: str, number: int) -> None:
    """Of a question that was declined only the number stays."""
    con.execute(
        f"""update own_prompt set text = '', components = '', by = '', name = ''
        {_HERE} and number = :number and state = 'declined'""",  # noqa: S608
        {"workspace": workspace, "channel": channel, "number": number},
    )
    upkeep.erased(con)


def skip_prompt(
    con: Connection, channel: Channel, prompt_id: str, *, who: str, now: datetime
) -> None:
    """Do not ask this one for a while."""
    key = {"workspace": channel.workspace, "channel": channel.id}
    con.execute(
        """insert into skipped_prompt (workspace, channel, prompt_id, at)
        values (:workspace, :channel, :prompt_id, :at)
        on conflict (workspace, channel, prompt_id) do update set at = excluded.at""",
        key | {"prompt_id": prompt_id, "at": stamp(now)},
    )
    _note(con, key, Change(who, now, "skipped", "", prompt_id))


def skipped_prompts(
    con: Connection, workspace: str, channel: str, *, since: datetime
) -> frozenset[str]:
    """Ids of what was skipped since then."""
    rows = con.execute(
        f"select prompt_id from skipped_prompt {_HERE} and at >= :since",  # noqa: S608
        {"workspace": workspace, "channel": channel, "since": stamp(since)},
    )
    return frozenset(row[0] for row in rows)


def asked_prompts(con: Connection, workspace: str, channel: str) -> Sequence[Asked]:
    """Every question that was asked in a channel, the latest first, with its answers counted."""
    rows = con.execute(
        """select d.prompt_id, d.prompt_text, count(*), max(d.at),
          (select count(*) from idea i
            where i.workspace = :workspace and i.channel = :channel
              and i.prompt_id = d.prompt_id and i.prompt_id <> '' and i.withdrawn is null
              and i.kind <> 'post')
        from delivery d
        where d.workspace = :workspace and d.channel = :channel and d.kind = 'prompt'
          and d.sent_at is not null and d.prompt_id <> ''
        group by d.prompt_id order by max(d.at) desc""",
        {"workspace": workspace, "channel": channel},
    )
    return [Asked(row[0], row[1], row[2], instant(row[3]), row[4]) for row in rows]
