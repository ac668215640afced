"""The administrator's page as Markdown, read by a Markdown reader that is not ours."""

from dataclasses import replace

from markdown_it import MarkdownIt

from bot.core.model.people import Author
from bot.core.report.markdown import plan_text, report_text
from tests.core.report.making import SCOPE, ideas, plan, report, trial, trials
from tests.core.samples import idea

HOSTILE = "**bold** [a](http://x.example) <script>alert(1)</script> | `code` # ~~no~~ &amp; _this_"


def test_it_holds_the_whole_page() -> None:
    """Headings, numbers, quotes with credit, a table and the partners."""
    every = ideas(40)
    html = MarkdownIt().enable("table").render(report_text(report(every, trials(every))))
    assert "<h1>Four Rivers Library Network</h1>" in html
    for heading in ("Leadership", "Teaching", "Evidence", "What it was about"):
        assert f"<h2>{heading}</h2>" in html
    assert 3 == html.count("<blockquote>")
    assert 12 == html.count("<tr>")
    assert "<h2>With which partners</h2>" in html


def test_nothing_anybody_wrote_is_markup() -> None:
    """Titles, names, words and trials are only text, on page and plan."""
    mine = replace(
        idea(1, text=f"{HOSTILE} and we did it all with 9 partners now, every week"),
        author=Author(id="U1", name=HOSTILE[:50], school="1. school"),
        resources=("https://a.example/<b>x y", "javascript:alert(1)"),
        permalink="",
    )
    scope = replace(SCOPE, title=HOSTILE, within="# here")
    tried = [trial(mine, 0, words=f"{HOSTILE} and it worked well here")]
    for text in (report_text(report([mine], tried, scope)), plan_text(plan([mine], tried, scope))):
        html = MarkdownIt().enable("table").render(text)
        for tag in (
            "<script",
            "<code",
            "<em>",
            "<s>",
            "<b>",
            "<ol",
            "javascript:",
        ):
            assert tag not in html
        assert "alert(1)" in html
        assert 1 == html.count("<h1>")
