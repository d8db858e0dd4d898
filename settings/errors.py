"""Refusals of settings, one line each: the value, then the remedy. Those of a feature are defined beside it."""


class SettingsError(ValueError):
    """Settings of which no application can be made."""


class UnknownStageError(SettingsError):
    """A stage that `STAGES` does not have."""


class StageNameError(SettingsError):
    """Names of a stage of which names of resources cannot be made."""
