"""Who the bot is at Microsoft, and the addresses where Microsoft answers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The bot's registration in a tenant.

    Args:
        client_id: the application's id.
        tenant_id: the tenant's id; activities of another one change nothing.
        rehearsal: before Microsoft's Agents Playground or a test: nothing is signed.
    """

    client_id: str
    client_secret: str = field(repr=False)
    tenant_id: str
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where Microsoft gives tokens, shows the keys that sign activities, and answers for Graph.

    The connector has no address here: each activity names the one to answer at.
    """

    login: str = "https://login.microsoftonline.com"
    keys: str = "https://login.botframework.com/v1/.well-known/keys"
    graph: str = "https://graph.microsoft.com/v1.0/"
