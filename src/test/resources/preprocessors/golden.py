"""Writes some values of the tensors that transformers' own image processors make of the sample photos.

Run: python3 src/test/resources/preprocessors/golden.py   (made with transformers 5.24, torch 2.15, Pillow 13.0)

The processors are those on Pillow; the ones on torchvision resize to 8-bit values that differ by 1 here and there.
"""
import json
import pathlib
import random

import numpy as np
import transformers
from PIL import Image

HERE = pathlib.Path(__file__).parent
PHOTOS = HERE.parents[2] / "samples/photos"
SAMPLES = 20
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}

CONFIGS = [
    # the type alone: defaults of the class
    *({"image_processor_type": f"{family}ImageProcessor"} for family in ("CLIP", "Siglip", "ViT", "EfficientNet", "Bit")),
    # as published checkpoints have them: CLIP before 4.26, CLIP at 336, SigLIP at 384, ViT before 4.26, EfficientNet-B0, DINOv2
    {"feature_extractor_type": "CLIPFeatureExtractor", "do_resize": True, "size": 224, "resample": 3, "do_center_crop": True,
     "crop_size": 224, "do_normalize": True, "image_mean": [0.48145466, 0.4578275, 0.40821073],
     "image_std": [0.26862954, 0.26130258, 0.27577711]},
    {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 336}, "crop_size": {"height": 336, "width": 336}},
    {"image_processor_type": "SiglipImageProcessor", "size": {"height": 384, "width": 384}, "resample": 3},
    {"feature_extractor_type": "ViTFeatureExtractor", "size": 224, "resample": 2},
    {"image_processor_type": "EfficientNetImageProcessor", "size": {"height": 224, "width": 224}, "resample": 0,
     "image_mean": [0.485, 0.456, 0.406], "image_std": [0.47853944, 0.4732864, 0.47434163], "include_top": True,
     "rescale_offset": False, "do_center_crop": False, "crop_size": {"height": 289, "width": 289}},
    {"image_processor_type": "EfficientNetImageProcessor", "size": {"height": 240, "width": 240}, "do_center_crop": True,
     "crop_size": {"height": 224, "width": 224}, "rescale_offset": True, "rescale_factor": 1 / 127.5, "include_top": False},
    {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 256}, "resample": 3,
     "crop_size": {"height": 224, "width": 224}, **IMAGENET},
]


def processor(config):
    name = config.get("image_processor_type") or config["feature_extractor_type"].replace("FeatureExtractor", "ImageProcessor")
    return getattr(transformers, name + "Pil").from_dict(dict(config))


def main():
    draw = random.Random(1)
    found = []
    for config in CONFIGS:
        prepare = processor(config)
        for photo in ("chelsea.jpg", "rocket.jpg"):
            tensor = prepare(Image.open(PHOTOS / photo).convert("RGB"), return_tensors="np").pixel_values[0]
            places = [[draw.randrange(axis) for axis in tensor.shape] for _ in range(SAMPLES)]
            found.append({"config": config, "photo": photo, "shape": list(tensor.shape), "mean": [
                round(float(value), 4) for value in tensor.astype(np.float64).mean((1, 2))],
                "values": [[*place, round(float(tensor[tuple(place)]), 5)] for place in places]})
    lines = ",\n".join(json.dumps(one) for one in found)
    (HERE / "golden.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
