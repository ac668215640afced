"""The card of an idea, wherever one is shown: in short where there are several, or in full."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.core.messages.common import (
    author_line,
    author_name,
    channel_name,
    count,
    excerpt,
    gathered,
    numbered,
    place,
    words_of,
)
from bot.core.messages.hours import day
from bot.core.messages.profile import SCHOOLS
from bot.core.messages.trials import what_came
from bot.core.model.actions import Act, Action
from bot.core.model.cards import NO_FACTS, CardFacts
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, Kind, Trial
from bot.core.model.parts import Actions, Button, Menu, Note, Paragraph, Part, Picture, Quote, Run

MOST_TRIALS: Final = 10
MOST_OF_ONE: Final = 2_500
"""Characters of an idea that is shown in full."""
IN_SHORT: Final = 300
"""Characters of one of several."""
_MOST_RESOURCES: Final = 3
_MOST_WORDS: Final = 3
"""Of an idea that speak for its component."""


# -- what it says -----------------------------------------------------------------------------


def short(
    shown: Idea,
    framework: Framework,
    *,
    zone: ZoneInfo,
    asker: str = "",
    facts: CardFacts = NO_FACTS,
) -> tuple[Part, ...]:
    """One of several ideas, with the few buttons that are most used.

    Args:
        asker: id of whoever alone sees it; empty: everybody in the channel does.
    """
    small = [Run(text) for text in (gathered(shown), *_parts_of(shown, framework), _tags(shown))]
    if shown.permalink:
        small.append(Run("open in the channel", url=shown.permalink))
    return (
        _head(shown, zone, picture(shown)),
        Quote(_words(shown, IN_SHORT)),
        *_resources(shown, facts),
        *_tried_in_short(facts.trials),
        *_note([run for run in small if run.text]),
        to_do(shown, asker, saved=facts.saved),
    )


def whole(
    shown: Idea,
    framework: Framework,
    *,
    zone: ZoneInfo,
    facts: CardFacts = NO_FACTS,
) -> tuple[Part, ...]:
    """One idea in full, and what others made of it; its buttons are up to who shows it."""
    large = picture(shown)
    small = [Run(text) for text in (gathered(shown), _tags(shown)) if text]
    parts: list[Part] = [_head(shown, zone), Quote(_words(shown, MOST_OF_ONE))]
    parts += [large] if large else []
    parts += [*_resources(shown, facts), *_note(small)]
    if about := list(_about(shown, framework)):
        parts.append(Note((Run("About: " + "; ".join(about)),)))
    if facts.trials:
        parts.append(Paragraph((Run("Tried by colleagues", bold=True),)))
        parts += map(_told, facts.trials[:MOST_TRIALS])
    if (earlier := len(facts.trials) - MOST_TRIALS) > 0:
        parts.append(Note((Run(f"and {earlier:,} earlier"),)))
    return tuple(parts)


def picture(shown: Idea) -> Picture | None:
    """The first photo of an idea, for a platform that can draw it."""
    if not shown.photo.file:
        return None
    about = f": {excerpt(shown.photo.title, 200)}" if shown.photo.title else ""
    return Picture(
        shown.photo.file, f"Photo in #{shown.number} by {author_name(shown.author)}{about}"
    )


def _head(shown: Idea, zone: ZoneInfo, beside: Picture | None = None) -> Paragraph:
    """Who, when and where."""
    where = f" in {channel_name(shown.channel_name)}" if shown.channel_name else ""
    return Paragraph(
        (
            Run(f"{numbered(shown)} {author_line(shown.author)}", bold=True),
            Run(f" on {day(shown.posted_at.astimezone(zone))}{where}"),
        ),
        beside,
    )


def _words(shown: Idea, limit: int) -> str:
    return shown.text if 0 < len(shown.text) <= limit else words_of(shown, limit)


def _tags(shown: Idea) -> str:
    return " ".join(f"#{tag}" for tag in shown.tags)


def _note(runs: Sequence[Run]) -> tuple[Note, ...]:
    """Small print: what is given, with a sign between each two."""
    apart = [piece for run in runs for piece in (Run(" · "), run)][1:]
    return (Note(tuple(apart)),) if apart else ()


def _resources(shown: Idea, facts: CardFacts) -> tuple[Note, ...]:
    """A few links and files, by title and kind; what the card shows already is not told again."""
    wanted = [
        one
        for one in facts.resources
        if (not one.photo or one.photo != shown.photo.file)
        and (one.title or one.url not in shown.text)
    ]
    runs = [Run("With ")] if wanted else []
    for one in wanted[:_MOST_RESOURCES]:
        title = excerpt(one.title, 80) or urlsplit(one.url).hostname or one.url
        runs += [Run(title, url=one.url), Run(f" ({one.kind})"), Run(", ")]
    if (more := len(wanted) - _MOST_RESOURCES) > 0:
        runs += [Run(f"and {more:,} more"), Run("")]
    return (Note(tuple(runs[:-1])),) if runs else ()


def _parts_of(shown: Idea, framework: Framework) -> Iterator[str]:
    for code in shown.components:
        component = framework.component(code)
        yield component.short if component else code


def _about(shown: Idea, framework: Framework) -> Iterator[str]:
    """What kind it is of, what it is about and which words say so, whom it thanks."""
    if shown.kind is Kind.QUESTION:
        yield "a question"
    elif shown.kind is Kind.POST:
        yield "a post that may not be an idea, until a colleague answers or reacts to it"
    speaking = {one.code: one.words for one in framework.suggest(shown.text)}
    for code in shown.components:
        component = framework.component(code)
        name = component.name if component else code
        found = ", ".join(f"“{words}”" for words in speaking.get(code, ())[:_MOST_WORDS])
        yield f"{name} (it says {found})" if found else name
    if shown.author.grades:
        yield f"from {SCHOOLS[shown.author.grades]}"
    if shown.credits:
        yield "with thanks to " + ", ".join(shown.credits)
    if shown.prompt:
        yield f"answers the question “{excerpt(shown.prompt, 150)}”"
    if shown.author.licence:
        yield f"licence: {shown.author.licence}"


def _told(trial: Trial) -> Paragraph:
    """Who tried it, what came of it, and their sentence about it."""
    where = f", {place(trial)}" if place(trial) else ""
    words = f" “{trial.words}”" if trial.words else ""
    return Paragraph((Run(_name(trial), bold=True), Run(f"{where}: {what_came(trial)}{words}")))


def _tried_in_short(trials: Sequence[Trial]) -> Iterator[Note]:
    if trials:
        latest, more = trials[0], len(trials) - 1
        others = f" {count(more, 'other')} tried it, too." if more else ""
        yield Note((Run(f"{_name(latest)} has tried it: {what_came(latest)}{others}"),))


def _name(trial: Trial) -> str:
    return excerpt(trial.name, 60) or "Somebody"


# -- what can be done with it -----------------------------------------------------------------


def to_do(
    shown: Idea, asker: str = "", *, saved: bool = False, more: Sequence[Button] = ()
) -> Actions:
    """What can be done with one of several ideas.

    Args:
        asker: id of whoever alone sees it; empty: everybody in the channel does.
        saved: whether they have saved it.
        more: further buttons, for this idea alone.
    """
    whole_ = Button("Show in full", Action(Act.SHOW, number=shown.number))
    return Actions(
        (
            *most_used(shown, asker),
            _save(shown, saved),
            *more,
            Menu("More", (whole_, *_others(shown))),
        )
    )


def to_do_with_one(
    shown: Idea, asker: str, *, saved: bool = False, more: Sequence[Button] = ()
) -> Actions:
    """What can be done with the only idea that is shown; arguments as `to_do`."""
    link = Button("Open in the channel", Action(Act.LINK, number=shown.number), url=shown.permalink)
    opens = (link,) if shown.permalink and not asks(shown) else ()
    return Actions(
        (*most_used(shown, asker), _save(shown, saved), *opens, *more, Menu("More", _others(shown)))
    )


def asks(shown: Idea) -> bool:
    """Whether it is a question, or a post that becomes one: nobody tries those."""
    return shown.kind is Kind.QUESTION or shown.asks


def most_used(shown: Idea, asker: str = "") -> tuple[Button, ...]:
    """An idea is tried, but not by its author; a question is answered, where it stands."""
    if asks(shown):
        link = Action(Act.LINK, number=shown.number)
        return (Button("Answer", link, url=shown.permalink),) if shown.permalink else ()
    if asker and shown.author.id == asker:
        return ()
    return (Button("I tried this", Action(Act.TRIED, number=shown.number)),)


def _save(shown: Idea, saved: bool) -> Button:  # noqa: FBT001  (its name is what it says)
    if saved:
        return Button("Take off my list", Action(Act.SAVE, number=shown.number, back=True))
    return Button("Save", Action(Act.SAVE, number=shown.number))


def _others(shown: Idea) -> tuple[Button, ...]:
    return (
        Button("More like this", Action(Act.ALIKE, number=shown.number)),
        Button("Cite this idea", Action(Act.CITE, number=shown.number)),
    )
