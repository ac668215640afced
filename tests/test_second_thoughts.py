"""What people are told and can undo: a cross that does nothing, an idea put back, one's wishes."""

from typing import Any

import pytest

from bot.core.errors import NotAllowedError
from bot.core.model.people import Asker
from bot.core.model.work import Effect, NewJob
from bot.sandbox.answers import Answer
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import calm, keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club #outdoors"
TASTING = "A book tasting at lunch doubled our checkouts & more #reading"

pytestmark = pytest.mark.parametrize("bot", ["socket"], indirect=True)


async def removed(slack: Slack, who: Member, room: Channel, number: int = 1) -> Answer:
    """The answer to a removal that was confirmed."""
    asked = await slack.command(who, room, f"/ideas remove {number}")
    assert "cannot be brought back" not in words(asked)
    return await slack.click(who, asked.notes[-1], buttons(asked)[f"Withdraw #{number}"])


# -- reactions that are said to the bot -----------------------------------------------------------


async def test_who_crosses_anothers_idea_hears_why_nothing_happens(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """They are told once, privately, what :x: is for; it does not count as a reaction."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    for _ in range(2):
        slack.react(ben, post, "x")
        await calm(bot, slack)
        assert [0] == [row["reactions"] for row in await bot.rows()]
        (told,) = slack.notes(ben)
        assert "Rosa Alvarez" in words(told)
        assert "/ideas remove 1" in words(told)
        slack.unreact(ben, post, "x")
        await calm(bot, slack)
    assert [] == [note for note in slack.notes(rosa) if "changes nothing" in words(note)]


async def test_an_apps_cross_is_answered_by_nobody(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An app that crosses an idea is told nothing, and the idea stays."""
    robot = slack.add_user("poller", is_bot=True)
    slack.join(robot, room)
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    slack.react(robot, post, "x")
    await calm(bot, slack)
    assert ([], [0]) == (slack.notes(robot), [row["reactions"] for row in await bot.rows()])


async def test_ones_own_bulb_is_no_reaction(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """An author's own :bulb: does not count; a colleague's does, and so does an author's heart."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    for who, emoji, count in ((rosa, "bulb", 0), (ben, "bulb", 1), (rosa, "heart", 2)):
        slack.react(who, post, emoji)
        await calm(bot, slack)
        assert [count] == [row["reactions"] for row in await bot.rows()]


async def test_a_restored_idea_counts_the_same(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """After its author's :x: came and went, an idea has the reactions it had, and no others."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    for who, emoji in ((rosa, "bulb"), (ben, "tada"), (rosa, "x")):
        slack.react(who, post, emoji)
    await calm(bot, slack)
    assert [] == await bot.rows()
    slack.unreact(rosa, post, "x")
    await calm(bot, slack)
    assert [1] == [row["reactions"] for row in await bot.rows()]


# -- putting back ---------------------------------------------------------------------------------


async def test_a_removed_idea_is_put_back_as_it_stands_in_the_channel(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """*Put it back* reads the post again and keeps it under its number, with its reactions."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    slack.react(ben, post, "tada")
    await calm(bot, slack)
    done = await removed(slack, rosa, room)
    await calm(bot, slack)
    assert ([], ["Put it back"]) == (await bot.rows(), list(buttons(done)))
    slack.edit(post, f"{GARDEN} and a bench")
    await calm(bot, slack)
    assert [] == await bot.rows()
    back = await slack.click(rosa, done.notes[-1], buttons(done)["Put it back"])
    assert "#1 is back" in words(back)
    await calm(bot, slack)
    (row,) = await bot.rows()
    assert (1, 1, True) == (row["number"], row["reactions"], row["text"].endswith("a bench"))
    assert {"bulb", "tada"} == set(post.reactions)


async def test_an_idea_is_put_back_by_a_command(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """By its number; a colleague may not, and of no idea nothing is put back."""
    await keep(bot, slack, rosa, room, GARDEN)
    await removed(slack, rosa, room)
    await calm(bot, slack)
    for who, line, says in (
        (ben, "put-back 1", "Only its author or a coordinator"),
        (rosa, "put-back 99", "cannot be put back"),
        (rosa, "restore 1", "#1 is back"),
        (rosa, "put-back 1", "#1 is back"),
    ):
        assert says in words(await slack.command(who, room, f"/ideas {line}"))
        await calm(bot, slack)
    assert [GARDEN] == [row["text"] for row in await bot.rows()]


async def test_only_who_may_remove_an_idea_may_put_it_back(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A button that came into other hands changes nothing."""
    await keep(bot, slack, rosa, room, GARDEN)
    done = await removed(slack, rosa, room)
    pressed = await slack.click(ben, done.notes[-1], buttons(done)["Put it back"])
    assert "Only its author or a coordinator" in words(pressed.notes[-1])
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_what_was_deleted_cannot_be_put_back(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """When the post is gone meanwhile, the answer says so and nothing comes back."""
    joan = slack.add_user("joan", is_admin=True)
    slack.join(joan, room)
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    done = await removed(slack, joan, room)
    slack.delete(post)
    await calm(bot, slack)
    back = await slack.click(joan, done.notes[-1], buttons(done)["Put it back"])
    assert "cannot be put back" in words(back)
    assert [] == await bot.rows()


async def test_who_wants_nothing_kept_gets_nothing_back(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An author's *keep nothing of mine* holds against *Put it back* too."""
    await keep(bot, slack, rosa, room, GARDEN)
    done = await removed(slack, rosa, room)
    await slack.command(rosa, room, "/ideas me")
    await slack.submit(rosa, {"keep": "nothing"})
    back = await slack.click(rosa, done.notes[-1], buttons(done)["Put it back"])
    assert "stays withdrawn" in words(back)
    assert [] == await bot.rows()


async def test_what_the_bot_posted_can_be_shared_again(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Of an idea from /idea the bot's post goes too; its author shares the same words again."""
    await slack.command(rosa, room, f"/idea {TASTING}")
    await calm(bot, slack)
    done = await removed(slack, rosa, room)
    await calm(bot, slack)
    assert ([], []) == (await bot.rows(), slack.said_by_bot(room))
    back = await slack.click(rosa, done.notes[-1], buttons(done)["Share it again"])
    assert "Kept as #2" in words(back)
    await calm(bot, slack)
    assert [TASTING] == [row["text"] for row in await bot.rows()]
    joan = slack.add_user("joan", is_admin=True)
    slack.join(joan, room)
    done = await removed(slack, joan, room, 2)
    assert {} == buttons(done)


# -- trials, and one's wishes ---------------------------------------------------------------------


async def test_an_idea_that_is_shown_tells_its_trials(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """`/ideas show N` says who tried it, what came of it, and their sentence, to everybody."""
    await keep(bot, slack, rosa, room, GARDEN)
    await slack.command(ben, room, "/ideas me")
    await slack.submit(ben, {"school": "Lincoln High"})
    shown = await slack.command(ben, room, "/ideas show 1")
    await slack.click(ben, shown.notes[-1], buttons(shown)["I tried this"])
    sentence = "Begin with herbs, they grow whatever happens."
    await slack.submit(ben, {"came": "changed", "grades": "Grades 3 to 5", "words": sentence})
    told = f"Lincoln High: it worked, with changes (grades 3 to 5). “{sentence}”"
    for who in (rosa, ben):
        answer = await slack.command(who, room, "/ideas show 1")
        assert "Ben Okafor" in words(answer)
        assert told in words(answer)
        assert told in answer.text
    asked = words(await slack.command(rosa, room, "/ideas remove 1"))
    assert "What colleagues said about trying it goes too." in asked


@pytest.mark.parametrize(
    ("keep_", "says"),
    [
        ("all", "when it reads like an idea"),
        ("marked", "only what you mark with"),
        ("nothing", "even when somebody marks it"),
    ],
)
@pytest.mark.usefixtures("bot")
async def test_what_one_wishes_is_said_again(
    slack: Slack, rosa: Member, room: Channel, keep_: str, says: str
) -> None:
    """After `/ideas me` one reads what was saved and what it means, in a channel or to the bot."""
    for place in (room, slack.open_im(rosa)):
        await slack.command(rosa, place, "/ideas me")
        await slack.submit(rosa, {"school": "Prairie", "keep": keep_})
    heard = [words(one) for one in slack.notes(rosa)]
    heard += [words(one) for one in slack.said_by_bot(slack.open_im(rosa))]
    assert 2 == len(heard)
    for one in heard:
        assert "From now on I show this beside your ideas: Prairie." in one
        assert says in one


# -- forms ----------------------------------------------------------------------------------------


def typed(slack: Slack, who: Member, field: str) -> Any:
    """What stands in a field of the form that somebody has open."""
    view = slack.view(who)
    assert view is not None
    (state,) = view.values[field].values()
    return next(value for name, value in state.items() if name != "type")


async def test_a_shared_idea_that_meets_an_error_keeps_what_was_typed(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """When the channel cannot be had, the form stays with its words, and is sent once it can."""
    await keep(bot, slack, ben, room, GARDEN)
    await slack.command(rosa, room, "/idea")
    slack.remove_bot(room, by=ben)
    await calm(bot, slack)
    answer = await slack.submit(rosa, {"text": TASTING, "thanks": "Ms. Ortiz"})
    assert "Nothing was kept" in answer.errors["channel"]
    assert (TASTING, "Ms. Ortiz") == (typed(slack, rosa, "text"), typed(slack, rosa, "thanks"))
    slack.invite_bot(room, by=ben)
    await calm(bot, slack)
    assert (await slack.submit(rosa, {})).ok
    await calm(bot, slack)
    row = (await bot.rows())[-1]
    assert (TASTING, "Ms. Ortiz") == (row["text"], row["credits"])


async def test_settings_that_meet_an_error_keep_what_was_typed(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A break that ends before it begins is put right alone; the hour chosen beside it stays."""
    joan = slack.add_user("joan", is_admin=True)
    slack.join(joan, room)
    await keep(bot, slack, rosa, room, GARDEN)
    await slack.command(joan, room, "/ideas settings")
    days = {"break_first": "2027-01-04", "break_last": "2026-12-21"}
    answer = await slack.submit(joan, {"digest_time": "14:45", **days})
    assert ["break_last"] == list(answer.errors)
    assert ("14:45", "2027-01-04") == (
        typed(slack, joan, "digest_time"),
        typed(slack, joan, "break_first"),
    )
    assert (await slack.submit(joan, {"break_last": "2027-01-05"})).ok
    known = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert known is not None
    assert ("fri 14:45", 1) == (known.digest, len(known.breaks))


async def test_a_trial_that_meets_an_error_keeps_what_was_typed(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """When the idea is gone meanwhile, the sentence about it still stands in the form."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    shown = await slack.command(ben, room, "/ideas show 1")
    await slack.click(ben, shown.notes[-1], buttons(shown)["I tried this"])
    slack.delete(post)
    await calm(bot, slack)
    answer = await slack.submit(ben, {"came": "worked", "words": "Herbs grew best."})
    assert ["came"] == list(answer.errors)
    assert "Herbs grew best." == typed(slack, ben, "words")


async def test_a_made_up_button_puts_nothing_back(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A button with a number of no idea, or of one that was never posted, changes nothing."""
    await keep(bot, slack, rosa, room, GARDEN)
    for workspace, ident in ((slack.workspace.team_id, 99), ("T0OTHER", 1)):
        asker = Asker(workspace=workspace, member_id=rosa.id, channel=room.id)
        with pytest.raises(NotAllowedError, match="cannot be put back"):
            await bot.parts.finder.withdrawn_post(asker, idea_id=ident)


async def test_who_crossed_what_is_gone_meanwhile_hears_nothing(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """When the idea is withdrawn before they are told, telling them would be no use."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    slack.react(rosa, post, "x")
    await calm(bot, slack)
    job = NewJob(effect=Effect.NOT_THEIRS, payload={"idea": 1, "member": ben.id})
    await bot.parts.store.enqueue(slack.workspace.team_id, job, now=bot.parts.clock())
    await calm(bot, slack)
    assert [] == slack.notes(ben)
