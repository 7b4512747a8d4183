package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.infer.Inference;
import io.planisphere.infer.Inferred;
import io.planisphere.infer.Session;
import io.planisphere.model.Golden;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.TinyModels;
import io.planisphere.onnx.GraphRunner;
import io.planisphere.spark.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the whole job on the built-in geolocator and its sample photos. */
class QuantizeTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String PHOTOS = "src/samples/earth";

    private static List<String> floatCells = List.of();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anEightBitPackageLocatesLikeItsOriginal() throws Exception {
        Path output = folder.resolve("earth-int8");
        assertThat(quantize("--model", "builtin:earth", "--calibration-input", PHOTOS, "--output", output.toString()))
                .isZero();

        ModelPackage made = ModelPackage.open(output.toString(), new Configuration());
        assertThat(made.preprocessing().element()).isEqualTo(Element.UINT8);
        assertThat(made.preprocessing().layout()).isEqualTo(Layout.NHWC);
        assertThat(made.goldens()).hasSize(1);
        assertThat(made.model().length).isLessThan(450_000); // of 1.3 MB
        JsonNode record = new ObjectMapper()
                .readTree(output.resolve("manifest.json").toFile())
                .path("training")
                .path("quantization");
        assertThat(record.path("from").path("name").asText()).isEqualTo("earth");
        assertThat(record.path("method").asText()).isEqualTo("percentile");
        assertThat(record.path("photos").asInt()).isEqualTo(36);

        byte[] optimised = GraphRunner.optimised(made.model(), folder.resolve("optimised.onnx"));
        assertThat(ModelProto.parseFrom(optimised).getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .contains("QLinearConv")
                .doesNotContain("Conv", "FusedConv", "Gemm", "MatMul");

        assertThat(sameCells("builtin:earth", output.toString())).isGreaterThanOrEqualTo(33);
    }

    @Test
    void onRequestFirstLayersStayInFloatsAndWeightsHaveSevenBits() throws Exception {
        Path output = folder.resolve("earth-mixed");
        String[] options = {
            "--model",
            "builtin:earth",
            "--calibration-input",
            PHOTOS,
            "--output",
            output.toString(),
            "--float-layers",
            "3",
            "--weight-bits",
            "7",
            "--method",
            "minmax",
            "--photos",
            "20"
        };
        assertThat(quantize(options)).isZero();

        ModelPackage made = ModelPackage.open(output.toString(), new Configuration());
        ModelProto optimised =
                ModelProto.parseFrom(GraphRunner.optimised(made.model(), folder.resolve("optimised.onnx")));
        assertThat(optimised.getGraph().getNodeList().stream()
                        .map(NodeProto::getOpType)
                        .filter(type -> type.equals("Conv") || type.equals("FusedConv")))
                .hasSize(3);
        List<TensorProto> integers = ModelProto.parseFrom(made.model()).getGraph().getInitializerList().stream()
                .filter(weights ->
                        weights.getDataType() == TensorProto.DataType.INT8.getNumber() && weights.getDimsCount() > 1)
                .toList();
        assertThat(integers).hasSize(25); // 27 convolutions and the logits layer, minus three
        int largest = 0;
        for (TensorProto weights : integers) {
            for (byte weight : weights.getRawData()) {
                largest = Math.max(largest, Math.abs(weight));
            }
        }
        assertThat(largest).isEqualTo(63);
        JsonNode record = new ObjectMapper()
                .readTree(output.resolve("manifest.json").toFile())
                .path("training")
                .path("quantization");
        assertThat(record.path("float_layers").asInt()).isEqualTo(3);
        assertThat(record.path("weights").asText()).contains("7 bits");
        assertThat(sameCells("builtin:earth", output.toString())).isGreaterThanOrEqualTo(33);
    }

    @Test
    void theBuiltInEightBitModelLocatesLikeTheFloatModel() {
        assertThat(sameCells("builtin:earth", "builtin:earth-int8")).isGreaterThanOrEqualTo(34);
    }

    @Test
    void halfPrecisionHalvesTheSizeAndPredictsWithinAThousandth() {
        Path output = folder.resolve("earth-half");
        assertThat(quantize("--model", "builtin:earth", "--half", "--output", output.toString()))
                .isZero();

        ModelPackage original = ModelPackage.open("builtin:earth", new Configuration());
        ModelPackage made = ModelPackage.open(output.toString(), new Configuration());
        assertThat(made.model().length).isLessThan((int) (0.55 * original.model().length));
        float[] before = ramp(original);
        float[] after = ramp(made);
        double largest = 0;
        for (float value : before) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < before.length; i++) {
            assertThat((double) after[i]).isCloseTo(before[i], within(1e-3 * Math.max(1, largest)));
        }
    }

    @Test
    void missingAndInsufficientInputsAreReported() throws Exception {
        String output = folder.resolve("made").toString();
        assertThat(messageOf("--model", "builtin:earth", "--output", output, "--photos", "3", "--weight-bits", "4"))
                .contains("--calibration-input is missing; give photos like those the network will see")
                .contains("--photos must be at least 20, got 3")
                .contains("--weight-bits must be 7 or 8, got 4");
        assertThat(messageOf("--model", "builtin:earth", "--output", output, "--half", "--calibration-input", PHOTOS))
                .contains("--half needs no photos");
        assertThat(messageOf(
                        "--model",
                        "builtin:earth",
                        "--output",
                        output,
                        "--calibration-input",
                        PHOTOS + "/earth-01.jpg"))
                .contains("--calibration-input has 1 photos that can be decoded, and 20 are needed");
        Path pixels = TinyModels.writeDirectory(folder.resolve("pixels"), TinyModels.takingPixels("a", "b", "c"));
        assertThat(messageOf(
                        "--model",
                        pixels.toString(),
                        "--licence",
                        "MIT",
                        "--output",
                        output,
                        "--calibration-input",
                        PHOTOS))
                .contains("takes 8-bit pixels already, as quantised ones do; give the package with floats");
        assertThat(messageOf("--model", pixels.toString(), "--output", output, "--half"))
                .contains("states no licence; say under which terms the weights may be used with --licence");
    }

    private long sameCells(String one, String other) {
        List<String> mine = cells(one, "one");
        List<String> theirs = cells(other, "other");
        assertThat(mine).hasSize(36);
        long same = 0;
        for (int i = 0; i < mine.size(); i++) {
            same += mine.get(i).equals(theirs.get(i)) ? 1 : 0;
        }
        return same;
    }

    /** Returns the cells of all photos; those of the float model are located once. */
    private List<String> cells(String model, String name) {
        if (model.equals("builtin:earth") && !floatCells.isEmpty()) {
            return floatCells;
        }
        String rows = folder.resolve(name).toString();
        assertThat(Main.run("locate", "--model", model, "--input", PHOTOS, "--output", rows))
                .isZero();
        List<String> cells = SPARK.read().parquet(rows).orderBy("id").collectAsList().stream()
                .map(row -> row.<String>getAs("cell"))
                .toList();
        if (model.equals("builtin:earth")) {
            floatCells = cells;
        }
        return cells;
    }

    private static float[] ramp(ModelPackage model) {
        try (Session session = Session.open(model, 1);
                Inference inference = session.newInference(List.of("logits"), 1, 1)) {
            inference.input().put(0, Golden.byteRamp(inference.elements()));
            return ((Inferred.Outputs) inference.run(1).get(0)).values()[0];
        }
    }

    private static String messageOf(String... options) {
        JobRun run = run(options);
        assertThat(run.exit()).isEqualTo(1);
        return run.err();
    }

    private static int quantize(String... options) {
        return run(options).exit();
    }

    private static JobRun run(String... options) {
        List<String> line = new ArrayList<>(List.of("quantize"));
        line.addAll(Arrays.asList(options));
        return JobRun.of(line.toArray());
    }
}
