"""Writes smooth.json: photos at places in five cells, and what scikit-learn makes of them with labels that know distance.

Each photo is given to LogisticRegression once per class, with the weight exp(-(d(c) - d(own)) / T) of PIGEON (arXiv 2307.05845,
section 2.2) divided by their sum; d is the great-circle distance from the class's mean place by the haversine formula, on a sphere
of 6371 km. The objective is otherwise that of logistic.py.

    python3 src/test/resources/train/smooth.py        # made with scikit-learn 1.9.1
"""
import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression

KILOMETERS, REGULARIZATION = 100, 0.02
random = np.random.default_rng(2023)
# S2 cells of level 6, some 160 km wide, and their centres: three near each other, one further off, one far away
cells = {"47e7": (49.34566, 2.13436), "47c3": (50.61819, 3.78007), "4877": (52.01903, -0.77043), "132f": (42.45530, 12.80548),
         "6e19": (-17.28197, 178.16817)}
towns = np.array(list(cells.values()))
photos = [30, 22, 18, 25, 12]
own = np.repeat(np.arange(len(towns)), photos)
places = np.round(towns[own] + np.clip(random.normal(scale=0.25, size=(len(own), 2)), -0.5, 0.5), 5)
# the mean places of the cells, as a cell list has them
means = np.round(np.array([places[own == k].mean(0) for k in range(len(towns))]), 5)
scale = np.array([1.0, 0.1, 5.0, 2.0])
centres = random.normal(size=(len(towns), len(scale)))
features = ((centres[own] + random.normal(size=(len(own), len(scale)))) * scale + 3).astype(np.float32)


def kilometers(a, b):
    a, b = np.radians(a), np.radians(b)
    h = np.sin((a[..., 0] - b[..., 0]) / 2) ** 2 \
        + np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin((a[..., 1] - b[..., 1]) / 2) ** 2
    return 2 * 6371 * np.arcsin(np.sqrt(h))


distance = kilometers(places[:, None], means[None])
shares = np.exp(-(distance - distance[np.arange(len(own)), own][:, None]) / KILOMETERS)
shares /= shares.sum(1, keepdims=True)

x = features.astype(np.float64)
deviation = x.std(0, ddof=1)
copies = np.repeat(x / deviation, len(towns), axis=0)
model = LogisticRegression(C=1 / (REGULARIZATION * len(own)), tol=1e-12, max_iter=10_000)
model.fit(copies, np.tile(np.arange(len(towns)), len(own)), sample_weight=shares.ravel())
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({
    "kilometers": KILOMETERS,
    "regularization": REGULARIZATION,
    "cells": list(cells),
    "places": places.tolist(),
    "own": own.tolist(),
    "means": means.tolist(),
    "features": [[float(f"{value:.8g}") for value in row] for row in features],
    "weights": (model.coef_ / deviation).round(9).tolist(),
    "bias": (model.intercept_ - model.intercept_.mean()).round(9).tolist(),
}).replace("], [", "],\n[").replace('], "', '],\n"') + "\n")
