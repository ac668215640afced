"""Delivery: the one way to make a message stand in a chat exactly once.

What a message says is decided elsewhere and handed in.
"""
