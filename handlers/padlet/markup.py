"""What stands in a cell or an item, as plain text: its tags undone where it has any."""

import re
from html.parser import HTMLParser
from typing import Final

_TAG: Final = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6])\b[^>]*>", re.IGNORECASE
)
_BREAKS: Final = frozenset({"p", "br", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr"})
_HIDDEN: Final = frozenset({"script", "style", "template", "head"})


class _Words(HTMLParser):
    """Collects the words of HTML, with the addresses of its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._link, self._hidden = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden = self._hidden or tag
        elif tag in _BREAKS:
            self.words.append("\n")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        elif tag == "a" and self._link:
            if self._link not in "".join(self.words[-2:]):
                self.words.append(f" ({self._link})")
            self._link = ""
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def plain_text(text: str) -> str:
    """The words of a text, which may be HTML; lines stay lines, and links show their address."""
    if _TAG.search(text):
        parser = _Words()
        parser.feed(text)
        parser.close()
        text = "".join(parser.words)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
