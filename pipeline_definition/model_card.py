"""The model card of a registered version: people's texts, and what the evaluation found out.

Source of its form: "Model Package Model Card Schema", SageMaker developer guide. RegisterModel takes it: seen on AWS by
aws/sagemaker-python-sdk, v2.240.0, tests/integ/sagemaker/workflow/test_model_create_and_registration.py. That a join
in it is resolved is our guess; code of AWS's for a workshop joins a training job's ARN and metric in one, and no more is
known of it than its class, `_PipelineModelPackageModelCard`.
"""

import json

from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.shapes import ModelPackageModelCard
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition.steps.evaluate import CARD
from settings.card import SECTIONS, Card

_FOUND = ("training_details", "evaluation_details")
"""Sections that the evaluation writes, as JSON text."""
_MODEL = {"problem_type": "Regression", "algorithm_type": "Linear Learner"}


def model_card(card: Card, evaluation: ProcessingStep) -> ModelPackageModelCard:
    """Return what RegisterModel gets: one line of JSON, joined of a text for each section, for a person to review."""
    parts: list[StrPipeVar] = []
    for name in SECTIONS:
        parts.append(f'{", " if parts else "{"}"{name}": {json.dumps(_texts(card, name), ensure_ascii=False)}')
    for name in _FOUND:
        parts += [f', "{name}": ', JsonGet(step_name=evaluation.name, property_file=CARD, json_path=name)]
    return ModelPackageModelCard(
        model_card_content=Join(on="", values=[*parts, "}"]), model_card_status="PendingReview"
    )


def _texts(card: Card, section: str) -> dict[str, str]:
    texts = {name: getattr(card, name) for name in SECTIONS[section]}
    return texts | _MODEL if section == "model_overview" else texts
