"""What a page for people outside is made of: ideas and trials of some days, one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.core.model.digest import TrialWithIdea
from bot.core.model.ideas import Filters, Idea, Kind, Trial, Visibility
from bot.core.model.people import Shown
from storage.connection import Connection
from storage.filters import conditions_of, days_of
from storage.ideas import IDEA, ONE
from storage.members import meant
from storage.rows import one, stamp, value_of
from storage.search_plan import all_of
from storage.trials import TRIAL


def ideas(
    con: Connection, workspace: str, filters: Filters, visibility: Visibility
) -> Iterator[Idea]:
    """Ideas that fit, oldest first; no question, no post in doubt. *workspace* empty: of all."""
    filters = replace(filters, kinds=(Kind.IDEA,))
    for each in meant(con, workspace):
        wanted = conditions_of(con, each, filters, visibility)
        if wanted is None:
            continue
        plan = all_of(wanted)
        rows = con.execute(
            f"{IDEA} from {plan.source} where {plan.where} order by {plan.oldest}", wanted.values
        )
        for row in rows:
            yield value_of(Idea, row)


def trials(
    con: Connection, workspace: str, filters: Filters, visibility: Visibility
) -> Iterator[TrialWithIdea]:
    """Trials of the filters' days, oldest first; whose, and of what day the idea is, all the same.

    Everything else that the filters ask of an idea holds for the one that was tried.
    """
    since, until = days_of(filters)
    filters = replace(filters, since=None, until=None, people=(), school="", kinds=(Kind.IDEA,))
    for each in meant(con, workspace):
        wanted = conditions_of(con, each, filters, visibility)
        if wanted is None:
            continue
        days = {
            "tried_since": "" if since is None else stamp(since),
            "tried_until": "9999" if until is None else stamp(until),
        }
        rows = con.execute(
            f"""{TRIAL} cross join idea i on i.id = t.idea_id
            where t.workspace = :workspace and {wanted.conditions(words=True)}
              and t.tried_at >= :tried_since and t.tried_at < :tried_until
            order by t.tried_at, t.id""",
            wanted.values | days,
        )
        for row in rows:
            trial = value_of(Trial, row)
            idea = one(con, Idea, f"{ONE} i.id = :id", {"id": trial.idea_id})
            if idea is not None:
                yield TrialWithIdea(trial, idea)


def choices(con: Connection, workspace: str) -> Mapping[tuple[str, str], Shown]:
    """What members chose to show of themselves, by workspace and id. *workspace* empty: of all."""
    rows = con.execute(
        """select workspace, id, shown from member
        where shown <> '' and (workspace = :workspace or :workspace = '')""",
        {"workspace": workspace},
    )
    return {(place, id_): Shown(shown) for place, id_, shown in rows}
