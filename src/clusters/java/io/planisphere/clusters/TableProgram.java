package io.planisphere.clusters;

import static org.apache.spark.sql.functions.col;

import io.planisphere.JobRun;
import io.planisphere.source.InputException;
import io.planisphere.spark.commit.table.CommitId;
import io.planisphere.spark.commit.table.FencedException;
import io.planisphere.spark.commit.table.RowTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a {@link ProgramProcess}: executes commands on one table, read from its standard input, one per line, and
 * responds to each with one line that begins with {@code = }.
 */
final class TableProgram {
    /** Number of rows of a batch. */
    static final int ROWS = 10;

    private static final StructType CELL =
            new StructType().add("token", DataTypes.StringType).add("probability", DataTypes.FloatType);
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("latitude", DataTypes.DoubleType)
            .add("cells", DataTypes.createArrayType(CELL))
            .add("writer", DataTypes.StringType);

    private final SparkSession spark;
    private final String name;
    private @Nullable RowTable table;

    private TableProgram(SparkSession spark, String name) {
        this.spark = spark;
        this.name = name;
    }

    /** Runs the program. The argument is the table's name; Spark's settings are system properties. */
    public static void main(String[] arguments) throws IOException {
        SparkSession spark = SparkSession.builder().getOrCreate();
        TableProgram program = new TableProgram(spark, arguments[0]);
        System.out.println("= ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println("= " + program.respond(line));
        }
        spark.stop();
    }

    private String respond(String line) {
        String[] words = line.split(" ", 2);
        String[] given = words.length == 1 ? new String[0] : words[1].split(" ", -1);
        try {
            return switch (words[0]) {
                case "open" -> {
                    RowTable opened = RowTable.open(spark, given.length > 1 ? given[1] : name, SCHEMA, given[0]);
                    table = opened;
                    yield opened.provider();
                }
                case "fence" -> {
                    table().fence(Long.parseLong(given[0]));
                    yield "done";
                }
                case "replace" -> replace(given);
                case "committed" -> "" + table().committed(id(given[0], given[1]));
                case "rows" ->
                    table().rows().groupBy("batch", "writer").count().orderBy("batch").collectAsList().stream()
                            .map(row -> row.get(0) + ":" + row.get(1) + ":" + row.get(2))
                            .collect(Collectors.joining(" "));
                case "sql" ->
                    spark.sql(words[1]).collectAsList().stream()
                            .map(row -> row.mkString(",").replace('\n', ' '))
                            .collect(Collectors.joining(" "));
                case "job" -> job(given);
                default -> throw new IllegalArgumentException(line);
            };
        } catch (InputException e) {
            return "refused: " + e.getMessage();
        } catch (FencedException e) {
            return "fenced: " + e.getMessage();
        }
    }

    /** Runs a job and returns its exit code followed by all of its output, in one line. */
    private static String job(String[] commandLine) {
        JobRun run = JobRun.of((Object[]) commandLine);
        return run.exit() + " " + run.output().strip().replaceAll("\\R", " / ");
    }

    /**
     * Replaces batches. Arguments: epoch, version, batches separated by commas, writer; then optionally a file that the rows
     * wait for after they have created another file beside it.
     */
    private String replace(String[] given) {
        SortedSet<Long> batches =
                Arrays.stream(given[2].split(",")).map(Long::valueOf).collect(Collectors.toCollection(TreeSet::new));
        Optional<String> gate = given.length > 4 ? Optional.of(given[4]) : Optional.empty();
        String writer = given[3];
        Dataset<Row> rows = spark.createDataset(batches.stream().toList(), Encoders.LONG())
                .selectExpr("value as batch", "explode(sequence(1, " + (writer.equals("nobody") ? 0 : ROWS) + ")) as n")
                .where(writer.equals("nobody") ? "false" : "true")
                .selectExpr(
                        "concat(batch, '-', n) as id",
                        "cast(n as int) as width",
                        "cast(n as double) as latitude",
                        "array(named_struct('token', 'abc', 'probability', cast(0.5 as float))) as cells",
                        "'" + writer + "' as writer",
                        "batch");
        if (gate.isPresent()) {
            String file = gate.get();
            rows = rows.map(
                    (MapFunction<Row, Row>) row -> {
                        await(Path.of(file));
                        return row;
                    },
                    Encoders.row(rows.schema()));
        }
        table().replace(batches, rows.withColumn("unknown", col("id")), id(given[0], given[1]));
        return "done";
    }

    private static void await(Path gate) throws IOException, InterruptedException {
        if (Files.exists(gate)) {
            return;
        }
        Files.writeString(Path.of(gate + ".reached"), "");
        while (!Files.exists(gate)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static CommitId id(String epoch, String version) {
        return new CommitId(Long.parseLong(epoch), Long.parseLong(version));
    }

    private RowTable table() {
        if (table == null) {
            throw new IllegalStateException("open comes first");
        }
        return table;
    }
}
