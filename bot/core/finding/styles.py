"""One idea as APA, MLA and Chicago cite it: a dated post in a forum that has members.

- APA, Publication Manual, 7th edition, 10.15: Family, F. (Year, Month Day). *The first 20 words of
  the post* [Online forum post]. Forum, Network. Address. What readers cannot open is a personal
  communication, 8.9, and stands in the text alone.
- MLA Handbook, 9th edition, 5.25 (a short text stands for its title), 5.31 to 5.105: Family, First.
  “The post.” *Network*, Forum, Day Mon. Year, Address.
- Chicago Manual of Style, 18th edition, 14.106: Family, First. “The post.” Forum, Network, Month
  Day, Year. Address.

Each begins with the words where no author is known, and leaves out what is not known. The licence
stands last, where MLA (5.105) has what is optional.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.core.finding.citations import one_line, web_address
from bot.core.messages.common import excerpt
from bot.core.model.ideas import Idea
from bot.core.model.parts import Run

WORDS: Final = 20
"""So many words of a post are its title in APA."""
TITLE: Final = 280
"""The most characters of a post that stand as its title."""

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SHORT_MONTHS: Final = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July"),
    *("Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)
"""As MLA cuts them."""

_WORD: Final = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_NAME: Final = re.compile(
    rf"(?!(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Coach)\b)(?P<given>{_WORD}(?: [^\W\d_]\.?)*)"
    rf" (?P<family>(?:(?:van|von|der|den|de|del|la|da|dos|di|du|le) )*{_WORD})"
)
"""A first name, perhaps initials, and a family name of one word behind its particles."""
_BRACKETS: Final = re.compile(r"(?<=\S) [(\[][^()\[\]]*[)\]]\Z")
"""What stands behind a name in a chat, such as pronouns."""
_QUOTED: Final = re.compile(r"[“\"](\S(?:[^“”\"]*\S)?)[”\"]")
_ENDS: Final = (".", "?", "!", "…", "\u3002", "\uff1f", "\uff01")


@dataclass(frozen=True, slots=True)
class Citation:
    """An idea in each style, as stretches of words.

    *aside*: what APA puts into the text for readers who cannot open the address. *family*: what
    was taken for the author's family name; empty: their name stands as it is.
    """

    apa: tuple[Run, ...]
    mla: tuple[Run, ...]
    chicago: tuple[Run, ...]
    aside: str
    family: str


def cite(idea: Idea, *, day: date, network: str) -> Citation:
    """Cite an idea.

    Args:
        day: that of the post, where its channel is.
        network: the name of its workspace; empty: it is not known.
    """
    words = one_line(idea.text) or one_line(", ".join(idea.resources)) or f"Idea {idea.number}"
    given, family = _split(_BRACKETS.sub("", one_line(idea.author.name or idea.author.real_name)))
    full = ", ".join(filter(None, (family, given)))
    short = ", ".join(filter(None, (family, _initials(given))))
    channel, network = one_line(idea.channel_name), one_line(network)
    url = web_address(idea.permalink)
    month, year = _MONTHS[day.month - 1], day.year
    mla_day = f"{day.day} {_SHORT_MONTHS[day.month - 1]} {year}"
    licence = idea.author.licence and f"{idea.author.licence[0].upper()}{idea.author.licence[1:]}"
    last = (Run(f" {licence}."),) if licence else ()
    aside = " ".join(filter(None, (_initials(given), family))) or "Unknown author"
    return Citation(
        apa=_apa(
            short,
            _first(words),
            f"{year}, {month} {day.day}",
            (channel, network),
            (url, f"({licence})" if licence else ""),
        ),
        mla=(
            *_opening(full, words),
            Run(" "),
            *((Run(network, italic=True), Run(", ")) if network else ()),
            Run(", ".join(filter(None, (channel, mla_day, url))) + "."),
            *last,
        ),
        chicago=(
            *_opening(full, words),
            Run(f" {', '.join(filter(None, (channel, network, f'{month} {day.day}, {year}')))}."),
            *((Run(f" {url}."),) if url else ()),
            *last,
        ),
        aside=f"({aside}, personal communication, {month} {day.day}, {year})",
        family=family if given else "",
    )


def _apa(
    author: str, title: str, day: str, within: tuple[str, ...], last: tuple[str, ...]
) -> tuple[Run, ...]:
    place = ", ".join(filter(None, within))
    kind = Run(" [Online forum post]. ")
    head = (Run(title, italic=True), kind, Run(f"({day}). "))
    if author:
        head = (Run(f"{_stopped(author)} ({day}). "), Run(title, italic=True), kind)
    return (*head, Run(" ".join(filter(None, (place and f"{place}.", *last)))))


def _opening(author: str, words: str) -> tuple[Run, ...]:
    """How MLA and Chicago begin: quotes within the quotes are single ones."""
    title = _QUOTED.sub("\u2018\\1\u2019", excerpt(words, TITLE))
    bare = title.rstrip("’")
    if not bare.endswith(_ENDS):
        title = f"{bare}.{title[len(bare) :]}"
    return (Run(f"{_stopped(author)} “{title}”" if author else f"“{title}”"),)


def _first(words: str) -> str:
    some = words.split()
    title = " ".join(some[:WORDS]) + ("…" if len(some) > WORDS else "")
    return excerpt(title, TITLE)


def _stopped(words: str) -> str:
    return words if words.endswith(_ENDS) else f"{words}."


def _split(name: str) -> tuple[str, str]:
    """Given and family name. A name of any other form than `_NAME` is one piece, as the family's.

    Only letters of the Latin script say by their place which is which.
    """
    found = _NAME.fullmatch(name)
    letters = [c for c in name if c.isalpha()]
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if not found or not latin or not (name[0].isupper() and name.rpartition(" ")[2][0].isupper()):
        return "", name
    return found["given"], found["family"]


def _initials(given: str) -> str:
    """`Jean-Luc M.` as `J.-L. M.`."""
    return " ".join("-".join(f"{part[0]}." for part in one.split("-")) for one in given.split())
