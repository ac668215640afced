"""What becomes of each column that may hold somebody's id, name or words, once they are erased.

A test holds `FATES` and `NOBODY` against the schema: whoever adds a column of text says here what
becomes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fate(StrEnum):
    """What becomes of a cell; the words say what the column holds."""

    ROW = "their id: the row goes"
    WITH_ROW = "goes with the row, by another of its columns"
    HELD = "a text, perhaps with their id in it as a word: then the row goes"
    CLEARED = "their id: emptied; the row stays"
    SAID = "words of others or of ours: where they are named, it is a colleague; an id goes, too"
    OF_IDEA = "of their idea: emptied, as of every idea that is withdrawn for good"


@dataclass(frozen=True, slots=True)
class Named:
    """A name beside an id that is `CLEARED`, in the column *beside*: it becomes a colleague."""

    beside: str


FATES: Final[Mapping[str, Mapping[str, Fate | Named]]] = {
    "author_claim": {"member_id": Fate.ROW},
    "care": {"who": Fate.CLEARED, "reason": Fate.SAID, "member_id": Fate.CLEARED},
    "change": {"who": Fate.CLEARED, "old": Fate.SAID, "new": Fate.SAID},
    "channel": {"invited_by": Fate.CLEARED, "line": Fate.SAID},
    "credit": {"member_id": Fate.CLEARED, "name": Named("member_id")},
    "delivery": {"subject": Fate.HELD, "prompt_text": Fate.SAID},
    "delivery_extra": {"subject": Fate.WITH_ROW, "ref": Fate.SAID},
    "delivery_idea": {"subject": Fate.WITH_ROW},
    "idea": {
        "author_id": Fate.OF_IDEA,
        "author_name": Fate.OF_IDEA,
        "author_real_name": Fate.OF_IDEA,
        "author_title": Fate.OF_IDEA,
        "school": Fate.OF_IDEA,
        "district": Fate.OF_IDEA,
        "role": Fate.OF_IDEA,
        "grades": Fate.OF_IDEA,
        "text": Fate.SAID,
        "tags": Fate.OF_IDEA,
        "resources": Fate.OF_IDEA,
        "credits": Fate.SAID,
        "prompt": Fate.SAID,
        "permalink": Fate.OF_IDEA,
        "unnamed": Fate.SAID,
    },
    "left_out": {"member_id": Fate.CLEARED},
    "member": {
        "id": Fate.ROW,
        **dict.fromkeys(("name", "real_name", "title", "zone"), Fate.WITH_ROW),
        **dict.fromkeys(("school", "district", "role", "grades", "keep", "shown"), Fate.WITH_ROW),
    },
    "member_name": {"member_id": Fate.ROW, "name": Fate.WITH_ROW},
    "note": {"key": Fate.HELD, "value": Fate.HELD},
    "outbox": {"key": Fate.HELD, "payload": Fate.HELD, "error": Fate.SAID},
    "own_prompt": {
        "by": Fate.CLEARED,
        "name": Named("by"),
        "text": Fate.SAID,
        "decided_by": Fate.CLEARED,
    },
    "pick": {"member_id": Fate.CLEARED},
    "reaction": {"member_id": Fate.ROW, "name": Fate.WITH_ROW},
    "reply": {"member_id": Fate.ROW},
    "resource": {"url": Fate.OF_IDEA, "title": Fate.SAID},
    "share": {"made_by": Fate.CLEARED, "shows": Fate.SAID},
    "skipped_digest": {"member_id": Fate.CLEARED},
    "subscription": {
        "member_id": Fate.ROW,
        **dict.fromkeys(("hour", "channels", "last"), Fate.WITH_ROW),
    },
    "tag": {"tag": Fate.OF_IDEA},
    "trial": {
        "member_id": Fate.ROW,
        **dict.fromkeys(("member_name", "school", "grades", "setting", "words"), Fate.WITH_ROW),
    },
}
"""By table and column. Also of an `OF_IDEA` column of others nothing changes."""

NOBODY: Final[Mapping[str, str]] = {
    "the platform's id of a workspace, a channel or a message": """
      workspace channel ts parent_ts channel.id channel.former workspace.id workspace.url""",
    "a name of a workspace or a channel": "workspace.name channel.name",
    "of the bot": "workspace.bot_user_id workspace.bot_id",
    "an instant, a day or a week, or when something is due": """
      at due until since reached period digested edited edited_at stamp
      posted_at kept_at withdrawn_at looked_up_at first_seen first_reading noted_at put_off_at
      claimed_at sent_at decided_at tried_at made_at revoked_at starts_at ends_at paused_until
      refused_since channel.zone channel.digest channel.prompt channel.breaks""",
    "one of a few words that the program knows": """
      kind what source state mark withdrawn reads_as outcome effect method previews platform
      licence aside""",
    "of the framework": """
      component components framework care.detail component.code component.name""",
    "the id of a question": "prompt_id own_prompt.rewords channel.pinned",
    "a hash, or the place of a message: what came in once stays out": "imported.key share.token",
    "addresses of sites": "share.sites",
    "of the schema": "_sqlite_migrations.migration_set _sqlite_migrations.name applied_at",
}
"""Columns of text that hold nobody, by the reason: `column` in every table, or `table.column`."""
