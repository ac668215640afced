"""What people press or choose from, as elements of Block Kit. Pure, and total."""

from collections.abc import Iterable
from typing import assert_never

from bot.core.model import parts
from bot.core.model.cutting import cut, size
from bot.core.model.parts import Button, Menu, Select
from handlers import texts
from handlers.shapes import Payload
from handlers.slack import markup

MOST_BUTTONS = 25
MENU = "more"
"""The id of a menu of further buttons."""
MOST_IN_MENU = 5
OPTION_VALUE = 150
BUTTON = 75
BUTTON_VALUE = 2_000
MOST_CHOICES = 100


def actions(buttons: Iterable[Button | Select | Menu]) -> Payload | None:
    """A row of buttons, lists and menus; None where none of them can do its work."""
    drawn: list[Payload] = []
    seen: dict[str, int] = {}
    for button in buttons:
        name = MENU if isinstance(button, Menu) else str(button.act)
        element = _element(button, seen.get(name, 0))
        if element and len(drawn) < MOST_BUTTONS:
            seen[name] = seen.get(name, 0) + 1
            drawn.append(element)
    return {"type": "actions", "elements": drawn} if drawn else None


def _element(one: Button | Select | Menu, place: int) -> Payload | None:
    match one:
        case Button():
            return drawn_button(one, place)
        case Select():
            return _select(one, place)
        case Menu():
            return _menu(one, place)
        case _ as never:
            assert_never(never)


def _menu(menu: Menu, place: int) -> Payload | None:
    """Each option says its act, too: in a menu Slack tells no button apart by its id."""
    options = [
        given(
            text=plain_text(button.text, BUTTON),
            value=f"{button.act} {button.action.value}".rstrip(" "),
            url=texts.address_of(button.url),
        )
        for button in menu.buttons
        if drawn_button(button)
    ]
    kept = [one for one in options if size(one["value"]) <= OPTION_VALUE][:MOST_IN_MENU]
    name = action_id(MENU, place)
    return {"type": "overflow", "action_id": name, "options": kept} if kept else None


def _select(select: Select, place: int) -> Payload | None:
    options = options_of(select.choices, select.value)
    return options and {
        "type": "static_select",
        "action_id": action_id(select.act, place),
        "placeholder": plain_text(select.hint, 150),
        **options,
    }


def options_of(choices: Iterable[parts.Choice], chosen: str) -> Payload | None:
    """What may be chosen, and what is chosen already; None when there is no choice."""
    drawn = {
        choice.value: {"text": plain_text(choice.label, 75), "value": choice.value}
        for choice in choices
        if 0 < size(choice.value) <= OPTION_VALUE
    }
    options = list(drawn.values())[:MOST_CHOICES]
    initial = drawn.get(chosen)
    if not options:
        return None
    return given(options=options, initial_option=initial if initial in options else None)


def drawn_button(button: Button, place: int = 0) -> Payload | None:
    """None for a button that could not do what it says: half a value, or no web address."""
    address = texts.address_of(button.url)
    if size(button.action.value) > BUTTON_VALUE or (button.url and not address.startswith("http")):
        return None
    confirm = button.confirm and given(
        title=plain_text(button.confirm.title, 100),
        text=plain_text(button.confirm.text, 300),
        confirm=plain_text(button.confirm.yes, 30),
        deny=plain_text(button.confirm.no, 30),
        style="danger" if button.danger else "",
    )
    return given(
        type="button",
        action_id=action_id(button.act, place),
        text=plain_text(button.text, BUTTON),
        value=button.action.value,
        url=address,
        style="danger" if button.danger else "primary" if button.primary else "",
        confirm=confirm,
    )


def given(**names: object) -> Payload:
    """An object of Slack's, without the names that have no value."""
    return {name: value for name, value in names.items() if value not in (None, "")}


def action_id(act: str, place: int = 0) -> str:
    """The id of the button at *place* among those of one block with the same act."""
    return f"{act}.{place}" if place else str(act)


def plain_text(words: str, limit: int) -> Payload:
    """Words in which Slack reads no markup, on one line."""
    text = cut(markup.one_line(words), limit, markup.literal)
    return {"type": "plain_text", "text": text or "…", "emoji": True}
