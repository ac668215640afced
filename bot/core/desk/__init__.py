"""The front desk: whatever people ask comes in here, and one reply goes out.

Use `desk.make_desk`, and the three ways to ask of `desk.Desk`: a command, a press, a form that was
sent. `replies` says what comes back. Nothing here knows a platform, and rights are not decided here
but asked of `finding`, each time.
"""
