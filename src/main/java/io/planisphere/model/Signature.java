package io.planisphere.model;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The declarations of a package, checked against its graph.
 *
 * @param detection numbers of values per photo of a detector's outputs, by name; empty for other tasks
 */
record Signature(List<Head> heads, Optional<Embedding> embedding, Map<String, OptionalInt> detection, int maxBatch) {

    static Signature of(Declaration declared, Preprocessing preprocessing, OnnxModel graph) {
        List<Dim> input = inputShape(declared, graph);
        checkInput(declared, preprocessing, input);
        List<Head> heads =
                declared.heads().stream().map(scored -> head(scored, graph)).toList();
        Optional<Tensor> embedding = declared.embedding().map(name -> output("embedding", name, graph));
        int maxBatch = batchOf(input, declared.input());
        for (Tensor output : graph.outputs()) {
            if (declared.names(output.name())) {
                maxBatch = Math.min(maxBatch, batchOf(output.shape().orElse(List.of()), output.name()));
            }
        }
        return new Signature(
                heads,
                embedding.map(tensor -> new Embedding(tensor.name(), width(tensor))),
                declared.detection()
                        .map(head -> DetectionChecks.widths(head, graph))
                        .orElse(Map.of()),
                maxBatch);
    }

    /** Returns the numbers of values per photo of every declared output, by name. */
    Map<String, OptionalInt> widths() {
        Map<String, OptionalInt> widths = new TreeMap<>(detection);
        heads.forEach(head -> widths.put(head.output(), head.width()));
        embedding.ifPresent(vector -> widths.put(vector.output(), vector.width()));
        return widths;
    }

    private static Head head(Declaration.Scored scored, OnnxModel graph) {
        Tensor scores = output("scores", scored.name(), graph);
        checkScores(scores);
        checkActivation(scored.name(), scored.activation(), graph);
        return new Head(scored.name(), scored.activation(), width(scores), scored.cellsFile());
    }

    /** Returns the head with the width that the graph declares. */
    static AttributeHead attribute(AttributeHead declared, OnnxModel graph) {
        Tensor values = output("attributes", declared.output(), graph);
        checkActivation(declared.output(), declared.activation(), graph);
        OptionalInt width = width(values);
        width.ifPresent(declared::checkWidth);
        return new AttributeHead(
                declared.output(),
                declared.attribute(),
                declared.kind(),
                declared.activation(),
                declared.labels(),
                width);
    }

    private static List<Dim> inputShape(Declaration declared, OnnxModel graph) {
        Tensor input = Declaration.onlyInput(graph);
        if (!input.name().equals(declared.input())) {
            throw new PackageProblem("manifest.json names input " + declared.input() + " but model.onnx has "
                    + input.name() + "; fix input.name");
        }
        element(input);
        return input.shape()
                .filter(shape -> shape.size() == 4)
                .orElseThrow(() -> new PackageProblem("model.onnx has input " + described(input)
                        + "; a network for photos takes four axes: batch, channels, height and width"));
    }

    /** Returns the element type of the photos' input. */
    static Element element(Tensor input) {
        return switch (input.elementType()) {
            case "FLOAT" -> Element.FLOAT;
            case "UINT8" -> Element.UINT8;
            default ->
                throw new PackageProblem("model.onnx has input " + input.name() + " of element type "
                        + input.elementType()
                        + "; export it with FLOAT, or with UINT8 and the normalisation in the graph");
        };
    }

    private static void checkInput(Declaration declared, Preprocessing preprocessing, List<Dim> shape) {
        boolean channelsFirst = declared.layout() == Layout.NCHW;
        if (!fits(shape.get(channelsFirst ? 1 : 3), 3)) {
            throw new PackageProblem("model.onnx has input " + declared.input() + " " + shape + ", which is not "
                    + declared.layout() + " with 3 channels; fix input.layout, or export a network for colour photos");
        }
        Preprocessing.Size crop = preprocessing.crop();
        Dim height = shape.get(channelsFirst ? 2 : 1);
        Dim width = shape.get(channelsFirst ? 3 : 2);
        if (!fits(height, crop.height()) || !fits(width, crop.width())) {
            throw new PackageProblem("preprocessor_config.json gives photos of " + crop.width() + " x " + crop.height()
                    + " pixels but model.onnx takes " + width + " x " + height + "; fix size or crop_size");
        }
    }

    static Tensor output(String role, String name, OnnxModel graph) {
        return floats(graph.output(name)
                .orElseThrow(() -> new PackageProblem("manifest.json names output " + name + " but model.onnx has "
                        + Declaration.names(graph.outputs()) + "; fix outputs." + role + ".name")));
    }

    private static void checkScores(Tensor scores) {
        if (scores.shape().isPresent() && scores.shape().get().size() != 2) {
            throw new PackageProblem("model.onnx has output " + described(scores)
                    + "; scores have two axes, batch and classes, so name another output or export a classifier");
        }
    }

    static void checkActivation(String output, Activation activation, OnnxModel graph) {
        if (activation != Activation.NONE && Declaration.givesProbabilities(graph, output)) {
            throw new PackageProblem("manifest.json gives output " + output + " the activation " + activation.code()
                    + " but model.onnx ends in " + graph.makers().get(output) + "; set the activation to none");
        }
    }

    private static Tensor floats(Tensor tensor) {
        if (!tensor.elementType().equals("FLOAT")) {
            throw new PackageProblem("model.onnx has output " + tensor.name() + " of element type "
                    + tensor.elementType() + "; export it with FLOAT");
        }
        return tensor;
    }

    /** Returns the largest batch size according to the first axis of a shape. */
    private static int batchOf(List<Dim> shape, String name) {
        if (shape.isEmpty() || !(shape.get(0) instanceof Dim.Fixed fixed)) {
            return Integer.MAX_VALUE;
        }
        if (fixed.size() != 1) {
            throw new PackageProblem("model.onnx fixes the batch of " + name + " at " + fixed
                    + "; export it with a free batch axis, or with 1");
        }
        return 1;
    }

    /** Returns the number of values per photo; empty if an axis is dynamic. */
    static OptionalInt width(Tensor output) {
        List<Dim> shape = output.shape().orElse(List.of());
        int width = 1;
        for (Dim dim : shape.subList(Math.min(1, shape.size()), shape.size())) {
            if (!(dim instanceof Dim.Fixed fixed)) {
                return OptionalInt.empty();
            }
            if (fixed.size() > Integer.MAX_VALUE / width) {
                throw new PackageProblem(
                        "model.onnx has output " + described(output) + ", more values than fit; name another output");
            }
            width *= Math.toIntExact(fixed.size());
        }
        return shape.isEmpty() ? OptionalInt.empty() : OptionalInt.of(width);
    }

    static boolean fits(Dim dim, int size) {
        return !(dim instanceof Dim.Fixed fixed) || fixed.size() == size;
    }

    static String described(Tensor tensor) {
        return tensor.name() + " " + tensor.shape().map(List::toString).orElse("of a shape that it does not state");
    }
}
