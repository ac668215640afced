"""Who and where, and how far their history has been read."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.core.model.exports import Held
from bot.core.model.ideas import Idea, Visibility
from bot.core.model.people import Channel, ChannelInfo, Member, Person, Profile, Workspace
from bot.core.model.posts import Place, Reading


class People(Protocol):
    """The workspace, its channels and its members."""

    async def remember_workspace(self, workspace: Workspace) -> None:
        """Keep what the platform says of the workspace and of the bot in it."""

    async def workspaces(self) -> Sequence[Workspace]:
        """Return the workspaces that the bot was ever installed in, in the order of their ids."""

    async def saw_channel(
        self,
        workspace: str,
        channel: str,
        *,
        now: datetime,
        private: bool | None = None,
        invited_by: str | None = None,
        inviter_left: bool | None = None,
        member: bool = True,
        deleted: bool = False,
    ) -> Channel:
        """Note that the bot is (or, *member* False, no longer is) in a channel.

        With None it stays as it is known whether the channel is private, who invited the bot, and
        whether they left. A channel that was *deleted* stays so.
        """

    async def remember_channel(
        self, workspace: str, info: ChannelInfo, *, now: datetime
    ) -> Channel:
        """Keep what the platform says of a channel.

        One that is new and quiet gets no question until somebody chooses when. One that is not
        quiet any more gets it as everywhere, unless somebody has chosen otherwise.
        """

    async def set_refusing(
        self, workspace: str, channel: str, *, since: datetime | None
    ) -> datetime | None:
        """Store since when a known channel takes nothing that the bot posts; None: it does.

        Returns:
            The first such instant since the channel took something.
        """

    async def move_channel(self, workspace: str, old: str, new: str, *, now: datetime) -> bool:
        """Reassign all that is kept of channel *old* to *new*; False: *old* is not known.

        An idea that is kept under both ids keeps the earlier number. The channel remembers *old*.
        """

    async def channel(self, workspace: str, id_or_name: str) -> Channel | None:
        """Return the channel of this id or, failing that, name, with or without `#`.

        Of several with that name, one that is still in use comes first, then the latest.
        """

    async def channels(self, workspace: str) -> Sequence[Channel]:
        """Return every channel ever seen in the workspace, by name."""

    async def member(self, workspace: str, member_id: str) -> Member | None:
        """A member, as far as known; None: never seen."""

    async def remember_member(self, workspace: str, person: Person, *, now: datetime) -> None:
        """Keep what the platform says of a member; fill it into their ideas that lack a name."""

    async def set_profile(
        self, workspace: str, member_id: str, profile: Profile, *, earlier: bool = False
    ) -> int:
        """Keep what a member told about themselves; for their ideas from now on.

        Args:
            earlier: whether it is put on the ideas and trials that they shared before, too.

        Returns:
            On how many earlier ideas something else stood.
        """

    async def set_asked(self, workspace: str, member_id: str) -> None:
        """Note that a member was asked about themselves, or wants not to be."""

    async def earlier(self, workspace: str, member_id: str) -> int:
        """How many kept ideas of a member are under other terms than those that they chose."""

    async def license_earlier(self, workspace: str, member_id: str) -> int:
        """Put these ideas under the terms that their author chose; return how many changed."""

    async def called(self, workspace: str, who: str) -> Sequence[Member]:
        """Whoever has this id, or was ever known by this name.

        What stands in brackets in a name, such as pronouns, need not be typed.
        """

    async def authors(self, workspace: str, visibility: Visibility) -> Sequence[Member]:
        """Members with an idea in sight, by name; *workspace* empty: of all of them."""

    async def schools(self, workspace: str, visibility: Visibility) -> Sequence[str]:
        """Return the school of each idea in sight, as it is written, each once."""
        ...

    async def tags(self, workspace: str, visibility: Visibility) -> Sequence[str]:
        """Every tag of an idea in sight."""

    async def names(
        self, workspace: str, ids: Sequence[str], *, public: bool = False
    ) -> Mapping[str, str]:
        """Names by id, of members and channels, as far as known; *public*: of no private one."""

    async def set_components(
        self, workspace: str, number: int, components: Sequence[str], *, framework: str
    ) -> Idea | None:
        """Set an idea's components by hand: edits do not change them any more. None: not kept.

        *framework*: the version of the file that the codes are from.
        """

    async def set_names(self, idea_id: int, names: Mapping[str, str]) -> tuple[str, ...]:
        """Put names into an idea's text and credits where ids or handles stood.

        Returns:
            The ids that are still unnamed; a channel's begins with `#`, also in *names*.
        """


class OwnData(Protocol):
    """What is held about somebody, and its end."""

    def held_about(self, workspace: str, member_id: str) -> AbstractContextManager[Held]:
        """Everything that is held about a member, of one consistent snapshot.

        Runs in the caller's thread on a connection of its own, in constant memory.
        """
        ...

    async def holdings(self, workspace: str, member_id: str) -> Mapping[str, int]:
        """Return how many rows each section of `held_about` has that has any, by its title."""
        ...

    async def erase(
        self, workspace: str, member_id: str, *, keeps_nothing: bool, now: datetime
    ) -> bool:
        """Erase everything that is held about a member, for good.

        What they posted by then is refused for ever, whoever hands it in. The erasure is noted
        beside the database before it counts, so that neither a crash nor an older copy undoes it.

        Args:
            keeps_nothing: nothing is kept of what they post later, either, until they choose anew.

        Returns:
            Whether nothing is kept: also where they had chosen that before.

        Raises:
            StoreError: it could not be noted or stored; nothing was erased.
        """


class Readings(Protocol):
    """How far histories have been read, and what was missing in them."""

    async def reading(self, workspace: str, channel: str) -> Reading | None:
        """How far the latest reading of a channel's history has come; None: never read."""

    async def set_reading(self, workspace: str, reading: Reading) -> None:
        """Remember how far a reading has come, so that another run goes on from there."""

    async def set_reactions(
        self, place: Place, reactions: Sequence[tuple[str, str]], *, now: datetime
    ) -> None:
        """Take over the complete list of (emoji name, member id) on a message."""

    async def replies_of(self, place: Place) -> Sequence[str]:
        """Return the *ts* of the replies that are counted under a message, the latest last."""

    async def thread_of(self, reply: Place) -> str:
        """Return the *ts* of the message that a reply stands under; empty: it is known as none."""

    async def kept_between(
        self, workspace: str, channel: str, oldest: datetime, latest: datetime
    ) -> Sequence[Place]:
        """Return where the ideas posted from *oldest* to *latest*, both included, stand.

        Replies are not among them.
        """

    async def missed(self, place: Place, *, reading: datetime) -> datetime:
        """Store that a message was missing in the reading begun then.

        Returns:
            When the reading began in which the message was missing first.
        """

    async def found(self, places: Sequence[Place]) -> None:
        """Store that these messages are not missing, or not any more."""
