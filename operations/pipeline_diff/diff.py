"""Puts the comparison of two sides together."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from operations.pipeline_diff.change import Area, Change, Diff, PipelineDiff
from operations.pipeline_diff.compare.code import compare_function
from operations.pipeline_diff.compare.pipelines import VersionPair, find_changed_steps, pair_pipelines
from operations.pipeline_diff.compare.policies import find_holders, resolvable
from operations.pipeline_diff.compare.resources import StackPairs, pair_stacks
from operations.pipeline_diff.compare.steps import tell_code
from operations.pipeline_diff.judge.cost import compare_costs, estimate_month, estimate_run
from operations.pipeline_diff.judge.effects import find_effects
from operations.pipeline_diff.judge.permissions import judge_holder
from operations.pipeline_diff.judge.replacement import UpdateBehaviours
from operations.pipeline_diff.judge.resources import judge_resource
from operations.pipeline_diff.judge.severities import judge_changes, judge_rest
from operations.pipeline_diff.judge.sizes import compare_sizes, measure
from operations.pipeline_diff.read.side import Side

DATABASE = Path(__file__).parents[2] / "node_modules/aws-cdk/db.json.gz"
"""What the CDK CLI knows of CloudFormation's resource types."""


def compare_sides(base: Side, head: Side, *, database: Path = DATABASE) -> Diff:
    """Say what is different in *head*, and what that means.

    diff = compare_sides(read_side("main", checkout, "dev"), read_side(".", checkout, "dev"))
    diff.severity
    """
    stacks = pair_stacks(base, head)
    pipelines, not_compared = pair_pipelines(base, head)
    behaviours = UpdateBehaviours(database)
    sizes = tuple(measure(base, head, dict(stacks.names), pipelines))
    months = (
        estimate_month(base, (each.before for each in pipelines if each.before)),
        estimate_month(head, (each.after for each in pipelines if each.after)),
    )
    changes = [
        *_judge_permissions(stacks, base, head),
        *(change for pair in stacks.resources for change in judge_resource(pair, behaviours)),
        *_compare_functions(stacks, base, head),
        *map(judge_rest, stacks.others),
        *compare_sizes(sizes),
        *(compare_costs("a month", "idle and scheduled executions", *months) if base.whole and head.whole else ()),
    ]
    return Diff(
        base.name,
        head.name,
        tuple(_diff_pipeline(pair) for pair in pipelines),
        _ordered(changes),
        sizes,
        *months,
        not_compared=(*stacks.not_compared, *not_compared),
    )


def _compare_functions(stacks: StackPairs, base: Side, head: Side) -> Iterator[Change]:
    """Yield changed code of the functions that no pipeline calls; that of the others is told with their steps."""
    called = {str(value) for pipeline in head.pipelines for value in pipeline.values.values()}
    for pair in stacks.resources:
        if pair.kind == "AWS::Lambda::Function" and pair.before and pair.after:
            change = compare_function(pair.before, pair.after, (base, head))
            if change and str({"Fn::GetAtt": [pair.logical_id, "Arn"]}) not in called:
                yield from tell_code(pair.name, [change])


def _judge_permissions(stacks: StackPairs, base: Side, head: Side) -> Iterator[Change]:
    renamed = {stacks.names.get(name, name): template for name, template in base.stacks.items()}
    before = find_holders([(pair, pair.before) for pair in stacks.resources], resolvable(renamed, base.region))
    after = find_holders([(pair, pair.after) for pair in stacks.resources], resolvable(head.stacks, head.region))
    left = {f"{pair.stack}/{pair.logical_id}" for pair in stacks.resources if pair.after is not None}
    for key in dict.fromkeys((*before, *after)):
        if key in before and before[key].resource and before[key].resource not in left:
            continue  # that it is gone is told as such
        yield from judge_holder(before.get(key), after.get(key))


def _diff_pipeline(pair: VersionPair) -> PipelineDiff:
    steps = [each.steps if each else {} for each in (pair.before, pair.after)]
    before, after = (estimate_run(each) if each else None for each in (pair.before, pair.after))
    changes = _ordered(
        [
            *judge_changes(pair.compare(), (steps[1] or steps[0]).values()),
            *compare_costs(pair.name, "an execution", before, after),
        ]
    )
    changed = find_changed_steps(list(changes), {**steps[0], **steps[1]})
    graphs = [each.graph(changed) if each else None for each in (pair.before, pair.after)]
    return PipelineDiff(pair.name, changes, find_effects(pair), graphs[0], graphs[1], before, after)


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the most severe first, and those of an area together."""
    areas = list(Area)
    return tuple(sorted(changes, key=lambda each: (-each.severity, areas.index(each.area))))
