"""What :bulb: and :x: do: kept under the author's name, told once, taken back, brought back."""

from datetime import timedelta
from pathlib import Path

from bot.clock import Clock
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at
from tests.faults.waiting import caught_up, deaf
from tests.people import calm
from tests.seeing import words
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit"
SHORT = "Books on wheels!"
DOUBT = "The author visit is moved to the gym because of the roof"


async def marked_by(bot: Bot, slack: Slack, post: Message, who: Member) -> None:
    """Somebody marks a post with :bulb:."""
    slack.react(who, post, "bulb")
    await calm(bot, slack)


async def test_an_idea_is_marked_by_the_bot(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An idea gets :bulb: from the bot and nothing else; the bot says nothing in the channel."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    assert {"bulb": [slack.bot.id]} == post.reactions
    assert [] == slack.said_by_bot(room)


async def test_a_question_is_marked_as_one(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A post that only asks gets :question: and is kept as a question."""
    post = slack.post(rosa, room, "How do you fit book tastings into a short lunch?")
    await calm(bot, slack)
    assert {"question": [slack.bot.id]} == post.reactions
    assert ["question"] == [row["kind"] for row in await bot.rows()]


async def test_a_question_that_becomes_an_idea_changes_its_mark(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An edit that turns a question into an idea turns :question: into :bulb:."""
    post = slack.post(rosa, room, "How do you fit book tastings into a short lunch?")
    await calm(bot, slack)
    slack.edit(post, "We fit book tastings into a short lunch with carts.")
    await calm(bot, slack)
    assert {"bulb": [slack.bot.id]} == post.reactions


async def test_a_post_in_doubt_is_marked_and_becomes_an_idea_once_it_is_answered(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """It gets :bulb: and is exported as a post; a colleague's answer makes it an idea."""
    post = slack.post(rosa, room, DOUBT)
    await calm(bot, slack)
    assert {"bulb": [slack.bot.id]} == post.reactions
    assert ["post"] == [row["kind"] for row in await bot.rows()]
    slack.reply(ben, post, "We write our lessons so that they work on paper, too")
    await calm(bot, slack)
    assert ["idea"] == [row["kind"] for row in await bot.rows()]


async def test_a_mark_lifts_the_doubt_for_good(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Whoever adds :bulb:, its author too, makes it an idea; an edit does not undo that."""
    for number, who in enumerate((rosa, ben)):
        post = slack.post(rosa, room, f"{DOUBT}, I hear {number}")
        await calm(bot, slack)
        await marked_by(bot, slack, post, who)
        slack.edit(post, f"{DOUBT}, they say, I hear {number}")
        await calm(bot, slack)
        assert {"bulb": [slack.bot.id, who.id]} == post.reactions
    assert ["idea", "idea"] == [row["kind"] for row in await bot.rows()]


async def test_what_only_asks_about_the_day_waits_for_no_answer(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Who has the key is marked as asked and kept as a post; marked by a person, as an idea."""
    post = slack.post(rosa, room, "Who has the key to the storage closet behind the stage?")
    await calm(bot, slack)
    assert {"question": [slack.bot.id]} == post.reactions
    assert ["post"] == [row["kind"] for row in await bot.rows()]
    await marked_by(bot, slack, post, ben)
    assert ["idea"] == [row["kind"] for row in await bot.rows()]
    assert {"bulb": [ben.id, slack.bot.id]} == post.reactions


async def test_an_edit_is_read_by_the_same_rule(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """What an edit makes of a post, it is: chatter that becomes an idea, and back."""
    post = slack.post(rosa, room, DOUBT)
    await calm(bot, slack)
    for text, kind in ((IDEA, "idea"), (DOUBT, "post")):
        slack.edit(post, text)
        await calm(bot, slack)
        assert [kind] == [row["kind"] for row in await bot.rows()]


async def test_small_talk_is_left_alone(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A short greeting, and what the day brings, is neither marked nor kept."""
    posts = [slack.post(rosa, room, "Good morning everyone, happy Friday!")]
    posts.append(slack.post(rosa, room, "The copier is jammed again and out of toner"))
    await calm(bot, slack)
    assert [{}, {}] == [post.reactions for post in posts]
    assert [] == await bot.rows()


async def test_the_author_hears_of_the_first_idea_once(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The first idea is told to its author alone, the second to nobody."""
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.post(rosa, room, f"{IDEA}, and it worked")
    await calm(bot, slack)
    (note,) = slack.notes(rosa)
    assert "#1" in words(note)
    assert ":x:" in words(note)
    assert "/ideas me" in words(note)
    assert [] == slack.notes(ben)


async def test_a_colleagues_mark_keeps_a_post_under_its_authors_name(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A post that another member marks is kept as its author's, who hears of it once."""
    post = slack.post(rosa, room, SHORT)
    await calm(bot, slack)
    assert [] == await bot.rows()
    await marked_by(bot, slack, post, ben)
    (row,) = await bot.rows()
    assert ("Rosa Alvarez", SHORT, "reaction") == (row["author"], row["text"], row["source"])
    assert [ben.id, slack.bot.id] == post.reactions["bulb"]
    (note,) = slack.notes(rosa)
    assert "#1" in words(note)
    assert "colleague" in words(note)
    assert [] == slack.notes(ben)


async def test_the_author_of_an_older_post_hears_that_it_was_marked(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, clock: Clock
) -> None:
    """A colleague who marks last week's post causes the same word to its author."""
    post = slack.post(rosa, room, SHORT)
    await calm(bot, slack)
    clock.jump(clock() + timedelta(days=6))
    await marked_by(bot, slack, post, ben)
    (note,) = slack.notes(rosa)
    assert "colleague" in words(note)


async def test_a_marked_reply_is_kept_as_its_writers(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A reply in a thread that is marked is kept under the name of whoever wrote it."""
    post = slack.post(rosa, room, IDEA)
    reply = slack.reply(ben, post, "Try carts instead")
    await calm(bot, slack)
    await marked_by(bot, slack, reply, rosa)
    assert [("Rosa Alvarez", IDEA), ("Ben Okafor", "Try carts instead")] == [
        (row["author"], row["text"]) for row in await bot.rows()
    ]


async def test_taking_the_only_mark_back_undoes_the_keeping(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Within ten minutes, removing the only :bulb: undoes what it kept, the bot's mark too."""
    post = slack.post(rosa, room, SHORT)
    await marked_by(bot, slack, post, ben)
    slack.unreact(ben, post, "bulb")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {} == post.reactions


async def test_a_mark_given_and_taken_twice_undoes_it_twice(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Marking again brings the idea back under its number, and removing that mark undoes it."""
    post = slack.post(rosa, room, SHORT)
    await marked_by(bot, slack, post, ben)
    slack.unreact(ben, post, "bulb")
    await calm(bot, slack)
    await marked_by(bot, slack, post, ben)
    assert [1] == [row["number"] for row in await bot.rows()]
    slack.unreact(ben, post, "bulb")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {} == post.reactions


async def test_one_mark_of_two_is_enough(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """While somebody else's :bulb: is there, removing one changes nothing."""
    mei = slack.add_user("mei")
    slack.join(mei, room)
    post = slack.post(rosa, room, SHORT)
    await marked_by(bot, slack, post, ben)
    await marked_by(bot, slack, post, mei)
    slack.unreact(ben, post, "bulb")
    await calm(bot, slack)
    assert [1] == [row["number"] for row in await bot.rows()]


async def test_after_ten_minutes_a_mark_has_done_its_work(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, clock: Clock
) -> None:
    """Removing the only :bulb: later than ten minutes after it kept a post changes nothing."""
    post = slack.post(rosa, room, SHORT)
    await marked_by(bot, slack, post, ben)
    clock.jump(clock() + timedelta(minutes=11))
    slack.unreact(ben, post, "bulb")
    await calm(bot, slack)
    assert [1] == [row["number"] for row in await bot.rows()]


async def test_a_cross_by_the_author_withdraws_and_unmarks(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The author's :x: takes the idea and the bot's mark away."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {"x": [rosa.id]} == post.reactions


async def test_removing_the_cross_brings_the_idea_back(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Without its :x: the idea is there again: same number, same author, marked."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    slack.unreact(rosa, post, "x")
    await calm(bot, slack)
    assert [(1, "Rosa Alvarez", IDEA)] == [
        (row["number"], row["author"], row["text"]) for row in await bot.rows()
    ]
    assert {"bulb": [slack.bot.id]} == post.reactions


async def test_a_crossed_and_restored_idea_keeps_how_it_came_in(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """An idea that a colleague marked is still one that was marked after its :x: came and went."""
    post = slack.post(rosa, room, "Carts or shelves?")
    await marked_by(bot, slack, post, ben)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    slack.unreact(rosa, post, "x")
    await calm(bot, slack)
    assert [("reaction", "idea")] == [(row["source"], row["kind"]) for row in await bot.rows()]


async def test_a_cross_by_somebody_else_does_nothing(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Nobody withdraws another's idea with :x:, and removing that one restores nothing."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.react(ben, post, "x")
    await calm(bot, slack)
    assert [1] == [row["number"] for row in await bot.rows()]
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    slack.unreact(ben, post, "x")
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_a_cross_that_comes_before_the_post_counts(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Where Slack tells of the author's :x: before the post itself, the idea stays away."""
    slack.faults.swap_events()
    post = slack.post(rosa, room, IDEA)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {"x": [rosa.id]} == post.reactions


async def test_a_cross_taken_back_lets_the_post_in(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A post that its author crossed before it could be kept is kept once the :x: is gone."""
    slack.faults.swap_events()
    post = slack.post(rosa, room, IDEA)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    slack.unreact(rosa, post, "x")
    await calm(bot, slack)
    assert [(1, "Rosa Alvarez")] == [(row["number"], row["author"]) for row in await bot.rows()]


async def test_nobody_marks_what_its_author_crossed(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A post that carries its author's :x: is not kept by a colleague's :bulb:."""
    post = slack.post(rosa, room, SHORT)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    await marked_by(bot, slack, post, ben)
    assert [] == await bot.rows()


async def test_a_crossed_idea_is_not_kept_again_by_a_mark(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What its author withdrew with :x: does not come back by a colleague's :bulb:."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    await marked_by(bot, slack, post, ben)
    assert [] == await bot.rows()


async def test_the_mark_of_a_bot_is_nobodys(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The :bulb: of another bot, such as we were once before, keeps nothing and counts nowhere."""
    before = slack.add_bot("commonplace-before")
    slack.join(before, room)
    post = slack.post(rosa, room, SHORT)
    await marked_by(bot, slack, post, before)
    assert [] == await bot.rows()
    idea = slack.post(rosa, room, IDEA)
    await marked_by(bot, slack, idea, before)
    slack.react(before, idea, "heart")
    await calm(bot, slack)
    assert [0] == [row["reactions"] for row in await bot.rows()]
    assert [] == slack.notes(before)


async def test_the_mark_of_a_bot_is_nobodys_in_the_history_either(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """A :bulb: of a bot in the history keeps nothing; a colleague's beside it does."""
    before = slack.add_bot("commonplace-before")
    slack.join(before, room)
    async with bot_at(slack, database, clock) as bot:
        await calm(bot, slack)
    deaf(slack)
    slack.react(before, slack.post(rosa, room, SHORT), "bulb")
    both = slack.post(rosa, room, "Carts instead of shelves!")
    slack.react(before, both, "bulb")
    slack.react(ben, both, "bulb")
    slack.react(before, slack.post(rosa, room, IDEA), "bulb")
    await slack.settled()
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        await calm(bot, slack)
        assert [("Carts instead of shelves!", 1), (IDEA, 0)] == [
            (row["text"], row["reactions"]) for row in await bot.rows()
        ]
