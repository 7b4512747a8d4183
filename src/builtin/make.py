"""Writes the built-in packages mobilenet-v2, mobilenet-v2-int8 and coco-detector into src/main/resources/models.

    python3 src/builtin/make.py MODELS CLASSES PHOTOS

MODELS is a folder with mobilenet_v2_1.0_224.onnx, ssd_mobilenet_v1_coco.onnx and ssd_mobilenet_v1_coco_anchors.csv (SOURCES
below has their SHA-256), CLASSES a text file with number, wnid and name per line, PHOTOS a folder of photos of ImageNet to
calibrate with, one per class. None of them is in the repository. Needs target/planisphere.jar, and nothing of Python beyond its
library.
"""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "src/main/resources/models"
WORK = ROOT / "target/builtin"

SOURCES = {
    "mobilenet_v2_1.0_224.onnx": "455ad2e161a33cfaf602ea60f17643c20136e15acbbc5b2a3a8803af00f91cfc",
    "ssd_mobilenet_v1_coco.onnx": "539ccb43c4f3eb8323273702f46f5b158abd330c7e78707957e87ed97bf1fdb2",
    "ssd_mobilenet_v1_coco_anchors.csv": "29dbccb13b4d7b9bdd068c34889f43c5b14aa7e756fcde2b5bfad65b1b90ca95",
}

# Two pairs of classes have one name each in the usual short list.
DISTINCT = {
    "n02012849": "crane (bird)",
    "n03126707": "crane (machine)",
    "n03710637": "maillot",
    "n03710721": "tank suit",
}

MINUS_ONE_TO_ONE = {
    "do_rescale": True, "rescale_factor": 1 / 255,
    "do_normalize": True, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
}


def main(models, classes, photos):
    models = pathlib.Path(models)
    for name, digest in SOURCES.items():
        if sha256(models / name) != digest:
            sys.exit(f"{models / name} has another SHA-256 than this recipe was made for, {digest}")
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    (WORK / "photos").symlink_to(pathlib.Path(photos).resolve())

    floats = package("floats/mobilenet-v2", models / "mobilenet_v2_1.0_224.onnx", {
        "do_resize": True, "size": {"shortest_edge": 256}, "resample": 2,
        "do_center_crop": True, "crop_size": {"height": 224, "width": 224}, **MINUS_ONE_TO_ONE,
    }, {
        "task": "classify",
        "input": {"name": "input", "layout": "NCHW"},
        "outputs": {"scores": {"name": "output", "activation": "none"}, "embedding": {"name": "embedding"}},
    }, {"config.json": json.dumps({"id2label": labels(classes)}, indent=1) + "\n"})
    source = {
        "licence": "Apache-2.0",
        "source": "MobileNetV2 1.0 at 224 x 224 (Sandler et al., arXiv 1801.04381), trained by Google, TensorFlow models",
        "training": {
            "photos": "ImageNet (ILSVRC 2012), 1,000 classes; class 0 is background",
            "source_sha256": SOURCES["mobilenet_v2_1.0_224.onnx"],
            "note": "the weights lie on grids of 256 steps, so 16 bits hold them exactly",
        },
    }
    quantize(floats, "mobilenet-v2", {**source, **figures(top_1=0.88, top_5=0.995)}, "--half")
    # 7 bits: with 8, the sums of processors with AVX2 but without VNNI overflow
    quantize(floats, "mobilenet-v2-int8", {**source, **figures(top_1=0.89, top_5=0.995, same_best_label=0.99)},
             "--calibration-input", "photos", "--weight-bits", "7")

    floats = package("floats/coco-detector", models / "ssd_mobilenet_v1_coco.onnx", {
        "do_resize": True, "size": {"height": 300, "width": 300}, "resample": 2, "do_center_crop": False,
        **MINUS_ONE_TO_ONE,
    }, {
        "task": "detect",
        "input": {"name": "input", "layout": "NCHW"},
        "outputs": {
            "boxes": {"name": "boxes", "coding": "anchors", "order": "yxyx", "anchors": "anchors.csv",
                      "scales": [10, 10, 5, 5]},
            "scores": {"name": "scores", "activation": "sigmoid", "background": 0},
        },
        "detection": {"min_score": 0.5, "iou": 0.6, "max_objects": 100},
        "label_map": "coco",
    }, {"anchors.csv": (models / "ssd_mobilenet_v1_coco_anchors.csv").read_text()})
    quantize(floats, "coco-detector", {
        "licence": "Apache-2.0",
        "source": "SSD (Liu et al., arXiv 1512.02325) on MobileNetV1 1.0 at 300 x 300: the 8-bit starter model that TensorFlow"
                  " published with the examples of its Object Detection API on 2018-06-29, detect.tflite with SHA-256"
                  " e4b118e5e4531945de2e659742c7c590f7536f8d0ed26d135abcfe83b4779d13, dequantised, with the ranges of its"
                  " activations as clips",
        "training": {
            "photos": "COCO (train2017), 80 classes",
            "source_sha256": SOURCES["ssd_mobilenet_v1_coco.onnx"],
        },
        **figures(map=0.2245, map_50=0.3779, min_score=0.3),
    }, "--half")


def figures(**measured):
    """Figures of docs/models.md, measured after an earlier run of this script."""
    return {"figures": measured}


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def labels(classes):
    names = ["background"]
    for line in pathlib.Path(classes).read_text().splitlines():
        _, wnid, name = line.split(maxsplit=2)
        names.append(DISTINCT.get(wnid, name.strip()))
    if len(set(names)) != len(names):
        sys.exit("Two classes have the same name")
    return {str(number): name for number, name in enumerate(names)}


def write(file, value):
    file.write_text(json.dumps(value, indent=1) + "\n")


def package(name, network, preprocessing, manifest, files):
    folder = WORK / name
    folder.mkdir(parents=True)
    shutil.copyfile(network, folder / "model.onnx")
    for file, content in files.items():
        (folder / file).write_text(content)
    write(folder / "preprocessor_config.json", preprocessing)
    digests = {file.name: sha256(file) for file in sorted(folder.iterdir())}
    write(folder / "manifest.json", {"format": 1, "name": folder.name, "version": "1", **manifest, "files": digests,
                                     "licence": "Apache-2.0"})
    return name


def quantize(floats, name, described, *options):
    subprocess.run([ROOT / "jobs/quantize.sh", "--model", floats, "--output", name, *options], cwd=WORK, check=True)
    made = WORK / name
    manifest = json.loads((made / "manifest.json").read_text())
    training = {**described["training"], "figures": described.pop("figures"), **manifest["training"]}
    described = {**described, "training": training}
    # the values of a detector's scores are many, and those of its boxes check the same layers
    golden = [values for values in manifest.pop("golden") if len(values["values"]) < 10_000]
    target = RESOURCES / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target)
    (target / "manifest.json").write_text(
        json.dumps({**manifest, "name": name, **described, "golden": golden}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
