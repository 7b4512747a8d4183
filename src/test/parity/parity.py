"""Packages of trained classifiers, and how far the rows of classify are from Pillow and ONNX Runtime on the same photos.

    parity.py packages MODELS CLASSES PACKAGES   writes a package for each known network in the folder MODELS
    parity.py compare PACKAGE PHOTOS ROWS        holds the rows of `classify --top-k 1001` against the reference
    parity.py same ROWS OTHER                    holds the rows of two runs against each other

Needs numpy, Pillow, onnxruntime and pyarrow. parity.sh runs it all.
"""
import hashlib
import json
import pathlib
import shutil
import sys

import numpy as np

# file: side of the input, shorter side before the crop (central crop of 0.875), scores before class 0
NETWORKS = {
    "mobilenet_v1_0.25_128": (128, 146, 1),
    "mobilenet_v1_0.25_224": (224, 256, 0),
    "mobilenet_v2_1.0_224": (224, 256, 1),
}


def packages(models, classes, target):
    names = [line.split(maxsplit=2)[2].strip() for line in pathlib.Path(classes).read_text().splitlines()]
    for network, (side, shorter, background) in NETWORKS.items():
        folder = pathlib.Path(target) / network
        folder.mkdir(parents=True)
        shutil.copyfile(pathlib.Path(models) / f"{network}.onnx", folder / "model.onnx")
        labels = ["background"] * background + names
        write(folder / "config.json", {"id2label": {str(i): name for i, name in enumerate(labels)}})
        write(folder / "preprocessor_config.json", {
            "do_resize": True, "size": {"shortest_edge": shorter}, "resample": 2,
            "do_center_crop": True, "crop_size": side, "do_rescale": True, "rescale_factor": 1 / 255,
            "do_normalize": True, "image_mean": 0.5, "image_std": 0.5})
        write(folder / "manifest.json", {
            "format": 1, "name": network, "version": "1", "task": "classify",
            "input": {"name": "input", "layout": "NCHW"},
            "outputs": {"scores": {"name": "output", "activation": activation(folder / "model.onnx")},
                        "embedding": {"name": "embedding"}},
            "files": {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())},
            "licence": "Apache-2.0"})


def activation(model):
    """Whether the graph ends in probabilities, told from what it answers."""
    import onnxruntime
    session = onnxruntime.InferenceSession(str(model))
    shape = [1, *session.get_inputs()[0].shape[1:]]
    answer = session.run(["output"], {"input": np.zeros(shape, np.float32)})[0][0]
    return "none" if answer.min() >= 0 and abs(answer.sum() - 1) < 1e-3 else "softmax"


def write(file, value):
    file.write_text(json.dumps(value, indent=1))


def rows(folder):
    """Probabilities of all classes by the photo's file name."""
    import pyarrow.dataset as ds
    table = ds.dataset([str(f) for f in pathlib.Path(folder).glob("batch=*/*.parquet")]).to_table()
    result = {}
    for row in table.to_pylist():
        if row["status"] != "ok":
            print(row["uri"], row["status"], row["detail"])
            continue
        scores = np.zeros(len(row["labels"]))
        for label in row["labels"]:
            scores[label["index"]] = label["score"]
        result[row["uri"].rsplit("/", 1)[1]] = scores
    return result


def reference(package, photos):
    import onnxruntime
    from PIL import Image, ImageOps
    package = pathlib.Path(package)
    session = onnxruntime.InferenceSession(str(package / "model.onnx"))
    rule = json.loads((package / "preprocessor_config.json").read_text())
    scores_of = json.loads((package / "manifest.json").read_text())["outputs"]["scores"]
    shorter, side = rule["size"]["shortest_edge"], rule["crop_size"]
    for photo in sorted(pathlib.Path(photos).iterdir()):
        image = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
        width, height = image.size
        size = (shorter, int(shorter * height / width)) if width <= height else (int(shorter * width / height), shorter)
        image = image.resize(size, Image.BILINEAR)
        left, top = (size[0] - side) // 2, (size[1] - side) // 2
        pixels = np.asarray(image.crop((left, top, left + side, top + side)), np.float32)
        tensor = ((pixels / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None]
        scores = session.run([scores_of["name"]], {"input": tensor})[0][0].astype(np.float64)
        if scores_of["activation"] == "softmax":
            scores = np.exp(scores - scores.max())
            scores /= scores.sum()
        yield photo.name, scores


def compare(package, photos, folder):
    ours = rows(folder)
    agree, differences, worst, count = 0, [], 0.0, 0
    for name, theirs in reference(package, photos):
        mine = ours[name]
        agree += mine.argmax() == theirs.argmax()
        differences.append(np.abs(mine - theirs).mean())
        worst = max(worst, np.abs(mine - theirs).max())
        count += 1
    print(f"{pathlib.Path(package).name}: {count} photos, top-1 agrees on {100 * agree / count:.1f} %, "
          f"mean absolute difference of probabilities {np.mean(differences):.2e}, largest {worst:.1e}")


def same(folder, other):
    ours, theirs = rows(folder), rows(other)
    if ours.keys() != theirs.keys():
        sys.exit("The runs are over different photos")
    print(f"largest difference of a probability: {max(np.abs(ours[k] - theirs[k]).max() for k in ours):.2e}")


if __name__ == "__main__":
    {"packages": packages, "compare": compare, "same": same}[sys.argv[1]](*sys.argv[2:])
