"""Ideas to make digests of; the people are samples."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.model.digest import DigestExtras, TrialWithIdea
from bot.core.model.ideas import Idea, Kind, Photo, Source, Trial, TrialOutcome
from bot.core.model.people import Author
from bot.data.framework import load_framework

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)

NO_PHOTO = Photo()


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
    photo: Photo = NO_PHOTO,
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
        photo=photo,
        permalink=f"https://chat.example/archives/C1/p{number}" if permalink is None else permalink,
    )


NAMES = (
    ("Rosa Alvarez", "Prairie Elementary", "Northfield"),
    ("Ben Okafor", "Lincoln High", "Riverside"),
    ("Mei Tanaka", "Oak Hill Middle School", "Northfield"),
    ("Joan Petersen", "", ""),
    ("Samir Haddad", "Cedar Creek K-8", "Lakeshore"),
    ("Dolores Whitefeather", "Mesa Verde High", "Riverside"),
    ("Tomasz Nowak", "Franklin Elementary", "Lakeshore"),
    ("Aaliyah Brooks", "Harbor View School", "Harbor"),
)
"""Sample members: name, school, district."""

with (Path(__file__).parents[1] / "data" / "labelled_ideas.toml").open("rb") as _file:
    LABELLED = [
        row
        for row in tomllib.load(_file)["idea"]
        if row["labels"] and row["half"] == "tuning"  # the other half is not to be looked at
    ]
PARTNERS = [row for row in LABELLED if row["labels"][0] == "PART"]
QUESTIONS = (
    "Has anyone run a book club with eighth graders at lunch?",
    "Who has a checklist for apps that teachers want to try?",
    "What do you do with the print encyclopedias nobody opens?",
    "Does anybody schedule classes on a six-day rotation, and how do you keep room for projects?",
    "Which evidence did your principal ask for when you asked for an aide?",
)
PROMPT = "Which teacher did you plan with first this year, and how did you open the talk?"


def week(number: int) -> list[Idea]:
    """A week of so many ideas, each from the labelled texts, by ever more sample members."""
    return [_sample(n) for n in range(1, number + 1)]


def _sample(n: int) -> Idea:
    name, school, district = NAMES[n % len(NAMES)]
    if n > 20:
        name = f"{name.split()[0]} Sample {n // 3}"
    question, answer = n % 9 == 4, n % 6 == 2
    rows, place = (PARTNERS, n // 6) if answer else (LABELLED, n * 5)
    at = place % len(rows)
    alike = [row for row in rows[at:] + rows[:at] if row["labels"] == rows[at]["labels"]]
    text = alike[0]["text"] if n % 5 else " ".join(row["text"] for row in alike[:5])
    shown = idea(
        n,
        name,
        text=QUESTIONS[n // 9 % len(QUESTIONS)] if question else text,
        school=school,
        components=() if n % 11 == 9 else tuple(alike[0]["labels"][:1]),
        kind=Kind.QUESTION if question else Kind.IDEA,
        prompt=PROMPT if answer and not question else "",
        hours=n / 4,
        replies=n % 4,
        reactions=(n * 3) % 7,
    )
    return replace(shown, tried=int(n % 8 == 3), author=replace(shown.author, district=district))


def beside() -> DigestExtras:
    """Everything that a digest can say beside its ideas."""
    tried = replace(_sample(3), tried=1)
    trial = Trial(
        id=1,
        workspace="T1",
        idea_id=tried.id,
        member_id="U-Ben",
        name="Ben Okafor",
        school="Lincoln High",
        came=TrialOutcome.CHANGED,
        grades="Grades 9 to 12",
        setting="The library",
        words="We began with graphic novels, and two who never borrowed chose the titles.",
        tried_at=MONDAY,
    )
    question = idea(
        901,
        "Joan Petersen",
        school="",
        kind=Kind.QUESTION,
        text="How do you keep a genrefied fiction section in order with volunteers?",
    )
    earlier = replace(
        idea(77, "Samir Haddad", school="Cedar Creek K-8"),
        posted_at=MONDAY.replace(year=2025),
        text="Thank-you notes to co-teachers, with one line on what changed because of them.",
    )
    return DigestExtras(
        trials=(TrialWithIdea(trial, tried),),
        question=question,
        earlier=earlier,
        invitation=load_framework().component("INFRA"),
    )
