"""Who is calling: one person with a role, the same for the web page, HTTP, Slack and the terminal.

Decides nothing about passwords or sessions; a channel finds out who calls and hands the Visitor on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["member", "reviewer", "admin"]
"""In rising order: a member has their own things; a reviewer also looks after the library and bad answers; an admin also
after accounts."""
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A person as a channel knows them. `person` is the id in the records; `name` is what to call them, may be empty."""

    person: str
    role: Role = "member"
    name: str = ""

    def may(self, role: Role) -> bool:
        """Whether they may do what this role may do."""
        return ROLES.index(self.role) >= ROLES.index(role)
