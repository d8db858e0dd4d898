"""How a step of each type is run. A type that is not here cannot run."""

from collections.abc import Callable, Mapping

from local_runner.record.step_cache import Result
from local_runner.steps.call_function import run_lambda
from local_runner.steps.condition import run_condition
from local_runner.steps.context import Context, Task
from local_runner.steps.fail import run_fail
from local_runner.steps.processing import run_processing
from local_runner.steps.register_model import run_register_model
from local_runner.steps.training import run_training
from local_runner.steps.tuning import run_tuning

Handler = Callable[[Task, Context], Result]

HANDLERS: Mapping[str, Handler] = {
    "Processing": run_processing,
    "Training": run_training,
    "Tuning": run_tuning,
    "RegisterModel": run_register_model,
    "Lambda": run_lambda,
    "Condition": run_condition,
    "Fail": run_fail,
}
