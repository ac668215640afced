"""What is written to the bot without a sign before it."""

import pytest

from bot.core.desk.direct import command_in, shared_in
from bot.core.errors import UnknownCommandError
from bot.core.model.actions import Act, Action
from tests.core.desk.counter import BEN, ELSEWHERE, IDEA, Counter, buttons, said


@pytest.mark.parametrize(
    ("words", "shared"),
    [
        ("idea Book tasting at lunch", "Book tasting at lunch"),
        ("Idea\n Book tasting", "Book tasting"),
        ("/idea Book tasting", "Book tasting"),
        ("idea", ""),
        ("ideas", None),
        ("ideas list", None),
        ("idea: Book tasting", None),
        ("list idea", None),
        ("", None),
    ],
)
def test_the_word_that_shares_an_idea(words: str, shared: str | None) -> None:
    """What follows it is the idea; without any, the form is asked for."""
    assert shared == shared_in(words)


def test_a_sign_before_a_command_is_let_pass() -> None:
    """As where people know commands from elsewhere."""
    for words in ("/list #a", " list #a", "/ideas list #a", "Ideas list #a"):
        assert "list #a" == command_in(words)
    assert ("", "ideal") == (command_in("ideas"), command_in("ideal"))


async def test_a_command_is_done(counter: Counter) -> None:
    """In the bot's own conversation a command needs nothing before it."""
    assert "nothing yet that you can see" in said(
        await counter.desk.said(ELSEWHERE, "list", alone=True)
    )
    assert "Kept as #1" in said(await counter.desk.said(BEN, f"idea {IDEA}", alone=True))
    assert "#1" in said(await counter.desk.said(ELSEWHERE, "1", alone=True))


async def test_what_is_no_command_is_answered_once_at_length(counter: Counter) -> None:
    """The first time the bot says what can be written; after that one line is enough."""
    first = await counter.desk.said(ELSEWHERE, "hello there", alone=True)
    assert "Hello, I am Commonplace." in said(first)
    assert {"Share an idea": Action(Act.SHARE), "What you can do": Action(Act.HELP)} == buttons(
        first
    )
    again = said(await counter.desk.said(ELSEWHERE, "lst", alone=True))
    assert ("I do not know lst.", 0) == (again[:18], again.count("\n"))


async def test_of_who_wants_nothing_kept_not_even_that_is_noted(counter: Counter) -> None:
    """They are answered in a line each time; their id stands nowhere for it."""
    here = counter.here
    await here.store.erase("T1", "UBEN", keeps_nothing=True, now=here.clock())
    for _ in range(2):
        hint = said(await counter.desk.said(ELSEWHERE, "lst", alone=True))
        assert "I do not know lst." in hint
    assert {} == await here.store.holdings("T1", "UBEN")


async def test_words_that_may_be_an_idea_can_be_shared(counter: Counter) -> None:
    """A button gives them back, so that nobody types them twice; a longer text does not fit one."""
    share = {"Share it as an idea": Action(Act.SHARE_HERE, text=IDEA)}
    first = await counter.desk.said(ELSEWHERE, IDEA, alone=True)
    assert share.items() <= buttons(first).items()
    again = await counter.desk.said(ELSEWHERE, IDEA, alone=True)
    assert (share, "I know no command like that.") == (buttons(again), said(again)[:28])
    long = await counter.desk.said(ELSEWHERE, f"{IDEA} " * 40, alone=True)
    assert {} == buttons(long)


async def test_elsewhere_it_is_not_understood(counter: Counter) -> None:
    """In a channel, where others talk too, the nearest command is named as ever."""
    with pytest.raises(UnknownCommandError):
        await counter.desk.said(BEN, "hello there", alone=False)
