"""Executions of the pipeline, each as a folder like those that the local runner leaves."""

import json
import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from artefacts.execution.document import read_document
from execution_report.sources import Facts

PIPELINE = "arn:aws:sagemaker:eu-west-1:000000000000:pipeline/emp-bonus-training-pipeline-dev"
EXECUTION = f"{PIPELINE}/execution/ex635t9yffps"
EARLIER = f"{PIPELINE}/execution/wc6p7hp4bve1"
PACKAGES = "arn:aws:sagemaker:eu-west-1:000000000000:model-package/empbonuspackagegroup-dev"
START = datetime(2026, 11, 24, 14, 53, 42, tzinfo=UTC)
DEPARTMENTS = {
    "Engineering": 612,
    "Finance": 238,
    "Human Resources": 161,
    "Marketing": 244,
    "Operations": 397,
    "Sales": 306,
}
Json = dict[str, Any]


def step(name: str, kind: str, start_s: float, took_s: float, **more: Any) -> Json:
    """A step that succeeded, unless *more* says otherwise."""
    times = [(START + timedelta(seconds=seconds)).isoformat() for seconds in (start_s, start_s + took_s)]
    return {
        "StepName": f"EmpBonus{name}",
        "StepType": kind,
        "StepStatus": "Succeeded",
        "StartTime": times[0],
        "EndTime": times[1],
        **more,
    }


def failed(name: str, kind: str, start_s: float, took_s: float, reason: str, **more: Any) -> Json:
    """A step that failed."""
    return step(name, kind, start_s, took_s, StepStatus="Failed", FailureReason=reason, **more)


FIND = step("FindChampion", "Lambda", 0, 1.4)
CHECK = step("DataQuality", "Processing", 1.5, 171)
PREPARE = [step("PreProcessing", "Processing", 173, 204), step("DataSplit", "Processing", 378, 163)]
TRAIN = step("Training", "Training", 542, 187)
EVALUATE = step("Evaluation", "Processing", 730, 169)
REGISTER = step("RegisterModel", "RegisterModel", 901, 2.1, Metadata={"RegisterModel": {"Arn": f"{PACKAGES}/3"}})


def gate(outcome: str) -> Json:
    """The condition."""
    return step("QualityGate", "Condition", 900, 0.4, Metadata={"Condition": {"Outcome": outcome}})


def execution(status: str, steps: list[Json], took_s: float = 904, **more: Any) -> Json:
    """An `execution.json`."""
    parameters = {
        "InputData": "s3://emp-bonus-dev-storage-databucketb1a7365c/raw/0cd1270530035f10/",
        "DataVersion": "0cd1270530035f1078079d93a5875ce3bd73ca9eb0d3f379c3743ccc6be7a4b9",  # pragma: allowlist secret
        "ProcessingInstanceCount": "1",
        "ProcessingInstanceType": "ml.m5.xlarge",
        "TrainingInstanceType": "ml.m5.xlarge",
        "MinimumR2": "0.5",
        "MaximumRmse": "2500.0",
        "MinimumImprovement": "0.01",
        "ModelApprovalStatus": "PendingManualApproval",
    }
    return {
        "PipelineArn": PIPELINE,
        "PipelineExecutionArn": EXECUTION,
        "PipelineExecutionStatus": status,
        "CreationTime": START.isoformat(),
        "LastModifiedTime": (START + timedelta(seconds=took_s)).isoformat(),
        "PipelineParameters": [{"Name": name, "Value": value} for name, value in parameters.items()],
        "PipelineExecutionSteps": steps,
        **more,
    }


PASSED = execution("Succeeded", [FIND, CHECK, *PREPARE, TRAIN, EVALUATE, gate("True"), REGISTER])
REJECTION = "model not registered: r2 0.4117 is less than MinimumR2 0.5000"
REJECTED = execution(
    "Failed",
    [
        *(FIND, CHECK, *PREPARE, TRAIN, EVALUATE, gate("False")),
        failed("Rejected", "Fail", 901, 0.2, REJECTION, Metadata={"Fail": {"ErrorMessage": REJECTION}}),
    ],
)
BROKEN_CONTRACT = (
    "AlgorithmError: [data contract violated: salary: 312 of 1,994 values missing (15.6%), more than 10.0%; department:"
    " 131 of 1,994 values unknown (6.6%), more than 5.0%; correct the data or, if it is as it should be, the limits in"
    " data_contract.toml], exit code: 1"
)
CONTRACT_FAILED = execution(
    "Failed", [FIND, failed("DataQuality", "Processing", 1.5, 168, BROKEN_CONTRACT)], took_s=170
)

SCORED = execution("Succeeded", [FIND, step("Score", "Processing", 2, 161)], took_s=164)
NOT_SCORED = execution(
    "Failed",
    [FIND, failed("Score", "Processing", 2, 161, "AlgorithmError: no version of the model is approved, exit code: 1")],
    took_s=164,
)


def scoring() -> Json:
    """A `scoring.json`."""
    return {
        "schema_version": 1,
        "model_package": f"{PACKAGES}/3",
        "artefact": "fae5bf674429",  # pragma: allowlist secret
        "data_version": "2026-11",
        "rows": 1997,
        "scored": 1983,
        "rejected": 14,
        "reasons": {"salary: not a number from 1,000 to 500,000": 14},
    }


def data_quality() -> Json:
    """A `data_quality.json` of data that keeps its contract."""
    return {
        "schema_version": 2,
        "data_version": "0cd1270530035f10",  # pragma: allowlist secret
        "rows": 1994,
        "malformed_records": 3,
        "baseline": {"data_version": "7f19a0c2b3d4e5f6", "rows": 1821},  # pragma: allowlist secret
        "columns": {
            "employee_id": counts("identifier", 1994, distinct=1992, duplicate=2),
            "age": numbers((41.3, 9.8, 20.0, 67.0), 15, 100, [0, 9, 80, 155, 240, 307, 340, 301, 241, 144, 78, 31, 8]),
            "salary": numbers((68_912.4, 17_803.9, 28_455.1, 162_340.5), 1_000, 500_000, [0, 88, 870, 716, 214, 39, 6]),
            "department": counts("category", 1958, missing=36, values=DEPARTMENTS, unknown=0),
            "hire_date": counts("date", 1991, invalid=3, minimum="1985-03-11", maximum="2026-06-29"),
            "profile": counts("profile", 1921, missing=68, invalid=5),
            "bonus": numbers((7_214.8, 3_102.6, 0.0, 21_877.3), 0, 100_000, [514, 1115, 311, 46, 5]),
        },
        "violations": [],
    }


def counts(kind: str, count: int, *, missing: int = 0, invalid: int = 0, **more: Any) -> Json:
    """A column."""
    return {"type": kind, "count": count, "missing": missing, "invalid": invalid, **more}


def numbers(figures: tuple[float, float, float, float], low: float, high: float, filled: list[int]) -> Json:
    """A column of numbers in twenty bins from *low* to *high*, of which the first are *filled*."""
    names = ("mean", "standard_deviation", "minimum", "maximum")
    bounds = [low + (high - low) * index / 20 for index in range(21)]
    bins = {"bounds": bounds, "counts": filled + [0] * (20 - len(filled))}
    return counts(
        "number", sum(filled), missing=57, invalid=2, **dict(zip(names, figures, strict=True)), histogram=bins
    )


def broken_data_quality() -> Json:
    """A `data_quality.json` of data that breaks its contract."""
    document = data_quality()
    document["violations"] = [
        {
            "rule": "maximum_missing_share",
            "column": "salary",
            "count": 312,
            "limit": 0.1,
            "found": 312 / 1994,
            "text": "salary: 312 of 1,994 values missing (15.6%), more than 10.0%",
        },
        {
            "rule": "maximum_unknown_share",
            "column": "department",
            "count": 131,
            "limit": 0.05,
            "found": 131 / 1994,
            "text": "department: 131 of 1,994 values unknown (6.6%), more than 5.0%",
        },
        {
            "rule": "maximum_mean_shift",
            "column": "age",
            "count": 1935,
            "limit": 0.5,
            "found": 0.6127,
            "text": "age: mean 47.3, 0.6 standard deviations from the baseline's 41.3, more than 0.5",
        },
    ]
    return document


def rejections() -> Json:
    """A `rejections.json`, as preprocessing writes it."""
    reasons = [
        ("bonus", "missing", 9, "2026/a.csv", 17),
        ("age", "not a number from 15 to 100", 2, "2026/a.csv", 44),
        ("employee_id", "duplicate", 2, "b.csv", 3),
        ("", "7 columns instead of 8", 1, "b.csv", 90),
    ]
    names = ("column", "reason", "count", "file", "row")
    return {
        "schema_version": 1,
        "rows": 1997,
        "rejected": 14,
        "reasons": [dict(zip(names, reason, strict=True)) for reason in reasons],
    }


def evaluation(*, passed: bool = True, champion: bool = True, rows: int = 202) -> Json:
    """An `evaluation.json` of a good model, or of one that explains too little."""
    rmse, r2 = (1_204.37, 0.8494) if passed else (2_381.9, 0.4117)
    compared = _champion(rmse) if champion else _no_champion(rmse, rows)
    return {
        "schema_version": 3,
        "data_version": "0cd1270530035f10",  # pragma: allowlist secret
        "rows": rows,
        "regression_metrics": {
            "mse": {"value": rmse**2, "standard_deviation": 141_900.2},
            "rmse": {"value": rmse, "standard_deviation": 59.1},
            "mae": {"value": rmse * 0.78, "standard_deviation": 52.7},
            "r2": {"value": r2, "standard_deviation": 0.0187},
        },
        "baseline": {
            "prediction": 7_190.2,
            "mse": {"value": 9_641_220.4},
            "rmse": {"value": 3_105.03},
            "mae": {"value": 2_391.8},
            "r2": {"value": -0.0004},
        },
        "champion": compared,
        "slices": {
            "department": _slices(DEPARTMENTS, rmse),
            "age_group": _slices({"under_30": 397, "30_to_39": 402, "40_to_49": 810, "50_and_over": 401}, rmse),
        },
        "fairness": _fairness(),
        "explanations": EXPLANATIONS,
        "residuals": {
            "mean": -38.2,
            "standard_deviation": rmse,
            "quantiles": {
                "0.01": -2_790.1,
                "0.05": -1_961.3,
                "0.25": -802.9,
                "0.5": -31.6,
                "0.75": 777.2,
                "0.95": 1_902.4,
                "0.99": 2_655.0,
            },
        },
        "cross_check": {"metric": "test:mse", "reported": rmse**2, "recomputed": rmse**2 + 0.4},
        "gate": {
            "passed": passed,
            "failed": "none" if passed else "r2 0.4117 is less than MinimumR2 0.5000",
            "limits": {
                "MinimumR2": _limit("regression_metrics.r2.value", "at_least", 0.5, r2),
                "MaximumRmse": _limit("regression_metrics.rmse.value", "at_most", 2_500.0, rmse),
                "MinimumImprovement": _limit(
                    "champion.improvement.value", "at_least", 0.01, compared["improvement"]["value"], "share"
                ),
            },
        },
    }


def card() -> Json:
    """A model card, as a version gets it."""
    graph = {"name": "age", "type": "linear_graph", "value": [[22.0, 51.2], [45, -93.1]], "notes": "beside age 35"}
    metric = {"name": "rmse", "type": "number", "value": 1_204.37, "notes": "standard deviation 59.1"}
    return {
        "model_overview": {"model_description": "A linear model.", "problem_type": "Regression"},
        "intended_uses": {
            "purpose_of_model": "Predicts what bonus is usual.",
            "intended_uses": "A point of reference.",
            "risk_rating": "High",
        },
        "additional_information": {"caveats_and_recommendations": "Says nothing of later data."},
        **card_parts([metric, graph]),
    }


def card_parts(metrics: list[Json]) -> Json:
    """Those parts of a model card that evaluation finds out."""
    evaluation = {
        "name": "Held-out test rows",
        "evaluation_observation": "202 rows that the model was not trained on.",
        "metadata": {"quality_gate": "passed"},
        "metric_groups": [{"name": "Quality", "metric_data": metrics}],
    }
    return {"training_details": {"training_observations": "70 % of the rows."}, "evaluation_details": [evaluation]}


def defined_card() -> Json:
    """A definition that registers a version with a card of a text, and what evaluation found out."""
    texts = ['{"intended_uses": {"purpose_of_model": "Predicts a bonus."}, "evaluation_details": ', _found(), "}"]
    card = {"ModelCardContent": {"Std:Join": {"On": "", "Values": texts}}, "ModelCardStatus": "PendingReview"}
    return {"Steps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": {"ModelCard": card}}]}


def _found() -> Json:
    return {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.E.PropertyFiles.Card"}, "Path": "evaluation_details"}}


def _limit(figure: str, comparison: str, limit: float, found: float, unit: str = "number") -> Json:
    kept = found >= limit if comparison == "at_least" else found <= limit
    return {
        "figure": figure,
        "comparison": comparison,
        "unit": unit,
        "limit": limit,
        "found": found,
        "kept": kept,
    }


def second_evaluation() -> Json:
    """The same as schema version 2 had it, without fairness, explanations and the champion's worsening."""
    document = evaluation()
    champion = {name: value for name, value in document["champion"].items() if name != "worsening"}
    older = {name: value for name, value in document.items() if name not in ("fairness", "explanations")}
    return {**older, "schema_version": 2, "champion": champion}


def first_evaluation(*, passed: bool = True) -> Json:
    """The same as schema version 1 had it, whose gate gives the values of its limits alone."""
    document = evaluation(passed=passed)
    limits = {name: each["limit"] for name, each in document["gate"]["limits"].items()}
    return {**document, "schema_version": 1, "gate": {**document["gate"], "limits": limits}}


def _champion(rmse: float) -> Json:
    return {
        "present": True,
        "name": f"{PACKAGES}/2",
        "rows": 171,
        "excluded_rows": 31,
        "rmse": {"value": 1_256.11},
        "challenger_rmse": {"value": rmse + 4.2},
        "improvement": {"value": 1 - (rmse + 4.2) / 1_256.11},
        "worsening": {"value": 171.4, "low": 8.6, "high": 334.2, "significant": 1},
    }


def _no_champion(rmse: float, rows: int) -> Json:
    """What stands there without a champion: the figures of the baseline."""
    return {
        "present": False,
        "name": "none",
        "rows": rows,
        "excluded_rows": 0,
        "rmse": {"value": 3_105.03},
        "challenger_rmse": {"value": rmse},
        "improvement": {"value": 1 - rmse / 3_105.03},
        "worsening": {"value": 0.0, "low": 0.0, "high": 0.0, "significant": 0},
    }


def _fairness() -> Json:
    """Figures of which one difference is significant."""
    return {
        "confidence": 0.95,
        "columns": {
            "age_group": {
                "groups": {
                    "under_30": _group(39, 3.4),
                    "40_to_49": _group(81, 61.2),
                    "50_and_over": _group(40, -641.9),
                },
                "pairs": [
                    _pair("under_30", "40_to_49", -57.8, 0.8, 1.0),
                    _pair("under_30", "50_and_over", 645.3, 0.021, 0.084),
                    _pair("40_to_49", "50_and_over", 703.1, 0.0019, 0.0095),
                ],
            },
            "department": {
                "groups": {"Engineering": _group(101, -12.5), "Sales": _group(101, 310.8)},
                "pairs": [_pair("Engineering", "Sales", -323.3, 0.05, 0.15)],
            },
        },
        "largest_difference": {"value": 703.1, "column": "age_group", "groups": ["40_to_49", "50_and_over"]},
    }


def _group(rows: int, mean_error: float) -> Json:
    return {"rows": rows, "mean_error": _interval(mean_error, 2_380 / math.sqrt(rows)), "rmse": 1_199.2}


def _interval(value: float, reach: float) -> Json:
    return {"value": value, "low": value - reach, "high": value + reach}


def _pair(one: str, other: str, difference: float, p_value: float, adjusted: float) -> Json:
    return {
        "groups": [one, other],
        "difference": _interval(difference, 444.0),
        "p_value": p_value,
        "adjusted_p_value": adjusted,
        "significant": adjusted <= 0.025,
    }


EXPLANATIONS: Json = {
    "baseline": 7_190.4,
    "importance": {"age": 35.2, "salary": 1_372.1, "department": 1_468.9, "hire_date": 668.3, "profile": 19.4},
    "effects": {
        "age": {
            "reference": 41.0,
            "values": [
                {"value": age, "effect": effect}
                for age, effect in ((25.0, 28.1), (35.0, -77.4), (45.0, 15.6), (55.0, -9.8), (65.0, 58.2))
            ],
        }
    },
    "r2": {
        "least_squares": 0.8495,
        "without": {"age": 0.8493, "salary": 0.6581, "department": 0.5322, "hire_date": 0.7917, "profile": 0.8496},
    },
}


def _slices(counts: Mapping[str, int], rmse: float) -> Json:
    return {name: _slice(index, count, rmse) for index, (name, count) in enumerate(counts.items())}


def _slice(index: int, count: int, rmse: float) -> Json:
    error = rmse * (0.82 + 0.09 * index)
    return {"rows": count // 10, "rmse": error, "mae": error * 0.79, "mean_error": 55.4 * (index - 2)}


def predictions(rows: int = 202, seed: int = 1) -> list[tuple[float, float]]:
    """Bonuses, and predictions that are off by some 1,200."""
    draw = random.Random(seed)
    actual = [max(0.0, round(7_000 * math.exp(draw.gauss(0, 0.42)) - 200, 2)) for _ in range(rows)]
    return [(value, round(0.86 * value + 1_000 + draw.gauss(0, 1_130), 2)) for value in actual]


class Folder:
    """The folder of a local execution, and its outputs elsewhere."""

    def __init__(self, root: Path, document: Mapping[str, Any]) -> None:
        self.path = root / "executions" / "ex635t9yffps"
        self.outputs = root / "s3"
        self.path.mkdir(parents=True)
        self._document = json.loads(json.dumps(document))

    def data_quality(self, document: Any) -> "Folder":
        """Let the data quality step have written *document*."""
        return self._output("EmpBonusDataQuality", "data-quality", {"data_quality.json": json.dumps(document)})

    def evaluation(self, document: Any, pairs: list[tuple[float, float]]) -> "Folder":
        """Let the evaluation step have written *document* and *pairs*."""
        lines = "\n".join(["actual,predicted", *(f"{actual},{predicted}" for actual, predicted in pairs)])
        files = {"evaluation.json": json.dumps(document), "predictions.csv": lines + "\n"}
        return self._output("EmpBonusEvaluation", "evaluation", files)

    def monitoring(self, document: Any) -> "Folder":
        """Let the monitor step have written *document*."""
        return self._output("EmpBonusMonitor", "monitoring", {"monitoring.json": json.dumps(document)})

    def _output(self, name: str, output: str, files: Mapping[str, str]) -> "Folder":
        folder = self.outputs / output
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        for each in self._document["PipelineExecutionSteps"]:
            if each["StepName"] == name:
                each["Outputs"] = {output: str(folder)}
        return self

    def write(self) -> Path:
        """Write `execution.json`, and return the folder."""
        (self.path / "execution.json").write_text(json.dumps(self._document, indent=2), encoding="utf-8")
        return self.path


def facts_of(document: Any, *known: Any, **more: Any) -> Facts:
    """Return what a report is made from, of an `execution.json` and the other documents."""
    return Facts(read_document(document), *known, **more)
