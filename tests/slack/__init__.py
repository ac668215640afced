"""The small Slack of `bot/sandbox` as tests use it: members act by code, and what fails is armed.

`Slack` puts a sandbox together with the faults; the modules beside it are its parts.
"""

from tests.slack.faults import Fault, Faults
from tests.slack.slack import Slack

__all__ = ["Fault", "Faults", "Slack"]
