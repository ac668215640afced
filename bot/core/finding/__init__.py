"""Finding: filters, search, who may see what, export and trials.

Use `permissions.Permissions` for rights, and `ideas.IdeaFinder` for kept ideas and trials. Rights
are asked here, at every answer. Nothing here posts.
"""
