"""Texts as any platform may show them: clean, with addresses that deceive nobody.

Control characters and characters that reverse the direction of text are dropped. A link whose
words look like another address shows where it really goes.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

from bot.core.model import links

ADDRESS: Final = 3_000
"""Longest address that is linked."""

_DROPPED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c\x85]")
_ADDRESS_FLAGS: Final = re.IGNORECASE | re.ASCII
_NAME: Final = r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*"
_WEB: Final = re.compile(rf"https?://{_NAME}(?::\d{{1,5}})?(?:[/?#][!-~]*)?", _ADDRESS_FLAGS)
_MAIL: Final = re.compile(rf"mailto:[\w.+'-]+@{_NAME}(?:\?[!-~]*)?", _ADDRESS_FLAGS)
_IN_ADDRESS: Final = {
    '"': "%22",
    "<": "%3C",
    ">": "%3E",
    "|": "%7C",
    "\\": "%5C",
    "`": "%60",
}
_CLAIM: Final = re.compile(r"://|@|[\w-]\.[^\W\d_]{2,}|\d{1,3}(?:\.\d{1,3}){3}")


def clean(text: str) -> str:
    """Return a text without control characters, halves of emoji and reversals of direction."""
    return _BREAKS.sub("\n", _DROPPED.sub("", text)).replace("\t", " ")


def one_line(text: str) -> str:
    """Return a clean text with line breaks and other white space as single spaces."""
    return " ".join(clean(text).split())


def address_of(url: str) -> str:
    """Return a web or mail address that may be linked; empty for anything else."""
    written = "".join(
        _IN_ADDRESS.get(c, c) if c.isascii() else quote(c, errors="replace") for c in url.strip()
    )
    if len(written) <= ADDRESS and (_WEB.fullmatch(written) or _MAIL.fullmatch(written)):
        return written if _is_mail(written) or _host(written) else ""
    return ""


def true_label(words: str, address: str) -> str:
    """Return a link's words; with the place it leads to, when they look like another address."""
    real = address.lower().removeprefix("mailto:")
    told = real.partition("?")[0] if _is_mail(address) else _host(address)
    seen = unicodedata.normalize("NFKC", words).lower().replace("\u3002", ".")
    seen = "".join(c for c in seen if unicodedata.category(c) != "Cf")
    own = rf"(?<![\w.@-])(?:https?://|mailto:)?(?:www\.)?{re.escape(told.removeprefix('www.'))}"
    others = re.sub(rf"{own}(?::\d+)?(?:[/?#]\S*|(?![\w.@:-]))", " ", seen)
    return f"{words} ({told})" if _CLAIM.search(others) else words


def with_addresses(text: str) -> list[tuple[str, str]]:
    """Split a text at the web addresses in it: (words, address), the latter mostly empty."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for found in links.ADDRESS.finditer(text):
        if web := bare_address(found[0]):
            pieces += [(text[end : found.start()], ""), (web, web)]
            end = found.start() + len(web)
    return [piece for piece in (*pieces, (text[end:], "")) if piece[0]]


def bare_address(written: str) -> str:
    """Return the web address that *written* begins with, without what ends a sentence after it.

    Only an address that stands there letter by letter is one, so none can deceive; else empty.
    """
    web = links.trimmed(written, "*_~")
    return web if address_of(web) == web else ""


def _is_mail(address: str) -> bool:
    return address[:7].lower() == "mailto:"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
