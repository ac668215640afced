"""The member's desk: its tabs, what stands in them, and what is said where there is nothing yet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.core.messages import licences, own_data
from bot.core.messages.common import (
    NOT_ALL,
    channel_name,
    count,
    listed,
    runs,
)
from bot.core.messages.hours import weekly
from bot.core.messages.profile import standing
from bot.core.messages.saved import nothing_saved
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.home import AskedPrompt, Gathered, Tab
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
from bot.core.model.subscriptions import Subscription
from bot.core.model.vocabulary import BRING, DIRECT, INVITE, KEPT, command

MOST_LISTED: Final = 98
"""Channels in the list to choose from: what every platform has room for, beside *any*."""
ANY: Final = "-"
"""What a list says where it narrows nothing."""
FIELDS: Final = ("words", "component", "channel")
"""What the search is filled in with."""

_NAMES: Final[Mapping[Tab, str]] = {
    Tab.START: "Start",
    Tab.MINE: "My ideas",
    Tab.SAVED: "Saved",
    Tab.FIND: "Find",
    Tab.ME: "About me",
    Tab.LEAD: "Coordinate",
}
HEADINGS: Final[Mapping[Tab, str]] = {
    Tab.MINE: "My ideas",
    Tab.NEW: "New this week",
    Tab.SAVED: "Ideas you saved",
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
    shown: Sequence[Part],
    prompts: Sequence[AskedPrompt],
    mine: Gathered,
    *,
    watched: bool,
    ever: bool,
) -> tuple[Part, ...]:
    """What everybody sees first.

    Args:
        found: the ideas of the last seven days, the first few.
        shown: these, as cards.
        watched: whether there is a channel to share in.
        ever: whether an idea was ever shared that the member may see.
    """
    parts: list[Part] = [Header("Your desk")]
    if not watched:
        return (
            *parts,
            Paragraph(runs(f"I am in no channel yet. {BRING} `{INVITE}`.")),
        )
    words = "What did you try that a colleague could use?" if ever else f"{_NOBODY} {_FIRST}"
    parts.append(Paragraph((Run(words),), _share()))
    if mine.shared:
        parts.append(Paragraph((Run(_gathered(mine)),)))
    for prompt in prompts:
        parts += _asked(prompt)
    if not ever:
        return tuple(parts)
    parts += [Divider(), Paragraph((Run("New this week", bold=True),))]
    parts += shown
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
    )
    brought = listed([one for one in came if one])
    which = "it" if mine.shared == 1 else "they"
    said = (
        f"You have shared {count(mine.shared, 'idea')}",
        f"{which} gathered {brought}" if brought else "",
        f"{count(mine.tried, 'colleague')} tried one" if mine.tried else "",
    )
    return f"{'; '.join(filter(None, said))}."


def _asked(prompt: AskedPrompt) -> tuple[Part, ...]:
    """A question of this week, and where to answer it."""
    where = channel_name(prompt.channel_name, "a channel")
    answer = Button("Answer in its thread", Action(Act.LINK), url=prompt.link)
    head = (Run("This week’s question", bold=True), Run(f" in {where}"))
    return (Paragraph(head), Quote(prompt.text), *((Actions((answer,)),) if prompt.link else ()))


def _unsure(found: Page) -> tuple[Part, ...]:
    return () if found.complete else (Note((Run(NOT_ALL),)),)


# -- lists ------------------------------------------------------------------------------------


def no_week(found: Page) -> tuple[Part, ...]:
    """Said where the last seven days brought nothing."""
    words = Paragraph((Run("Nothing new in the last seven days."),))
    return (Header(HEADINGS[Tab.NEW]), words, *_unsure(found))


def none_mine() -> tuple[Part, ...]:
    """Said to who has shared nothing yet."""
    return (
        Header(HEADINGS[Tab.MINE]),
        Paragraph((Run(f"You have shared no idea yet. {_FIRST}"),), _share()),
        Note(
            runs(
                "Or write a post in a channel that I am in: what reads like an idea I keep, and "
                f"mark with {KEPT}."
            )
        ),
    )


def mine(page: Sequence[Part], total: Gathered) -> tuple[Part, ...]:
    """The member's own ideas, a *page* of them, below what all of them gathered."""
    first, *rest = page
    return (first, Paragraph((Run(_gathered(total)),), _share()), *rest)


def none_saved() -> tuple[Part, ...]:
    """Said to who has saved nothing, or nothing that is still there."""
    return (Header(HEADINGS[Tab.SAVED]), *nothing_saved().parts)


def _share() -> Button:
    return Button("Share an idea", Action(Act.SHARE), primary=True)


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


def me(profile: Profile, subscription: Subscription | None) -> tuple[Part, ...]:
    """What the member told of themselves, what is kept and shown of them, and what comes to them.

    Args:
        subscription: their own digest; None: they have none.
    """
    beside_ideas = (
        f"I show this beside the ideas that you share: {', '.join(profile.place)}."
        if profile.place
        else "Tell me your school and role, and I show them beside the ideas that you share. "
        "Colleagues then see where an idea worked."
    )
    change = Button("Change it", Action(Act.PROFILE), primary=not profile.place)
    keeps, outside = standing(profile)
    kept = " ".join(filter(None, (outside, licences.told(profile.licence))))
    if subscription is None:
        comes = "You get none. It would bring you what others have shared, once a week."
        own: tuple[Button, ...] = (Button("Subscribe", Action(Act.SUBSCRIBE)),)
    else:
        comes = f"It comes in {DIRECT} every {weekly(subscription.weekly)}, in your time zone."
        own = (
            Button("Change", Action(Act.SUBSCRIBE)),
            Button("Stop these", Action(Act.UNSUBSCRIBE)),
        )
    return (
        Header("About me"),
        Paragraph((Run("Profile. ", bold=True), Run(beside_ideas)), change),
        Paragraph((Run("A digest of your own. ", bold=True), Run(comes))),
        Actions(own),
        Paragraph((Run("What I keep. ", bold=True), *runs(keeps))),
        Paragraph((Run("What people outside see. ", bold=True), *runs(kept))),
        Paragraph(
            (
                Run("Your data. ", bold=True),
                Run("Have all of it sent to you, or have it erased; I ask twice before I do."),
            )
        ),
        Actions(
            (
                Button("Send me my data", Action(Act.MY_DATA)),
                Button("Forget me…", Action(Act.FORGET, text=own_data.ASK), danger=True),
            )
        ),
    )
