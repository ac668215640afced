"""Members as the platform describes them: asked about, remembered, and found by their names."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.errors import CommandError, SettingsError
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Visibility
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.people import Member, MemberId, folded
from bot.core.model.typed import short
from bot.core.ports import IdeaStore


async def settled(
    store: IdeaStore, workspace: str, filters: Filters, visibility: Visibility
) -> Filters:
    """*filters* with an id for each name of a person.

    Raises:
        CommandError: nobody has that name, or several have, or there is no such channel or school;
            the words offer the nearest, and tell several people apart. Likewise a tag that no idea
            in sight has, where one that is like it is known.
    """
    people = [await _person(store, workspace, who, visibility) for who in filters.people]
    if filters.channel:
        await _check_channel(store, workspace, filters.channel, visibility)
    for tag in filters.tags:
        await _check_tag(store, workspace, tag, visibility)
    school = filters.school and await _school(store, workspace, filters.school, visibility)
    return replace(filters, people=tuple(dict.fromkeys(people)), school=school)


async def names_in(
    store: IdeaStore, framework: Framework, workspace: str, filters: Filters
) -> Mapping[str, str]:
    """What the ids and codes in filters are called."""
    ids = [one for one in (*filters.people, filters.channel) if one]
    return {**framework.titles, **await store.names(workspace, ids)}


async def _person(store: IdeaStore, workspace: str, who: str, visibility: Visibility) -> str:
    found = await store.called(workspace, who)
    if len(found) == 1:
        return MemberId(found[0].person.id)
    if not found and isinstance(who, MemberId):
        return who
    authors = await store.authors(workspace, visibility)
    if not found:
        near = nearest(who, [one.person.name.replace("`", "'") for one in authors], most=3)
        hint = did_you_mean([f'`@"{name}"`' for name in near])
        raise CommandError(f"I know nobody called {short(who)}. {hint or _ANYBODY}")
    seen = {one.person.id for one in authors}
    posted = [one for one in found if one.person.id in seen]
    if len(posted) < 2:
        return MemberId(posted[0].person.id) if posted else who
    which = "; ".join(f"`@{one.person.id}` is {_apart(one)}" for one in posted[:_MOST])
    raise CommandError(
        f"{len(posted)} people are called {short(who)}. {which}. Choose one in the list that opens "
        f"when you type `@`, or write for example `@{posted[0].person.id}`."
    )


_ANYBODY = "Type `@` and choose somebody from the list that opens."
_MOST = 5


def _apart(member: Member) -> str:
    """A member as one tells them from others of the name."""
    person, profile = member.person, member.profile
    about = [short(words) for words in (profile.school, person.title) if words.strip()]
    return ", ".join((short(person.name or person.real_name or person.id), *about))


async def _check_channel(
    store: IdeaStore, workspace: str, name: str, visibility: Visibility
) -> None:
    every = await store.channels(workspace)
    known = [one for one in every if visibility.shows(one.id, private=one.private)]
    names = [one.name for one in known if one.name]
    if name.lower() not in (one.lower() for one in names) and name not in (o.id for o in known):
        hint = did_you_mean([f"`channel:{one}`" for one in nearest(name, names, most=3)])
        shown = ", ".join(f"`channel:{one}`" for one in sorted(names)[:_MOST]) or "none yet"
        raise CommandError(
            f"I know no channel {short(name)} that you can see. {hint or f'You can see: {shown}.'}"
        )


async def _check_tag(store: IdeaStore, workspace: str, tag: str, visibility: Visibility) -> None:
    if await store.count(workspace, Filters(tags=(tag,)), visibility):
        return
    near = nearest(tag, await store.tags(workspace, visibility), most=3)
    if near:
        hint = did_you_mean([f"`#{one}`" for one in near])
        raise CommandError(f"No idea that you can see has the tag #{short(tag)}. {hint}")


async def _school(store: IdeaStore, workspace: str, name: str, visibility: Visibility) -> str:
    """A school as its people write it."""
    known = {folded(one): one for one in await store.schools(workspace, visibility)}
    if folded(name) in known:
        return known[folded(name)]
    hint = did_you_mean([f'`school:"{one}"`' for one in nearest(name, [*known.values()], most=3)])
    raise CommandError(f"No idea that you can see is from a school {short(name)}. {hint}".strip())


async def unknown_channel(store: IdeaStore, name: str) -> SettingsError:
    """What an operator is told who names a channel that is not known: the nearest, or all."""
    every = [await store.channels(workspace.id) for workspace in await store.workspaces()]
    names = sorted(one.name or one.id for channels in every for one in channels)
    hint = did_you_mean([f"#{one}" for one in nearest(name, names, most=3)])
    heard = ", ".join(f"#{one}" for one in names) or "none yet"
    return SettingsError(f"--channel: no channel {name!r} is known. {hint or f'Known: {heard}.'}")
