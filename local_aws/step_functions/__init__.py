"""How Step Functions calls services: in the machine's role, which MiniStack passes over."""
