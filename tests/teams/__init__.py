"""A small Teams of our own for tests: its connector, its Graph, and members who act by code.

`Teams` puts it together; the modules beside it are its parts. It is strict: what Teams would not
take is refused and noted in `complaints`, and the fixture lets no test pass that left one.
"""

from tests.teams.faults import Fault, Faults
from tests.teams.model import Channel, Item, Person, Team
from tests.teams.teams import Teams

__all__ = ["Channel", "Fault", "Faults", "Item", "Person", "Team", "Teams"]
