"""What is known of an execution, on AWS, the stand-in or this machine: one model, with a reader for each source."""

from artefacts.definition.instances import Instances
from artefacts.execution.model import ENDED, Execution, Status, Step

__all__ = ["ENDED", "Execution", "Instances", "Status", "Step"]
