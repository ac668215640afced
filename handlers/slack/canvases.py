"""The port Pages over Slack's canvases: each channel has one, on which its members write, too.

What is put on it is Markdown in which nothing that somebody wrote is markup: a mention there would
be `![](@U1)`, and its signs are escaped like all others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.finding.markdown import block, inline
from bot.core.model.books import Section
from bot.core.model.parts import Header, Paragraph, Run
from handlers.shapes import Payload, T, dicts, needed, text, whole
from handlers.slack import markup
from handlers.slack.calls import Calls
from handlers.texts import address_of

_BREAK: Final = "  \n"


@dataclass(frozen=True, slots=True)
class Canvases:
    """The canvases of one workspace's channels. Each method promises what `Pages` says."""

    calls: Calls

    async def page_of(self, channel: str) -> str:
        """See `Pages.page_of`."""
        return await self.calls.ask(
            "conversations.info",
            lambda told: text(told.data, "channel", "properties", "canvas", "file_id"),
            channel=channel,
        )

    async def make_page(self, channel: str, parts: Sequence[Section]) -> str:
        """See `Pages.make_page`."""
        return await self.ask(
            "conversations.canvases.create",
            lambda told: needed(told.data, "canvas_id"),
            channel_id=channel,
            document_content=_content(parts),
        )

    async def sections(self, page: str, words: str) -> Sequence[str]:
        """See `Pages.sections`."""
        return await self.ask(
            "canvases.sections.lookup",
            lambda told: [text(one, "id") for one in dicts(whole(told.data, "sections", list))],
            canvas_id=page,
            criteria={"contains_text": words},
        )

    async def insert(self, page: str, parts: Sequence[Section], *, before: str = "") -> None:
        """See `Pages.insert`."""
        where = {"section_id": before} if before else {}
        kind = "insert_before" if before else "insert_at_end"
        await self._edit(page, {"operation": kind, "document_content": _content(parts), **where})

    async def remove(self, page: str, section: str) -> None:
        """See `Pages.remove`."""
        await self._edit(page, {"operation": "delete", "section_id": section})

    async def _edit(self, page: str, change: Payload) -> None:
        await self.ask("canvases.edit", lambda told: told, canvas_id=page, changes=[change])

    async def ask(
        self, method: str, read: Callable[[AsyncSlackResponse], T], **arguments: Any
    ) -> T:
        """As `Calls.ask`; who was installed without the scopes is told so."""
        try:
            return await self.calls.ask(method, read, **arguments)
        except ChatUnavailableError as error:
            if error.code == "missing_scope":
                why = "I lack its permission; whoever runs me can install me again, with it."
                raise ChatError(why, code=error.code) from None
            raise


def _content(parts: Sequence[Section]) -> Payload:
    return {"type": "markdown", "markdown": to_markdown(parts)}


def to_markdown(parts: Sequence[Section]) -> str:
    """Return parts as the Markdown of a canvas, a section for each."""
    return "\n\n".join(map(_part, parts))


def _part(part: Section) -> str:
    match part:
        case Header(text=words):
            return f"## {inline(markup.one_line(words))}"
        case Paragraph(runs=runs):
            return "".join(map(_run, runs)).strip()
        case _ as never:
            assert_never(never)


def _run(run: Run) -> str:
    """A run; each of its line breaks is one on the canvas."""
    return _BREAK.join(_styled(line, run) for line in markup.clean(run.text).split("\n"))


def _styled(words: str, run: Run) -> str:
    core = words.strip()
    if not core:
        return words
    lead, trail = " " * words[:1].isspace(), " " * words[-1:].isspace()
    written = inline(core) if lead else block(core)
    if address := address_of(run.url):
        written = f"[{written}](<{address}>)"
    marks = "**" * run.bold + "_" * run.italic
    return f"{lead}{marks}{written}{marks[::-1]}{trail}"
