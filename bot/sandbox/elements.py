"""What Slack demands of text objects and of the elements inside blocks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_COMMON = frozenset({"type", "action_id"})
_LONGEST = 3000
_SELECT = _COMMON | {"placeholder", "confirm", "focus_on_load"}


@dataclass(slots=True)
class Report:
    """What is wrong so far, in Slack's manner of saying it.

    Attributes:
        letters: How many characters all texts hold together.
        actions: The action ids met in the block at hand.
    """

    messages: list[str] = field(default_factory=list)
    letters: int = 0
    actions: list[str] = field(default_factory=list)

    def add(self, text: str, at: str) -> None:
        """Note one fault at a JSON pointer."""
        self.messages.append(f"[ERROR] {text} [json-pointer:{at}]")

    def keys(
        self, value: Mapping[str, Any], at: str, must: Iterable[str], may: Iterable[str]
    ) -> None:
        """Note which fields are missing and which do not belong here."""
        for name in must:
            if value.get(name) is None:
                self.add(f"missing required field: {name}", at)
        for name in value:
            if name not in {*must, *may}:
                self.add(f"invalid additional property: {name}", at)

    def string(self, value: object, at: str, most: int, least: int = 0) -> None:
        """Check a string's length; None is no string, and passes."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must be a string", at)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", at)

    def items(self, value: object, at: str, most: int, least: int = 1) -> list[Any]:
        """Check a list's length, and return it."""
        if not isinstance(value, list):
            self.add("must be an array", at)
            return []
        if len(value) > most:
            self.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            self.add(f"no fewer than {least} items allowed", at)
        return value

    def text(
        self, value: object, at: str, most: int, *, plain: bool = False, least: int = 1
    ) -> None:
        """Check a text object; None is none, and passes."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.add("must be an object", at)
            return
        kind = value.get("type")
        if kind == "plain_text":
            self.keys(value, at, ("type", "text"), ("emoji",))
        elif kind == "mrkdwn" and not plain:
            self.keys(value, at, ("type", "text"), ("verbatim",))
        else:
            self.add("failed to match all allowed schemas", at)
            self.add("must be one of: plain_text" + ("" if plain else ", mrkdwn"), f"{at}/type")
        self.string(value.get("text"), f"{at}/text", most, least)
        self.letters += len(str(value.get("text", "")))

    def identifier(self, value: Mapping[str, Any], at: str) -> None:
        """Check an element's action id."""
        self.string(value.get("action_id"), f"{at}/action_id", 255, 1)
        if isinstance(value.get("action_id"), str):
            self.actions.append(value["action_id"])

    def confirm(self, value: object, at: str) -> None:
        """Check a confirmation dialog."""
        if value is None:
            return
        if not isinstance(value, dict):
            self.add("must be an object", at)
            return
        self.keys(value, at, ("title", "text", "confirm", "deny"), ("style",))
        self.text(value.get("title"), f"{at}/title", 100, plain=True)
        self.text(value.get("text"), f"{at}/text", 300)
        self.text(value.get("confirm"), f"{at}/confirm", 30, plain=True)
        self.text(value.get("deny"), f"{at}/deny", 30, plain=True)


def element(report: Report, value: object, at: str, allowed: frozenset[str]) -> None:
    """Check one element, which must be of an ``allowed`` type."""
    if not isinstance(value, dict):
        report.add("must be an object", at)
        return
    kind = str(value.get("type"))
    if kind not in allowed or kind not in _CHECKS:
        report.add(f"unsupported type: {kind}", f"{at}/type")
        return
    _CHECKS[kind](report, value, at)
    if kind != "image":
        report.identifier(value, at)
        report.confirm(value.get("confirm"), f"{at}/confirm")


def _button(report: Report, value: Mapping[str, Any], at: str) -> None:
    may = _COMMON | {"url", "value", "style", "confirm", "accessibility_label"}
    report.keys(value, at, ("type", "text"), may)
    report.text(value.get("text"), f"{at}/text", 75, plain=True)
    report.string(value.get("value"), f"{at}/value", 2000)
    report.string(value.get("url"), f"{at}/url", 3000, 1)
    report.string(value.get("accessibility_label"), f"{at}/accessibility_label", 75)
    if str(value.get("style", "primary")) not in {"primary", "danger"}:
        report.add("must be one of: primary, danger", f"{at}/style")


def _image(report: Report, value: Mapping[str, Any], at: str) -> None:
    report.keys(value, at, ("type", "alt_text"), ("image_url", "slack_file"))
    report.string(value.get("alt_text"), f"{at}/alt_text", 2000, 1)
    report.string(value.get("image_url"), f"{at}/image_url", 3000, 1)
    slack_file(report, value, at)


def slack_file(report: Report, value: Mapping[str, Any], at: str) -> None:
    """Check where a picture comes from: an address, or a file of Slack's by its id or address."""
    given = value.get("slack_file")
    if given is None and "image_url" not in value:
        report.add("missing required field: image_url", at)
    elif given is not None and "image_url" in value:
        report.add("image_url and slack_file must not both be given", at)
    elif given is not None and (
        not isinstance(given, dict) or len(given) != 1 or not {"id", "url"}.issuperset(given)
    ):
        report.add("must have either id or url", f"{at}/slack_file")


def _option(report: Report, value: object, at: str, *, plain: bool = True) -> None:
    """Check one option of a menu."""
    if not isinstance(value, dict):
        report.add("must be an object", at)
        return
    report.keys(value, at, ("text", "value"), ("description", "url"))
    report.text(value.get("text"), f"{at}/text", 75, plain=plain)
    report.string(value.get("value"), f"{at}/value", 150)
    report.text(value.get("description"), f"{at}/description", 75, plain=plain)
    report.string(value.get("url"), f"{at}/url", 3000)


def _options(
    report: Report, value: Mapping[str, Any], at: str, most: int, *, plain: bool = True
) -> list[Any]:
    options = report.items(value.get("options"), f"{at}/options", most)
    for number, each in enumerate(options):
        _option(report, each, f"{at}/options/{number}", plain=plain)
    return options


def _initial(report: Report, wanted: object, options: list[Any], at: str) -> None:
    if wanted is not None and wanted not in options:
        report.add("must be one of the provided options", at)


def _initials(report: Report, value: Mapping[str, Any], options: list[Any], at: str) -> None:
    if value.get("initial_options") is not None:
        for number, each in enumerate(
            report.items(value["initial_options"], f"{at}/initial_options", len(options))
        ):
            _initial(report, each, options, f"{at}/initial_options/{number}")


def _static_select(report: Report, value: Mapping[str, Any], at: str) -> None:
    several = value.get("type") == "multi_static_select"
    own = {"options", "option_groups"}
    own |= {"initial_options", "max_selected_items"} if several else {"initial_option"}
    report.keys(value, at, ("type",), _SELECT | own)
    report.text(value.get("placeholder"), f"{at}/placeholder", 150, plain=True)
    options: list[Any] = []
    if "option_groups" in value:
        groups = report.items(value["option_groups"], f"{at}/option_groups", 100)
        for number, group in enumerate(groups):
            where = f"{at}/option_groups/{number}"
            if not isinstance(group, dict):
                report.add("must be an object", where)
                continue
            report.keys(group, where, ("label", "options"), ())
            report.text(group.get("label"), f"{where}/label", 75, plain=True)
            options += _options(report, group, where, 100)
    else:
        options = _options(report, value, at, 100)
    if several:
        _initials(report, value, options, at)
    else:
        _initial(report, value.get("initial_option"), options, f"{at}/initial_option")


def _overflow(report: Report, value: Mapping[str, Any], at: str) -> None:
    report.keys(value, at, ("type", "options"), _COMMON | {"confirm"})
    _options(report, value, at, 5)


def _choices(report: Report, value: Mapping[str, Any], at: str) -> None:
    initial = "initial_options" if value.get("type") == "checkboxes" else "initial_option"
    report.keys(value, at, ("type", "options"), _COMMON | {initial, "confirm", "focus_on_load"})
    options = _options(report, value, at, 10, plain=False)
    if initial == "initial_option":
        _initial(report, value.get(initial), options, f"{at}/{initial}")
    _initials(report, value, options, at)


def _plain_text_input(report: Report, value: Mapping[str, Any], at: str) -> None:
    own = {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"}
    report.keys(value, at, ("type",), _COMMON | own | {"placeholder", "focus_on_load"})
    report.text(value.get("placeholder"), f"{at}/placeholder", 150, plain=True)
    for name, least in (("min_length", 0), ("max_length", 1)):
        wanted = value.get(name)
        if wanted is not None and not (isinstance(wanted, int) and least <= wanted <= _LONGEST):
            report.add(f"must be between {least} and {_LONGEST}", f"{at}/{name}")
            return
    config = value.get("dispatch_action_config") or {"trigger_actions_on": ["on_enter_pressed"]}
    wanted = config.get("trigger_actions_on") if isinstance(config, dict) else None
    for each in report.items(wanted, f"{at}/dispatch_action_config/trigger_actions_on", 2):
        if each not in {"on_enter_pressed", "on_character_entered"}:
            report.add("must be one of: on_enter_pressed, on_character_entered", at)
    longest = value.get("max_length") or _LONGEST
    report.string(value.get("initial_value"), f"{at}/initial_value", longest)


def _picker(report: Report, value: Mapping[str, Any], at: str) -> None:
    own = {"initial_date"} if value.get("type") == "datepicker" else {"initial_time", "timezone"}
    report.keys(value, at, ("type",), _SELECT | own)
    report.text(value.get("placeholder"), f"{at}/placeholder", 150, plain=True)


def _people(report: Report, value: Mapping[str, Any], at: str) -> None:
    own = {"initial_users", "max_selected_items"}
    report.keys(value, at, ("type",), _SELECT | own)
    report.text(value.get("placeholder"), f"{at}/placeholder", 150, plain=True)
    if value.get("initial_users") is not None:
        most = value.get("max_selected_items") or 100
        for number, each in enumerate(
            report.items(value["initial_users"], f"{at}/initial_users", most)
        ):
            report.string(each, f"{at}/initial_users/{number}", 255, 1)
    wanted = value.get("max_selected_items")
    if wanted is not None and not (isinstance(wanted, int) and wanted >= 1):
        report.add("must be more than 0", f"{at}/max_selected_items")


_CHECKS: Final[Mapping[str, Callable[[Report, Mapping[str, Any], str], None]]] = {
    "button": _button,
    "image": _image,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    "overflow": _overflow,
    "checkboxes": _choices,
    "radio_buttons": _choices,
    "plain_text_input": _plain_text_input,
    "datepicker": _picker,
    "timepicker": _picker,
    "multi_users_select": _people,
}
_CHOOSERS = frozenset({"static_select", "datepicker", "timepicker", "checkboxes", "radio_buttons"})
_SEVERAL = frozenset({"multi_static_select"})
ACTIONS: Final = _CHOOSERS | {"button", "overflow"}
ACCESSORY: Final = ACTIONS | _SEVERAL | {"image"}
INPUT: Final = _CHOOSERS | _SEVERAL | {"plain_text_input", "multi_users_select"}
CONTEXT: Final = frozenset({"image"})
