"""A small Slack of our own, for newcomers and for the tests. It imports nothing of ours.

From outside, ``Sandbox`` is started and stopped; its parts are the modules beside it.
"""

from bot.sandbox.server import Sandbox

__all__ = ["Sandbox"]
