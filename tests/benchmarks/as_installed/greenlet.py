"""Not installed: only development tools bring it, and structlog would load it for its tracebacks.

This folder stands first on the path of what is measured, so that it starts as it does for users.
"""

raise ImportError(__doc__)
