"""Erasing somebody: every column that may hold their id, name or words has its fate."""

from storage import Store
from storage.erasure import FATES, NOBODY, Fate, Named
from tests.storage.making import query

TEXTS = """select t.name, c.name from pragma_table_list t join pragma_table_info(t.name) c
  where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite!_%' escape '!'
    and c.type not in ('INTEGER', 'REAL')"""
"""Every column that can hold a text; views and the search index show what tables hold."""


async def test_every_column_that_can_hold_a_text_has_its_fate(store: Store) -> None:
    """Each stands in `FATES`, or in `NOBODY` with a reason; none in both, and none that is not.

    If this fails for your new column, say in storage/erasure.py what becomes of it.
    """
    columns = set(query(store, TEXTS))
    fates = {(table, column) for table, columns in FATES.items() for column in columns}
    nobody = {word for words in NOBODY.values() for word in words.split()}
    empty = {one for one in columns if {one[1], ".".join(one)} & nobody}
    assert [] == sorted(columns - fates - empty)
    assert [] == sorted(fates & empty)
    assert [] == sorted(fates - columns)
    assert [] == sorted(nobody - {word for one in columns for word in (one[1], ".".join(one))})


def test_a_name_becomes_a_colleague_by_the_id_beside_it() -> None:
    """What stands beside a name is a column of the same table that holds an id."""
    for columns in FATES.values():
        for fate in columns.values():
            assert not isinstance(fate, Named) or columns[fate.beside] is Fate.CLEARED
