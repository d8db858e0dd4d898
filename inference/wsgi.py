"""The module that the scikit-learn image serves, by its variable SAGEMAKER_SERVING_MODULE; a composition root.

Not the image's documented SAGEMAKER_PROGRAM: for that, it installs the code with pip, which wants the internet, and an
isolated endpoint has none (docs/decisions/0032).
"""

import os
from pathlib import Path

from inference.application import create_application

MODEL_FOLDER = Path("/opt/ml/model")
"""Where SageMaker unpacks model.tar.gz."""

application = create_application(MODEL_FOLDER, os.environ.get("MODEL_VERSION", ""))
