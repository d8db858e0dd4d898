"""What the processing steps share: our code from its own archive, in the scikit-learn image or in that of Spark."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sagemaker.core.helper.pipeline_variable import StrPipeVar
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.parameters import ParameterInteger
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.steps import ProcessingStep, Step

from pipeline_definition import names
from pipeline_definition.build import Build
from pipeline_definition.job_policies import JOB_RETRIES, cache
from pipeline_definition.jobs.image import SPARK_VERSION, image
from pipeline_definition.jobs.network import processing_network
from pipeline_definition.jobs.spark_jobs import runs_on_spark
from pipeline_definition.offline_session import STAND_IN_ROLE_ARN
from pipeline_definition.placeholders import CODE, CODE_BUCKET, KEY_ARN, SPARK_LIBRARIES

CONTAINER = "/opt/ml/processing"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A processing job: a folder of the container for each input and output, handed to the code as `--name FOLDER`."""

    module: str
    """Of `processing`: its `main` is what runs."""
    inputs: Mapping[str, StrPipeVar]
    """Option name -> where the folder's files come from."""
    outputs: Mapping[str, StrPipeVar]
    """Option name -> where the folder's files go."""
    options: Sequence[str] = ()
    environment: Mapping[str, StrPipeVar] = field(default_factory=dict)
    property_files: Sequence[PropertyFile] = ()
    """Files of outputs whose figures other steps read."""
    after: Sequence[Step] = ()
    """Steps that must have succeeded although nothing of theirs is read."""
    instance_count: ParameterInteger | int = 1
    """Of instances that share the work: more than one on Spark only."""
    cached: bool = True
    """Whether a result that an earlier execution made of the same inputs will do."""
    uploaded_at_once: Collection[str] = ()
    """Outputs that are uploaded while they are written: what is there is kept although the job fails."""


def processing_step(build: Build, step_name: str, job: Job) -> ProcessingStep:
    """Return the step that runs *job*."""
    on_spark = runs_on_spark(build.stage, job.module)
    processor = _make_processor(build, job, _find_spark_image(build) if on_spark else find_image(build))
    folders = {name: f"{CONTAINER}/input/{name}" for name in job.inputs}
    folders |= {name: f"{CONTAINER}/output/{name}" for name in job.outputs}
    arguments = [word for name, folder in folders.items() for word in (f"--{name}", folder)]
    # In the first file the container says which host this is; in the second the job says why it failed.
    arguments += ["--resource-config", "/opt/ml/config/resourceconfig.json", "--message", "/opt/ml/output/message"]
    step_args = processor.run(
        code=f"s3://{CODE_BUCKET}/{CODE[job.module]}",
        arguments=[*arguments, *job.options],
        inputs=[
            *(_input(name, source, folders[name]) for name, source in job.inputs.items()),
            *([_libraries()] if on_spark else []),
        ],
        outputs=[
            _output(name, target, folders[name], at_once=name in job.uploaded_at_once)
            for name, target in job.outputs.items()
        ],
    )
    return ProcessingStep(
        name=step_name,
        step_args=step_args,
        cache_config=cache(build.stage) if job.cached else None,
        retry_policies=list(JOB_RETRIES),
        property_files=list(job.property_files) or None,
        depends_on=list(job.after) or None,
    )


def _make_processor(build: Build, job: Job, image_uri: str) -> ScriptProcessor:
    processing = build.stage.processing
    return ScriptProcessor(
        image_uri=image_uri,
        command=["python3"],
        role=STAND_IN_ROLE_ARN,
        instance_type=build.parameters.processing_instance_type,
        instance_count=job.instance_count,
        volume_size_in_gb=processing.volume_size_gb,
        volume_kms_key=KEY_ARN,
        output_kms_key=KEY_ARN,
        network_config=processing_network(build),
        max_runtime_in_seconds=processing.max_runtime_s,
        base_job_name=build.job_name(job.module.replace("_", "-")),
        env=dict(job.environment) or None,
        tags=build.tags,
        sagemaker_session=build.session,
    )


def find_image(build: Build) -> str:
    """Return the URI of the scikit-learn image, which runs our code in jobs and behind an endpoint."""
    processing = build.stage.processing
    return image("sklearn", build, version=processing.image_version, digest=processing.image_digest)


def _find_spark_image(build: Build) -> str:
    return image("spark", build, version=SPARK_VERSION, digest=build.stage.processing.spark_image_digest)


def output_of(step: ProcessingStep, name: str) -> StrPipeVar:
    """Return where the files of *step*'s output *name* lie, also when the step's result came from the cache."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def _input(name: str, source: StrPipeVar, folder: str) -> ProcessingInput:
    return ProcessingInput(
        input_name=name,
        s3_input=ProcessingS3Input(
            s3_uri=source,
            local_path=folder,
            s3_data_type="S3Prefix",
            s3_input_mode="File",
            # Any of several instances may be given any part of the files to read.
            s3_data_distribution_type="FullyReplicated",
        ),
    )


def _libraries() -> ProcessingInput:
    """Return what the Spark image lacks: nothing can be installed in a job that has no network."""
    return _input(names.LIBRARIES, f"s3://{CODE_BUCKET}/{SPARK_LIBRARIES}", f"{CONTAINER}/input/{names.LIBRARIES}")


def _output(name: str, target: StrPipeVar, folder: str, *, at_once: bool) -> ProcessingOutput:
    upload_mode = "Continuous" if at_once else "EndOfJob"
    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(s3_uri=target, local_path=folder, s3_upload_mode=upload_mode),
    )
