"""Pages as files: nobody waits while one is made and drawn."""

import threading
from collections.abc import Callable

import pytest

from bot.core.model.ideas import Idea
from bot.core.report.values import Plan, Report
from bot.printing import drawn
from tests.core.report.making import ideas, plan, report


@pytest.mark.parametrize(("make", "form"), [(report, "html"), (report, "md"), (plan, "csv")])
async def test_others_go_on_meanwhile(
    make: Callable[[list[Idea]], Report | Plan], form: str
) -> None:
    """It is made in another thread than the one that answers people."""
    threads = []

    def made() -> Report | Plan:
        threads.append(threading.current_thread())
        return make(ideas(3))

    assert await drawn(made, form)
    assert [False] == [one is threading.main_thread() for one in threads]
