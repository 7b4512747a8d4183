"""Writes model packages whose head is a gallery (docs/model-packages.md); package.py and prompts.py use it."""
import hashlib
import json
import tempfile

import numpy as np
import onnx
import torch

OPSET = 17
TOLERANCE = 1e-3  # of the golden vector, for the arithmetic of other machines


class Gallery:
    """What the embedding is compared with.

    vectors: [n, width], of length 1. scale: factor of the cosine. places: latitudes and longitudes, [n, 2], for a geolocator.
    labels: names, for a classifier.
    """

    def __init__(self, vectors, scale, places=None, labels=None):
        self.vectors = np.ascontiguousarray(vectors, "<f4")
        self.scale = float(scale)
        self.places = places
        self.labels = labels

    def write(self, folder):
        (folder / "gallery.f32").write_bytes(self.vectors.tobytes())
        if self.places is not None:
            with open(folder / "places.csv", "w") as file:
                file.write("latitude,longitude\n")
                file.writelines(f"{str(latitude)},{str(longitude)}\n" for latitude, longitude in self.places)
        if self.labels is not None:
            labels = {"id2label": {str(i): label for i, label in enumerate(self.labels)}}
            (folder / "config.json").write_text(json.dumps(labels, indent=1, ensure_ascii=False) + "\n")

    def head(self):
        head = {"vectors": "gallery.f32", "scale": self.scale, "activation": "softmax"}
        return head if self.places is None else {**head, "cells": "places.csv"}


def ramp(side):
    """The input of golden vectors."""
    values = (np.arange(3 * side * side, dtype=np.int64) * 31) % 256
    return torch.from_numpy(((values - 127.5) / 127.5).astype(np.float32).reshape(1, 3, side, side))


def rule(processor):
    """preprocessor_config.json with every step stated."""
    saved = processor.to_dict()
    keys = ("image_processor_type", "do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale",
            "rescale_factor", "do_normalize", "image_mean", "image_std")
    stated = {key: saved[key] for key in keys}
    stated["resample"] = int(stated["resample"])
    stated["image_processor_type"] = stated["image_processor_type"].removesuffix("Pil").removesuffix("Fast")
    return json.dumps(stated, indent=1, default=dict) + "\n"


def write(folder, encoder, side, processor, gallery, name, version, licence, source):
    """Writes a package.

    encoder: module from pixels [n, 3, side, side] to embeddings [n, width]. processor: image processor of transformers.
    """
    folder.mkdir(parents=True)
    encoder = encoder.eval()
    with torch.no_grad():
        golden = encoder(ramp(side))[0].tolist()
    with tempfile.TemporaryDirectory() as temporary:
        exported = f"{temporary}/model.onnx"
        torch.onnx.export(encoder, (torch.zeros(1, 3, side, side),), exported, input_names=["pixel_values"],
                          output_names=["embedding"], opset_version=OPSET, dynamo=False,
                          dynamic_axes={"pixel_values": {0: "batch"}, "embedding": {0: "batch"}})
        network = onnx.load(exported)
    network.graph.output[0].type.tensor_type.shape.dim[1].dim_value = len(golden)  # the exporter may not find it
    onnx.save_model(network, str(folder / "model.onnx"), save_as_external_data=True, location="model.onnx_data")
    (folder / "model.onnx_data").chmod(0o644)
    gallery.write(folder)
    (folder / "preprocessor_config.json").write_text(rule(processor))
    files = sorted(file.name for file in folder.iterdir())
    manifest = {
        "format": 1, "name": name, "version": version, "task": "classify" if gallery.places is None else "locate",
        "input": {"name": "pixel_values", "layout": "NCHW"},
        "outputs": {"embedding": {"name": "embedding"}, "scores": gallery.head()},
        "files": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files},
        "licence": licence, "source": source,
        "golden": [{"pattern": "ramp", "output": "embedding", "values": [round(value, 6) for value in golden],
                    "tolerance": TOLERANCE}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
