"""How far 8-bit packages agree with their originals, and what ONNX Runtime's own quantiser makes of the same networks.

    quantization.py networks ORIGINAL QUANTISED PHOTOS CLASSES    ORIGINAL: a package that parity.py has written
    quantization.py places ORIGINAL QUANTISED PHOTOS TABLE        TABLE: file, latitude and longitude of the photos
    quantization.py faces RUN OTHER                               two runs of jobs/faces.sh over the same photos
    quantization.py cut RUN PHOTOS FOLDER                         RUN: of jobs/faces.sh over the folder PHOTOS

The first prints the share of photos whose best class is the true one (CLASSES as for parity.py; a photo's name begins with its
wnid), the share with the same best class as in floats, the mean difference of probabilities, the mean Kullback-Leibler
divergence from them, and the operators that are left after ONNX Runtime has fused what it can; for QUANTISED, and for
onnxruntime.quantization (static, per channel, min-max, QDQ) calibrated on the same photos. places prints how far the
predictions are from the truth. faces pairs faces whose boxes overlap by half or more, and prints how far they differ; cut writes
the squares around a run's faces as photos, to calibrate with. Needs numpy, and all but faces Pillow; the first onnx, the first
two onnxruntime, the last two pyarrow.
"""
import collections
import json
import pathlib
import sys
import tempfile

import numpy as np


def pixels(package, photos):
    from PIL import Image, ImageOps
    rule = json.loads((package / "preprocessor_config.json").read_text())
    shorter, side = rule["size"]["shortest_edge"], rule["crop_size"]
    for photo in sorted(pathlib.Path(photos).iterdir()):
        image = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
        width, height = image.size
        size = (shorter, int(shorter * height / width)) if width <= height else (int(shorter * width / height), shorter)
        image = image.resize(size, Image.BILINEAR)
        left, top = (size[0] - side) // 2, (size[1] - side) // 2
        yield np.asarray(image.crop((left, top, left + side, top + side)), np.uint8)[None]


def floats(photo):
    return ((photo.astype(np.float32) - 127.5) / 127.5).transpose(0, 3, 1, 2).copy()


def quantised_by_onnxruntime(network, target, photos):
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Photos(CalibrationDataReader):
        def __init__(self):
            self.photos = iter(photos)

        def get_next(self):
            photo = next(self.photos, None)
            return None if photo is None else {"input": floats(photo)}

    quantize_static(str(network), str(target), Photos(), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)


def scores(model, photos, optimised):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(optimised)
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(model), options)
    return np.concatenate([session.run(["output"], {"input": photo})[0] for photo in photos])


def networks(original, quantised, folder, classes):
    import onnx
    order = [line.split(maxsplit=2)[1] for line in pathlib.Path(classes).read_text().splitlines()]
    truth = np.array([order.index(photo.name.split("_")[0]) for photo in sorted(pathlib.Path(folder).iterdir())])
    photos = list(pixels(pathlib.Path(original), folder))
    with tempfile.TemporaryDirectory() as temporary:
        optimised = pathlib.Path(temporary) / "optimised.onnx"
        network = pathlib.Path(original) / "model.onnx"
        theirs = pathlib.Path(temporary) / "theirs.onnx"
        quantised_by_onnxruntime(network, theirs, photos)
        expected = scores(network, [floats(photo) for photo in photos], optimised)
        right = lambda predictions: 100 * (predictions.argmax(1) - (predictions.shape[1] - len(order)) == truth).mean()
        print(f"floats: {len(truth)} photos, best class right for {right(expected):.1f} %")
        for name, model, given in [("ours", pathlib.Path(quantised) / "model.onnx", photos),
                                   ("theirs", theirs, [floats(photo) for photo in photos])]:
            actual = scores(model, given, optimised)
            operators = collections.Counter(node.op_type for node in onnx.load(optimised).graph.node)
            same = 100 * (expected.argmax(1) == actual.argmax(1)).mean()
            divergence = (expected * np.log((expected + 1e-9) / (actual + 1e-9))).sum(1).mean()
            print(f"{name}: best class right for {right(actual):.1f} %, the same for {same:.1f} %, mean difference "
                  f"{np.abs(expected - actual).mean():.2e}, divergence {divergence:.4f}, {dict(operators)}")


def places(original, quantised, folder, table):
    """For builtin:earth, whose photos have the size of its input."""
    import csv
    import onnxruntime
    from PIL import Image
    truth = list(csv.DictReader(open(table)))
    cells = list(csv.DictReader(open(pathlib.Path(original) / "cells.csv")))
    radians = lambda rows, mean: np.radians([[float(row["latitude" + mean]), float(row["longitude" + mean])] for row in rows])
    centres, true = radians(cells, "_mean"), radians(truth, "")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    before, after = (onnxruntime.InferenceSession(str(pathlib.Path(package) / "model.onnx"), options)
                     for package in (original, quantised))
    predictions = {"floats": [], "8 bits": []}
    for row in truth:
        photo = np.asarray(Image.open(pathlib.Path(folder) / row["file"]).convert("RGB"), np.uint8)[None]
        predictions["floats"].append(before.run(["logits"], {"input": floats(photo)})[0][0].argmax())
        predictions["8 bits"].append(after.run(["logits"], {"input": photo})[0][0].argmax())
    for name, labels in predictions.items():
        (a, b), (c, d) = centres[labels].T, true.T
        haversine = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
        km = 2 * 6371 * np.arcsin(np.sqrt(haversine))
        within = {radius: round(float(100 * (km <= radius).mean()), 1) for radius in (1, 25, 200, 750, 2500)}
        print(f"{name}: {len(truth)} photos, median {np.median(km):.1f} km, % within km: {within}")
    print(f"the same cell for {100 * (np.array(predictions['floats']) == predictions['8 bits']).mean():.1f} %")


def rows(folder):
    import pyarrow.dataset as ds
    table = ds.dataset([str(f) for f in pathlib.Path(folder).glob("batch=*/*.parquet")]).to_table().to_pylist()
    return {row["uri"]: row["faces"] for row in table}


def overlap(a, b):
    across = min(a["xmax"], b["xmax"]) - max(a["xmin"], b["xmin"])
    down = min(a["ymax"], b["ymax"]) - max(a["ymin"], b["ymin"])
    area = lambda box: (box["xmax"] - box["xmin"]) * (box["ymax"] - box["ymin"])
    common = max(across, 0) * max(down, 0)
    return common / (area(a) + area(b) - common)


def faces(folder, other):
    before, after = rows(folder), rows(other)
    pairs, missing = [], 0
    for uri, found in before.items():
        left = list(after[uri])
        for face in found:
            best = max(left, key=lambda box: overlap(face, box), default=None)
            if best is None or overlap(face, best) < 0.5:
                missing += 1
                continue
            left.remove(best)
            pairs.append((face, best))
    extra = sum(map(len, after.values())) - len(pairs)
    difference = lambda of: np.abs([of(a) - of(b) for a, b in pairs])
    print(f"{len(before)} photos, {len(pairs) + missing} faces: {missing} missing, {extra} extra, mean IoU of the others "
          f"{np.mean([overlap(a, b) for a, b in pairs]):.4f}, mean difference of scores "
          f"{difference(lambda face: face['score']).mean():.4f}")
    if pairs[0][0]["attributes"]:
        attribute = lambda face, name: dict(face["attributes"])[name]
        ages = difference(lambda face: attribute(face, "age"))
        genders = difference(lambda face: attribute(face, "gender"))
        flips = sum((attribute(a, "gender") >= 0.5) != (attribute(b, "gender") >= 0.5) for a, b in pairs)
        print(f"age differs by {ages.mean():.2f} years in the mean, {np.quantile(ages, 0.95):.2f} in 95 %, "
              f"{ages.max():.2f} at most; "
              f"gender by {genders.mean():.4f} in the mean, on the other side of 0.5 for {flips} faces")
    if pairs[0][0]["embedding"]:
        cosines = [np.dot(a["embedding"], b["embedding"]) / np.linalg.norm(a["embedding"]) / np.linalg.norm(b["embedding"])
                   for a, b in pairs]
        print(f"cosine of the embeddings: mean {np.mean(cosines):.4f}, least {min(cosines):.4f}")


def cut(run, photos, folder):
    """As docs/faces.md says: a square about the box's centre, 1.1 longer sides wide, in whole pixels, black beyond the photo."""
    from PIL import Image, ImageOps
    pathlib.Path(folder).mkdir(parents=True)
    for uri, found in rows(run).items():
        name = uri.rsplit("/", 1)[1]
        image = ImageOps.exif_transpose(Image.open(pathlib.Path(photos) / name)).convert("RGB")
        for i, face in enumerate(found):
            side = int(np.floor(1.1 * max(face["xmax"] - face["xmin"], face["ymax"] - face["ymin"]) + 0.5))
            left, top = (int(np.floor((face[f"{axis}min"] + face[f"{axis}max"] - side) / 2 + 0.5)) for axis in "xy")
            image.crop((left, top, left + side, top + side)).save(pathlib.Path(folder) / f"{name}-{i:03d}.png")


if __name__ == "__main__":
    {"networks": networks, "places": places, "faces": faces, "cut": cut}[sys.argv[1]](*sys.argv[2:])
