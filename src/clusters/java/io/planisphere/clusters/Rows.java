package io.planisphere.clusters;

import io.planisphere.spark.LocalSpark;
import java.util.List;
import org.apache.spark.sql.Encoders;

/** What an output holds. */
final class Rows {
    private Rows() {}

    /** Every row with all its columns, in one order, whichever batch it stands in. */
    static List<String> of(String output) {
        return LocalSpark.session()
                .read()
                .parquet(output)
                .drop("batch")
                .selectExpr("to_json(struct(*))")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
