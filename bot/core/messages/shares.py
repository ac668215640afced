"""What is said of shares: what stands open, the form for one, and what members may choose."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.messages.bylines import NOBODY
from bot.core.messages.common import channel_name, count, radio, runs, said
from bot.core.messages.hours import day
from bot.core.model.actions import Act, Action
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.parts import (
    Actions,
    Button,
    Confirm,
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
from bot.core.model.shares import USUAL_DAYS, Share
from bot.core.model.vocabulary import command

_NOBODY_TRACKED = "I count how often a share is opened, and keep nothing of who opens it."


def listed(week: ChannelWeek, shares: Sequence[Share]) -> Message:
    """What is shared of a channel, with a button to revoke each, and one to share it."""
    name = channel_name(week.channel.name, "this channel")
    share = Button("Share a board", Action(Act.BOARD, channel=week.channel.id), primary=True)
    if not shares:
        return said(
            f"Nothing of {name} is shared. A share is a page of its ideas that people outside can "
            "open, for as long as you say.",
            Actions((share,)),
        )
    rows = (Paragraph((Run(_row(week, one)),), _revoke(one)) for one in shares)
    note = Note(runs(f"{_NOBODY_TRACKED} An address is shown only once, when it is made."))
    return Message.of(Header(f"Shared of {name}"), *rows, note, Actions((share,)))


def _row(week: ChannelWeek, share: Share) -> str:
    sites = f", on pages of {', '.join(share.sites)}" if share.sites else ""
    return (
        f"Share {share.number}: {_until(week, share)}{sites}, opened {count(share.opened, 'time')}"
    )


def _until(week: ChannelWeek, share: Share) -> str:
    last = (share.ends_at - timedelta(seconds=1)).astimezone(week.zone)
    return f"the board, until {day(last)}"


def _revoke(share: Share) -> Button:
    return Button(
        "Revoke",
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
        TextField("days", "For how many days", value=str(USUAL_DAYS), limit=3),
        TextField(
            "sites",
            "Sites that may show it in a page of theirs, one on each line",
            hint="For example https://blog.example.org. Leave it empty for none.",
            lines=True,
            limit=2000,
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
    return Form("Share a board", "Share", fields, about=about)


def made(week: ChannelWeek, share: Share, address: str) -> Message:
    """Told after a share was made: its address, which is not shown again."""
    return said(
        f"Share {share.number} is open: {_until(week, share)}. Here is its address. I keep no "
        f"copy, so keep it yourself: {address}",
        Note(runs(f"{_NOBODY_TRACKED} `{command('board')}` shows your shares and revokes them.")),
    )


def revoked(share: Share) -> Message:
    """Told after a share was revoked."""
    return said(f"Share {share.number} is revoked. Nobody can open it any more.")


# -- what members may choose ------------------------------------------------------------------


def ask_shown(channel: Channel) -> Message:
    """Asked once, in a direct message, when a channel with an idea of theirs is first shared."""
    where = f"of {channel_name(channel.name, 'a channel')} " if not channel.private else ""
    choices = (
        (Shown.NAME, "My name and school"),
        (Shown.SCHOOL, "My school"),
        (Shown.NOBODY, "Neither"),
    )
    return said(
        f"The ideas {where}can now be seen on a page that people outside can open, and some of "
        "them are yours or thank you. Your name is yours to give. What may the page show with "
        f"them? Until you choose, it says “{NOBODY}”.",
        Actions(tuple(Button(words, Action(Act.SHOWN, text=one)) for one, words in choices)),
        Note(runs(f"I ask this once. You can change it at any time with `{command('me')}`.")),
    )
