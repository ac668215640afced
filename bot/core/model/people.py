"""Who and where: members, channels, the workspace, and who asks."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.model.weeks import Span as Days

COLLEAGUE: Final = "a colleague"
"""Stands where somebody was named who was erased since, and in the place of their id, too."""


class Keep(StrEnum):
    """What a member lets us keep of their posts."""

    ALL = "all"
    MARKED = "marked"
    NOTHING = "nothing"


class Shown(StrEnum):
    """What pages that people outside can open show of a member."""

    NAME = "name"
    """Name and school."""
    SCHOOL = "school"
    NOBODY = "nobody"


class Licence(StrEnum):
    """What others may do with a member's ideas; as it stands beside them."""

    BY = "CC BY 4.0"
    BY_NC = "CC BY-NC 4.0"
    RESERVED = "all rights reserved"


class Grades(StrEnum):
    """The grades of a member's school."""

    ELEMENTARY = "elementary"
    MIDDLE = "middle"
    HIGH = "high"
    SEVERAL = "several"
    """Several of these, or other ones."""


class MemberId(str):
    """A member's id where a name could stand, too."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member as the platform describes them now."""

    id: str
    name: str
    """The name as shown in the chat."""
    real_name: str = ""
    title: str = ""
    is_admin: bool = False
    is_guest: bool = False
    """A guest, or a person of another workspace."""
    is_bot: bool = False
    deleted: bool = False
    zone: str = ""
    """The time zone that their clocks show, by its IANA name; empty: it is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a member told us about themselves, once."""

    school: str = ""
    district: str = ""
    role: str = ""
    keep: Keep = Keep.ALL
    shown: Shown | None = None
    """None: they have not answered; then nobody outside learns who they are."""
    licence: Licence | None = None
    """Of what they share from now on; None: they have not answered."""
    grades: Grades | None = None

    @property
    def place(self) -> tuple[str, ...]:
        """Where they work and as what, as far as they told it."""
        return tuple(filter(None, (self.school, self.district, self.role)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member as we know them: the platform's description and their own."""

    person: Person
    profile: Profile = Profile()
    looked_up_at: datetime | None = None
    """When the platform was last asked; None: never, the names are empty."""
    asked: bool = False
    """Whether they were asked about themselves."""

    @property
    def is_unasked(self) -> bool:
        """Whether they may be asked about themselves: they were not, and told nothing."""
        return not self.asked and self.profile == Profile()

    def is_still(self, person: Person) -> bool:
        """Whether a description says what is known; of who wants nothing kept, no name is.

        A zone that is not told is as it was known.
        """
        person = replace(person, zone=person.zone or self.person.zone)
        if self.profile.keep is Keep.NOTHING:
            person = replace(person, name="", real_name="", title="", zone="")
        return self.person == person


class Previews(StrEnum):
    """When the coordinator sees a digest an hour before the channel does."""

    FIRST = "first"  # before the first two
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as we know it. *name* is empty until the platform told it."""

    workspace: str
    id: str
    name: str = ""
    private: bool = True
    member: bool = True
    """Whether the bot is in it now."""
    archived: bool = False
    deleted: bool = False
    """Whether it is gone for good."""
    invited_by: str = ""
    inviter_left: bool = False
    """Whether they were seen to leave since."""
    first_seen: datetime
    zone: str | None = None
    digest: str | None = None
    """Its own `fri 15:00` or `off`; None: the setting's."""
    prompt: str | None = None
    marked_only: bool = False
    former: tuple[str, ...] = ()
    """The ids it had before."""
    observances: bool = False
    """Whether prompts may name days, weeks and months that schools observe."""
    previews: Previews = Previews.FIRST
    breaks: tuple[Days, ...] = ()
    """Days on which nothing is posted by itself, the earliest first."""
    paused_until: date | None = None
    """The first day on which something is posted by itself again."""
    pinned: str = ""
    """Id of the prompt that is to be asked next."""
    line: str = ""
    """What the coordinator says at the head of the next digest."""
    book: bool = False
    """Whether its ideas stand on the page beside it."""
    refused_since: datetime | None = None
    """Since when it takes nothing that the bot posts; None: it does, as far as known."""

    def zone_or(self, default: ZoneInfo) -> ZoneInfo:
        """Return the zone that it has chosen; else the default."""
        return default if self.zone is None else ZoneInfo(self.zone)

    def __str__(self) -> str:
        """As a log calls it: `#reading (C1)`."""
        return f"#{self.name} ({self.id})" if self.name else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """A channel as the platform describes it now."""

    id: str
    name: str
    private: bool
    member: bool = True
    archived: bool = False
    quiet: bool = False
    """Whether the bot hears it because it was added to something larger: then it asks no weekly
    question there until a coordinator chooses a day for it."""
    invited_by: str = ""
    """Who added the bot to that; empty: it is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An idea's author, as of the day it was posted."""

    id: str
    name: str = ""
    real_name: str = ""
    title: str = ""
    school: str = ""
    district: str = ""
    role: str = ""
    licence: Licence | None = None
    """Of this idea."""
    grades: Grades | None = None

    @classmethod
    def of(cls, member: Member) -> "Author":
        """Return a member as the author of what they share today."""
        person, profile = member.person, member.profile
        return cls(
            id=person.id,
            name=person.name,
            real_name=person.real_name,
            title=person.title,
            school=profile.school,
            district=profile.district,
            role=profile.role,
            licence=profile.licence,
            grades=profile.grades,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The workspace we serve and who we are in it."""

    id: str
    name: str = ""
    url: str = ""
    bot_user_id: str = ""
    bot_id: str = ""
    platform: str = ""
    """Which chat it is in; each platform's handler knows its own word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and from where; *channel* is empty in a direct message.

    *pressed*: by a button or a form, which may be older than their leaving the channel. *zone*: the
    time zone of their clocks, where the platform says it with what they ask.
    """

    workspace: str
    member_id: str
    channel: str = ""
    pressed: bool = False
    zone: str = ""


def folded(name: str) -> str:
    """Return a name, such as a school's, as it is compared: in any case, blanks made one."""
    return " ".join(name.casefold().split())
