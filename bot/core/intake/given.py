"""What a member gives with an idea in the form, read: tags, a link, and who deserves credit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from bot.core.errors import CommandError
from bot.core.intake.credits import one_line
from bot.core.intake.resources import kind_of
from bot.core.messages.idea_form import NONE, SUGGESTED
from bot.core.model.framework import Framework
from bot.core.model.ideas import Added, Credit, Draft, Resource
from bot.core.model.links import is_address, without_password
from bot.core.model.words import LONGEST_TAG, tag_of

MOST: Final = 20
"""Tags, members and names that are read of one field."""
LONGEST_NAME: Final = 150
_BETWEEN: Final = re.compile(r"[\s,;#\uff03\uff0c\u3001]+")
_BETWEEN_NAMES: Final = re.compile(r"[,;\n\uff0c\u3001]+")


class WrongFieldError(CommandError):
    """A field of the form cannot be read; its id is *field*."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the form says of an idea beside its text.

    Attributes:
        component: the code of a component, `SUGGESTED` or `NONE`.
        members: ids of those who deserve credit.
    """

    component: str = SUGGESTED
    tags: tuple[str, ...] = ()
    links: tuple[Resource, ...] = ()
    members: tuple[str, ...] = ()
    outside: tuple[Credit, ...] = ()

    @classmethod
    def read(cls, values: Mapping[str, str], author_id: str) -> Self:
        """Read the fields `component`, `tags`, `link`, `credit` and `thanks`.

        Nobody thanks themselves, so *author_id* is left out.

        Raises:
            WrongFieldError: a tag or the link is none.
        """
        members = dict.fromkeys(values.get("credit", "").split(","))
        names = map(one_line, _BETWEEN_NAMES.split(values.get("thanks", "")))
        link = values.get("link", "").strip()
        return cls(
            component=values.get("component", "") or SUGGESTED,
            tags=_tags(values.get("tags", "")),
            links=(_link(link),) if link else (),
            members=tuple(one for one in members if one not in {"", author_id})[:MOST],
            outside=tuple(Credit(name[:LONGEST_NAME]) for name in dict.fromkeys(names) if name)[
                :MOST
            ],
        )

    def added(self, names: Mapping[str, str]) -> Added:
        """What stands beside the idea's words. *names*: of members, by id, as far as known."""
        members = (Credit(names.get(one) or one, one) for one in self.members)
        return Added(self.tags, self.links, (*members, *self.outside))


def entered(components: Sequence[str], added: Added) -> dict[str, str]:
    """Return what a form shows of what was given before: the reverse of `Given.read`.

    Args:
        components: what the idea is about now.
    """
    return {
        "component": next(iter(components), NONE) if added.sorted else SUGGESTED,
        "tags": " ".join(added.tags),
        "link": next((one.url for one in added.resources), ""),
        "credit": ",".join(one.member_id for one in added.credits if one.member_id),
        "thanks": ", ".join(one.name for one in added.credits if not one.member_id),
    }


def _tags(words: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for word in filter(None, _BETWEEN.split(words)):
        tag = tag_of(word)
        if not tag or len(word) > LONGEST_TAG:
            raise WrongFieldError(
                "tags", f"“{word[:40]}” cannot be a tag: a tag is a word, such as mentoring."
            )
        found[tag] = None
    return tuple(found)[:MOST]


def _link(typed: str) -> Resource:
    url = typed if "://" in typed else f"https://{typed}"
    if not is_address(url) or any(map(str.isspace, url)) or "." not in url:
        raise WrongFieldError(
            "link", "That is no web address. One looks like https://www.example.org/garden."
        )
    url = without_password(url)
    return Resource(url, kind_of(url, "", ""))


def put(draft: Draft, given: Given, names: Mapping[str, str], framework: Framework) -> Draft:
    """Return a draft with what was given; a component that is gone since is none."""
    added = given.added(names)
    if given.component == SUGGESTED:
        return replace(draft, added=added)
    known = framework.component(given.component)
    codes = (known.code,) if known else ()
    return replace(draft, components=codes, added=replace(added, sorted=True))
