"""Words of a text but those of a mention: what people outside may find an idea by."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

from bot.core.messages.bylines import known_names, public_text, with_mentions, without_mentions
from bot.core.model.people import COLLEAGUE
from storage.connection import Connection
from storage.terms import stretches_of

_BEGINS: Final = re.compile(r"@(?:[^\w@]|_)*([^\W_]+)")
_WORD: Final = re.compile(r"[^\W_]+")
_STEM: Final = 4
"""Letters that all forms of a word have alike."""

CONDITION: Final = """((instr(i.text, '@') = 0 and i.text not glob 'A * clip by *')
  or said(i.text, i.tags, :words, :names))"""
"""That an idea is not found by a mention alone, nor a clip by whose it is."""


def names(con: Connection, workspace: str) -> str:
    """By which names people may be mentioned, a line for each."""
    rows = con.execute("select name from member_name where workspace = ?", (workspace,))
    return "\n".join(name for (name,) in rows)


def said(text: str, tags: str, words: str, names: str) -> bool:
    """Whether a text or its tags have these words also where nobody is mentioned.

    Args:
        words: as somebody typed them; an idea is known to have them all.
        names: as `names`.
    """
    folded = " ".join(unicodedata.normalize("NFC", with_mentions(text)).casefold().split())
    known = _by_beginning(names)
    mentioned = {name for word in _BEGINS.findall(folded) for name in known.get(word, ())}
    seen = f"{public_text(text, mentioned)} {tags}"
    begins = {word[:_STEM] for word in _WORD.findall(_bare(seen))}
    plain = " ".join(one for one in words.split() if not stretches_of(one))
    wanted = _WORD.findall(_bare(plain))
    if not wanted and not stretches_of(words):
        return all(sign in seen for sign in words.split())
    if not all(any(one.startswith(word[:_STEM]) for one in begins) for word in wanted):
        return False
    return all(word in seen for word in stretches_of(words))


@lru_cache(maxsize=2)
def nameless(text: str, who: str) -> str:
    """A text in which a member who was erased is a colleague.

    A name of one word counts where it is mentioned alone: otherwise it may be any word, or anybody.

    Args:
        who: their id, and behind it their names, a line for each; with `@` before it a name whose
            mention means nobody else, whatever word follows.
    """
    mentioned, named = _spellings(who)
    composed = unicodedata.normalize("NFC", text)
    changed = named.sub(COLLEAGUE, without_mentions(composed, mentioned, COLLEAGUE))
    return text if changed == composed else changed


@lru_cache(maxsize=4)
def _spellings(who: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What matches them where somebody may be mentioned, and what does anywhere."""
    member_id, *lines = who.split("\n")
    sure = [line[1:] for line in lines if line.startswith("@")]
    names = [line for line in lines if not line.startswith("@")]
    whole = known_names([member_id, *(name for name in names if " " in name)])
    anywhere = rf"(?<![^\W_])@*{whole.pattern}|(?<![\w.+-])@+{known_names(sure).pattern}"
    return known_names(names), re.compile(anywhere, re.IGNORECASE)


@lru_cache(maxsize=4)
def _by_beginning(names: str) -> Mapping[str, Collection[str]]:
    known = defaultdict(list)
    for name in names.split("\n"):
        for first in _WORD.findall(name)[:1]:
            known[first].append(name)
    return known


def _bare(text: str) -> str:
    """A text as search compares it: without accents and case."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
