"""What should be served, and what is."""

from pipeline_definition.names import RAW_RECORDS
from stacks.deployment.machine.states import MATCHES_OWN_NAMES, States, call, choose, evaluate
from stacks.deployment.plan import EndpointPlan

_CONTAINER = f"$states.result.AdditionalInferenceSpecifications[Name = '{RAW_RECORDS}'].Containers[0]"
_ARTEFACT = f"{_CONTAINER}.ModelDataUrl"


def look(plan: EndpointPlan, digest: str) -> States:
    """Return the states that look around and decide what to do."""
    own_name = f"'{plan.endpoint_name}-v' & $version & '-{digest}'"
    return {
        **_find(plan.endpoint_name, plan.model_package_group),
        **_read_wanted(own_name),
        **_compare(plan.endpoint_name),
    }


def _find(endpoint: str, group: str) -> States:
    """Return the states that find out whether there is an *endpoint*, and the newest approved version of *group*."""
    return {
        "FindEndpoint": call(
            "sagemaker:listEndpoints",
            {"NameContains": endpoint, "MaxResults": 100},
            assign={"there": evaluate(f"$exists($states.result.Endpoints[EndpointName = '{endpoint}'])")},
            then="FindWanted",
        ),
        "FindWanted": call(
            "sagemaker:listModelPackages",
            evaluate(
                f"$merge([{{'ModelPackageGroupName': '{group}', 'ModelApprovalStatus': 'Approved',"
                " 'SortBy': 'CreationTime', 'SortOrder': 'Descending', 'MaxResults': 100},"
                " $token = '' ? {} : {'NextToken': $token}])"
            ),
            assign={
                "package": evaluate(
                    "$exists($states.result.ModelPackageSummaryList[0])"
                    " ? $states.result.ModelPackageSummaryList[0].ModelPackageArn : ''"
                ),
                # The filter counts after a page was cut: an empty one with a token says nothing yet.
                "token": evaluate(
                    "$exists($states.result.NextToken) and $not($exists($states.result.ModelPackageSummaryList[0]))"
                    " ? $states.result.NextToken : ''"
                ),
            },
            then="Wanted?",
        ),
        "Wanted?": choose(
            ("$token != ''", "FindWanted"),
            ("$package != ''", "LookAtWanted"),
            ("$there and $retry", "NoneApproved"),
            otherwise="NothingToDo",
        ),
    }


def _read_wanted(own_name: str) -> States:
    """Return the states that read what should be served; *own_name*, in JSONata, is that of its configuration."""
    return {
        "LookAtWanted": call(
            "sagemaker:describeModelPackage",
            {"ModelPackageName": evaluate("$package")},
            assign={
                "version": evaluate("$string($states.result.ModelPackageVersion)"),
                "artefact": evaluate(f"$exists({_ARTEFACT}) ? {_ARTEFACT} : ''"),
                "environment": evaluate(f"$exists({_CONTAINER}.Environment) ? {_CONTAINER}.Environment : {{}}"),
            },
            then="Servable?",
        ),
        "Servable?": choose(("$artefact != ''", "Name"), otherwise="NotServable"),
        "Name": {"Type": "Pass", "Assign": {"name": evaluate(own_name)}, "Next": "There?"},
    }


def _compare(endpoint: str) -> States:
    """Return the states that compare what *endpoint* is with what it should be."""
    return {
        "There?": choose(("$there", "Describe"), ("$tried = $name", "EndpointVanished"), otherwise="CreateModel"),
        "Describe": call(
            "sagemaker:describeEndpoint",
            {"EndpointName": endpoint},
            assign={
                "status": evaluate("$states.result.EndpointStatus"),
                "served": evaluate("$states.result.EndpointConfigName"),
                "reason": evaluate(
                    "$exists($states.result.FailureReason) ? $states.result.FailureReason : 'no reason given'"
                ),
                "backwards": evaluate(
                    f"$contains($states.result.EndpointConfigName, {MATCHES_OWN_NAMES})"
                    f" ? $number($match($states.result.EndpointConfigName, {MATCHES_OWN_NAMES}).groups[0])"
                    " > $number($version) : false"
                ),
                # Another execution is at it: if that is rolled back, the same is not tried again.
                "tried": evaluate(
                    "$states.result.PendingDeploymentSummary.EndpointConfigName = $name ? $name : $tried"
                ),
            },
            then="Decide",
        ),
        "Decide": choose(
            ("$status = 'InService' and $served = $name", "InService"),
            # InService alone says nothing: an update that was rolled back ends so, too, without a reason.
            ("$status = 'InService' and $tried = $name", "RolledBack"),
            ("$status = 'InService'", "CreateModel"),
            ("$status = 'Failed' and $tried = $name", "EndpointFailed"),
            ("$status = 'Failed' and $served = $name and $not($retry)", "TriedBefore"),
            ("$status = 'Failed'", "StopScaling"),
            ("$status in ['OutOfService', 'UpdateRollbackFailed']", "NeedsAPerson"),
            otherwise="Wait",
        ),
    }
