"""See where a text seems to name a student, or shows an id number; its author is told, no more.

No people are known here, only how one writes of students: a name is a student's because of what
stands beside it. So a colleague, the author of a book or the writer themselves is let pass.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.core.model.sightings import Sight, Sighting

LONGEST: Final = 60
"""Characters of what was seen that its author is shown."""
_NEAR: Final = 80
"""Characters on each side of a name that are looked at."""

_NAME: Final = re.compile(
    r"(?<![\w@#/.&-])(?P<first>[A-ZÀ-Þ][\w-]*[a-zß-ÿ])"
    r"(?P<rest>(?: (?:de|la|del|van|von|bin|al))*"
    r"(?: [A-ZÀ-Þ]\.?(?![\w'])| [A-ZÀ-Þ][\w-]*[a-zß-ÿ]))?"
    r"(?!\w)"
)
_BEFORE: Final = re.compile(r"(?:(?P<two>[\w'-]+) )?(?P<one>[\w'-]+)(?:\.? ?[,(:–—-] ?|\.? )\Z")
_NAMED: Final = frozenset({"named", "called", "llamado", "llamada"})
_GRADE: Final = (
    r"(?:[1-9]|1[0-2])(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth|eleventh|twelfth"
)
_OF_A_GRADE: Final = rf"(?:(?:{_GRADE})[ -]grade|grade (?:[1-9]|1[0-2]|k)|kindergarten)"
_IN_GRADE: Final = re.compile(
    rf"(?: ?\({_OF_A_GRADE}\)| is {_OF_A_GRADE}|,? (?:(?:is |was )?(?:in|from) )?"
    rf"(?:(?:my|our|the) )?{_OF_A_GRADE}\b"
    r"(?=\W*(?:$|[.,;!?)]|(?:who|and|has|had|told|read|wrote|is|was)\b)))",
    re.IGNORECASE,
)
_SOCIAL: Final = re.compile(
    r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"
)
_DAY: Final = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?P<year>(?:19|20)?\d\d)|(?P<iso>(?:19|20)\d\d)-\d\d-\d\d"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?"
    r",? (?P<long>(?:19|20)\d\d))(?!\d)"
)


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Looks texts through by the words of `guard.toml`, whose comments say what each list holds.

    Without any words it sees nothing.
    """

    students: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    no_names: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    other_numbers: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()
    born_after: int = 0
    mail: frozenset[str] = frozenset()

    def sees(self, text: str) -> tuple[Sighting, ...]:
        """Say what in a text seems to tell who a student is, in its order, each thing once."""
        if not self.students:
            return ()
        plain = text.replace("’", "'")
        found = sorted([*self._names(plain), *self._numbers(plain)], key=lambda one: one[0].start)
        seen: dict[Sighting, None] = {}
        end = 0
        for where, sight in found:
            if where.start >= end:
                words = " ".join(text[where].split()).lstrip(" ,(:–—-")
                seen[Sighting(sight, words if len(words) <= LONGEST else words[:LONGEST] + "…")] = (
                    None
                )
                end = where.stop
        return tuple(seen)

    # -- names --

    def _names(self, text: str) -> Iterator[tuple[slice, Sight]]:
        at = 0
        while found := _NAME.search(text, at):
            first, rest = found["first"], found["rest"] or ""
            at = found.end("first")
            if first in self.no_names or first.lower() in self.students | self.titles:
                continue
            if rest.rpartition(" ")[2] in self.no_names:
                rest = ""
            end = at + len(rest)
            known = bool(rest) or first in self.given
            before = _BEFORE.search(text, max(0, found.start() - _NEAR), found.start())
            if before is not None and before["one"].lower() in self.titles:
                at = end
                continue
            started = self._cue(text, before, known=known)
            if started is not None:
                yield slice(started, end), Sight.NAME
            elif known and (after := self._told_after(text, end)):
                yield slice(found.start(), after), Sight.NAME
            if known and (born := self._births_after.match(text, end)) and self._young(born):
                yield slice(end, born.end()), Sight.BIRTH
            at = end

    def _cue(self, text: str, before: re.Match[str] | None, *, known: bool) -> int | None:
        """Where the word stands that makes a student of the name after it."""
        if before is None:
            return None
        cue = "two" if before["one"] in _NAMED else "one"
        word, start = before[cue], before.start(cue)
        if not word or not (known or cue == "two"):
            return None
        opens = not text[:start].strip() or text[:start].rstrip(" ")[-1] in ".!?\n"
        plain = word[0].lower() + word[1:] if opens else word
        return start if plain in self.students else None

    def _told_after(self, text: str, end: int) -> int:
        """Where that ends which makes a student of the name before it; 0: nothing does."""
        for pattern in (self._record, _IN_GRADE, self._apposed):
            if found := pattern.match(text, end, end + _NEAR):
                return found.end()
        return 0

    @cached_property
    def _record(self) -> re.Pattern[str]:
        return re.compile(rf"'s? (?:(?!own)[\w-]+ )?(?:{_any(self.records)})\b(?!')", re.IGNORECASE)

    @cached_property
    def _apposed(self) -> re.Pattern[str]:
        return re.compile(
            r"(?:,| \(| [–—-]| is| was) ?(?:(?:one|two) of (?:my|our)|my|our|an?|the|this)"
            rf"(?: [\w'-]+){{0,2}}? (?:{_any(self.students)})\b(?![ -](?:{_any(self.others)})\b)",
            re.IGNORECASE,
        )

    # -- numbers --

    def _numbers(self, text: str) -> Iterator[tuple[slice, Sight]]:
        patterns = (
            (Sight.SOCIAL, _SOCIAL),
            (Sight.NUMBER, self._number),
            (Sight.MAIL, self._mail),
            (Sight.BIRTH, self._birth),
        )
        for sight, pattern in patterns:
            for found in pattern.finditer(text):
                if sight is Sight.BIRTH and not self._young(found):
                    continue
                if sight is Sight.NUMBER and (found["what"] or "").lower() in self.other_numbers:
                    continue
                yield slice(*found.span()), sight

    @cached_property
    def _number(self) -> re.Pattern[str]:
        return re.compile(
            rf"\b(?:(?:{_any(self.holders)})(?:'s)? (?:{_any(self.numbers)})"
            r"|(?:(?<![\w-])(?P<what>[\w-]+)'?s? )?id(?: number| no\.?)?)"
            r"(?: (?:is|was|of))?[ :#=(]{1,3}[a-z]{0,2}\d(?:[ -]?\d){3,}(?![\w-])",
            re.IGNORECASE,
        )

    @cached_property
    def _mail(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)*(?:{_any(self.mail)})(?:[\w-]*)(?:\.[\w-]+)+",
            re.IGNORECASE,
        )

    @cached_property
    def _birth(self) -> re.Pattern[str]:
        """A day that is said to be of somebody's birth, in the words of a form."""
        forms = [one for one in self.births if one[0] == "d" or "date" in one]
        return re.compile(rf"\b(?:{_any(forms)})(?!\w)[^.!?\n\d]{{0,12}}{_DAY}", re.IGNORECASE)

    @cached_property
    def _births_after(self) -> re.Pattern[str]:
        return re.compile(
            rf"[^.!?\n\d]{{0,25}}?\b(?:{_any(self.births)})(?!\w)[^.!?\n\d]{{0,12}}{_DAY}",
            re.IGNORECASE,
        )

    def _young(self, found: re.Match[str]) -> bool:
        year = int(found["year"] or found["iso"] or found["long"])
        return year >= self.born_after or (year < 100 and year <= 40)


NO_GUARD: Final = Guard()
"""Sees nothing."""


def _any(words: Iterable[str]) -> str:
    """Any of some words, the longest first."""
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
