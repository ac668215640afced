"""The small Teams and its people, in the place of Slack's."""

from tests.teams.fixtures import ben, room, rosa, teams

__all__ = ["ben", "room", "rosa", "teams"]
