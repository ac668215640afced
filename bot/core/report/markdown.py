"""The page and the plan as Markdown, to be pasted: what people wrote is only text in it."""

import re
from typing import Final

from bot.core.finding.markdown import block, inline
from bot.core.messages.common import count
from bot.core.model.links import is_address
from bot.core.report import words
from bot.core.report.values import Column, Entry, Plan, Report

MOST: Final = 15
"""Ideas in each list of a plan; more are in the CSV."""

MOST_LINKS: Final = 5
"""Links beside one idea."""


def report_text(report: Report) -> str:
    """The administrator's page as Markdown; ends with a line break."""
    lines = [f"# {inline(words.title_of(report))}", ""]
    about = block(words.about(report))
    lines += [about, ""] if about else []
    lines += [f"**{words.summary(report)}**", ""]
    for column in report.columns:
        lines += _column(column)
    lines += ["## What it was about", "", "| Part | Shared | Tried |", "|---|---:|---:|"]
    lines += [
        f"| {_cell(one.component.short)} | {one.shared:,} | {one.tried:,} |"
        for one in report.shares
    ]
    if report.partners:
        lines += ["", "## With which partners", ""]
        lines += [f"- {one.label}: {count(one.value, 'idea')}" for one in report.partners]
    return "\n".join([*lines, "", "---", "", _foot(report)]) + "\n"


def _column(column: Column) -> list[str]:
    number = column.figure
    lines = [f"## {column.title}", "", column.about, ""]
    lines += [f"**{number.value:,}** {number.words}.", ""]
    if column.story is None:
        lines += [column.silence, ""]
    else:
        lines += [f"> “{inline(column.story.text)}”", ">", f"> – {inline(column.story.by)}", ""]
        lines += [inline(column.story.about), ""] if column.story.about else []
    return lines + ([f"- {inline(one.label)}: {one.value:,}" for one in column.lines] + [""])


def plan_text(plan: Plan) -> str:
    """The library plan as Markdown; ends with a line break."""
    lines = [f"# Library plan: {inline(words.title_of(plan))}", ""]
    about = block(words.about(plan))
    lines += [about, ""] if about else []
    for section in plan.sections:
        name = inline(section.component.name)
        lines += [f"## {name}", "", "### Current practices", ""]
        lines += _entries(section.practices) or [words.NO_PRACTICE]
        lines += ["", "### Opportunities", ""]
        lines += _entries(section.opportunities) or [words.NO_OPPORTUNITY]
        lines.append("")
    return "\n".join([*lines, "---", "", _foot(plan)]) + "\n"


def _entries(entries: tuple[Entry, ...]) -> list[str]:
    lines = [_entry(one) for one in entries[:MOST]]
    if more := len(entries) - len(lines):
        lines.append(f"- and {more:,} more, in the CSV of this plan")
    return lines


def _entry(one: Entry) -> str:
    text = f"“{inline(one.text)}”" if one.text else f"*{words.UNQUOTED}*"
    came = words.came(one)
    links = [_link(one, url) for url in links_of(one)]
    more = [f"– {inline(one.by)}", *([came] if came else []), *links]
    return f"- {text} {'; '.join(more)}"


def links_of(entry: Entry) -> list[str]:
    """The addresses that an entry points to: the post itself, then what it has with it."""
    known = dict.fromkeys((entry.permalink, *entry.resources))
    return [url for url in known if is_address(url)][:MOST_LINKS]


def _link(entry: Entry, url: str) -> str:
    safe = re.sub(r"[\s<>\\]", lambda found: f"%{ord(found[0]):02X}", url)
    return f"[#{entry.number}](<{safe}>)" if url == entry.permalink else f"<{safe}>"


def _cell(text: str) -> str:
    return inline(text).replace("|", "\\|")


def _foot(page: Report | Plan) -> str:
    return f"{words.PROMISE} {words.MARK} {words.made(page)}"
