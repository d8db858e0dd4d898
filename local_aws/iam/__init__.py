"""What IAM says where a service acts: in a role, or in its own name."""
