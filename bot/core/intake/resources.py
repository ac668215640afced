"""What kind of resource a link or file is, judged by its address, media type and title alone.

Nothing is ever fetched.
"""

import re
from urllib.parse import urlsplit

from bot.core.model.ideas import ResourceKind as Kind

_HOSTS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.VIDEO, ("youtube.com", "youtu.be", "vimeo.com", "loom.com", "ted.com", "edpuzzle.com")),
    (
        Kind.PODCAST,
        ("podcasts.apple.com", "open.spotify.com", "anchor.fm", "soundcloud.com", "overcast.fm"),
    ),
    (Kind.BOOK, ("goodreads.com", "worldcat.org", "librarything.com", "bookshop.org")),
    (Kind.SLIDES, ("slideshare.net", "speakerdeck.com")),
    (Kind.FORM, ("forms.gle", "forms.office.com", "surveymonkey.com", "typeform.com")),
    (Kind.LESSON, ("oercommons.org", "readwritethink.org", "teacherspayteachers.com")),
    (Kind.INFOGRAPHIC, ("piktochart.com", "venngage.com")),
)
_PATHS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.SLIDES, re.compile(r"^docs\.google\.com/presentation/")),
    (Kind.FORM, re.compile(r"^docs\.google\.com/forms/")),
    (Kind.DOCUMENT, re.compile(r"^docs\.google\.com/(document|spreadsheets)/")),
    (Kind.VIDEO, re.compile(r"^drive\.google\.com/.*\bvideo\b")),
)
_ENDINGS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.IMAGE, (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".heic")),
    (Kind.VIDEO, (".mp4", ".mov", ".webm", ".m4v")),
    (Kind.PODCAST, (".mp3", ".m4a", ".ogg", ".wav")),
    (Kind.SLIDES, (".ppt", ".pptx", ".key", ".odp")),
    (Kind.BOOK, (".epub",)),
    (Kind.DOCUMENT, (".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt", ".xls", ".xlsx", ".csv")),
)
_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.POSITION_STATEMENT, re.compile(r"position[\s_-]*(statement|paper)", re.IGNORECASE)),
    (Kind.INFOGRAPHIC, re.compile(r"infographic", re.IGNORECASE)),
    (Kind.TOOLKIT, re.compile(r"tool[\s_-]?kit", re.IGNORECASE)),
    (Kind.LESSON, re.compile(r"\b(lesson|unit)[\s_-]*plan|\blessons?\b", re.IGNORECASE)),
    (Kind.PODCAST, re.compile(r"podcast", re.IGNORECASE)),
    (Kind.REPORT, re.compile(r"\breport\b|white[\s_-]?paper|\bresearch\b", re.IGNORECASE)),
    (Kind.SLIDES, re.compile(r"\bslides?\b|slide[\s_-]?deck", re.IGNORECASE)),
    (Kind.ARTICLE, re.compile(r"\barticles?\b|/blog/|/news/|/\d{4}/\d{2}/", re.IGNORECASE)),
)
_MEDIA: tuple[tuple[str, Kind], ...] = (
    ("image/", Kind.IMAGE),
    ("video/", Kind.VIDEO),
    ("audio/", Kind.PODCAST),
    ("application/epub", Kind.BOOK),
    ("application/vnd.ms-powerpoint", Kind.SLIDES),
    ("application/vnd.openxmlformats-officedocument.presentationml", Kind.SLIDES),
    ("application/vnd.oasis.opendocument.presentation", Kind.SLIDES),
    ("application/pdf", Kind.DOCUMENT),
    ("application/msword", Kind.DOCUMENT),
    ("application/vnd.", Kind.DOCUMENT),
    ("text/", Kind.DOCUMENT),
)


def kind_of(url: str, media_type: str = "", title: str = "") -> Kind:
    """Say what kind of resource stands at *url*.

    Args:
        media_type: of a file, such as `application/pdf`; empty for a link.
        title: as shown in the chat; what it says of itself comes before what the file is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return Kind.OTHER
    host = (parts.hostname or "").removeprefix("www.")
    where = f"{host}{parts.path}"
    kind = (
        (Kind.PODCAST if media_type.startswith("audio/") else None)  # whatever its file is called
        or _by_words(title)
        or _by_host(host)
        or next((kind for kind, pattern in _PATHS if pattern.search(where)), None)
        or _by_words(parts.path.replace("-", " ").replace("_", " "))
        or next((kind for kind, ends in _ENDINGS if parts.path.lower().endswith(ends)), None)
        or next((kind for prefix, kind in _MEDIA if media_type.startswith(prefix)), None)
    )
    if kind is not None:
        return kind
    return Kind.OTHER if media_type else Kind.LINK


def _by_host(host: str) -> Kind | None:
    for kind, hosts in _HOSTS:
        if any(host == known or host.endswith(f".{known}") for known in hosts):
            return kind
    return None


def _by_words(text: str) -> Kind | None:
    return next((kind for kind, pattern in _WORDS if pattern.search(text)), None)
