"""What is registered with a model."""

import copy

from tests.artefacts.definition.defects.defect import Definition, arguments, defect

PATH = "EmpBonusRegisterModel.Arguments"
OTHERS = f"{PATH}.AdditionalInferenceSpecifications"


@defect(OTHERS, "raw-records is there 2 times: give each its own name")
def two_specifications_of_one_name(d: Definition) -> None:
    specifications = arguments(d, "RegisterModel")["AdditionalInferenceSpecifications"]
    specifications.append(copy.deepcopy(specifications[0]))


@defect(f"{OTHERS}[0].Name", "'raw records' is not a EntityName")
def specification_with_a_space_in_its_name(d: Definition) -> None:
    arguments(d, "RegisterModel")["AdditionalInferenceSpecifications"][0]["Name"] = "raw records"


@defect(f"{OTHERS}[0].SupportedContentTypes", "application/x-parquet is no content type of Linear Learner here")
def additional_linear_learner_that_takes_parquet(d: Definition) -> None:
    registered = arguments(d, "RegisterModel")
    (other,) = registered["AdditionalInferenceSpecifications"]
    other["Containers"][0]["Image"] = registered["InferenceSpecification"]["Containers"][0]["Image"]
    other["SupportedContentTypes"] = ["application/x-parquet"]


@defect(f"{PATH}.SamplePayloadUrl", "sample.json is no .tar.gz: name an archive of payloads")
def sample_payload_that_is_no_archive(d: Definition) -> None:
    arguments(d, "RegisterModel")["SamplePayloadUrl"]["Std:Join"]["Values"][-1] = "sample.json"


@defect(
    f"{OTHERS}[0].Containers[0].Environment.SAGEMAKER_PROGRAM",
    "SAGEMAKER_PROGRAM does not start where there is no internet: use SAGEMAKER_SERVING_MODULE",
)
def code_that_is_installed_before_it_serves(d: Definition) -> None:
    (other,) = arguments(d, "RegisterModel")["AdditionalInferenceSpecifications"]
    other["Containers"][0]["Environment"]["SAGEMAKER_PROGRAM"] = "serve.py"
