"""Costs of ONNX files by ONNX's own shape inference, as GraphCostsTest has them: costs.py FILE...

Prints multiply-adds of Conv, Gemm and MatMul, elements of their kernels and matrices, and all parameters.
"""
import sys

import numpy
import onnx
from onnx import numpy_helper, shape_inference


def costs(path):
    model = onnx.load(path)
    for value in list(model.graph.input) + list(model.graph.output):
        dims = value.type.tensor_type.shape.dim
        if dims and not dims[0].dim_value:
            dims[0].dim_value = 1
        for dim in list(dims)[1:]:
            if not dim.dim_value:
                dim.Clear()
    model = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim]
              for v in list(model.graph.value_info) + list(model.graph.input) + list(model.graph.output)}
    arrays = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Identity" and node.input[0] in arrays:
            arrays[node.output[0]] = arrays[node.input[0]]
    adds = weights = 0
    for node in model.graph.node:
        if node.op_type == "Conv":
            kernel = arrays[node.input[1]]
            adds += int(numpy.prod(shapes[node.output[0]])) * int(numpy.prod(kernel.shape[1:]))
            weights += kernel.size
        elif node.op_type in ("Gemm", "MatMul"):
            matrix = arrays[node.input[1]]
            adds += matrix.size
            weights += matrix.size
    return adds, weights


for path in sys.argv[1:]:
    print(path, *costs(path))
