"""Runs a deployed stage through what a stand-in cannot show, and writes which assumptions about AWS hold there."""
