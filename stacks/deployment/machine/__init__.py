"""The state machine that reconciles the endpoint with the model registry, in Amazon States Language with JSONata.

Every pass asks what should be served, the newest approved version, and what is; then it takes one step towards it,
waits, and begins again. So duplicate, lost and simultaneous events need no states of their own. The variables that
states hand on to each other:

    package, version    what should be served
    artefact            what the version's container serves raw records with
    environment         of that container
    sample, expected    a request, and what this version has to predict for it
    name                of the version's model and endpoint configuration
    there, status, served, reason    what the endpoint is
    backwards           whether what is served is newer than what should be
    tried               name that this execution, or one beside it, has begun to deploy
    cause, retry_at, failures        of the last call that was refused
"""

from stacks.deployment.machine.definition import build_machine

__all__ = ["build_machine"]
