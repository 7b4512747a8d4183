package io.planisphere.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.model.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The heads of one package, with the names of their classes. */
public sealed interface Heads {
    /** The name of the graph's output if there is only one head. */
    String ONLY = "logits";

    /** Returns the task of the package. */
    Task task();

    /** Returns the heads as outputs of the graph, finest last. */
    List<Output> outputs();

    /** Returns the files with the names of the classes. */
    Map<String, byte[]> files();

    /**
     * Returns the names of the graph's outputs.
     *
     * @param names names of the heads
     */
    static List<String> outputNames(List<String> names) {
        return names.size() == 1 ? List.of(ONLY) : names;
    }

    /**
     * A head and its output in the package.
     *
     * @param name name of the graph's output
     * @param file file with the names of its classes
     */
    record Output(String name, SoftmaxHead head, String file) {}

    /**
     * The head of one partition.
     *
     * @param name name of the partition: that of its file, without {@code .csv}
     * @param cells list of cells as CSV, one line per score
     */
    record CellHead(String name, SoftmaxHead head, String cells) {}

    /**
     * The heads of a geolocator.
     *
     * @param heads heads from coarse to fine, with unique names
     */
    record Cells(List<CellHead> heads) implements Heads {
        public Cells {
            heads = List.copyOf(heads);
        }

        @Override
        public Task task() {
            return Task.LOCATE;
        }

        @Override
        public List<Output> outputs() {
            List<String> names = outputNames(heads.stream().map(CellHead::name).toList());
            List<Output> outputs = new ArrayList<>();
            for (int i = 0; i < heads.size(); i++) {
                String file = heads.size() == 1 ? "cells.csv" : names.get(i) + ".csv";
                outputs.add(new Output(names.get(i), heads.get(i).head(), file));
            }
            return outputs;
        }

        @Override
        public Map<String, byte[]> files() {
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (int i = 0; i < heads.size(); i++) {
                files.put(outputs().get(i).file(), heads.get(i).cells().getBytes(StandardCharsets.UTF_8));
            }
            return files;
        }
    }

    /**
     * The head of a classifier.
     *
     * @param labels labels in the order of the scores
     */
    record Labels(SoftmaxHead head, List<String> labels) implements Heads {
        public Labels {
            labels = List.copyOf(labels);
        }

        @Override
        public Task task() {
            return Task.CLASSIFY;
        }

        @Override
        public List<Output> outputs() {
            return List.of(new Output(ONLY, head, "config.json"));
        }

        @Override
        public Map<String, byte[]> files() {
            ObjectNode config = new ObjectMapper().createObjectNode();
            ObjectNode named = config.putObject("id2label");
            for (int i = 0; i < labels.size(); i++) {
                named.put(Integer.toString(i), labels.get(i));
            }
            return Map.of("config.json", (config.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
