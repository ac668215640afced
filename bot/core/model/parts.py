"""What a message is made of, on any platform: headers, paragraphs, notes, buttons, forms.

Text in here is plain text. Escaping is the renderer's duty, so nothing in these values is markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self, assert_never

from bot.core.model.actions import Act, Action
from bot.core.model.cutting import cut


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words in one style; with *url*, a link that shows these words."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question asked before a button acts."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button. With *url* it opens that page and asks nothing of us."""

    text: str
    action: Action
    url: str = ""
    primary: bool = False
    danger: bool = False
    confirm: Confirm | None = None

    @property
    def act(self) -> Act:
        """What a press of it asks for."""
        return self.action.act


@dataclass(frozen=True, slots=True)
class Menu:
    """Buttons that are seldom used: a platform shows them once somebody asks for more.

    *text*: what is called so, where the platform has room for words.
    """

    text: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list: what we are told, what the member reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Select:
    """One of a list, acted upon as soon as it is chosen. *value*: what is chosen already.

    The value of each choice is that of an `Action` with this *act*.
    """

    hint: str
    act: Act
    choices: tuple[Choice, ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The one large line of a message."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo that the platform keeps. Where it is not drawn, the message is whole without it.

    *file*: the platform's id of it. *alt*: what it says to those who do not see it.
    """

    file: str
    alt: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, with at most one button or one picture beside it."""

    runs: tuple[Run, ...]
    beside: Button | Picture | None = None

    @property
    def button(self) -> Button | None:
        """The button beside it."""
        return self.beside if isinstance(self.beside, Button) else None


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words; with *runs*, the same in runs, of which some stand out."""

    text: str
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two things."""


@dataclass(frozen=True, slots=True)
class Actions:
    """A row of buttons, lists to choose from, and menus of further buttons."""

    buttons: tuple[Button | Select | Menu, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart."""

    label: str
    count: int
    colour: str = ""
    """`#rrggbb`, where the platform can draw it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """How many of what, as bars."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Fields to fill in, and the button that does something with what is in them.

    A message has one at most. Where it can hold no field, *instead* stands in its place.
    """

    fields: "tuple[TextField | ChoiceField, ...]"
    button: Button
    instead: tuple[Run, ...]


Part = Header | Paragraph | Quote | Note | Divider | Actions | Chart | Picture | Entry


@dataclass(frozen=True, slots=True)
class Message:
    """A message: *fallback* is what notifications, screen readers and plain clients get, whole."""

    fallback: str
    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, *parts: Part) -> "Message":
        """A message whose fallback has the words of its parts, a line for each part."""
        return cls("\n".join(filter(None, map(_plain, parts))), parts)

    def without_pictures(self) -> Self:
        """The same message, which loses nothing but its pictures."""
        kept = (part for part in self.parts if not isinstance(part, Picture))
        return replace(
            self,
            parts=tuple(
                replace(part, beside=part.button) if isinstance(part, Paragraph) else part
                for part in kept
            ),
        )


def _plain(part: Part) -> str:
    """The words of a part; buttons, dividers, charts and pictures have none."""
    match part:
        case Header(text=text) | Quote(text=text):
            return text
        case Paragraph(runs=runs) | Note(runs=runs):
            return "".join(run.text for run in runs)
        case Actions() | Divider() | Chart() | Picture() | Entry():
            return ""
        case _:
            assert_never(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Message):
    """The member's desk, drawn for one member. *place*: what draws the same part of it anew."""

    place: Action


@dataclass(frozen=True, slots=True)
class _Input:
    id: str
    label: str
    hint: str = ""
    value: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class TextField(_Input):
    """A line or several of text. *limit* in characters; 0: as many as the platform takes."""

    lines: bool = False
    limit: int = 0

    def most(self, platform: int) -> int:
        """How many characters it takes where the *platform* takes so many."""
        return min(self.limit or platform, platform)

    def shown(self, platform: int) -> str:
        """Its value as a form shows it there."""
        return cut(self.value, self.most(platform))


class DayField(_Input):
    """A day, chosen from a calendar. *value* and the answer: `2026-12-21`, or empty."""


class TimeField(_Input):
    """A time of day, chosen from a clock. *value* and the answer: `15:00`, or empty."""


class PeopleField(_Input):
    """Members, picked by name. *value* and the answer: their ids, with a comma between."""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of several. With *radio* all stand open, otherwise in a drop-down list."""

    id: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    hint: str = ""
    required: bool = False
    radio: bool = False


@dataclass(frozen=True, slots=True)
class ChoicesField:
    """Several of a list, or none. *value* and the answer: their values, with commas between."""

    id: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph in a form."""

    text: str


Field = (
    TextField
    | ChoiceField
    | ChoicesField
    | DayField
    | TimeField
    | PeopleField
    | Actions
    | Paragraph
    | Words
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form. *about* is what opens it; it comes back with the answers and proves nothing."""

    title: str
    submit: str
    fields: tuple[Field, ...]
    about: Action
    cancel: str = "Cancel"


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent: its answers by field; what was left empty is the empty string."""

    about: Action
    values: Mapping[str, str]

    def touched(self, **opened: str) -> Mapping[str, str]:
        """Return the answers but those that are as the form opened: what holds by now stays."""
        return {name: one for name, one in self.values.items() if one != opened.get(name)}


def uncut(form: Form, values: Mapping[str, str], platform: int) -> dict[str, str]:
    """Return answers, whole where one is what *form* showed of a longer text."""
    lines = [one for one in form.fields if isinstance(one, TextField)]
    same = [one for one in lines if one.shown(platform).strip() == values.get(one.id, "").strip()]
    return {**values, **{one.id: one.value for one in same}}
