"""What is said of shares: what stands open, the form for one, and what members may choose."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final

from bot.core.messages import licences
from bot.core.messages.bylines import NOBODY
from bot.core.messages.common import channel_name, count, radio, runs, said
from bot.core.messages.hours import day
from bot.core.model.actions import Act, Action
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.parts import (
    Actions,
    Button,
    Confirm,
    DayField,
    Field,
    Form,
    Header,
    Message,
    Note,
    Paragraph,
    Run,
    TextField,
    Words,
)
from bot.core.model.people import Channel, Shown
from bot.core.model.shares import USUAL_DAYS, Share, ShareKind
from bot.core.model.vocabulary import command

PAGES: Final = {ShareKind.BOARD: "the board", ShareKind.REPORT: "the administrator’s page"}
_NOBODY_TRACKED = "I count how often a share is opened, and keep nothing of who opens it."


def listed(week: ChannelWeek, shares: Sequence[tuple[Share, str]]) -> Message:
    """What is shared of a channel and what each shows, with a button to revoke it."""
    name = channel_name(week.channel.name, "this channel")
    share = Button("Share a page", Action(Act.BOARD, channel=week.channel.id), primary=True)
    if not shares:
        return said(
            f"Nothing of {name} is shared. A share is a page that people outside can open, for as "
            "long as you say: a board of the channel’s ideas, or the administrator’s page.",
            Actions((share,)),
        )
    rows = (
        Paragraph((Run(f"Share {one.number}: {told(one, shows, week.zone)}"),), revoke_button(one))
        for one, shows in shares
    )
    note = Note(runs(f"{_NOBODY_TRACKED} An address is shown only once, when it is made."))
    return Message.of(Header(f"Shared of {name}"), *rows, note, Actions((share,)))


def told(share: Share, shows: str, zone: tzinfo) -> str:
    """A share on one line. *shows*: which ideas, as `filters_words`; empty: all of them."""
    pieces = (
        until(share, zone),
        f"ideas {shows}" if shows else "",
        f"on pages of {', '.join(share.sites)}" if share.sites else "",
        "search engines may list it" if share.public else "",
        "with downloads" if share.downloads else "",
        f"opened {count(share.opened, 'time')}",
    )
    return ", ".join(filter(None, pieces))


def until(share: Share, zone: tzinfo) -> str:
    """What is shared, and until when; also from when, where it was not from the first moment."""
    last = (share.ends_at - timedelta(seconds=1)).astimezone(zone)
    later = share.starts_at > share.made_at
    since = f"from {day(share.starts_at.astimezone(zone))} " if later else ""
    return f"{PAGES[share.kind]}, {since}until {day(last)}"


def revoke_button(share: Share) -> Button:
    """The button that revokes a share, after a question."""
    return Button(
        f"Revoke share {share.number}",
        Action(Act.UNSHARE, number=share.number),
        danger=True,
        confirm=Confirm(
            "Revoke it?",
            f"Nobody can open share {share.number} any more, from this moment on.",
            "Revoke",
            "Keep it",
        ),
    )


def form(channel: Channel) -> Form:
    """The form for a share of a channel."""
    name = channel_name(channel.name, "this channel")
    fields: tuple[Field, ...] = (
        Words(
            f"Everybody who has the address can read the ideas of {name} there, without an "
            f"account. Authors are shown as each of them chose; without a choice, as “{NOBODY}”. "
            "I ask them when the first share is made."
        ),
        radio(
            "kind",
            "What to share",
            (ShareKind.BOARD, "A board: every idea, to search and to browse"),
            (ShareKind.REPORT, "The administrator’s page: one page of numbers and stories"),
            value=ShareKind.BOARD,
        ),
        DayField("first", "From which day", hint="Leave it empty to begin now."),
        TextField("days", "For how many days", value=str(USUAL_DAYS), limit=3),
        TextField(
            "shows",
            "Which ideas",
            hint="For example #mentoring since:2026-09-01. Leave it empty for all of them.",
            limit=300,
        ),
        TextField(
            "sites",
            "Sites that may show it in a page of theirs, one on each line",
            hint="For example https://blog.example.org. Leave it empty for none.",
            lines=True,
            limit=2000,
        ),
        radio(
            "public",
            "May search engines list it?",
            ("no", "No: only who has the address finds it"),
            ("yes", "Yes"),
            value="no",
        ),
        radio(
            "downloads",
            "May readers of the board take its ideas away as files?",
            ("no", "No"),
            ("yes", "Yes, with names as on the page"),
            value="no",
        ),
    )
    if channel.private:
        fields = (
            *fields,
            radio(
                "private",
                "Only its members can read this channel. Share it all the same?",
                ("no", "No"),
                ("yes", "Yes, they know of it"),
                value="no",
            ),
        )
    about = Action(Act.BOARD, channel=channel.id)
    return Form("Share a page", "Share", fields, about=about)


def made(week: ChannelWeek, share: Share, address: str) -> Message:
    """Told after a share was made: its address, which is not shown again."""
    return said(
        f"Share {share.number} is open: {until(share, week.zone)}. Here is its address. I keep no "
        f"copy, so keep it yourself: `{address}`",
        Paragraph((Run("Open the page", url=address),)),
        Note(runs(f"{_NOBODY_TRACKED} `{command('board')}` shows your shares and revokes them.")),
    )


def revoked(share: Share) -> Message:
    """Told after a share was revoked."""
    return said(f"Share {share.number} is revoked. Nobody can open it any more.")


# -- what members may choose ------------------------------------------------------------------


def ask_shown(channel: Channel) -> Message:
    """Asked once, in a direct message, when a channel with an idea of theirs is first shared."""
    where = f"of {channel_name(channel.name, 'a channel')} " if not channel.private else ""
    return said(
        f"The ideas {where}can now be seen on a page that people outside can open, and some of "
        "them are yours, or thank you. Your name is yours to give. What may the page show with "
        f"them? Until you choose, it says “{NOBODY}”.",
        name_buttons(),
        *licences.question(),
        Note(runs(f"I ask this once. You can change it at any time with `{command('me')}`.")),
    )


def name_buttons() -> Actions:
    """What such pages may show of whoever presses one."""
    choices = (
        (Shown.NAME, "My name and school"),
        (Shown.SCHOOL, "My school"),
        (Shown.NOBODY, "Neither"),
    )
    return Actions(tuple(Button(words, Action(Act.SHOWN, text=one)) for one, words in choices))
