"""An image keeps its name and its tag where AWS publishes it in another region, from another account."""

import dataclasses

import pytest

from pipeline_definition.jobs.image import ImageError, in_region
from settings import STAGES

_HERE = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn"
_THERE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn"
US = dataclasses.replace(STAGES["prod"], region="us-east-1")


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (f"{_HERE}:1.9-0-cpu-py3", f"{_THERE}:1.9-0-cpu-py3"),
        (f"{_HERE}:1.8-0-cpu-py3", f"{_THERE}:1.8-0-cpu-py3"),  # and not the tag of the stage's settings
        (f"{_HERE}@sha256:0a1b", f"{_THERE}@sha256:0a1b"),
        (
            "438346466558.dkr.ecr.eu-west-1.amazonaws.com/linear-learner:1",
            "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1",
        ),
    ],
)
def test_image_is_that_of_the_stages_region(image: str, expected: str) -> None:
    assert in_region(image, US) == expected
    assert in_region(image, STAGES["prod"]) == image


def test_image_that_is_not_of_aws_is_refused_in_another_region() -> None:
    own = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/our-own:1"
    assert in_region(own, STAGES["prod"]) == own
    with pytest.raises(ImageError, match="none of AWS's that the pipeline takes"):
        in_region(own, US)
