"""What is kept follows the channel: edits, deletions, replies, reactions, in any order."""

import sqlite3
from contextlib import closing
from typing import Any

from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot
from tests.people import calm
from tests.seeing import words
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit"
PAGE = "https://example.org/pairs"


async def kept(bot: Bot, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of every row."""
    return [tuple(row[column] for column in columns) for row in await bot.rows()]


def again(slack: Slack, post: Message, text: str, **more: object) -> None:
    """Slack tells of a post once more, as it does after an outage."""
    event = {
        "type": "message",
        "channel": post.channel,
        "channel_type": "channel",
        "user": post.user,
        "text": text,
        "ts": post.ts,
        **more,
    }
    slack.raise_event(event, post.channel)


# -- edits ----------------------------------------------------------------------------------------


async def test_a_short_post_that_grows_is_kept(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A post that an edit makes long enough is kept and marked then."""
    post = slack.post(rosa, room, "Book carts!")
    await calm(bot, slack)
    assert [] == await bot.rows()
    slack.edit(post, "Book carts in the cafeteria doubled our lunch checkouts")
    await calm(bot, slack)
    assert [(1, "Book carts in the cafeteria doubled our lunch checkouts")] == await kept(
        bot, "number", "text"
    )
    assert {"bulb": [slack.bot.id]} == post.reactions


async def test_a_preview_is_no_edit(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """When Slack shows a link's page nothing counts as edited; the link only gets its title."""
    post = slack.post(rosa, room, f"{IDEA} <{PAGE}>")
    await calm(bot, slack)
    slack.unfurl(post, PAGE, title="Pairs that last")
    await calm(bot, slack)
    assert [(f"{IDEA} {PAGE}", PAGE, "")] == await kept(bot, "text", "resources", "edited_at")
    assert [("Pairs that last",)] == titles(bot)


def titles(bot: Bot) -> list[tuple[str]]:
    """The titles of all links, as whoever opens the database file sees them."""
    file = bot.parts.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as con:
        return con.execute("select title from resource order by title").fetchall()


async def test_of_two_edits_the_later_one_wins(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Two edits that arrive in the wrong order leave what the author wrote last."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.faults.swap_events()
    slack.edit(post, f"{IDEA}, twice a month")
    slack.edit(post, f"{IDEA}, every week")
    await calm(bot, slack)
    assert [(f"{IDEA}, every week",)] == await kept(bot, "text")


async def test_an_edit_may_come_before_the_post(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """When the edit is told first, its words are kept, once."""
    slack.faults.swap_events()
    post = slack.post(rosa, room, IDEA)
    slack.edit(post, f"{IDEA}, every week")
    await calm(bot, slack)
    assert [(1, f"{IDEA}, every week")] == await kept(bot, "number", "text")


async def test_a_post_that_was_shortened_before_it_came_stays_out(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """When the edit that takes an idea's words away is told first, the old words stay out."""
    post = slack.post(rosa, room, "Carts!")
    slack.edit(post, "Trolleys!")
    await calm(bot, slack)
    again(slack, post, IDEA)
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_an_edit_replaces_tags_and_links(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The tags and links of an edited idea are those of its new words."""
    post = slack.post(rosa, room, f"{IDEA} #pairs <{PAGE}>")
    await calm(bot, slack)
    slack.edit(post, f"{IDEA} #mentoring <https://example.org/new>")
    await calm(bot, slack)
    assert [("mentoring", "https://example.org/new")] == await kept(bot, "tags", "resources")
    answer = await slack.command(rosa, room, "/ideas list tag:pairs")
    assert "nothing yet" in words(answer)


# -- deletions ------------------------------------------------------------------------------------


async def test_a_deleted_post_stays_away(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """After a deletion neither a late copy, a late edit nor a mark brings the idea back."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.delete(post)
    await calm(bot, slack)
    again(slack, post, IDEA)
    edit = {"user": rosa.id, "ts": f"{int(post.ts.split('.')[0]) + 60}.000100"}
    message = {"type": "message", "user": rosa.id, "text": IDEA, "ts": post.ts, "edited": edit}
    again(slack, post, "", subtype="message_changed", message=message)
    item = {"type": "message", "channel": room.id, "ts": post.ts}
    slack.raise_event(
        {"type": "reaction_added", "user": ben.id, "reaction": "bulb", "item": item}, room
    )
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_a_deletion_may_come_before_the_post(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """When the deletion is told first, the idea never appears and uses no number up."""
    slack.faults.swap_events()
    post = slack.post(rosa, room, IDEA)
    slack.delete(post)
    await calm(bot, slack)
    assert [] == await bot.rows()
    slack.post(rosa, room, f"{IDEA} again")
    await calm(bot, slack)
    assert [(1,)] == await kept(bot, "number")


async def test_a_deleted_parent_is_withdrawn(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A deleted post with replies, of which a tombstone stays, is withdrawn like any other."""
    post = slack.post(rosa, room, IDEA)
    slack.reply(ben, post, "We do that too")
    await calm(bot, slack)
    slack.delete(post)
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert "This message was deleted." in [each.text for each in slack.messages(room)]


async def test_a_deletion_leaves_no_word_in_the_file(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """No search finds a deleted idea, by its words or its tag."""
    post = slack.post(rosa, room, f"{IDEA} #mentoring")
    await calm(bot, slack)
    slack.delete(post)
    await calm(bot, slack)
    for asked in ("search librarian", "search tag:mentoring", "mine"):
        assert "#1" not in words(await slack.command(rosa, room, f"/ideas {asked}"))


# -- replies and reactions ------------------------------------------------------------------------


async def test_replies_are_counted_and_not_read(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Replies by people are a number; the author's own count too, a deleted one does not."""
    post = slack.post(rosa, room, IDEA)
    slack.reply(ben, post, "Our secret recipe is to plan the second unit together as well")
    slack.reply(rosa, post, "How often?")
    gone = slack.reply(ben, post, "Weekly")
    await calm(bot, slack)
    assert [(IDEA, 3)] == await kept(bot, "text", "replies")
    slack.delete(gone)
    await calm(bot, slack)
    assert [(IDEA, 2)] == await kept(bot, "text", "replies")


async def test_a_reply_shown_in_the_channel_is_one_reply(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A reply that is also sent to the channel counts once and is no idea of its own."""
    post = slack.post(rosa, room, IDEA)
    slack.reply(ben, post, "We do that too, with every new coach in the building", broadcast=True)
    await calm(bot, slack)
    assert [(1, 1)] == await kept(bot, "number", "replies")


async def test_people_who_reacted_are_counted_without_the_bot(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Two emoji of one person and the bot's mark make one; a removed one makes none."""
    post = slack.post(rosa, room, IDEA)
    slack.react(ben, post, "tada")
    slack.react(ben, post, "heart")
    await calm(bot, slack)
    assert [(1,)] == await kept(bot, "reactions")
    slack.react(rosa, post, "heart")
    slack.unreact(ben, post, "tada")
    slack.unreact(ben, post, "heart")
    await calm(bot, slack)
    assert [(1,)] == await kept(bot, "reactions")


async def test_a_reaction_added_and_removed_out_of_order_ends_right(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A removal that is told before the reaction itself leaves nobody counted."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.faults.swap_events()
    slack.react(ben, post, "tada")
    slack.unreact(ben, post, "tada")
    await calm(bot, slack)
    assert [(0,)] == await kept(bot, "reactions")


# -- once -----------------------------------------------------------------------------------------


async def test_a_repeated_event_is_one_idea(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Four copies of an event are one row, and the next idea has the next number."""
    slack.faults.repeat_events(copies=4)
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.post(rosa, room, f"{IDEA} again")
    await calm(bot, slack)
    assert [(1,), (2,)] == await kept(bot, "number")


async def test_an_acknowledgement_that_is_lost_changes_nothing(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What Slack sends again because it heard no acknowledgement counts once."""
    slack.faults.ignore_acks(times=2)
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.faults.ignore_acks(times=2)
    slack.reply(ben, post, "Splendid")
    await calm(bot, slack)
    assert [(1, 1)] == await kept(bot, "number", "replies")
