"""The module that the scikit-learn image serves, by its variable SAGEMAKER_SERVING_MODULE; a composition root.

Not the image's documented SAGEMAKER_PROGRAM: for that, it installs the code with pip, which wants the internet, and an
isolated endpoint has none (docs/decisions/0034).
"""

import os
from pathlib import Path

from inference.application import create_application

# The code lies in the artefact, which SageMaker unpacks into /opt/ml/model.
application = create_application(
    Path(__file__).parents[2],
    os.environ.get("MODEL_VERSION", ""),
    figures=os.environ.get("ANSWER_FIGURES") == "true",
)
