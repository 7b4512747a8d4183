"""Decode, resize, crop and classify, as one writes it by hand with OpenCV or Pillow and ONNX Runtime."""

import io
import json
import pathlib

import numpy as np

# The packages of jobs/model.sh resize the shorter side to size / 0.875 and cut out the centre.
CENTRAL = 0.875
TOP = 5


def pillow_pixels(data, size):
    from PIL import Image

    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = resized(image.width, image.height, size)
    image = image.resize((width, height), Image.BILINEAR)
    left, top = (width - size) // 2, (height - size) // 2
    return np.asarray(image.crop((left, top, left + size, top + size)))


def opencv_pixels(data, size):
    import cv2

    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    width, height = resized(image.shape[1], image.shape[0], size)
    image = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
    left, top = (width - size) // 2, (height - size) // 2
    return image[top : top + size, left : left + size, ::-1]


def resized(width, height, size):
    short = round(size / CENTRAL)
    return (short, int(short * height / width)) if width <= height else (int(short * width / height), short)


class Classifier:
    """One ONNX Runtime session with one thread, since each core has its own process."""

    def __init__(self, package, size, decoder):
        import onnxruntime as ort

        if decoder == "opencv":
            import cv2

            cv2.setNumThreads(1)
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        package = pathlib.Path(package)
        self.session = ort.InferenceSession(str(package / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        # an 8-bit network takes pixels as they are, with its normalisation inside
        self.takes_pixels = self.session.get_inputs()[0].type == "tensor(uint8)"
        labels = json.loads((package / "config.json").read_text())["id2label"]
        self.labels = [labels[str(i)] for i in range(len(labels))]
        self.size = size
        self.pixels = opencv_pixels if decoder == "opencv" else pillow_pixels

    def __call__(self, photos):
        """Returns the likeliest labels and their scores of each encoded photo."""
        pixels = np.stack([self.pixels(photo, self.size) for photo in photos])
        if self.takes_pixels:
            batch = pixels
        else:
            batch = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), np.float32)
            batch /= 127.5
            batch -= 1
        logits = self.session.run(None, {self.input: batch})[0]
        scores = np.exp(logits - logits.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        best = np.argsort(-scores, axis=1)[:, :TOP]
        return (
            [[self.labels[i] for i in row] for row in best],
            np.take_along_axis(scores, best, axis=1).astype(np.float32).tolist(),
        )
