package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;

/**
 * The mapping of weights to output and input channels.
 *
 * @param outputs number of output channels
 * @param perOutput weights per output channel of a convolution; 0 for matrices {@code [inputs, outputs]}
 * @param plane weights per input channel in an output channel of a convolution
 * @param inputsPerGroup input channels of an output channel
 * @param outputsPerGroup output channels that share these input channels
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

    /** Returns the output channel of a weight. */
    int output(int index) {
        return perOutput == 0 ? index % outputs : index / perOutput;
    }

    /** Returns the input channel of a weight. */
    int input(int index) {
        if (perOutput == 0) {
            return index / outputs;
        }
        return index / perOutput / outputsPerGroup * inputsPerGroup + index % perOutput / plane;
    }

    /** Returns the index of the k-th weight of an output channel. */
    int index(int output, int k) {
        return perOutput == 0 ? k * outputs + output : output * perOutput + k;
    }

    /** Returns the number of weights per output channel. */
    int perGroup() {
        return inputsPerGroup * plane;
    }
}
