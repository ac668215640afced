"""A small Slack of our own, for newcomers and for the tests. It imports nothing of ours."""

from bot.sandbox.answers import Answer
from bot.sandbox.delivery import Timing
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.model import Channel, Ephemeral, File, Member, Message, SlackError, View
from bot.sandbox.server import Sandbox

__all__ = [
    "Answer",
    "Channel",
    "Ephemeral",
    "Fault",
    "Faults",
    "File",
    "Member",
    "Message",
    "Sandbox",
    "SlackError",
    "Timing",
    "View",
]
