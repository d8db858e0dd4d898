"""The CloudFormation stacks: a stateful one that keeps data and models, and a stateless one that can be replaced."""
