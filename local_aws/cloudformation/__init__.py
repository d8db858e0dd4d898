"""The resource types that MiniStack's CloudFormation lacks, or that it deletes more readily than AWS."""
