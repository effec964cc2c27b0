"""The error tree: each error is a line that says what is wrong and a hint that says the way out."""


class Error(Exception):
    """Anything a user can mend.

    Args:
        message: one line: what is wrong, with file, key and line where there are any.
        hint: one line: what to do about it.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(Error):
    """A command was called with something that does not exist or does not fit."""


class PlanError(Error):
    """The plan is not what the plan format says it is."""


class HubError(Error):
    """The hub is locked, damaged, of another plan, or would be overwritten."""


class EvidenceError(Error):
    """A file that should be evidence is missing, unreadable or not of the form claimed."""


class DataError(Error):
    """A data set lacks a field, has a wrong shape or is not finite."""


class OptionError(Error):
    """An option of a baseline program has a value it cannot work with."""


class RequiredPhaseError(Error):
    """A phase needs another one that has not run in this hub."""


class BlockedError(Error):
    """A gate is red, or every rung failed and no policy lets the phase go on."""

    exit_code = 3
