"""What a text holds that seems to tell who a student is."""

from dataclasses import dataclass
from enum import StrEnum


class Sight(StrEnum):
    """What was seen, as its author is told."""

    NAME = "a student’s name"
    NUMBER = "an id number"
    SOCIAL = "a social security number"
    BIRTH = "a day of birth"
    MAIL = "a student’s email address"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that seems to tell who a student is, and the words that say so."""

    sight: Sight
    words: str
