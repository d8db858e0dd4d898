"""Rules about what steps refer to: parameters, properties of other steps, files."""

from collections.abc import Iterator

from artefacts.definition.checker.document import Definition
from artefacts.definition.checker.expressions import lambda_outputs, property_shape
from artefacts.definition.checker.problem import Problem
from artefacts.definition.checker.service_model import OPERATIONS
from artefacts.definition.graph import Step
from artefacts.definition.references import MalformedReferenceError, ParameterReference, StepReference, find, parse

_JSON_GET = ".Std:JsonGet.PropertyFile"


def check_references(definition: Definition) -> Iterator[Problem]:
    """Yield each text that is no reference, and each reference to something that does not exist."""
    for step in definition.steps:
        for path, text in find(step.document, step.name):
            try:
                reference = parse(text)
            except MalformedReferenceError as error:
                yield Problem(path, str(error))
                continue
            match reference:
                case ParameterReference(name) if name not in definition.parameters:
                    yield Problem(path, f"parameter {name} is not declared: add it to Parameters")
                case StepReference():
                    yield from _check_step_reference(definition, step, reference, path)


def _check_step_reference(definition: Definition, step: Step, reference: StepReference, path: str) -> Iterator[Problem]:
    target = definition.step(reference.step)
    if target is None:
        yield Problem(path, f"step {reference.step} does not exist: name one of {_names(definition)}")
        return
    is_file = reference.path[0] == "PropertyFiles"
    if is_file != path.endswith(_JSON_GET):
        yield Problem(
            path, f"{reference}: only a property file is read with Std:JsonGet, and with nothing else: write it so"
        )
    elif is_file:
        files = [[file["PropertyFileName"]] for file in target.document.get("PropertyFiles", [])]
        if list(reference.path[1:]) not in files:
            yield Problem(path, f"{reference} is not a property file of the step: declare it there")
    elif target.type == "Lambda":
        if reference.path not in lambda_outputs(target):
            yield Problem(path, f"{reference} is not in the step's OutputParameters: declare it there")
    elif target.type not in OPERATIONS:
        yield Problem(path, f"{reference}: a {target.type} step makes nothing; refer to a step that does")
    elif property_shape(target, reference) is None:
        yield Problem(path, f"{reference} is not a property of a {target.type} step: name one that its job has")
    yield from check_visible(step, target, path)


def check_visible(step: Step, target: Step, path: str) -> Iterator[Problem]:
    """Yield a problem when *target* stands in a branch that *step* is not in."""
    if not f"{step.branch}/".startswith(f"{target.branch}/" if target.branch else ""):
        yield Problem(path, f"step {target.name} runs only in {target.branch}: refer to it from there")


def check_property_files(definition: Definition) -> Iterator[Problem]:
    """Yield property files of outputs that do not exist, and names given twice."""
    for step in definition.steps:
        outputs = step.arguments.get("ProcessingOutputConfig", {}).get("Outputs", [])
        names = [output.get("OutputName") for output in outputs]
        files = step.document.get("PropertyFiles", [])
        for index, file in enumerate(files):
            path = f"{step.name}.PropertyFiles[{index}]"
            if file["OutputName"] not in names:
                yield Problem(path, f"{file['OutputName']} is not an output of the step: name one")
            if file["PropertyFileName"] in [other["PropertyFileName"] for other in files[:index]]:
                yield Problem(path, f"{file['PropertyFileName']} appears twice: give each file its own name")


def check_unused_parameters(definition: Definition) -> Iterator[Problem]:
    """Yield each parameter that no step uses."""
    used = {
        reference.name
        for step in definition.steps
        for _, reference in step.references()
        if isinstance(reference, ParameterReference)
    }
    for name in definition.parameters:
        if name not in used:
            yield Problem(f"Parameters.{name}", "no step uses it: use it, or remove it")


def _names(definition: Definition) -> str:
    return ", ".join(step.name for step in definition.steps)
