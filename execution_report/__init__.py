"""Writes an execution of the pipeline as one HTML page for people: what came of it, how good the model is, and why."""

from execution_report.report import describe_monitoring, describe_predictions, describe_rejected_rows, write_report
from execution_report.sources import ReportError

__all__ = ["ReportError", "describe_monitoring", "describe_predictions", "describe_rejected_rows", "write_report"]
