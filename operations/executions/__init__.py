"""Executions of a stage's pipelines, on AWS or here: functions that start, find, follow and stop them."""
