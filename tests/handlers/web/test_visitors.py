"""How often an address may ask: a burst, then a steady pace, in bounded memory."""

from handlers.web.visitors import BURST, MOST, PER_SECOND, Visitors


class Seconds:
    """A clock that moves by hand."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_pace() -> None:
    """A burst, then so many each second; one address costs another nothing."""
    clock = Seconds()
    visitors = Visitors(clock)
    asked = [visitors.may_ask("a") for _ in range(int(BURST) + 1)]
    assert [True] * int(BURST) + [False] == asked
    assert visitors.may_ask("b")
    clock.at += 1.0
    assert int(PER_SECOND) == sum(visitors.may_ask("a") for _ in range(20))


def test_memory_is_bounded() -> None:
    """Whoever was silent longest is forgotten first."""
    visitors = Visitors(Seconds())
    for _ in range(int(BURST) + 1):
        visitors.may_ask("a")
    for one in range(MOST - 1):
        visitors.may_ask(f"n{one}")
    assert not visitors.may_ask("a")
    for one in range(MOST):
        visitors.may_ask(f"m{one}")
    assert visitors.may_ask("a")
