"""The kinds of states that the machine is made of."""

from typing import Any

State = dict[str, Any]
States = dict[str, State]

MATCHES_OWN_NAMES = "/-v([0-9]+)-[0-9a-f]{8}$/"
"""How names of models and configurations end: the version, and the digest of the settings."""


def evaluate(expression: str) -> str:
    """Return *expression* of JSONata as a value of a state.

    >>> evaluate("$version + 1")
    '{% $version + 1 %}'
    """
    return f"{{% {expression} %}}"


def call(
    operation: str, arguments: Any, *, then: str, assign: dict[str, Any] | None = None, refused: str = "Trouble"
) -> State:
    """Return a call of *operation*, such as `sagemaker:createModel`; *refused* is the state that an error leads to."""
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{operation}",
        "Arguments": arguments,
        **({"Assign": assign} if assign else {}),
        "Catch": [
            {
                # One code stands for many refusals of SageMaker's: what follows looks at the words.
                "ErrorEquals": ["States.ALL"],
                "Assign": {
                    "error": evaluate("$states.errorOutput.Error"),
                    "cause": evaluate("$states.errorOutput.Cause"),
                },
                "Next": refused,
            }
        ],
        "Next": then,
    }


def choose(*choices: tuple[str, str], otherwise: str) -> State:
    """Return a choice of pairs of a condition and the state that it leads to; the first that holds counts."""
    return {
        "Type": "Choice",
        "Choices": [{"Condition": evaluate(condition), "Next": state} for condition, state in choices],
        "Default": otherwise,
    }


def fail(error: str, cause: str) -> State:
    """Return an end that people are told of, with a *cause* in JSONata."""
    return {"Type": "Fail", "Error": error, "Cause": evaluate(cause)}
