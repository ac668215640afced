"""Sample members and four weeks of sample ideas, all marked as samples."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from bot.sandbox.channels import join
from bot.sandbox.messages import Messages
from bot.sandbox.model import Channel, Message
from bot.sandbox.payloads import ZONE
from bot.sandbox.workspace import Workspace

NAME: Final = "Prairie Lakes School Libraries (sample)"
_PEOPLE: Final = (
    ("rosa", "Rosa Alvarez", "Librarian, Cedar Grove Middle School", "a4472f"),
    ("ben", "Ben Whitaker", "Librarian, Northside Elementary", "2f6b4f"),
    ("mei", "Mei Tanaka", "Librarian, Lakeview High School", "5a4a9c"),
    ("joan", "Joan Halvorsen", "Library coordinator, Prairie Lakes", "1f5f8b"),
)
_CHANNELS: Final = (
    ("library-leadership", "What we lead beyond the library, one idea at a time", False, "jrbm"),
    ("reading", "Books, readers, and what brings them together", False, "jrbm"),
    ("budget-talk", "Money matters, for those who plan them", True, "jm"),
)


@dataclass(frozen=True, slots=True)
class SamplePost:
    """A sample post.

    Attributes:
        days: How many days ago.
        at: Time of day in the workspace's zone.
        who: First letter of the author's handle.
        room: Number of the channel.
        replies: Author and text, half an hour apart.
        reactions: Authors (letters) by emoji.
    """

    days: int
    at: time
    who: str
    text: str
    room: int = 0
    replies: tuple[tuple[str, str], ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()


_POSTS: Final = (
    SamplePost(
        27,
        time(8, 12),
        "r",
        "I asked our grade 7 science teacher for twenty minutes and a calendar. We planned the "
        "ecosystems unit together: she teaches the content, I co-teach the two research days, and "
        "we grade the sources side by side. #coteaching",
        replies=(
            ("b", "How did you open that conversation? I never know how to start."),
            (
                "r",
                "I brought one idea for *her* unit instead of a list of what the library offers.",
            ),
        ),
        reactions=(("raised_hands", "bm"), ("heart", "j")),
    ),
    SamplePost(
        26,
        time(14, 40),
        "m",
        "Got a seat on the school improvement committee by offering to keep the minutes. Third "
        "meeting, and the principal now asks what the library can carry for each goal.",
        reactions=(("clap", "rbj"),),
    ),
    SamplePost(
        23,
        time(9, 5),
        "b",
        "Every class has a book tasting before holidays: five tables, five genres, two minutes "
        "each. Readers leave with three titles on a slip, and checkouts went up for weeks. "
        "#readingculture",
        room=1,
        replies=(("r", "Borrowing this for grade 6, thank you!"),),
        reactions=(("books", "rm"),),
    ),
    SamplePost(21, time(7, 55), "j", "Good morning everyone, coffee is on me today!"),
    SamplePost(
        20,
        time(10, 30),
        "r",
        "Students made two-minute podcasts about a local history question instead of a report. The "
        "makerspace closet is now a recording booth with blankets on the wall.",
        reactions=(("studio_microphone", "m"),),
    ),
    SamplePost(
        19,
        time(15, 20),
        "m",
        "The furniture on wheels paid off: we reset the room for debates in four minutes. Moving "
        "the shelves to the walls gave us a teaching space and a reading garden with cushions.",
        replies=(("b", "What did you do about the heavy reference shelves?"),),
    ),
    SamplePost(
        16,
        time(11, 15),
        "b",
        "Joint card drive with the public library at family night: 64 new cards, and their "
        "children's librarian now visits us every month. #community",
        reactions=(("tada", "rmj"),),
    ),
    SamplePost(
        14,
        time(13, 10),
        "r",
        "Our lunch workshop for teachers is fifteen minutes, one tool, sandwiches. Nine came to "
        "the first, nineteen to the third. Short professional learning works. #mentoring",
        replies=(("m", "Which tool drew the crowd?"), ("r", "Captions on videos. By far.")),
        reactions=(("bulb", "m"),),
    ),
    SamplePost(
        13,
        time(9, 45),
        "m",
        "Before we adopt an app I now send the vendor three questions about student data: what is "
        "kept, who sees it, how it is deleted. Two vendors changed their answer to us. #privacy",
        reactions=(("lock", "rj"),),
    ),
    SamplePost(
        12,
        time(16, 5),
        "m",
        "An equity audit of our collection spending showed that two grades got half of what the "
        "others did. The chart went into my budget request, and it was approved in full.",
        room=2,
        reactions=(("moneybag", "j"),),
    ),
    SamplePost(
        9,
        time(8, 30),
        "b",
        "Twelve hotspots and a one-page guide in three languages: families without internet at "
        "home can now borrow a connection for the weekend, like a book. #access",
        reactions=(("heart", "rmj"),),
    ),
    SamplePost(8, time(12, 2), "b", "Thanks Mei!"),
    SamplePost(
        6,
        time(14, 15),
        "m",
        "Swapped the old link list for a shared page that the history department keeps up itself: "
        "ten open databases, each with a line on why. I only check it once a term. "
        "<https://example.org/history-sources>",
        replies=(("r", "Ten is the right number. Ours had eighty and nobody looked."),),
    ),
    SamplePost(
        5,
        time(10, 50),
        "r",
        "Picture books in grade 8 math: a class read one on infinity before the first lesson on "
        "limits. The teacher asked for two more, so we now plan one per unit.",
        room=1,
        reactions=(("bulb", "b"),),
    ),
    SamplePost(
        3,
        time(9, 20),
        "j",
        "I invited a school board member to spend one hour in a library, with a class at work. She "
        "stayed for two, and put library staffing on the next agenda. #advocacy",
        reactions=(("clap", "rbm"), ("fire", "m")),
    ),
    SamplePost(
        2,
        time(15, 35),
        "b",
        "How do you keep the library open for readers during testing weeks?",
    ),
    SamplePost(
        1,
        time(11, 40),
        "b",
        "Kindergarten story time in Spanish and Somali, read by parents. I only move the chairs. "
        "Forty families came, and many took their first library card home.",
        room=1,
        replies=(("j", "May I bring the superintendent next time?"),),
        reactions=(("heart", "rm"),),
    ),
)


def populate(workspace: Workspace, bot: str, now: datetime) -> None:
    """Fill an empty workspace with what happened before ``now``."""
    start = _moment(now, 29, time(7, 30))
    people = {
        handle[0]: workspace.add_member(
            handle,
            now=start,
            display_name=f"{name} (sample)",
            real_name=f"{name} (sample)",
            title=title,
            color=color,
            is_admin=handle == "joan",
        ).id
        for handle, name, title, color in _PEOPLE
    }
    channels = []
    for name, topic, private, who in _CHANNELS:
        members = [people[letter] for letter in who]
        room = workspace.add_channel(name, members, now=start, private=private)
        room.topic = topic
        join(workspace, bot, room.id, now=start, inviter=people["j"])
        channels.append(room)
    for each in people.values():
        workspace.open_im(each, bot, now=start)
    _speak(workspace, people, channels, now)


def _speak(
    workspace: Workspace, people: dict[str, str], channels: list[Channel], now: datetime
) -> None:
    """Post everything in the order of time, so that stamps rise as they do in Slack."""
    acts: list[tuple[datetime, int, Callable[[Messages], object]]] = []
    posted: dict[int, Message] = {}

    def post(number: int, sample: SamplePost) -> Callable[[Messages], object]:
        def act(messages: Messages) -> None:
            room = channels[sample.room].id
            posted[number] = messages.post(people[sample.who], room, sample.text)

        return act

    def reply(number: int, who: str, text: str) -> Callable[[Messages], object]:
        def act(messages: Messages) -> None:
            to = posted[number]
            messages.post(people[who], to.channel, text, thread_ts=to.ts)

        return act

    def react(number: int, who: str, name: str) -> Callable[[Messages], object]:
        return lambda messages: messages.react(
            people[who], posted[number].channel, posted[number].ts, name
        )

    for number, sample in enumerate(_POSTS):
        when = _moment(now, sample.days, sample.at)
        acts.append((when, len(acts), post(number, sample)))
        for place, (who, text) in enumerate(sample.replies, start=1):
            acts.append((when + timedelta(minutes=30 * place), len(acts), reply(number, who, text)))
        for place, (name, letters) in enumerate(sample.reactions, start=1):
            for letter in letters:
                late = when + timedelta(minutes=7 * place)
                acts.append((late, len(acts), react(number, letter, name)))
    for when, _, act in sorted(acts, key=lambda entry: entry[:2]):
        act(Messages(workspace, partial(min, when, now)))


def _moment(now: datetime, days: int, at: time) -> datetime:
    """Return the instant so many days ago, on a weekend that of the Friday before."""
    zone = ZoneInfo(ZONE)
    day = now.astimezone(zone).date() - timedelta(days=days)
    weekend = max(0, day.weekday() - 4)
    return datetime.combine(day - timedelta(days=weekend), at, zone)
