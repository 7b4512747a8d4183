package io.planisphere.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.source.OptOut;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.plan.InputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which rows an opt-out list empties, and what is left of them, on rows alone. */
class OptedOutTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("status", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("cells", DataTypes.createArrayType(DataTypes.StringType))
            .add("batch", DataTypes.LongType);
    private static final StructType URI = new StructType().add("uri", DataTypes.StringType);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aReferenceIsListedByItsWholeIdOrItsUser() throws IOException {
        Dataset<Row> rows = rows(row("7", "ok", 0), row("7.jpg", "ok", 0), row("8", "missing", 1), row("9", "ok", 2));

        assertThat(listed(rows, InputKind.REFERENCES, List.of("u/9", "u/none"), "7", "8"))
                .containsExactly("u/7 0", "u/8 1", "u/9 2");
    }

    @Test
    void aPhotoOfAShardIsAlsoListedByTheKeyOfItsSample() throws IOException {
        Dataset<Row> rows =
                rows(row("7", "ok", 0), row("7.left.png", "ok", 0), row("a.b/7.png", "ok", 0), row("77.png", "ok", 1));

        assertThat(listed(rows, InputKind.SHARDS, List.of(), "7")).containsExactly("u/7 0", "u/7.left.png 0");
        assertThat(listed(rows, InputKind.SHARDS, List.of(), "a.b/7")).containsExactly("u/a.b/7.png 0");
    }

    @Test
    void aRowIsListedOnceAndAnEmptiedOneNotAgain() throws IOException {
        Dataset<Row> rows = rows(row("7", "ok", 0), row("8", "opted_out", 1));

        assertThat(listed(rows, InputKind.REFERENCES, List.of("u/7", "u/8"), "7", "8"))
                .containsExactly("u/7 0");
    }

    @Test
    void anEmptiedRowKeepsWhereItIsAndNothingThatThePhotoShowed() {
        Dataset<Row> rows = rows(row("7", "ok", 0), row("8", "ok", 1));

        Dataset<Row> emptied = OptedOut.emptied(rows, uris(List.of("u/8")));

        assertThat(emptied.schema().simpleString()).isEqualTo(SCHEMA.simpleString());
        assertThat(emptied.orderBy("id").toJSON().collectAsList())
                .containsExactly(
                        "{'id':'7','uri':'u/7','status':'ok','detail':'as read','width':12,'cells':['89c25'],'batch':0}"
                                .replace('\'', '"'),
                        "{'id':'8','uri':'u/8','status':'opted_out','detail':'DETAIL','batch':1}"
                                .replace("DETAIL", OptOut.DETAIL)
                                .replace('\'', '"'));
    }

    private List<String> listed(Dataset<Row> rows, InputKind kind, List<String> ofUsers, String... list)
            throws IOException {
        Path file = Files.writeString(folder.resolve("list"), String.join("\n", list) + "\n");
        Broadcast<OptOut> names = JavaSparkContext.fromSparkContext(SPARK.sparkContext())
                .broadcast(OptOut.read(file.toString(), new Configuration()));
        return OptedOut.listed(rows, uris(ofUsers), names, kind).collectAsList().stream()
                .map(row -> row.getString(0) + " " + row.getLong(1))
                .sorted()
                .toList();
    }

    private static Dataset<Row> uris(List<String> uris) {
        return SPARK.createDataset(uris, Encoders.STRING()).toDF("uri").to(URI);
    }

    private static Dataset<Row> rows(Row... rows) {
        return SPARK.createDataFrame(Arrays.asList(rows), SCHEMA);
    }

    private static Row row(String id, String status, long batch) {
        return RowFactory.create(id, "u/" + id, status, "as read", 12, new String[] {"89c25"}, batch);
    }
}
