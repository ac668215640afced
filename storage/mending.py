"""A word that nobody wrote, mended by one letter to a word of ideas that the asker may see."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from string import ascii_lowercase
from typing import Final

from bot.core.model.ideas import Filters, Visibility
from storage import search
from storage.connection import Connection
from storage.filters import conditions_of
from storage.search_plan import by_words
from storage.terms import stretches_of

_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 4
_LONGEST: Final = 16
"""Letters of a word that is mended: of a short one, too many others are a letter away."""
_RARE: Final = 1
"""So many ideas may have a word that is mended all the same: somebody else mistyped it, too."""
_OFTENER: Final = 3
"""By so much the other word must be more frequent then."""
_LOOKED_AT: Final = 60
"""The newest ideas with such a word, from which it is taken."""


def mended(con: Connection, workspace: str, filters: Filters, visibility: Visibility) -> str:
    """What was probably meant by words that find little; empty: nothing that would find more."""
    typed = filters.words.split()
    better = {one: _better(con, workspace, one, visibility) for one in typed if _is_word(one)}
    words = " ".join(better.get(one) or one for one in typed)
    if words == filters.words:
        return ""
    other = replace(filters, words=words)
    now, then = (search.find(con, workspace, one, visibility, limit=1) for one in (filters, other))
    return words if then.total > now.total else ""


def _is_word(typed: str) -> bool:
    length_fits = _SHORTEST <= len(typed) <= _LONGEST
    return length_fits and bool(_WORD.fullmatch(typed)) and not stretches_of(typed)


def _better(con: Connection, workspace: str, word: str, visibility: Visibility) -> str:
    """A word of ideas in sight that begins with one that is rare there, or is a letter away."""
    alone = Filters(words=word)
    hits = search.find(con, workspace, alone, visibility, limit=1).total
    wanted = conditions_of(con, workspace, alone, visibility)
    if wanted is None or hits > _RARE:
        return ""
    bare = folded(word)
    near = _letter_away(bare)
    ways = [f'"{bare}"*', *(f'"{one}"' for one in sorted(near))]
    plan = by_words(wanted)
    rows = con.execute(
        f"""select i.text, i.tags, i.author_name, i.school from {plan.source}
        where {plan.where} order by {plan.newest} limit :most""",
        {**wanted.values, "match": " OR ".join(ways), "most": _LOOKED_AT},
    )
    counted = Counter(
        found.casefold() for row in rows for cell in row for found in set(_WORD.findall(cell))
    )
    begun = {one for one in counted if folded(one).startswith(bare)}
    known = [one for one in counted if one in begun or folded(one) in near]
    known = [one for one in known if counted[one] > _OFTENER * hits]
    return max(known, key=lambda one: (one in begun, counted[one], one), default="")


def folded(word: str) -> str:
    """A word as the index compares it: without case and accents."""
    parted = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))


def _letter_away(word: str) -> frozenset[str]:
    """What becomes of a word by one letter more, less or other, or two that change places."""
    letters = sorted({*ascii_lowercase, *word})
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    less = {head + tail[1:] for head, tail in parts}
    turned = {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    other = {head + one + tail[1:] for head, tail in parts if tail for one in letters}
    more = {head + one + tail for head, tail in parts for one in letters}
    return frozenset(less | turned | other | more) - {word}
