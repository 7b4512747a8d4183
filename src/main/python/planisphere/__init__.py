"""Planisphere for PySpark: its SQL functions, its jar, and sessions that have both.

``planisphere.functions`` has the functions for columns, :func:`spark` starts a session that knows them, and :func:`jar` is
what a cluster or a Spark Connect server needs. The console command ``planisphere`` runs the jobs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["EXTENSIONS", "jar", "spark"]

EXTENSIONS = "io.planisphere.PlanisphereExtensions"
"""The value of ``spark.sql.extensions`` that registers the functions."""


def jar() -> str:
    """Return the path of Planisphere's jar, for ``spark.jars`` or ``--jars``."""
    return str(Path(__file__).with_name("planisphere.jar"))


def spark(**conf: object) -> SparkSession:
    """Return a classic Spark session with the jar and the SQL functions.

    ``conf`` are settings of Spark, such as ``**{"spark.master": "local[2]"}``. Jars and extensions among them are added to
    Planisphere's.

    Raises RuntimeError if a session without the functions is already active.
    """
    from pyspark.sql import SparkSession

    settings = {name: str(value) for name, value in conf.items()}
    builder = SparkSession.builder
    for name, own in (("spark.jars", jar()), ("spark.sql.extensions", EXTENSIONS)):
        settings[name] = ",".join(value for value in (settings.get(name), own) if value)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    if not session.catalog.functionExists("great_circle_km"):
        raise RuntimeError(
            "The active Spark session was started without Planisphere; stop it first, or start it with"
            f" spark.jars={jar()} and spark.sql.extensions={EXTENSIONS}"
        )
    return session
