"""Messages and forms of hostile words, for the renderers of every platform."""

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.core.model.actions import Act, Action
from bot.core.model.parts import (
    Actions,
    Bar,
    Button,
    Chart,
    Choice,
    ChoiceField,
    Confirm,
    DayField,
    Divider,
    Entry,
    Form,
    Header,
    Menu,
    Message,
    Note,
    Paragraph,
    Part,
    PeopleField,
    Picture,
    Quote,
    Run,
    Select,
    TextField,
    TimeField,
    Words,
)

HOSTILE = [
    *("<!here>", "<!channel>", "<@U1>", "<#C1>", "<!subteam^S1>", "<!date^1^{date}|x>"),
    *("<https://evil.example|bank.com>", "<mailto:a@b.c|x>", "&lt;!here&gt;", "&amp;lt;"),
    *("<", ">", "*", "_", "~", "`", "```", "*bold*", "~no~", "\n> q", ":x", "👍🏽"),
    *("<at>Rosa</at>", "<at id='0'>x</at>", "@everyone", "[x](https://evil.example)", "**b**"),
    *("_it_", "# head", "- item", "1. one", "> quote", "`code`", "\\", "\\*", "![x](y)", "~~no~~"),
    *("{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "{{time(x)}}", "${name}", "<b>", "&lt;", "&", "|"),
    *("\u202e", "\u2066", "\u0000", "\r\n", "\n", "\t", " ", "\ud83d", ":tada:", "10:30:45"),
    *("https://a.example/x_(y).", "https://é.example", "👩‍👩‍👧‍👦", "🇺🇸", "é", "word", "2*3"),
    *("\ufdd0list\ufddf", "\ufdd1share\ufddf", "javascript:alert(1)"),
]
hostile = st.one_of(
    st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join),
    st.lists(st.sampled_from(HOSTILE), max_size=8).map(" ".join),
    st.text(max_size=40),
    st.builds(str.__mul__, st.sampled_from(HOSTILE), st.integers(1, 800)),
)
addresses = st.one_of(
    st.sampled_from(
        [
            "",
            "https://ok.example/a|b>c?x=<y>&z",
            "http://127.0.0.1:3000/x",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "https://bank.com@evil.example",
            "https://evil\u202e.example",
            "https://a.example/é\ud83d",
            "https://[",
            "https://a.example/" + "x" * 4_000,
        ]
    ),
    hostile,
)
flags = st.booleans()
runs = st.builds(Run, hostile, flags, flags, flags, addresses)
actions = st.builds(Action, st.sampled_from(Act), channel=hostile, period=hostile, text=hostile)
confirms = st.builds(Confirm, hostile, hostile, hostile, hostile)
buttons = st.builds(Button, hostile, actions, addresses, flags, flags, st.none() | confirms)
choices = st.lists(st.builds(Choice, hostile, hostile), max_size=12).map(tuple)
selects = st.builds(Select, hostile, st.sampled_from(Act), choices, hostile)
menus = st.builds(Menu, hostile, st.lists(buttons, max_size=8).map(tuple))
pictures = st.builds(Picture, hostile, hostile)
lines = st.lists(runs, max_size=4).map(tuple)
entries = st.builds(
    Entry,
    st.lists(
        st.builds(
            TextField,
            st.just("a"),
            hostile,
            hostile,
            hostile,
            flags,
            limit=st.integers(0),
        )
        | st.builds(ChoiceField, st.just("c"), hostile, choices, hostile, hostile),
        max_size=2,
        unique_by=lambda field: field.id,
    ).map(tuple),
    buttons,
    lines,
)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Header, hostile),
    st.builds(Paragraph, lines, st.none() | buttons | pictures),
    pictures,
    st.builds(Quote, hostile),
    st.builds(lambda some: Quote("".join(run.text for run in some), some), lines),
    st.builds(Note, lines),
    st.just(Divider()),
    st.builds(Actions, st.lists(buttons | selects | menus, max_size=30).map(tuple)),
    st.builds(
        Chart,
        hostile,
        st.lists(st.builds(Bar, hostile, st.integers(-1, 10**9)), max_size=9).map(tuple),
    ),
)
entry = st.lists(entries, max_size=1).map(tuple)
"""A message has one at most."""
several = st.one_of(
    st.lists(parts, max_size=6).map(tuple),
    st.builds(lambda part, n: (part,) * n, parts, st.integers(1, 80)),
)
messages = st.builds(Message, hostile, st.builds(tuple.__add__, entry, several))
fields = st.one_of(
    st.builds(
        TextField, st.sampled_from("ab"), hostile, hostile, hostile, flags, flags, st.integers(0)
    ),
    st.builds(ChoiceField, st.sampled_from("cd"), hostile, choices, hostile, hostile, flags, flags),
    st.builds(DayField, st.just("e"), hostile, hostile, st.sampled_from(["", "2026-12-21"]), flags),
    st.builds(TimeField, st.just("f"), hostile, hostile, st.sampled_from(["", "15:00"]), flags),
    st.builds(Actions, st.lists(buttons | selects, max_size=3).map(tuple)),
    st.builds(PeopleField, st.just("g"), hostile, hostile, hostile | st.just("U1,U2"), flags),
    st.builds(Paragraph, lines),
    st.builds(Words, hostile),
)
whole_forms = st.builds(
    Form, hostile, hostile, st.lists(fields, max_size=6).map(tuple), actions, hostile
)
SLOW = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)


def walk(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
