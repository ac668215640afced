"""The form of an idea in Slack: what it takes beside the words, and editing one's own."""

from typing import Any

from bot.sandbox.answers import Answer
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import calm, keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club"
TAUGHT = "I co-taught a unit on primary sources with a history teacher"
MORE = {
    "tags": "#Outdoors, book-tasting",
    "link": "www.example.org/garden",
    "thanks": "Ms. Ortiz, Mr. Lee",
}


async def rows(bot: Bot) -> list[dict[str, Any]]:
    return [dict(row) for row in await bot.rows()]


async def shared(bot: Bot, slack: Slack, who: Member, room: Channel, **values: Any) -> Answer:
    """Somebody opens the form and sends it."""
    await slack.command(who, room, "/idea")
    answer = await slack.submit(who, {"text": GARDEN} | values)
    await calm(bot, slack)
    return answer


def told(slack: Slack, who: Member) -> str:
    """What the bot said to a member alone, the last time."""
    return words(slack.notes(who)[-1])


def fields(slack: Slack, who: Member) -> dict[str, Any]:
    """What stands in each field of the form that somebody has open."""
    view = slack.view(who)
    assert view is not None
    blocks = [one for one in view.definition["blocks"] if one["type"] == "input"]
    return {
        one["block_id"]: next(
            (value for name, value in one["element"].items() if name.startswith("initial_")), None
        )
        for one in blocks
    }


def shown(slack: Slack, room: Channel) -> str:
    """The bot's own post in the channel."""
    return words(
        next(one for one in slack.messages(room) if one.user == slack.installation.bot_user)
    )


async def test_everything_that_the_form_takes_is_kept(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Tags, a link, colleagues and people outside; the post names them, and pings nobody."""
    values = {**MORE, "component": "PART", "credit": [ben.id, rosa.id]}
    assert (await shared(bot, slack, rosa, room, **values)).ok
    (row,) = await rows(bot)
    assert ("outdoors; book-tasting", "https://www.example.org/garden", "PART") == (
        row["tags"],
        row["resources"],
        row["components"],
    )
    assert f"{ben.shown}; Ms. Ortiz; Mr. Lee" == row["credits"]
    post = shown(slack, room)
    assert f"With thanks to {ben.shown}, Ms. Ortiz, Mr. Lee" in post
    assert "https://www.example.org/garden" in post
    assert f"<@{ben.id}>" not in post
    assert "Builds Instructional Partnerships, as you chose." in told(slack, rosa)


async def test_the_answer_says_what_was_suggested_and_why(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The words that spoke for it, and how to choose another; or that none did."""
    await shared(bot, slack, rosa, room, text=TAUGHT)
    assert "because it says “co taught”, “unit”" in told(slack, rosa)
    assert "`/ideas edit 1` changes that" in told(slack, rosa)
    await shared(bot, slack, rosa, room, text="Soup on Tuesdays, and everybody stays longer")
    assert "its words point to none. `/ideas edit 2` lets you choose one" in told(slack, rosa)
    await shared(bot, slack, rosa, room, text="Chess at lunch, by the window", component="-")
    assert "under no part of the framework, as you chose" in told(slack, rosa)
    assert "" == (await rows(bot))[-1]["components"]


async def test_what_cannot_be_read_stands_beside_its_field(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The form stays open with all that was typed, and nothing is kept until it is put right."""
    await keep(bot, slack, rosa, room, TAUGHT)
    wrong = await shared(bot, slack, rosa, room, tags="2026", link="nowhere")
    assert ["tags"] == list(wrong.errors)
    assert "“2026” cannot be a tag" in wrong.errors["tags"]
    wrong = await slack.submit(rosa, {"tags": "garden"})
    assert "no web address" in wrong.errors["link"]
    assert 1 == len(await rows(bot))
    assert (await slack.submit(rosa, {"link": "https://example.org/a"})).ok
    await calm(bot, slack)
    row = (await rows(bot))[-1]
    assert (GARDEN, "garden") == (row["text"], row["tags"])


async def test_an_author_edits_what_the_bot_posted(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The form opens with all that was given; its post is drawn anew, under the same number."""
    await shared(bot, slack, rosa, room, **MORE, component="PART", credit=[ben.id])
    seen = await slack.command(rosa, room, "/ideas show 1")
    await slack.click(rosa, seen.notes[-1], buttons(seen)["Edit"])
    stood = fields(slack, rosa)
    assert (GARDEN, "outdoors book-tasting", [ben.id], "Ms. Ortiz, Mr. Lee") == tuple(
        stood[name] for name in ("text", "tags", "credit", "thanks")
    )
    assert "PART" == stood["component"]["value"]
    changed = {"text": f"{GARDEN} #shade", "tags": "outdoors", "thanks": "", "component": "?"}
    assert (await slack.submit(rosa, changed)).ok
    assert "#1 is saved. Its post follows in a moment." in told(slack, rosa)
    await calm(bot, slack)
    (row,) = await rows(bot)
    assert (f"{GARDEN} #shade", "shade; outdoors", ben.shown) == (
        row["text"],
        row["tags"],
        row["credits"],
    )
    assert row["edited_at"]
    assert "#shade" in shown(slack, room)
    assert "Ortiz" not in shown(slack, room)


async def test_a_members_own_post_is_edited_where_it_stands(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The form adds to it and says where to edit it; what it added stays when the post changes."""
    post = slack.post(rosa, room, f"{GARDEN} #outdoors with <@{ben.id}>")
    await calm(bot, slack)
    await slack.command(rosa, room, "/ideas edit 1")
    view = slack.view(rosa)
    assert view is not None
    assert "edit the post itself" in str(view.definition["blocks"])
    assert f"p{post.ts.replace('.', '')}" in str(view.definition["blocks"])
    assert "text" not in fields(slack, rosa)
    assert (await slack.submit(rosa, {**MORE, "component": "SPACE"})).ok
    await calm(bot, slack)
    (row,) = await rows(bot)
    assert ("outdoors; book-tasting", "SPACE") == (row["tags"], row["components"])
    assert f"{ben.shown}; Ms. Ortiz; Mr. Lee" == row["credits"]
    slack.edit(post, "We co-taught in the reading garden #shade, all of us")
    await calm(bot, slack)
    (row,) = await rows(bot)
    assert "We co-taught in the reading garden #shade, all of us" == row["text"]
    assert ("shade; outdoors; book-tasting", "SPACE") == (row["tags"], row["components"])
    assert "Ms. Ortiz; Mr. Lee" == row["credits"]
    assert "https://www.example.org/garden" == row["resources"]


async def test_nobody_else_edits_an_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Neither by command, nor by sending a form that was open before."""
    await shared(bot, slack, rosa, room)
    assert "somebody else's idea" in words(await slack.command(ben, room, "/ideas edit 1"))
    await slack.command(rosa, room, "/ideas edit 1")
    await slack.command(rosa, room, "/ideas remove 1")
    gone = await slack.command(rosa, room, "/ideas remove 1")
    await slack.click(rosa, gone.notes[-1], buttons(gone)["Withdraw #1"])
    await slack.command(rosa, room, "/ideas edit 1")
    late = await slack.submit(rosa, {"text": "Something else entirely, and late"})
    assert "#1 is not an idea that you can see" in str(late.errors)
    assert [] == await rows(bot)


async def test_similar_ideas_are_shown_in_the_form(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """It stays open with all that was typed; what is sent then is posted."""
    await keep(bot, slack, ben, room, "Book tasting at lunch: tablecloths, menus, five genres")
    again = "We held a book tasting with tablecloths and menus, and five genres"
    asked = await shared(bot, slack, rosa, room, text=again, credit=[ben.id], tags="genres")
    assert asked.ok
    view = slack.view(rosa)
    assert view is not None
    assert "Post anyway" == view.definition["submit"]["text"]
    assert "#1 Ben Okafor" in str(view.definition["blocks"])
    assert (again, [ben.id], "genres") == tuple(
        fields(slack, rosa)[name] for name in ("text", "credit", "tags")
    )
    assert 1 == len(await rows(bot))
    assert (await slack.submit(rosa, {})).ok
    await calm(bot, slack)
    row = (await rows(bot))[-1]
    assert (again, "genres", ben.shown) == (row["text"], row["tags"], row["credits"])
