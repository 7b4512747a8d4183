package io.planisphere.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.geometry.S2CellId;
import io.planisphere.geo.Cell;
import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.evaluate.PlaceTruth;
import io.planisphere.spark.train.HeadFit.ClassWeights;
import io.planisphere.train.SoftmaxHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeadFitTest {
    /**
     * Tolerance for weights and biases of order 1: the error left where L-BFGS stops, at a relative step of 1e-6 in the loss.
     */
    private static final double TOLERANCE = 5e-3;

    @ParameterizedTest
    @EnumSource
    void agreesWithScikitLearn(ClassWeights classWeights) throws IOException {
        JsonNode problem = problem("/train/logistic.json");
        JsonNode golden = problem.path(classWeights.name().toLowerCase(Locale.ROOT));
        HeadFit fit = new HeadFit(classWeights, golden.path("regularization").asDouble(), 500, OptionalDouble.empty());

        SoftmaxHead head = new HeadTraining(
                        new Split(0, 1),
                        1,
                        fit,
                        Optional.empty(),
                        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .train(run(problem), labels(problem), "class")
                .fitted()
                .get(0)
                .head();

        assertThatWeightsAre(golden, head);
    }

    @Test
    void labelsThatKnowDistanceAgreeWithScikitLearn() throws IOException {
        JsonNode problem = problem("/train/smooth.json");
        List<Cell> cells = new ArrayList<>();
        for (JsonNode mean : problem.path("means")) {
            S2CellId id =
                    S2CellId.fromToken(problem.path("cells").path(cells.size()).asText());
            cells.add(new Cell(
                    cells.size(),
                    id,
                    1,
                    new LatLng(mean.path(0).asDouble(), mean.path(1).asDouble())));
        }
        HeadFit fit = new HeadFit(
                ClassWeights.NONE,
                problem.path("regularization").asDouble(),
                500,
                OptionalDouble.of(problem.path("kilometers").asDouble()));

        FittedHead fitted = new HeadTraining(
                        new Split(0, 1),
                        1,
                        fit,
                        Optional.empty(),
                        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .train(
                        run(problem),
                        places(problem),
                        new CellLists(List.of("cells"), new Hierarchy(List.of(new Partition(cells)))),
                        Optional.empty())
                .fitted()
                .get(0);

        assertThatWeightsAre(problem, fitted.head());
    }

    private static void assertThatWeightsAre(JsonNode golden, SoftmaxHead head) {
        float[] bias = head.logits(new float[head.width()]);
        for (int feature = 0; feature < head.width(); feature++) {
            float[] one = new float[head.width()];
            one[feature] = 1;
            float[] logits = head.logits(one);
            for (int label = 0; label < head.classes(); label++) {
                assertThat((double) logits[label] - bias[label])
                        .as("weight of feature %d for class %d", feature, label)
                        .isCloseTo(
                                golden.path("weights").path(label).path(feature).asDouble(), within(TOLERANCE));
                assertThat((double) bias[label])
                        .as("bias of class %d", label)
                        .isCloseTo(golden.path("bias").path(label).asDouble(), within(TOLERANCE));
            }
        }
    }

    @Test
    void invalidParametersAreRejected() {
        assertThatThrownBy(() -> new HeadFit(ClassWeights.NONE, -1, 10, OptionalDouble.empty()))
                .hasMessage("Regularisation must be at least 0, got -1.0");
        assertThatThrownBy(() -> new HeadFit(ClassWeights.NONE, 0, 0, OptionalDouble.empty()))
                .hasMessage("There must be at least 1 iteration, got 0");
        assertThatThrownBy(() -> new HeadFit(ClassWeights.NONE, 0, 1, OptionalDouble.of(0)))
                .hasMessage("Smoothing must be above 0 km, and at most 10000, got 0.0");
        assertThatThrownBy(() -> new Split(1, 1)).hasMessage("The share held out must be from 0 to below 1, got 1.0");
    }

    private static JsonNode problem(String resource) throws IOException {
        try (InputStream in = HeadFitTest.class.getResourceAsStream(resource)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static EmbeddingRun run(JsonNode problem) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode features : problem.path("features")) {
            List<Float> embedding = new ArrayList<>();
            features.forEach(value -> embedding.add((float) value.asDouble()));
            String id = "p" + rows.size();
            rows.add(RowFactory.create(id, id, embedding.toArray(Float[]::new)));
        }
        StructType columns = new StructType()
                .add("id", DataTypes.StringType)
                .add("uri", DataTypes.StringType)
                .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
        return new EmbeddingRun(
                LocalSpark.session().createDataFrame(rows, columns), "", "", JsonNodeFactory.instance.objectNode());
    }

    private static PlaceTruth places(JsonNode problem) {
        List<Row> rows = new ArrayList<>();
        problem.path("places")
                .forEach(place -> rows.add(RowFactory.create(
                        "p" + rows.size(),
                        place.path(0).asDouble(),
                        place.path(1).asDouble(),
                        null)));
        StructType columns = new StructType()
                .add("key", DataTypes.StringType)
                .add("latitude", DataTypes.DoubleType)
                .add("longitude", DataTypes.DoubleType)
                .add("user", DataTypes.StringType);
        return new PlaceTruth(LocalSpark.session().createDataFrame(rows, columns), PhotoKey.ID);
    }

    private static LabelTruth labels(JsonNode problem) {
        List<Row> rows = new ArrayList<>();
        problem.path("label").forEach(label -> rows.add(RowFactory.create("p" + rows.size(), label.asText(), null)));
        StructType columns = new StructType()
                .add("key", DataTypes.StringType)
                .add("label", DataTypes.StringType)
                .add("user", DataTypes.StringType);
        return new LabelTruth(LocalSpark.session().createDataFrame(rows, columns), PhotoKey.ID);
    }
}
