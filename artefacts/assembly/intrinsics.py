"""Resolves CloudFormation's intrinsic functions in the templates of an assembly, as a deployment would."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.assembly.errors import AssemblyError

_VARIABLE = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True)
class Account:
    """Where a deployment would go."""

    id: str
    region: str
    partition: str = "aws"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.id}:{resource}"


@dataclass(frozen=True)
class Templates:
    """The templates of the stacks that are deployed together, by stack name."""

    stacks: Mapping[str, Mapping[str, Any]]
    account: Account

    def resolve(self, node: Any, stack: str) -> Any:
        """Return *node* of the template of *stack* with every intrinsic function replaced by its value.

        >>> templates = Templates({"stack": {"Resources": {}}}, Account("111122223333", "eu-west-1"))
        >>> templates.resolve({"Fn::Sub": "arn:aws:s3:::data-${AWS::Region}"}, "stack")
        'arn:aws:s3:::data-eu-west-1'
        """
        match node:
            case {"Ref": str(name)}:
                return self.ref(name, stack)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self.attribute(name, attribute, stack)
            case {"Fn::Join": [str(separator), list(items)]}:
                return separator.join(self.resolve(item, stack) for item in items)
            case {"Fn::Sub": str(text)}:
                return self._substitute(text, {}, stack)
            case {"Fn::Sub": [str(text), dict(values)]}:
                return self._substitute(
                    text, {name: self.resolve(value, stack) for name, value in values.items()}, stack
                )
            case {"Fn::ImportValue": str(name)}:
                return self._import(name)
            case dict() if any(key.startswith("Fn::") for key in node):
                raise AssemblyError(
                    f"cannot resolve {', '.join(node)} here: it is no function that this application uses"
                )
            case dict():
                return {key: self.resolve(value, stack) for key, value in node.items()}
            case list():
                return [self.resolve(item, stack) for item in node]
            case _:
                return node

    def ref(self, name: str, stack: str) -> str:
        """Return what `Ref` gives for *name* of *stack*; a subclass may know more kinds of resources."""
        pseudo = {
            "AWS::AccountId": self.account.id,
            "AWS::Region": self.account.region,
            "AWS::Partition": self.account.partition,
            "AWS::StackName": stack,
        }
        if name in pseudo:
            return pseudo[name]
        resource = self._resource(name, stack)
        match resource["Type"]:
            case "AWS::S3::Bucket":
                # CloudFormation would add random characters.
                return str(resource["Properties"].get("BucketName", f"{stack}-{name}".lower()))
            case "AWS::SageMaker::Pipeline":
                return str(self.resolve(resource["Properties"]["PipelineName"], stack))
            case kind:
                raise AssemblyError(
                    f"cannot resolve a Ref to {name} here: no pipeline has needed the name of an {kind}"
                )

    def attribute(self, name: str, attribute: str, stack: str) -> str:
        """Return what `Fn::GetAtt` gives for *attribute* of *name*; a subclass may know more kinds of resources."""
        resource = self._resource(name, stack)
        match resource["Type"], attribute:
            case "AWS::IAM::Role", "Arn":
                return f"arn:{self.account.partition}:iam::{self.account.id}:role/{stack}-{name}"
            case "AWS::S3::Bucket", "Arn":
                return f"arn:{self.account.partition}:s3:::{self.ref(name, stack)}"
            case "AWS::KMS::Key", "Arn":
                # A key's id is CloudFormation's, too; what is encrypted here with it is nothing.
                return self.account.arn("kms", f"key/{stack}-{name}")
            case "AWS::Lambda::Function", "Arn":
                return self.account.arn("lambda", f"function:{stack}-{name}")
            case kind, _:
                raise AssemblyError(
                    f"cannot resolve {attribute} of {name} here: no pipeline has needed it of an {kind}"
                )

    def _import(self, name: str) -> Any:
        for stack, template in self.stacks.items():
            for output in template.get("Outputs", {}).values():
                if output.get("Export", {}).get("Name") == name:
                    return self.resolve(output["Value"], stack)
        raise AssemblyError(f"no stack of the assembly exports {name}: synthesize all stacks of the stage")

    def _substitute(self, text: str, values: Mapping[str, str], stack: str) -> str:
        def value(match: re.Match[str]) -> str:
            if match[1].startswith("!"):
                return f"${{{match[1][1:]}}}"  # how a template writes a literal ${...}
            name, _, attribute = match[1].partition(".")
            if match[1] in values:
                return values[match[1]]
            return self.attribute(name, attribute, stack) if attribute else self.ref(name, stack)

        return _VARIABLE.sub(value, text)

    def _resource(self, name: str, stack: str) -> Mapping[str, Any]:
        resources = self.stacks[stack]["Resources"]
        if name not in resources:
            raise AssemblyError(f"{name} is no resource of stack {stack}: synthesize the application again")
        found: Mapping[str, Any] = resources[name]
        return found
