package io.planisphere.model;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A package's declaration of its graph: from its manifest or, in an export without one, by Hugging Face's conventions.
 *
 * @param input name of the input tensor for photos
 * @param heads the tensors with a score per class, from coarse classes to fine ones; may be empty for {@link Task#EMBED}, and
 *     always is for {@link Task#DETECT}
 * @param embedding name of the tensor with the embedding, if the graph has one
 * @param detection the tensors with boxes and their scores; present if the task is {@link Task#DETECT}
 */
record Declaration(
        Task task,
        String input,
        Layout layout,
        List<Scored> heads,
        Optional<String> embedding,
        Optional<DetectionHead> detection) {

    /** Usual names of the output with the embedding: those of transformers' and of common export scripts. */
    private static final List<String> EMBEDDINGS = List.of("embedding", "pooler_output", "image_embeds", "features");

    Declaration {
        heads = List.copyOf(heads);
    }

    /**
     * A head.
     *
     * @param name name of the tensor with the scores
     * @param cellsFile file with its cells
     * @param gallery the vectors that the embedding is compared with, if that makes the scores; then the graph in the package has
     *     no such tensor
     */
    record Scored(String name, Activation activation, String cellsFile, Optional<Gallery> gallery) {}

    /** Returns the name of the tensor with the scores of the finest classes. */
    String finest() {
        return heads.get(heads.size() - 1).name();
    }

    Declaration withEmbedding(String output) {
        return new Declaration(task, input, layout, heads, Optional.of(output), detection);
    }

    /** Returns whether the output of that name is declared here. */
    boolean names(String output) {
        return embedding.filter(output::equals).isPresent()
                || heads.stream().anyMatch(head -> head.name().equals(output))
                || detection.filter(head -> head.outputs().contains(output)).isPresent();
    }

    /**
     * Returns the declaration of a plain export: the only input takes the photos; the output {@code logits}, or the only one, or
     * the only one as wide as there are labels has the scores; one called as {@link #EMBEDDINGS} is the embedding.
     *
     * @param task {@link Task#LOCATE} if the package has cells, else {@link Task#CLASSIFY}
     * @param stated the layout in preprocessor_config.json, if it has one
     */
    static Declaration ofExport(OnnxModel graph, Task task, HuggingFaceConfig config, Optional<Layout> stated) {
        Tensor input = onlyInput(graph);
        Tensor scores = scores(graph, config.labels().size());
        return new Declaration(
                task,
                input.name(),
                layout(input).or(() -> stated).orElse(Layout.NCHW),
                List.of(new Scored(
                        scores.name(), activation(graph, scores.name(), config), PackageFiles.CELLS, Optional.empty())),
                EMBEDDINGS.stream()
                        .filter(name -> !name.equals(scores.name())
                                && graph.output(name).isPresent())
                        .findFirst(),
                Optional.empty());
    }

    /** Returns the output called logits, else the only one, else the only one with as many values as there are labels. */
    private static Tensor scores(OnnxModel graph, int labels) {
        if (graph.output("logits").isPresent() || graph.outputs().size() == 1) {
            return graph.output("logits").orElseGet(() -> graph.outputs().get(0));
        }
        List<Tensor> asWide = graph.outputs().stream()
                .filter(output -> output.shape().map(List::size).orElse(0) == 2 && !EMBEDDINGS.contains(output.name()))
                .filter(output -> labels > 0 && Signature.width(output).equals(OptionalInt.of(labels)))
                .toList();
        if (asWide.size() != 1) {
            throw new PackageProblem("model.onnx has outputs " + names(graph.outputs())
                    + ", none is called logits, and "
                    + (asWide.isEmpty() ? "none" : "more than one") + " has as many values as config.json has labels ("
                    + labels + "); name the one with the scores in a manifest.json");
        }
        return asWide.get(0);
    }

    static Tensor onlyInput(OnnxModel graph) {
        if (graph.inputs().size() != 1) {
            throw new PackageProblem(
                    "model.onnx takes inputs " + names(graph.inputs()) + "; export it with one, the photos");
        }
        return graph.inputs().get(0);
    }

    static String names(List<Tensor> tensors) {
        return tensors.isEmpty() ? "(none)" : tensors.stream().map(Tensor::name).collect(Collectors.joining(", "));
    }

    /** Infers the layout from the axis with three elements; empty if both axes are dynamic. */
    private static Optional<Layout> layout(Tensor input) {
        List<Dim> shape = input.shape().orElse(List.of());
        Dim channels = new Dim.Fixed(3);
        if (shape.size() == 4 && shape.get(1).equals(channels)) {
            return Optional.of(Layout.NCHW);
        }
        return shape.size() == 4 && shape.get(3).equals(channels) ? Optional.of(Layout.NHWC) : Optional.empty();
    }

    private static Activation activation(OnnxModel graph, String output, HuggingFaceConfig config) {
        return givesProbabilities(graph, output) ? Activation.NONE : config.activation();
    }

    /** Returns whether the graph already ends in an activation, so that a second one would flatten the probabilities. */
    static boolean givesProbabilities(OnnxModel graph, String output) {
        String maker = graph.makers().getOrDefault(output, "");
        return maker.equals("Softmax") || maker.equals("Sigmoid");
    }
}
