"""The help: a row for each command, filter or part of the framework, with an example."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.model.actions import Act, Action
from bot.core.model.parts import Actions, Button, Header, Message, Note, Paragraph, Run
from bot.core.model.vocabulary import KEPT, LATE, WHERE_TAKEN, WITHDRAWN

_HELP_ON: Final = {
    "": "What you can do",
    "more": "All commands",
    "filters": "Filters, for list, search, mine, random and export",
    "parts": "The parts of the framework",
}
_HOW: Final = (
    "Post an idea in the channel in a sentence or two, and I keep it under your name. "
    f"My {KEPT} shows that I did{WHERE_TAKEN}. Add {WITHDRAWN} to take your idea back{LATE}."
)


@dataclass(frozen=True, slots=True)
class HelpRow:
    """What to type, what it does, one example."""

    usage: str
    words: str
    example: str

    @property
    def name(self) -> str:
        """The usage in one word: `component` of `component:CODE`, `tag` of `#tag`."""
        return self.usage.strip("#@").partition(":")[0].lower()


def help_message(rows: Sequence[HelpRow], topic: str = "") -> Message:
    """Help on a topic: a row for each command, filter or part, with an example."""
    title = _HELP_ON.get(topic, "Help")
    how = (Paragraph((Run(_HOW),)),) if not topic else ()
    more = [
        Button(words, Action(Act.HELP, text=other))
        for words, other in (("All commands", "more"), ("Filters", "filters"), ("Parts", "parts"))
        if other != topic
    ]
    return Message.of(
        Header(title),
        *how,
        *(
            Paragraph(
                (
                    Run(row.usage, code=True),
                    Run(f" {row.words}\n"),
                    Run(f"for example {row.example}", italic=True),
                )
            )
            for row in rows
        ),
        Actions(tuple(more)),
        Note((Run("Only you see these answers."),)),
    )
