"""A version as the pipeline of dev registers it, with files of two executions, and the content of its files."""

import json
from datetime import UTC, datetime
from typing import Any

BUCKET = "emp-bonus-dev-storage-databucket-1"
GROUP = "EmpBonusPackageGroup-dev"
EXECUTION = "x2x2x2x2x2x2"
_EARLIER = "w1w1w1w1w1w1"
"""Of what came from the step cache."""
_ECR = "dkr.ecr.eu-west-1.amazonaws.com"

CARD = {
    "intended_uses": {"risk_rating": "High", "explanations_for_risk_rating": "it is about pay"},
    "additional_information": {"caveats_and_recommendations": "train it anew when pay policy changes"},
}


def uri(execution: str, name: str) -> str:
    return f"s3://{BUCKET}/models/{execution}/{name}"


MODEL = uri(_EARLIER, "emp-bonus-dev-train-w1w1w1w1w1w1-QWFvU4DVv4-0/output/model.tar.gz")
SERVING = uri(EXECUTION, "serving/model.tar.gz")
SAMPLE = uri(EXECUTION, "serving/sample_payload.tar.gz")
SMOKE_TEST = uri(EXECUTION, "serving/smoke_test.json")
EVALUATION = uri(EXECUTION, "evaluation/evaluation.json")
DATA_QUALITY = uri(_EARLIER, "data-quality/data_quality.json")
FEATURE_MODEL = uri(_EARLIER, "feature-model")

FILES = {
    each: f"content of {each}".encode()
    for each in (MODEL, SERVING, SAMPLE, SMOKE_TEST, EVALUATION, DATA_QUALITY, f"{FEATURE_MODEL}/feature_model.json")
}
OTHERS = dict.fromkeys(
    [uri(EXECUTION, "evaluation/predictions.csv"), uri(_EARLIER, "feature-model-of-another/x.json")], b"stays"
)
"""Files that the version does not point at."""


def execution_arn(account: str) -> str:
    return f"arn:aws:sagemaker:eu-west-1:{account}:pipeline/emp-bonus-training-pipeline-dev/execution/{EXECUTION}"


def request(account: str) -> dict[str, Any]:
    """Return the request of CreateModelPackage that the pipeline makes in *account*."""
    statistics = {"Statistics": {"ContentType": "application/json", "S3Uri": DATA_QUALITY}}
    return {
        "ModelPackageGroupName": GROUP,
        "ModelApprovalStatus": "PendingManualApproval",
        "Domain": "MACHINE_LEARNING",
        "Task": "REGRESSION",
        "SamplePayloadUrl": SAMPLE,
        "InferenceSpecification": {
            "Containers": [{"Image": f"438346466558.{_ECR}/linear-learner:1", "ModelDataUrl": MODEL}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["application/json"],
            "SupportedRealtimeInferenceInstanceTypes": ["ml.c5.large"],
            "SupportedTransformInstanceTypes": ["ml.c5.xlarge"],
        },
        "AdditionalInferenceSpecifications": [
            {
                "Name": "raw-records",
                "Containers": [
                    {
                        "Image": f"141502667606.{_ECR}/sagemaker-scikit-learn:1.9-0-cpu-py3",
                        "ModelDataUrl": SERVING,
                        "Environment": {"MODEL_VERSION": EXECUTION},
                    }
                ],
                "SupportedRealtimeInferenceInstanceTypes": ["ml.c5.large"],
                "SupportedTransformInstanceTypes": ["ml.c5.xlarge"],
            }
        ],
        "ModelMetrics": {
            "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": EVALUATION}},
            "ModelDataQuality": statistics,
        },
        "DriftCheckBaselines": {"ModelDataQuality": statistics},
        "MetadataProperties": {"GeneratedBy": execution_arn(account)},
        "CustomerMetadataProperties": {
            "ModelType": "EmpBonusPrediction",
            "DataVersion": "2026-11-26T05:00:00Z",
            "FeatureModel": FEATURE_MODEL,
            "EvaluateCode": f"{1:064x}.zip",
            "Rmse": "1212.3",
        },
        "ModelCard": {"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "PendingReview"},
        "SkipModelValidation": "None",
    }


def package(account: str, number: int = 4, status: str = "Approved") -> dict[str, Any]:
    """Return what DescribeModelPackage says of it."""
    return {
        **request(account),
        "ModelPackageName": GROUP,
        "ModelPackageVersion": number,
        "ModelPackageArn": f"arn:aws:sagemaker:eu-west-1:{account}:model-package/{GROUP.lower()}/{number}",
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "ModelApprovalStatus": status,
        "ApprovalDescription": "better for all departments",
        "CreationTime": datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
        "CreatedBy": {"IamIdentity": {"Arn": f"arn:aws:sts::{account}:assumed-role/PipelineRole/sagemaker-pipeline"}},
    }
