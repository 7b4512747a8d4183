package io.planisphere.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.PhotoKey;
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
        JsonNode problem = problem();
        JsonNode golden = problem.path(classWeights.name().toLowerCase(Locale.ROOT));
        HeadFit fit = new HeadFit(classWeights, golden.path("regularization").asDouble(), 500);

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
        assertThatThrownBy(() -> new HeadFit(ClassWeights.NONE, -1, 10))
                .hasMessage("Regularisation must be at least 0, got -1.0");
        assertThatThrownBy(() -> new HeadFit(ClassWeights.NONE, 0, 0))
                .hasMessage("There must be at least 1 iteration, got 0");
        assertThatThrownBy(() -> new Split(1, 1)).hasMessage("The share held out must be from 0 to below 1, got 1.0");
    }

    private static JsonNode problem() throws IOException {
        try (InputStream in = HeadFitTest.class.getResourceAsStream("/train/logistic.json")) {
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
