"""Finding: filters, search, who may see what, export and trials.

Use `permissions.Permissions` for rights, `ideas.IdeaFinder` for kept ideas, and `trials.Trials`.
Rights are asked here, at every answer. Nothing here posts.
"""
