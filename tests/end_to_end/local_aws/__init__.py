"""The real CDK CLI deploys, updates, rolls back, destroys and re-adopts the stacks, on a stand-in for AWS."""
