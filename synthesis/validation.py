"""CloudFormation's own rules, which the CDK brings along: seconds of work, spared for what they had nothing against."""

import hashlib
import re
from pathlib import Path

import aws_cdk as cdk
import jsii

from synthesis.kept import Kept

_NAME_OF_ASSET = re.compile(rb"[0-9a-f]{64}")
"""The hash of an archive's content: there is no rule about its letters."""


@jsii.implements(cdk.IPolicyValidationPlugin)
class CloudFormationRules:
    """Stands for the CDK's plugin, and asks it about each template once; a template with a finding, again and again."""

    def __init__(self, kept: Kept, rules: str) -> None:
        self._kept = kept
        self._rules = rules

    @property
    def name(self) -> str:
        """The name of the CDK's plugin, by which it knows how to report."""
        return "CloudFormation Validate"

    @property
    def rule_ids(self) -> None:
        """Nothing: they are for who counts uses of plugins."""

    @property
    def version(self) -> None:
        """Nothing: likewise."""

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """Return what is wrong in the templates of *context*."""
        keys = {self._key(each) for each in context.stack_templates}
        if all(self._kept.find(key) is not None for key in keys):
            return cdk.PolicyValidationPluginReport(success=True, violations=[])
        report = cdk.CloudFormationValidatePlugin().validate(context)
        if not report.violations:
            for key in keys:
                self._kept.keep(key, b"")
        return report

    def _key(self, stack: cdk.PolicyValidationStack) -> str:
        """Return the hash of all that the rules see: the template, the account and the region, and the rules."""
        template = _NAME_OF_ASSET.sub(b"0" * 64, Path(stack.template_path).read_bytes())
        seen = repr((self._rules, stack.account_id, stack.region, hashlib.sha256(template).hexdigest()))
        return f"valid-{hashlib.sha256(seen.encode()).hexdigest()}"
