"""The mean average precision of a `detect` run by pycocotools, to hold against that of `evaluate --task objects`.

    objects.py ROWS TRUTH       ROWS: output of detect; TRUTH: the CSV of evaluate, id, label, xmin, ymin, xmax, ymax

Prints mAP .50:.95, .50 and .75. As in `evaluate`, labels that the truth does not have are left out. Needs pyarrow and pycocotools.
"""
import csv
import pathlib
import sys

import pyarrow.dataset as ds
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def box(values):
    xmin, ymin, xmax, ymax = (float(values[side]) for side in ("xmin", "ymin", "xmax", "ymax"))
    return [xmin, ymin, xmax - xmin, ymax - ymin]


def main(folder, table):
    rows = ds.dataset([str(file) for file in pathlib.Path(folder).glob("batch=*/*.parquet")]).to_table().to_pylist()
    with open(table, newline="") as file:
        truth = list(csv.DictReader(file))
    photos = {photo: number for number, photo in enumerate(sorted({line["id"] for line in truth}), 1)}
    labels = {label: number for number, label in enumerate(sorted({line["label"] for line in truth} - {""}), 1)}
    objects = [dict(image_id=photos[line["id"]], category_id=labels[line["label"]], bbox=box(line), iscrowd=0)
               for line in truth if line["label"]]
    for number, each in enumerate(objects, 1):
        each.update(id=number, area=each["bbox"][2] * each["bbox"][3])
    known = COCO()
    known.dataset = dict(images=[dict(id=number) for number in photos.values()], annotations=objects,
                         categories=[dict(id=number, name=label) for label, number in labels.items()])
    known.createIndex()
    found = [dict(image_id=photos[row["id"]], category_id=labels[each["label"]], bbox=box(each), score=each["score"])
             for row in rows if row["id"] in photos for each in row["objects"] or [] if each["label"] in labels]
    evaluation = COCOeval(known, known.loadRes(found), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    print(*(f"{value:.8f}" for value in evaluation.stats[:3]))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
