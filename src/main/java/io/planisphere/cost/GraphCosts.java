package io.planisphere.cost;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import io.planisphere.onnx.ShortWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Computes the cost of an ONNX graph for one photo: infers shapes by rules for the operators of networks for photos, and counts
 * multiply-adds of convolutions and matrix products. Operators without a rule are listed as uncounted, and so are operators after
 * them whose shapes are unknown, unless the file declares the shape.
 */
public final class GraphCosts {
    private final OnnxModel declared;
    private final GraphProto graph;
    private final Parameters parameters;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Value> stated = new HashMap<>();
    private final CostSheet sheet = new CostSheet();

    private GraphCosts(OnnxModel declared, GraphProto graph) {
        this.declared = declared;
        this.graph = graph;
        parameters = new Parameters(graph);
    }

    /**
     * Returns the costs of a network.
     *
     * @param name name of the file for messages
     * @param inputs shapes of its inputs, by name; {@link #inputs} returns those that the file fixes
     * @throws IllegalArgumentException if the bytes are not an ONNX model
     */
    public static CostTable of(String name, byte[] network, Map<String, List<Long>> inputs) {
        OnnxModel declared = OnnxModel.read(name, network);
        try {
            return new GraphCosts(
                            declared,
                            ShortWeights.restore(ModelProto.parseFrom(network)).getGraph())
                    .table(inputs);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(name + " is no ONNX model", e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + " has a constant of more elements than can be", e);
        }
    }

    /**
     * Returns the input shapes for one photo: a dynamic first axis is 1, other dynamic axes of an image are {@code side}.
     *
     * @param side side of a photo in pixels, if it is dynamic in the file
     * @throws IllegalArgumentException if the length of a dynamic axis is unknown
     */
    public static Map<String, List<Long>> inputs(String name, OnnxModel network, Optional<Integer> side) {
        Map<String, List<Long>> shapes = new HashMap<>();
        for (Tensor input : network.inputs()) {
            List<Dim> dims = input.shape()
                    .orElseThrow(() -> new IllegalArgumentException(
                            name + " does not state the axes of its input " + input.name()));
            List<Long> shape = new ArrayList<>();
            for (int axis = 0; axis < dims.size(); axis++) {
                shape.add(length(name, input, axis, dims, side));
            }
            shapes.put(input.name(), shape);
        }
        return shapes;
    }

    private static long length(String name, Tensor input, int axis, List<Dim> dims, Optional<Integer> side) {
        if (dims.get(axis) instanceof Dim.Fixed fixed) {
            return fixed.size();
        }
        if (axis == 0) {
            return 1;
        }
        if (dims.size() == 4 && side.isPresent()) {
            return side.get();
        }
        throw new IllegalArgumentException(String.format(
                Locale.ROOT,
                "%s leaves axis %d of its input %s %s free; give --resolution",
                name,
                axis,
                input.name(),
                dims));
    }

    private CostTable table(Map<String, List<Long>> inputs) {
        graph.getInitializerList().forEach(tensor -> values.put(tensor.getName(), ConstantTensors.value(tensor)));
        graph.getValueInfoList().forEach(this::state);
        graph.getOutputList().forEach(this::state);
        for (ValueInfoProto input : graph.getInputList()) {
            List<Long> shape = inputs.get(input.getName());
            if (shape != null) {
                int type = input.getType().getTensorType().getElemType();
                made(input.getName(), Value.of(shape, ConstantTensors.bytesPerElement(type)));
            }
        }
        graph.getNodeList().forEach(this::walk);
        return sheet.kept(graph.getOutputList().stream()
                        .map(ValueInfoProto::getName)
                        .toList())
                .table();
    }

    private void walk(NodeProto node) {
        Call call = new Call(node, values, declared.opset());
        boolean isConstant = parameters.follows(node);
        try {
            Optional<Product> product = Product.of(call);
            List<Value> outputs = product.map(made -> List.of(made.output())).orElseGet(() -> ShapeRules.outputs(call));
            for (int i = 0; i < Math.min(outputs.size(), node.getOutputCount()); i++) {
                made(node.getOutput(i), outputs.get(i));
            }
            if (!isConstant) {
                count(call, product);
            }
        } catch (UnknownShape e) {
            fallBack(call, String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            fallBack(call, "its inputs have other axes than it should take");
        }
    }

    private void count(Call call, Optional<Product> product) {
        NodeProto node = call.node();
        long weights = 0;
        long offsets = 0;
        for (int input = 0; input < node.getInputCount(); input++) {
            long taken = parameters.take(node, input);
            boolean isWeight = product.isPresent() && product.get().weights().contains(input);
            weights += isWeight ? taken : 0;
            offsets += isWeight ? 0 : taken;
        }
        String name = node.getName().isEmpty() ? node.getOutput(0) : node.getName();
        if (product.isPresent()) {
            boolean isLayer = product.get().kind().equals(LayerCost.MATRIX_PRODUCT) && weights > 0;
            String kind = isLayer ? LayerCost.FULLY_CONNECTED : product.get().kind();
            sheet.layer(new LayerCost(name, kind, product.get().multiplyAdds(), weights, offsets));
        } else {
            sheet.free(call.operator());
            if (offsets > 0) {
                sheet.layer(new LayerCost(name, LayerCost.OTHER, 0, 0, offsets));
            }
        }
        step(call);
    }

    private void step(Call call) {
        List<String> inputs = call.node().getInputList().stream()
                .filter(input -> !parameters.holds(input))
                .toList();
        String operator = call.operator();
        boolean inPlace = ShapeRules.IN_PLACE.contains(operator)
                || ShapeRules.SAME_ELEMENTS.contains(operator)
                || ShapeRules.CONVERSIONS.contains(operator)
                || ShapeRules.BROADCAST.contains(operator);
        if (inPlace) {
            sheet.stepInPlace(inputs, call.node().getOutputList());
        } else {
            sheet.step(inputs, call.node().getOutputList());
        }
    }

    /** Lists the operator as uncounted, and uses the shapes that the file declares, if any. */
    private void fallBack(Call call, String why) {
        sheet.uncounted(call.described() + ": " + why);
        for (String output : call.node().getOutputList()) {
            Value value = stated.get(output);
            if (value != null) {
                made(output, value);
            }
        }
        step(call);
    }

    private void made(String name, Value value) {
        values.put(name, value);
        if (!parameters.holds(name)) {
            sheet.value(name, value.bytes());
        }
    }

    /** Uses the file's declaration of a value, whose first axis is the batch if it is dynamic. */
    private void state(ValueInfoProto info) {
        var type = info.getType().getTensorType();
        List<Long> shape = new ArrayList<>();
        for (int axis = 0; axis < type.getShape().getDimCount(); axis++) {
            long length = type.getShape().getDim(axis).getDimValue();
            if (length <= 0 && axis > 0) {
                return;
            }
            shape.add(Math.max(1, length));
        }
        if (type.hasShape()) {
            stated.put(info.getName(), Value.of(shape, ConstantTensors.bytesPerElement(type.getElemType())));
        }
    }
}
