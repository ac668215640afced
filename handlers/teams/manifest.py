"""The Teams app package: a manifest that asks for what is used, each with its reason; two icons."""

import io
import ipaddress
import json
import zipfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bot.core.desk.command_table import SHARING, TABLE
from bot.core.desk.direct import IDEA
from bot.core.desk.entries import Verb
from handlers.teams.vocabulary import TEAMS

PERMISSIONS: Final = {
    "ChannelMember.Read.Group": "know who is in a private or shared channel that it was added to, "
    "so that nobody else sees its ideas",
    "ChannelMessage.Read.Group": "read the posts in the team's channels, as they come and, after "
    "an outage, from their history, with replies and reactions; find its own digest again",
    "ChannelSettings.Read.Group": "know the channels' names, and which of them are private or "
    "shared",
}
"""Each consent that the owner of a team is asked for, and what for."""

MOST_COMMANDS: Final = 12
"""Commands that Teams takes in a list."""

FOLDER: Final = Path(__file__).parent / "package"
_ICONS: Final = ("color.png", "outline.png")
_OFFERED: Final = frozenset(
    {
        *(Verb.HELP, Verb.LIST, Verb.SEARCH, Verb.SHOW, Verb.MINE, Verb.RANDOM),
        *(Verb.EXPORT, Verb.ME, Verb.DIGEST, Verb.PROMPT, Verb.SETTINGS),
    }
)
"""Commands for which there is room. Each other has its button, or is written once."""
_DAY: Final = (2026, 1, 1, 0, 0, 0)


def manifest(client_id: str, *, base_url: str, version: str) -> dict[str, Any]:
    """Build the manifest: `manifest.json` of the package, with what the program knows.

    Args:
        client_id: the id of the bot's application in Entra.
        base_url: where people reach the web side.
        version: the program's; Teams takes an update only when it is a later one.
    """
    made: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    (bot,), (extension,), app = made["bots"], made["composeExtensions"], made["webApplicationInfo"]
    for known in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        made["developer"][known] = base_url
    made["version"] = version
    made["id"] = bot["botId"] = extension["botId"] = app["id"] = client_id
    app["resource"] = f"api://botid-{client_id}"
    for listed in bot["commandLists"]:
        listed["commands"] = commands()
    made["validDomains"] = _domains(base_url)
    made["authorization"]["permissions"]["resourceSpecific"] = [
        {"name": name, "type": "Application"} for name in sorted(PERMISSIONS)
    ]
    return made


def commands() -> list[dict[str, str]]:
    """Return the commands as Teams offers them: what is typed, and what it does."""
    known = [(IDEA, SHARING[0].words)]
    known += [(entry.name, entry.words) for entry in TABLE if entry.verb in _OFFERED]
    return [
        {"title": title, "description": TEAMS.put_into(words)}
        for title, words in known[:MOST_COMMANDS]
    ]


def package(client_id: str, *, base_url: str, version: str) -> bytes:
    """Return the package as a ZIP file, the same for the same program; see `manifest`."""
    made = manifest(client_id, base_url=base_url, version=version)
    files = {"manifest.json": json.dumps(made, ensure_ascii=False, indent=2).encode() + b"\n"}
    files |= {name: (FOLDER / name).read_bytes() for name in _ICONS}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _domains(base_url: str) -> list[str]:
    """The web side's name, where others than this machine know it."""
    host = urlsplit(base_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return [host] if "." in host else []
    return []
