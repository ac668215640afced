"""Ideas to make digests of; the people are samples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.model import Author, Idea, Kind, Source

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


def idea(
    number: int,
    author: str = "Rosa Alvarez",
    *,
    text: str = "We planned a unit on sources with the science team and taught it together.",
    components: tuple[str, ...] = ("PART",),
    school: str = "Prairie Elementary",
    kind: Kind = Kind.IDEA,
    prompt: str = "",
    hours: float | None = None,
    replies: int = 0,
    reactions: int = 0,
    permalink: str | None = None,
) -> Idea:
    """An idea; *hours* after Monday 15:00 UTC, by default its number."""
    return Idea(
        id=number + 1000,
        workspace="T1",
        number=number,
        channel="C1",
        channel_name="ideas",
        ts=f"17000000{number:02}.000100",
        posted_at=MONDAY + timedelta(hours=number if hours is None else hours),
        author=Author(id=f"U-{author}", name=author, school=school),
        text=text,
        kind=kind,
        source=Source.ANSWER if prompt else Source.POST,
        components=components,
        prompt=prompt,
        replies=replies,
        reactions=reactions,
        permalink=f"https://chat.example/archives/C1/p{number}" if permalink is None else permalink,
    )
