package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The inputs that a layer's weights are multiplied with at each position (im2col): for a convolution, the pixels under its
 * kernel, padding included, in the order of an output channel's weights, group by group. They are extracted in the graph by a
 * convolution whose kernels have a single 1 each, so that every pixel under the kernel becomes a channel.
 */
final class Patches {
    /** Maximum number of inputs of a group; the covariance of more takes too much memory and time. */
    private static final int LARGEST = 1536;

    private static final Set<String> GIVEN_ANEW = Set.of("group", "kernel_shape");

    private Patches() {}

    /** Returns whether the covariance of the inputs can be computed. */
    static boolean areFew(LayerShape shape) {
        return shape.perGroup() <= LARGEST;
    }

    /** Returns the number of groups of a layer. */
    static int groups(NodeProto layer) {
        return Math.toIntExact(Network.integer(layer, "group", 1));
    }

    /**
     * Returns nodes that compute a value of shape {@code [N, groups, weights per output, …]}.
     *
     * @param input name of the layer's input value
     * @param name name of the computed value
     */
    static List<NodeProto> of(Network network, NodeProto layer, LayerShape shape, String input, String name) {
        int groups = groups(layer);
        List<NodeProto> nodes = new ArrayList<>();
        String flat = input;
        if (layer.getOpType().equals("Conv")) {
            flat = name + "_flat";
            int taps = shape.plane();
            int inputs = groups * shape.inputsPerGroup();
            float[] ones = new float[inputs * taps * taps];
            for (int i = 0; i < inputs * taps; i++) {
                ones[i * taps + i % taps] = 1;
            }
            List<Long> kernel = network.floats(layer.getInput(1)).orElseThrow().shape();
            List<Long> dims = new ArrayList<>(List.of((long) inputs * taps, 1L));
            dims.addAll(kernel.subList(2, kernel.size()));
            String weights = network.add(name + "_ones", new FloatWeights(dims, ones).toTensor());
            NodeProto.Builder taking = Nodes.node("Conv", List.of(input, weights), flat).toBuilder();
            layer.getAttributeList().stream()
                    .filter(attribute -> !GIVEN_ANEW.contains(attribute.getName()))
                    .forEach(taking::addAttribute);
            nodes.add(taking.addAttribute(OnnxGraphBuilder.integer("group", inputs))
                    .build());
        }
        // 0 keeps the batch; -1 infers the last axis
        String wanted = network.add(name + "_shape", Nodes.longs(0, groups, shape.perGroup(), -1));
        nodes.add(Nodes.node("Reshape", List.of(flat, wanted), name));
        return nodes;
    }
}
