"""Microsoft Teams: its activities become the core's values, the core's messages become cards.

`http.py` takes what Teams sends and `door.py` leads it on, `connector.py` speaks to Teams. Their
library is imported by `sdk.py` alone, so that whatever needs none of it starts without.
"""
