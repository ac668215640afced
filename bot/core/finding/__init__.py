"""Finding: filters, search, who may see what, export and trials.

Rights are asked here, at every answer. Nothing here posts.
"""
