"""Members, teams and channels as Teams and Graph describe them become the core's values.

Each function raises `OddShapeError` only.
"""

from typing import Final
from urllib.parse import quote, urlencode

from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Place
from handlers.shapes import OddShapeError, Payload, items, text
from handlers.teams.mentions import is_app

GENERAL: Final = "General"
"""The first channel of a team, which the connector tells without a name."""

_GUESTS: Final = frozenset({"anonymous", "guest"})
_LINK: Final = "https://teams.microsoft.com/l/message/"


def to_person(told: Payload, tenant: str) -> Person:
    """Read a member of the connector's, a member of a team's of Graph's, or a user of Graph's.

    People of another tenant count as guests. Nobody administers a tenant as far as a bot can tell.
    """
    ident = text(told, "aadObjectId") or text(told, "userId") or text(told, "id")
    if not ident:
        raise OddShapeError("id")
    shown = text(told, "displayName") or text(told, "name")
    real = f"{text(told, 'givenName')} {text(told, 'surname')}"
    roles = {str(role).lower() for role in items(told.get("roles"))}
    roles |= {text(told, "userRole").lower(), text(told, "userType").lower()}
    guest = not roles.isdisjoint(_GUESTS) or text(told, "tenantId") not in {"", tenant}
    return Person(
        id=ident,
        name=" ".join(shown.split()) or ident,
        real_name=" ".join(real.split()) or " ".join(shown.split()),
        title=" ".join(text(told, "jobTitle").split()),
        is_guest=guest,
        is_bot=is_app(told),
        deleted=told.get("accountEnabled") is False,
    )


def to_channel(told: Payload, team: str, *, quiet: bool = True, added_by: str = "") -> ChannelInfo:
    """Read a channel of Graph's or the connector's.

    It is private: whoever is not in its team sees nothing of it.

    Args:
        team: the name of its team.
        quiet: whether the bot hears it only because it was added to the team.
        added_by: who added the bot to the team, or to that channel.
    """
    ident = text(told, "id")
    if not ident:
        raise OddShapeError("id")
    return ChannelInfo(
        id=ident,
        name=channel_name(team, text(told, "displayName") or text(told, "name")),
        private=True,
        quiet=quiet,
        invited_by=added_by,
        archived=told.get("isArchived") is True,
    )


def kind_of(told: Payload) -> str:
    """Return `standard`, `private` or `shared` of a channel; empty where that is not told.

    Graph, the connector and the Agents Playground each have a name of their own for it.
    """
    names = ("membershipType", "type", "channelType")
    kind = next(filter(None, (text(told, name) for name in names)), "")
    return kind if kind in {"standard", "private", "shared"} else ""


def channel_name(team: str, channel: str) -> str:
    """Return a channel's name as people see it: `Librarians \u203a Reading`."""
    names = (" ".join(name.split()) for name in (team, channel or GENERAL))
    return " \u203a ".join(filter(None, names))


def link_to(place: Place, group: str, thread: str = "") -> str:
    """Return the address of a message, for members.

    Args:
        group: the id in Entra of the team.
        thread: the message that it replies to; empty at top level.
    """
    asked = {
        "tenantId": place.workspace,
        "groupId": group,
        "parentMessageId": thread or place.ts,
        "createdTime": place.ts,
    }
    where = f"{quote(place.channel, safe=':@')}/{quote(place.ts, safe='')}"
    return f"{_LINK}{where}?{urlencode({name: said for name, said in asked.items() if said})}"
