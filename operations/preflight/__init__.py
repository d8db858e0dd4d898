"""Says before a deployment or a run what would go wrong in the account, and what helps."""
