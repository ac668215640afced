"""What must stand in no log, no metric and on no page, while the program is on both platforms."""

import logging
from pathlib import Path

import aiohttp
import pytest

from tests.both.sides import Both
from tests.faults.wire import stumbling

SECRET = "Xylophone"
"""Stands in everything that people write, and in their names."""


async def test_no_token_and_no_word_of_anybody_is_written_down(
    both: Both, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In a busy hour with every kind of trouble, however much is logged."""
    caplog.set_level(logging.DEBUG)
    slack, teams = both.sides.slack, both.sides.teams
    tokens = [slack.slack.bot_token, slack.slack.signing_secret, teams.teams.secret]
    for side in both.sides:
        side.give_up()
        side.faults.crash(side.inside)
        side.faults.lose_answer(side.posting)
        who = side.person(f"{SECRET} Lee")
        await side.enter(who, side.room)
        post = await side.post(who, f"{SECRET}: we planned a unit and taught it together")
        await side.reply(side.ben, post, f"{SECRET} too")
        await side.edit(post, f"{SECRET} edited: we planned a unit and taught it together")
        with stumbling(database):
            await side.post(who, f"{SECRET} stone: we planned a unit and taught it together")
            await side.settled()
        for line in (f"search {SECRET}", f"frobnicate {SECRET}", f"list @{SECRET}", "show 1"):
            await side.ask(who, line)
        await side.ask_alone(who, f"search {SECRET}")
        await side.share(who, f"{SECRET} We read aloud in the gym every single week")
        await side.fill(who, "me", school=SECRET, keep="all")
        await side.delete(post)
    await teams.teams.act.message_action(
        teams.rosa, await teams.post(teams.ben, f"{SECRET} !"), "save_idea"
    )
    tokens += teams.teams.given
    teams.teams.revoke()
    forged = teams.teams.signer.token("https://elsewhere.example")
    await teams.teams.courier.raw(f'{{"text": "{SECRET}"}}'.encode(), f"Bearer {forged}")
    tokens.append(forged)
    tokens.append(teams.teams.signer.token(teams.teams.service_url))
    await teams.post(teams.rosa, f"{SECRET} again: we planned a unit and taught it together")
    await both.tick()
    pages = ""
    async with aiohttp.ClientSession() as session:
        for page in ("metrics", "readyz"):
            async with session.get(f"{both.bot.url}/{page}") as answer:
                pages += await answer.text()
    assert "not stored" in caplog.text
    assert "captured" in pages
    for hidden in (SECRET, *tokens):
        assert hidden not in pages
        assert hidden not in caplog.text
