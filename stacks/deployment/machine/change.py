"""Steps towards what should be served: a model and a configuration of its version, then the endpoint itself."""

from pipeline_definition.names import MODEL_VERSION_VARIABLE, RAW_RECORDS
from stacks.deployment.machine.states import States, call, choose, evaluate
from stacks.deployment.plan import EndpointPlan

_IS_THERE = "$contains($cause, 'already existing')"


def change(plan: EndpointPlan, digest: str) -> States:
    """Return the states that change something; each is refused, or known to be done, when it comes a second time."""
    return {**_make(plan, evaluate("$name")), **_change_endpoint(plan, digest, evaluate("$name"))}


def _make(plan: EndpointPlan, name: str) -> States:
    """Return the states that make the model and the configuration called *name*."""
    return {
        "CreateModel": call(
            "sagemaker:createModel",
            {
                "ModelName": name,
                "Containers": [
                    {
                        "ModelPackageName": evaluate("$package"),
                        "InferenceSpecificationName": RAW_RECORDS,
                        "Environment": evaluate(_environment(plan)),
                    }
                ],
                **plan.model,
            },
            then="CreateConfiguration",
            refused="ModelThere?",
        ),
        "ModelThere?": choose((_IS_THERE, "CreateConfiguration"), otherwise="Trouble"),
        "CreateConfiguration": call(
            "sagemaker:createEndpointConfig",
            {
                "EndpointConfigName": name,
                "ProductionVariants": [{**plan.variant, "ModelName": name}],
                **plan.configuration,
            },
            assign={"configured": name},
            then="Change",
            refused="ConfigurationThere?",
        ),
        # What was tried, and is not served, was rolled back, and told: the hourly pass does not try it each hour.
        "ConfigurationThere?": choose(
            (f"$not({_IS_THERE})", "Trouble"),
            ("$there and $not($backwards) and $not($retry) and $configured != $name", "TriedBefore"),
            otherwise="Change",
        ),
    }


def _environment(plan: EndpointPlan) -> str:
    """Return, in JSONata, the environment of the container.

    That of the version is given, too: CreateModel once refused a second environment, and takes it now (aws/sagemaker-
    python-sdk pull requests 3301 and 3581), but nothing says whether it adds the two.
    """
    own = {MODEL_VERSION_VARIABLE: "$version", **{name: f"'{value}'" for name, value in plan.environment.items()}}
    members = ", ".join(f"'{name}': {value}" for name, value in own.items())
    return f"$merge([$environment, {{{members}}}])"


def _change_endpoint(plan: EndpointPlan, digest: str, name: str) -> States:
    """Return the states that give the endpoint the configuration called *name*."""
    endpoint = {"EndpointName": plan.endpoint_name}
    update = {**endpoint, "EndpointConfigName": name, **plan.retained}
    tried = {"tried": name}
    return {
        "Change": choose(
            ("$not($there)", "CreateEndpoint"),
            # With another instance type UpdateEndpoint is refused as long as the variant is scaled.
            (f"$not($contains($served, '-{digest}'))", "StopScaling"),
            otherwise="Update",
        ),
        "StopScaling": call(
            "applicationautoscaling:deregisterScalableTarget",
            plan.scalable_target,
            then="ScalingStopped",
            refused="Scaled?",
        ),
        "Scaled?": choose(("$contains($error, 'ObjectNotFound')", "ScalingStopped"), otherwise="Trouble"),
        "ScalingStopped": choose(("$status = 'Failed'", "DeleteFailed"), otherwise="Update"),
        "Update": choose(("$backwards", "PutBack"), otherwise="UpdateEndpoint"),
        "CreateEndpoint": call(
            "sagemaker:createEndpoint", {**endpoint, "EndpointConfigName": name}, assign=tried, then="Wait"
        ),
        "UpdateEndpoint": call(
            "sagemaker:updateEndpoint", {**update, "DeploymentConfig": plan.watched}, assign=tried, then="Wait"
        ),
        "PutBack": call(
            "sagemaker:updateEndpoint", {**update, "DeploymentConfig": plan.unwatched}, assign=tried, then="Wait"
        ),
        "DeleteFailed": call("sagemaker:deleteEndpoint", endpoint, then="Wait"),
    }
