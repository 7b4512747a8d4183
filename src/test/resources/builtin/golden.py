"""Writes what the built-in models see in the sample photos, by onnxruntime, Pillow and numpy.

Run: python3 src/test/resources/builtin/golden.py   (made with onnxruntime 1.32, Pillow 13.0 and numpy 2.4; labels.csv, embeddings.csv
and objects.csv are what tests read)
"""
import csv
import json
import pathlib

import numpy as np
import onnxruntime
from PIL import Image

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[3]
MODELS = ROOT / "src/main/resources/models"
PHOTOS = sorted((ROOT / "src/samples/photos").glob("*.jpg"))
MIN_SCORE, IOU = 0.5, 0.6
EMBEDDED = 8  # first values of an embedding that are written


def session(name):
    return onnxruntime.InferenceSession(str(MODELS / name / "model.onnx"), providers=["CPUExecutionProvider"])


def tensor(image):
    return ((np.asarray(image, np.float32) - 127.5) / 127.5).transpose(2, 0, 1)[None]


def cropped(image):
    """Shorter side 256, central square of 224."""
    w, h = image.size
    size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
    image = image.resize(size, Image.BILINEAR)
    left, top = (size[0] - 224) // 2, (size[1] - 224) // 2
    return image.crop((left, top, left + 224, top + 224))


def decode(codes):
    """Boxes ymin, xmin, ymax, xmax as fractions, from the codes for the anchors (SSD, arXiv 1512.02325, section 2.2)."""
    anchors = np.loadtxt(MODELS / "coco-detector/anchors.csv", delimiter=",", skiprows=1)
    y, x, h, w = anchors.T
    dy, dx, dh, dw = (codes / [10, 10, 5, 5]).T
    cy, cx, bh, bw = dy * h + y, dx * w + x, np.exp(dh) * h, np.exp(dw) * w
    return np.clip(np.stack([cy - bh / 2, cx - bw / 2, cy + bh / 2, cx + bw / 2], 1), 0, 1)


def overlap(a, b):
    h, w = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if h <= 0 or w <= 0:
        return 0
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return h * w / (area(a) + area(b) - h * w)


def objects(network, image, labels):
    codes, logits = network.run(["boxes", "scores"], {"input": tensor(image.resize((300, 300), Image.BILINEAR))})
    boxes, scores = decode(codes[0].astype(np.float64)), 1 / (1 + np.exp(-logits[0].astype(np.float64)))
    found = []
    for label in range(1, scores.shape[1]):
        kept = []
        for i in sorted(np.flatnonzero(scores[:, label] >= MIN_SCORE), key=lambda i: -scores[i, label]):
            if all(overlap(boxes[i], boxes[k]) <= IOU for k in kept):
                kept.append(i)
        found += [(scores[i, label], labels[label], boxes[i]) for i in kept]
    for score, label, (ymin, xmin, ymax, xmax) in sorted(found, key=lambda row: -row[0]):
        yield label, score, xmin * image.width, ymin * image.height, xmax * image.width, ymax * image.height


def main():
    mobilenet, detector = session("mobilenet-v2"), session("coco-detector")
    names = json.loads((MODELS / "mobilenet-v2/config.json").read_text())["id2label"]
    coco = (ROOT / "src/main/resources/labels/coco.txt").read_text().splitlines()
    with open(HERE / "labels.csv", "w", newline="") as l, open(HERE / "embeddings.csv", "w", newline="") as e, \
            open(HERE / "objects.csv", "w", newline="") as o:
        l, e, o = (csv.writer(file, lineterminator="\n") for file in (l, e, o))
        for photo in PHOTOS:
            image = Image.open(photo).convert("RGB")
            scores, embedding = mobilenet.run(["output", "embedding"], {"input": tensor(cropped(image))})
            for i in np.argsort(-scores[0], kind="stable")[:5]:
                l.writerow([photo.name, names[str(i)], f"{scores[0, i]:.6f}"])
            e.writerow([photo.name, *(f"{value:.5f}" for value in embedding[0, :EMBEDDED])])
            for label, *numbers in objects(detector, image, coco):
                o.writerow([photo.name, label, *(f"{value:.4f}" for value in numbers)])


if __name__ == "__main__":
    main()
