"""Writes logistic.json: a small problem of four unequal classes, and what scikit-learn's LogisticRegression makes of it.

MLlib minimises  sum_i w_i nll_i / W + regularization / 2 |beta|^2  with W = sum_i w_i and beta on features divided by their
(weighted, unbiased) deviation; scikit-learn  C sum_i w_i nll_i + |beta|^2 / 2.  So C = 1 / (regularization W).

    python3 src/test/resources/train/logistic.py        # made with scikit-learn 1.9.1
"""
import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression

random = np.random.default_rng(2017)
photos = [40, 25, 60, 12]
scale = np.array([1.0, 0.1, 5.0, 2.0, 0.5])
centres = random.normal(size=(len(photos), len(scale)))
label = np.repeat(np.arange(len(photos)), photos)
features = ((centres[label] + random.normal(size=(len(label), len(scale)))) * scale + 3).astype(np.float32)


def fit(weights, regularization):
    x = features.astype(np.float64)
    total = weights.sum()
    mean = (weights[:, None] * x).sum(0) / total
    variance = (weights[:, None] * (x - mean) ** 2).sum(0) / (total - (weights**2).sum() / total)
    deviation = np.sqrt(variance)
    model = LogisticRegression(C=1 / (regularization * total), tol=1e-12, max_iter=10_000)
    model.fit(x / deviation, label, sample_weight=weights)
    return {
        "regularization": regularization,
        "weights": (model.coef_ / deviation).round(9).tolist(),
        "bias": (model.intercept_ - model.intercept_.mean()).round(9).tolist(),
    }


balanced = len(label) / (len(photos) * np.array(photos)[label])
problem = {
    "label": label.tolist(),
    "features": [[float(f"{value:.8g}") for value in row] for row in features],
    "none": fit(np.ones(len(label)), 0.01),
    "balanced": fit(balanced, 0.1),
}
text = json.dumps(problem).replace("], [", "],\n[").replace('], "', '],\n"')
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
