"""Decides which branch of a condition runs."""

from local_runner.interpreter.conditions import is_met
from local_runner.record.step_cache import Result
from local_runner.steps.context import Context, Task


def run_condition(task: Task, _context: Context) -> Result:
    """Compare; the engine starts the steps of the branch that the outcome names."""
    outcome = str(all(is_met(condition) for condition in task.arguments["Conditions"]))
    return Result({"Outcome": outcome}, {"Condition": {"Outcome": outcome}}, {})
