"""A small Slack of our own, for newcomers and for the tests. It imports nothing of ours.

From outside, ``Sandbox`` is started and stopped; its parts are the modules beside it. ``Blog`` is
a stranger to it: a page that shows a board.
"""

from bot.sandbox.blog import Blog
from bot.sandbox.server import Sandbox

__all__ = ["Blog", "Sandbox"]
