"""Emoji: as our sentences call them, as characters, and as Teams names its reactions.

Teams writes a reaction as a word of its own (`like`), as a character, or as that character's code
point with a name (`1f4a1_lightbulb`). Here those that mean something to the core go by the core's
names; of any other the word that Teams sent is kept.
"""

import re
from typing import Final

CHARACTERS: Final = {
    "bulb": "💡",
    "question": "❓",
    "x": "❌",
    "books": "📚",
    "tada": "🎉",
    "wave": "👋",
    "heart": "❤️",
    "+1": "👍",
    "thumbsup": "👍",
    "clap": "👏",
    "eyes": "👀",
    "fire": "🔥",
    "joy": "😂",
    "pray": "🙏",
    "raised_hands": "🙌",
    "rocket": "🚀",
    "smile": "😄",
    "sparkles": "✨",
    "star": "⭐",
    "thinking_face": "🤔",
    "warning": "⚠️",
    "white_check_mark": "✅",
}
"""Characters of emoji that are written as `:name:`."""

_NAMES: Final = {"bulb": "lightbulb", "question": "questionmark", "x": "crossmark"}
"""What stands behind the code point of a reaction that the bot gives."""
_MEANING: Final = {
    "💡": "bulb",
    "❓": "question",
    "❔": "question",
    "❌": "x",
    "✖": "x",
    "❎": "x",
}
_NAMED: Final = re.compile(r"(?<![\w:]):([a-z0-9_+-]{1,40}):(?!\w)")
_CODE: Final = re.compile(r"([0-9a-f]{4,6})(?:[_-].*)?", re.IGNORECASE | re.DOTALL)
_VARIANT: Final = "\ufe0f"


def shown(text: str) -> str:
    """Return a text with characters in the place of the emoji that it names."""
    if ":" not in text:
        return text
    return _NAMED.sub(lambda found: CHARACTERS.get(found[1], found[0]), text)


def name_of(reaction: str) -> str:
    """Return the core's name of a reaction as Teams writes it; what it does not know, as it is."""
    code = _CODE.fullmatch(reaction)
    char = chr(int(code[1], 16)) if code and int(code[1], 16) <= 0x10FFFF else reaction
    return _MEANING.get(char.replace(_VARIANT, ""), reaction)


def reaction_of(name: str) -> str:
    """Return a reaction of the core's name as Teams takes it from a bot."""
    char = CHARACTERS.get(name, "").replace(_VARIANT, "")
    return f"{ord(char):x}_{_NAMES.get(name, name.replace('_', ''))}" if len(char) == 1 else name
