"""What stands beside an idea: its component, more like it, "I tried this"; over both transports."""

from typing import Any

import pytest

from bot.core.model.deliveries import DeliveryKind
from bot.sandbox.answers import Answer
from bot.sandbox.model import Channel, Member, Message, SlackError
from tests.conftest import Bot, eventually
from tests.seeing import buttons, row_of, words
from tests.slack import Slack

PLAN = "We planned a unit on sources with the science teacher and taught it together"
GARDEN = "The reading garden opens in spring, with the parents, and everybody digs along"


async def keep(bot: Bot, slack: Slack, who: Member, room: Channel, text: str) -> Message:
    message = slack.post(who, room, text)
    await slack.until(lambda: bool(message.reactions), saying="it is kept")
    await bot.quiet()
    return message


async def row(bot: Bot, number: int = 1) -> dict[str, Any]:
    return next(one for one in await bot.rows() if one["number"] == number)


def chooser(answer: Answer) -> dict[str, Any]:
    """The list of components under an idea that is shown."""
    return next(
        element
        for block in answer.blocks
        for element in block.get("elements", ())
        if isinstance(element, dict) and element.get("type") == "static_select"
    )


# -- the component ----------------------------------------------------------------------------


async def test_an_author_changes_the_component_in_one_click(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """What is chosen counts at once, is shown at once, and stands in the export."""
    message = await keep(bot, slack, rosa, room, PLAN)
    assert "PART" == (await row(bot))["components"]
    shown = await slack.command(rosa, room, "/ideas show 1")
    assert "1 PART" == chooser(shown)["initial_option"]["value"]
    await slack.click(rosa, shown.notes[-1], "idea_component", "1 LEAD")
    assert "LEAD" == (await row(bot))["components"]
    note = slack.notes(rosa)[-1] if slack.notes(rosa) else shown.notes[-1]
    assert "About: Leads Beyond the Library" in words(note)
    slack.edit(message, f"{PLAN}, twice, with the science teacher and the math teacher")
    await eventually(lambda: _edited(bot), "the edit arrived")
    assert "LEAD" == (await row(bot))["components"]


async def _edited(bot: Bot) -> bool:
    return "twice" in str((await row(bot))["text"])


async def test_an_idea_may_be_about_none_of_these(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`None of these` takes the component away, also from every filter by it."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(rosa, room, "/ideas show 1")
    await slack.click(rosa, shown.notes[-1], "idea_component", "1 -")
    assert "" == (await row(bot))["components"]
    found = await slack.command(rosa, room, "/ideas list component:PART")
    assert "nothing yet" in words(found)


async def test_who_coordinates_may_change_it_and_others_may_not(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """An admin sees the list; a colleague does not, and a click of theirs is refused."""
    joan = slack.add_user("joan", is_admin=True)
    slack.join(joan, room)
    await keep(bot, slack, rosa, room, PLAN)
    bens = await slack.command(ben, room, "/ideas show 1")
    with pytest.raises(StopIteration):
        chooser(bens)
    joans = await slack.command(joan, room, "/ideas show 1")
    answer = await slack.click(ben, joans.notes[-1], "idea_component", "1 LIT")
    assert "somebody else's idea" in words(answer.notes[-1])
    assert "PART" == (await row(bot))["components"]
    await slack.click(joan, joans.notes[-1], "idea_component", "1 LIT")
    assert "LIT" == (await row(bot))["components"]


async def test_a_withdrawn_idea_has_no_component_to_change(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Between showing and choosing it was withdrawn: the answer says so, nothing is kept."""
    message = await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(rosa, room, "/ideas show 1")
    slack.delete(message)
    await eventually(lambda: _gone(bot), "it is withdrawn")
    answer = await slack.click(rosa, shown.notes[-1], "idea_component", "1 LIT")
    assert "#1 is not an idea that you can see" in words(answer.notes[-1])


async def _gone(bot: Bot) -> bool:
    return not await bot.rows()


async def test_it_says_which_words_speak_for_a_component(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Under an idea stand the words that decided; beside a component chosen by hand none do."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(rosa, room, "/ideas show 1")
    (small,) = [text for text in words(shown).split("  ") if "About: " in text] or [words(shown)]
    assert "About: Builds Instructional Partnerships (it says “" in small
    assert "“taught it together”" in small or "“planned”" in small
    await slack.click(rosa, shown.notes[-1], "idea_component", "1 SPACE")
    assert "About: Designs Collaborative Spaces" in words(shown.notes[-1])
    assert "it says" not in words(shown.notes[-1])


# -- more like this ---------------------------------------------------------------------------


async def test_more_like_this_finds_by_words_tags_and_parts(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What shares the words comes before what shares a tag alone."""
    await keep(bot, slack, rosa, room, f"{PLAN} #sources")
    await keep(bot, slack, ben, room, f"{PLAN} in autumn")
    shown = await slack.command(rosa, room, "/ideas show 1")
    alike = words((await slack.click(rosa, shown.notes[-1], "more", "ideas_alike 1")).notes[-1])
    assert "More like #1" in alike
    assert "in autumn" in alike
    await keep(bot, slack, ben, room, f"{GARDEN} #sources")
    alike = words((await slack.click(rosa, shown.notes[-1], "more", "ideas_alike 1")).notes[-1])
    assert 0 < alike.index("in autumn") < alike.index("reading garden")


async def test_where_nothing_is_alike_it_says_what_to_try(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """No dead end."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(rosa, room, "/ideas show 1")
    answer = await slack.click(rosa, shown.notes[-1], "more", "ideas_alike 1")
    assert "I know no other idea like #1 yet" in words(answer.notes[-1])


async def test_more_like_this_leaks_no_private_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What stands in a private channel is like nothing for those who are not in it."""
    den = slack.add_channel("den", [rosa], private=True, bot=True)
    await keep(bot, slack, rosa, room, PLAN)
    await keep(bot, slack, rosa, den, f"{PLAN} in secret")
    shown = await slack.command(ben, room, "/ideas show 1")
    answer = await slack.click(ben, shown.notes[-1], "more", "ideas_alike 1")
    assert "secret" not in words(answer.notes[-1])
    shown = await slack.command(rosa, room, "/ideas show 1")
    answer = await slack.click(rosa, shown.notes[-1], "more", "ideas_alike 1")
    assert "secret" in words(answer.notes[-1])


# -- I tried this -----------------------------------------------------------------------------


async def tell(slack: Slack, who: Member, place: Any, **fields: str) -> Answer:
    await slack.click(who, place, "idea_tried")
    return await slack.submit(who, {"came": "changed", **fields})


async def test_a_trial_is_kept_counted_and_told_to_the_author(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The author hears of it in a direct message, the number stands on the idea and in the CSV."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(ben, room, "/ideas show 1")
    answer = await tell(
        slack,
        ben,
        shown.notes[-1],
        grades="Grades 6 to 8",
        setting="One class",
        words="We cut it to <!channel> one *lesson*.",
    )
    assert answer.ok
    await bot.quiet()
    (news,) = slack.said_by_bot(slack.open_im(rosa))
    assert "tried your idea #1: it worked, with changes (grades 6 to 8, one class)." in words(news)
    assert "<!channel>" not in news.text
    assert 1 == (await row(bot))["tried"]
    again = await slack.command(rosa, room, "/ideas show 1")
    assert "tried by 1 person" in words(again)
    thanks = words(slack.notes(ben)[-1])
    assert "I’ll tell Rosa Alvarez, and it goes into Friday’s digest." in thanks


async def test_told_again_a_trial_takes_the_place_of_the_first(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """One person tries an idea once, however often they tell of it."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(ben, room, "/ideas show 1")
    await tell(slack, ben, shown.notes[-1])
    await bot.quiet()
    await tell(slack, ben, shown.notes[-1], came="failed")
    await bot.quiet()
    assert 1 == (await row(bot))["tried"]
    told = [words(one) for one in slack.said_by_bot(slack.open_im(rosa))]
    assert 2 == len(told)
    assert "it did not work this time." in told[-1]


async def test_the_form_holds_what_was_told_before(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Who presses the button again changes their own words; others begin with an empty form."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(ben, room, "/ideas show 1")
    about = {"grades": "Grades 6 to 8", "setting": "One class", "words": "We cut it."}
    await tell(slack, ben, shown.notes[-1], **about)
    await bot.quiet()
    await slack.click(ben, shown.notes[-1], "idea_tried")
    assert (await slack.submit(ben, {"came": "worked"})).ok
    await bot.quiet()
    told = words((await slack.command(ben, room, "/ideas show 1")).notes[-1])
    assert "it worked (grades 6 to 8, one class). “We cut it.”" in told
    joan = slack.add_user("joan", display_name="Joan Petersen")
    slack.join(joan, room)
    again = await slack.command(joan, room, "/ideas show 1")
    await slack.click(joan, again.notes[-1], "idea_tried")
    view = slack.view(joan)
    assert "We cut it" not in str(view)


async def test_what_came_of_it_must_be_said(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The form stays open until that is chosen; nothing is kept before."""
    await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(ben, room, "/ideas show 1")
    await slack.click(ben, shown.notes[-1], "idea_tried")
    assert not (await slack.submit(ben, {"words": "It went well."})).ok
    assert 0 == (await row(bot))["tried"]


async def test_nobody_tries_their_own_idea_or_a_question(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """The button is not there for the author; pressed all the same, it says why not."""
    await keep(bot, slack, rosa, room, PLAN)
    await keep(bot, slack, rosa, room, "Who of you has ever run a mock Newbery in a high school?")
    mine = await slack.command(rosa, room, "/ideas show 1")
    assert "I tried this" not in buttons(mine)
    bens = await slack.command(ben, room, "/ideas show 1")
    answer = await slack.click(rosa, bens.notes[-1], "idea_tried")
    assert "your own idea" in words(answer.notes[-1])
    question = await slack.command(ben, room, "/ideas show 2")
    assert "I tried this" not in buttons(question)


async def test_a_form_sent_after_the_idea_is_gone_says_so(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Rights are looked at again when the form comes: nothing is kept, the words stay."""
    message = await keep(bot, slack, rosa, room, PLAN)
    shown = await slack.command(ben, room, "/ideas show 1")
    await slack.click(ben, shown.notes[-1], "idea_tried")
    slack.delete(message)
    await eventually(lambda: _gone(bot), "it is withdrawn")
    answer = await slack.submit(ben, {"came": "worked"})
    assert not answer.ok
    assert "#1 is not an idea that you can see" in str(answer.errors)
    with pytest.raises(SlackError):
        await slack.click(ben, shown.notes[-1], "no_such_button")


# -- the digest's own buttons -----------------------------------------------------------------


async def test_the_digest_lists_its_week_and_what_can_be_done_with_an_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """*See all* answers beside the digest, which stays; *I tried this* stands on each idea.

    In the list, too, what can be done stands open on buttons; nobody tries their own idea.
    """
    await keep(bot, slack, rosa, room, PLAN)
    await keep(bot, slack, ben, room, f"{PLAN} in autumn")
    known = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert known is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, known, bot.parts.clock())
    digest = slack.said_by_bot(room)[-1]
    before = digest.text
    seen = await slack.click(ben, digest, "ideas_list")
    assert "in autumn" in words(seen.notes[-1])
    assert before == digest.text
    rows = [block["elements"] for block in seen.notes[-1].blocks if block["type"] == "actions"]
    assert [["Save"], ["I tried this", "Save"]] == [
        [button["text"]["text"] for button in row if button["type"] == "button"] for row in rows
    ]
    assert [["Show in full", "More like this", "Cite this idea"]] * 2 == [
        [option["text"]["text"] for option in row[-1]["options"]] for row in rows
    ]
    ours, theirs = (row[-2]["value"] for row in rows)
    assert {"1", "2"} == {ours, theirs}
    for other in (ours, theirs):
        line = row_of(seen.notes[-1], "Save", other)
        chosen = f"ideas_alike {other}"
        found = await slack.click(ben, seen.notes[-1], "more", chosen, block_id=line)
        assert f"More like #{other}" in words(found.notes[-1])
    number = theirs
    who = ben
    tried = row_of(digest, "I tried this", number)
    await slack.click(who, digest, "idea_tried", number, block_id=tried)
    assert (await slack.submit(who, {"came": "worked"})).ok
    assert 1 == (await row(bot, int(number)))["tried"]
    await slack.click(ben, digest, "idea_share")
    assert slack.view(ben) is not None
