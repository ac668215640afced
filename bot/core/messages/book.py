"""A channel's book, part by part, and what its coordinators are told of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.core.messages.common import author_line, channel_name, said, words_of
from bot.core.model.actions import Act, Action
from bot.core.model.books import Section
from bot.core.model.ideas import Idea
from bot.core.model.parts import Actions, Button, Header, Message, Paragraph, Run
from bot.core.model.people import Channel
from bot.core.model.vocabulary import PAGE

OTHERS: Final = "Other ideas"
"""Above ideas that are about no part of the framework."""
_EXCERPT: Final = 160


def parts_of(
    channel: Channel, chapters: Sequence[tuple[str, int, Sequence[Idea]]], mark: str
) -> tuple[Section, ...]:
    """The whole book; *mark* stands in each of its parts, so that each is found again.

    Args:
        chapters: the name of each part of the framework that has ideas, how many there are, and
            the newest.
    """
    title = f"Ideas of {channel_name(channel.name, 'our librarians')} {mark}"
    about = (
        "Commonplace writes this after each digest, and writes over what is changed in it: write "
        f"above or below it. It finds its place by marks like this one: {mark}"
    )
    found = (_chapter(*chapter, mark) for chapter in chapters)
    return (Header(title), Paragraph((Run(about, italic=True),)), *found)


def _chapter(name: str, total: int, ideas: Sequence[Idea], mark: str) -> Paragraph:
    more = f" (the newest of {total:,})" if total > len(ideas) else ""
    lines = (run for idea in ideas for run in _line(idea))
    return Paragraph((Run(name, bold=True), Run(more), *lines, Run(f" {mark}")))


def _line(idea: Idea) -> Iterator[Run]:
    yield Run("\n")
    yield Run(f"#{idea.number}", url=idea.permalink)
    yield Run(f" {author_line(idea.author)}: {words_of(idea, _EXCERPT)}")


def _told(channel: Channel, words: str) -> Message:
    button = Button("Settings for this channel", Action(Act.SETTINGS, channel=channel.id))
    return said(words, Actions((button,)))


def lost(channel: Channel) -> Message:
    """Told once to who coordinates a channel whose book is not found on its page any more."""
    return _told(
        channel,
        f"I do not find my part of the {PAGE} of {channel_name(channel.name)} as I wrote it: "
        "somebody took it out, or copied it. I changed nothing there, and wrote nothing twice. "
        "Should I write it anew? Take out what is left of it, then switch the book off and on "
        "again under More settings. If not, switch it off.",
    )


def refused(channel: Channel, why: str) -> Message:
    """Told once to who coordinates a channel in which no book can be written, or taken out."""
    if not channel.book:
        return _told(
            channel,
            f"The book of {channel_name(channel.name)} is off, but I could not take out what "
            f"stands on the {PAGE}: {why} I try again after the next digest; you can also take it "
            "out there yourselves. I will not write to you about this again.",
        )
    return _told(
        channel,
        f"I could not write the book of {channel_name(channel.name)}: {why} All ideas are kept, "
        "and everything else goes on. I try again after the next digest; you can also switch the "
        "book off under More settings. I will not write to you about this again.",
    )
