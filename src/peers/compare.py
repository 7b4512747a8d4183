"""Runs Planisphere and its peers in turns over the same photos, and writes a table and a plot; compare.sh prepares everything.

Each run is a process of its own, measured from outside: clock, core time and memory of the whole process tree. "Cold" is the run
over the 200 photos, start-up included; "per second" is marginal: the long run's photos beyond these, divided by its time beyond
that of the short run. "Broken" is what becomes of 200 photos and 12 files that are none.
"""

import argparse
import glob
import io
import json
import os
import pathlib
import shutil
import statistics
import struct
import subprocess
import sys
import tarfile
import threading
import time

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent
CORES = 2
SHARDS = 8
# whose labels the others' are held against
REFERENCE = "script, Pillow"
# name: (peer, decoder or resize)
VARIANTS = {
    "Planisphere, exact": ("planisphere", "exact"),
    "Planisphere, fast": ("planisphere", "fast"),
    "script, Pillow": ("script", "pillow"),
    "script, OpenCV": ("script", "opencv"),
    "PySpark, Pillow": ("pyspark", "pillow"),
    "PySpark, OpenCV": ("pyspark", "opencv"),
    "Ray Data, OpenCV": ("ray", "opencv"),
    "Daft, OpenCV": ("daft", "opencv"),
}


def shard(folder, number, photos):
    """Writes the same photos as a tar and as Parquet, in row groups that suit photos."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / f"{number:02d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in photos:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    table = pa.table({"id": [n for n, _ in photos], "jpg": pa.array([d for _, d in photos], pa.binary())})
    pq.write_table(
        table, folder / f"{number:02d}.parquet", row_group_size=50, compression="none", use_dictionary=False
    )


def frame_header(data):
    """Returns where a JPEG states its height and width."""
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return at + 5


def broken(photos):
    """Twelve files: empty, cut in half, an HTML page, and with wrong dimensions in their header."""
    for i in range(3):
        yield f"empty-{i}.jpg", b""
        yield f"half-{i}.jpg", photos[i][1][: len(photos[i][1]) // 2]
        yield f"page-{i}.jpg", b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
        data = photos[3 + i][1]
        at = frame_header(data)
        height, width = struct.unpack(">HH", data[at : at + 4])
        size = [(65500, 65500), (2 * height, width), (height, 3 * width)][i]
        yield f"size-{i}.jpg", data[:at] + struct.pack(">HH", *size) + data[at + 4 :]


def corpus(source, folder, turns):
    photos = [(path.stem + ".jpg", path.read_bytes()) for path in sorted(source.iterdir()) if path.is_file()]
    if not photos:
        sys.exit(f"compare: no photos are in {source}")
    half = len(photos) // 2
    for i, part in enumerate((photos[:half], photos[half:])):
        shard(folder / "short", i, [("s-" + n, d) for n, d in part])
    bad = list(broken(photos))
    shard(folder / "broken", 0, photos[:half] + bad[:6])
    shard(folder / "broken", 1, bad[6:] + photos[half:])
    every = [(f"{turn:03d}-{name}", data) for turn in range(turns) for name, data in photos]
    each = -(-len(every) // SHARDS)
    for i in range(SHARDS):
        shard(folder / "long", i, every[i * each : (i + 1) * each])
    return len(photos), len(every)


def tree(process):
    try:
        return [process] + process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def measured(command, log, environment):
    """Returns exit code, seconds, core-seconds, and the largest proportional memory of the process tree in MB."""
    peak, core, running = 0, {}, True

    def watch():
        nonlocal peak
        while running:
            memory = 0
            for each in tree(watched):
                try:
                    times = each.cpu_times()
                    core[each.pid] = times.user + times.system
                    memory += each.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    pass
            peak = max(peak, memory)
            time.sleep(0.2)

    begin = time.monotonic()
    with open(log, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        watched = psutil.Process(process.pid)
        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        seconds = time.monotonic() - begin
        running = False
        watcher.join()
    return code, seconds, sum(core.values()), peak / 2**20


def run(peer, how, package, size, photos, work):
    output = work / "output"
    shutil.rmtree(output, ignore_errors=True)
    environment = dict(os.environ, TMPDIR=str(work), RAY_TMPDIR="/tmp", PYTHONPATH=str(HERE))
    if peer == "planisphere":
        command = [HOME / "jobs/classify.sh", "--model", package, "--input", f"{photos}/*.tar", "--output", output]
        command += ["--resize", how, "--", "--master", f"local[{CORES}]"]
    else:
        options = dict(package=str(package), size=size, decoder=how, batch=8 if size >= 192 else 16, cores=CORES)
        options.update(photos=str(photos), output=str(output))
        command = [sys.executable, HERE / "peers.py", peer, json.dumps(options)]
    code, seconds, core, memory = measured([str(word) for word in command], work / "log", environment)
    rows = [row for path in glob.glob(f"{output}/**/*.parquet", recursive=True) if "/_run/" not in path
            for row in pq.read_table(path).to_pylist()]
    best = {row["id"].removesuffix(".jpg"): best_label(row) for row in rows}
    best = {photo: label for photo, label in best.items() if label is not None}
    return dict(code=code, rows=len(rows), labelled=len(best), seconds=seconds, core=core, memory=memory, best=best)


def best_label(row):
    """The likeliest label of a row, whoever wrote it; None if it has none."""
    labels = row["labels"] if "labels" in row else (row.get("label") or {}).get("labels")
    if not labels:
        return None
    return labels[0]["label"] if isinstance(labels[0], dict) else labels[0]


def median(runs, key):
    return statistics.median(each[key] for each in runs)


def table(results, counts):
    short, long = counts
    lines = [
        "| | photos/s, marginal | 200 photos, cold, s | of 200 + 12 broken files: rows, labelled, exit code | memory, MB "
        f"| label of {REFERENCE} |",
        "|---|---|---|---|---|---|",
    ]
    reference = results.get(REFERENCE, next(iter(results.values())))["short"][0]["best"]
    rates = {}
    for name, sets in results.items():
        rate = "–"
        if sets["long"] and all(each["rows"] == long for each in sets["long"]):
            rates[name] = (long - short) / (median(sets["long"], "seconds") - median(sets["short"], "seconds"))
            rate = f"{rates[name]:.0f}"
        bad = sets["broken"][0]
        lines.append(
            f"| {name} | {rate} | {median(sets['short'], 'seconds'):.1f} "
            f"| {bad['rows']}, {bad['labelled']}, {bad['code']} | {median(sets['long'] or sets['short'], 'memory'):.0f} "
            f"| {sum(sets['short'][0]['best'].get(photo) == label for photo, label in reference.items())} of {len(reference)} |"
        )
    return "\n".join(lines) + "\n", rates


def plot(results, rates, file):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 0.5 + 0.4 * len(results)), sharey=True)
    names = list(results)[::-1]
    colours = ["#1f6f8b" if name.startswith("Planisphere") else "#b8b8b8" for name in names]
    axes[0].barh(names, [rates.get(name, 0) for name in names], color=colours)
    axes[0].set_xlabel("photos per second, marginal")
    axes[1].barh(names, [median(results[name]["short"], "seconds") for name in names], color=colours)
    axes[1].set_xlabel("seconds for 200 photos, cold")
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(file, dpi=120)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=pathlib.Path, required=True, help="folder of JPEGs")
    parser.add_argument("--package", type=pathlib.Path, required=True, help="model package with a float network")
    parser.add_argument("--size", type=int, required=True, help="width of the network's input, in pixels")
    parser.add_argument("--repeat", type=int, default=28, help="times that the photos are repeated in a long run")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--work", type=pathlib.Path, required=True, help="folder for photos and rows, best in memory")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder for table.md, runs.json and plot.png")
    parser.add_argument("--variants", nargs="*", default=list(VARIANTS), help="names as in the table")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    options.output.mkdir(parents=True, exist_ok=True)
    counts = corpus(options.photos, options.work / "photos", options.repeat)
    results = {name: {"short": [], "long": [], "broken": []} for name in options.variants}
    for turn in range(options.turns):
        order = options.variants[turn % len(options.variants) :] + options.variants[: turn % len(options.variants)]
        for name in order:
            for photos in ("short", "long") + (("broken",) if turn == 0 else ()):
                one = run(*VARIANTS[name], options.package, options.size, options.work / "photos" / photos, options.work)
                results[name][photos].append(one)
                print(f"{name:20} {photos:7} {one['seconds']:7.1f} s {one['core']:7.1f} core-s  rows {one['rows']}", flush=True)
                if one["code"] and photos != "broken":
                    shutil.copy(options.work / "log", options.output / f"failed {name}.log")
                kept = {n: {k: [{**each, "best": None} for each in runs] for k, runs in sets.items()} for n, sets in results.items()}
                (options.output / "runs.json").write_text(json.dumps(kept, indent=1) + "\n")
    text, rates = table(results, counts)
    (options.output / "table.md").write_text(text)
    plot(results, rates, options.output / "plot.png")
    print(text)


if __name__ == "__main__":
    main()
