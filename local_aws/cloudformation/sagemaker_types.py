"""AWS::SageMaker::Pipeline and ::ModelPackageGroup: each calls the API, as AWS's handlers do."""

from dataclasses import dataclass
from typing import Any

from local_aws.cloudformation.schema import Properties, ResourceType
from local_aws.sagemaker.api import OPERATIONS, call, parameters
from local_aws.sagemaker.errors import ApiError
from local_aws.sagemaker.records import Record, name_of

_TOKEN = "x" * 32
"""A request token is required; nothing here is sent twice."""


class HandlerError(ValueError):
    """The service refused what CloudFormation asked of it."""


@dataclass(frozen=True)
class SageMakerType:
    """A type whose operations are Create, Update, Describe and Delete of its noun."""

    noun: str

    @property
    def resource_type(self) -> ResourceType:
        """Its schema."""
        return ResourceType(f"AWS::SageMaker::{self.noun}", f"{self.noun}Name")

    def create(self, logical_id: str, properties: Properties, stack: str) -> tuple[str, Properties]:  # noqa: ARG002  names are required in both types
        """Create the resource; return what Ref and Fn::GetAtt give."""
        self.resource_type.check(properties)
        self._call("Create", self._request("Create", properties))
        return self._answer(properties[self.resource_type.name_property])

    def update(self, physical_id: str, old: Properties, new: Properties, *_: str) -> tuple[str, Properties]:
        """Change the resource in place; MiniStack has replaced it already where that is called for."""
        self.resource_type.check(new)
        if f"Update{self.noun}" in OPERATIONS:
            self._call("Update", self._request("Update", new))
        self._retag(name_of(physical_id), old.get("Tags", []), new.get("Tags", []))
        return self._answer(name_of(physical_id))

    def delete(self, physical_id: str, properties: Properties) -> None:  # noqa: ARG002  MiniStack's interface
        """Delete the resource; one that is gone is what was wanted."""
        try:
            self._send("Delete", {self.resource_type.name_property: name_of(physical_id)})
        except ApiError as error:
            if error.code != "ResourceNotFound":
                raise _told(error) from error

    def adopt(self, identifier: Properties) -> tuple[str, Properties]:
        """Take an existing resource into a stack, as it is."""
        (value,) = identifier.values()
        return self._answer(name_of(value))

    def problem(self, identifier: str) -> str | None:
        """Say why what *identifier* names cannot be adopted."""
        try:
            self._send("Describe", {self.resource_type.name_property: name_of(identifier)})
        except ApiError as error:
            return error.message
        return None

    def _answer(self, name: str) -> tuple[str, Properties]:
        record = self._call("Describe", {self.resource_type.name_property: name})
        return self.resource_type.identifier(record), self.resource_type.read_only(record)

    def _request(self, verb: str, properties: Properties) -> Record:
        known = parameters(f"{verb}{self.noun}")
        if unknown := sorted(properties.keys() - parameters(f"Create{self.noun}")):
            raise HandlerError(f"{', '.join(unknown)} of {self.resource_type.name} is not emulated: leave it out")
        request: Record = {key: value for key, value in properties.items() if key in known}
        if self.noun == "Pipeline":
            request |= _definition(properties["PipelineDefinition"])
        return request

    def _retag(self, name: str, old: list[dict[str, str]], new: list[dict[str, str]]) -> None:
        arn = self._call("Describe", {self.resource_type.name_property: name})[f"{self.noun}Arn"]
        gone = {tag["Key"] for tag in old} - {tag["Key"] for tag in new}
        if gone:
            call("DeleteTags", {"ResourceArn": arn, "TagKeys": sorted(gone)})
        if new:
            call("AddTags", {"ResourceArn": arn, "Tags": new})

    def _send(self, verb: str, request: Record) -> Record:
        operation = f"{verb}{self.noun}"
        token = {"ClientRequestToken": _TOKEN} if "ClientRequestToken" in parameters(operation) else {}
        return call(operation, request | token)

    def _call(self, verb: str, request: Record) -> Record:
        try:
            return self._send(verb, request)
        except ApiError as error:
            raise _told(error) from error


def install() -> None:
    """Add the types."""
    for each in (SageMakerType("Pipeline"), SageMakerType("ModelPackageGroup")):
        each.resource_type.register(
            {"create": each.create, "update": each.update, "delete": each.delete, "import": each.adopt}
        )
        each.resource_type.let_import(each.problem)


def _definition(given: dict[str, Any]) -> Record:
    match given:
        case {"PipelineDefinitionBody": str(body)}:
            return {"PipelineDefinition": body}
        case _:
            raise HandlerError(f"{', '.join(given)} is not emulated: use PipelineDefinitionBody")


def _told(error: ApiError) -> HandlerError:
    return HandlerError(
        f'Resource handler returned message: "{error.message} (Service: SageMaker, Status Code: 400)" '
        f"(HandlerErrorCode: {error.code})"
    )
