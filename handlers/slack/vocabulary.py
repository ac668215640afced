"""What Slack calls what the core's sentences speak of."""

from typing import Final

from bot.core.model.vocabulary import Vocabulary

SLACK: Final = Vocabulary(
    commands="/ideas",
    share="/idea",
    bring="Invite me to one with",
    invite="/invite",
    leave="remove me from the channel",
    channel="#",
    kept=":bulb:",
    asked=":question:",
    withdrawn=":x:",
    where_taken="",
    late="",
    page="canvas",
    workspace="workspace",
    direct="a direct message",
    admins="admins",
    coordinators="the person who invited me to this channel, and the workspace’s admins",
)
