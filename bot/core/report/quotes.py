"""Which words of an idea may stand on a page for people outside, and which stretch of them.

When in doubt nothing is quoted: a page without a story is better than one that names a student, or
a colleague who did not give their name. It is judged by words alone, in English, and errs on the
side of silence: a text that speaks of students and has a word that may be a name is not quoted.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from bot.core.messages.bylines import TURNS
from bot.core.messages.common import excerpt
from bot.core.model.words import EMOJI, words_in

LEAST: Final = 8
"""Words that a quote has at least."""

_LABELLED: Final = re.compile(r"\s*\(https?://[^\s)]*\)")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+")
_MARKER: Final = re.compile(r"\A\W*(?:#idea\b\s*:?|idea\s*:)\s*", re.IGNORECASE)
_MARKUP: Final = re.compile(r"(?<!\w)[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?!\w)")
_END: Final = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"”')\]])\s+|\s*\n+\s*")
_ABBREVIATED: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Dr|St|vs|e\.g|i\.e|etc|approx)\.\s")
_HONORIFIC: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Coach|Principal|Superintendent|Professor|Miss)\.?\s+[A-Z][\w'’-]*"
)
_PRIVATE: Final = re.compile(r"@|\b\d{3}[-. ]\d{3,4}[-. ]?\d{0,4}\b|•••")
"""A mention, an address of mail, a number to call, a password that was taken out."""

_STUDENT: Final = re.compile(
    r"\b(?:students?|pupils?|kids?|child(?:ren)?|boys?|girls?|\w+[- ]graders?|graders?|freshm[ae]n"
    r"|sophomores?|juniors?|seniors?|kindergart(?:e?ners?)|teens?|teenagers?|sons?|daughters?"
    r"|learners?|readers?|class|club|he|she|alumn[oa]s?|estudiantes?|niñ[oa]s?|élèves?)\b",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(r"\b(?:named|called|names? (?:is|was|are|were))\s+[A-Z]")
_NAME: Final = re.compile(r"(?<![\w'’.-])[^\W\d_a-z][^\W\d_A-Z]+(?:['’-](?!s\b)[^\W\d_]+)*")
_ACTING: Final = re.compile(
    r"(?:['’]s\b|\s*[,(]|\s+(?:and|said|says|told|asked|is|was|has|had|who|wrote|writes|read|reads"
    r"|made|makes|came|loved|loves|finished|started|went|got|did|now|used|built|showed|chose|found"
    r"|became|can|could|will|would|never|even|also|just|needed|wanted|struggled|felt|[A-Z]\w+)\b)"
)
"""What follows a name at the head of a sentence, and seldom anything else that stands there."""

_NO_NAMES: Final = frozenset(
    """i january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday spring summer fall autumn winter
    mondays tuesdays wednesdays thursdays fridays saturdays sundays mon tue tues tu wed thu
    thurs th fri sat sun vietnamese hmong somali korean japanese portuguese russian creole
    chatgpt chat ebsco britannica gale rotary battle english spanish french german chinese
    arabic latin american african asian hispanic native indigenous google canva padlet flip zoom
    slack teams microsoft kahoot newsela destiny sora libby chromebook chromebooks ipad ipads
    youtube netflix wikipedia internet library libraries elementary middle high school schools
    district university college future ready librarians common core makerspace genius hour lego
    legos socratic shark tank breakout halloween thanksgiving christmas hanukkah ramadan
    valentine poetry month week day book books read across america world banned newbery
    caldecott women history black heritage title grade grades we our my the a an this that these
    those it they you in on at for from to with by as if when after before since while during
    because so but and or not no yes all every each both most many some few one two three four
    five six seven eight nine ten first second third last next now then here there today
    yesterday tomorrow once twice students student kids kid teachers teacher families parents
    everyone everybody someone nobody nothing what why how who where which is are was were do
    does did have has had can could will would should just also even still please thanks thank
    hello hi happy great best result results instead together however finally later earlier
    recently usually sometimes often always never""".split()  # noqa: SIM905  (a list of two hundred lines is read by nobody)
)
"""Words with a capital that are nobody's name, in lower case."""


def quote_of(
    text: str, hidden: Collection[str] = (), limit: int = 300, *, least: int = LEAST
) -> str:
    """The stretch of a text that may be quoted, at most *limit* characters; empty: none.

    It is the longest run of whole sentences from the first that may stand, `…` where it is cut.

    Args:
        hidden: names of people who must not be named here.
        least: how many words a quote has at least.
    """
    words = _plain(text)
    if _without_capitals(words) or names_a_student(words):
        return ""
    names = [name for name in hidden if name]
    hide = (
        re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE) if names else None
    )
    run: list[str] = []
    for sentence in _sentences(words):
        if _PRIVATE.search(sentence) or (hide is not None and hide.search(sentence)):
            if words_in(" ".join(run)) >= least:
                break
            run = []
        elif run and len(" ".join([*run, sentence])) > limit:
            break
        else:
            run.append(sentence)
    quote = " ".join(run)
    return excerpt(quote, limit) if words_in(quote) >= least else ""


def names_a_student(text: str) -> bool:
    """Whether a text may name a student: it speaks of one, and holds what may be a name."""
    if _CALLED.search(text):
        return True
    if not _STUDENT.search(text):
        return False
    return any(_may_name(sentence) for sentence in _sentences(_HONORIFIC.sub("the teacher", text)))


def _without_capitals(text: str) -> bool:
    """Whether it is written in a script in which a name looks like any word."""
    letters = [one for one in text if one.isalpha()]
    return sum(unicodedata.category(one) == "Lo" for one in letters) * 5 > len(letters)


def _may_name(sentence: str) -> bool:
    for found in _NAME.finditer(sentence):
        if not found[0][0].isupper() or found[0].lower() in _NO_NAMES:
            continue
        inside = any(map(str.isalnum, sentence[: found.start()]))
        if inside or _ACTING.match(sentence, found.end()):
            return True
    return False


def _plain(text: str) -> str:
    """A text without addresses, emoji and marks, its lines kept apart."""
    for what in (TURNS, _LABELLED, _ADDRESS, EMOJI, _MARKER, _MARKUP):
        text = what.sub(" " if what is EMOJI else "", text)
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _sentences(text: str) -> list[str]:
    held = _ABBREVIATED.sub(lambda found: found[0][:-1] + "\u00a0", text)
    return [part.strip().replace("\u00a0", " ") for part in _END.split(held) if part.strip()]
