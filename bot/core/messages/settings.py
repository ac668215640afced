"""A channel's settings: the form, what is said after it, who changed what."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Final

from bot.core.messages.care import CARE, logged
from bot.core.messages.common import channel_name, excerpt, listed, radio, said
from bot.core.messages.hours import DAY_NAMES, day, moment, monday, weekly
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    DayField,
    Field,
    Form,
    Header,
    Message,
    Paragraph,
    Run,
    TextField,
    TimeField,
    Words,
)
from bot.core.model.people import Channel, Previews
from bot.core.model.settings import (
    DAYS,
    ERASED,
    LONGEST_LINE,
    OFF,
    OTHER,
    ZONES,
    Change,
    SettingsView,
)
from bot.core.model.vocabulary import KEPT, PAGE
from bot.core.model.weeks import Span, WeekTime, parse_weekly

_KINDS: Final = {DeliveryKind.DIGEST: "the digest", DeliveryKind.PROMPT: "a question"}
_USUAL: Final = "as in all channels"
_LABELS: Final = {
    "zone": "time zone",
    "prompt": "weekly question",
    "paused_until": "pause until",
    "observances": "days that schools observe",
    "marked_only": "what is kept",
    "book": "the channel’s book",
    "previews": "digest shown to you first",
    "pinned": "the next question",
    "line": "your line in the next digest",
    "pick": "pick of the week",
}
_PREVIEWS: Final = {
    Previews.FIRST: "Before the first two",
    Previews.ALWAYS: "Always",
    Previews.NEVER: "Never",
}


def form(chosen: SettingsView, *, more: bool = False, opened: str = "") -> Form:
    """The form for a channel's settings, with what is chosen now; with *more*, all of it.

    *opened*: the line that it opened with, where it is drawn again.
    """
    channel = chosen.channel
    opened = opened or channel.line
    return Form(
        "Settings",
        "Save",
        (
            Words(f"For {_name(channel)}.\n{_coming(chosen)}"),
            *_hour(DeliveryKind.DIGEST, "Digest", chosen),
            TextField(
                "line",
                "A line of yours to open the next digest",
                hint="Plain words. Once that digest is posted, this field is empty again.",
                value=channel.line,
                limit=LONGEST_LINE,
            ),
            *_hour(DeliveryKind.PROMPT, "Question of the week", chosen),
            DayField(
                "break_first",
                "A break from",
                hint=f"No digest and no question on these days. {_planned(chosen)}",
            ),
            DayField(
                "break_last",
                "A break until",
                hint="The first digest after a break holds what came in meanwhile, up to eight "
                "weeks back.",
            ),
            radio(
                "previews",
                "Show me each digest an hour before it is posted",
                *((str(one), words) for one, words in _PREVIEWS.items()),
                value=channel.previews,
            ),
            *(_rare(chosen) if more else (_more(channel, opened),)),
            Words(_last(chosen)),
        ),
        about=Action(Act.SETTINGS, channel=channel.id, text=opened),
    )


_MOST_BREAKS: Final = 5
_SOON: Final = timedelta(days=183)


def _more(channel: Channel, opened: str) -> Actions:
    more = Action(Act.SETTINGS_MORE, channel=channel.id, text=opened)
    return Actions((Button("More settings", more),))


def _rare(chosen: SettingsView) -> tuple[Field, ...]:
    """What is chosen once, or never."""
    channel, pause = chosen.channel, chosen.channel.paused_until
    zone = chosen.week.zone.key if chosen.week.zone.key in dict(ZONES) else OTHER
    return (
        ChoiceField(
            "zone",
            "Time zone",
            (*(Choice(key, words) for key, words in ZONES), Choice(OTHER, "Another one")),
            value=zone,
            required=True,
        ),
        TextField(
            "zone_other",
            "Another time zone",
            hint="Only if it is not in the list above. Write it like Europe/Berlin.",
            value=chosen.week.zone.key if zone == OTHER else "",
            limit=60,
        ),
        TextField(
            "breaks",
            "All breaks",
            hint="One a line, for example 2026-12-21 to 2027-01-04.",
            value="\n".join(f"{span.first} to {span.last}" for span in channel.breaks),
            lines=True,
            limit=2_000,
        ),
        DayField(
            "pause",
            "Pause until",
            hint="No digest and no question before this day. Leave it empty to go on.",
            value=str(pause) if pause and pause > chosen.today else "",
        ),
        radio(
            "observances",
            "Days, weeks and months that schools observe",
            ("yes", "Questions may name them, once their dates are certain"),
            ("no", "Questions do not name them"),
            value="yes" if channel.observances else "no",
        ),
        radio(
            "capture",
            "What I keep here",
            ("all", "What reads like an idea"),
            ("marked", f"Only what somebody marks with idea:, #idea or {KEPT}"),
            value="marked" if channel.marked_only else "all",
        ),
        *((_book(channel),) if chosen.has_page else ()),
    )


def _book(channel: Channel) -> ChoiceField:
    return radio(
        "book",
        "The channel’s book",
        ("yes", f"Write the newest ideas on the channel’s {PAGE} after each digest"),
        ("no", f"Leave the {PAGE} alone"),
        value="yes" if channel.book else "no",
    )


def _planned(chosen: SettingsView) -> str:
    """The breaks that are still to come."""
    coming = [span for span in chosen.channel.breaks if span.last >= chosen.today]
    spans = listed([_span(span, chosen.today) for span in coming[:_MOST_BREAKS]])
    return f"Planned so far: {spans}." if spans else ""


def _span(span: Span, today: date | None = None) -> str:
    """Its days; with the year, unless they come within half a year of *today*."""
    near = today is not None and span.first - today < _SOON
    first, last = (
        f"{day:%b} {day.day}{'' if near else f', {day.year}'}" for day in (span.first, span.last)
    )
    return first if first == last else f"{first} to {last}"


def _hour(kind: DeliveryKind, label: str, chosen: SettingsView) -> tuple[ChoiceField, TimeField]:
    usual = WeekTime(4, time(15)) if kind is DeliveryKind.DIGEST else WeekTime(0, time(9))
    now = chosen.week.time_of(kind)
    shown = now or usual
    names = list(zip(DAYS, DAY_NAMES, strict=True))
    # The usual day first; the others in the order of the week.
    names.insert(0, names.pop(usual.weekday))
    return (
        ChoiceField(
            f"{kind}_day",
            label,
            (*(Choice(day, f"Every {name}") for day, name in names), Choice(OFF, "None")),
            value=OFF if now is None else DAYS[now.weekday],
            required=True,
        ),
        TimeField(
            f"{kind}_time",
            f"{label.partition(' ')[0]}: at what time",
            value=f"{shown.time:%H:%M}",
        ),
    )


def saved(chosen: SettingsView, changes: Sequence[Change]) -> Message:
    """What was changed just now, and what comes next with it."""
    what = "".join(f"\n• {_changed(one)}" for one in changes)
    first = f"Saved for {_name(chosen.channel)}:{what}" if what else "Nothing has changed."
    return Message.of(*_lines(first, _coming(chosen), _last(chosen)))


def log(chosen: SettingsView) -> Message:
    """Who changed what, latest first."""
    if not chosen.changes:
        return said(f"Nobody has changed the settings for {_name(chosen.channel)} yet.")
    lines = (
        f"{moment(one.at, chosen.week.zone, year=True)}, {_who(chosen, one)}: {_changed(one)}"
        for one in chosen.changes
    )
    return Message.of(Header(f"Changes for {_name(chosen.channel)}"), *_lines(*lines))


def _lines(*lines: str) -> Iterator[Paragraph]:
    return (Paragraph((Run(line),)) for line in lines)


def _coming(chosen: SettingsView) -> str:
    """The next posts, a line each."""
    if not chosen.coming:
        return "I post no digest and no question here."
    lines = (
        f"{moment(one.at, chosen.week.zone)}: {_KINDS[one.kind]}{', skipped' * one.skipped}"
        for one in chosen.coming
    )
    return "\n".join(("What comes next:", *lines))


def _last(chosen: SettingsView) -> str:
    last = next((one for one in chosen.changes if one.what != ERASED), None)
    if last is None:
        return "Nobody has changed these settings yet."
    on = day(last.at.astimezone(chosen.week.zone))
    return f"Last changed by {_who(chosen, last)} on {on}."


def _who(chosen: SettingsView, change: Change) -> str:
    if not change.who:
        return "the bot" if change.new == "private" else "the operator"
    return excerpt(chosen.names.get(change.who, ""), 60) or change.who


def _changed(change: Change) -> str:
    if change.what.startswith(CARE):
        return logged(change)
    if change.what == "share":
        return _share(change)
    if change.what == ERASED:
        return "everything held about them was erased"
    label = _LABELS.get(change.what, change.what)
    old, new = (_value(change.what, text) for text in (change.old, change.new))
    if change.what == "skipped":
        return f"{label}: {new}"
    if change.what == "skipped_digest":
        week = f"the digest of the week of {monday(change.new or change.old)}"
        return f"{week} is skipped" if change.new else f"{week} goes out after all"
    if change.what == "line" and change.old == change.new:  # its words are gone since
        return f"{label}: changed"
    if change.what == "question":  # by its number, as it came or went
        return f"question {new} is new" if change.new else f"question {old} was removed"
    return f"{label}: {new} (before: {old})"


def _share(change: Change) -> str:
    if not change.old:
        return f"share {change.new} was made"
    why = ", because the channel became private" if change.new == "private" else ""
    return f"share {change.old} was revoked{why}"


def _value(what: str, text: str) -> str:
    match what:
        case "digest" | "prompt":
            at = parse_weekly(text) if text else None
            return (weekly(at) if at else "none") if text else _USUAL
        case "zone":
            return text or _USUAL
        case "book":
            return "on" if text == "1" else "off"
        case "observances":
            return "named" if text == "1" else "not named"
        case "marked_only":
            return "only what is marked" if text == "1" else "what reads like an idea"
        case "previews":
            return _PREVIEWS[Previews(text)].lower()
        case "paused_until":
            return day(date.fromisoformat(text)) if text else "none"
        case "breaks":
            days = (map(date.fromisoformat, line.split(" to ")) for line in text.splitlines())
            return listed([_span(Span(*span)) for span in days]) or "none"
        case "pinned" | "skipped":
            return text.removeprefix("own:") or "none pinned"
        case _:
            return excerpt(text.replace("\n", ", "), 150) or "none"


def _name(channel: Channel) -> str:
    return channel_name(channel.name, "this channel")
