"""A stand-in for Amazon's Linear Learner: the regressor, one model.

Same hyperparameters, channels, log lines, metric names and artefact as the managed algorithm, rebuilt from its
documentation, job logs and artefacts. It is not Amazon's code; its weights are close to the managed ones, not equal.
"""


class CustomerError(Exception):
    """What the algorithm refuses, in the service's words an error of its customer: what was found, then the remedy."""
