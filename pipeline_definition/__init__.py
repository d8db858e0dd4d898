"""Builds the pipeline definitions: settings in, JSON out, no AWS call. Nothing else imports the SageMaker SDK."""

from pipeline_definition.definition import build_definition, build_monitoring_definition, build_scoring_definition

__all__ = ["build_definition", "build_monitoring_definition", "build_scoring_definition"]
