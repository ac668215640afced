"""What people ask of the bot in Teams, through its door: words, and what is pressed in answers."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.core.desk.command_table import TABLE, Verb
from tests.teams.desks import Office, words
from tests.teams.model import Channel, Item, Person, Whisper

Way = Callable[[Office, Person, Channel, str], Awaitable[Item | Whisper]]

ELSEWHERE = "Please ask me that in a channel that I am in"


async def mentioned(office: Office, who: Person, room: Channel, asked: str) -> Item | Whisper:
    await office.teams.act.mention(who, room, asked)
    return office.teams.whispers(who)[-1]


async def slashed(office: Office, who: Person, room: Channel, asked: str) -> Item | Whisper:
    await office.teams.act.whisper(who, room, f"/{asked}")
    return office.teams.whispers(who)[-1]


async def alone(office: Office, who: Person, _room: Channel, asked: str) -> Item | Whisper:
    await office.teams.act.ask(who, asked)
    return list(office.teams.chat(who).items.values())[-1]


ASKED = {
    Verb.HELP: ("help", "What"),
    Verb.LIST: ("list component:LIT", "Ideas about Inspires"),
    Verb.SEARCH: ("search reading", "Ideas with the words"),
    Verb.SHOW: ("show 1", "#1 Rosa Alvarez on"),
    Verb.MINE: ("mine", "Ideas by Rosa Alvarez"),
    Verb.RANDOM: ("random", "#1 Rosa Alvarez on"),
    Verb.EXPORT: ("export", "I am making"),
    Verb.REMOVE: ("remove 1", "Withdraw #1"),
    Verb.ME: ("me", "About me"),
    Verb.DIGEST: ("digest", "This is how the digest"),
    Verb.PROMPT: ("prompt", "This is the next question"),
    Verb.PROMPT_WHY: ("prompt why", "Mon Nov 30"),
    Verb.PROMPT_ADD: ("prompt add What do your helpers teach?", "Kept as question 1"),
    Verb.PROMPT_LIST: ("prompt list all", "Questions 1-10 of"),
    Verb.PROMPT_EDIT: ("prompt edit poetry-month Where do poems turn up?", "The question"),
    Verb.PROMPT_REMOVE: ("prompt remove 1", "This channel has no question 1"),
    Verb.PROMPT_SKIP: ("prompt skip", "I will not ask"),
    Verb.PROMPT_PIN: ("prompt pin poetry-month", "poetry-month "),
    Verb.PROMPT_ANSWERS: ("prompt answers", "No question was asked"),
    Verb.SETTINGS: ("settings", "Settings"),
}
"""What is typed for each command, and how its answer begins."""

OF_CHANNELS = {verb for verb in Verb if verb.startswith(("digest", "prompt", "settings"))}


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
@pytest.mark.parametrize("way", [mentioned, slashed, alone])
async def test_every_command_is_answered(
    office: Office, rosa: Person, room: Channel, way: Way, entry: Any
) -> None:
    """Whoever names the bot, uses a slash command or writes to it alone is answered alone."""
    await office.idea(rosa, room)
    typed, begins = ASKED[entry.verb]
    shown = await way(office, rosa, room, typed)
    expected = ELSEWHERE if way is alone and entry.verb in OF_CHANNELS else begins
    assert expected == words(shown)[: len(expected)]
    assert "answered" == office.words[-1]
    assert [] == [one for one in room.items.values() if one.author is None]
