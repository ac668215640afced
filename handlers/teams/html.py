"""The HTML of a message becomes spans: the same that another platform's markup would give.

What is written stands, as it stands on the screen: a line for each paragraph, row and item; cells
with `|` between them; signs for items, quotes and code as people type them. Styles are left out.
What somebody else said, which Teams puts above a reply, is no word of the author's.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from bot.core.intake.reader import typed
from bot.core.model.posts import Code, File, Link, Mention, Span, Text

LONGEST: Final = 300_000
"""Characters of HTML that are read; Teams sends a third of that at most."""

_DECLARED: Final = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*>?", re.DOTALL)
_NO_TAG: Final = re.compile(
    r"<(?!/?[a-z](?:[^<>\"']{1,1000}+|\"[^\"]{0,8000}\"|'[^']{0,8000}'){0,99}+>)", re.IGNORECASE
)
"""What begins like a tag and is none: the parser would look for its end again and again."""
_TRAILING: Final = re.compile(" +\n")
_BLANKS: Final = re.compile("[ \t\n\r\f]+")
_NBSP: Final = "\u00a0"
_LINES: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "legend", "li", "main", "nav", "ol", "p", "section", "summary", "table",
        "tr", "ul",
    }
)  # fmt: skip
"""What stands on lines of its own."""
_UNSHOWN: Final = frozenset(
    {
        "audio", "head", "iframe", "math", "noscript", "object", "script", "style", "svg",
        "template", "title", "video",
    }
)  # fmt: skip
"""What shows no words of the author's."""
_WRITTEN_OUT: Final = frozenset({"codeblock", "pre"})
_BULLETS: Final = "•◦▪"
_SCHEMES: Final = ("http:", "https:", "mailto:", "tel:")
_SCHEMA: Final = "schema.skype.com/"
_MOOD: Final = frozenset({"emoji", "giphy", "meme", "sticker"})
"""Kinds of pictures that only show a mood."""
_WITHIN: Final = re.compile(
    r"https?://[^/]*\b(?:graph\.microsoft\.(?:com|us)|skype\.com|trafficmanager\.net"
    r"|office\.net|teams\.microsoft\.(?:com|us))(?:[:/]|\Z)",
    re.IGNORECASE,
)
"""Addresses of pictures that only Teams itself may fetch."""
_NAMELESS: Final = frozenset({"", "image", "picture", "image.png"})

Attributes = Sequence[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Body:
    """What HTML holds. *attached*: the ids of what hangs on the message, where it names them."""

    spans: tuple[Span, ...]
    pictures: tuple[File, ...] = ()
    attached: tuple[str, ...] = ()


def read_html(html: str, mention: Callable[[str, str], Span]) -> Body:
    """Read the HTML of a message, however it is broken.

    Args:
        mention: what a mention stands for, by its number in the message and its words.
    """
    reader = _Reader(mention)
    reader.feed(_NO_TAG.sub("&lt;", _DECLARED.sub(" ", html[:LONGEST]).replace("\x00", "")))
    reader.close()
    return Body(tidied(reader.finished()), tuple(reader.pictures), tuple(reader.attached))


def tidied(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same words in as few spans as may be; bare addresses and typed code are told apart."""
    joined = [span for span in _joined(spans) if span != Text("")]
    named = _joined(_whole_names(joined))
    return tuple(span for span in typed(named) if span != Text(""))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    words: list[str] = []
    for span in spans:
        if isinstance(span, Text):
            words.append(span.text)
            continue
        yield _line_by_line(words)
        words = []
        yield span
    yield _line_by_line(words)


def _line_by_line(words: list[str]) -> Text:
    return Text(_TRAILING.sub("\n", "".join(words)))


def _whole_names(spans: list[Span]) -> Iterator[Span]:
    """Teams may mention a person once for each word of their name: that is one mention."""
    at = 0
    while at < len(spans):
        span = spans[at]
        at += 1
        if isinstance(span, Mention):
            while more := _goes_on(span, spans[at : at + 2]):
                span = Mention(span.member_id, f"{span.label or ''} {more.label or ''}".strip())
                at += 2
        yield span


def _goes_on(name: Mention, behind: Sequence[Span]) -> Mention | None:
    match behind:
        case [Text(text), Mention() as more] if (
            text.isspace() and "\n" not in text and more.member_id == name.member_id
        ):
            return more
    return None


@dataclass(slots=True)
class _Open:
    """An element whose words are gathered until it ends. *kind*: what is made of them."""

    tag: str
    kind: str
    about: str = ""
    depth: int = 1
    words: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Gathers spans while the parser goes along; no end tag need be there."""

    def __init__(self, mention: Callable[[str, str], Span]) -> None:
        super().__init__(convert_charrefs=True)
        self.mention = mention
        self.pictures: list[File] = []
        self.attached: list[str] = []
        self._spans: list[Span] = []
        self._open: _Open | None = None
        self._lists: list[int | None] = []
        self._quotes = 0
        self._lead = ""
        self._fresh = True
        """Whether nothing stands on the line yet."""
        self._blank = True
        """Whether a blank would be one too many."""
        self._cell: int | None = None
        """How many cells of the row were begun; None: outside of tables."""
        self._gap = False
        """Whether a new line was begun within a cell."""

    def finished(self) -> tuple[Span, ...]:
        """What was gathered, also where an element never ended."""
        self._end_open()
        while self._spans and isinstance(last := self._spans[-1], Text):
            self._spans.pop()
            if words := last.text.rstrip():
                self._spans.append(Text(words))
                break
        return tuple(self._spans)

    # -- what the parser calls --

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """An element begins."""
        given = {name: value or "" for name, value in reversed(attrs)}
        if self._open is not None:
            self._inside(self._open, tag, given)
        elif not self._gathers(tag, given):
            self._begin(tag, given)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """An element that holds nothing; browsers know it for some elements alone."""
        self.handle_starttag(tag, attrs)
        if tag in {"emoji", "customemoji", "attachment", "at", "a", "span"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if self._open is not None:
            if tag == self._open.tag:
                self._open.depth -= 1
                if not self._open.depth:
                    self._end_open()
            return
        if tag == "blockquote":
            self._line()
            self._quotes = max(0, self._quotes - 1)
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag in {"table", "tr"}:
            self._cell = None
        elif tag == "li":
            self._lead = ""
        if tag in _LINES:
            self._line()

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._open is not None:
            self._open.words.append(data)
            return
        words = _BLANKS.sub(" ", data)
        if self._blank or self._gap:
            words = words.removeprefix(" ")
        ends = bool(self._cell) and words.endswith(" ")
        words = words.removesuffix(" ") if ends else words
        if words:
            self._write(Text(words.replace(_NBSP, " ")))
            self._blank = words.endswith(" ")
        self._gap = self._gap or ends

    def set_cdata_mode(self, elem: str, **_how: bool) -> None:
        """No element changes how the rest is read."""

    # -- elements --

    def _gathers(self, tag: str, given: dict[str, str]) -> bool:
        """Whether the words of an element are gathered into one span."""
        if kind := _kind_of(tag, given):
            about = given.get("href" if kind == "link" else "itemid" if tag == "span" else "id", "")
            self._open = _Open(tag, kind, about)
        return bool(kind)

    def _inside(self, opened: _Open, tag: str, given: dict[str, str]) -> None:
        """An element in one whose words are gathered: of it only words count."""
        if tag == opened.tag:
            if tag == "a":  # a link in a link is the next one
                self._end_open()
                self._gathers(tag, given)
                return
            opened.depth += 1
        if tag == "br" or (tag in _LINES and opened.words):
            opened.words.append("\n")
        elif tag in {"emoji", "customemoji"} or (tag == "img" and _schema(given) == "emoji"):
            opened.words.append(_emoji(tag, given))

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._feed_line()
        elif tag in {"emoji", "customemoji"}:
            self._say(_emoji(tag, given))
        elif tag == "img":
            self._picture(given)
        elif tag == "attachment":
            self.attached.append(given.get("id", ""))
        elif tag in {"td", "th"}:
            self._begin_cell()
        elif tag in _LINES:
            if tag in {"table", "tr"}:
                self._cell = None
            self._line()
            self._begin_lines(tag, given)

    def _begin_lines(self, tag: str, given: dict[str, str]) -> None:
        if tag == "blockquote":
            self._quotes += 1
        elif tag in {"ul", "ol"}:
            start = given.get("start", "1")
            first = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
            self._lists.append(first if tag == "ol" else None)
        elif tag == "li":
            depth = max(1, len(self._lists))
            number = self._lists[-1] if self._lists else None
            if number is not None:
                self._lists[-1] = number + 1
            sign = _BULLETS[min(depth, 3) - 1] if number is None else f"{number}."
            self._lead = f"{'    ' * (depth - 1)}{sign} " if self._fresh else ""

    def _begin_cell(self) -> None:
        self._gap = False
        if self._cell:
            self._write(Text(" | "))
        self._cell = (self._cell or 0) + 1
        self._blank = True

    def _picture(self, given: dict[str, str]) -> None:
        """A picture of the author's, or one that only shows a mood."""
        kind, name, address = _schema(given), given.get("alt", "").strip(), given.get("src", "")
        if kind == "emoji" or "emoji" in given.get("class", ""):
            self._say(_emoji("img", given))
        elif kind not in _MOOD:
            shown = address.lower().startswith(("http:", "https:")) and not _WITHIN.match(address)
            title = "" if name.lower() in _NAMELESS else name
            self.pictures.append(File(address if shown else "", title, "image/*"))

    def _end_open(self) -> None:
        opened, self._open = self._open, None
        if opened is None or opened.kind == "skip":
            return
        words = "".join(opened.words).replace(_NBSP, " ")
        line = " ".join(words.split())
        match opened.kind:
            case "mention":
                self._write(self.mention(opened.about, line.removeprefix("@")))
            case "link":
                address = opened.about.strip()
                if address.lower().startswith(_SCHEMES):
                    self._write(Link(address, line if line not in {"", address} else None))
                else:
                    self._say(line)
            case "block":
                if words.strip():
                    self._line()
                    self._write(Code(f"```{words.strip(chr(10))}```"))
                    self._line()
            case _:
                if line:
                    self._write(Code(f"`{line}`"))

    # -- lines --

    def _say(self, words: str) -> None:
        if words:
            self._write(Text(words))

    def _write(self, span: Span) -> None:
        if self._fresh:
            lead = "> " * self._quotes + self._lead
            self._lead, self._fresh = "", False
            if lead:
                self._spans.append(Text(lead))
        if self._gap and not self._blank:
            self._spans.append(Text(" "))
        self._spans.append(span)
        self._blank = self._gap = False

    def _line(self) -> None:
        """Go on with a new line, where this one has words; cells stay on theirs."""
        if self._cell:
            self._gap = True
        elif not self._fresh:
            self._feed_line()

    def _feed_line(self) -> None:
        if self._cell:
            self._line()
            return
        self._spans.append(Text("\n"))
        self._gap = False
        self._fresh = self._blank = True


def _kind_of(tag: str, given: dict[str, str]) -> str:
    """What is made of the words of an element; empty: they stand for themselves."""
    schema = _schema(given)
    if tag in _UNSHOWN or (tag == "blockquote" and schema == "reply"):
        return "skip"
    if tag == "at" or (tag == "span" and schema == "mention"):
        return "mention"
    if tag in _WRITTEN_OUT:
        return "block"
    if tag == "a" and "href" in given:
        return "link"
    return "code" if tag == "code" else ""


def _schema(given: dict[str, str]) -> str:
    """What Teams calls an element, in one word; empty: nothing of its own."""
    _, ours, kind = given.get("itemtype", "").lower().partition(_SCHEMA)
    return kind.partition("/")[0] if ours else ""


def _emoji(tag: str, given: dict[str, str]) -> str:
    """An emoji as its character; one of the tenant's own by its name."""
    shown = given.get("alt", "").strip()
    if tag == "customemoji":
        name = re.sub("[^a-z0-9_+-]", "", shown.lower().strip(":"))
        return f":{name}:" if name else ""
    return shown
