"""Every small change of a statement that somebody could make by mistake.

A proof of what policies allow is as good as the changes that it notices.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from artefacts.iam.conditions import Condition
from artefacts.iam.policies import Policies, Statement


@dataclass(frozen=True)
class Mutation:
    """A statement as it stands, and what a mistake would make of it."""

    name: str
    statement: Statement
    mutant: Statement | None
    """None: it is forgotten altogether."""

    def apply(self, policies: Policies) -> Policies:
        """Return *policies* with the mistake in them."""
        return policies.replacing(self.statement, *((self.mutant,) if self.mutant else ()))


def narrowings(statement: Statement) -> Iterator[Mutation]:
    """Yield what says less: without the statement, an action, a resource, a principal or a value of a condition."""
    yield Mutation(f"{statement.name} without it", statement, None)
    for action in statement.actions if len(statement.actions) > 1 else ():
        rest = tuple(each for each in statement.actions if each != action)
        yield Mutation(f"{statement.name} without {action}", statement, replace(statement, actions=rest))
    for resource in statement.resources if len(statement.resources) > 1 else ():
        rest = tuple(each for each in statement.resources if each != resource)
        yield Mutation(f"{statement.name} without {resource}", statement, replace(statement, resources=rest))
    principals = statement.principals or frozenset()
    for principal in sorted(principals) if len(principals) > 1 else ():
        mutant = replace(statement, principals=principals - {principal})
        yield Mutation(f"{statement.name} without {principal[1]}", statement, mutant)
    for operator, keys in statement.condition.items():
        for key, values in keys.items():
            for value in values if len(values) > 1 else ():
                rest = tuple(each for each in values if each != value)
                condition = {**statement.condition, operator: {**keys, key: rest}}
                mutant = replace(statement, condition=condition)
                yield Mutation(f"{statement.name} without {value} in {key}", statement, mutant)


def widenings(statement: Statement) -> Iterator[Mutation]:
    """Yield what says more: all actions of a service, all resources, anybody, without a condition, or a looser one."""
    if statement.allows:  # to deny more is no danger, but without its condition a denial leaves nothing
        yield from _wider_actions(statement)
        yield from _wider_resources(statement)
        yield from _wider_principals(statement)
    for operator, keys in statement.condition.items():
        for key in keys:
            mutant = replace(statement, condition=_without(statement.condition, operator, key))
            yield Mutation(f"{statement.name} without its condition on {key}", statement, mutant)
    if statement.allows:
        yield from _wider_patterns(statement)


def _wider_actions(statement: Statement) -> Iterator[Mutation]:
    for action in statement.actions:
        every = f"{action.partition(':')[0]}:*"
        if action != every:
            actions = tuple(every if each == action else each for each in statement.actions)
            yield Mutation(
                f"{statement.name} with {every} for {action}", statement, replace(statement, actions=actions)
            )


def _wider_resources(statement: Statement) -> Iterator[Mutation]:
    for resource in statement.resources:
        for wider in _wider(resource):
            resources = tuple(wider if each == resource else each for each in statement.resources)
            mutant = replace(statement, resources=resources)
            yield Mutation(f"{statement.name} with {wider} for {resource}", statement, mutant)


def _wider_patterns(statement: Statement) -> Iterator[Mutation]:
    """Yield patterns of conditions that more values match."""
    for operator, keys in statement.condition.items():
        for key, values in keys.items() if operator.startswith(("Arn", "StringLike")) else ():
            for pattern, wider in ((each, wider) for each in values for wider in _wider(each)):
                if wider == "*" and operator.startswith("Arn"):  # no ARN
                    continue
                changed = {**keys, key: tuple(wider if each == pattern else each for each in values)}
                mutant = replace(statement, condition={**statement.condition, operator: changed})
                yield Mutation(f"{statement.name} with {key} {wider} for {pattern}", statement, mutant)


def _wider_principals(statement: Statement) -> Iterator[Mutation]:
    if statement.principals is not None and ("AWS", "*") not in statement.principals:
        mutant = replace(statement, principals=frozenset({("AWS", "*")}))
        yield Mutation(f"{statement.name} for anybody", statement, mutant)


def _wider(resource: str) -> Iterator[str]:
    """Yield `*`, and everything beside *resource*."""
    if resource == "*":
        return
    yield "*"
    above = re.sub(r"[^/:]+$", "", re.sub(r"[/:]?\*?$", "", resource))
    if f"{above}*" != resource:
        yield f"{above}*"


def _without(condition: Condition, operator: str, key: str) -> Condition:
    rest = {name: value for name, value in condition[operator].items() if name != key}
    others = {name: keys for name, keys in condition.items() if name != operator}
    return {**others, operator: rest} if rest else others


def changes_nothing(mutation: Mutation, policies: Policies) -> str:
    """Return why *mutation* is none, or nothing where it is one."""
    return next((reason for reason, applies in _EQUIVALENT.items() if applies(mutation, policies)), "")


def _resource_of_its_own(mutation: Mutation, policies: Policies) -> bool:
    """Return whether only the resource element differs, in a policy that is about the whole of one resource anyway."""
    owner = policies.owners[mutation.statement]
    if owner not in policies.resources or mutation.mutant is None:
        return False
    before, after = set(mutation.statement.resources), set(mutation.mutant.resources)
    whole = {owner, f"{owner}/*"}
    return before <= whole and bool(after - whole) and all("*" in resource for resource in after - whole)


def _account_twice(mutation: Mutation, _policies: Policies) -> bool:
    """Return whether the account is left out where the ARN beside it has it."""
    if mutation.mutant is None:
        return False
    before, after = (_keys(each.condition) for each in (mutation.statement, mutation.mutant))
    arns = [
        arn
        for keys in mutation.statement.condition.values()
        for key, values in keys.items()
        for arn in values
        if key == "aws:SourceArn"
    ]
    return before - after == {"aws:SourceAccount"} and bool(arns) and all(arn.split(":")[4] for arn in arns)


def _keys(condition: Condition) -> set[str]:
    return {key for keys in condition.values() for key in keys}


_EQUIVALENT: dict[str, Callable[[Mutation, Policies], bool]] = {
    "a resource's policy is about that resource only": _resource_of_its_own,
    "the source's ARN has the account": _account_twice,
}
"""Why a change of the text changes no answer."""
