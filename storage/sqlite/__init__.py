"""What only SQLite has: its connections, the writer thread, the search index and upkeep.

`storage/__init__.py` and `storage/store.py` choose this driver. No module of queries takes anything
from here.
"""
