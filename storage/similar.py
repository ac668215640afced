"""Which ideas share the rare words of a text: a few of them, to be compared with it."""

import heapq
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.core.model.ideas import Filters, Idea, Kind, Visibility
from storage.connection import Connection
from storage.filters import conditions_of
from storage.ideas import IDEA
from storage.rows import clean, column, many

MOST_HITS = 300
"""Ideas that are looked at for one word, the newest: one that more have tells little."""
LIKELY = 60
"""Ideas that share most; of those that the asker may see, `MOST` are compared."""
MOST = 15

_HITS = """select rowid from idea_words where idea_words match :match
  order by rowid desc limit :most"""


def sharing_words(
    con: Connection, workspace: str, words: Mapping[str, float], visibility: Visibility
) -> Sequence[Idea]:
    """Ideas that share these words, those first that share most; *words*: what each one tells."""
    wanted = conditions_of(con, workspace, Filters(kinds=(Kind.IDEA, Kind.POST)), visibility)
    if wanted is None:
        return ()
    shared: dict[int, float] = defaultdict(float)
    for word, weight in words.items():
        phrase = clean(word).replace('"', "")
        values = {"match": f'{{text tags}} : "{phrase}"', "most": MOST_HITS}
        for moment in column(con, _HITS, values):
            shared[moment] += weight
    most = heapq.nlargest(LIKELY, ((weight, moment) for moment, weight in shared.items()))
    likely = [moment for _, moment in most]
    # In this order, whatever else SQLite may think of: it begins with the few.
    sql = f"""{IDEA} from json_each(:likely) l cross join idea i on i.moment = l.value
      where {wanted.conditions()} order by l.key limit :most"""
    return many(con, Idea, sql, {**wanted.values, "likely": json.dumps(likely), "most": MOST})
