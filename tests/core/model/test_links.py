"""Addresses: which are resources, and which are kept without a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.links import (
    is_address,
    is_resource,
    repeats,
    without_password,
    without_passwords,
)
from bot.core.model.posts import Link


@pytest.mark.parametrize(
    ("url", "label", "repeated", "resource"),
    [
        ("https://example.org/a", None, False, True),
        ("https://example.org/a", "https://example.org/a", True, True),
        ("https://example.org", "https://example.org", True, True),
        ("https://example.org/a", "the plan", False, True),
        ("http://configure.ac", "configure.ac", True, False),
        ("http://Notes.TXT/", "notes.txt", True, False),
        ("http://example.org/plan", "example.org/plan", True, True),
        ("http://example.org?id=3", "example.org?id=3", True, True),
        ("http://example.org", "our site", False, True),
        ("HTTPS://EXAMPLE.ORG/A", None, False, True),
        ("mailto:Info@example.org", "info@example.org", True, False),
        ("mailto:info@example.org", "write to us", False, False),
        ("tel:+15550100", "+1 555-0100", True, False),
        ("tel:5550100", "call", False, False),
        ("https://", None, False, False),
        ("slack://channel?id=C1", None, False, False),
        ("F0CONNECT1", None, False, False),
        ("http://[broken", "x", False, False),
        ("", None, False, False),
    ],
)
def test_what_a_link_is(url: str, label: str | None, repeated: bool, resource: bool) -> None:  # noqa: FBT001
    """A resource is an address on the web that somebody meant, and its words may only repeat it."""
    link = Link(url, label)
    assert (repeated, resource) == (repeats(link), is_resource(link))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.zoom.us/j/123?pwd=abc", "https://example.zoom.us/j/123"),
        ("https://zoom.us/j/1?PWD=a&uname=b#success", "https://zoom.us/j/1?uname=b#success"),
        ("https://zoom.us/w/1?tk=a.b&pwd=c", "https://zoom.us/w/1"),
        ("https://zoom.us/j/1#pwd=abc", "https://zoom.us/j/1"),
        ("https://meet.example.org/j/1?passcode=12", "https://meet.example.org/j/1"),
        ("https://teams.live.com/meet/93?p=abc", "https://teams.live.com/meet/93"),
        ("https://whereby.com/room?roomKey=abc", "https://whereby.com/room"),
        ("https://meet.jit.si/Club?jwt=e.y.z", "https://meet.jit.si/Club"),
        ("https://example.org/search?p=2", "https://example.org/search?p=2"),
        ("https://example.org/a?key=3&v", "https://example.org/a?key=3&v"),
        ("https://example.org/passwords?q=pwd", "https://example.org/passwords?q=pwd"),
        (
            "https://safe.example.org/?url=https%3A%2F%2Fzoom.us%2Fj%2F1%3Fpwd%3Dx&e=1",
            "https://safe.example.org/?url=https%3A%2F%2Fzoom.us%2Fj%2F1&e=1",
        ),
        (
            "https://example.org/?url=https%3A%2F%2Fexample.org%2Fa",
            "https://example.org/?url=https%3A%2F%2Fexample.org%2Fa",
        ),
        ("http://[broken?pwd=a", "http://[broken?pwd=a"),
        ("https://zoom.us/j/1", "https://zoom.us/j/1"),
    ],
)
def test_an_address_is_kept_without_what_lets_people_in(url: str, kept: str) -> None:
    """Passwords and tokens leave an address; everything else of it stays as it was."""
    assert kept == without_password(url)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Join https://zoom.us/j/1?pwd=a\nMeeting ID: 1\nPasscode: 99x",
            "Join https://zoom.us/j/1\nMeeting ID: 1\nPasscode: •••",
        ),
        ("https://zoom.us/j/1 *Password* is `open`", "https://zoom.us/j/1 *Password* is `•••`"),
        ("https://zoom.us/j/1 passcode 4821", "https://zoom.us/j/1 passcode •••"),
        ("https://zoom.us/j/1 +1312,,1#,,,,*456#", "https://zoom.us/j/1 +1312,,1#,,,,•••"),
        (
            "https://zoom.us/j/1 *Passcode:* a1b, at noon",
            "https://zoom.us/j/1 *Passcode:* •••, at noon",
        ),
        ("https://zoom.us/j/1 (pw: a1b) at noon", "https://zoom.us/j/1 (pw: •••) at noon"),
        ("https://zoom.us/j/1 Código de acceso: a1b", "https://zoom.us/j/1 Código de acceso: •••"),
        ("https://zoom.us/j/1 Kenncode: a1b", "https://zoom.us/j/1 Kenncode: •••"),
        ("https://meet.google.com/a PIN: 123 456 789#", "https://meet.google.com/a PIN: •••#"),
        ("https://zoom.us/j/1 passcode - a1b", "https://zoom.us/j/1 passcode - •••"),
        ("Come to us02web.zoom.us/j/1?pwd=a", "Come to us02web.zoom.us/j/1"),
        ("zoom.us/j/1, passcode: a", "zoom.us/j/1, passcode: •••"),
        ("write to me@zoom.us/j/1?pwd=a", "write to me@zoom.us/j/1?pwd=a"),
        ("https://zoom.us/j/1 we pin 3 lists", "https://zoom.us/j/1 we pin 3 lists"),
        ("https://zoom.us/j/1 our password rules", "https://zoom.us/j/1 our password rules"),
        ("Passwords: a lesson, https://example.org", "Passwords: a lesson, https://example.org"),
        ("The password is open sesame", "The password is open sesame"),
        ('=X("https://zoom.us/j/1?pwd=a","Join")', '=X("https://zoom.us/j/1","Join")'),
    ],
)
def test_the_words_of_an_invitation_are_kept_without_its_password(text: str, kept: str) -> None:
    """Beside a meeting's address its password is hidden; anywhere else the word is a word."""
    assert kept == without_passwords(text)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_none(text: str) -> None:
    """No text upsets these, and what is cleaned stays as it is."""
    for one in (text, f"https://example.org/?{text}"):
        is_address(one)
        repeats(Link(one, text))
        is_resource(Link(one, text))
        assert without_password(without_password(one)) == without_password(one)
        without_passwords(one)
