"""A workspace's export, as Slack packs it: members, channels, and a file for each day of a channel.

The archive is read where it lies, a day at a time. Messages are read by the rules of live ones.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from zipfile import ZipFile

from bot.core.errors import UnreadableFileError
from bot.core.intake.credits import sender_of
from bot.core.model.imports import Arrival, BadRow, Destination, Gone, Item, Reached
from bot.core.model.people import Author, Person, Workspace
from bot.core.model.posts import Place, Post
from handlers.archives import whole
from handlers.shapes import OddShapeError, dicts, items, string, text
from handlers.slack.payloads import to_entry, to_person

MOST_OF_A_DAY: Final = 64 << 20
"""Bytes of one day of a channel, unpacked."""

MOST_OF_A_LIST: Final = 256 << 20
"""Bytes of the list of members, or of channels, unpacked."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_MEMBERS: Final = ("users.json", "org_users.json")
_CHANNELS: Final = {"channels.json": False, "groups.json": True}
"""The lists of channels, and whether those of each are private."""

_TOKEN: Final = re.compile(rb"[?&]t=xox[a-z]-[^\"\\&\s<>|]*")
"""What lets anybody open a file whose address an export holds."""

_FIRST_YEAR: Final = 2010
_NAMES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class _Channel:
    id: str
    name: str
    private: bool


def is_export(archive: ZipFile) -> bool:
    """Whether an archive is a workspace's export."""
    return _folder(archive) is not None


def from_export(archive: ZipFile, into: Destination, home: Workspace) -> Iterator[Item]:
    """Read the messages of the channel that is wanted, the oldest day first.

    Those of the very channel that they come into keep their place in it; those of another one are
    known by where they stood.

    Args:
        home: the workspace that they come into, and who the bot is there.

    Raises:
        UnreadableFileError: the archive is no export, or damaged, or lacks that channel.
    """
    folder = _folder(archive)
    if folder is None:
        raise UnreadableFileError("The archive is no export of a Slack workspace.")
    channels = list(_channels(archive, folder))
    named = [one for one in channels if into.is_from(one.id, one.name)]
    wanted = named or [one for one in channels if one.id == into.channel]
    if not wanted:
        names = sorted(one.name for one in channels)
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
        raise UnreadableFileError(
            f"The export has no channel {into.source!r}. It has {shown or 'none'}: name the one "
            "that you want with --from."
        )
    people, teams = _people(archive, folder, home)
    called = {id_: one.name for id_, one in people.items()}
    called.update((one.id, one.name) for one in channels)
    reader = _Reader(into, home, wanted[0], people, called, known=home.id in teams)
    days = sorted(_days(archive, folder, wanted[0]))
    for number, day in enumerate(days, start=1):
        yield from reader.day(archive, day)
        yield Reached(number / len(days))


# -- what is in the archive -------------------------------------------------------------------


def _folder(archive: ZipFile) -> str | None:
    """The folder in which the lists lie, with its slash; None: there are none."""
    found = [
        name.removesuffix(ending)
        for name in archive.namelist()
        for ending in _CHANNELS
        if name == ending or name.endswith(f"/{ending}")
    ]
    found = [one for one in found if any(f"{one}{name}" in archive.NameToInfo for name in _MEMBERS)]
    return min(found, key=len) if found else None


def _list(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    """The objects of a list; none where there is no such file."""
    if name not in archive.NameToInfo:
        return []
    try:
        return dicts(json.loads(whole(archive, name, most=MOST_OF_A_LIST)))
    except (ValueError, RecursionError):
        raise UnreadableFileError(f"{name} is broken, so nothing of the export came in.") from None


def _channels(archive: ZipFile, folder: str) -> Iterator[_Channel]:
    for name, private in _CHANNELS.items():
        for one in _list(archive, f"{folder}{name}"):
            id_, called = string(one.get("id")), string(one.get("name"))
            if id_ and called:
                yield _Channel(id_, called, private)


def _people(
    archive: ZipFile, folder: str, home: Workspace
) -> tuple[Mapping[str, Person], frozenset[str]]:
    """Members by id, and the workspaces that they are of."""
    people: dict[str, Person] = {}
    teams: set[str] = set()
    for name in _MEMBERS:
        for one in _list(archive, f"{folder}{name}"):
            try:
                person = to_person(one, home.id)
            except OddShapeError:
                continue
            people[person.id] = person
            teams.add(text(one, "team_id"))
            teams.update(map(string, items(one.get("teams"))))
    return people, frozenset(teams)


def _days(archive: ZipFile, folder: str, channel: _Channel) -> Iterator[str]:
    """The files of a channel's days; its folder is called by its name, or by its id."""
    folders = {f"{folder}{channel.name}/", f"{folder}{channel.id}/"}
    for name in archive.namelist():
        path, _, file = name.rpartition("/")
        if f"{path}/" in folders and _DAY.fullmatch(file):
            yield name


# -- messages ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the messages of one channel.

    *known*: the export is of the workspace that they come into, so that its members are ours.
    """

    into: Destination
    home: Workspace
    channel: _Channel
    people: Mapping[str, Person]
    names: Mapping[str, str]
    known: bool

    def day(self, archive: ZipFile, name: str) -> Iterator[Item]:
        """What one day's file holds; one that is broken keeps no other out."""
        try:
            data = _TOKEN.sub(b"", whole(archive, name, most=MOST_OF_A_DAY))
            messages = json.loads(data)
        except UnreadableFileError as error:
            yield BadRow(name, str(error))
            return
        except (ValueError, RecursionError):
            yield BadRow(name, "the day is broken, and was left out")
            return
        if not isinstance(messages, list):
            yield BadRow(name, "the day is no list of messages, and was left out")
            return
        for number, message in enumerate(messages, start=1):
            where = f"{name}, message {number}"
            try:
                found = list(self._message(where, message))
            except (TypeError, ValueError, OverflowError):
                found = [BadRow(where, "it is no message of Slack's")]
            yield from found

    @property
    def _here(self) -> bool:
        return self.channel.id == self.into.channel

    def _message(self, where: str, message: object) -> Iterator[Item]:
        """What a message is for us, if anything; raises `ValueError` and the like for odd ones."""
        if not isinstance(message, dict):
            raise OddShapeError(where)
        entry = to_entry(message, self.into.channel, self.home)
        if entry is None or entry.posted_at.year < _FIRST_YEAR:
            raise OddShapeError(where)
        if entry.gone:
            if self._here:
                yield Gone(entry.place)
            return
        if entry.post is None:
            return
        post, author = self._whose(entry.post, message)
        reactions = tuple(one for one in entry.reactions if not self._is_bot(one[1]))
        post = replace(post, reactions=reactions, private=self.channel.private)
        if self._here:
            link = _link(self.home.url, entry.place, post.thread)
            yield Arrival(where=where, post=post, author=author, names=self.names, permalink=link)
            return
        replies = [text(one, "user") for one in dicts(message.get("replies"))]
        yield Arrival(
            where=where,
            key=f"slack:{self.channel.id}:{entry.place.ts}",
            post=replace(post, place=replace(entry.place, ts="")),
            author=author if self.known else replace(author, id=""),
            names=self.names,
            replies=len([one for one in replies if not self._is_bot(one)]) or entry.replies,
        )

    def _is_bot(self, member: str) -> bool:
        return member in self.people and self.people[member].is_bot

    def _whose(self, post: Post, message: Mapping[str, Any]) -> tuple[Post, Author]:
        """A post with its author, of an app's post whoever's words it holds."""
        if self._is_bot(post.author_id):
            post = replace(post, by_app=True)
        if post.by_app:
            found = (post.author_id, sender_of(post.body))
            people = [one for one in found if one in self.people and not self._is_bot(one)]
            post = replace(post, author_id=people[0] if people else "")
        known = self.people.get(post.author_id)
        if known is not None:
            return post, Author(
                id=known.id, name=known.name, real_name=known.real_name, title=known.title
            )
        # Somebody of another workspace: the message tells what they were called.
        shown = text(message, "user_profile", "display_name")
        real = text(message, "user_profile", "real_name")
        return post, Author(id=post.author_id, name=shown or real, real_name=real)


def _link(url: str, place: Place, thread: str | None) -> str:
    """The address of a message, as Slack makes it; empty where the workspace's is not known."""
    if not url:
        return ""
    link = f"{url.rstrip('/')}/archives/{place.channel}/p{place.ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={place.channel}" if thread else link
