"""A coordinator's round at the desk: what it holds, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.core.delivery.result import Sent
from bot.core.desk.replies import Answer, OpenForm, Problems
from bot.core.errors import CommandError, NotAllowedError
from bot.core.messages.common import channel_name
from bot.core.model.actions import Act, Action
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Kind
from bot.core.model.parts import Submission, Words
from bot.core.model.settings import LONGEST_LINE
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, buttons, said

DOUBT = "The visit has moved to Thursday"


async def test_a_round_goes_from_doubt_to_doubt(counter: Counter) -> None:
    """What is judged twice stays as it was judged first; others do not judge."""
    one = await counter.here.says("UBEN", DOUBT, kind=Kind.POST)
    two = await counter.here.says("UBEN", f"{DOUBT} again", kind=Kind.POST)
    yes = Action(Act.JUDGE, number=one, text="yes")
    assert yes == buttons(await counter.desk.command(ROSA, "care"))["Yes, an idea"]
    with pytest.raises(NotAllowedError):
        await counter.desk.press(BEN, yes)
    with pytest.raises(CommandError):
        await counter.desk.press(ROSA, Action(Act.JUDGE))
    for text in ("yes", "no"):
        then = await counter.desk.press(ROSA, Action(Act.JUDGE, number=one, text=text))
        assert Action(Act.JUDGE, number=two, text="yes") == buttons(then)["Yes, an idea"]
    done = await counter.desk.press(ROSA, Action(Act.JUDGE, number=two, text="no"))
    assert "Nothing is in doubt" in said(done)
    beside = await counter.desk.press(ROSA, Action(Act.ROUNDS))
    assert isinstance(beside, Answer)
    assert beside.beside
    with pytest.raises(NotAllowedError):
        await counter.desk.command(BEN, "care")


async def test_a_channel_without_a_digest_says_so(counter: Counter) -> None:
    """No digest, no question: nothing to come is shown."""
    channel = await counter.here.channel()
    await counter.here.store.set_settings(
        replace(channel, digest="off", prompt="off"), who="UROSA", now=counter.here.clock()
    )
    shown = said(await counter.desk.command(ROSA, "care"))
    assert ("no digest is due" in shown, "next questions" in shown) == (True, False)


async def test_what_is_wrong_in_the_form_is_said_at_its_field(counter: Counter) -> None:
    """Nothing is kept then; what is left empty takes line and pick back."""
    about = Action(Act.WEEK, channel="C1")
    opened = await counter.desk.press(ROSA, about)
    assert isinstance(opened, OpenForm)
    assert ["", "line"] == [getattr(one, "id", "") for one in opened.form.fields]
    channel = await counter.here.channel()
    assert Words(f"For {channel_name(channel.name)}.") == opened.form.fields[0]
    number = await counter.here.says("UBEN", IDEA)
    for wrong in ({"line": "x" * (LONGEST_LINE + 1)}, {"pick": "999999"}):
        reply = await counter.desk.submit(ROSA, Submission(about, wrong))
        assert isinstance(reply, Problems)
        assert set(wrong) == set(reply.by_field)
    assert None is await counter.here.store.pick("T1", "C1")
    with pytest.raises(NotAllowedError):
        await counter.desk.submit(BEN, Submission(about, {"line": "mine"}))
    for pick, words in ((str(number), f"your pick: #{number}"), ("-", "new idea so far.")):
        for _ in range(2):
            reply = await counter.desk.submit(ROSA, Submission(about, {"pick": pick}))
            assert words in said(reply)


@pytest.mark.parametrize("act", [Act.SETTINGS, Act.WEEK])
async def test_what_a_digest_used_up_while_a_form_stood_open_stays_used_up(
    counter: Counter, act: Act
) -> None:
    """Sent as it opened, also drawn again in between; a line that is typed anew is kept."""
    here = counter.here
    number = await here.says("UBEN", IDEA)
    start = Submission(
        Action(Act.WEEK, channel="C1"), {"line": "12 days left", "pick": f"{number}"}
    )
    await counter.desk.submit(ROSA, start)
    forms = [await counter.desk.press(ROSA, Action(act, channel="C1"))]
    channel = await here.channel()
    assert isinstance(await here.weekly.post(DeliveryKind.DIGEST, channel, here.clock()), Sent)
    assert isinstance(forms[0], OpenForm)
    about = Action.read(act, forms[0].form.about.value)
    again = (Act.SETTINGS, Act.SETTINGS_MORE) if act is Act.SETTINGS else (act,)
    forms += [await counter.desk.press(ROSA, replace(about, act=one)) for one in again]
    for one in forms:
        assert isinstance(one, OpenForm)
        for line, kept in (("12 days left", ""), ("13 days left", "13 days left"), ("", "")):
            values = {"line": line, "pick": f"{number}"}
            assert not isinstance(
                await counter.desk.submit(ROSA, Submission(one.form.about, values)), Problems
            )
            assert (kept, None) == (
                (await here.channel()).line,
                await here.store.pick("T1", "C1"),
            )


async def test_a_pick_that_is_gone_is_none(counter: Counter) -> None:
    """The digest goes without it, also when it is hidden after it was picked."""
    one = await counter.here.says("UBEN", IDEA)
    await counter.here.says("UROSA", "Another idea that is all about sources")
    about = Action(Act.WEEK, channel="C1")
    await counter.desk.submit(ROSA, Submission(about, {"pick": str(one)}))
    assert "pick of the week" in said(await counter.desk.command(ROSA, "digest"))
    care = Submission(Action(Act.CARE, number=one), {"what": "hidden", "reason": "so"})
    await counter.desk.submit(ROSA, care)
    assert "pick of the week" not in said(await counter.desk.command(ROSA, "digest"))
    assert "your pick" not in said(await counter.desk.command(ROSA, "care"))


async def test_the_next_questions_differ(counter: Counter) -> None:
    """Four in a row, none twice, the pinned one first, one's own that was never asked next."""
    await counter.desk.command(ROSA, "prompt add What do your student helpers teach the others?")
    await counter.desk.command(ROSA, "prompt pin one-move")
    (there,) = (await counter.desk.going_round.rounds.look(ROSA)).channels
    assert 1 == said(await counter.desk.command(ROSA, "care")).count("prompt skip")
    asked = [one.prompt.id for one in there.questions]
    assert (4, 4, "one-move", "own:1") == (len(asked), len(set(asked)), asked[0], asked[1])
    weeks = [one.delivery.at for one in there.questions]
    assert {timedelta(weeks=1)} == {b - a for a, b in pairwise(weeks)}
