"""How a step of each type is run. A type that is not here cannot run."""

from collections.abc import Callable, Mapping

from local_runner.step_cache import Result
from local_runner.steps.context import Context, Task
from local_runner.steps.processing import run_processing
from local_runner.steps.register_model import run_register_model
from local_runner.steps.training import run_training

Handler = Callable[[Task, Context], Result]

HANDLERS: Mapping[str, Handler] = {
    "Processing": run_processing,
    "Training": run_training,
    "RegisterModel": run_register_model,
}
