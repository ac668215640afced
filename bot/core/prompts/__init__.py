"""Prompts: the bank, the school calendar, and the choice.

Pure: which question comes next follows from the arguments alone.
"""
