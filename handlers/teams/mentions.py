"""Who is mentioned in a message: members, channels, and what Teams calls by name alone.

A message names each mention twice: in its words by a number, and beside them with an id. An app
is told of members by their ids in Teams, such as `29:…`; *people* leads those back to the ids in
Entra, by which members go here. Graph tells the latter itself.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from bot.core.model.people import Workspace
from bot.core.model.posts import ChannelMention, Mention, Span, Special
from handlers.shapes import Payload, dicts, inside, string
from handlers.teams.vocabulary import NAME

_GROUPS: Final = frozenset({"everyone", "tag", "team"})
"""Kinds of mentions that address many."""
_TAG: Final = re.compile("<[^<>]*>")

Told = tuple[str, Span]
"""The words of a mention and what it stands for."""


def of_activity(activity: Payload, bot: Workspace, people: Mapping[str, str]) -> list[Told]:
    """Return what is mentioned in an activity, in the order of its numbers."""
    return [(_shown(one), _meant(one, bot, people)) for one in entities_of(activity)]


def entities_of(activity: Payload) -> list[Payload]:
    """Return what an activity tells of its mentions."""
    return [one for one in dicts(activity.get("entities")) if one.get("type") == "mention"]


def of_message(message: Payload, bot: Workspace) -> dict[str, Told]:
    """Return what is mentioned in a message of Graph's, by number."""
    return {
        str(one.get("id")): (bare(string(one.get("mentionText"))), _named(one, bot))
        for one in dicts(message.get("mentions"))
    }


def finder(told: Mapping[str, Told] | Sequence[Told]) -> Callable[[str, str], Span]:
    """Make what finds a mention by its number in the words, else by its words."""
    numbered = told if isinstance(told, Mapping) else {str(at): one for at, one in enumerate(told)}
    left = list(numbered.values())

    def find(number: str, words: str) -> Span:
        found = numbered.get(number)
        if found is None:
            alike = [one for one in left if one[0] == bare(words)]
            found = alike[0] if alike else (words, Special(f"@{words}"))
            if len(alike) > 1:  # namesakes are mentioned in the order in which they are told
                left.remove(found)
        span = found[1]
        return Mention(span.member_id, words) if isinstance(span, Mention) and words else span

    return find


def without_bot(body: Iterable[Span], bot: Workspace) -> tuple[Span, ...]:
    """Return a body in which the bot is but named: nobody credits it."""
    return tuple(
        Special(f"@{span.label or NAME}")
        if isinstance(span, Mention) and is_bot(span, bot)
        else span
        for span in body
    )


def is_bot(span: Span, bot: Workspace) -> bool:
    """Whether a span mentions the bot itself."""
    return isinstance(span, Mention) and span.member_id == bot.bot_user_id


def is_app(account: Payload) -> bool:
    """Whether an account of Teams' is an app's."""
    return string(account.get("id")).startswith("28:") or string(account.get("role")) in {
        "bot",
        "skill",
    }


def mentioned_in(activity: Payload) -> list[Payload]:
    """Return the accounts that are mentioned in an activity."""
    return [inside(one.get("mentioned")) for one in entities_of(activity)]


def is_unknown(account: Payload) -> bool:
    """Whether an account is a member's, of whom Teams does not tell the id in Entra."""
    place = string(account.get("id")).startswith("19:") or _kind_of(account) in _GROUPS
    return not (place or is_app(account) or account.get("aadObjectId"))


def bare(name: str) -> str:
    """Return a name on one line, without the sign before it."""
    return " ".join(name.replace("\u00a0", " ").split()).removeprefix("@")


def _meant(entity: Payload, bot: Workspace, people: Mapping[str, str]) -> Span:
    who = inside(entity.get("mentioned"))
    ident, name = string(who.get("id")), bare(string(who.get("name"))) or _shown(entity)
    if ident and ident in {bot.bot_user_id, bot.bot_id}:
        return Mention(bot.bot_user_id, name or None)
    if _kind_of(who) in _GROUPS or is_app(who):
        return Special(f"@{name}")
    if ident.startswith("19:"):
        return ChannelMention(ident, name or None)
    entra = string(who.get("aadObjectId")) or people.get(ident, ident)
    return Mention(entra, name or None) if entra else Special(f"@{name}")


def _kind_of(account: Payload) -> str:
    return string(account.get("conversationIdentityType")) or string(account.get("type"))


def _named(mention: Payload, bot: Workspace) -> Span:
    who, name = inside(mention.get("mentioned")), bare(string(mention.get("mentionText")))
    if user := string(inside(who.get("user")).get("id")):
        return Mention(user, name or None)
    if (app := string(inside(who.get("application")).get("id"))) and app == bot.bot_id:
        return Mention(bot.bot_user_id, name or None)
    place = inside(who.get("conversation"))
    if (ident := string(place.get("id"))) and place.get("conversationIdentityType") == "channel":
        return ChannelMention(ident, name or None)
    return Special(f"@{name}")


def _shown(entity: Payload) -> str:
    return bare(_TAG.sub("", string(entity.get("text"))))
