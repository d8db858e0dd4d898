"""Reads assemblies, templates and definitions from files."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from operations.pipeline_diff.read.errors import UnreadableSideError
from operations.pipeline_diff.read.placeholders import flatten
from operations.pipeline_diff.read.shape import check_definition, check_template
from operations.pipeline_diff.read.side import Document, Side, WrittenPipeline

_REGISTRY = re.compile(r"\.ecr\.([a-z0-9-]+)\.amazonaws\.com")


def read_folder(folder: Path, name: str) -> Side:
    """Read what `cdk synth` wrote; of a folder without a manifest, all templates in it."""
    paths = sorted(folder.glob("*.template.json"))
    manifest = folder / "manifest.json"
    regions: set[str] = set()
    deployments: dict[str, Document] = {}
    if manifest.is_file():
        stacks = dict(_find_stacks(folder))
        paths = list(stacks)
        deployments = {_stack_name(path): dict(_find_deployment(each)) for path, each in stacks.items()}
        regions = {each["region"] for each in deployments.values()}
    if not paths:
        raise UnreadableSideError(f"{name} has no template: give a folder that cdk synth wrote")
    templates = {_stack_name(path): _read(path) for path in paths}
    return Side(
        name,
        tuple(each for stack, template in templates.items() for each in find_pipelines(template, stack)),
        stacks=templates,
        sizes={_stack_name(path): path.stat().st_size for path in paths},
        archives={key: path for each in sorted({path.parent for path in paths}) for key, path in _find_archives(each)},
        whole=manifest.is_file(),
        deployments=deployments,
        region=regions.pop() if len(regions) == 1 else "",
    )


def read_file(path: Path, name: str) -> Side:
    """Read a template or a pipeline definition."""
    document = _read(path)
    if "Resources" in document:
        stack = path.name.removesuffix(".json").removesuffix(".template")
        return replace(side_of_templates(name, {stack: document}), sizes={stack: path.stat().st_size})
    if "Steps" not in document:
        raise UnreadableSideError(f"{name} has neither Resources nor Steps: give a template or a pipeline definition")
    return side_of_definition(name, document, len(path.read_text(encoding="utf-8")))


def side_of_templates(name: str, templates: Mapping[str, Document], *, whole: bool = False) -> Side:
    """Return a side that is these *templates*, by their stack names."""
    pipelines = tuple(each for stack, template in templates.items() for each in find_pipelines(template, stack))
    sizes = {stack: len(json.dumps(template)) for stack, template in templates.items()}
    return Side(name, pipelines, stacks=templates, sizes=sizes, whole=whole, region=_find_region(pipelines))


def side_of_definition(name: str, definition: Document, characters: int = 0) -> Side:
    """Return a side that is one bare *definition*."""
    check_definition(dict(definition), name)
    pipeline = WrittenPipeline("", definition, characters or len(json.dumps(definition)))
    return Side(name, (pipeline,), whole=False, region=_find_region((pipeline,)))


def find_pipelines(template: Document, stack: str) -> Iterator[WrittenPipeline]:
    """Yield the pipelines of *template*; raise `UnreadableSideError` where they cannot be told."""
    check_template(dict(template), stack)
    for logical_id, resource in template.get("Resources", {}).items():
        if resource["Type"] == "AWS::SageMaker::Pipeline":
            properties = resource.get("Properties", {})
            name, _ = flatten(properties.get("PipelineName", logical_id))
            body = properties.get("PipelineDefinition", {}).get("PipelineDefinitionBody")
            if body is None:
                yield WrittenPipeline(name, {}, 0, stack=stack, logical_id=logical_id, readable=False)
                continue
            text, values = flatten(body)
            definition = _parse(text, name)
            check_definition(definition, name)
            yield WrittenPipeline(name, definition, len(text), values, stack, logical_id)


def _find_archives(folder: Path) -> Iterator[tuple[str, Path]]:
    for assets in folder.glob("*.assets.json"):
        for file in _read(assets).get("files", {}).values():
            for destination in file["destinations"].values():
                yield destination["objectKey"], folder / file["source"]["path"]


def _find_region(pipelines: tuple[WrittenPipeline, ...]) -> str:
    """Return the region that the images of all *pipelines* come from."""
    found = {region for each in pipelines for region in _REGISTRY.findall(json.dumps(each.definition))}
    return found.pop() if len(found) == 1 else ""


def _find_stacks(folder: Path) -> Iterator[tuple[Path, Document]]:
    """Yield the template and the entry of each stack in the manifest, and in those of the assembly's stages."""
    artifacts = _read(folder / "manifest.json").get("artifacts", {})
    try:
        for artifact in artifacts.values():
            if artifact["type"] == "aws:cloudformation:stack":
                yield folder / artifact["properties"]["templateFile"], artifact
            if artifact["type"] == "cdk:cloud-assembly":
                yield from _find_stacks(folder / artifact["properties"]["directoryName"])
    except (AttributeError, KeyError, TypeError) as error:
        raise UnreadableSideError(f"{folder} has no manifest as cdk synth writes it ({error!r}): synthesize") from error


def _find_deployment(artifact: Document) -> Iterator[tuple[str, Any]]:
    yield "region", str(artifact.get("environment", "")).rpartition("/")[2]
    yield "terminationProtection", artifact["properties"].get("terminationProtection", False)
    yield "tags", artifact["properties"].get("tags", {})


def _stack_name(path: Path) -> str:
    return path.name.removesuffix(".template.json")


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSideError(f"{path} cannot be read: give a text file of JSON") from error
    return _parse(text, str(path))


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except RecursionError as error:
        raise UnreadableSideError(f"{name} is nested too deeply: give a template or a definition") from error
    except json.JSONDecodeError as error:
        raise UnreadableSideError(f"{name} is no JSON, line {error.lineno}: give a template or a definition") from error
    except ValueError as error:  # a number of thousands of digits
        raise UnreadableSideError(f"{name} cannot be read ({error}): give a template or a definition") from error
    if not isinstance(document, dict):
        raise UnreadableSideError(f"{name} is a JSON {type(document).__name__}: give a template or a definition")
    return document
