"""Answers requests with a registered model: raw employee records in, bonuses out."""
