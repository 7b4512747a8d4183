package io.planisphere.mobilenet;

import io.planisphere.cost.CostSheet;
import io.planisphere.cost.CostTable;
import io.planisphere.cost.LayerCost;
import io.planisphere.mobilenet.Architecture.Written;
import java.util.List;
import java.util.stream.Stream;

/** Computes the cost of an architecture in floats, operator by operator as in the graph. */
final class Costs implements GraphBackend<Costs.Value> {
    private final CostSheet sheet = new CostSheet();

    /** A value of the graph and its number of floats. */
    record Value(String name, long floats) {}

    CostTable table(Written<Value> written) {
        return sheet.kept(List.of(written.logits().name(), written.embedding().name()))
                .table();
    }

    @Override
    public Value photo(int resolution) {
        return value(Architecture.INPUT, 3L * resolution * resolution);
    }

    @Override
    public Value normalised(Layer.Normalised layer, Value input) {
        Convolution convolution = layer.convolution();
        sheet.layer(new LayerCost(
                layer.name(),
                convolution.kind(),
                convolution.multiplyAdds(),
                convolution.parameters(),
                convolution.outputs()));
        int side = convolution.outputSize();
        return followed(layer.name(), layer.nonlinearity(), (long) side * side * convolution.outputs(), input);
    }

    @Override
    public Value squeezeExcite(Layer.SqueezeExcite layer, Value input) {
        Value means = pooled(layer.name() + ".mean", layer.channels(), input);
        Value excited = linear(layer.exciting(), linear(layer.squeezing(), means));
        return inPlace("Mul", layer.name(), input, inPlace("HardSigmoid", layer.name() + ".gate", excited));
    }

    @Override
    public Value sum(String name, Value left, Value right) {
        return inPlace("Add", name, left, right);
    }

    @Override
    public Value mean(String name, int channels, Value input) {
        return inPlace("Flatten", name, pooled(name + ".pooled", channels, input));
    }

    @Override
    public Value linear(Linear layer, Value input) {
        long weights = (long) layer.inputs() * layer.outputs();
        sheet.layer(new LayerCost(layer.name(), LayerCost.FULLY_CONNECTED, weights, weights, layer.outputs()));
        return followed(layer.name(), layer.nonlinearity(), layer.outputs(), input);
    }

    private Value followed(String name, Nonlinearity nonlinearity, long floats, Value input) {
        if (nonlinearity == Nonlinearity.NONE) {
            return made(name, floats, input);
        }
        Value sums = made(name + ".sums", floats, input);
        return switch (nonlinearity) {
            case NONE -> sums;
            case RELU -> inPlace("Relu", name, sums);
            case RELU6 -> inPlace("Clip", name, sums);
            case HARD_SWISH -> inPlace("Mul", name, sums, inPlace("HardSigmoid", name + ".gate", sums));
        };
    }

    private Value pooled(String name, int channels, Value input) {
        sheet.free("GlobalAveragePool");
        return made(name, channels, input);
    }

    private Value made(String name, long floats, Value input) {
        sheet.step(List.of(input.name()), List.of(name));
        return value(name, floats);
    }

    private Value inPlace(String operator, String name, Value... inputs) {
        sheet.free(operator).stepInPlace(Stream.of(inputs).map(Value::name).toList(), List.of(name));
        return value(name, inputs[0].floats());
    }

    private Value value(String name, long floats) {
        sheet.value(name, Float.BYTES * floats);
        return new Value(name, floats);
    }
}
