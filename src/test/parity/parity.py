"""Packages of trained classifiers, and how far the rows of classify are from Pillow and ONNX Runtime on the same photos.

    parity.py packages MODELS CLASSES PACKAGES   writes a package for each known network in the folder MODELS
    parity.py compare PACKAGE PHOTOS ROWS        holds the rows of `classify --top-k 1001` against the reference
    parity.py same ROWS OTHER                    holds the rows of two runs against each other
    parity.py faces MODELS PHOTOS ROWS           holds the rows of `faces --attributes age,gender --embedding --min-face 0` of
                                                 the built-in packages against UltraFace and faceres_deep

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
    """Whether the graph ends in probabilities, told from what it outputs."""
    import onnxruntime
    session = onnxruntime.InferenceSession(str(model))
    shape = [1, *session.get_inputs()[0].shape[1:]]
    output = session.run(["output"], {"input": np.zeros(shape, np.float32)})[0][0]
    return "none" if output.min() >= 0 and abs(output.sum() - 1) < 1e-3 else "softmax"


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


def same_faces(folder, other):
    """Largest difference between two runs of faces over the same photos, whatever their batches."""
    import pyarrow.dataset as ds
    runs = []
    for run in (folder, other):
        table = ds.dataset([str(f) for f in pathlib.Path(run).glob("batch=*/*.parquet")]).to_table().to_pylist()
        runs.append({row["uri"]: row["faces"] for row in table})
    ours, theirs = runs
    if {k: len(v) for k, v in ours.items()} != {k: len(v) for k, v in theirs.items()}:
        sys.exit("The runs are over different photos, or found different faces")
    numbers = lambda face: np.array([face[k] for k in ("score", "xmin", "ymin", "xmax", "ymax")]
                                    + [v for _, v in sorted(face["attributes"])] + face["embedding"])
    most = max(np.abs(numbers(a) - numbers(b)).max() for k in ours for a, b in zip(ours[k], theirs[k]))
    print(f"{sum(map(len, ours.values()))} faces, largest difference of any number: {most:.2e}")


def boxes(session, image, min_score=0.7, iou=0.3, most=200):
    """UltraFace's boxes in pixels, after greedy non-maximum suppression; score first."""
    from PIL import Image
    width, height = image.size
    pixels = np.asarray(image.resize((320, 240), Image.BILINEAR), np.float32)
    scores, corners = session.run(["scores", "boxes"], {"input": ((pixels - 127) / 128).transpose(2, 0, 1)[None]})
    scores, corners = scores[0, :, 1], np.clip(corners[0], 0, 1) * [width, height, width, height]
    kept = []
    for i in sorted(np.flatnonzero(scores >= min_score), key=lambda i: (-scores[i], i)):
        if all(overlap(corners[i], box) <= iou for _, box in kept) and len(kept) < most:
            kept.append((scores[i], corners[i]))
    return kept


def overlap(a, b):
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0
    return across * down / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - across * down)


def faces(models, photos, folder):
    import onnxruntime
    import pyarrow.dataset as ds
    from PIL import Image, ImageOps
    models = pathlib.Path(models)
    finding = onnxruntime.InferenceSession(str(models / "ultraface_rfb_320.onnx"))
    describing = onnxruntime.InferenceSession(str(models / "faceres_deep.onnx"))
    table = ds.dataset([str(f) for f in pathlib.Path(folder).glob("batch=*/*.parquet")]).to_table().to_pylist()
    ious, extra, missing, ages, genders, cosines = [], 0, 0, [], [], []
    for row in table:
        image = ImageOps.exif_transpose(Image.open(pathlib.Path(photos) / row["uri"].rsplit("/", 1)[1])).convert("RGB")
        theirs = [box for _, box in boxes(finding, image)]
        missing += max(0, len(theirs) - len(row["faces"]))
        for face in row["faces"]:
            box = [face[k] for k in ("xmin", "ymin", "xmax", "ymax")]
            best = max((overlap(box, other) for other in theirs), default=0)
            extra += best < 0.5
            ious.append(best)
            # docs/faces.md: a square about the centre, 1.1 longer sides wide, in whole pixels
            side = int(np.floor(1.1 * max(box[2] - box[0], box[3] - box[1]) + 0.5))
            left, top = (int(np.floor((box[k] + box[k + 2] - side) / 2 + 0.5)) for k in (0, 1))
            square = image.crop((left, top, left + side, top + side)).resize((224, 224), Image.BILINEAR)
            tensor = np.asarray(square, np.float32).transpose(2, 0, 1)[None]
            gender, age, identity = describing.run(
                ["gender_pred_Sigmoid", "age_pred_Softmax", "global_pooling_Mean"], {"input": tensor})
            mine = dict(face["attributes"])
            genders.append(abs(gender[0, 0] - mine["gender"]))
            ages.append(abs((age[0].astype(np.float64) * np.arange(100)).sum() - mine["age"]))
            cosines.append(identity[0] / np.linalg.norm(identity[0]) @ np.array(face["embedding"]))
    print(f"{len(table)} photos, {len(ious)} faces; {missing} missing, {extra} extra; mean IoU with Python's {np.mean(ious):.7f}")
    print(f"mean absolute difference: gender {np.mean(genders):.1e}, age {np.mean(ages):.1e} years; "
          f"least cosine of embeddings {min(cosines):.7f}")


if __name__ == "__main__":
    {"packages": packages, "compare": compare, "same": same, "faces": faces, "same_faces": same_faces}[sys.argv[1]](*sys.argv[2:])
