"""Golden scores for io.planisphere.eval, by NumPy, SciPy, scikit-learn and pycocotools over random sets with many ties.

    python3 scores.py > scores.json    # made with NumPy, SciPy 1.17.1, scikit-learn 1.9.1, pycocotools
"""
import contextlib
import io
import json

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy.stats import binomtest, entropy
from sklearn.metrics import accuracy_score, average_precision_score, roc_auc_score, roc_curve, top_k_accuracy_score

random = np.random.default_rng(2017)


def wilson():
    cases = [(0, 7), (7, 7), (1, 3), (75, 237), (50, 100), (999, 1000)]
    return [[hits, n, *binomtest(hits, n).proportion_ci(0.95, "wilson")] for hits, n in cases]


def labels():
    n, classes = 60, 8
    truth = np.concatenate([np.arange(classes), random.integers(0, classes, n - classes)])
    scores = random.random((n, classes))
    scores[np.arange(n), truth] += 0.4 * random.random(n)
    names = [f"class{i}" for i in range(classes)]
    return {
        "truth": [names[i] for i in truth],
        "ranked": [[names[i] for i in np.argsort(-row)[:6]] for row in scores],
        "top1": top_k_accuracy_score(truth, scores, k=1),
        "top5": top_k_accuracy_score(truth, scores, k=5),
        "top1_of_class": [accuracy_score(truth[truth == i], scores[truth == i].argmax(1)) for i in range(classes)],
    }


def attributes():
    n = 80
    out = []
    for digits in (1, 2, 6):
        present = random.random(n) < 0.3
        scores = np.round(np.clip(random.normal(0.35 + 0.2 * present, 0.25), 0, 1), digits)
        out.append({
            "scores": scores.tolist(),
            "present": present.tolist(),
            "average_precision": average_precision_score(present, scores),
            "accuracy": accuracy_score(present, scores >= 0.5),
        })
    return {"attributes": out, "mean": float(np.mean([each["average_precision"] for each in out]))}


def verification():
    n = 3000
    same = random.random(n) < 0.4
    similarities = np.round(np.clip(random.normal(0.2 + 0.45 * same, 0.2), -1, 1), 2)
    far, val, _ = roc_curve(same, similarities, drop_intermediate=False)
    return {
        "similarities": similarities.tolist(),
        "same": same.astype(int).tolist(),
        "auc": roc_auc_score(same, similarities),
        "val": [val[far <= rate].max() for rate in (1e-1, 1e-2, 1e-3)],
    }


def distillation():
    teacher = random.dirichlet(np.full(10, 0.3), 5).astype(np.float16)
    student = random.dirichlet(np.full(10, 0.3), 5).astype(np.float16)
    teacher[0, 3] = 0
    student[1, 2] = student[2, 5] = 0
    p = teacher.astype(float) / teacher.astype(float).sum(1, keepdims=True)
    q = np.maximum(student.astype(float) / student.astype(float).sum(1, keepdims=True), 2.0**-25)
    cross = -(p * np.log(q)).sum(1)
    return {
        "teacher": teacher.astype(float).tolist(),
        "student": student.astype(float).tolist(),
        "cross_entropy": cross.tolist(),
        "divergence": (cross - entropy(p, axis=1)).tolist(),
        "agrees": (teacher.argmax(1) == student.argmax(1)).tolist(),
    }


def box():
    x, y = random.integers(0, 80, 2)
    w, h = random.integers(5, 60, 2)
    return [int(x), int(y), int(w), int(h)]


def detection():
    classes, photos = 4, 30
    real, found = [], []
    for photo in range(1, photos + 1):
        for _ in range(random.integers(0, 7)):
            real.append({"image_id": photo, "category_id": int(random.integers(1, classes)), "bbox": box()})
            for _ in range(random.integers(0, 3)):
                near = np.array(real[-1]["bbox"]) + random.integers(-4, 5, 4)
                found.append({
                    "image_id": photo,
                    "category_id": real[-1]["category_id"] if random.random() < 0.9 else classes,
                    "bbox": [int(near[0]), int(near[1]), int(max(1, near[2])), int(max(1, near[3]))],
                })
        for _ in range(random.integers(0, 3)):
            found.append({"image_id": photo, "category_id": int(random.integers(1, classes + 1)), "bbox": box()})
    # more than the 100 that count, in one photo, and overlaps right on thresholds
    found += [{"image_id": 1, "category_id": 1, "bbox": box()} for _ in range(120)]
    for k in range(10):
        real.append({"image_id": 2 + k, "category_id": 2, "bbox": [200, 0, 20, 10]})
        found.append({"image_id": 2 + k, "category_id": 2, "bbox": [200, 0, 10 + k, 10]})
    for each in found:
        each["score"] = round(float(random.random()), 1)
    for number, each in enumerate(real, 1):
        each.update(id=number, area=each["bbox"][2] * each["bbox"][3], iscrowd=0)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": i} for i in range(1, photos + 1)],
            "categories": [{"id": i, "name": f"c{i}"} for i in range(1, classes + 1)],
            "annotations": real,
        }
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision = evaluation.eval["precision"][:, :, :, 0, 2]  # overlaps, recalls, classes
    short = lambda each: [each["image_id"], each["category_id"], *each["bbox"]]
    return {
        "real": [short(each) for each in real],
        "found": [short(each) + [each["score"]] for each in found],
        "map": evaluation.stats[0],
        "map50": evaluation.stats[1],
        "map75": evaluation.stats[2],
        "ap": [float(precision[:, :, i].mean()) for i in range(classes)],
        "ap50": [float(precision[0, :, i].mean()) for i in range(classes)],
    }


print(json.dumps({
    "wilson": wilson(),
    "labels": labels(),
    "attributes": attributes(),
    "verification": verification(),
    "distillation": distillation(),
    "detection": detection(),
}, separators=(",", ":"), default=float))
