"""Finds options of a stage that AWS would refuse, or that would go wrong late, before anything is made of them."""

from settings.checks.check import InvalidOptionsError, check_options

__all__ = ["InvalidOptionsError", "check_options"]
