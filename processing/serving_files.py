"""Names in the serving artefact, which evaluation writes and `inference` reads."""

ARCHIVE = "model.tar.gz"

WEIGHTS = "weights.json"
"""The model, and the mean of each feature over the training rows."""

CODE = "code"
"""The folder of the code that answers requests."""

SAMPLE_ARCHIVE = "sample_payload.tar.gz"
SAMPLE = "sample.json"
"""In that archive: a request that has an answer."""

SMOKE_TEST = "smoke_test.json"
"""The same request, and what has to be predicted for it."""
