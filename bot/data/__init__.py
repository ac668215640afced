"""The data that comes with the program, and how each file becomes values of the core.

A file is one subject's; the module of the same name reads it. Whatever is wrong in a file raises
`FrameworkError`, which names the file, the entry, and what would be right.
"""
