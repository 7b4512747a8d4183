package io.planisphere.spark.lineage;

import io.planisphere.model.ModelPackage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What is known about a run so far; names are those of the command line. */
final class Facts {
    /** An output, with its columns if it has any. */
    record Written(String given, @Nullable StructType schema) {}

    /**
     * The rows of the first output.
     *
     * @param written rows that this run wrote
     * @param total rows in the output
     * @param status rows in the output by status code
     */
    record Rows(long written, long total, Map<String, Long> status) {}

    private final List<String> inputs = new ArrayList<>();
    private final List<Written> outputs = new ArrayList<>();
    private final Map<String, ModelPackage> models = new LinkedHashMap<>();
    private @Nullable Rows rows;
    private @Nullable ModelPackage product;

    void add(String input) {
        inputs.add(input);
    }

    void add(Written output) {
        outputs.add(output);
    }

    void add(ModelPackage model) {
        models.put(model.digest(), model);
    }

    void count(Rows counted) {
        rows = counted;
    }

    void made(ModelPackage model) {
        product = model;
    }

    List<String> inputs() {
        return List.copyOf(inputs);
    }

    List<Written> outputs() {
        return List.copyOf(outputs);
    }

    List<ModelPackage> models() {
        return List.copyOf(models.values());
    }

    @Nullable
    Rows rows() {
        return rows;
    }

    @Nullable
    ModelPackage product() {
        return product;
    }
}
