"""The peers, one function each: label photos on two cores, write Parquet. Started by compare.py, each in a process of its own."""

import glob
import os
import sys
import tarfile

from classifier import Classifier


def batches(items, size):
    for i in range(0, len(items), size):
        yield items[i : i + size]


def write(table, path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("id", pa.string()), ("labels", pa.list_(pa.string())), ("scores", pa.list_(pa.float32()))])
    pq.write_table(pa.table(table, schema=schema), path)


def label_tars(queue, options):
    classifier = Classifier(options["package"], options["size"], options["decoder"])
    while (path := queue.get()) is not None:
        rows = {"id": [], "labels": [], "scores": []}
        with tarfile.open(path) as tar:
            photos = [(member.name, tar.extractfile(member).read()) for member in tar if member.isfile()]
        for batch in batches(photos, options["batch"]):
            labels, scores = classifier([data for _, data in batch])
            rows["id"] += [name for name, _ in batch]
            rows["labels"] += labels
            rows["scores"] += scores
        write(rows, os.path.join(options["output"], os.path.basename(path) + ".parquet"))


def script(options):
    """Two processes that take tars from a queue."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    for path in sorted(glob.glob(options["photos"] + "/*.tar")) + [None] * options["cores"]:
        queue.put(path)
    os.makedirs(options["output"])
    workers = [context.Process(target=label_tars, args=(queue, options)) for _ in range(options["cores"])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        sys.exit(1)


def pyspark(options):
    """mapInPandas over Parquet, as Spark's documentation shows."""
    import pandas as pd
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable

    def label(frames):
        classifier = Classifier(options["package"], options["size"], options["decoder"])
        for frame in frames:
            for batch in batches(frame, options["batch"]):
                labels, scores = classifier(list(batch["jpg"]))
                yield pd.DataFrame({"id": batch["id"], "labels": labels, "scores": scores})

    spark = (
        SparkSession.builder.master(f"local[{options['cores']}]")
        .config("spark.ui.enabled", False)
        .config("spark.driver.memory", "4g")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 128)
        .getOrCreate()
    )
    photos = spark.read.parquet(options["photos"] + "/*.parquet")
    photos.mapInPandas(label, "id string, labels array<string>, scores array<float>").write.parquet(options["output"])


def ray(options):
    """Ray Data: read_parquet, then an actor per core."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_worker_niceness"] = "0"  # by default its workers give way to all other processes
    import ray as ray_core

    class Labels:
        def __init__(self):
            self.classifier = Classifier(options["package"], options["size"], options["decoder"])

        def __call__(self, batch):
            labels, scores = self.classifier(list(batch["jpg"]))
            return {"id": batch["id"], "labels": labels, "scores": scores}

    # one more for reading, which would otherwise wait for the actors
    ray_core.init(num_cpus=options["cores"] + 1, include_dashboard=False, logging_level="error")
    ray_core.data.read_parquet(options["photos"]).map_batches(
        Labels, batch_size=options["batch"], concurrency=options["cores"], num_cpus=1
    ).write_parquet(options["output"])


def daft(options):
    """Daft: a class as a UDF over Parquet, an instance per core."""
    import daft as df
    from daft import DataType, col

    os.environ["DAFT_PROGRESS_BAR"] = "0"
    result = DataType.struct({"labels": DataType.list(DataType.string()), "scores": DataType.list(DataType.float32())})

    @df.udf(return_dtype=result, concurrency=options["cores"], batch_size=options["batch"])
    class Labels:
        def __init__(self):
            self.classifier = Classifier(options["package"], options["size"], options["decoder"])

        def __call__(self, jpg):
            labels, scores = self.classifier(jpg.to_pylist())
            return [{"labels": a, "scores": b} for a, b in zip(labels, scores)]

    photos = df.read_parquet(options["photos"] + "/*.parquet")
    photos.select(col("id"), Labels(col("jpg")).alias("label")).write_parquet(options["output"])


if __name__ == "__main__":
    import json

    globals()[sys.argv[1]](json.loads(sys.argv[2]))
