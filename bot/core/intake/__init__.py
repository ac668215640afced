"""Intake: whether a post is an idea, what is in it, and how it is kept, changed and withdrawn.

Use `keep.Keeper`, `catch_up.CatchUp`, `importing.Importer` and `reader.Reader`. Nothing here posts,
and nothing here decides who may see what.
"""
