"""New databases, copied: to make the tables again for each of some thousand tests takes minutes."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import migrate


def fresh(path: Path) -> str:
    """Return the address of the database at *path*; where none is, there is a new one now."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_made())
    return f"sqlite:///{path}"


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ideas.db"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()
