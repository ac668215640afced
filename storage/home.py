"""What the member's desk asks for and nothing else does."""

from bot.core.model.home import AskedPrompt, Gathered
from bot.core.model.posts import Place
from storage.connection import Connection
from storage.ideas import CHANNEL_NAME


def gathered(con: Connection, workspace: str, member_id: str) -> Gathered:
    """What a member has shared, and what it gathered."""
    row = con.execute(
        """select count(*), total(reactions), total(replies), total(tried) from idea
        where workspace = :workspace and author_id = :member and withdrawn is null
          and kind <> 'post'""",
        {"workspace": workspace, "member": member_id},
    ).fetchone()
    return Gathered(*map(int, row))


def asked_prompt(con: Connection, workspace: str, channel: str, period: str) -> AskedPrompt | None:
    """The question that stands in a channel for a week."""
    row = con.execute(
        f"""select i.ts, i.prompt_text, {CHANNEL_NAME} from delivery i
        where i.workspace = :workspace and i.channel = :channel and i.kind = 'prompt'
          and i.subject = :period and i.part = 0 and i.sent_at is not null and i.ts is not null""",
        {"workspace": workspace, "channel": channel, "period": period},
    ).fetchone()
    if row is None:
        return None
    ts, text, name = row
    return AskedPrompt(Place(workspace, channel, ts), text, name)
