"""All needs of one stage."""

from collections.abc import Iterator

from tests.security.deployed_stage import DeployedStage
from tests.security.execution import Execution, starts
from tests.security.needs.deployment import needs_of_deployment
from tests.security.needs.encryption import needs_of_keys, needs_of_log_groups
from tests.security.needs.function import answer_in_turn, needs_of_function
from tests.security.needs.jobs import JOB_STEPS, needs_of_job
from tests.security.needs.need import Need
from tests.security.needs.people import needs_of_approvers
from tests.security.needs.services import needs_of_access_logs, needs_of_alarms, needs_of_rules
from tests.security.needs.steps import needs_of_step
from tests.security.needs.trust import needs_to_assume_roles


def needs_of(application: DeployedStage) -> tuple[Need, ...]:
    """Return every need of *application*, each request once."""
    found: dict[object, Need] = {}
    for need in _all(application):
        found.setdefault(need.request.identity, need)
    return tuple(found.values())


def _all(application: DeployedStage) -> Iterator[Need]:
    yield from needs_of_keys(application)
    yield from needs_of_log_groups(application)
    yield from needs_of_rules(application)
    yield from needs_of_alarms(application)
    yield from needs_of_access_logs(application)
    for execution in executions(application):
        yield from needs_to_assume_roles(application, execution)
        yield from needs_of_approvers(application, execution)
        yield from needs_of_deployment(application, execution)
        for step in execution.steps:
            yield from needs_of_step(application, execution, step)
            if step.type in JOB_STEPS:
                yield from needs_of_job(application, execution, step)
            if step.type == "Lambda":
                yield from needs_of_function(application, execution, step)


def executions(application: DeployedStage) -> Iterator[Execution]:
    """Yield executions that together show all that one may do: the first, and later ones with all that starts allow."""
    definition = application.definition
    first = answer_in_turn(application, Execution(definition, "first0000000"), None)
    yield first
    later = Execution(definition, "later0000000")
    # What registers no model meets those of all executions of what does.
    for champion in [first] if _registers(first) else [first, later]:
        for parameters in starts(definition):
            started = Execution(definition, later.id, {}, parameters)
            yield answer_in_turn(application, started, champion)


def _registers(execution: Execution) -> bool:
    return any(step.type == "RegisterModel" for step in execution.steps)
