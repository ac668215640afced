"""What members do in Teams, and what is kept of it: the whole program, over real HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import SettingsError
from bot.exporting import known_channel
from bot.options import channel
from tests.conftest import Bot, eventually
from tests.people import GARDEN
from tests.teams.model import Channel, Person
from tests.teams.running import bot_in
from tests.teams.teams import Teams
from tests.teams.test_readings import caught_up

IDEA = f"<p>{GARDEN}</p>"
MONDAY = datetime(2026, 11, 30, 15, 1, tzinfo=UTC)
"""A minute past nine in Chicago."""
PLACE = "https://district.sharepoint.com/sites/librarians/"


@pytest.fixture
async def bot(teams: Teams, tmp_path: Path, clock: Clock) -> AsyncIterator[Bot]:
    """The bot, running in Teams alone."""
    async with bot_in(teams, tmp_path / "ideas.db", clock) as started:
        yield started


async def test_an_idea_is_kept_with_its_authors_name(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """And with the channel's, the team before it; the post has an address."""
    item = await teams.act.post(rosa, room, IDEA)
    await bot.quiet()
    (row,) = await bot.rows()
    assert ("Rosa Alvarez", rosa.aad, "Librarians \u203a Leadership", room.id, GARDEN) == (
        row["author"],
        row["author_id"],
        row["channel"],
        row["channel_id"],
        row["text"],
    )
    assert ("Microsoft Teams", item.id) == (row["workspace"], row["permalink"].split("/")[6][:13])


async def test_a_kept_idea_bears_the_mark(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """The bot's light bulb."""
    item = await teams.act.post(rosa, room, IDEA)
    await bot.quiet()
    assert ["1f4a1_lightbulb"] == [one.kind for one in item.reactions if one.person is None]


async def test_an_edit_changes_what_is_kept_and_a_deletion_takes_it_back(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """Restoring the post brings the idea back, under its number, and its replies count again."""
    item = await teams.act.post(rosa, room, IDEA)
    await teams.act.edit(item, f"<p>{GARDEN} Twice a week now.</p>")
    (row,) = await bot.rows()
    assert row["text"].endswith("Twice a week now.")
    await teams.act.delete(item)
    assert [] == await bot.rows()
    await teams.act.restore(item)
    (again,) = await bot.rows()
    assert (row["number"], row["text"]) == (again["number"], again["text"])
    reply = await teams.act.post(rosa, room, "<p>Who joins us?</p>", root=item)
    await teams.act.delete(reply)
    assert 0 == (await bot.rows())[0]["replies"]
    await teams.act.restore(reply)
    assert 1 == (await bot.rows())[0]["replies"]


async def test_a_message_that_was_restored_before_it_was_known_is_kept(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """The bot heard of its deletion alone."""
    teams.courier.deaf = True
    item = await teams.act.post(rosa, room, IDEA)
    teams.courier.deaf = False
    await teams.act.delete(item)
    await teams.act.restore(item)
    assert 1 == len(await bot.rows())


async def test_a_file_that_an_event_does_not_tell_of_is_looked_up(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """In channels Teams tells only that one is there: a post with few words is kept for it."""
    await teams.act.post(rosa, room, IDEA)
    await bot.quiet()
    await caught_up(bot)
    file = {"contentType": "reference", "contentUrl": f"{PLACE}plan.pdf", "name": "plan.pdf"}
    posted = await teams.act.post(
        rosa, room, '<p>Our plan</p><attachment id="1"></attachment>', attachments=[file]
    )
    assert 1 == len(await bot.rows())
    await bot.quiet()
    kept = (await bot.rows())[-1]
    assert (f"{PLACE}plan.pdf", "Our plan") == (kept["resources"], kept["text"])
    await teams.act.edit(posted, '<p>Our new plan</p><attachment id="1"></attachment>')
    await bot.quiet()
    kept = (await bot.rows())[-1]
    assert (f"{PLACE}plan.pdf", "Our new plan") == (kept["resources"], kept["text"])


async def test_where_nothing_is_kept_nothing_is_looked_up(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, room: Channel
) -> None:
    """In a channel that is not watched neither a file nor a restored post is."""
    async with bot_in(teams, tmp_path / "ideas.db", clock, commonplace_channels="elsewhere") as bot:
        item = await teams.act.post(rosa, room, IDEA)
        await bot.quiet()  # its name is known now
        await teams.act.delete(item)
        await teams.act.restore(item)
        await teams.act.post(rosa, room, '<p>See</p><attachment id="1"></attachment>')
        await bot.quiet()
        assert ([], []) == (await bot.rows(), teams.called("graph.message"))


async def test_a_file_of_a_post_that_is_gone_is_no_idea(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """It was deleted before it could be looked up."""
    teams.faults.refuse("graph.message", 404, "NotFound", times=None)
    await teams.act.post(rosa, room, '<p>See</p><attachment id="1"></attachment>')
    await bot.quiet()
    assert (1, []) == (len(teams.called("graph.message")), await bot.rows())


async def test_a_file_in_a_thread_is_looked_up_where_it_answers(
    teams: Teams, bot: Bot, clock: Clock, rosa: Person, room: Channel
) -> None:
    """Below the weekly question, with one request; elsewhere replies are only counted."""
    file = {"contentType": "reference", "contentUrl": f"{PLACE}plan.pdf", "name": "plan.pdf"}
    html = '<p>Our plan</p><attachment id="1"></attachment>'
    await teams.act.install(rosa, room.team, room)
    root = await teams.act.post(rosa, room, IDEA)
    await bot.quiet()
    await caught_up(bot)
    asked = len(room.items)
    clock.jump(MONDAY)

    async def posted() -> bool:
        await bot.parts.timetable.tick()
        return len(room.items) > asked

    await eventually(posted, "the question is asked")
    question = list(room.items.values())[-1]
    before = len(teams.called("graph.replies"))
    for one in (root, question):
        await teams.act.post(rosa, room, html, root=one, attachments=[file])
    await bot.quiet()
    assert 1 == len(teams.called("graph.replies")) - before
    (_, answer) = await bot.rows()
    assert ("answer", f"{PLACE}plan.pdf") == (answer["source"], answer["resources"])


async def test_what_is_from_somebody_whom_teams_does_not_tell_now_is_not_acknowledged(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """When it comes again, it is kept under their name."""
    teams.courier.deaf = True
    item = await teams.act.post(rosa, room, IDEA)
    teams.courier.deaf = False
    told = teams.act.activities.message(item, room)
    del told["from"]["aadObjectId"]
    away = teams.faults.crash("connector.member", status=503, times=None)
    assert 500 == (await teams.courier.send(told)).status
    away.clear()
    assert 200 == (await teams.courier.send(told)).status
    assert [rosa.aad] == [row["author_id"] for row in await bot.rows()]


async def test_what_is_not_stored_is_not_acknowledged(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """Then Teams sends it again, and a repeat is harmless."""
    for _ in range(2):
        item = await teams.act.post(rosa, room, IDEA)
        sent = teams.courier.sent[-1]
        assert 200 == sent.answered.status
        again = await teams.courier.send(sent.activity)
        assert 200 == again.status
        await teams.act.delete(item)
    assert [] == await bot.rows()


async def test_the_app_is_welcomed_where_it_was_added(
    teams: Teams, bot: Bot, rosa: Person, ben: Person
) -> None:
    """Once, and in no other channel of the team."""
    team = teams.add_team("Readers", [rosa, ben], bot=False)
    other = teams.add_channel(team, "Book clubs")
    await teams.act.install(rosa, team)

    async def welcomed() -> bool:
        return bool(team.channels[0].items)

    await eventually(welcomed, "the bot says hello")
    await bot.quiet()
    assert 1 == len(team.channels[0].items)
    assert {} == other.items
    parts = bot.parts
    known = await parts.store.channel(teams.tenant.id, team.channels[0].id)
    assert known is not None
    assert (rosa.aad, "Readers \u203a General", True) == (
        known.invited_by,
        known.name,
        known.member,
    )


async def test_a_renamed_channel_keeps_its_ideas(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """Under its new name; so does one of a renamed team."""
    await teams.act.post(rosa, room, IDEA)
    await teams.act.rename_channel(rosa, room, "Leading")
    await teams.act.rename_team(rosa, room.team, "School librarians")

    async def renamed() -> bool:
        known = await bot.parts.store.channel(teams.tenant.id, room.id)
        return known is not None and known.name == "School librarians \u203a Leading"

    await eventually(renamed, "the channel has its new name")


async def test_where_the_app_is_taken_out_it_is_no_member(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """What was kept there stays."""
    await teams.act.post(rosa, room, IDEA)
    await teams.act.uninstall(rosa, room.team)

    async def out() -> bool:
        known = await bot.parts.store.channel(teams.tenant.id, room.id)
        return known is not None and not known.member

    await eventually(out, "the bot is out")
    assert 1 == len(await bot.rows())


async def test_thirty_ideas_in_a_burst_have_their_addresses_at_once(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """An address needs nothing of Graph, whose minute has room for sixty calls."""
    for number in range(30):
        await teams.act.post(rosa, room, f"<p>{GARDEN} Part {number} of our story.</p>")
    await bot.quiet()
    assert 30 == len([row for row in await bot.rows() if row["permalink"]])


async def test_an_operator_names_a_channel_as_it_is_typed(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """With its team or, where no other channel is called so, without."""
    await teams.act.post(rosa, room, IDEA)
    await bot.quiet()
    for name in ("Librarians \u203a Leadership", "librarians > leadership", "Leadership", room.id):
        assert room.id == (await known_channel(bot.parts.store, channel(name))).id
    other = teams.add_channel(teams.add_team("Principals", [rosa]), "Leadership")
    await teams.act.post(rosa, other, IDEA)
    await bot.quiet()
    with pytest.raises(SettingsError, match="no channel 'Leadership' is known"):
        await known_channel(bot.parts.store, "Leadership")


async def test_a_list_names_a_channel_whose_name_holds_blanks(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """Between quotation marks, as the bot itself writes it."""
    await teams.act.post(rosa, room, IDEA)
    await bot.quiet()
    await teams.act.ask(rosa, 'list channel:"Librarians \u203a Leadership"')
    (answer,) = (one for one in teams.chat(rosa).items.values() if one.author is None)
    assert GARDEN in str(answer.card)
