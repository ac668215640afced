"""Addresses: which are resources, what is shown of them, and what must not be kept of them.

Whoever holds a meeting's link with its password may walk in, so it is kept without.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from bot.core.model.posts import Link

_SECRET: Final = frozenset(
    {
        "pwd", "passwd", "password", "passcode", "pass", "pw", "token", "access_token",
        "auth_token", "jwt", "tk", "zak",
    }
)  # fmt: skip
"""Parameters that let their reader in, wherever they stand."""

_MEETING_SECRET: Final = _SECRET | {"p", "pin", "key", "roomkey", "accesscode", "secret"}
"""Parameters that do so in the address of a meeting."""

_MEETINGS: Final = (
    "zoom.us", "zoomgov.com", "zoom.com", "zoom.com.cn", "teams.microsoft.com", "teams.live.com",
    "teams.microsoft.us", "meet.google.com", "webex.com", "gotomeeting.com", "goto.com",
    "gotowebinar.com", "whereby.com", "meet.jit.si", "8x8.vc", "bluejeans.com", "ringcentral.com",
    "bigbluebutton.org", "chime.aws", "skype.com",
)  # fmt: skip

_REST: Final = r"[^\s<>\"`]+"
ADDRESS: Final = re.compile(rf"https?://{_REST}", re.IGNORECASE)
"""A web address in a text, with what may end a sentence behind it: see `trimmed`."""
_BEHIND: Final = ".,;:!?'\u2019\u201d\u2026"
_OPENS: Final = {")": "(", "]": "[", "}": "{"}
_ADDRESS: Final = re.compile(
    rf"(?:https?://|(?<![\w.@/])(?:[\w-]+\.)*(?:{'|'.join(map(re.escape, _MEETINGS))})/){_REST}",
    re.IGNORECASE,
)
"""An address on the web; that of a meeting also as people say it, without `https://`."""
_SPOKEN: Final = re.compile(
    r"(?P<name>\b(?:pass ?(?:code|word)|pwd?|access code|kenn(?:wort|code)|contraseña|senha"
    r"|c[oó]digo de acceso|clave|mot de passe|code d['’]acc[eè]s|pin(?=[*_~]*\s*[:=\uff1a]))\b"
    r"[*_~]*\s*(?:[:=\uff1a]|\bis\b|\s[\u2013\u2014-](?=\s)|(?=\s\S*\d))[\s*_~`\u202a-\u202e]*)"
    r"(?:\d{3,}(?: \d{3,})+|[^\s*_~`]*[^\s*_~`.,;)])",
    re.IGNORECASE,
)
_ONE_TAP: Final = re.compile(r"(,,\d+#(?:,,+)?)(?:\*?\d+#)")
_WEB: Final = "https://"
HIDDEN: Final = "•••"
"""What stands where a password stood."""


def is_address(url: str) -> bool:
    """Whether this is the address of something on the web."""
    parts = _split(url)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def trimmed(address: str, behind: str = "") -> str:
    """An address without what ends a sentence after it, nor any of the characters *behind*."""
    address = address.rstrip(_BEHIND + behind)
    while address[-1:] in _OPENS and address.count(address[-1]) > address.count(
        _OPENS[address[-1]]
    ):
        address = address[:-1].rstrip(_BEHIND + behind)
    return address


def repeats(link: Link) -> bool:
    """Whether a link's words only say its address again, as where a platform made it of them."""
    if not link.label:
        return False
    return link.label == link.url or _bare(link.label) == _bare(link.url)


def is_resource(link: Link) -> bool:
    """Whether a link leads somewhere: `notes.txt`, which a platform takes for a host, does not."""
    if not is_address(link.url):
        return False
    parts = urlsplit(link.url)
    made_up = link.label not in {None, "", link.url} and repeats(link)
    return not made_up or parts.path not in {"", "/"} or bool(parts.query)


def without_password(url: str) -> str:
    """The same address without what lets its reader into a meeting."""
    parts = _split(url) if "=" in url else None
    if parts is None:
        return url
    secret = _MEETING_SECRET if is_meeting(url) else _SECRET
    query, fragment = (_without(part, secret) for part in (parts.query, parts.fragment))
    if (query, fragment) == (parts.query, parts.fragment):
        return url
    start = re.split(r"[?#]", url, maxsplit=1)[0]
    return start + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def without_passwords(text: str) -> str:
    """The same words without the passwords of the meetings whose addresses stand in them."""
    if "/" not in text:  # a look at one character is far quicker, and nearly always enough
        return text
    met = any(is_meeting(_whole(found[0])) for found in _ADDRESS.finditer(text))
    text = _ADDRESS.sub(_without_password, text)
    if not met:
        return text
    return _ONE_TAP.sub(rf"\1{HIDDEN}", _SPOKEN.sub(rf"\g<name>{HIDDEN}", text))


def _without_password(found: re.Match[str]) -> str:
    kept = without_password(_whole(found[0]))
    return kept if "://" in found[0] else kept.removeprefix(_WEB)


def _whole(address: str) -> str:
    return address if "://" in address else f"{_WEB}{address}"


def is_meeting(url: str) -> bool:
    """Whether people meet at this address."""
    parts = _split(url)
    host = (parts.hostname or "") if parts is not None else ""
    return any(host == known or host.endswith(f".{known}") for known in _MEETINGS)


def is_of_a_member(url: str) -> bool:
    """Whether this is the address of a file in a chat, which tells who brought it there.

    It opens for members alone.
    """
    parts = _split(url)
    host = (parts.hostname or "") if parts is not None else ""
    return f".{host}".endswith((".slack.com", "-my.sharepoint.com"))


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _without(part: str, secret: frozenset[str]) -> str:
    kept = []
    for one in part.split("&"):
        name, is_, value = one.partition("=")
        if is_ and name.lower() in secret:
            continue
        inside = unquote(value)  # other services wrap an address into theirs
        inner = without_password(inside) if "://" in inside else inside
        kept.append(one if inner == inside else f"{name}={quote(inner, safe='')}")
    return "&".join(kept)


def _bare(address: str) -> str:
    """An address as people say it: `Example.org/` and `http://example.org` are one."""
    bare = address.strip().casefold()
    for start in ("http://", "https://", "mailto:", "tel:"):
        bare = bare.removeprefix(start)
    digits = re.sub(r"[\s()+.-]", "", bare)
    return digits if digits.isdecimal() else bare.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host, by name or by number, is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
