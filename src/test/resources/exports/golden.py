"""Exports public architectures of small networks with seeded random weights, as docs/models.md exports the trained ones, and writes
what the framework itself, with its own preprocessing, says about the sample photos.

Run: python3 src/test/resources/exports/golden.py   (made with torch 2.15, torchvision 0.29, timm 1.0.31, transformers 5.24,
opencv-python-headless 5.0, onnx 1.23; the folders beside this file are what tests read)
"""
import csv
import hashlib
import json
import pathlib
import shutil

import cv2
import numpy as np
import timm
import torch
import torchvision
import transformers
from PIL import Image
from timm.models import efficientnet, mobilenetv3

HERE = pathlib.Path(__file__).parent
PHOTOS = sorted((HERE.parents[2] / "samples/photos").glob("*.jpg"))
LABELS = [f"label {i}" for i in range(10)]
OPSET = 17


def seeded(model, seed, pixels=None, scores=None):
    """Random weights, and batch norms with the statistics of the photos, so that values stay near 1 through all layers; then scores
    of mean 0 and deviation 1 over the photos, so that probabilities are neither equal nor certain."""
    generator = torch.Generator().manual_seed(seed)
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                fan = module.weight[0].numel()
                module.weight.copy_(torch.randn(module.weight.shape, generator=generator) * (2 / fan) ** 0.5)
        for norm in norms:
            norm.bias.copy_(torch.rand(norm.bias.shape, generator=generator) - 0.3)
            norm.momentum = None
        if pixels is None:
            return model.eval()
        model.train()
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.eval()
        scores(model, pixels)
        model.eval()
        last = [module for module in model.modules() if getattr(module, "out_features", getattr(module, "out_channels", 0))
                == len(LABELS)][-1]
        last.bias.zero_()
        found = scores(model, pixels)
        last.weight.div_(found.std(0).reshape(-1, *[1] * (last.weight.dim() - 1)))
        last.bias.copy_(-found.mean(0) / found.std(0))
    return model


def photos(prepare):
    return torch.cat([prepare(Image.open(photo).convert("RGB")) for photo in PHOTOS])


def export(model, folder, side, outputs, inputs=("pixel_values",)):
    folder.mkdir(parents=True)
    model.eval()  # a wrapper is made for training, and the exporter returns what it wraps to that
    axes = {name: {0: "batch"} for name in (*inputs, *outputs)}
    torch.onnx.export(model, (torch.zeros(1, 3, side, side),), str(folder / "model.onnx"), input_names=list(inputs),
                      output_names=list(outputs), dynamic_axes=axes, opset_version=OPSET, dynamo=False)


def write(folder, name, value):
    (folder / name).write_text(json.dumps(value, indent=1) + "\n")


def golden(folder, model, pixels, scores):
    """Softmax of the framework's scores, one line per photo."""
    with open(folder / "golden.csv", "w", newline="") as file, torch.no_grad():
        out = csv.writer(file, lineterminator="\n")
        for photo, one in zip(PHOTOS, pixels):
            out.writerow([photo.name, *(f"{p:.7f}" for p in scores(model, one[None])[0].double().softmax(-1).tolist())])


class Several(torch.nn.Module):
    """As export scripts make them: the scores and the embedding under names of their own."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixels):
        found = self.model(pixels, output_hidden_states=False)
        pooled = self.model.mobilenet_v2(pixels).pooler_output
        return found.logits, pooled


def of_transformers():
    for name, family, config in (
            ("mobilenet_v1", "MobileNetV1", dict(depth_multiplier=0.25, image_size=96, min_depth=4)),
            ("mobilenet_v2", "MobileNetV2", dict(depth_multiplier=0.15, image_size=96, min_depth=4, depth_divisible_by=4,
                                                 finegrained_output=False))):
        config = getattr(transformers, family + "Config")(num_labels=len(LABELS), **config,
                                                          id2label=dict(enumerate(LABELS)))
        # the processor on Pillow; the other one resizes by torchvision, whose 8-bit values differ by 1 here and there
        processor = getattr(transformers, family + "ImageProcessorPil")(size={"shortest_edge": 110},
                                                                        crop_size={"height": 96, "width": 96})
        pixels = photos(lambda image: processor(image, return_tensors="pt").pixel_values)
        scores = lambda model, pixels: model(pixels).logits
        model = seeded(getattr(transformers, family + "ForImageClassification")(config), 1, pixels, scores)
        folder = HERE / f"transformers-{name}"
        config.save_pretrained(folder)
        processor.save_pretrained(folder)
        kept = {file.name: file.read_text() for file in folder.iterdir()}
        shutil.rmtree(folder)
        if family == "MobileNetV2":
            export(Several(model), folder, 96, ["probabilities_of_labels", "features"])
        else:
            export(Logits(model), folder, 96, ["logits"])
        for file, text in kept.items():
            (folder / file).write_text(text)
        golden(folder, model, pixels, scores)


class Logits(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixels):
        return self.model(pixels).logits


def of_timm():
    def config(name, **more):
        return {**timm.get_pretrained_cfg(name).to_dict(), "input_size": [3, 96, 96], "num_classes": len(LABELS), **more}

    networks = {
        "mobilenetv3_small_100": lambda: mobilenetv3._gen_mobilenet_v3(
            "mobilenetv3_small_100", 0.25, num_classes=len(LABELS)),
        "mobilenetv4_conv_small": lambda: mobilenetv3._gen_mobilenet_v4(
            "mobilenetv4_conv_small_035", 0.2, num_classes=len(LABELS)),
        "tf_efficientnet_lite0": lambda: efficientnet._gen_efficientnet_lite(
            "tf_efficientnet_lite0", channel_multiplier=0.25, depth_multiplier=0.5, num_classes=len(LABELS)),
    }
    for name, make in networks.items():
        cfg = config(name, crop_mode="squash" if name.endswith("lite0") else "center")
        transform = timm.data.create_transform(**timm.data.resolve_data_config(pretrained_cfg=cfg))
        pixels = photos(lambda image: transform(image)[None])
        model = seeded(make(), 2, pixels, torch.nn.Module.__call__)
        # as timm.models.push_to_hf_hub writes it
        folder = HERE / f"timm-{name}"
        export(model, folder, 96, ["output"], ["input"])
        keys = ("input_size", "interpolation", "mean", "std", "crop_pct", "crop_mode", "num_classes", "license")
        write(folder, "config.json", {"architecture": name, "num_classes": len(LABELS), "label_names": LABELS,
                                      "pretrained_cfg": {key: cfg[key] for key in keys if key in cfg}})
        golden(folder, model, pixels, torch.nn.Module.__call__)


def of_torchvision():
    from torchvision.transforms._presets import ImageClassification
    for name, make in (("mobilenet_v2", lambda: torchvision.models.MobileNetV2(num_classes=len(LABELS), width_mult=0.1)),
                       ("mobilenet_v3_small", lambda: torchvision.models.mobilenet_v3_small(
                           num_classes=len(LABELS), width_mult=0.2)),
                       ("squeezenet1_1", narrow_squeezenet)):
        transform = ImageClassification(crop_size=96, resize_size=111)
        pixels = photos(lambda image: transform(image)[None])
        model = seeded(make(), 3, pixels, torch.nn.Module.__call__)
        folder = HERE / f"torchvision-{name}"
        export(model, folder, 96, ["scores"])
        write(folder, "config.json", {"id2label": dict(enumerate(LABELS))})
        write(folder, "preprocessor_config.json", {
            "do_resize": True, "size": {"shortest_edge": 111}, "resample": 2, "do_center_crop": True, "crop_size": 96,
            "crop_rounding": "half_even", "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
            "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]})
        golden(folder, model, pixels, torch.nn.Module.__call__)


def narrow_squeezenet():
    """SqueezeNet 1.1 (arXiv 1602.07360) with an eighth of the channels, so that the file is small."""
    from torchvision.models.squeezenet import Fire
    fire = lambda i, s, e: Fire(i, s, e, e)
    squeezenet = torchvision.models.squeezenet1_1(num_classes=len(LABELS))
    squeezenet.features = torch.nn.Sequential(
        torch.nn.Conv2d(3, 16, 3, stride=2), torch.nn.ReLU(), torch.nn.MaxPool2d(3, 2, ceil_mode=True),
        fire(16, 4, 8), fire(16, 4, 8), torch.nn.MaxPool2d(3, 2, ceil_mode=True), fire(16, 8, 16), fire(32, 8, 16))
    squeezenet.classifier[1] = torch.nn.Conv2d(32, len(LABELS), 1)
    squeezenet.classifier[2] = torch.nn.Identity()  # a ReLU, after which no score has mean 0
    return squeezenet


class SeparableXception(torch.nn.Module):
    """The middle flow of Xception (arXiv 1610.02357, figure 5): separable convolutions beside a shortcut."""

    def __init__(self):
        super().__init__()
        separable = lambda i, o: torch.nn.Sequential(
            torch.nn.ReLU(), torch.nn.Conv2d(i, i, 3, padding=1, groups=i, bias=False),
            torch.nn.Conv2d(i, o, 1, bias=False), torch.nn.BatchNorm2d(o))
        self.entry = torch.nn.Sequential(torch.nn.Conv2d(3, 16, 3, stride=4), torch.nn.BatchNorm2d(16))
        self.middle = torch.nn.Sequential(separable(16, 16), separable(16, 16), separable(16, 16))
        self.exit = torch.nn.Linear(16, len(LABELS))

    def forward(self, pixels):
        x = self.entry(pixels)
        return self.exit((x + self.middle(x)).mean((2, 3)))


def of_bgr():
    """MobileViT's processor flips the channels as its last step and does not normalise; size and crop are as it has them."""
    # transformers 5.24: resize, centre crop, rescale, flip
    processor = transformers.MobileViTImageProcessorPil(size={"shortest_edge": 110}, crop_size={"height": 96, "width": 96},
                                                     do_flip_channel_order=True)
    pixels = photos(lambda image: processor(image, return_tensors="pt").pixel_values)
    model = seeded(SeparableXception(), 5, pixels, torch.nn.Module.__call__)
    folder = HERE / "xception-bgr"
    export(model, folder, 96, ["logits"])
    write(folder, "config.json", {"id2label": dict(enumerate(LABELS))})
    saved = processor.to_dict()
    write(folder, "preprocessor_config.json", {
        **{key: saved[key] for key in ("do_resize", "size", "do_center_crop", "crop_size", "do_rescale",
                                       "rescale_factor", "do_flip_channel_order")},
        "resample": int(saved["resample"]), "do_normalize": False})
    golden(folder, model, pixels, torch.nn.Module.__call__)


class YuNetLike(torch.nn.Module):
    """YuNet's twelve outputs over a small random body; the form of face_detection_yunet_2023mar.onnx."""

    def __init__(self):
        super().__init__()
        self.bodies = torch.nn.ModuleList([torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, stride + 1, stride=stride, padding=stride // 2), torch.nn.BatchNorm2d(8), torch.nn.ReLU())
            for stride in (8, 16, 32)])
        self.heads = torch.nn.ModuleList([torch.nn.Conv2d(8, 16, 1) for _ in range(3)])

    def forward(self, pixels):
        found = []
        for body, head in zip(self.bodies, self.heads):
            values = head(body(pixels / 255)).permute(0, 2, 3, 1).flatten(1, 2)
            found.append((torch.sigmoid(6 * values[..., :1]), torch.sigmoid(6 * values[..., 1:2]), 0.1 * values[..., 2:6],
                                                   0.3 * values[..., 6:]))
        return [kind for kinds in zip(*found) for kind in kinds]


def of_yunet():
    model = seeded(YuNetLike(), 6)
    names = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in (8, 16, 32)]
    folder = HERE / "yunet"
    folder.mkdir(parents=True)
    torch.onnx.export(model, (torch.zeros(1, 3, 96, 96),), str(folder / "model.onnx"), input_names=["input"],
                      output_names=names, opset_version=OPSET, dynamo=False)
    detector = cv2.FaceDetectorYN.create(str(folder / "model.onnx"), "", (96, 96), score_threshold=0.97, nms_threshold=0.3)
    with open(folder / "golden.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        for photo in PHOTOS:
            image = Image.open(photo).convert("RGB")
            small = np.asarray(image.resize((96, 96), Image.BILINEAR))[:, :, ::-1]
            _, faces = detector.detect(np.ascontiguousarray(small))
            for face in [] if faces is None else faces:
                # x, y, width, height, five points, score, in pixels of the small photo
                across, down = image.width / 96, image.height / 96
                x, y, w, h = face[:4]
                box = (x * across, y * down, (x + w) * across, (y + h) * down)
                points = [v * (across if i % 2 == 0 else down) for i, v in enumerate(face[4:14])]
                out.writerow([photo.name, f"{face[14]:.5f}", *(f"{v:.2f}" for v in (*box, *points))])


def blaze_anchors():
    """Centres of MediaPipe's short-range anchors: two per cell of 8 pixels, six per cell of 16."""
    return np.array([((x + 0.5) / n, (y + 0.5) / n) for n, each in ((16, 2), (8, 6)) for y in range(n) for x in range(n)
                     for _ in range(each)], np.float32)


class BlazeFaceLike(torch.nn.Module):
    """BlazeFace's two outputs, [N, 896, 16] and [N, 896, 1], over a small random body."""

    def __init__(self):
        super().__init__()
        body = lambda stride: torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, stride + 1, stride=stride, padding=stride // 2), torch.nn.BatchNorm2d(8), torch.nn.ReLU())
        self.bodies = torch.nn.ModuleList([body(8), body(16)])
        self.heads = torch.nn.ModuleList([torch.nn.Conv2d(8, 17 * each, 1) for each in (2, 6)])

    def forward(self, pixels):
        values = torch.cat([head(body(pixels)).permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, 17))
                            for body, head in zip(self.bodies, self.heads)], 1)
        return torch.cat([values[..., :2], 20 + values[..., 2:4].abs(), values[..., 4:16]], -1), 3 * values[..., 16:]


class Decoded(torch.nn.Module):
    """The wrapper of docs/models.md."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.register_buffer("anchors", torch.from_numpy(blaze_anchors()))

    def forward(self, pixels):
        codes, logits = self.network(pixels)
        centre = codes[..., :2] / 128 + self.anchors
        half = codes[..., 2:4] / 256
        points = codes[..., 4:].unflatten(-1, (6, 2)) / 128 + self.anchors[:, None]
        return torch.cat([centre - half, centre + half], -1), logits, points.flatten(-2)


def of_blazeface():
    """Golden values by the formulas of MediaPipe's TensorsToDetectionsCalculator (scales of 128, sigmoid) in NumPy."""
    network = seeded(BlazeFaceLike(), 7)
    folder = HERE / "blazeface"
    folder.mkdir(parents=True)
    names = ["boxes", "scores", "landmarks"]
    torch.onnx.export(Decoded(network).eval(), (torch.zeros(1, 3, 128, 128),), str(folder / "model.onnx"),
                      input_names=["input"], output_names=names, opset_version=OPSET, dynamo=False,
                      dynamic_axes={name: {0: "batch"} for name in ["input", *names]})
    write(folder, "config.json", {"id2label": {"0": "face"}})
    write(folder, "preprocessor_config.json", {
        "do_resize": True, "size": {"height": 128, "width": 128}, "resample": 2, "do_center_crop": False, "do_rescale": True,
        "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": 0.5, "image_std": 0.5})
    write(folder, "manifest.json", {
        "format": 1, "name": "blazeface", "version": "1", "task": "detect", "input": {"name": "input", "layout": "NCHW"},
        "outputs": {"boxes": {"name": "boxes", "coding": "corners", "order": "xyxy"},
                    "scores": {"name": "scores", "activation": "sigmoid"},
                    "landmarks": {"name": "landmarks", "points": ["left_eye", "right_eye", "nose", "mouth", "left_ear",
                                                                  "right_ear"]}},
        "detection": {"min_score": 0.9, "iou": 0.3, "max_objects": 1000},
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
                  for name in ("model.onnx", "config.json", "preprocessor_config.json")},
        "licence": "CC0-1.0"})
    anchors = blaze_anchors().astype(np.float64)
    with open(folder / "golden.csv", "w", newline="") as file, torch.no_grad():
        out = csv.writer(file, lineterminator="\n")
        for photo in PHOTOS:
            image = Image.open(photo).convert("RGB")
            small = np.asarray(image.resize((128, 128), Image.BILINEAR), np.float32)
            codes, logits = network(torch.from_numpy((small / 127.5 - 1).transpose(2, 0, 1)[None]))
            codes, scores = codes[0].double().numpy(), 1 / (1 + np.exp(-logits[0, :, 0].double().numpy()))
            x, y = codes[:, 0] / 128 + anchors[:, 0], codes[:, 1] / 128 + anchors[:, 1]
            w, h = codes[:, 2] / 128, codes[:, 3] / 128
            boxes = np.clip(np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], 1), 0, 1)
            kept = []
            for i in sorted(np.flatnonzero(scores >= 0.9), key=lambda i: -scores[i]):
                if all(overlap(boxes[i], boxes[k]) <= 0.3 for k in kept):
                    kept.append(i)
            for i in kept:
                corners = boxes[i] * np.array([image.width, image.height] * 2)
                out.writerow([photo.name, f"{scores[i]:.5f}", *(f"{v:.2f}" for v in corners)])


def overlap(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0
    area = lambda box: (box[2] - box[0]) * (box[3] - box[1])
    return w * h / (area(a) + area(b) - w * h)


if __name__ == "__main__":
    torch.manual_seed(1)  # biases and whatever else seeded() leaves as it was made
    for folder in HERE.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    for make in (of_transformers, of_timm, of_torchvision, of_bgr, of_yunet, of_blazeface):
        make()
