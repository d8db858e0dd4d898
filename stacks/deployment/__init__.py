"""Deployment on approval: one state machine brings the endpoint to the newest approved model, whatever woke it."""
