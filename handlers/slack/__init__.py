"""Slack: its events become the core's values, the core's messages become Block Kit."""
