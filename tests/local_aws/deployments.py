"""A registry and an endpoint of the stand-in, and the machine of the template, run in this process in its own role."""

import dataclasses
import json
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch, stepfunctions

from local_aws.sagemaker import records
from local_aws.sagemaker.api import call
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import Record
from settings import Stage
from tests.local_aws.fake_s3 import FakeS3
from tests.local_aws.iam_roles import make_role
from tests.security.deployed_stage import DeployedStage
from tests.stacks.synthesis import Synthesis

BUCKET = "emp-bonus-dev-storage-databucketb1a7365c"
SAMPLE = '{"age": 40}'
TIMEOUT_S = 20


@dataclasses.dataclass(frozen=True)
class Machine:
    """The machine as CloudFormation would deploy it."""

    stage: Stage
    definition: dict[str, Any]
    role: dict[str, Any]
    """Properties of its role."""

    @classmethod
    def of(cls, stage: Stage, synthesis: Synthesis) -> "Machine":
        """Return that of a *synthesis*."""
        application = DeployedStage.of(stage, synthesis)
        (machine,) = application.resources("AWS::StepFunctions::StateMachine")
        role = application.with_arn(machine.properties["RoleArn"])
        assert role
        return cls(stage, machine.properties["Definition"], dict(role.properties))

    @property
    def digest(self) -> str:
        """Of its settings, as names end with it."""
        return str(self.definition["States"]["Name"]["Assign"]["name"]).rpartition("-")[2][:8]

    def name(self, version: int) -> str:
        """Return the name of the model and the configuration of *version*."""
        return f"{self.stage.endpoint_name}-v{version}-{self.digest}"

    def deploy(self, *, without: str = "") -> str:
        """Make the machine and its role, whose policy is *without* an action; return the machine's ARN."""
        statements = [each for policy in self.role["Policies"] for each in policy["PolicyDocument"]["Statement"]]
        kept = [_leave_out(each, without) for each in statements]
        role = make_role("Machine", "states.amazonaws.com", *(each for each in kept if each["Action"]))
        request = {"name": "deployer", "definition": json.dumps(self.definition), "roleArn": role}
        status, _, body = stepfunctions._create_state_machine(request)
        assert status == 200, body
        return str(json.loads(body)["stateMachineArn"])


def _leave_out(statement: dict[str, Any], action: str) -> dict[str, Any]:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    return {**statement, "Action": [each for each in actions if each != action]}


@dataclasses.dataclass
class Account:
    """What a scenario arranges, and what it finds."""

    machine: Machine
    arn: str
    calls: list[str] = dataclasses.field(default_factory=list)
    refusals: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    """Operation -> the words that its next calls are refused with."""
    meanwhile: dict[str, Callable[[], object]] = dataclasses.field(default_factory=dict)
    """Operation -> what happens once, right after it."""

    def register(self, version: int, status: str = "Approved", known: Record | None = None) -> None:
        """Register versions up to *version*, which gets this approval status; *known* is what the registry has."""
        group = {"ModelPackageGroupName": self.machine.stage.model_package_group_name}
        for number in range(len(call("ListModelPackages", group)["ModelPackageSummaryList"]) + 1, version + 1):
            call("CreateModelPackage", {**group, **(package(number) if known is None else known)})
        self.decide(version, status)

    def decide(self, version: int, status: str) -> None:
        """Approve or reject *version*."""
        call("UpdateModelPackage", {"ModelPackageArn": self._arn(version), "ModelApprovalStatus": status})

    def _arn(self, version: int) -> str:
        group = self.machine.stage.model_package_group_name.lower()
        return f"arn:aws:sagemaker:eu-west-1:111122223333:model-package/{group}/{version}"

    def serve(self, version: int, digest: str = "") -> None:
        """Bring the endpoint to *version* as the machine would, with settings of another *digest* if there is one."""
        name = self.machine.name(version).removesuffix(self.machine.digest) + (digest or self.machine.digest)
        endpoint = self.machine.stage.endpoint_name
        container = {"ModelPackageName": self._arn(version), "InferenceSpecificationName": "raw-records"}
        call("CreateModel", {"ModelName": name, "ExecutionRoleArn": self.arn, "Containers": [container]})
        type_ = "ml.m5.xlarge" if digest else "ml.m5.large"
        variant = {"VariantName": "AllTraffic", "ModelName": name, "InstanceType": type_}
        call("CreateEndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [variant]})
        verb = "Update" if records.endpoints.get(endpoint) else "Create"
        call(f"{verb}Endpoint", {"EndpointName": endpoint, "EndpointConfigName": name})
        self.wait()

    def wait(self) -> None:
        """Look at the endpoint until it changes no more."""
        while call("DescribeEndpoint", {"EndpointName": self.machine.stage.endpoint_name})["EndpointStatus"] not in (
            "InService",
            "Failed",
        ):
            pass

    def alarm(self, state: str = "ALARM") -> None:
        """Set the alarms of the endpoint."""
        update = self.machine.definition["States"]["UpdateEndpoint"]["Arguments"]["DeploymentConfig"]
        for each in update["AutoRollbackConfiguration"]["Alarms"]:
            cloudwatch._alarms[each["AlarmName"]] = {"AlarmName": each["AlarmName"], "StateValue": state}

    def endpoint(self) -> Record | None:
        """Return the endpoint, if there is one."""
        found: Record | None = records.endpoints.get(self.machine.stage.endpoint_name)
        return found

    @property
    def served(self) -> str:
        """The configuration that is served, and how it is."""
        endpoint = self.endpoint()
        return f"{endpoint['EndpointConfigName']} {endpoint['EndpointStatus']}" if endpoint else "nothing"

    def run(self, count: int = 1, *, retry: bool = True) -> list[str]:
        """Start the machine *count* times at once; return the state in which each execution ended, or its error."""
        self.calls.clear()
        started = []
        for _ in range(count):
            _, _, body = stepfunctions._start_execution(
                {"stateMachineArn": self.arn, "input": json.dumps({"retry": retry})}
            )
            started.append(stepfunctions._executions[json.loads(body)["executionArn"]])
        deadline = time.monotonic() + TIMEOUT_S
        while any(each["status"] == "RUNNING" for each in started):
            assert time.monotonic() < deadline, [_entered(each)[-20:] for each in started]
            time.sleep(0.005)
        return [_end(each) for each in started]


def _end(execution: Record) -> str:
    if execution["status"] == "SUCCEEDED":
        return _entered(execution)[-1]
    return f"{execution['error']}: {execution['cause']}"


def _entered(execution: Record) -> list[str]:
    return [
        each["stateEnteredEventDetails"]["name"] for each in execution["events"] if "stateEnteredEventDetails" in each
    ]


def package(version: int) -> Record:
    """Return what a registered version has that the deployment reads."""
    container = {"Image": "image", "ModelDataUrl": f"s3://{BUCKET}/models/{version}/serving/model.tar.gz"}
    return {
        "AdditionalInferenceSpecifications": [{"Name": "raw-records", "Containers": [container]}],
    }


def bucket_with_smoke_tests() -> FakeS3:
    """Return S3 with what evaluation writes beside each artefact."""
    bucket = FakeS3()
    for version in range(1, 5):
        test = {"content_type": "application/json", "body": SAMPLE, "prediction": float(f"{version}000.125")}
        bucket.objects[BUCKET, f"models/{version}/serving/smoke_test.json"] = json.dumps(test).encode()
    return bucket


def answer(container: Record, body: str, _options: object) -> str:
    """Answer as the version would whose container it is."""
    assert body == SAMPLE
    version = container["ModelDataUrl"].split("/")[4]
    return json.dumps({"predictions": [{"prediction": float(f"{version}000.125")}]})


def refuse(words: str) -> None:
    """Raise what SageMaker would."""
    raise ApiError("ValidationException", words)
