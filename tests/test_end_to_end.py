"""The main job, from a post in a channel to a row in the CSV, over both transports."""

from tests.conftest import Bot
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit #mentoring"


async def test_a_post_becomes_a_row_with_its_author(bot: Bot, slack: Slack) -> None:
    """An idea posted in a channel is kept with its author's name, marked, and exported."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez", title="Teacher librarian")
    room = slack.add_channel("leadership", [rosa], bot=True)
    post = slack.post(rosa, room, IDEA)
    await slack.until(lambda: "bulb" in post.reactions, saying="the mark")
    await bot.quiet()
    (row,) = await bot.rows()
    assert (1, "Rosa Alvarez", IDEA, "mentoring", "leadership") == (
        row["number"],
        row["author"],
        row["text"],
        row["tags"],
        row["channel"],
    )


async def test_an_edit_changes_the_idea(bot: Bot, slack: Slack) -> None:
    """An edited post changes its idea, and keeps its number."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    post = slack.post(rosa, room, IDEA)
    await slack.settled()
    slack.edit(post, "We paired every new teacher with two librarians")
    await slack.settled()
    (row,) = await bot.rows()
    assert (1, "We paired every new teacher with two librarians") == (row["number"], row["text"])
    assert row["edited_at"]


async def test_a_deletion_withdraws_the_idea(bot: Bot, slack: Slack) -> None:
    """A deleted post has no row any more, and its number is not given again."""
    rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
    room = slack.add_channel("leadership", [rosa], bot=True)
    post = slack.post(rosa, room, IDEA)
    await slack.settled()
    slack.delete(post)
    await slack.settled()
    assert [] == await bot.rows()
    slack.post(rosa, room, IDEA)
    await slack.settled()
    assert [2] == [row["number"] for row in await bot.rows()]
