"""Taking in: a post is kept, brought into step with its edits, or remembered as passed by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.core.intake.keep import CROSSES
from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Changed,
    Draft,
    NotAnIdea,
    Nothing,
    Outcome,
    Source,
)
from bot.core.model.people import Keep
from bot.core.model.posts import Place, Post
from bot.core.model.work import Effect
from storage import ideas, outbox, responses, upkeep
from storage.ideas import Kept
from storage.rows import moment, split
from storage.scene import Frozen, Scene, Spot, enter, look
from storage.sqlite import Connection


class Add(NamedTuple):
    """A post that reads as an idea.

    Attributes:
        prompt_id: the prompt that it answers, if any.
        by: who picked it, if that was not its author.
    """

    post: Post
    draft: Draft
    source: Source
    now: datetime
    prompt_id: str = ""
    by: str = ""

    @property
    def by_author(self) -> bool:
        """Whether no one but its author chose it."""
        return self.by in {"", self.post.author_id}


def add(con: Connection, adds: Sequence[Add]) -> list[Outcome]:
    """Keep posts that read as ideas, unless they are known, overtaken or not wanted.

    Nearly all that comes is plain: those are kept together. The rest is kept one by one, in turn.
    """
    scenes = look(con, [_spot(one.post) for one in adds], adds[0].now)
    outcomes: list[Outcome] = []
    plain: list[tuple[Add, Scene]] = []
    moments: set[int] = set()  # a copy of a message wants the moment that the message wanted
    for one, scene in zip(adds, scenes, strict=True):
        if _is_plain(one, scene) and scene.moment not in moments:
            plain.append((one, scene))
        else:
            outcomes += _keep(con, plain)
            plain.clear()
            # What came before it may have changed what was seen.
            latest = look(con, [_spot(one.post)], one.now)[0] if outcomes else scene
            known = _known(con, latest, one)
            outcomes += _keep(con, [(one, latest)]) if known is None else [known]
        moments.add(scene.moment)
    return outcomes + _keep(con, plain)


def _is_plain(one: Add, scene: Scene) -> bool:
    """Whether it is a new post of which nothing but itself has to be noted."""
    return (
        one.source is Source.POST
        and not one.by
        and one.post.reactions is None
        and scene.untouched
        and scene.author.known
        and bool(scene.author.greeted)
        and not scene.differs(one.post.private)
    )


def _known(con: Connection, scene: Scene, one: Add) -> Outcome | None:
    """What comes of a copy of what is kept or overtaken; None: it is neither."""
    kept = ideas.kept_at(con, one.post.place) if scene.kept else None
    if kept is not None:
        return _again(con, kept, one.post, one.draft, one.now)
    return Nothing("outdated") if scene.overtaken(one.post.edited) else None


def change(con: Connection, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
    """Bring a kept idea into step with an edit; keep a post that has become an idea."""
    (scene,) = look(con, [_spot(post)], now)
    one = Add(post, draft, Source.POST, now)
    known = _known(con, scene, one)
    if known is not None:
        return known
    if fits:
        return _keep(con, [(one, scene)])[0]
    con.execute(
        """insert into passed (workspace, channel, ts, edited)
        values (:workspace, :channel, :ts, :edited)
        on conflict (workspace, channel, ts) do update set edited = max(edited, excluded.edited)""",
        responses.at(post.place) | {"edited": post.edited},
    )
    return NotAnIdea("edited")


def _spot(post: Post) -> Spot:
    place = post.place
    return Spot(place.workspace, place.channel, place.ts, post.author_id, moment(post.posted_at))


# -- a new idea -------------------------------------------------------------------------------


def unwanted(
    author: Frozen, draft: Draft, source: Source, *, marked_only: bool, by_author: bool
) -> NotAnIdea | None:
    """Why the author or the channel does not want this kept; None if they do.

    *by_author*: no one but the author chose it. *marked_only*: the channel's wish.
    """
    if author.keep == Keep.NOTHING.value:
        return NotAnIdea("opted out")
    if draft.marked and (by_author or source is not Source.REACTION):
        return None
    chosen = source not in {Source.POST, Source.ANSWER}  # somebody picked it by hand
    if author.keep == Keep.MARKED.value and not (chosen and by_author):
        return NotAnIdea("marked only")
    if marked_only and not chosen:
        return NotAnIdea("marked only")
    return None


def _keep(con: Connection, found: Sequence[tuple[Add, Scene]]) -> list[Outcome]:
    """Keep those that are wanted. Of several, each but for its own rows needs nothing noted."""
    refusals = [_refusal(con, one, scene) for one, scene in found]
    wanted = [pair for pair, refusal in zip(found, refusals, strict=True) if refusal is None]
    if not wanted:
        return [refusal for refusal in refusals if refusal is not None]
    stale = []
    for one, scene in wanted:
        place, private = one.post.place, one.post.private
        stale.append(
            enter(con, scene, place.workspace, place.channel, private=private, now=one.now)
        )
        scene.author.ensure(con, place.workspace, one.post.author_id)
    captured = ideas.insert(con, [_new(con, one, scene) for one, scene in wanted])
    jobs = []
    for (one, scene), got, channel_stale in zip(wanted, captured, stale, strict=True):
        _settle_in(con, one, scene)
        jobs += _jobs(one, scene, got, channel_stale=channel_stale)
    outbox.put_all(con, jobs)
    each = iter(captured)
    return [next(each) if refusal is None else refusal for refusal in refusals]


def _refusal(con: Connection, one: Add, scene: Scene) -> NotAnIdea | None:
    refusal = unwanted(
        scene.author,
        one.draft,
        one.source,
        marked_only=scene.marked_only,
        by_author=one.by_author,
    )
    if refusal is None and scene.gathered:
        place, author_id = one.post.place, one.post.author_id
        if any(author_id in responses.reactors(con, place, name) for name in CROSSES):
            return NotAnIdea("crossed")  # its author took it back before it was kept
    return refusal


def _new(con: Connection, one: Add, scene: Scene) -> ideas.New:
    post, place = one.post, one.post.place
    return ideas.New(
        author=scene.author,
        draft=one.draft,
        workspace=place.workspace,
        channel=place.channel,
        ts=place.ts,
        posted_at=post.posted_at,
        moment=scene.moment,
        author_id=post.author_id,
        source=one.source,
        kept_at=one.now,
        edited=post.edited,
        prompt_id=one.prompt_id,
        prompt=_prompt_text(con, place, one.prompt_id) if one.prompt_id else "",
    )


def _settle_in(con: Connection, one: Add, scene: Scene) -> None:
    """What was there before the idea counts, and its author is greeted from now on."""
    post = one.post
    if post.reactions is not None:
        responses.set_reactions(con, post.place, post.reactions, now=one.now)
    if scene.gathered:
        responses.count(con, post.place, one.now)
    if not scene.author.greeted:
        con.execute(
            "update member set greeted = 1 where workspace = :workspace and id = :id",
            {"workspace": post.place.workspace, "id": post.author_id},
        )


def _jobs(
    one: Add, scene: Scene, captured: Captured, *, channel_stale: bool
) -> list[Mapping[str, object]]:
    post, author, key = one.post, scene.author, str(captured.id)
    by_other = one.source is Source.REACTION and not one.by_author
    return ideas.jobs(
        post.place.workspace,
        one.now,
        {
            Effect.MARK: key,
            Effect.PERMALINK: key,
            Effect.MEMBER: post.author_id if author.stale else "",
            Effect.CHANNEL: post.place.channel if channel_stale else "",
            Effect.NAMES: key if one.draft.unnamed else "",
            Effect.FIRST: "" if author.greeted or by_other else key,
            Effect.MARKED: key if by_other else "",
        },
    )


def _prompt_text(con: Connection, place: Place, prompt_id: str) -> str:
    """The words of a prompt as they were posted in this channel, the latest time."""
    row = con.execute(
        """select prompt_text from delivery where workspace = :workspace and channel = :channel
          and kind = 'prompt' and prompt_id = :prompt_id order by at desc limit 1""",
        responses.at(place) | {"prompt_id": prompt_id},
    ).fetchone()
    return "" if row is None else str(row[0])


# -- a copy of what is kept -------------------------------------------------------------------


def _again(con: Connection, kept: Kept, post: Post, draft: Draft, now: datetime) -> Outcome:
    """A copy of a message that is kept already: perhaps a newer edit of it."""
    if kept.withdrawn is not None:
        return Nothing("withdrawn")
    if post.reactions is not None:
        responses.set_reactions(con, post.place, post.reactions, now=now)
    words = ideas.words_of(draft)
    same = kept.text == words["text"] and kept.resources == words["resources"]
    if kept.doubtful and draft.marked:
        ideas.take_up(con, kept, draft, now)
    # What is said in a clip, and where a file of a shared channel stands, is told later.
    found = {resource.url for resource in draft.resources}
    more = any(file.words for file in post.files) or found > set(split(kept.resources))
    if post.edited < kept.edited or (post.edited == kept.edited and not more):
        return AlreadyKnown(kept.id, kept.number)
    if same:
        con.execute(
            "update idea set edited = :edited where id = :id",
            {"edited": post.edited, "id": kept.id},
        )
        return AlreadyKnown(kept.id, kept.number)
    con.execute(
        f"""update idea set text = :text, {ideas.READS}, tags = :tags, resources = :resources,
          credits = :credits, unnamed = :unnamed, edited = :edited, edited_at = :edited_at,
          components = case when components_by_hand then components else :components end,
          framework = case when components_by_hand then framework else :framework end
        where id = :id""",  # noqa: S608  (columns, no values)
        words
        | {
            "edited": post.edited,
            "edited_at": ideas.edit_instant(post.edited, now),
            "id": kept.id,
        },
    )
    upkeep.erased(con)
    ideas.unhang(con, kept.id, components=not kept.components_by_hand)
    hung = [(kept.workspace, kept.id, draft)]
    ideas.hang(con, hung, components=not kept.components_by_hand)
    key = str(kept.id)
    jobs = {
        Effect.NAMES: key if draft.unnamed else "",
        Effect.MARK: key if kept.reads_as != words["reads_as"] else "",
    }
    ideas.queue(con, kept.workspace, now, jobs)
    return Changed(kept.id, kept.number)
