"""Microsoft's library for Teams: the few names of it that are used, imported without its habits.

It is pinned, because two things here depend on its insides: `Signatures` gives its validator keys
of ours, and its client takes the level of httpx's log from the level of its own.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCH = "PYTHON_DOTENV_DISABLED"


@contextmanager
def _without_its_habits() -> Iterator[None]:
    """Import without reading `.env` into the environment and without warnings of previews."""
    before = os.environ.get(_SWITCH)
    os.environ[_SWITCH] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        del os.environ[_SWITCH]
        if before is not None:
            os.environ[_SWITCH] = before


with _without_its_habits():
    from microsoft_teams.api.activities import MessageActivityInput
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
    from microsoft_teams.api.clients.conversation import ConversationClient
    from microsoft_teams.api.clients.conversation.params import CreateConversationParams
    from microsoft_teams.api.clients.team import TeamClient
    from microsoft_teams.api.models import Account
    from microsoft_teams.apps.auth import TokenValidator
    from microsoft_teams.common.experimental import ExperimentalWarning
    from microsoft_teams.common.http import Client, ClientOptions

warnings.filterwarnings("ignore", category=ExperimentalWarning)  # of whispers, at each of them

# Addresses, bodies and claims are in what these say; `Client` sets httpx to the level of its own.
for _name, _level in (
    ("microsoft_teams", logging.CRITICAL),
    ("microsoft_teams.common.http.client", logging.WARNING),
    ("httpcore", logging.WARNING),
    ("httpx", logging.WARNING),
):
    logging.getLogger(_name).setLevel(_level)

__all__ = [
    "PUBLIC",
    "Account",
    "Client",
    "ClientOptions",
    "ConversationClient",
    "CreateConversationParams",
    "MessageActivityInput",
    "TeamClient",
    "TokenValidator",
    "with_overrides",
]
