"""How far 8-bit packages agree with their originals, told by ONNX Runtime for Python, and what its own quantiser makes of the same.

    quantization.py ORIGINAL QUANTISED PHOTOS    ORIGINAL: a package that parity.py has written

Prints the share of photos with the same best class, the mean difference of probabilities and the operators that are left after
ONNX Runtime has fused what it can; for QUANTISED, and for onnxruntime.quantization (static, per channel, min-max, QDQ) calibrated
on the same photos. Needs numpy, Pillow, onnx and onnxruntime.
"""
import collections
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from PIL import Image, ImageOps


def pixels(package, photos):
    rule = json.loads((package / "preprocessor_config.json").read_text())
    shorter, side = rule["size"]["shortest_edge"], rule["crop_size"]
    for photo in sorted(pathlib.Path(photos).iterdir()):
        image = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
        width, height = image.size
        size = (shorter, int(shorter * height / width)) if width <= height else (int(shorter * width / height), shorter)
        image = image.resize(size, Image.BILINEAR)
        left, top = (size[0] - side) // 2, (size[1] - side) // 2
        yield np.asarray(image.crop((left, top, left + side, top + side)), np.uint8)[None]


def floats(photo):
    return ((photo.astype(np.float32) - 127.5) / 127.5).transpose(0, 3, 1, 2).copy()


class Photos(CalibrationDataReader):
    def __init__(self, photos):
        self.photos = iter(photos)

    def get_next(self):
        photo = next(self.photos, None)
        return None if photo is None else {"input": floats(photo)}


def scores(model, photos, optimised):
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(optimised)
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(model), options)
    return np.concatenate([session.run(["output"], {"input": photo})[0] for photo in photos])


def main(original, quantised, folder):
    photos = list(pixels(pathlib.Path(original), folder))
    with tempfile.TemporaryDirectory() as temporary:
        optimised = pathlib.Path(temporary) / "optimised.onnx"
        network = pathlib.Path(original) / "model.onnx"
        theirs = pathlib.Path(temporary) / "theirs.onnx"
        quantize_static(str(network), str(theirs), Photos(photos), quant_format=QuantFormat.QDQ, per_channel=True,
                        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
        expected = scores(network, [floats(photo) for photo in photos], optimised)
        for name, model, given in [("ours", pathlib.Path(quantised) / "model.onnx", photos),
                                   ("theirs", theirs, [floats(photo) for photo in photos])]:
            actual = scores(model, given, optimised)
            operators = collections.Counter(node.op_type for node in onnx.load(optimised).graph.node)
            print(f"{name}: best class the same for {100 * (expected.argmax(1) == actual.argmax(1)).mean():.1f} %, "
                  f"mean difference {np.abs(expected - actual).mean():.2e}, {dict(operators)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
