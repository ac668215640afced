"""Finding: filters, search, who may see what, export and trials.

Use `permissions.Permissions` for rights, `ideas.IdeaFinder` for kept ideas, `trials.Trials` and
`posting.PostingPermissions`. Rights are asked here, at every answer. Nothing here posts.
"""
