"""What may be sent to the HTTP interface. Invisible characters go; everything else is checked, nothing is guessed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from coach.text import clean
from coach.types import Lang, Role, Turn

MAX_CHARS = 100_000
"""Of a question or a message. The coach itself reads less of a long question and says so."""
TURNS_READ = 200
"""Of a longer history the last ones are read: a conversation must not break because it has grown."""


def _clean(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


# The limits stand before the cleaning, which pydantic then does first: what is invisible does not count.
Text = Annotated[str, Field(max_length=MAX_CHARS), BeforeValidator(_clean)]
Question = Annotated[str, Field(min_length=1, max_length=MAX_CHARS), BeforeValidator(_clean)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Message(BaseModel):
    """One turn of the history. Other keys are ignored: clients pass on messages of other programs as they are."""

    model_config = ConfigDict(extra="ignore", strict=True)

    role: Role
    content: Text


class _WithHistory(_Body):
    history: list[Message] | None = Field(default=None, description=f"oldest first; the last {TURNS_READ} are read")
    lang: Lang | None = Field(default=None, description="null: the language of the question")

    def turns(self) -> list[Turn]:
        """The history as the coach takes it."""
        said = [m for m in self.history or () if m.content]
        return [Turn(role=m.role, content=m.content) for m in said[-TURNS_READ:]]


class AskRequest(_WithHistory):
    """Body of POST /api/ask."""

    question: Question
    stream: bool = Field(default=False, description="true: server-sent events passages, token…, reply, error")
    conversation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        default=None, description="id of the conversation that is kept, a new one if it is not known; null: nothing is kept"
    )
    instead_of: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="id of a reply in that conversation that this one is to replace, with all after it"
    )


class RetrieveRequest(_WithHistory):
    """Body of POST /api/retrieve."""

    query: Question
    k: int = Field(default=8, ge=1, le=50, description="passages wanted")
    max_chars: int = Field(default=0, ge=0, description="characters in all, of the best sentences; 0: whole passages")
