"""Who asks, in which of our workspaces; whoever is none of ours is refused."""

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.model.people import Asker
from handlers.shapes import Payload, needed, text
from handlers.slack.connections import Connections
from handlers.slack.installation import StrangerError


async def asker_of(chats: Connections, body: Payload) -> Asker:
    """Return whoever asks, in the workspace that they ask in: ours, whatever team they are of.

    In a channel shared with others, and on Enterprise Grid, people of other teams press our
    buttons and send our forms. Who is not one of ours changes nothing. Whoever presses a
    button may have left the channel since it came.

    Raises:
        StrangerError: they are none of ours.
        NotReadyError: Slack has not told yet who we are.
    """
    installed = text(body, "view", "app_installed_team_id")
    here, theirs = text(body, "team", "id"), text(body, "user", "team_id")
    teams = [team for team in (installed, here, text(body, "team_id"), theirs) if team]
    await chats.known(teams)
    # People of other teams ask in shared channels: with but one workspace, it is that.
    home = chats.first_of(teams if len(chats.every) > 1 else ())
    ours, theirs = home.installation.bot.id, theirs or here or text(body, "team_id")
    member = text(body, "user", "id") or needed(body, "user_id")
    if installed not in {"", ours}:
        raise StrangerError
    if theirs not in {"", ours}:
        try:
            known = await home.is_among(member, {ours} if installed else {ours, theirs})
        except ChatUnavailableError:
            raise
        except ChatError:  # whom Slack does not show us is none of ours
            known = False
        if not known:
            raise StrangerError
    channel = text(body, "channel_id") or text(body, "channel", "id")
    return Asker(
        workspace=ours,
        member_id=member,
        channel="" if channel.startswith("D") else channel,
        pressed="command" not in body,
    )
