"""`/idea`: an idea is kept, posted under its author's name, once, where the author may post."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.model.work import Effect
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at
from tests.people import calm
from tests.seeing import buttons, words
from tests.slack import Slack
from tests.storage.making import jobs_of

TEXT = "Book tasting at lunch doubled our checkouts"


def posts(slack: Slack, room: Channel) -> list[Message]:
    """The ideas that the bot posted in a channel."""
    return [each for each in slack.said_by_bot(room) if "shared an idea" in each.text]


@pytest.fixture
async def listed(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> Channel:
    """The channel, known to the bot because something was said there."""
    slack.post(rosa, room, "We keep a shelf of books that students chose themselves")
    await calm(bot, slack)
    return room


async def test_an_idea_by_command_is_kept_and_posted(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The post names its author in plain words, then says the idea; the answer says its number."""
    slack.post(ben, room, "Our sixth graders read to the second graders")
    await calm(bot, slack)
    answer = await slack.command(rosa, room, f"/idea {TEXT} #reading with @ben")
    assert "Kept as #2" in words(answer)
    assert "posted in" in words(answer)
    await calm(bot, slack)
    (post,) = posts(slack, room)
    assert post.text.startswith("Rosa Alvarez shared an idea\n")
    assert TEXT in words(post)
    assert f"<@{rosa.id}>" not in words(post)
    assert f"<@{ben.id}>" not in words(post)
    row = (await bot.rows())[-1]
    assert ("Rosa Alvarez", rosa.id, "command", "reading", "Ben Okafor", "leadership") == tuple(
        row[column] for column in ("author", "author_id", "source", "tags", "credits", "channel")
    )
    assert post.ts.replace(".", "") in row["permalink"]


async def test_what_happens_to_the_post_happens_to_the_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Replies and reactions on the bot's post count for the idea; its author's :x: ends it."""
    await slack.command(rosa, room, f"/idea {TEXT}")
    await calm(bot, slack)
    (post,) = posts(slack, room)
    slack.reply(ben, post, "We do that too")
    slack.react(ben, post, "tada")
    await calm(bot, slack)
    assert [(1, 1)] == [(row["replies"], row["reactions"]) for row in await bot.rows()]
    slack.react(ben, post, "x")
    await calm(bot, slack)
    assert 1 == len(await bot.rows())
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    assert [] == await bot.rows()
    told = words(slack.notes(rosa)[-1])
    assert "withdrawn #1, and I have deleted my post of it. To share it again" in told


async def test_the_post_of_a_withdrawn_idea_is_deleted(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`/ideas remove` takes the bot's post down; an admin's deletion of it withdraws the idea."""
    joan = slack.add_user("joan", is_admin=True)
    slack.join(joan, room)
    await slack.command(rosa, room, f"/idea {TEXT}")
    answer = await slack.command(rosa, room, "/ideas remove 1")
    await slack.click(rosa, answer.notes[-1], buttons(answer)["Withdraw #1"])
    await calm(bot, slack)
    assert [] == posts(slack, room)
    await slack.command(rosa, room, f"/idea {TEXT} again")
    await calm(bot, slack)
    slack.delete(posts(slack, room)[0], by=joan)
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_the_same_text_within_ten_minutes_is_the_same_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, clock: Clock
) -> None:
    """A double press makes one idea; another author's or a later one is another."""
    await slack.command(rosa, room, f"/idea {TEXT}")
    again = await slack.command(rosa, room, f"/idea {TEXT}")
    assert "already" in words(again)
    assert "#1" in words(again)
    await slack.command(ben, room, f"/idea {TEXT}")
    clock.jump(clock() + timedelta(minutes=11))
    later = await slack.command(rosa, room, f"/idea {TEXT}")
    assert "Kept as #3" in words(later)
    await calm(bot, slack)
    assert 3 == len(posts(slack, room))


@pytest.mark.parametrize("text", ["list", "list #mentoring", "search garden", "help", "12"])
async def test_a_command_typed_as_an_idea_is_asked_about(
    bot: Bot, slack: Slack, rosa: Member, listed: Channel, text: str
) -> None:
    """`/idea list` keeps and posts nothing and asks what was meant; a button says it is one."""
    answer = await slack.command(rosa, listed, f"/idea {text}")
    assert "Did you mean /ideas " in answer.text
    assert "Nothing was kept or posted" in words(answer)
    await calm(bot, slack)
    assert [] == posts(slack, listed)
    done = await slack.click(rosa, answer.notes[-1], buttons(answer)["Share it as an idea"])
    assert "Kept as #2" in words(done)
    await calm(bot, slack)
    assert 1 == len(posts(slack, listed))


@pytest.mark.usefixtures("listed")
async def test_a_command_typed_as_an_idea_in_a_direct_message(
    bot: Bot, slack: Slack, rosa: Member
) -> None:
    """In a direct message, whoever means the idea is asked for the channel next."""
    answer = await slack.command(rosa, slack.open_im(rosa), "/idea list of banned books")
    which = await slack.click(rosa, answer.notes[-1], buttons(answer)["Share it as an idea"])
    assert "Which channel" in words(which)
    done = await slack.click(rosa, which.notes[-1], buttons(which)["#leadership"])
    assert "Kept as #2" in words(done)
    await calm(bot, slack)
    assert ["list of banned books"] == [row["text"] for row in (await bot.rows())[1:]]


async def test_elsewhere_the_channel_is_asked_for(
    bot: Bot, slack: Slack, rosa: Member, listed: Channel
) -> None:
    """In a direct message or a channel without the bot nothing is kept until one is chosen."""
    outside = slack.add_channel("random", [rosa])
    for place in (slack.open_im(rosa), outside):
        answer = await slack.command(rosa, place, f"/idea {TEXT} in {place.id}")
        assert "Which channel" in words(answer)
        assert 1 == len(await bot.rows())
    done = await slack.click(rosa, answer.notes[-1], buttons(answer)["#leadership"])
    assert "Kept as #2" in words(done)
    await calm(bot, slack)
    (post,) = posts(slack, listed)
    assert TEXT in words(post)


async def test_without_any_channel_the_answer_says_what_to_do(
    bot: Bot, slack: Slack, rosa: Member
) -> None:
    """Where the bot is in no channel, nothing is kept and `/invite` is named."""
    room = slack.add_channel("random", [rosa])
    for line in (f"/idea {TEXT}", "/idea"):
        assert "/invite" in words(await slack.command(rosa, room, line))
    assert [] == await bot.rows()


async def test_a_watched_channel_is_asked_for(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """With channels named in the settings, an idea typed in another one goes to a named one."""
    other = slack.add_channel("reading", [rosa], bot=True)
    async with bot_at(slack, database, clock, commonplace_channels="leadership") as bot:
        await calm(bot, slack)
        slack.post(rosa, room, "We keep a shelf of books that students chose")
        await calm(bot, slack)
        answer = await slack.command(rosa, other, f"/idea {TEXT}")
        assert ["#leadership"] == list(buttons(answer))


@pytest.mark.parametrize("reason", ["is_archived", "restricted_action", "not_in_channel"])
async def test_what_cannot_be_posted_is_kept_and_said(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock, reason: str
) -> None:
    """When Slack refuses the post, the answer says what is kept, why and what to do, once."""
    slack.faults.refuse("chat.postMessage", reason)
    answer = await slack.command(rosa, room, f"/idea {TEXT}")
    shown = words(answer)
    assert "Kept as #1, but I could not post it" in shown
    assert "/ideas remove 1" in shown
    assert [TEXT] == [row["text"] for row in await bot.rows()]
    later = clock() + timedelta(minutes=1)
    assert () == tuple(await jobs_of(bot.parts.store, later, Effect.UNPOSTED, 1))


@pytest.mark.parametrize("fault", ["slow", "lost"])
async def test_what_is_not_posted_yet_is_posted_once(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock, fault: str
) -> None:
    """When Slack is busy or its answer is lost, the answer says so; in the end one post stands."""
    if fault == "slow":
        slack.faults.rate_limit("chat.postMessage", retry_after=2)
    else:
        slack.faults.lose_answer("chat.postMessage")
    answer = await slack.command(rosa, room, f"/idea {TEXT}")
    assert "Kept as #1, but I could not post it yet" in words(answer)
    clock.jump(clock() + timedelta(minutes=2))
    await calm(bot, slack)
    assert 1 == len(posts(slack, room))
    assert (await bot.rows())[0]["permalink"]


@pytest.mark.parametrize("away", [timedelta(days=3), timedelta(weeks=5)], ids=["3d", "5w"])
async def test_an_idea_whose_answer_was_lost_before_a_break_is_posted_once(
    slack: Slack, rosa: Member, room: Channel, clock: Clock, database: Path, away: timedelta
) -> None:
    """Begun again after days, the bot looks for its post from the first attempt on."""
    slack.faults.lose_answer("chat.postMessage")
    async with bot_at(slack, database, clock) as bot:
        await slack.command(rosa, room, f"/idea {TEXT}")
        await slack.until(lambda: bool(posts(slack, room)))
    clock.jump(clock() + away)
    async with bot_at(slack, database, clock) as bot:
        await calm(bot, slack)
        assert 1 == len(posts(slack, room))
        assert (await bot.rows())[0]["permalink"]


async def test_blocks_that_slack_refuses_become_plain_words(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """When Slack will not draw the post, it stands there as plain text."""
    slack.faults.refuse("chat.postMessage", "invalid_blocks")
    await slack.command(rosa, room, f"/idea {TEXT}")
    await calm(bot, slack)
    (post,) = posts(slack, room)
    assert f"Rosa Alvarez shared an idea\n{TEXT}" == post.text


async def test_an_idea_that_is_too_long_is_not_kept_by_halves(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Too long a text is refused with what to do instead, and every word of it comes back."""
    answer = await slack.command(rosa, room, "/idea " + "We read. " * 500)
    assert "Nothing was kept. Your words:" in words(answer)
    assert 500 == str(answer.notes[-1].blocks).count("read.")
    assert [] == await bot.rows()


async def test_a_text_of_markup_pings_nobody(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`<!channel>` and a false link in an idea are words in the post."""
    await slack.command(rosa, room, "/idea <!channel> read this <https://evil.example|google.com>")
    await calm(bot, slack)
    (post,) = posts(slack, room)
    assert "<!channel>" not in post.text
    assert "&lt;!channel&gt;" in post.text


# -- the form -------------------------------------------------------------------------------------


async def test_the_form_shares_an_idea(
    bot: Bot, slack: Slack, rosa: Member, listed: Channel
) -> None:
    """The form posts in the chosen channel, thanks people outside, and says so to its author."""
    other = slack.add_channel("reading", [rosa], bot=True)
    slack.post(rosa, other, "Our sixth graders read to the second graders")
    await calm(bot, slack)
    answer = await slack.command(rosa, listed, "/idea")
    assert answer.ok
    done = await slack.submit(
        rosa, {"text": TEXT, "channel": other.id, "thanks": "Pat Lee, Dana Fox"}
    )
    assert (True, None) == (done.ok, slack.view(rosa))
    await calm(bot, slack)
    (post,) = posts(slack, other)
    assert "Pat Lee" in words(post)
    row = (await bot.rows())[-1]
    assert ("form", "Pat Lee; Dana Fox", "reading") == (
        row["source"],
        row["credits"],
        row["channel"],
    )
    assert "Kept as #3" in words(slack.notes(rosa)[-1])


async def test_an_empty_form_is_answered_at_the_field(
    bot: Bot, slack: Slack, rosa: Member, listed: Channel
) -> None:
    """Blanks are no idea: the form stays open and says so beside the text."""
    await slack.command(rosa, listed, "/idea")
    answer = await slack.submit(rosa, {"text": "   \n "})
    assert ["text"] == list(answer.errors)
    assert "Nothing was kept" in answer.errors["text"]
    assert slack.view(rosa) is not None
    assert 1 == len(await bot.rows())


async def test_a_channel_that_was_left_meanwhile_is_answered_at_the_field(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, listed: Channel
) -> None:
    """When the bot is removed while the form is open, the form says so beside the channel."""
    await slack.command(rosa, listed, "/idea")
    slack.remove_bot(listed, by=ben)
    await calm(bot, slack)
    answer = await slack.submit(rosa, {"text": TEXT})
    assert ["channel"] == list(answer.errors)
    assert 1 == len(await bot.rows())


async def test_a_guest_shares_where_they_are(
    bot: Bot, slack: Slack, rosa: Member, listed: Channel
) -> None:
    """A guest's form offers the channel they ask from and nothing else, and works there."""
    gil = slack.add_user("gil", display_name="Gil", is_guest=True)
    slack.invite(gil, listed, by=rosa)
    other = slack.add_channel("reading", [rosa], bot=True)
    slack.post(rosa, other, "Our sixth graders read to the second graders")
    await calm(bot, slack)
    await slack.command(gil, listed, "/idea")
    view = slack.view(gil)
    assert view is not None
    assert other.id not in str(view.definition)
    done = await slack.submit(gil, {"text": TEXT})
    assert done.ok, done.errors
    await calm(bot, slack)
    assert 1 == len(posts(slack, listed))


async def test_a_form_that_slack_does_not_open_is_said(
    bot: Bot, slack: Slack, rosa: Member, listed: Channel
) -> None:
    """When the form cannot be opened the asker gets words, not silence."""
    for code in ("internal_error", "expired_trigger_id"):
        slack.faults.refuse("views.open", code)
        answer = await slack.command(rosa, listed, "/ideas me")
        assert answer.ok
        assert words(answer).strip()
    assert 1 == len(await bot.rows())
