"""How posts are read: how small talk opens, and what each word speaks for."""

from bot.core.intake.reader import phrase_of
from bot.core.intake.weights import Rules
from bot.data.reading import Filled, Form, Positive, read


class _Words(Form):
    weight: Positive
    words: tuple[Filled, ...]


class _Start(Form):
    say: float
    ask: float
    answer: float


class _File(Form):
    openers: tuple[Filled, ...]
    sure: Positive
    start: _Start
    practice: tuple[_Words, ...]
    day: tuple[_Words, ...]


def load_rules(text: str | None = None) -> Rules:
    """Read a file of rules.

    Args:
        text: the TOML; None reads the file that comes with the program.

    Raises:
        FrameworkError: what is wrong, and what would be right.
    """
    file = read(_File, "capture.toml", text)
    words = {word: group.weight for group in file.practice for word in group.words}
    words |= {word: -group.weight for group in file.day for word in group.words}
    start = file.start
    small_talk = frozenset(map(phrase_of, file.openers))
    return Rules(words, start.say, start.ask, start.answer, file.sure, small_talk)
