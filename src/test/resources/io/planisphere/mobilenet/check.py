"""Runs ONNX's checker, with strict shape inference, over what jobs/model.sh build wrote: check.py PACKAGE..."""
import os
import sys

import onnx

for package in sys.argv[1:]:
    model = onnx.load(os.path.join(package, "model.onnx"))
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    for output in inferred.graph.output:
        print(package, output.name, [d.dim_value or d.dim_param for d in output.type.tensor_type.shape.dim])
