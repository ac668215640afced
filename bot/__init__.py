"""Commonplace: keeps the leadership ideas of a network of school librarians."""
