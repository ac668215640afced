"""What a text says that seems to name a student, or to show an id number."""

from bot.core.intake.guard import Guard
from bot.data.reading import Filled, Form, read

_Words = frozenset[Filled]


class _File(Form):
    students: _Words
    others: _Words
    titles: _Words
    no_names: _Words
    given: _Words
    records: _Words
    holders: _Words
    numbers: _Words
    other_numbers: _Words
    births: _Words
    born_after: int
    mail: _Words


def load_guard(text: str | None = None) -> Guard:
    """Read a file of lists.

    Args:
        text: the TOML; None reads the file that comes with the program.

    Raises:
        FrameworkError: what is wrong, and what would be right.
    """
    file = read(_File, "guard.toml", text)
    return Guard(**{name: getattr(file, name) for name in file.__struct_fields__})
