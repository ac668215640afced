"""The member's desk: its tabs, what stands in them, and what is said where there is nothing yet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.messages import answers, cards, shares
from bot.core.messages.common import (
    NOT_ALL,
    channel_name,
    count,
    listed,
    runs,
)
from bot.core.messages.hours import day, moment
from bot.core.messages.profile import standing
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.framework import Framework
from bot.core.model.home import AskedPrompt, ChannelHealth, Gathered, Tab
from bot.core.model.ideas import Page
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    Divider,
    Entry,
    Header,
    Home,
    Message,
    Note,
    Paragraph,
    Part,
    Quote,
    Run,
    TextField,
)
from bot.core.model.people import Profile
from bot.core.model.vocabulary import BRING, INVITE, KEPT, command

MOST_LISTED: Final = 98
"""Channels in the list to choose from: what every platform has room for, beside *any*."""
ANY: Final = "-"
"""What a list says where it narrows nothing."""
FIELDS: Final = ("words", "component", "channel")
"""What the search is filled in with."""

_NAMES: Final[Mapping[Tab, str]] = {
    Tab.START: "Start",
    Tab.MINE: "My ideas",
    Tab.FIND: "Find",
    Tab.ME: "About me",
    Tab.LEAD: "Coordinate",
}
_FIRST: Final = (
    "What worked in your library this month that a colleague could use? A sentence is enough. I "
    "keep it with your name, and bring it to everybody in the weekly digest."
)
_NARROW: Final = (
    "As a guest you see here what you shared yourself. In a channel, "
    f"`{command('list')}` shows you the ideas of that channel."
)


def to(tab: Tab, *, start: int | None = None, text: str = "") -> Action:
    """What opens a part of the desk."""
    return Action(Act.HOME, tab=tab, start=start, text=text)


def home(
    place: Action,
    body: Iterable[Part],
    *,
    leads: bool,
    narrow: bool = False,
    notice: Message | None = None,
) -> Home:
    """The desk: the row of its tabs, what was just said, and the part that is open.

    Args:
        place: the part that is open.
        leads: whether the member coordinates a channel.
        narrow: whether they are shown nothing but their own ideas here, as a guest is.
        notice: what was just done, or could not be done.
    """
    shown = Tab.START if place.tab == Tab.NEW else place.tab
    tabs = (tab for tab in _NAMES if leads or tab is not Tab.LEAD)
    row = Actions(tuple(Button(_NAMES[tab], to(tab), primary=tab == shown) for tab in tabs))
    said = (*notice.parts, Divider()) if notice else ()
    guest = (Note(runs(_NARROW)),) if narrow else ()
    drawn = Message.of(row, *said, *body, *guest)
    return Home(drawn.fallback, drawn.parts, place=place)


def beside(place: Action, message: Message) -> Home:
    """What a button of the desk was answered with, and the way back to where it was pressed."""
    back = Actions((Button("Back to my desk", place),))
    return Home(message.fallback, (back, *message.parts), place=place)


# -- start ------------------------------------------------------------------------------------


def start(
    found: Page,
    framework: Framework,
    prompts: Sequence[AskedPrompt],
    mine: Gathered,
    *,
    zone: ZoneInfo,
    asker: str,
    watched: bool,
    ever: bool,
) -> tuple[Part, ...]:
    """What everybody sees first.

    Args:
        found: the ideas of the last seven days, the first few.
        watched: whether there is a channel to share in.
        ever: whether an idea was ever shared that the member may see.
    """
    share = Button("Share an idea", Action(Act.SHARE), primary=True)
    parts: list[Part] = [Header("Your desk")]
    if not watched:
        return (
            *parts,
            Paragraph(runs(f"I am in no channel yet. {BRING} `{INVITE}`.")),
        )
    words = "What did you try that a colleague could use?" if ever else f"{_NOBODY} {_FIRST}"
    parts.append(Paragraph((Run(words),), share))
    if mine.shared:
        whole = Button("My ideas", to(Tab.MINE))
        parts.append(Paragraph((Run(_gathered(mine)),), whole))
    for prompt in prompts:
        parts += _asked(prompt)
    if not ever:
        return tuple(parts)
    parts += [Divider(), Paragraph((Run("New this week", bold=True),))]
    for idea in found.ideas:
        parts += cards.short(idea, framework, zone=zone, asker=asker)
    if not found.ideas:
        parts.append(Paragraph((Run("Nothing new in the last seven days."),)))
    more = found.total > len(found.ideas)
    label = f"All {found.total:,} of this week" if more else "Earlier ideas"
    parts.append(Actions((Button(label, to(Tab.NEW if more else Tab.FIND)),)))
    return (*parts, *_unsure(found))


_NOBODY: Final = "Nobody has shared an idea yet that you can see; yours can be the first."


def _gathered(mine: Gathered) -> str:
    """What a member's ideas gathered, in a sentence."""
    came = (
        count(mine.reactions, "reaction") if mine.reactions else "",
        count(mine.replies, "reply", "replies") if mine.replies else "",
        f"{count(mine.tried, 'colleague')} who tried one" if mine.tried else "",
    )
    brought = [one for one in came if one]
    shared = f"You have shared {count(mine.shared, 'idea')}"
    if not brought:
        return f"{shared}."
    return f"{shared}; {'it' if mine.shared == 1 else 'they'} gathered {listed(brought)}."


def _asked(prompt: AskedPrompt) -> tuple[Part, ...]:
    """A question of this week, and where to answer it."""
    where = channel_name(prompt.channel_name, "a channel")
    answer = Button("Answer in its thread", Action(Act.LINK), url=prompt.link)
    head = (Run("This week’s question", bold=True), Run(f" in {where}"))
    return (Paragraph(head), Quote(prompt.text), *((Actions((answer,)),) if prompt.link else ()))


def _unsure(found: Page) -> tuple[Part, ...]:
    return () if found.complete else (Note((Run(NOT_ALL),)),)


# -- lists ------------------------------------------------------------------------------------


def of_week(
    found: Page, framework: Framework, *, size: int, zone: ZoneInfo, asker: str
) -> tuple[Part, ...]:
    """The ideas of the last seven days."""
    if not found.ideas:
        words = Paragraph((Run("Nothing new in the last seven days."),))
        return (Header("New this week"), words, *_unsure(found))
    turn = to(Tab.NEW, start=found.start)
    page = answers.page(
        found, framework, heading="New this week", turn=turn, size=size, zone=zone, asker=asker
    )
    return page.parts


def mine(
    found: Page, framework: Framework, total: Gathered, *, size: int, zone: ZoneInfo, asker: str
) -> tuple[Part, ...]:
    """The member's own ideas, with what they gathered."""
    share = Button("Share an idea", Action(Act.SHARE), primary=True)
    if not found.ideas:
        return (
            Header("My ideas"),
            Paragraph((Run(f"You have shared no idea yet. {_FIRST}"),), share),
            Note(
                runs(
                    "Or write a post in a channel that I am in: what reads like an idea I keep, "
                    f"and mark with {KEPT}."
                )
            ),
        )
    turn = to(Tab.MINE, start=found.start)
    page = answers.page(
        found, framework, heading="My ideas", turn=turn, size=size, zone=zone, asker=asker
    )
    first, *rest = page.parts
    return (first, Paragraph((Run(_gathered(total)),), share), *rest)


def find(
    framework: Framework,
    channels: Sequence[tuple[str, str]],
    chosen: Mapping[str, str],
    results: Sequence[Part],
) -> tuple[Part, ...]:
    """The search, and what it found.

    Args:
        channels: (id, name) of those to choose from.
        chosen: what stands in each of `FIELDS`.
        results: what it found, or why it found nothing.
    """
    parts_of = (Choice(one.code, one.name) for one in framework.components)
    places = [Choice(ident, channel_name(name, ident)) for ident, name in channels[:MOST_LISTED]]
    words = TextField(
        "words",
        "What are you looking for?",
        hint='For example: reading garden, #mentoring, @"Rosa Alvarez" or since:2026-09-01.',
        value=chosen.get("words", ""),
        limit=300,
    )
    narrowed = (
        ChoiceField(
            "component",
            "Part of the framework",
            (Choice(ANY, "Every part of the framework"), *parts_of),
            value=chosen.get("component") or ANY,
        ),
        ChoiceField(
            "channel",
            "Channel",
            (Choice(ANY, "Every channel"), *places),
            value=chosen.get("channel") or ANY,
        ),
    )
    entry = Entry(
        (words, *(narrowed if len(places) > 1 else narrowed[:1])),
        Button("Search", to(Tab.FIND), primary=True),
        runs(f"To look for something else: `{command('search reading garden')}`."),
    )
    return (Header("Find"), entry, *results)


def nothing_found(words: str, *, narrowed: bool) -> tuple[Part, ...]:
    """What to type where nothing was found. *narrowed*: whether anything was looked for."""
    if not narrowed:
        return (Paragraph((Run(f"{_NOBODY} {_FIRST}"),)),)
    return (
        Paragraph((Run(f"Nothing {words} that you can see.".replace("  ", " ")),)),
        Note(
            runs(
                "Try fewer or other words, `#` with a tag, `@` with a colleague’s name, or choose "
                "every part and every channel."
            )
        ),
        Actions((Button("Show everything", to(Tab.FIND, start=0)),)),
    )


# -- about oneself ----------------------------------------------------------------------------


def me(profile: Profile) -> tuple[Part, ...]:
    """What the member told of themselves, and what is kept and shown of them."""
    told = [
        f"{label}: {value}"
        for label, value in (
            ("School", profile.school),
            ("District", profile.district),
            ("Role", profile.role),
        )
        if value
    ]
    beside_ideas = (
        "I show this beside the ideas that you share: " + "; ".join(told) + "."
        if told
        else "Tell me your school and role, and I show them beside the ideas that you share. "
        "Colleagues then see where an idea worked."
    )
    keeps, outside = standing(profile)
    return (
        Header("About me"),
        Paragraph(
            (Run("Profile. ", bold=True), Run(beside_ideas)),
            Button("Change it", Action(Act.PROFILE), primary=not told),
        ),
        Paragraph((Run("What I keep. ", bold=True), *runs(keeps))),
        Paragraph((Run("What people outside see. ", bold=True), *runs(outside))),
    )


# -- for who coordinates ----------------------------------------------------------------------


def lead(channels: Sequence[ChannelHealth], place: Sequence[Part] = ()) -> tuple[Part, ...]:
    """The channels that the member coordinates: what comes, how it goes, what is shared of them.

    Args:
        place: the buttons that turn the pages.
    """
    parts: list[Part] = [Header("Coordinate")]
    if not channels:
        parts.append(Paragraph((Run("You coordinate none of the channels that I am in."),)))
    for one in channels:
        channel = one.week.channel
        name = channel_name(channel.name, channel.id)
        private = " (private)" if channel.private else ""
        parts += [
            Paragraph((Run(f"{name}{private}", bold=True), Run(f"\n{_health(one)}"))),
            *(
                Paragraph(
                    (Run(f"Share {share.number}: {shares.told(share, shows, one.week.zone)}"),),
                    shares.revoke_button(share),
                )
                for share, shows in one.shares
            ),
            Actions(_work(one)),
            Divider(),
        ]
    return (*parts, *place)


def _work(one: ChannelHealth) -> tuple[Button, ...]:
    """What can be done in a channel that the member coordinates."""
    channel = one.week.channel.id
    digest = next((c for c in one.coming if c.kind is DeliveryKind.DIGEST), None)
    look = (
        ()
        if digest is None
        else (
            Button(
                "Look at the next digest", Action(Act.LOOK, channel=channel, period=digest.subject)
            ),
        )
    )
    return (
        Button("Settings", Action(Act.SETTINGS, channel=channel)),
        *look,
        Button("Share a page", Action(Act.BOARD, channel=channel)),
        Button("Export as CSV", Action(Act.EXPORT, text=f'channel:"{channel}"')),
    )


def _health(one: ChannelHealth) -> str:
    """How it goes in a channel, in plain words, a line each."""
    channel, zone = one.week.channel, one.week.zone
    lines = []
    if channel.refused_since is not None:
        lines.append(
            f"I have not been allowed to post here since {moment(channel.refused_since, zone)}. "
            "Look whether posting is restricted, or whether I was removed."
        )
    for kind, what in ((DeliveryKind.DIGEST, "digest"), (DeliveryKind.PROMPT, "question")):
        due = next((c.at for c in one.coming if c.kind is kind), None)
        when = f"Next {what}: {moment(due, zone)}." if due else f"No {what} is planned."
        if kind is DeliveryKind.DIGEST and one.last_digest:
            when += f" The last was that of the week of {_monday(one.last_digest)}."
        lines.append(when)
    lines.append(
        f"Last read through: {moment(one.read_at, zone)}."
        if one.read_at
        else "I have not read through it yet; what is posted from now on I hear of at once."
    )
    return "\n".join(lines)


def _monday(period: str) -> str:
    return day(date.fromisoformat(f"{period}-1"))
