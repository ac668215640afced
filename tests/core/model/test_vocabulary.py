"""References in sentences: each platform's words stand in their place where they are shown."""

import pytest

from bot.core.messages.common import said
from bot.core.messages.notices import welcome
from bot.core.messages.sharing import elsewhere
from bot.core.model.parts import Message
from bot.core.model.typed import tidy
from bot.core.model.vocabulary import ASKED, INVITE, KEPT, SHARE, WITHDRAWN, Vocabulary, command
from handlers.slack.vocabulary import SLACK

ANOTHER = Vocabulary(
    commands="@Commonplace",
    share="@Commonplace share",
    bring="Go to",
    invite="Add an app",
    leave="take me away",
    channel="~",
    kept="\N{ELECTRIC LIGHT BULB}",
    asked="?",
    withdrawn="\N{CROSS MARK}",
    where_taken=", at times",
    late=" by Monday",
    workspace="organization",
    direct="our chat",
    admins="owners",
    coordinators="the owners",
)


@pytest.mark.parametrize(
    ("reference", "slack", "another"),
    [
        (command("show 12"), "/ideas show 12", "@Commonplace show 12"),
        (command(), "/ideas", "@Commonplace"),
        (SHARE, "/idea", "@Commonplace share"),
        (INVITE, "/invite", "Add an app"),
        (KEPT, ":bulb:", "\N{ELECTRIC LIGHT BULB}"),
        (ASKED, ":question:", "?"),
        (WITHDRAWN, ":x:", "\N{CROSS MARK}"),
        ("plain words", "plain words", "plain words"),
    ],
)
def test_each_platform_has_its_words(reference: str, slack: str, another: str) -> None:
    """A sentence that speaks of a command or a sign says it in the words of the platform."""
    assert f"Write `{slack}`, or not." == SLACK.put_into(f"Write `{reference}`, or not.")
    assert f"Write `{another}`, or not." == ANOTHER.put_into(f"Write `{reference}`, or not.")


@pytest.mark.parametrize("text", ["\ufdd0", "\ufddf", "\ufdd1kept", "a\ufdd0b\ufdd0c\ufddfd\ufddf"])
def test_nothing_stays_of_a_reference(text: str) -> None:
    """Half a reference shows no character of it, and what is typed cannot make one."""
    assert not set("\ufdd0\ufdd1\ufddf") & set(SLACK.put_into(text))
    assert not set("\ufdd0\ufdd1\ufddf") & set(tidy(text))


@pytest.mark.parametrize(
    ("message", "slack", "another"),
    [
        (
            welcome("C1"),
            "shows that I kept it. Once",
            "shows that I kept it, at times. Once",
        ),
        (
            welcome("C1"),
            "with :x: or by deleting the post.",
            "with \N{CROSS MARK} by Monday or by deleting the post.",
        ),
        (welcome("C1"), "remove me from the channel.", "take me away."),
        (
            said(elsewhere(())),
            "Invite me to one with /invite, then",
            "Go to Add an app, then",
        ),
    ],
)
def test_what_a_platform_does_otherwise_is_said_so(
    message: Message, slack: str, another: str
) -> None:
    """Signs that come late or not at all, and how the bot comes and goes."""
    assert slack in SLACK.put_into(message.fallback)
    assert another in ANOTHER.put_into(message.fallback)
