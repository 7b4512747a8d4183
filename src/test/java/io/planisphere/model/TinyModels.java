package io.planisphere.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packages of a network so small that its predictions can be calculated by hand: it uses only a photo's mean colour.
 *
 * <p>Photos are resized to {@value #SIDE} x {@value #SIDE} and normalised to [-1, 1]. The output {@code embedding} has the
 * means of red, green and blue; {@code logits[k] = weight(k) · embedding[k mod 3]}. So with three classes a red photo is class
 * 0, a green one 1, a blue one 2.
 */
public final class TinyModels {
    public static final int SIDE = 8;

    /** Three cells, in New York, Paris and Tokyo; one per colour. */
    public static final List<String> CELLS =
            List.of("0,89c25,120,40.7128,-74.0060", "1,47e67,110,48.8566,2.3522", "2,6018f,100,35.6762,139.6503");

    /** Three cells of level 2 that contain them. */
    public static final List<String> COARSE_CELLS =
            List.of("0,89,120,40.7128,-74.0060", "1,47,110,48.8566,2.3522", "2,61,100,35.6762,139.6503");

    private static final String CELLS_HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n";

    private TinyModels() {}

    /** Returns the weight of class k: 4 for the first three classes, 2 for the next three, then 4/3, … */
    public static double weight(int k) {
        return 4.0 / (k / 3 + 1);
    }

    /** Returns the logits for a photo whose normalised channels have these means. */
    public static double[] logits(int classes, double red, double green, double blue) {
        double[] means = {red, green, blue};
        return IntStream.range(0, classes)
                .mapToDouble(k -> weight(k) * means[k % 3])
                .toArray();
    }

    /** Returns a geolocator with a cell per line, in the columns of cells.csv. */
    public static Map<String, byte[]> locate(List<String> cells) {
        Map<String, byte[]> files = common(cells.size(), "locate");
        put(files, "cells.csv", CELLS_HEADER + String.join("\n", cells) + "\n");
        return listed(files);
    }

    /**
     * Returns a geolocator with two heads: {@code coarse}, whose logits are the first of {@code logits}, and {@code logits}.
     *
     * @param temperature as in the manifest
     */
    public static Map<String, byte[]> hierarchy(List<String> coarse, List<String> fine, double temperature) {
        Map<String, byte[]> files = locate(fine);
        ModelProto.Builder graph = parsed(bytes(files, "model.onnx")).toBuilder();
        graph.getGraphBuilder()
                .addNode(node("Slice", "coarse", "logits", "from", "to", "axis"))
                .addInitializer(integer("from", 0))
                .addInitializer(integer("to", coarse.size()))
                .addInitializer(integer("axis", 1))
                .addOutput(value("coarse", List.of("N", Integer.toString(coarse.size()))));
        files.put("model.onnx", graph.build().toByteArray());
        put(files, "coarse.csv", CELLS_HEADER + String.join("\n", coarse) + "\n");
        put(
                files,
                "manifest.json",
                text(files, "manifest.json")
                        .replace(
                                "\"scores\": {\"name\": \"logits\", \"activation\": \"softmax\"}",
                                "\"scores\": [{\"name\": \"coarse\", \"activation\": \"softmax\", \"cells\": \"coarse.csv\"},"
                                        + " {\"name\": \"logits\", \"activation\": \"softmax\"}]")
                        .replace("\"licence\"", "\"temperature\": " + temperature + ", \"licence\""));
        return listed(files);
    }

    /**
     * Returns a package whose scores compare the embedding, the three mean colours, with vectors.
     *
     * @param files a package of task locate or classify; its labels or cells are kept
     */
    public static Map<String, byte[]> gallery(Map<String, byte[]> files, double scale, float[]... vectors) {
        ByteBuffer values = ByteBuffer.allocate(Float.BYTES
                        * Arrays.stream(vectors)
                                .mapToInt(vector -> vector.length)
                                .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] vector : vectors) {
            for (float value : vector) {
                values.putFloat(value);
            }
        }
        Map<String, byte[]> gallery = with(files, "gallery.f32", values.array());
        put(
                gallery,
                "manifest.json",
                text(files, "manifest.json")
                        .replace(
                                "{\"name\": \"logits\", \"activation\": \"softmax\"}",
                                "{\"vectors\": \"gallery.f32\", \"scale\": " + scale + ", \"activation\": \"softmax\"}")
                        .replaceAll("\"golden\": \\[.*]", "\"golden\": []"));
        return listed(gallery);
    }

    /**
     * Returns the package with the weights of its last layer outside model.onnx, as external data.
     *
     * @param location name of the file with the weights, as the graph says it
     */
    public static Map<String, byte[]> external(Map<String, byte[]> files, String location) {
        ModelProto.Builder model = parsed(bytes(files, "model.onnx")).toBuilder();
        TensorProto.Builder weights = model.getGraphBuilder().getInitializerBuilder(0);
        ByteBuffer values =
                ByteBuffer.allocate(Float.BYTES * weights.getFloatDataCount()).order(ByteOrder.LITTLE_ENDIAN);
        weights.getFloatDataList().forEach(values::putFloat);
        weights.clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .addExternalData(StringStringEntryProto.newBuilder()
                        .setKey("length")
                        .setValue(Integer.toString(values.capacity())));
        Map<String, byte[]> external = with(files, "model.onnx", model.build().toByteArray());
        external.put(location, values.array());
        return external.containsKey("manifest.json") ? listed(external) : external;
    }

    private static ModelProto parsed(byte[] model) {
        try {
            return ModelProto.parseFrom(model);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TensorProto integer(String name, long value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(7)
                .addDims(1)
                .addInt64Data(value)
                .build();
    }

    /** Returns a classifier with these labels. */
    public static Map<String, byte[]> classify(String... labels) {
        Map<String, byte[]> files = common(labels.length, "classify");
        put(files, "config.json", config(labels));
        return listed(files);
    }

    /**
     * Returns the classifier as a plain export: without manifest, all axes but the classes free, input {@code pixel_values}.
     */
    public static Map<String, byte[]> export(String... labels) {
        Map<String, byte[]> files = new TreeMap<>();
        ModelProto.Builder graph =
                graph("pixel_values", List.of("batch_size", "num_channels", "height", "width"), labels.length)
                        .toBuilder();
        graph.getGraphBuilder().removeOutput(1);
        files.put("model.onnx", graph.build().toByteArray());
        put(files, "config.json", config(labels));
        put(files, "preprocessor_config.json", PREPROCESSOR);
        return files;
    }

    /**
     * Returns a variant of the export that takes unscaled pixels, {@code [N, height, width, 3]} of 8 bits, and normalises them
     * itself.
     */
    public static Map<String, byte[]> takingPixels(String... labels) {
        Map<String, byte[]> files = export(labels);
        ModelProto.Builder model = parsed(bytes(files, "model.onnx")).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        ValueInfoProto.Builder pixels = value("pixels", List.of("N", "height", "width", "3")).toBuilder();
        pixels.getTypeBuilder().getTensorTypeBuilder().setElemType(2);
        NodeProto cast = node("Cast", "values", "pixels").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1))
                .build();
        NodeProto transpose = node("Transpose", "pixel_values", "shifted").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("perm")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addAllInts(List.of(0L, 3L, 1L, 2L)))
                .build();
        List<NodeProto> ahead = List.of(
                cast, node("Div", "scaled", "values", "half"), node("Sub", "shifted", "scaled", "one"), transpose);
        List<NodeProto> nodes = new ArrayList<>(ahead);
        nodes.addAll(graph.getNodeList());
        graph.setInput(0, pixels)
                .clearNode()
                .addAllNode(nodes)
                .addInitializer(
                        TensorProto.newBuilder().setName("half").setDataType(1).addFloatData(127.5f))
                .addInitializer(
                        TensorProto.newBuilder().setName("one").setDataType(1).addFloatData(1));
        files.put("model.onnx", model.build().toByteArray());
        put(
                files,
                "preprocessor_config.json",
                PREPROCESSOR
                        .replace("rescale\": true", "rescale\": false")
                        .replace("normalize\": true", "normalize\": false"));
        return files;
    }

    public static final String PREPROCESSOR = """
            {
              "do_resize": true,
              "size": {"height": 8, "width": 8},
              "resample": 2,
              "do_center_crop": false,
              "do_rescale": true,
              "rescale_factor": 0.00392156862745098,
              "do_normalize": true,
              "image_mean": [0.5, 0.5, 0.5],
              "image_std": [0.5, 0.5, 0.5]
            }
            """;

    /** Returns a config.json that contains only these labels. */
    public static String config(String... labels) {
        return IntStream.range(0, labels.length)
                .mapToObj(k -> "\"" + k + "\": \"" + labels[k] + "\"")
                .collect(Collectors.joining(", ", "{\"id2label\": {", "}}\n"));
    }

    /**
     * Returns the graph: GlobalAveragePool, Flatten, Gemm.
     *
     * @param inputShape numbers are fixed axes, other strings name free ones
     */
    public static ModelProto graph(String input, List<String> inputShape, int classes) {
        TensorProto.Builder weights = TensorProto.newBuilder()
                .setName("weights")
                .setDataType(1)
                .addDims(classes)
                .addDims(3);
        for (int k = 0; k < classes; k++) {
            for (int channel = 0; channel < 3; channel++) {
                weights.addFloatData(channel == k % 3 ? (float) weight(k) : 0);
            }
        }
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("planisphere-test")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(GraphProto.newBuilder()
                        .setName("mean colour")
                        .addInput(value(input, inputShape))
                        .addNode(node("GlobalAveragePool", "pooled", input))
                        .addNode(node("Flatten", "embedding", "pooled"))
                        .addNode(node("Gemm", "logits", "embedding", "weights").toBuilder()
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("transB")
                                        .setType(AttributeProto.AttributeType.INT)
                                        .setI(1)))
                        .addInitializer(weights)
                        .addOutput(value("logits", List.of("N", Integer.toString(classes))))
                        .addOutput(value("embedding", List.of("N", "3"))))
                .build();
    }

    /** Returns a declaration of a tensor of floats in a graph. */
    public static ValueInfoProto value(String name, List<String> shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (String dim : shape) {
            dims.addDim(
                    dim.matches("\\d+")
                            ? TensorShapeProto.Dimension.newBuilder().setDimValue(Long.parseLong(dim))
                            : TensorShapeProto.Dimension.newBuilder().setDimParam(dim));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(1).setShape(dims)))
                .build();
    }

    public static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(output)
                .build();
    }

    /** Returns the files with the SHA-256 list of the manifest updated. */
    public static Map<String, byte[]> listed(Map<String, byte[]> files) {
        String list = files.entrySet().stream()
                .filter(file -> !file.getKey().equals("manifest.json"))
                .map(file -> "\"" + file.getKey() + "\": \"" + PackageFiles.sha256(file.getValue()) + "\"")
                .collect(Collectors.joining(", "));
        return with(
                files,
                "manifest.json",
                text(files, "manifest.json").replaceAll("\"files\": \\{[^}]*}", "\"files\": {" + list + "}"));
    }

    /** Returns a copy of the files with one added or replaced; the manifest is unchanged. */
    public static Map<String, byte[]> with(Map<String, byte[]> files, String name, byte[] content) {
        Map<String, byte[]> changed = new TreeMap<>(files);
        changed.put(name, content);
        return changed;
    }

    /** Returns the same with text. */
    public static Map<String, byte[]> with(Map<String, byte[]> files, String name, String content) {
        return with(files, name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a file's SHA-256, as listed in a manifest. */
    public static String sha256(Map<String, byte[]> files, String name) {
        return PackageFiles.sha256(bytes(files, name));
    }

    /** Returns the bytes of a file, which must exist. */
    public static byte[] bytes(Map<String, byte[]> files, String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    /** Returns a file as text. */
    public static String text(Map<String, byte[]> files, String name) {
        return new String(bytes(files, name), StandardCharsets.UTF_8);
    }

    /** Writes the files into a directory and returns it. */
    public static Path writeDirectory(Path directory, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return directory;
    }

    /** Writes the files into a zip, each name after {@code prefix}, and returns it. */
    public static Path writeZip(Path zip, String prefix, Map<String, byte[]> files) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(prefix + file.getKey()));
                entries.write(file.getValue());
                entries.closeEntry();
            }
        }
        return zip;
    }

    private static Map<String, byte[]> common(int classes, String task) {
        Map<String, byte[]> files = new TreeMap<>();
        String side = Integer.toString(SIDE);
        files.put(
                "model.onnx",
                graph("input", List.of("N", "3", side, side), classes).toByteArray());
        put(files, "preprocessor_config.json", PREPROCESSOR);
        put(files, "manifest.json", manifest(classes, task));
        return files;
    }

    private static String manifest(int classes, String task) {
        return """
                {
                  "format": 1,
                  "name": "tiny",
                  "version": "1",
                  "task": "%s",
                  "input": {"name": "input", "layout": "NCHW"},
                  "outputs": {"scores": {"name": "logits", "activation": "softmax"}, "embedding": {"name": "embedding"}},
                  "files": {},
                  "licence": "Apache-2.0",
                  "source": "written by hand",
                  "golden": [{"pattern": "ramp", "output": "logits", "values": %s, "tolerance": 1e-5}]
                }
                """.formatted(task, rampLogits(classes));
    }

    /** Returns the logits for the ramp of golden vectors, from its definition. */
    private static List<Double> rampLogits(int classes) {
        double[] means = new double[3];
        int pixels = SIDE * SIDE;
        for (int i = 0; i < 3 * pixels; i++) {
            means[i / pixels] += (i * 31 % 256 - 127.5) / 127.5 / pixels;
        }
        List<Double> logits = new ArrayList<>();
        for (double logit : logits(classes, means[0], means[1], means[2])) {
            logits.add(logit);
        }
        return logits;
    }

    private static void put(Map<String, byte[]> files, String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }
}
