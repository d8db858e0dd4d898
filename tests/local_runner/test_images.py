"""Images are known by their repositories."""

import pytest

from local_runner.containers.images import LINEAR_LEARNER, SCIKIT_LEARN, repository
from local_runner.errors import RefusedError


def test_an_image_is_known_by_its_repository_whatever_its_tag_or_digest() -> None:
    registry = "141502667606.dkr.ecr.eu-west-1.amazonaws.com"
    assert repository(f"{registry}/sagemaker-scikit-learn:1.9-0-cpu-py3") == SCIKIT_LEARN
    assert repository(f"{registry}/linear-learner@sha256:{'0' * 64}") == LINEAR_LEARNER


@pytest.mark.parametrize("image", ["python:3.12", "1.dkr.ecr.eu-west-1.amazonaws.com/xgboost:1"])
def test_an_image_that_nothing_stands_for_is_refused(image: str) -> None:
    with pytest.raises(RefusedError, match=f"image {image} cannot run here: only sagemaker-scikit-learn"):
        repository(image)
