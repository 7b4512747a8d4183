package io.planisphere.jobs;

import io.planisphere.cost.CostTable;
import io.planisphere.cost.GraphCosts;
import io.planisphere.mobilenet.Architecture;
import io.planisphere.mobilenet.Member;
import io.planisphere.model.ModelPackage;
import io.planisphere.onnx.ExternalData;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.source.GivenPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * A network given by the user: an architecture, an ONNX file or a package.
 *
 * @param inputs input shapes for one photo, by name
 * @param network bytes of its file; empty for an architecture
 * @param files the package, if it is a package
 */
record DescribedModel(
        String name,
        CostTable costs,
        Map<String, List<Long>> inputs,
        Optional<byte[]> network,
        Optional<ModelPackage> files) {

    /**
     * Values that the name of a network leaves open.
     *
     * @param classes number of classes of an architecture
     * @param resolution resolution for an ONNX file with a dynamic input size
     */
    record Choices(int classes, Optional<Integer> resolution) {}

    /**
     * Resolves the name of a network.
     *
     * @throws IllegalArgumentException if there is no such network, or one of its values remains open
     */
    static DescribedModel of(String name, Choices choices, Configuration hadoop) throws IOException {
        Optional<Architecture> architecture = Member.described(name);
        if (architecture.isPresent()) {
            long side = architecture.get().resolution();
            return new DescribedModel(
                    name,
                    architecture.get().costs(choices.classes()),
                    Map.of(Architecture.INPUT, List.of(1L, 3L, side, side)),
                    Optional.empty(),
                    Optional.empty());
        }
        if (name.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            byte[] network = read(name, hadoop);
            ExternalData.refuse(name, network);
            Map<String, List<Long>> inputs =
                    GraphCosts.inputs(name, OnnxModel.read(name, network), choices.resolution());
            return of(name, network, inputs, Optional.empty());
        }
        ModelPackage files = ModelPackage.open(name, hadoop);
        return of(
                name, files.model(), Map.of(files.input(), files.preprocessing().axes()), Optional.of(files));
    }

    private static DescribedModel of(
            String name, byte[] network, Map<String, List<Long>> inputs, Optional<ModelPackage> files) {
        return new DescribedModel(name, GraphCosts.of(name, network, inputs), inputs, Optional.of(network), files);
    }

    private static byte[] read(String name, Configuration hadoop) throws IOException {
        try (InputStream in = GivenPath.of("Network", name, hadoop).open()) {
            return in.readAllBytes();
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("Cannot describe " + name + ": there is no such file", e);
        }
    }

    /** Returns the size of the ONNX file and of the weights outside it; empty for an architecture. */
    OptionalLong fileBytes() {
        long outside = files.map(ModelPackage::weightBytes).orElse(0L);
        return network.isPresent() ? OptionalLong.of(network.get().length + outside) : OptionalLong.empty();
    }

    /** Returns the input shapes for one photo as text. */
    String photo() {
        return String.join(
                ", ",
                new TreeMap<>(inputs)
                        .entrySet().stream()
                                .map(input -> input.getKey() + " " + input.getValue())
                                .toList());
    }
}
