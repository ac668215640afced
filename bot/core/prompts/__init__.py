"""Prompts: the bank, the school calendar, the choice, and a channel's own questions.

Pure: which question comes next follows from the arguments alone.
"""
