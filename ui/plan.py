"""The page plan."""

from __future__ import annotations

from coach.app import Coach
from coach.identity import Role
from ui.html import empty
from ui.shell import Answer, Values
from ui.visit import Visit


class PlanPage:
    """The page plan."""

    path = "/plan"
    role: Role = "member"

    def __init__(self, coach: Coach) -> None:
        self._coach = coach

    def show(self, visit: Visit) -> str:
        """The page."""
        return empty("plan", "…")

    def act(self, visit: Visit, do: str, values: Values) -> Answer:
        """What was pressed."""
        return Answer(say=do)
