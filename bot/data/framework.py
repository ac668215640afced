"""The framework that ideas are sorted by, and the weights that were learnt for it."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import field, structs

from bot.core.model.component_weights import NOTHING, ComponentWeights, Weights
from bot.core.model.framework import Component, Framework, plain_name, tokens_of
from bot.data.reading import FOLDER, Filled, Form, Positive, read, wrong

WEIGHTS: Final = FOLDER / "component_weights.json"

_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}\Z")
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,11}\Z")
_SIGN: Final = 8
"""Characters of which the longest emoji is made."""
_CONTRAST: Final = 4.5
"""The least contrast of a component's colour with white (WCAG 2, level AA)."""


class _Component(Form):
    code: Filled
    gear: Filled
    name: Filled
    description: Filled
    colour: Filled
    short: Filled = ""
    sign: str = ""
    column: str = "teaching"
    aliases: tuple[Filled, ...] = ()
    words: dict[str, tuple[Filled, ...]] = field(default_factory=dict)


class _File(Form):
    version: Filled
    enough: Positive
    second: Positive
    ignored: tuple[Filled, ...] = ()
    weights: dict[str, Positive] = field(default_factory=dict)
    component: tuple[_Component, ...] = ()


def framework_at(path: str) -> Framework:
    """Return the framework of the file at *path*; without a path, the program's own.

    Raises:
        OSError, UnicodeDecodeError: the file cannot be read.
        FrameworkError: as `load_framework`.
    """
    return load_framework(Path(path).read_text("utf-8"), called=path) if path else load_framework()


@lru_cache(maxsize=2)
def load_framework(text: str | None = None, *, called: str = "framework.toml") -> Framework:
    """Read a framework file.

    Args:
        text: the TOML; None reads the file that comes with the program.
        called: what to call it in an error.

    Raises:
        FrameworkError: what is wrong with which entry, and what would be right.
    """
    file = read(_File, called, text)
    if not file.component:
        raise wrong(called, "the file", "has no component", "add at least one [[component]]")
    components: list[Component] = []
    names: dict[str, Component] = {}
    for entry in file.component:
        where = f"component {entry.code}"
        component = _component(called, where, entry, file.weights)
        for name in component.names:
            other = names.setdefault(plain_name(name), component)
            if other is not component:
                what = f'the name "{name}" is also a name of {other.code}'
                raise wrong(called, where, what, "give each its own names")
        for word in component.words.keys() & set(file.ignored):
            raise wrong(called, where, f'"{word}" is also under `ignored`', "keep one of the two")
        components.append(component)
    return Framework(
        version=file.version,
        components=tuple(components),
        enough=file.enough,
        second=file.second,
        ignored=file.ignored,
        learned=load_component_weights([one.code for one in components]) if text is None else None,
    )


def _component(file: str, where: str, entry: _Component, weights: Mapping[str, float]) -> Component:
    words: dict[str, float] = {}
    for name, listed in entry.words.items():
        if name not in weights:
            remedy = f"use one of {', '.join(weights)}"
            raise wrong(file, where, f'"{name}" is not a weight', remedy)
        for word in listed:
            if not tokens_of(word):
                raise wrong(file, where, f'"{word}" has no word in it', "take it out")
            if word in words:
                raise wrong(file, where, f'"{word}" is listed twice', "keep one of the two")
            words[word] = weights[name]
    own = structs.asdict(entry) | {"short": entry.short or entry.name, "words": words}
    component = Component(**own)
    if fault := _fault(component):
        raise wrong(file, where, *fault)
    return component


def _fault(component: Component) -> tuple[str, str] | None:
    """What is wrong with a component's code, sign or colour, and the remedy."""
    code, sign, colour = component.code, component.sign, component.colour
    if not _CODE.match(code):
        return f'the code "{code}" is not valid', "use 2 to 12 capitals, such as LIT"
    if len(sign) > _SIGN or any(map(str.isalnum, sign)):
        return f'the sign "{sign}" is not valid', "use one emoji, such as 📖"
    if component.column not in {"leadership", "teaching"}:
        return f'the column "{component.column}" is not valid', "use leadership or teaching"
    if not _COLOUR.match(colour):
        return f'"{colour}" is not a colour', "write six digits, such as #2B479C"
    if contrast_with_white(colour) < _CONTRAST:
        return f"{colour} is too pale to read on white", "choose a darker colour"
    return None


def contrast_with_white(colour: str) -> float:
    """Return how well `#rrggbb` stands out from white, 1 to 21, by the rule of WCAG 2."""
    shares = [channel / 255 for channel in bytes.fromhex(colour[1:])]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def load_component_weights(codes: Sequence[str]) -> ComponentWeights:
    """Read the weights that come with the program, for the components called *codes*."""
    learned = json.loads(WEIGHTS.read_bytes())

    def row(said: Mapping[str, float]) -> Weights:
        return tuple([said.get(one, 0.0) for one in (*codes, NOTHING)])

    return ComponentWeights(
        codes=tuple(codes),
        silent=learned["silent"],
        least=learned["least"],
        second=learned["second"],
        base=row(learned["base"]),
        points={code: row(said) for code, said in learned["points"].items()},
        words={letters: row(said) for letters, said in learned["words"].items()},
    )
