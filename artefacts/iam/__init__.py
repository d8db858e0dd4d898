"""What the policies of a deployment allow: IAM's evaluation logic over the templates, with no AWS account.

    application = Application(Deployment(templates, account))
    policies = policies_of(application)
    decide(Request(role_arn, "s3:GetObject", object_arn), policies).allowed

What it would have to guess it refuses: an operator, a policy variable or a kind of policy that it does not know.
"""

from artefacts.iam.deployment import Application, Deployment, Resource
from artefacts.iam.evaluator import Decision, Request, decide
from artefacts.iam.policies import Policies, Statement, UnreadPolicyError, policies_of, read_statements

__all__ = [
    "Application",
    "Decision",
    "Deployment",
    "Policies",
    "Request",
    "Resource",
    "Statement",
    "UnreadPolicyError",
    "decide",
    "policies_of",
    "read_statements",
]
