"""What carries a model's predictions: each raw column's part in them, age alone, and what a model without it loses."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from processing.evaluation.least_squares import LABEL_INDEX, Moments, held_out_r2
from processing.evaluation.model import Model, Numbers
from processing.evaluation.predictions import Training
from processing.evaluation.serving import make_sample
from processing.features.feature_model import FeatureModel
from processing.features.features import feature_names, feature_sources
from processing.features.transform import features_of

AGE = "age"
AGES = range(20, 71, 5)
"""Where the effect of age is told, if training rows are as young and as old: the data's own extremes are somebody's."""


class Explainer:
    """Explains a model by the test rows, which come in batches."""

    def __init__(self, model: Model, learnt: FeatureModel, training: Training) -> None:
        self._model, self._learnt, self._training = model, learnt, training
        self._sources = feature_sources(learnt)
        self._sums = dict.fromkeys(self._sources, 0.0)
        self._moments = Moments(1 + model.features)

    def observe(self, columns: Sequence[Numbers]) -> None:
        """Add rows of the test channel, given as label and features."""
        _, *features = columns
        for source, added in self._model.contributions(features, self._training.means, self._sources).items():
            self._sums[source] += float(np.abs(added).sum())
        self._moments.add(columns)

    def explain(self) -> dict[str, Any]:
        """Return what the rows observed so far, at least one, say of the model."""
        return {
            "baseline": float(self._model.predict(np.array(self._training.means)[:, np.newaxis])[0]),
            "importance": {source: each / self._moments.rows for source, each in self._sums.items()},
            "effects": {AGE: self._effect_of_age()} if AGE in feature_names(self._learnt) else {},
            "r2": {
                "least_squares": self._least_squares(without=""),
                "without": {source: self._least_squares(without=source) for source in self._sums},
            },
        }

    def _least_squares(self, without: str) -> float:
        chosen = [position for position, source in enumerate(self._sources, LABEL_INDEX + 1) if source != without]
        return held_out_r2(self._training.moments, self._moments, chosen)

    def _effect_of_age(self) -> dict[str, Any]:
        """Return what ages change of a prediction; of a linear model's, the same whatever the other columns are."""
        position = feature_names(self._learnt).index(AGE)
        lowest, highest = self._training.lowest[position], self._training.highest[position]
        ages = [float(age) for age in AGES if lowest <= age <= highest]
        reference = self._learnt.medians[AGE]
        _, record = make_sample(self._learnt)
        records = record.take(pa.array([0] * (1 + len(ages))))
        varied = records.set_column(
            records.schema.get_field_index(AGE), AGE, pa.array([reference, *ages], pa.float64())
        )
        predictions = self._model.predict(column.to_numpy() for column in features_of(varied, self._learnt).columns)
        effects = (predictions[1:] - predictions[0]).tolist()
        return {
            "reference": reference,
            "values": [{"value": age, "effect": effect} for age, effect in zip(ages, effects, strict=True)],
        }
