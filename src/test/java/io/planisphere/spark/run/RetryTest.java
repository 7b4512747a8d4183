package io.planisphere.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.planisphere.image.Status;
import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInputs;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.task.ShardRows.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests which rows and shards a retry selects. */
class RetryTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("status", DataTypes.StringType);

    private final Path folder;
    private final CommitLog log;
    private final Plan plan;
    private final List<Row> rows = new ArrayList<>();

    RetryTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        RunDirectory directory = new RunDirectory(folder.resolve("output").toString(), new Configuration());
        log = CommitLog.open(directory.log(), directory.fileSystem(), "Output");
        plan = Plan.of(SPARK, directory.run(), log.state());
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void fiveThousandMissingShardsAreRetried() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            shard(i + ".tar");
        }
        row(shard("there.tar") + "#photo.jpg", "ok");
        String uri = "concat('file:" + folder + "/shards/', id, '.tar')";
        SPARK.range(5_000)
                .selectExpr("cast(id AS string) AS id", uri + " AS uri", "'missing' AS status")
                .write()
                .parquet(folder.resolve("rows/batch=0").toString());

        Retry.Shards retried = retry(Status.MISSING);

        assertThat(retried.toRead())
                .hasSize(5_000)
                .allMatch(shard -> shard.only().isEmpty());
        assertThat(retried.superseded().count()).isEqualTo(5_000);
        assertThat(retried.superseded().where("uri LIKE '%there.tar%'").count()).isZero();
    }

    @Test
    void aRetryOfATruncatedShardReplacesOnlyItsOwnRows() throws IOException {
        String cut = shard("a.tar");
        row(cut, "truncated");
        row(cut + "#1.jpg", "ok");
        row(cut + "#2#3.jpg", "ok");
        // its name begins with that of the other shard
        String nested = shard("a.tar#b.tar");
        row(nested + "#1.jpg", "ok");
        row(nested + "#2.jpg", "truncated");
        row(shard("c.tar") + "#1.jpg", "ok");

        Retry.Shards retried = retry(Status.TRUNCATED);

        assertThat(retried.superseded().select("uri").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder(cut, cut + "#1.jpg", cut + "#2#3.jpg", nested + "#2.jpg");
        assertThat(retried.toRead())
                .extracting(Shard::uri, Shard::batch, shard -> shard.only().size())
                .containsExactlyInAnyOrder(tuple(cut, 1L, 0), tuple(nested, 1L, 1));
    }

    /** Writes a shard and returns its URI. */
    private String shard(String name) throws IOException {
        return "file:"
                + Files.createFile(
                        Files.createDirectories(folder.resolve("shards")).resolve(name));
    }

    private void row(String uri, String status) {
        rows.add(RowFactory.create(uri, uri, status));
    }

    private Retry.Shards retry(Status status) throws IOException {
        plan.extend(
                new PhotoInputs(
                                new Configuration(),
                                InputFormat.ofCode("webdataset"),
                                Optional.empty(),
                                Optional.empty())
                        .of(List.of(folder + "/shards/*.tar")),
                Plan.Metadata.LEFT,
                log,
                message -> {});
        SPARK.createDataset(rows, Encoders.row(SCHEMA))
                .coalesce(1)
                .write()
                .parquet(folder.resolve("rows/batch=1").toString());
        return Retry.shards(
                SPARK.read()
                        .parquet(folder.resolve("rows").toString())
                        .withColumn("batch", functions.col("batch").cast("bigint")),
                plan,
                Set.of(status));
    }
}
