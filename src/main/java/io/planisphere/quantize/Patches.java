package io.planisphere.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a layer's weights are multiplied with, place by place: of a convolution the pixels under its kernel, padding included, in the order
 * of an output channel's weights, one group after the other. A graph can tell it: a convolution whose kernels have a single one each gives
 * every pixel under the kernel as a channel.
 */
final class Patches {
    /** Of one group; how more vary together takes too much memory and time to tell. */
    private static final int LARGEST = 1536;

    private static final Set<String> GIVEN_ANEW = Set.of("group", "kernel_shape");

    private Patches() {}

    /** Whether they are few enough to tell how they vary together. */
    static boolean areFew(LayerShape shape) {
        return shape.perGroup() <= LARGEST;
    }

    /** Groups of inputs that different outputs see. */
    static int groups(NodeProto layer) {
        return Math.toIntExact(Network.integer(layer, "group", 1));
    }

    /**
     * Nodes that make a value of shape {@code [N, groups, weights per output, …]}.
     *
     * @param input where the layer's input is found
     * @param name of the value
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
        // 0: the batch as it is; the rest is counted in the last axis
        String wanted = network.add(name + "_shape", Nodes.longs(0, groups, shape.perGroup(), -1));
        nodes.add(Nodes.node("Reshape", List.of(flat, wanted), name));
        return nodes;
    }
}
