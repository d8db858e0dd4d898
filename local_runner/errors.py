"""The two ways in which a run can end badly."""


class RefusedError(Exception):
    """Nothing was started: what was found, then the remedy. Exit code 2."""


class StepFailedError(Exception):
    """A step failed; the text is its FailureReason."""


class StoppedError(Exception):
    """A step was stopped because someone asked for it."""
