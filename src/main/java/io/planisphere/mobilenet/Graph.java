package io.planisphere.mobilenet;

import io.planisphere.mobilenet.Architecture.Written;
import io.planisphere.mobilenet.TrainedMobileNet.Dense;
import io.planisphere.mobilenet.TrainedMobileNet.Normalised;
import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxGraphBuilder;
import io.planisphere.onnx.OnnxGraphBuilder.Kernel;

/** Writes an architecture and its weights as an ONNX graph. */
final class Graph implements GraphBackend<String> {
    private static final double GATE_SLOPE = 1 / 6.0;
    private static final double GATE_OFFSET = 0.5;

    private final OnnxGraphBuilder graph;
    private final TrainedMobileNet network;
    private final Norms norms;

    /** The handling of batch normalisation. */
    enum Norms {
        KEPT,
        FOLDED
    }

    Graph(TrainedMobileNet network, Norms norms) {
        this.network = network;
        this.norms = norms;
        graph = new OnnxGraphBuilder(network.architecture().name());
    }

    byte[] onnx() {
        Architecture architecture = network.architecture();
        Written<String> written = architecture.write(this, network.classes());
        return graph.output(written.logits(), network.classes())
                .output(written.embedding(), architecture.embeddingWidth())
                .toBytes();
    }

    @Override
    public String photo(int resolution) {
        return graph.input(Architecture.INPUT, 3, resolution, resolution);
    }

    @Override
    public String normalised(Layer.Normalised layer, String input) {
        Convolution convolution = layer.convolution();
        Normalised weights = network.weights(layer);
        String sums = sums(layer.name(), layer.nonlinearity());
        if (norms == Norms.FOLDED) {
            FloatTensor kernel = BatchNorm.foldedKernel(weights.kernel(), weights.norm());
            graph.convolution(sums, input, kernel(convolution, kernel), BatchNorm.foldedBias(weights.norm()));
        } else {
            String convolved =
                    graph.convolution(layer.name() + ".convolution", input, kernel(convolution, weights.kernel()));
            graph.batchNormalisation(sums, convolved, weights.norm());
        }
        return followed(layer.name(), layer.nonlinearity());
    }

    @Override
    public String squeezeExcite(Layer.SqueezeExcite layer, String input) {
        String means = graph.globalAveragePool(layer.name() + ".mean", input);
        String squeezed = onePixel(layer.squeezing(), means);
        String gate = gate(layer.name(), onePixel(layer.exciting(), squeezed));
        return graph.product(layer.name(), input, gate);
    }

    /** Writes a fully connected layer as a convolution, so that its vector keeps the axes that the product needs. */
    private String onePixel(Linear layer, String input) {
        Dense weights = network.weights(layer);
        FloatTensor kernel = FloatTensor.of(weights.weights().values(), layer.outputs(), layer.inputs(), 1, 1);
        graph.convolution(sums(layer.name(), layer.nonlinearity()), input, new Kernel(kernel, 1, 0, 1), weights.bias());
        return followed(layer.name(), layer.nonlinearity());
    }

    @Override
    public String sum(String name, String left, String right) {
        return graph.sum(name, left, right);
    }

    @Override
    public String mean(String name, int channels, String input) {
        return graph.flatten(name, graph.globalAveragePool(name + ".pooled", input));
    }

    @Override
    public String linear(Linear layer, String input) {
        Dense weights = network.weights(layer);
        graph.linear(sums(layer.name(), layer.nonlinearity()), input, weights.weights(), weights.bias());
        return followed(layer.name(), layer.nonlinearity());
    }

    private static Kernel kernel(Convolution convolution, FloatTensor weights) {
        return new Kernel(weights, convolution.stride(), convolution.padding(), convolution.groups());
    }

    /** Returns the name of the sums; the layer's own name is that of its output. */
    private static String sums(String layer, Nonlinearity nonlinearity) {
        return nonlinearity == Nonlinearity.NONE ? layer : layer + ".sums";
    }

    private String followed(String layer, Nonlinearity nonlinearity) {
        String sums = sums(layer, nonlinearity);
        return switch (nonlinearity) {
            case NONE -> sums;
            case RELU -> graph.relu(layer, sums);
            case RELU6 -> graph.clip(layer, sums, 0, 6);
            case HARD_SWISH -> graph.product(layer, sums, gate(layer, sums));
        };
    }

    private String gate(String layer, String value) {
        return graph.hardSigmoid(layer + ".gate", value, GATE_SLOPE, GATE_OFFSET);
    }
}
