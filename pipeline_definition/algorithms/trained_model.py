"""What later steps need to know of a model, whether one job trained it or a search found it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sagemaker.core.helper.pipeline_variable import StrPipeVar


@dataclass(frozen=True)
class TrainedModel:
    """A model, and what its training reported of it."""

    artefact: StrPipeVar
    """Where model.tar.gz lies."""
    reported: Sequence[StrPipeVar]
    """Options of the evaluation, with a loss that it must find again: only then has it read the artefact rightly."""
    checked_on: Sequence[str] = ()
    """Outputs of the split, beside the test rows, that the loss was computed on."""
