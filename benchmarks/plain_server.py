"""A Flask server with pandas and scikit-learn that answers as the serving artefact does: what that is timed against.

It applies the contract's ranges, but says only that a record cannot be used, not why, and explains no prediction. As
the artefact's server it takes nothing but what the scikit-learn image has.
"""

import io
import json
import os
from pathlib import Path
from typing import Any

import flask
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

from tests.processing import plain_pandas


def create_application(folder: Path) -> flask.Flask:
    """Return the application for the model of the serving artefact in *folder*."""
    learnt = json.loads((folder / "feature_model.json").read_text(encoding="utf-8"))
    model = _read_model(folder / "weights.json", learnt["features"])
    application = flask.Flask(__name__)

    @application.get("/ping")
    def ping() -> str:
        return ""

    @application.post("/invocations")
    def invoke() -> flask.Response:
        raw = _read_body(flask.request)
        frame, usable = plain_pandas.read_inputs(raw)
        frame["bonus"] = np.nan  # nobody has it yet
        cleaned = plain_pandas.clean(frame[usable], learnt)
        predicted = pd.Series(np.nan, index=frame.index)
        if usable.any():
            predicted[usable] = model.predict(plain_pandas.transform(cleaned, learnt["departments"]))
        pairs = zip(raw["employee_id"].tolist(), predicted.tolist(), usable.tolist(), strict=True)
        return flask.jsonify(model_version="plain", predictions=[_describe(*each) for each in pairs])

    return application


def _read_model(weights: Path, features: list[str]) -> LinearRegression:
    document = json.loads(weights.read_text(encoding="utf-8"))
    model = LinearRegression()
    model.coef_, model.intercept_ = np.array(document["weights"]), document["bias"]
    model.feature_names_in_ = np.array(features, object)
    model.n_features_in_ = len(features)
    return model


def _read_body(request: flask.Request) -> pd.DataFrame:
    if request.mimetype == "text/csv":
        return pd.read_csv(io.BytesIO(request.get_data()), dtype=str, keep_default_na=False)
    document = request.get_json()
    raw = pd.DataFrame(document if isinstance(document, list) else [document], dtype=object).fillna("")
    raw["profile"] = raw["profile"].map(lambda profile: profile and json.dumps(profile))
    return raw


def _describe(employee_id: str, prediction: float, usable: bool) -> dict[str, Any]:
    said = {"prediction": prediction} if usable else {"error": "cannot be used"}
    return {"employee_id": employee_id, **said}


if folder := os.environ.get("MODEL_FOLDER"):
    application = create_application(Path(folder))
