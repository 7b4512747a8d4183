"""Planisphere's SQL functions for columns, on classic sessions and with Spark Connect.

The functions of photos take a binary column with encoded photos and return a struct of ``status, detail, width, height`` and the
columns of the job of the same name. A null or broken photo has a status other than ``ok``. ``model`` is the location of a
package: ``builtin:NAME``, a directory or a zip that the driver can read; ``options`` are named like those of the job, with
underscores. Wrong arguments are errors of Spark's analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional, Union

from pyspark.sql import Column
from pyspark.sql import functions as F

__all__ = ["classify", "detect", "embed", "faces", "great_circle_km", "locate", "s2_cell", "s2_parent"]

ColumnOrName = Union[Column, str]
Options = Mapping[str, Union[str, int, float, bool]]


def classify(content: ColumnOrName, model: Optional[str] = None, options: Optional[Options] = None) -> Column:
    """Return the most probable ``labels``, each a struct of ``index, label, score``; by default with builtin:mobilenet-v2.

    Options: ``top_k``, ``crops``, ``soft_labels``, ``temperature`` and those of all functions: ``max_pixels``, ``max_bytes``,
    ``batch_size``, ``resize``, ``reducing_gap``.
    """
    return _with_model("classify", content, model, options)


def locate(content: ColumnOrName, model: Optional[str] = None, options: Optional[Options] = None) -> Column:
    """Return where photos were taken: ``latitude, longitude, cell, confidence, radius_km, radius90_km,
    cells``; by default with builtin:earth.

    Options: ``top_k``, ``crops``, ``min_confidence``, ``finest_level``, ``no_gallery`` and those of all functions, see
    :func:`classify`.
    """
    return _with_model("locate", content, model, options)


def embed(content: ColumnOrName, model: Optional[str] = None, options: Optional[Options] = None) -> Column:
    """Return the feature vector ``embedding``; by default with builtin:mobilenet-v2.

    Options: ``precision`` (``float`` or ``half``), ``normalize`` and those of all functions, see :func:`classify`.
    """
    return _with_model("embed", content, model, options)


def detect(content: ColumnOrName, model: Optional[str] = None, options: Optional[Options] = None) -> Column:
    """Return ``objects``, each a struct of ``label, score, xmin, ymin, xmax, ymax`` in pixels; by default with builtin:coco-detector.

    Options: ``min_score``, ``iou``, ``max_objects`` and those of all functions, see :func:`classify`.
    """
    return _with_model("detect", content, model, options)


def faces(content: ColumnOrName, *attributes: str, options: Optional[Options] = None) -> Column:
    """Return ``faces`` with the named attributes, each a struct of ``score, xmin, ymin, xmax, ymax, attributes, embedding``.

    Options: ``model``, ``detector``, ``embedding``, ``min_score``, ``min_face``, ``scales``, ``soft_labels``,
    ``temperature`` and those of all functions, see :func:`classify`.
    """
    arguments = [F.lit(attribute) for attribute in attributes]
    return F.call_function("faces", _column(content), *arguments, *_map(options))


def s2_cell(latitude: ColumnOrName, longitude: ColumnOrName, level: int) -> Column:
    """Return the token of the S2 cell of this level, 0 to 30, that contains the place in degrees; null for an invalid place."""
    return F.call_function("s2_cell", _column(latitude), _column(longitude), F.lit(level))


def s2_parent(token: ColumnOrName, level: int) -> Column:
    """Return the token of the cell of this level, 0 to 30, that contains the cell; null for a larger cell or an invalid token."""
    return F.call_function("s2_parent", _column(token), F.lit(level))


def great_circle_km(
    latitude1: ColumnOrName, longitude1: ColumnOrName, latitude2: ColumnOrName, longitude2: ColumnOrName
) -> Column:
    """Return the kilometres between two places in degrees, on a sphere of 6371 km; null unless both are valid."""
    return F.call_function("great_circle_km", *map(_column, (latitude1, longitude1, latitude2, longitude2)))


def _with_model(function: str, content: ColumnOrName, model: Optional[str], options: Optional[Options]) -> Column:
    return F.call_function(function, _column(content), F.lit(model).cast("string"), *_map(options))


def _column(value: ColumnOrName) -> Column:
    return F.col(value) if isinstance(value, str) else value


def _map(options: Optional[Options]) -> list[Column]:
    """Return the options as a map of strings, which the functions parse; none without options."""
    if not options:
        return []
    entries = [F.lit(text) for name, value in options.items() for text in (name, str(value))]
    return [F.create_map(*entries)]
