"""EmpBonusMonitor: records and the champion's training statistics -> whether the records are still of their kind."""

from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.lambda_step import LambdaStep
from sagemaker.mlops.workflow.steps import ProcessingStep

from pipeline_definition import names
from pipeline_definition.build import Build
from pipeline_definition.jobs.processing_job import Job, processing_step
from pipeline_definition.locations import monitoring
from pipeline_definition.parameters import MonitoringParameters
from settings import Monitoring

FOUND = PropertyFile(name="Monitoring", output_name=names.MONITORING, path=names.MONITORING_FILE)


def monitor_traffic_step(
    build: Build, parameters: MonitoringParameters, options: Monitoring, finding: LambdaStep, traffic: LambdaStep
) -> ProcessingStep:
    """Return the step that judges a window of captured traffic; its code is `processing/jobs/monitor.py`."""
    champion, found = finding.properties.Outputs, traffic.properties.Outputs
    inputs = {
        "traffic": found["Traffic"],
        "baseline": champion["DataQuality"],
        "history": found["History"],
        "labels": found["Labels"],
        "champion-feature-model": champion["FeatureModel"],
        "champion-evaluation": champion["Evaluation"],
    }
    window = [
        *("--window-end", parameters.window_end),
        *("--window-hours", str(options.window_hours)),
        *("--minimum-labels", str(options.minimum_labels)),
        *("--retrain", str(options.retrain).lower()),
        *("--newest-raw", found["NewestRaw"]),
        *("--champion-data", found["ChampionData"]),
    ]
    return _monitor(build, inputs, [*_judged_by(options, champion["Name"]), *window])


def monitor_files_step(
    build: Build, options: Monitoring, finding: LambdaStep, scoring: ProcessingStep, records: StrPipeVar
) -> ProcessingStep:
    """Return the step that judges the *records* of which *scoring* is the step, once it has predicted for them."""
    champion = finding.properties.Outputs
    inputs = {"traffic": records, "baseline": champion["DataQuality"]}
    return _monitor(build, inputs, _judged_by(options, champion["Name"]), after=[scoring])


def _judged_by(options: Monitoring, champion: StrPipeVar) -> list[StrPipeVar]:
    return [
        *("--champion", champion),
        *("--minimum-records", str(options.minimum_records)),
        *("--limit-share", str(options.limit_share)),
        *("--drifted-share", str(options.drifted_share)),
    ]


def _monitor(
    build: Build, inputs: dict[str, StrPipeVar], options: list[StrPipeVar], after: list[ProcessingStep] | None = None
) -> ProcessingStep:
    job = Job(
        module=names.MONITOR_JOB,
        inputs=inputs,
        outputs={names.MONITORING: monitoring()},
        options=options,
        property_files=[FOUND],
        after=after or (),
        uploaded_at_once=[names.MONITORING],
        # Traffic and raw data change behind their URIs.
        cached=False,
    )
    return processing_step(build, names.MONITORING_STEP, job)


def find(monitoring_step: ProcessingStep, path: str) -> JsonGet:
    """Return what is at *path* of the file that *monitoring_step* writes."""
    return JsonGet(step_name=monitoring_step.name, property_file=FOUND, json_path=path)
