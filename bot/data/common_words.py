"""How common words are in what librarians post: the rare ones tell how alike two ideas are."""

from bot.core.finding.likeness import Likeness
from bot.data.reading import Filled, Form, read


class _File(Form):
    posts: int
    least: int
    words: tuple[Filled, ...]


def load_likeness() -> Likeness:
    """Read the file that comes with the program."""
    file = read(_File, "common_words.toml", None)
    pairs = (one.partition(" ") for line in file.words for one in line.split(", "))
    common = {word: int(count) for word, _, count in pairs}
    return Likeness(common, file.posts, file.least)
