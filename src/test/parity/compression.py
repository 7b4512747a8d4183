"""What pruning, shared weights and Huffman coding (Han et al., Deep Compression, arXiv 1510.00149) would do to MobileNetV2, without
retraining: sizes, and how often the best label of photos stays the same.

    compression.py PACKAGE PHOTOS      PACKAGE: src/main/resources/models/mobilenet-v2

Needs numpy, onnx, onnxruntime and Pillow. Weights are kernels and matrices; biases stay
as they are, and so do the kernels of depthwise convolutions and of the first one, 2 % of all, without which nothing of it works. Shared weights: per tensor, the
centres of one-dimensional k-means (Lloyd, from evenly spaced centres). Size: the Huffman code of the indices, with a table of
centres and of code lengths per tensor, and the biases in floats. Pruning: the smallest magnitudes of each tensor become zero.
"""
import heapq
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from PIL import Image, ImageOps


LEAST_ROW = 32


def photos(folder):
    for file in sorted(pathlib.Path(folder).iterdir()):
        image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        w, h = image.size
        size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
        left, top = (size[0] - 224) // 2, (size[1] - 224) // 2
        crop = image.resize(size, Image.BILINEAR).crop((left, top, left + 224, top + 224))
        yield ((np.asarray(crop, np.float32) - 127.5) / 127.5).transpose(2, 0, 1)


def restored(model):
    """The network with plain floats in place of 16-bit integers and their scales."""
    weights = {t.name: t for t in model.graph.initializer}
    made = {node.output[0]: node for node in model.graph.node}
    for node in [node for node in model.graph.node if node.op_type == "Mul"]:
        cast = made.get(node.input[0])
        if cast is not None and cast.op_type == "Cast" and cast.input[0] in weights:
            values = numpy_helper.to_array(weights[cast.input[0]]).astype(np.float32) \
                * numpy_helper.to_array(weights[node.input[1]])
            for used in (cast.input[0], node.input[1]):
                model.graph.initializer.remove(weights[used])
            model.graph.node.remove(cast)
            model.graph.node.remove(node)
            model.graph.initializer.append(numpy_helper.from_array(values, node.output[0]))
    return model


def labels(model, pixels):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return np.concatenate([session.run(["output"], {"input": pixels[i:i + 8]})[0].argmax(1)
                           for i in range(0, len(pixels), 8)])


def shared(values, bits):
    """Index of each value's centre, and the centres."""
    centres = np.linspace(values.min(), values.max(), 2 ** bits)
    for _ in range(30):
        indices = np.searchsorted((centres[1:] + centres[:-1]) / 2, values)
        counts = np.bincount(indices, minlength=len(centres))
        sums = np.bincount(indices, values, len(centres))
        centres = np.sort(np.where(counts > 0, sums / np.maximum(counts, 1), centres))
    return np.searchsorted((centres[1:] + centres[:-1]) / 2, values), centres


def huffman_bits(counts):
    """Length of the Huffman code of all values: each merge adds a bit to what it merges."""
    heap = [int(count) for count in counts if count]
    heapq.heapify(heap)
    total = 0 if len(heap) > 1 else sum(heap)
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        total += merged
        heapq.heappush(heap, merged)
    return total


def changed(original, change):
    """The network with changed weights, and its size in bytes as ``change`` counts it."""
    model, size = onnx.ModelProto(), 0
    model.CopyFrom(original)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.ndim < 2 or values.dtype != np.float32 or values[0].size < LEAST_ROW:
            size += values.nbytes
            continue
        new, stored = change(values.ravel().astype(np.float64))
        size += stored
        tensor.CopyFrom(numpy_helper.from_array(new.reshape(values.shape).astype(np.float32), tensor.name))
    return model, size


def share(bits):
    def change(values):
        indices, centres = shared(values, bits)
        counts = np.bincount(indices, minlength=len(centres))
        return centres[indices], huffman_bits(counts) / 8 + 5 * np.count_nonzero(counts)
    return change


def prune(part):
    def change(values):
        least = np.quantile(np.abs(values), part)
        kept = np.where(np.abs(values) <= least, 0, values)
        return kept, 5 * np.count_nonzero(kept)  # a float and the distance to it
    return change


def main(package, folder):
    pixels = np.stack(list(photos(folder)))
    original = restored(onnx.load(str(pathlib.Path(package) / "model.onnx")))
    before = labels(original, pixels)
    print(f"{len(pixels)} photos; floats: {sum(numpy_helper.to_array(t).nbytes for t in original.graph.initializer) / 1e6:.2f} MB")
    for name, change in (*((f"shared weights of {bits} bits, Huffman", share(bits)) for bits in (8, 7, 6, 5)),
                         *((f"{100 * part:.0f} % pruned", prune(part)) for part in (0.1, 0.2, 1 / 3, 0.5))):
        model, size = changed(original, change)
        same = (labels(model, pixels) == before).mean()
        print(f"{name:40s} {size / 1e6:6.2f} MB   the same best label for {100 * same:5.1f} %")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
