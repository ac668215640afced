"""The outbox: what follows a stored change, each kind of effect safe to do twice."""
