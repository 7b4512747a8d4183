package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;

/**
 * Which output and which input channel a weight belongs to.
 *
 * @param outputs channels
 * @param perOutput weights of an output channel of a convolution; 0 for matrices {@code [inputs, outputs]}
 * @param plane weights of one input channel of a convolution's output channel
 * @param inputsPerGroup input channels that an output channel sees
 * @param outputsPerGroup output channels that share them
 */
record LayerShape(int outputs, int perOutput, int plane, int inputsPerGroup, int outputsPerGroup)
        implements LayerWeights.Shape {

    static LayerShape of(NodeProto layer, Floats weights) {
        int first = Math.toIntExact(weights.shape().get(0));
        int second = Math.toIntExact(weights.shape().get(1));
        if (!layer.getOpType().equals("Conv")) {
            return new LayerShape(second, 0, 1, first, second);
        }
        int groups = Math.toIntExact(Network.integer(layer, "group", 1));
        return new LayerShape(first, weights.perFirst(), weights.perFirst() / second, second, first / groups);
    }

    @Override
    public int output(int index) {
        return perOutput == 0 ? index % outputs : index / perOutput;
    }

    @Override
    public int input(int index) {
        if (perOutput == 0) {
            return index / outputs;
        }
        return index / perOutput / outputsPerGroup * inputsPerGroup + index % perOutput / plane;
    }
}
