"""Whether a change of policies lets somebody do more, less, or says the same in other words."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from artefacts.assembly.assembly import LOCAL_ACCOUNT
from artefacts.iam import Policies, Request, Statement, decide
from operations.pipeline_diff.change import Area, Change, Severity
from operations.pipeline_diff.compare.policies import Holder
from operations.pipeline_diff.judge.globs import OTHER
from operations.pipeline_diff.judge.questions import Question, ask_about

_ROLE = f"arn:aws:iam::{LOCAL_ACCOUNT}:role/asking"
_STRANGER = "arn:aws:iam::999999999999:role/asking"
_EVERYTHING = Statement("whatever else allows it", True, ("*",), resources=("*",))
_AGREEING = dataclasses.replace(_EVERYTHING, principals=frozenset({("AWS", f"arn:aws:iam::{LOCAL_ACCOUNT}:root")}))
"""A key's and a role's own policy must agree to what an identity's allows; here they do."""


@dataclass(frozen=True)
class Verdict:
    """What is decided differently."""

    gained: tuple[str, ...]
    lost: tuple[str, ...]


def judge_holder(before: Holder | None, after: Holder | None) -> Iterator[Change]:
    """Yield what a change of its policies means."""
    holder = after or before
    if holder is None:
        return
    old, new = (each.statements if each else [] for each in (before, after))
    changed = _changed(old, new)
    if changed and before is None:
        yield _judge_new(holder, new)
    elif changed and after is None and holder.is_identity and all(each.allows for each in old):
        text = "\n".join(map(_describe, old))
        yield Change(Area.PERMISSION, holder.name, "withdrawn", text, None, why="Nothing grants it any more.")
    elif changed:
        yield _judge(holder, old, new, changed)
    yield from _judge_unread(holder, *(set(each.unread) if each else set() for each in (before, after)))


def _judge_new(holder: Holder, statements: Sequence[Statement]) -> Change:
    """Say what a holder that was not there before may do."""
    text = "\n".join(map(_describe, statements))
    if any(each.allows for each in statements):
        return Change(Area.PERMISSION, holder.name, "granted", None, text, Severity.DANGER, "These rights are new.")
    return Change(Area.PERMISSION, holder.name, "denied", None, text, Severity.REVIEW, "What needs them will fail.")


def _judge(holder: Holder, old: Sequence[Statement], new: Sequence[Statement], changed: Sequence[Statement]) -> Change:
    try:
        verdict = compare_statements(old, new, changed, is_identity=holder.is_identity)
    except (NotImplementedError, ValueError) as error:
        why = f"Whether it allows more cannot be told here: {error}."
        return Change(Area.PERMISSION, holder.name, "changed", *_texts(changed, old), Severity.DANGER, why)
    if verdict.gained:
        what = "broadened and narrowed" if verdict.lost else "broadened"
        why = "Requests are allowed that were not."
        details = (*(f"+ {each}" for each in verdict.gained), *(f"- {each}" for each in verdict.lost))
        return Change(Area.PERMISSION, holder.name, what, *_texts(changed, old), Severity.DANGER, why, details)
    if verdict.lost:
        details = tuple(f"- {each}" for each in verdict.lost)
        why = "What needs them will fail."
        return Change(Area.PERMISSION, holder.name, "narrowed", *_texts(changed, old), Severity.REVIEW, why, details)
    return Change(Area.PERMISSION, holder.name, "rewritten", *_texts(changed, old), why="It allows what it did.")


def _judge_unread(holder: Holder, old: set[str], new: set[str]) -> Iterator[Change]:
    """Yield changes of what is only named here: it may say anything. A boundary that is gone bounds nothing."""
    for text in sorted(new - old):
        bounds = text.startswith("permissions boundary") and not any(each.startswith(text[:12]) for each in old)
        severity = Severity.NOTE if bounds else Severity.DANGER
        why = "" if bounds else "What it allows is not in the template."
        yield Change(Area.PERMISSION, holder.name, "added", None, text, severity, why)
    for text in sorted(old - new):
        bounds = text.startswith("permissions boundary")
        severity, why = (Severity.DANGER, "Nothing bounds what its policies allow.") if bounds else (Severity.NOTE, "")
        yield Change(Area.PERMISSION, holder.name, "removed", text, None, severity, why)


def compare_statements(
    old: Sequence[Statement], new: Sequence[Statement], changed: Sequence[Statement], *, is_identity: bool
) -> Verdict:
    """Ask about each of the *changed* statements, which only one of *old* and *new* has, and compare the answers."""
    everything = [*old, *(each for each in new if each not in old)]
    sides = [old, new] if is_identity else [[_readable(each) for each in statements] for statements in (old, new)]
    gained: dict[tuple[object, ...], Question] = {}
    lost: dict[tuple[object, ...], Question] = {}
    for statement in changed:
        for question in ask_about(statement, everything, _owner(everything)):
            allowed = [_allows(each, question, is_identity, otherwise=not statement.allows) for each in sides]
            if allowed[0] != allowed[1]:
                (gained if allowed[1] else lost).setdefault(question[:3], question)  # one context of each will do
    return Verdict(*(tuple(dict.fromkeys(map(_say, each.values()))) for each in (gained, lost)))


def _allows(statements: Sequence[Statement], question: Question, is_identity: bool, *, otherwise: bool) -> bool:
    """Decide *question*; *otherwise* says that something else allows it, so that only denials count."""
    granted = (_EVERYTHING,) if otherwise else ()
    caller = _ROLE if is_identity else _caller(question.principal)
    request = Request(caller, question.action, question.resource, dict(question.context))
    if is_identity:
        policies = Policies({caller: (*statements, *granted)}, {question.resource: (_AGREEING,)}, LOCAL_ACCOUNT)
    else:
        kind = "Service" if caller == question.principal[1] and not request.account else "AWS"
        direct = [dataclasses.replace(each, principals=frozenset({(kind, caller)})) for each in granted]
        policies = Policies({}, {question.resource: (*statements, *direct)}, LOCAL_ACCOUNT)
    return decide(request, policies).allowed


def _caller(principal: tuple[str, str]) -> str:
    """Return somebody whom *principal* describes."""
    kind, name = principal[0], str(principal[1])
    if kind != "AWS":
        return name
    if name == "*":
        return _STRANGER
    return f"arn:aws:iam::{name}:root" if name.isdigit() else name


def _readable(statement: Statement) -> Statement:
    """Return *statement* with identity providers and the like as services, whose names are compared, too."""
    principals = frozenset(
        (kind if kind == "AWS" and (name == "*" or name.isdigit() or name.startswith("arn:")) else "Service", name)
        for kind, name in statement.principals or frozenset()
    )
    return dataclasses.replace(statement, principals=principals)


def _changed(old: Sequence[Statement], new: Sequence[Statement]) -> list[Statement]:
    """Return the statements that only one of the two has, whatever they are called and in whatever order."""
    olds, news = {_meaning(each) for each in old}, {_meaning(each) for each in new}
    return [each for each in old if _meaning(each) not in news] + [each for each in new if _meaning(each) not in olds]


def _meaning(statement: Statement) -> tuple[object, ...]:
    condition = frozenset(
        (operator, key.lower(), frozenset(values))
        for operator, keys in statement.condition.items()
        for key, values in keys.items()
    )
    lists = (statement.not_actions, statement.resources, statement.not_resources)
    actions = frozenset(each.lower() for each in statement.actions)
    return statement.allows, actions, *map(frozenset, lists), statement.principals, condition


def _owner(statements: Sequence[Statement]) -> str:
    """Return a name for the resource itself, where its policy has no need to name it."""
    named = (each for statement in statements for each in statement.resources if "*" not in each)
    return next(named, f"arn:aws:{OTHER}:{OTHER}:{OTHER}:itself")


def _texts(changed: Sequence[Statement], old: Sequence[Statement]) -> tuple[str | None, str | None]:
    before = "\n".join(_describe(each) for each in changed if any(each is other for other in old))
    after = "\n".join(_describe(each) for each in changed if not any(each is other for other in old))
    return before or None, after or None


def _describe(statement: Statement) -> str:
    parts = [
        "Allow" if statement.allows else "Deny",
        ", ".join(statement.actions) or f"all but {', '.join(statement.not_actions)}",
    ]
    if statement.principals is not None:
        parts.append(f"to {', '.join(sorted(name for _, name in statement.principals))}")
    if statement.resources or statement.not_resources:
        parts.append(f"on {', '.join(statement.resources) or 'all but ' + ', '.join(statement.not_resources)}")
    for operator, keys in statement.condition.items():
        parts += [f"if {key} {operator} {', '.join(values)}" for key, values in keys.items()]
    return _without_account(" ".join(parts))


def _without_account(text: str) -> str:
    """Return *text* with what it is in the template for the account that was made up to decide."""
    return text.replace(LOCAL_ACCOUNT, "${AWS::AccountId}")


def _say(question: Question) -> str:
    text = f"{question.action} on {question.resource}"
    if question.principal[1]:
        text += f" by {question.principal[1]}"
    if question.context:
        text += f" if {', '.join(f'{key} is {value}' for key, value in question.context)}"
    return _without_account(text.replace(OTHER * 2, "*").replace(OTHER, "*"))
