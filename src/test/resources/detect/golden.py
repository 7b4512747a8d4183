"""Draws a picture of crude faces and writes what builtin:face-detector sees in it, by onnxruntime, Pillow and numpy.

Run: python3 src/test/resources/detect/golden.py   (made with onnxruntime 1.32, Pillow 13.0 and numpy 2.4; drawn.png and golden.csv
are what tests read)
"""

import pathlib

import numpy as np
import onnxruntime
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent
MODEL = HERE.parents[2] / "main/resources/models/face-detector/model.onnx"
MIN_SCORE, IOU = 0.085, 0.3  # low, so that there is more than one box to compare


def face(draw, x, y, r, skin):
    draw.ellipse((x - r, y - 1.3 * r, x + r, y + 1.3 * r), fill=skin)
    draw.pieslice((x - 1.05 * r, y - 1.45 * r, x + 1.05 * r, y + 0.3 * r), 180, 360, fill=(60, 40, 25))
    for side in (-1, 1):
        cx = x + side * 0.4 * r
        draw.line((cx - 0.22 * r, y - 0.42 * r, cx + 0.22 * r, y - 0.42 * r), fill=(50, 35, 25), width=max(1, int(r / 12)))
        draw.ellipse((cx - 0.2 * r, y - 0.28 * r, cx + 0.2 * r, y - 0.08 * r), fill=(245, 245, 245))
        draw.ellipse((cx - 0.09 * r, y - 0.27 * r, cx + 0.09 * r, y - 0.09 * r), fill=(30, 20, 20))
    draw.polygon((x, y - 0.1 * r, x - 0.16 * r, y + 0.35 * r, x + 0.16 * r, y + 0.35 * r), fill=tuple(c * 4 // 5 for c in skin))
    draw.ellipse((x - 0.38 * r, y + 0.6 * r, x + 0.38 * r, y + 0.8 * r), fill=(170, 60, 60))


def area(b):
    return (b[2] - b[0]) * (b[3] - b[1])


def overlap(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    both = max(w, 0) * max(h, 0)
    return both / (area(a) + area(b) - both)


def detect(image, min_score=MIN_SCORE, iou=IOU):
    """Rows of score, xmin, ymin, xmax, ymax in pixels, best first."""
    session = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])
    small = np.asarray(image.convert("RGB").resize((320, 240), Image.BILINEAR), np.float32)
    scores, boxes = session.run(["scores", "boxes"], {"input": ((small - 127) / 128).transpose(2, 0, 1)[None]})
    keep = scores[0, :, 1] >= min_score
    scores = scores[0, keep, 1]
    boxes = np.clip(boxes[0, keep], 0, 1) * np.array([image.width, image.height] * 2)
    rows = []
    for i in np.argsort(-scores, kind="stable"):
        if all(overlap(boxes[i], row[1:]) <= iou for row in rows):
            rows.append((scores[i], *boxes[i]))
    return rows


def main():
    image = Image.new("RGB", (501, 333), (120, 150, 180))
    draw = ImageDraw.Draw(image)
    face(draw, 120, 130, 70, (224, 180, 150))
    face(draw, 330, 190, 45, (150, 105, 75))
    face(draw, 480, 250, 55, (205, 160, 130))  # runs over the right border
    image.save(HERE / "drawn.png")
    with open(HERE / "golden.csv", "w") as out:
        out.write("score,xmin,ymin,xmax,ymax\n")
        for row in detect(image):
            out.write(",".join(f"{value:.6g}" for value in row) + "\n")


if __name__ == "__main__":
    main()
