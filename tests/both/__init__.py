"""What holds on both platforms, and what holds of a program that is on both at once.

A rule of one platform alone is tested beside it. Here a rule stands once, and runs on each.
"""
