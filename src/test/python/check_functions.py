"""Checks planisphere.functions on the sample photos:  check_functions.py REMOTE|classic

REMOTE is the address of a Spark Connect server with the jar and the extension; without a server, a classic session is started by
planisphere.spark(). Prints one line per check.
"""
import pathlib
import sys

import planisphere
from planisphere import functions as P
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def session(remote):
    if remote != "classic":
        return SparkSession.builder.remote(remote).getOrCreate()
    return planisphere.spark(**{"spark.master": "local[2]", "spark.ui.enabled": "false", "spark.app.name": "checks"})


def same(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected}, got {actual}")
    print(f"ok: {what}")


def refused(what, query, *parts):
    try:
        query()
    except AnalysisException as refusal:
        missing = [part for part in parts if part not in str(refusal)]
        same(what, missing, [])
    else:
        sys.exit(f"{what}: not refused")


def main(remote):
    spark = session(remote)
    files = sorted(pathlib.Path("src/samples/photos").glob("*.jpg"))
    rows = [(file.name, bytearray(file.read_bytes())) for file in files]
    rows += [("broken", bytearray(b"\xff\xd8")), ("empty", bytearray()), ("null", None)]
    photos = spark.createDataFrame(rows, "name string, content binary")
    photos.createOrReplaceTempView("photos")

    labels = photos.select("name", P.classify("content").alias("r")).select("name", "r.status", "r.labels.label")
    statuses = {row.name: row.status for row in labels.collect()}
    expected = {file.name: "ok" for file in files} | {"broken": "truncated", "empty": "empty", "null": "missing"}
    same("statuses", statuses, expected)
    by_sql = spark.sql("SELECT name, r.status, r.labels.label FROM (SELECT name, classify(content) r FROM photos)")
    same("SQL and Python agree", sorted(by_sql.collect(), key=str), sorted(labels.collect(), key=str))
    chelsea = {row.name: row.label for row in labels.where("status = 'ok'").collect()}["chelsea.jpg"]
    same("chelsea is a cat", any("cat" in label for label in chelsea), True)
    top = photos.select(P.classify("content", "builtin:mobilenet-v2-int8", {"top_k": 2}).alias("r"))
    same("options", {row[0] for row in top.where("r.status = 'ok'").select(F.size("r.labels")).collect()}, {2})
    same("locate", photos.where(P.locate("content").cell.isNotNull()).count(), len(files))
    same("embed", photos.select(F.max(F.size(P.embed("content", options={"normalize": True}).embedding))).first()[0], 1280)
    people = photos.where("name = 'astronaut.jpg'").select(P.faces("content", "age", "gender").faces.alias("f"))
    same("faces", sorted(people.first().f[0].attributes), ["age", "gender"])
    same("detect", photos.where(F.size(P.detect(F.col("content"), options={"min_score": 0.3}).objects) > 0).count() > 0, True)
    same("s2_cell", spark.range(1).select(P.s2_parent(P.s2_cell(F.lit(40.7128), F.lit(-74.006), 12), 4)).first()[0], "89d")
    km = spark.range(1).select(P.great_circle_km(F.lit(0), F.lit(179), F.lit(0), F.lit(-179))).first()[0]
    same("great_circle_km", round(km, 6), 222.389853)
    same("Spark's locate", spark.range(1).select(F.locate("b", F.lit("abc"))).first()[0], 2)
    spark.conf.set("spark.sql.catalog.models", "io.planisphere.PlanisphereCatalog")
    spark.conf.set("spark.sql.catalog.models.classify.top_k", "2")
    by_catalog = spark.sql("SELECT name, r.status, r.labels.label FROM (SELECT name, models.classify(content) r FROM photos)")
    two = labels.select("name", "status", F.slice("label", 1, 2))
    same("a catalog", sorted(by_catalog.collect(), key=str), sorted(two.collect(), key=str))
    refused("unknown option", lambda: photos.select(P.classify("content", options={"topk": 1})).schema,
            "unknown option 'topk'", "valid options: batch_size", "Usage: classify(content [, model [, options]])")
    refused("no package", lambda: photos.select(P.detect("content", "builtin:nothing")).schema, "builtin:nothing")
    refused("no photo", lambda: photos.select(P.embed("name")).schema, "the photo must be binary")
    spark.stop()


main(sys.argv[1])
