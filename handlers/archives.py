"""ZIP files and XML by strangers: read without unpacking, and no more than is said beforehand."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree import ElementTree as ET

from bot.core.errors import UnreadableFileError

CHUNK: Final = 64 << 10
MOST_ENTRIES: Final = 1_000_000
"""Files in one archive; a large workspace's export has one for each day of each channel."""


def opened(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """Open an archive for reading.

    Raises:
        UnreadableFileError: it is none, or holds too many files.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFileError(f"{name} is a damaged ZIP file: {error}.") from None
    if len(archive.infolist()) > MOST_ENTRIES:
        raise UnreadableFileError(f"{name} holds more than {MOST_ENTRIES:,} files.")
    return archive


def chunks(archive: zipfile.ZipFile, name: str, *, most: int) -> Iterator[bytes]:
    """A file of an archive, piece by piece; what the archive says of its size is not believed.

    Raises:
        UnreadableFileError: it is not there, damaged, encrypted, or has more than *most* bytes.
    """
    size = 0
    try:
        with archive.open(name) as file:
            while piece := file.read(CHUNK):
                size += len(piece)
                if size > most:
                    raise UnreadableFileError(
                        f"{name} is larger than {most >> 20} MiB, and was not read."
                    )
                yield piece
    except KeyError:
        raise UnreadableFileError(f"{name} is not in the archive.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise UnreadableFileError(f"{name} is damaged: {error}.") from None
    except (RuntimeError, NotImplementedError, ValueError) as error:
        raise UnreadableFileError(f"{name} cannot be unpacked: {error}.") from None


def whole(archive: zipfile.ZipFile, name: str, *, most: int) -> bytes:
    """A whole file of an archive; raises as `chunks`."""
    return b"".join(chunks(archive, name, most=most))


class Tags:
    """Is told the tags and words of an XML file. One that declares entities is not read."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """A tag begins; *tag* is without its namespace's prefix, as `{namespace}name`."""

    def end(self, tag: str) -> None:
        """A tag ends."""

    def data(self, words: str) -> None:
        """Words, perhaps not all between two tags."""

    def doctype(self, *_: object) -> None:
        """Refuse what could declare entities that grow."""
        raise ValueError("it declares a document type")

    def close(self) -> None:
        """The file ends."""


def feed(pieces: Iterator[bytes], tags: Tags, name: str) -> Iterator[None]:
    """Tell *tags* what an XML file holds; yields after each piece.

    Raises:
        UnreadableFileError: it is no XML, or declares a document type.
    """
    parser = ET.XMLParser(target=tags)  # noqa: S314  (`Tags` refuses what declares entities)
    try:
        for piece in pieces:
            parser.feed(piece)
            yield
        parser.close()
        yield
    except (ET.ParseError, ValueError, LookupError) as error:
        raise UnreadableFileError(f"{name} is broken: {error}.") from None
