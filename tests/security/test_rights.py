"""The page on which people read how it is known that each right is needed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import pytest

from tests.conftest import Golden
from tests.end_to_end.local_aws.least_privilege.calls import MADE, NOT_MADE
from tests.golden_files import Reviewed
from tests.security.deployed_stage import DeployedStage
from tests.security.needs import Need
from tests.security.sources import Kind, Source, fault_of
from tests.security.world import World

HEAD = """\
# Rights, and how it is known that they are needed

Every right that the application has, by the best evidence that AWS asks for it: what others saw in their account, a
policy of AWS's own, AWS's documentation, or nothing but our guess. Of a stage that asks for all that there is, in a VPC
and with a watched endpoint, but for a search for hyperparameters; `tests/security/sources.py` has that, too. `make
golden` writes this page.

Needs are requests that must be allowed, or the application does not work; a call is a kind of request that the stand-in
for AWS makes when an execution runs there, so that a missing right shows.

| evidence | needs | calls of the stand-in |
| --- | --- | --- |
"""


def page(applications: Sequence[DeployedStage], needs: Sequence[Need]) -> str:
    """Return the page about what *applications* need."""
    lines = [*_counts(needs), "", f"{len(NOT_MADE)} kinds of needs are not asked for on the stand-in."]
    for kind in Kind:
        lines += ["", f"## {kind[0].upper()}{kind[1:]}", "", "| who | calls | how it is known |", "| --- | --- | --- |"]
        lines += _rows(applications, [need for need in needs if need.source.kind is kind])
    return HEAD + "\n".join(lines) + "\n"


def _counts(needs: Sequence[Need]) -> Iterator[str]:
    needed = Counter(need.source.kind for need in needs)
    called = Counter(made.source.kind for made in MADE.values())
    for kind in Kind:
        yield f"| {kind} | {needed[kind]} | {called[kind]} |"
    yield f"| | {needed.total()} | {called.total()} |"


def _rows(applications: Sequence[DeployedStage], needs: list[Need]) -> Iterator[str]:
    actions: dict[tuple[str, Source], set[str]] = defaultdict(set)
    for need in needs:
        actions[_who(applications, need.request.caller), need.source].add(need.request.action)
    for (who, source), found in sorted(actions.items(), key=lambda row: (row[0][0], min(row[1]))):
        yield f"| {who} | {', '.join(sorted(found))} | {source.text} |"


def _who(applications: Sequence[DeployedStage], caller: str) -> str:
    resource = next(filter(None, (each.with_arn(caller) for each in applications)), None)
    if resource:
        stack, path = resource.path.split("/", 1)
        name = path.removesuffix("/Resource").removesuffix("/Resource")
        use = stack.rpartition("-")[2]
        return name if use in ("storage", "pipeline") else f"{name} ({use})"
    return "the account" if caller.startswith("arn:") else caller


@pytest.mark.parametrize("world", ["in a VPC"], indirect=True)
def test_page_of_rights_is_the_reviewed_one(world: World, golden: Golden) -> None:
    # What several have, such as the key's administration, is asked for once.
    needs = list({need.request.identity: need for need in reversed(world.needs)}.values())[::-1]
    text = page(world.applications, needs)
    golden.check(Reviewed("../../docs/rights.md", text))


def test_each_call_of_the_stand_in_has_a_source_or_is_marked_as_a_guess() -> None:
    assert {made.when: fault_of(made.source) for made in MADE.values() if fault_of(made.source)} == {}
