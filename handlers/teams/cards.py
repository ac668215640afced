"""`Message` to an activity with an Adaptive Card. Pure, and total.

Nothing anybody wrote can mention, link or change how the words around it look; see `words.py`.
Colours are Teams' own names for them, so that a card looks at home by day and by night. A message
is made to fit: texts are cut on a word, with `…`, before anything is left out.

The key of a delivery is the id of the card's first element: nobody sees it, and Graph tells it.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, assert_never

from bot.core.model import parts
from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.cutting import cut, size
from bot.core.model.parts import Button, Home, Menu, Message, Run, Select
from handlers import texts
from handlers.shapes import Payload, dicts, string
from handlers.teams import inputs, presses, words
from handlers.teams.attachments import CARD, content_of

VERSION: Final = "1.5"
"""Of Adaptive Cards: the latest that all clients of Teams draw."""

MOST: Final = 38_000
"""Characters of a whole activity: Teams takes 100 KB at two bytes each, and advises 80 at most."""
FALLBACK: Final = 4_000
SUMMARY: Final = 300
"""Characters of what a notification says."""
TEXT: Final = 4_000
HEADER: Final = 150
BUTTON: Final = 75
VALUE: Final = 2_000
"""Characters that a button may carry."""
ROW: Final = 4
"""Buttons in a row, beside those of its menu; Teams hides what is beyond the sixth."""
BLOCK: Final = "\u2587"
LONGEST_BAR: Final = 6
SHORTEST: Final = 120
"""Characters to which the texts of a message are cut before parts are left out."""

_KEY: Final = "commonplace:"


def to_activity(message: Message, *, key: str = "", dialogs: bool = True) -> Payload:
    """Return a message as an activity: a card, and what notifications say of it.

    Args:
        key: of the delivery, found again with `key_of`.
        dialogs: whether a button may open one, as everywhere but in the Agents Playground.
    """
    return posted(to_card(message, key=key, dialogs=dialogs), message.fallback)


def posted(card: Payload, said: str) -> Payload:
    """Return a card as an activity. *said*: what notifications say of it."""
    return {
        "type": "message",
        "summary": cut(words.one_line(said).replace("`", ""), SUMMARY) or "…",
        "attachments": [{"contentType": CARD, "content": card}],
    }


def to_card(message: Message, *, key: str = "", dialogs: bool = True) -> Payload:
    """Return a message as a card; see `to_activity`."""
    pieces = message.parts or (parts.Paragraph((Run(message.fallback),)),)
    more = parts.Note((Run("…"),))

    def drawn(number: int, cap: int) -> Payload:
        kept = pieces if number == len(pieces) else (*pieces[:number], more)
        body = list(_Drawing(cap, kept, dialogs=dialogs).body(kept))
        card = whole_card(_keyed(body or words.lines([Run("…")], 1), key), message.fallback)
        return {**card, "refresh": _anew(message.place)} if isinstance(message, Home) else card

    cap, card = TEXT, drawn(len(pieces), TEXT)
    while _weight(card) > MOST and cap > SHORTEST:
        cap = cap * 2 // 3
        card = drawn(len(pieces), cap)
    if _weight(card) <= MOST:
        return card
    fewer = range(len(pieces))
    fitting = bisect_right(fewer, MOST, key=lambda number: _weight(drawn(number, cap)))
    return drawn(max(fitting - 1, 0), cap)


def _anew(place: Action) -> Payload:
    """What Teams asks for by itself when a card with a member's desk is looked at again."""
    return {"action": acting(place.act, "Refresh", presses.of_button(place))}


def whole_card(body: list[Payload], fallback: str) -> Payload:
    """Return elements as a card, with the words for clients that do not draw it."""
    return {
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": fallback_text(fallback),
        "msteams": {"width": "Full"},
        "body": body,
    }


def plain(message: Message) -> Payload:
    """Return the message without a card, for where that is not drawn: whole, unstyled."""
    return {"type": "message", "text": fallback_text(message.fallback), "textFormat": "plain"}


def fallback_text(text: str) -> str:
    """Return words as clients get them that draw no card."""
    return cut(words.clean(text), FALLBACK) or "…"


def key_of(message: Payload) -> str:
    """Return the key of the delivery that a message carries, from Graph or as it was sent."""
    for attachment in dicts(message.get("attachments")):
        if attachment.get("contentType") == CARD:
            for element in dicts(content_of(attachment).get("body")):
                ident = string(element.get("id"))
                if ident.startswith(_KEY):
                    return ident.removeprefix(_KEY)
    return ""


# -- parts ------------------------------------------------------------------------------------


def _keyed(body: list[Payload], key: str) -> list[Payload]:
    if not key:
        return body
    first = _container([body[0]]) if "id" in body[0] else body[0]
    return [{"id": f"{_KEY}{key}", **first}, *body[1:]]


class _Drawing:
    """Draws the parts of one card, in which no two elements have the same id."""

    def __init__(self, cap: int, pieces: Sequence[parts.Part], *, dialogs: bool) -> None:
        rows = (piece.buttons for piece in pieces if isinstance(piece, parts.Actions))
        lists = any(isinstance(button, Select) for row in rows for button in row) or any(
            isinstance(piece, parts.Entry) for piece in pieces
        )
        self.cap = cap
        self.dialogs = dialogs
        self._alone: Payload = {"associatedInputs": "none"} if lists else {}
        """What keeps a button from asking for a choice that is not its own."""
        self._named = 0

    def body(self, pieces: Iterable[parts.Part]) -> Iterator[Payload]:
        """Draw parts; a line between two, and room below buttons, are properties of the second."""
        divided = below_buttons = False
        for piece in pieces:
            if isinstance(piece, parts.Divider):
                divided = True
                continue
            for element in self._part(piece):
                buttons = element["type"] == "ActionSet"
                roomy = {"spacing": "Large"} if below_buttons and not buttons else {}
                apart = {"separator": True, "spacing": "Medium"} if divided else {}
                yield {**roomy, **element, **apart}
                divided, below_buttons = False, buttons

    def _part(self, part: parts.Part) -> list[Payload]:
        match part:
            case parts.Header(text=text):
                return header(text, self.cap)
            case parts.Paragraph(runs=runs, button=button):
                return self._paragraph(words.lines(runs, self.cap), button)
            case parts.Quote(text=text, runs=runs):
                fit = runs and len(text) <= self.cap
                said = words.quoted(runs if fit else (Run(text),), self.cap)
                return _closer([_container(said, style="emphasis")] if said else [])
            case parts.Note(runs=runs):
                return _closer(words.lines(runs, self.cap, size="Small", isSubtle=True))
            case parts.Divider() | parts.Picture():
                return []  # what Teams keeps of a photo, it shows to nobody else
            case parts.Actions(buttons=buttons):
                return self._actions(buttons)
            case parts.Entry(button=button):
                return [*inputs.of_entry(part), *self._sending(button)]
            case parts.Chart():
                return self._chart(part)
            case _ as never:
                assert_never(never)

    def _paragraph(self, said: list[Payload], button: Button | None) -> list[Payload]:
        """Words, and their button below them: on a telephone there is no room beside them."""
        drawn, asked = self._button(button) if button else ({}, {})
        below = [{**_row([drawn]), **({"spacing": "Small"} if said else {})}] if drawn else []
        return [*said, *below, *([asked] if asked else [])]

    def _chart(self, chart: parts.Chart) -> list[Payload]:
        """Bars of blocks, the longest of the same length whatever the numbers are."""
        most = max((bar.count for bar in chart.bars), default=0)
        rows = words.lines([Run(chart.title, bold=True)], self.cap)
        for bar in chart.bars:
            blocks = max(1, round(LONGEST_BAR * bar.count / most)) if bar.count > 0 else 0
            row = words.lines([Run(f"{bar.count:,}", bold=True), Run(f" {bar.label}")], self.cap)
            if row and blocks:
                drawn = {"type": "TextRun", "text": f"{BLOCK * blocks} ", "color": "Accent"}
                row[0]["inlines"].insert(0, drawn)
            rows += [{**one, "spacing": "None"} for one in row]
        return rows if chart.bars else []

    # -- buttons --

    def _sending(self, button: Button) -> list[Payload]:
        """The button that what stands in the fields of a message goes with."""
        drawn, asked = self._button(button, alone={})
        return [*([_row([drawn])] if drawn else []), *([asked] if asked else [])]

    def _actions(self, buttons: Iterable[Button | Select | Menu]) -> list[Payload]:
        rows: list[Payload] = []
        hidden: list[Payload] = []
        row: list[Payload] = []
        for button in buttons:
            if isinstance(button, Select):
                rows += [_row(row)] if row else []
                row = []
                rows += self._select(button)
                continue
            if isinstance(button, Menu):
                row += [one | {"mode": "secondary"} for one in self._plain(button.buttons)]
                continue
            drawn, asked = self._button(button)
            row += [drawn] if drawn else []
            hidden += [asked] if asked else []
            if sum("mode" not in one for one in row) == ROW:
                rows.append(_row(row))
                row = []
        return [*rows, *([_row(row)] if row else []), *hidden]

    def _plain(self, buttons: Iterable[Button]) -> list[Payload]:
        """Buttons of a menu, in which none asks before it acts."""
        drawn = (self._button(replace(button, confirm=None))[0] for button in buttons)
        return [one for one in drawn if one]

    def _button(self, button: Button, alone: Payload | None = None) -> tuple[Payload, Payload]:
        """A button, and what it opens to ask first; both empty where it could not do its work."""
        address = texts.address_of(button.url)
        if size(button.action.value) > VALUE or (button.url and not address.startswith("http")):
            return {}, {}
        title = words.label(button.text, BUTTON)
        if address:
            return {"type": "Action.OpenUrl", "title": title, "url": address}, {}
        style = "destructive" if button.danger else "positive" if button.primary else ""
        styled = {"style": style} if style else {}
        fetched = self.dialogs and button.act in FORMS
        acts = acting(button.act, title, presses.of_button(button.action, fetched=fetched))
        acts |= (self._alone if alone is None else alone) | styled
        if button.confirm is None:
            return acts, {}
        ident = self._name("asked")
        return _toggle(ident, title) | styled, _asked(button.confirm, acts, ident)

    def _select(self, select: Select) -> list[Payload]:
        field = self._name("choice")
        hint = words.label(select.hint, HEADER)
        choices = inputs.choices(select.choices, select.value)
        if not choices:
            return []
        box = {
            "type": "Input.ChoiceSet",
            "id": field,
            "label": hint,
            "placeholder": hint,
            "isRequired": True,
            "errorMessage": "Please choose one.",
            **choices,
        }
        press = acting(select.act, "Choose", presses.of_choice(select.act, field))
        return [box, {**_row([press]), "spacing": "Small"}]

    def _name(self, kind: str) -> str:
        self._named += 1
        return f"{kind}{self._named}"


def header(text: str, limit: int = HEADER) -> list[Payload]:
    """Return the one large line of a card, which screen readers know for a headline."""
    title = cut(words.one_line(text), min(limit, HEADER))
    head: Payload = {"type": "TextBlock", "text": words.markdown(title), "style": "heading"}
    return [{**head, "size": "Large", "weight": "Bolder", "wrap": True}] if title else []


def acting(act: Act, title: str, data: Payload) -> Payload:
    """Return a button that acts; a dialog is fetched by Action.Submit alone."""
    if "msteams" in data:
        return {"type": "Action.Submit", "title": title, "data": data}
    return {"type": "Action.Execute", "title": title, "verb": str(act), "data": data}


def _asked(confirm: parts.Confirm, acts: Payload, ident: str) -> Payload:
    """A question that is hidden until its button is pressed."""
    said = [
        *words.lines([Run(words.one_line(confirm.title), bold=True)], HEADER),
        *words.lines([Run(confirm.text)], TEXT),
    ]
    yes = {**acts, "title": words.label(confirm.yes, BUTTON)}
    no = _toggle(ident, words.label(confirm.no, BUTTON))
    made = _container([*said, _row([yes, no])], style="emphasis")
    return {**made, "id": ident, "isVisible": False}


def _toggle(ident: str, title: str) -> Payload:
    return {"type": "Action.ToggleVisibility", "title": title, "targetElements": [ident]}


def _row(actions: list[Payload]) -> Payload:
    return {"type": "ActionSet", "actions": actions}


def _closer(elements: list[Payload]) -> list[Payload]:
    """Elements that belong to what stands above them."""
    return [{**elements[0], "spacing": "Small"}, *elements[1:]] if elements else []


def _container(items: list[Payload], **style: object) -> Payload:
    return {"type": "Container", **style, "items": items}


def _weight(card: Payload) -> int:
    """How long an activity with this card is."""
    whole = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    return size(whole) + SUMMARY + 200
