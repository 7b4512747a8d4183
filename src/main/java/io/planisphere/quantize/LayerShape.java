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
record LayerShape(int outputs, int perOutput, int plane, int inputsPerGroup, int outputsPerGroup) {

    static LayerShape of(NodeProto layer, FloatWeights weights) {
        int first = Math.toIntExact(weights.shape().get(0));
        int second = Math.toIntExact(weights.shape().get(1));
        if (!layer.getOpType().equals("Conv")) {
            return new LayerShape(second, 0, 1, first, second);
        }
        int groups = Math.toIntExact(Network.integer(layer, "group", 1));
        return new LayerShape(first, weights.perFirst(), weights.perFirst() / second, second, first / groups);
    }

    /** The output channel of a weight. */
    int output(int index) {
        return perOutput == 0 ? index % outputs : index / perOutput;
    }

    /** The input channel of a weight. */
    int input(int index) {
        if (perOutput == 0) {
            return index / outputs;
        }
        return index / perOutput / outputsPerGroup * inputsPerGroup + index % perOutput / plane;
    }

    /** Where the k-th weight of an output channel stands. */
    int index(int output, int k) {
        return perOutput == 0 ? k * outputs + output : output * perOutput + k;
    }

    /** Weights of an output channel. */
    int perGroup() {
        return inputsPerGroup * plane;
    }
}
