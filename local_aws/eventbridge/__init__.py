"""How EventBridge reaches the targets of rules: in a role, with retries, and a queue for what cannot be delivered."""
