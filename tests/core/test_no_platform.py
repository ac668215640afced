"""The core holds no platform's words: what something is called on a platform is its handler's."""

import io
import re
import tokenize
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2] / "bot" / "core"
FILES = sorted(CORE.rglob("*.py"))
WORDS = {
    "a slash command": r"(?<![\w/.~-])/ideas?\b(?![/.\w-])|/invite\b",
    "an emoji by name": r":(?:bulb|x|question|white_check_mark|pushpin|tada):",
    "markup": r"<@|<#C|<!(?:here|channel|subteam)|&(?:amp|lt|gt);",
    "an error code": (
        r"channel_not_found|not_in_channel|invalid_blocks|is_archived|msg_too_long"
        r"|ratelimited|thread_not_found"
    ),
    "a name of the platform's": r"\bSlack\b|\bBlock ?Kit\b|\bmrkdwn\b|\bSocket Mode\b|xox[bp]-",
    "how an id looks": (
        r"\[(?:0|:1)\]\s*(?:==|in)\s*\(?[\"'][CDGUW]|startswith\(\s*\(?\s*[\"'][CDGUW][\"']"
        r"|[\"']\[?\^?[\[(]?(?:CG|UW|CGD|DCG)[\])]?"
    ),
    "how a stamp looks": r"\bfloat\(\s*[\w.]*(?:ts|stamp)\s*\)",
    "a limit of messages": r"\b(?:3_?000|13_?000|11_?000|13_?200|3_?650)\b",
}


def without_comments(source: str) -> str:
    """A module's code, texts and docstrings."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(lines)


@pytest.mark.parametrize("what", WORDS)
def test_no_module_has_it(what: str) -> None:
    """No code, text or docstring of the core has this."""
    word = re.compile(WORDS[what])
    found = [
        f"{file.relative_to(CORE)}:{number}: {line.strip()}"
        for file in FILES
        for number, line in enumerate(without_comments(file.read_text("utf-8")).splitlines(), 1)
        if word.search(line)
    ]
    assert [] == found


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('"See `/ideas list`."', "a slash command"),
        ('"A :bulb: shows it."', "an emoji by name"),
        ('f"<@{member}>"', "markup"),
        ('code == "channel_not_found"', "an error code"),
        ('channel[0] in "CG"', "how an id looks"),
        ("float(post.ts)", "how a stamp looks"),
        ("MOST = 3_000", "a limit of messages"),
    ],
)
def test_it_would_be_found(line: str, what: str) -> None:
    """Each of these would be found."""
    assert re.search(WORDS[what], line)
