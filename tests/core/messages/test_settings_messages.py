"""What is said about settings and questions, where the running bot does not show it all."""

from datetime import UTC, datetime, timedelta

from bot.core.messages import questions
from bot.core.messages.hours import moment, weekly
from bot.core.model.people import Channel
from bot.core.model.prompts import Bank, OwnPrompt, PromptStats, ProposalDecision, State, number_of
from bot.core.model.weeks import parse_weekly
from bot.core.week.picker import bank_of, waiting, without
from tests.core.stage import BANK, CHICAGO

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
NAMELESS = Channel(workspace="T1", id="C1", first_seen=NOW)


def own(**given: object) -> OwnPrompt:
    usual: dict[str, object] = {
        "channel": "C1",
        "number": 1,
        "text": "What else?",
        "state": State.ACCEPTED,
        "by": "UROSA",
        "at": NOW,
    }
    return OwnPrompt(**(usual | given))  # type: ignore[arg-type]


def test_counts_of_many_questions_fit_into_a_message() -> None:
    """Of many questions the latest are shown in each group, and how many came before them."""
    asked = [
        PromptStats(f"q{n}", f"Question {n}?", 1 + n % 2, NOW - timedelta(weeks=n), n % 2)
        for n in range(60)
    ]
    shown = questions.answers(asked, CHICAGO)
    assert len(shown.parts) <= 40
    assert "Nobody has answered yet (30)" in shown.fallback
    assert 2 == str(shown.parts).count("and 15 asked before these")
    assert "asked 2 times" in shown.fallback


def test_only_answered_questions_have_one_group() -> None:
    """Where every question was answered, there is no heading for those that were not."""
    shown = questions.answers([PromptStats("q", "What?", 1, NOW, 3)], CHICAGO)
    assert "Nobody" not in shown.fallback
    assert "3 answers" in shown.fallback


def test_where_names_are_not_known() -> None:
    """A proposal by somebody whose name is not known, for a channel without one, still reads."""
    words = questions.proposal(own(proposed=True), NAMELESS).fallback
    assert "A member proposes a question for a channel:\nWhat else?" in words
    declined = own(state=State.DECLINED, text="What of `this`?")
    assert "declined already: “What of 'this'?”" in (
        questions.decided(ProposalDecision(NAMELESS, declined, now=False)).fallback
    )
    assert (
        "I do not ask it."
        in questions.decided(ProposalDecision(NAMELESS, declined, now=True)).fallback
    )


def test_an_own_question_beside_the_bank() -> None:
    """Own questions stand at the end; proposals and declined ones nowhere; others are reworded."""
    long = "Which " + "very " * 20 + "long question do you ask?"
    bank = bank_of(
        BANK,
        [
            own(),
            own(number=2, text=long, components=("LIT",)),
            own(number=3, state=State.PROPOSED),
            own(number=4, rewords="poetry-month", text="What rhymes?"),
            own(number=5, state=State.DECLINED, rewords="one-move", text="What not?"),
        ],
    )
    assert ("own:1", "own:2") == tuple(prompt.id for prompt in bank.prompts[len(BANK.prompts) :])
    reworded = bank.get("poetry-month")
    assert reworded is not None
    assert ("What rhymes?", "poetry-month") == (reworded.text, reworded.names)
    assert BANK.get("one-move") == bank.get("one-move")
    second = bank.get("own:2")
    assert second is not None
    assert (long, ("LIT",)) == (second.text, second.components)
    assert (1, None) == (number_of("own:1"), number_of("poetry-month"))


def test_skips_never_leave_nothing_to_ask() -> None:
    """When everything that suits any week is skipped, skips do not count."""
    unnamed = frozenset(prompt.id for prompt in BANK.prompts if prompt.names is None)
    assert BANK == without(BANK, unnamed)
    assert "one-move" not in {p.id for p in without(BANK, frozenset({"one-move"})).prompts}
    assert Bank(()) == without(Bank(()), frozenset())


def test_own_questions_have_their_turn_every_other_week() -> None:
    """Never asked, in the order of their numbers; none right after an own one."""
    two = [own(), own(number=2), own(number=3, asked_at=NOW), own(number=4, rewords="one-move")]
    assert ("own:1", "own:2") == waiting(two, ["one-move"])
    assert ("own:1", "own:2") == waiting(two, [])
    assert () == waiting(two, ["own:3", "one-move"])


def test_hours_in_words() -> None:
    """Noon and midnight are told as people write them."""
    at = parse_weekly("sat 12:05")
    assert at is not None
    assert "Saturday, 12:05 PM" == weekly(at)
    assert "Sun Dec 6, 12:30 AM" == moment(datetime(2026, 12, 6, 6, 30, tzinfo=UTC), CHICAGO)
