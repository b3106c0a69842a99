"""The product's own exceptions; every message says what happened, with which value, and what mends it.

CoachError
    SetupError              something must be installed, downloaded, freed or configured (exit code 2)
        WeightsError        a weight file is missing, damaged or could not be had
        LibraryMissing      no index has been built yet
        LibraryMismatch     the index was built with other settings than the ones now in force
    InputError              what the person gave cannot be used as it is (exit code 2)
    NotFound                no such record, or not this person's: nobody can tell the two apart (exit code 2)
    Conflict                the record has changed meanwhile, or is finished (exit code 2)
    Unreadable              a kept value does not fit this version of the program; it is kept and exported as it is
    ModelError              the chat model failed
        ModelUnavailable    it cannot be reached, is overloaded or is still loading
        ModelStalled        it stopped producing text
    DocumentError           one document cannot be read; never stops the others
"""


class CoachError(Exception):
    """Base of all expected failures. `hint` is the exact command or setting that mends it."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SetupError(CoachError):
    """Something must be installed, downloaded, freed or configured first."""

    code = "setup"
    exit_code = 2


class WeightsError(SetupError):
    """A weight file is missing, damaged or could not be obtained."""

    code = "weights"


class LibraryMissing(SetupError):
    """No index has been built yet."""

    code = "library_missing"


class LibraryMismatch(SetupError):
    """The index was built with other settings than those in force."""

    code = "library_mismatch"


class InputError(CoachError):
    """What the person gave cannot be used as it is."""

    code = "bad_input"
    exit_code = 2


class NotFound(CoachError):
    """There is no such record, or it is somebody else's; both look the same."""

    code = "not_found"
    exit_code = 2


class Conflict(CoachError):
    """The record was changed by somebody else meanwhile, or can no longer be changed."""

    code = "conflict"
    exit_code = 2


class Unreadable(CoachError):
    """A kept value does not fit the types of this version of the program."""

    code = "unreadable"


class ModelError(CoachError):
    """The chat model failed."""

    code = "model"


class ModelUnavailable(ModelError):
    """The chat model cannot be reached, is overloaded, or is still loading."""

    code = "model_unavailable"


class ModelStalled(ModelError):
    """The chat model stopped producing text before its answer was complete."""

    code = "model_stalled"


class DocumentError(CoachError):
    """One document cannot be read; the reason is in the message."""

    code = "document"
